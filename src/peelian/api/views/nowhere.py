from django.http import HttpRequest, HttpResponse

from peelian.api.door import door
from peelian.api.problems import problem


@door
def nowhere(_: HttpRequest) -> HttpResponse:
    return problem(404, "There is no such address. /api/v1/openapi.json lists those there are.")
