"""Errors as programs read them: RFC 9457, application/problem+json, with a sentence in `detail`."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

from peelian.core.errors import Gone, NotFound, PeelianError, RuleBroken
from peelian.core.limits import TooMany

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "That cannot be read",
    401: "No token, or not one that works",
    403: "Not with this token",
    404: "Not found",
    405: "Not done this way",
    409: "That cannot be done now",
    410: "Taken away",
    413: "Too large",
    422: "Something in it is not right",
    429: "Too many requests",
    500: "A mistake of ours",
    503: "Not now",
}
WAIT = 60  # seconds: the window of the limits


def problem(status: int, detail: str, *, errors: Sequence[dict[str, str]] = (), **headers: str) -> HttpResponse:
    """The answer. ERRORS name what is wrong, each with a `pointer` into the body or the name of a parameter."""
    said: dict[str, Any] = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
    if errors:
        said["errors"] = list(errors)
    answer = HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    answer["Cache-Control"] = "no-store"
    return answer


def of(error: PeelianError) -> HttpResponse:
    """What one of our errors becomes."""
    if isinstance(error, TooMany):
        return problem(429, str(error), Retry_After=str(WAIT))
    if isinstance(error, NotFound):
        return problem(404, str(error))
    if isinstance(error, Gone):
        return problem(410, str(error))
    status = error.status if isinstance(error, RuleBroken) else 409
    if status == 401:
        return problem(401, str(error), WWW_Authenticate="Bearer")
    return problem(status, str(error))
