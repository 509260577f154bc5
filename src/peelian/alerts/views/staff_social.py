"""Copy for social media: words and a picture to take away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import queries
from peelian.alerts import social as making
from peelian.alerts.errors import NotNow
from peelian.alerts.models import Alert


class NotForEverybody(NotNow):
    """Only an alert that stands on the public website can be shared there. This one does not."""


def _public(request: StaffRequest, ref: str) -> Alert:
    alert = queries.alert_for(request.user, ref)
    if alert.state not in queries.PUBLIC or alert.restricted or alert.practice or alert.state == Alert.State.RECALLED:
        raise NotForEverybody
    return alert


@require_safe
@needs("alerts.read")
def social(request: StaffRequest, ref: str) -> HttpResponse:
    alert = _public(request, ref)
    context = {
        "alert": alert,
        "short": making.post(alert, making.SHORT),
        "long": making.post(alert, making.LONG),
        "alt": making.card_alt(alert),
    }
    return render(request, "alerts/staff/social.html", context)


@require_safe
@needs("alerts.read")
def card(request: StaffRequest, ref: str) -> HttpResponse:
    alert = _public(request, ref)
    answer = HttpResponse(making.card(alert), content_type="image/png")
    if "save" in request.GET:
        answer["Content-Disposition"] = content_disposition_header(True, f"alert-{alert.ref}.png") or "attachment"
    answer["Cache-Control"] = "private, max-age=60"
    return answer
