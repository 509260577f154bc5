"""The list of jargon that writers are warned of: kept by communications, read by everybody who writes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import actions, queries
from peelian.alerts.forms.staff_words import JargonForm

BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
@needs("alerts.keep")
def words(request: StaffRequest) -> HttpResponse:
    """The list, with a form to add to it."""
    form = JargonForm(data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        entry = actions.keep_jargon(by=request.user, **form.cleaned_data)
        messages.success(request, f"“{entry}” is in the list. Whoever writes it from now on is told.")
        return redirect("alerts_staff:words")
    return render(request, "alerts/staff/words.html", {"form": form, "entries": queries.jargon_entries()})


@require_http_methods(BOTH)
@needs("alerts.keep")
def word(request: StaffRequest, pk: int) -> HttpResponse:
    """Change one entry."""
    entry = queries.jargon_entry(pk)
    form = JargonForm(entry, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.keep_jargon(entry=entry, by=request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("alerts_staff:words")
    return render(request, "alerts/staff/word.html", {"form": form, "entry": entry})


@require_http_methods(BOTH)
@needs("alerts.keep")
def word_remove(request: StaffRequest, pk: int) -> HttpResponse:
    entry = queries.jargon_entry(pk)
    if request.method == "POST":
        actions.remove_jargon(entry=entry, by=request.user)
        messages.success(request, f"“{entry}” is off the list.")
        return redirect("alerts_staff:words")
    return render(request, "alerts/staff/word_remove.html", {"entry": entry})
