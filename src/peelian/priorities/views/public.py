"""What residents read: promises, and what became of them. The lists and pages read no session and set no cookie."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from peelian.core import files
from peelian.core.errors import NotFound
from peelian.core.for_everybody import for_everybody
from peelian.core.languages import in_address
from peelian.core.painting import only_while, painted
from peelian.delivery.errors import BadToken
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.priorities import actions, queries
from peelian.priorities.actions.promises import told_by

View = Callable[..., HttpResponse]
ROWS = 20


@for_everybody
def promise_list(request: HttpRequest) -> HttpResponse:
    """Promises of the force or, with `area`, of one area and all below it: those still open first, the longest overdue
    at the top, then what we did."""
    code = request.GET.get("area", "")[:40]
    area = _area(code) if code else None
    rows = Paginator(queries.public_promises_first_overdue(area), ROWS).get_page(request.GET.get("page"))
    kept = ({"area": area.code} if area else {}) | ({"lang": lang} if (lang := in_address().code) else {})
    context = {
        "section": "promises",
        "area": area,
        "promises": rows,
        "counts": queries.counts(area),
        "previous_url": f"?{urlencode(kept | {'page': rows.number - 1})}" if rows.has_previous() else "",
        "next_url": f"?{urlencode(kept | {'page': rows.number + 1})}" if rows.has_next() else "",
    }
    return render(request, "priorities/public/list.html", context)


def _area(code: str) -> Area:
    found = places.area(code)
    if found.kind not in Area.ADMINISTRATIVE:
        raise NotFound
    return found


@require_safe
@painted
def promise(request: HttpRequest, ref: str) -> HttpResponse:
    found = queries.public_promise(ref)
    address = settings.PEELIAN_BASE_URL + found.get_absolute_url()
    context = {"section": "promises", "promise": found, "address": address}
    response = render(request, "priorities/public/promise.html", context)
    only_while(response, partial(queries.is_still, found), copies=True)
    return response


@for_everybody
def picture(request: HttpRequest, key: str) -> HttpResponse:
    found = queries.picture(key).picture
    assert found is not None  # of what is found by a key
    answer = HttpResponse(bytes(found.content), content_type=found.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_safe
def paper(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A PDF that staff let residents have: as something to save. NAME is for people."""
    found = queries.public_paper(key)
    assert found.file is not None  # of what is there
    answer = files.download(found.file, found.file_name)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def reached_from_message(view: View) -> View:
    """As alerts.views.from_message: the token is the secret, nothing is kept or passed on, a GET changes nothing."""

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @cache_control(private=True, no_store=True)
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except (BadToken, NotFound):
            heading, sentence = _("That link does not work"), _("What this link was for is no longer here.")
            context = {"heading": heading, "sentence": sentence, "onward_url": "/", "onward_text": _("Go to the start")}
            response = render(request, "layouts/message.html", context, status=404)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return guarded


@reached_from_message
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """From a message about a promise: the way to its page, and the button that ends such messages."""
    if request.method == "POST":
        found = actions.stop_telling(token=token)
        return render(request, "priorities/public/stopped.html", {"promise": found})
    return render(request, "priorities/public/stop.html", {"promise": told_by(token)[0]})
