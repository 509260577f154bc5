"""/open-data/: the months that can be taken away."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from peelian.api import queries
from peelian.core.for_everybody import for_everybody

FORMATS = [("OpenAPI", "api:v1:openapi-json"), ("GeoJSON", "api:v1:map_of_areas"), ("Atom", "alerts:feed")]
A_DAY = 86_400  # seconds: what was published stays as it is


@for_everybody
def listed(request: HttpRequest) -> HttpResponse:
    bundles = [(one, f"ZIP, {filesizeformat(one.file.size)}") for one in queries.bundles()]
    formats = [(name, reverse(url)) for name, url in FORMATS]
    return render(request, "api/open_data.html", {"bundles": bundles, "formats": formats})


@require_safe
@cache_control(public=True, max_age=A_DAY)
@conditional_page
def bundle(request: HttpRequest, month: str) -> HttpResponse:
    found = queries.bundle(month)
    if found is None:
        raise Http404
    answer = HttpResponse(bytes(found.file.content), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="open-data-{found.name}.zip"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
