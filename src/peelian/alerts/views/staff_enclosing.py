"""Pictures and papers of a draft: a page of its own, so that the composer stays calm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import actions, queries
from peelian.alerts.enclosed import enclosed
from peelian.alerts.errors import NotADraft
from peelian.alerts.forms.staff_enclosing import PaperForm, PictureForm, content_of
from peelian.alerts.models import Alert, Enclosure
from peelian.core.errors import RuleBroken

BOTH = ["GET", "HEAD", "POST"]
ADDED = "Added. It goes with the alert."
HELD = (
    "We have kept it. The virus scanner does not answer, so it does not go with the alert yet: it is checked as soon"
    " as the scanner is back. You can go on writing."
)


@require_http_methods(BOTH)
@needs("alerts.write")
def enclosures(request: StaffRequest, ref: str) -> HttpResponse:
    """What goes with the draft, and two forms to add to it. A post says by `what` which form it is."""
    alert = _draft(request, ref)
    picture, paper = PictureForm(), PaperForm()
    if request.method == "POST" and request.POST.get("what") == "picture":
        picture = PictureForm(request.POST, request.FILES)
        if picture.is_valid() and _add(request, alert, picture, "alt"):
            return redirect("alerts_staff:enclosures", ref)
    elif request.method == "POST":
        paper = PaperForm(request.POST, request.FILES)
        if paper.is_valid() and _add(request, alert, paper, "title", "days"):
            return redirect("alerts_staff:enclosures", ref)
    held = queries.held_enclosures(alert)
    context = {"alert": alert, "picture": picture, "paper": paper, "rows": enclosed(alert), "held": held}
    return render(request, "alerts/staff/enclosures.html", context)


def _add(request: StaffRequest, alert: Alert, form: Any, *names: str) -> bool:
    """Whether it was added; where not, the form says why."""
    said = {name: form.cleaned_data[name] for name in names}
    add = actions.add_picture if isinstance(form, PictureForm) else actions.add_paper
    try:
        made = add(alert=alert, content=content_of(form), by=request.user, **said)
    except RuleBroken as refused:
        form.add_error("file", str(refused))
        return False
    messages.success(request, ADDED if made.state == Enclosure.State.SHOWN else HELD)
    return True


@require_http_methods(BOTH)
@needs("alerts.write")
def enclosure_remove(request: StaffRequest, ref: str, key: str) -> HttpResponse:
    alert = _draft(request, ref)
    found = queries.enclosure_of(alert, key)
    if request.method == "POST":
        actions.remove_enclosure(enclosure=found, by=request.user)
        messages.success(request, "Removed.")
        return redirect("alerts_staff:enclosures", ref)
    sentence = f"Remove “{found.title or found.alt}”?"
    return render(request, "alerts/staff/enclosure_remove.html", {"alert": alert, "sentence": sentence})


def _draft(request: StaffRequest, ref: str) -> Alert:
    alert = queries.alert_for(request.user, ref)
    if alert.state != Alert.State.DRAFT:
        raise NotADraft
    return alert
