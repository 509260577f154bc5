"""Templates and snippets: chosen by everybody who writes, kept by communications."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import actions, queries
from peelian.alerts.forms.staff_saved import FORMS
from peelian.alerts.models import SavedText
from peelian.core.errors import NotFound

BOTH = ["GET", "HEAD", "POST"]


@require_safe
@needs("alerts.write")
def templates(request: StaffRequest) -> HttpResponse:
    """Begin with a template."""
    context = {"entries": queries.templates(), "may_keep": request.user.may("alerts.keep")}
    return render(request, "alerts/staff/templates.html", context)


@require_safe
@needs("alerts.keep")
def saved(request: StaffRequest) -> HttpResponse:
    context = {"templates": queries.templates(), "snippets": queries.snippets()}
    return render(request, "alerts/staff/saved_texts.html", context)


@require_http_methods(BOTH)
@needs("alerts.keep")
def saved_new(request: StaffRequest, kind: str) -> HttpResponse:
    if kind not in FORMS:
        raise NotFound
    return _form(request, kind, None)


@require_http_methods(BOTH)
@needs("alerts.keep")
def saved_change(request: StaffRequest, pk: int) -> HttpResponse:
    entry = queries.saved_text(pk)
    return _form(request, entry.kind, entry)


def _form(request: StaffRequest, kind: str, entry: SavedText | None) -> HttpResponse:
    form = FORMS[kind](entry, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        kept = actions.keep_text(by=request.user, entry=entry, **form.chosen)
        messages.success(request, f"“{kept}” is saved.")
        return redirect("alerts_staff:saved")
    title = f"Change “{entry}”" if entry else f"A new {kind}"
    context = {"form": form, "entry": entry, "heading": title, "is_template": kind == SavedText.Kind.TEMPLATE}
    return render(request, "alerts/staff/saved_text.html", context)


@require_http_methods(BOTH)
@needs("alerts.keep")
def saved_remove(request: StaffRequest, pk: int) -> HttpResponse:
    entry = queries.saved_text(pk)
    if request.method == "POST":
        actions.remove_text(entry=entry, by=request.user)
        messages.success(request, f"“{entry}” is gone. Alerts that were begun with it stay as they are.")
        return redirect("alerts_staff:saved")
    return render(request, "alerts/staff/saved_remove.html", {"entry": entry, "sentence": f"Remove “{entry}”?"})
