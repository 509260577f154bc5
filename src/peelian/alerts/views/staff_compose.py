"""Compose: writing on the left, who gets it on the right. With script the draft saves itself and the count follows;
without, one button does both."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.queries import scope_area_ids
from peelian.alerts import actions, advice, queries
from peelian.alerts.actions.drafting import FIXED
from peelian.alerts.enclosed import enclosed
from peelian.alerts.errors import DraftChanged, NotADraft
from peelian.alerts.forms.staff import ComposeForm
from peelian.alerts.forms.staff_audience import AudienceForm
from peelian.alerts.models import Alert, SavedText
from peelian.alerts.views.staff_merge import differing, marks, merge_page
from peelian.alerts.views.staff_situation import outline_kind, situation
from peelian.core.errors import RuleBroken


@dataclass
class Draft:
    """Both halves of the page, empty or as somebody filled them in."""

    alert: Alert
    writing: ComposeForm
    audience: AudienceForm
    version: int

    @property
    def is_sound(self) -> bool:
        return self.writing.is_valid() & self.audience.is_valid()

    @property
    def fields(self) -> dict[str, Any]:
        """What there is to save. What an update may not change is left out."""
        said = dict(self.writing.cleaned_data)
        said["audience"] = self.audience.stored
        if self.alert.relation:
            said = {name: value for name, value in said.items() if name not in FIXED}
        return said

    def in_memory(self) -> Alert:
        """The alert as it would be, without saving; unsound answers count as what is saved."""
        self.writing.is_valid()
        filled = copy.copy(self.alert)
        said = dict(self.writing.cleaned_data)
        if self.audience.is_valid():
            said["audience"] = self.audience.stored
        for name, value in said.items():
            if not (self.alert.relation and name in FIXED):
                setattr(filled, name, value)
        return filled


def draft_of(
    request: HttpRequest, alert: Alert, by: Any, data: QueryDict | None = None, *, pressed: bool = False
) -> Draft:
    earlier = queries.alerts_for(by).filter(state__in=Alert.OUT, practice=False).exclude(pk=alert.pk)
    version = data.get("version", "") if data is not None else str(alert.version)
    return Draft(
        alert,
        ComposeForm(alert, by, data, pressed=pressed),
        AudienceForm(alert, list(earlier.order_by("-sent_at")[:30]), scope_area_ids(by), data),
        int(version) if version.isdecimal() else 0,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("alerts.write")
def edit(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    if alert.state != Alert.State.DRAFT:
        if request.method == "POST":
            raise NotADraft
        return redirect("alerts_staff:detail", ref)
    if request.method != "POST":
        return _page(request, draft_of(request, alert, request.user))
    draft = draft_of(request, alert, request.user, request.POST, pressed=True)
    if not draft.is_sound:
        return _page(request, draft)
    try:
        fields = _with_snippet(request, _chosen(request, draft))
        actions.save_draft(alert=alert, version=draft.version, by=request.user, **fields)
    except DraftChanged as changed:
        if differing(changed):
            return merge_page(request, changed)
    if "snippet" in request.POST:
        return redirect(f"{reverse('alerts_staff:edit', args=[ref])}#step-say")
    if "next" in request.POST:
        onward = request.POST["next"] if request.POST["next"] in ("preview", "enclosures", "languages") else "check"
        return redirect(f"alerts_staff:{onward}", ref)
    messages.success(request, "Saved.")
    return redirect("alerts_staff:edit", ref)


def _chosen(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """After a comparison, only what the person chose to keep of their own."""
    return {name: value for name, value in draft.fields.items() if request.POST.get(f"keep_{name}") != "theirs"}


def _with_snippet(request: HttpRequest, fields: dict[str, Any]) -> dict[str, Any]:
    """What is saved when the button of a saved piece was pressed: the piece stands at the end of its part."""
    number = request.POST.get("snippet", "")
    if not number.isdecimal():
        return fields
    piece = queries.saved_text(int(number), SavedText.Kind.SNIPPET)
    written = str(fields.get(piece.part, "")).rstrip()
    return fields | {piece.part: f"{written}\n\n{piece.text}".lstrip()}


def _page(request: StaffRequest, draft: Draft) -> HttpResponse:
    counted = draft.in_memory() if draft.writing.is_bound else draft.alert
    last = draft.alert.decisions.filter(verb="returned").select_related("by").last()
    context = {
        "alert": draft.alert,
        "form": draft.writing,
        "audience": draft.audience,
        "pickers": _pickers(draft.audience),
        "version": draft.version,
        "in_languages": draft.alert.translations.count(),
        "before": (draft.writing.data.get("before") if draft.writing.is_bound else None) or marks(draft.alert),
        "now": situation(counted, request.user),
        "reading": advice.look(counted, queries.jargon()),
        "returned": last,
        "enclosed": enclosed(draft.alert),
        "snippets": queries.snippets(counted.topic),
        "outline_kind": outline_kind(),
    }
    return render(request, "alerts/staff/compose.html", context)


def _pickers(form: AudienceForm) -> list[dict[str, Any]]:
    about = {
        "areas": ("Areas", "Everybody with a place in any of them. Ticking a larger area takes in all below it."),
        "without": ("Leave out areas", "Nobody with a place in them gets it, whatever is chosen elsewhere."),
        "within": ("Only people in these areas", "For groups and languages: keeps those who also have a place here."),
    }
    return [
        {
            "name": name,
            "title": title,
            "hint": hint,
            "field": form[name],
            "tree": form.picker(name),
            "others": form.others(name),
            "number": len(form[name].value() or []),
            "first": name == "areas",
        }
        for name, (title, hint) in about.items()
    ]


@require_POST
@needs("alerts.write")
def autosave(request: StaffRequest, ref: str) -> HttpResponse:
    """Called by the page while somebody writes: saves and says so. What cannot be saved stays in the page, with why."""
    alert = queries.alert_for(request.user, ref)
    draft = draft_of(request, alert, request.user, request.POST)
    context: dict[str, Any] = {"alert": alert, "version": draft.version, "before": request.POST.get("before", "")}
    if draft.is_sound:
        try:
            context["version"] = actions.save_draft(
                alert=alert, version=draft.version, by=request.user, **draft.fields
            ).version
            context |= {"saved_at": alert.saved_at, "missing": queries.missing(alert), "before": marks(alert)}
        except DraftChanged:
            context["changed"] = True
        except RuleBroken as refused:
            context["refused"] = str(refused)
    else:
        errors = [*draft.writing.errors.values(), *draft.audience.errors.values()]
        context["refused"] = " ".join(f"{str(error).rstrip('.')}." for found in errors for error in found)
    context["reading"] = advice.look(draft.in_memory(), queries.jargon())
    return render(request, "alerts/staff/saved.html", context)


@require_POST
@needs("alerts.write")
def audience_panel(request: StaffRequest, ref: str) -> HttpResponse:
    """Who would get it, as the page is filled in now. Saves nothing."""
    alert = queries.alert_for(request.user, ref)
    draft = draft_of(request, alert, request.user, request.POST)
    draft.audience.is_valid()
    context = {
        "alert": alert,
        "audience_errors": [str(error) for found in draft.audience.errors.values() for error in found],
        "now": situation(draft.in_memory(), request.user),
        "partial": True,
    }
    return render(request, "alerts/staff/panel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("alerts.write")
def discard(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    if request.method == "POST":
        actions.discard_draft(alert=alert, by=request.user)
        messages.success(request, "The draft has been thrown away.")
        return redirect("alerts_staff:list")
    context = {
        "alert": alert,
        "sentence": f"Throw away “{alert}”?",
        "points": ["The draft cannot be brought back."],
        "button": "Throw the draft away",
        "kind": "warning",
    }
    return render(request, "alerts/staff/confirm.html", context)
