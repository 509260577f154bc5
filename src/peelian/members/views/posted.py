from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is filled with: what was posted, also when that is nothing; None on a first visit."""
    return request.POST if request.method == "POST" else None
