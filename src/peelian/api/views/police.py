"""/api/police/: the addresses of data.police.uk."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from peelian.api import police
from peelian.api.door import read_only


def _answers(read: Callable[..., Any], *, names_people: bool = False) -> Callable[..., HttpResponse]:
    """A view that answers with what READ says of the parts of the address."""

    @read_only
    def view(_: HttpRequest, **parts: str) -> HttpResponse:
        answer = JsonResponse(read(*parts.values()), safe=False)
        if names_people and settings.PEELIAN_SHOW_OFFICER_NAMES:
            answer["Cache-Control"] = "public, no-cache"  # a name that is taken back is gone at once
        return answer

    return view


forces = _answers(police.forces)
force = _answers(police.force)
senior_officers = _answers(police.senior_officers)
neighbourhoods = _answers(police.neighbourhoods)
neighbourhood = _answers(police.neighbourhood)
people = _answers(police.people, names_people=True)
events = _answers(police.events_of)
priorities = _answers(police.priorities_of)
boundary = _answers(police.boundary)


@read_only
def locate(request: HttpRequest) -> HttpResponse:
    return JsonResponse(police.locate(request.GET.get("q", "")))
