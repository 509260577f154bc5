"""A picture or paper that goes with an alert. Whoever holds the link may open it; nothing is counted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from peelian.alerts import enclosed
from peelian.alerts.models import Enclosure
from peelian.core import files

FRESH = 30  # seconds: what is withdrawn is gone within the minute


@require_safe
def enclosure(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """NAME is for people: the key alone says what it is."""
    found = enclosed.opened(key)
    assert found.file is not None  # of what is shown
    if found.kind == Enclosure.Kind.PAPER:
        answer = files.download(found.file, f"{enclosed.name_of(found)}.pdf")
    else:
        answer = HttpResponse(bytes(found.file.content), content_type=found.file.media_type)
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer["Cache-Control"] = f"public, max-age={FRESH}"
    answer["X-Robots-Tag"] = "noindex"
    return answer
