"""The overlay, its weights, and the file of households under Watch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.audit.actions import record
from peelian.core import charts
from peelian.core.errors import RuleBroken
from peelian.insight.kept import kept_part
from peelian.insight.models import OverlayWeights
from peelian.insight.outreach import cover
from peelian.insight.outreach import overlay as reads
from peelian.insight.outreach.forms import DEFAULT_WEIGHT, CoverForm, OverlayForm, SaveForm
from peelian.insight.outreach.overlay import PARTS, Choice, Overlay
from peelian.insight.reach import told
from peelian.insight.reach.views import area_asked_for
from peelian.places import queries as places
from peelian.places.models import Area


@require_safe
@needs("insight.read")
def overlay(request: StaffRequest) -> HttpResponseBase:
    """/staff/insight/overlay/?area=F&crime=all&w-watch=1&w-crime=2&w-sign-ups=1&w-census=1&topic=…&group=…"""
    area = area_asked_for(request, request.user)
    if area is None or area.kind not in Area.ADMINISTRATIVE:
        return render(request, "insight/reach/no_areas.html", {"title": "Where to go first"})
    form = _form(request, area)
    if not form.is_valid():
        return render(request, "insight/outreach/overlay.html", {"form": form, "area": area})
    if "csv" in request.GET:
        shown = reads.overlay(area, form.chosen)
        whole = replace(shown.chart, table=reads.whole_table(shown)) if shown.chart else None
        if whole and (file := charts.csv_asked_for(request, whole)) is not None:
            record("overlay.exported", "area", area.code, by=request.user)
            return file
    context = {
        "form": form, "area": area, "laid_over": _laid_over(request, area, form.chosen),
        "save_url": _address(area, form.chosen, "insight_staff:overlay_save"),
        "saved": [(row, _address(area, of_row(row))) for row in OverlayWeights.objects.all()],
        "save_form": SaveForm(), "may_manage": request.user.may("insight.manage"),
    }  # fmt: skip
    return render(request, "insight/outreach/overlay.html", context)


def _laid_over(request: StaffRequest, area: Area, chosen: Choice) -> SafeString:
    """Map, list and sources. What has no rollup (crime, Watch, population) is in the question as its version."""

    def make() -> dict[str, Any]:
        shown = reads.overlay(area, chosen)
        return {"shown": shown, "parts": _parts(shown)}

    asked = (area.pk, chosen, reads.version(), places.version(), places.version_of_tables())
    return kept_part(request, "insight/outreach/laid_over.html", asked, [told.ROLLUP], make)


def _form(request: StaffRequest, area: Area) -> OverlayForm:
    """With what the address leaves out as it is at first: every weight one, and the residents' groups unchosen."""
    topics = [one.code for one in places.topics()]
    asked = request.GET.get("topic", "")
    topic = asked if asked in topics else topics[0] if topics else ""
    given = request.GET.copy()
    given["area"], given["topic"] = area.code, topic
    if given.get("crime") not in reads.CRIMES:
        given["crime"] = "all"
    for part in PARTS:
        given.setdefault(f"w-{part.code}", str(DEFAULT_WEIGHT))
    form = OverlayForm(request.user, topic, given)
    if "group" in form.fields:  # those of another topic are left behind when the topic changes
        known = {code for code, _ in form.fields["group"].choices}  # type: ignore[attr-defined]
        given.setlist("group", [one for one in given.getlist("group") if one in known])
    return form


def _parts(shown: Overlay) -> list[tuple[reads.Part, int, str, str]]:
    """Each source with its weight, what it was worked out from, or why it is left out."""
    weights = shown.choice.weights
    return [(p, weights[p.code], shown.bases.get(p.code, ""), shown.missing.get(p.code, "")) for p in PARTS]


def _address(area: Area, choice: Choice, name: str = "insight_staff:overlay") -> str:
    asked: list[tuple[str, str]] = [("area", area.code), ("crime", choice.crime)]
    asked += [(f"w-{part.code}", str(choice.weights.get(part.code, 0))) for part in PARTS]
    if choice.topic:
        asked += [("topic", choice.topic), *(("group", group) for group in choice.groups)]
    return f"{reverse(name)}?{urlencode(asked)}"


def of_row(row: OverlayWeights) -> Choice:
    return Choice(row.weights, row.topic, tuple(row.groups), row.crime)


@require_POST
@needs("insight.manage")
def save(request: StaffRequest) -> HttpResponse:
    """The weights of the address under a name."""
    area = area_asked_for(request, request.user)
    if area is None:
        return redirect("insight_staff:overlay")
    form, named = _form(request, area), SaveForm(request.POST)
    if form.is_valid() and named.is_valid():
        row = cover.save_weights(name=named.cleaned_data["name"], choice=form.chosen, by=request.user)
        messages.success(request, f"Saved as “{row.name}”.")
    else:
        messages.error(request, "Give the weights a name of at most 80 characters.")
    return redirect(f"{reverse('insight_staff:overlay')}?{request.GET.urlencode()}")


@require_POST
@needs("insight.manage")
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(OverlayWeights, pk=pk)
    name = row.name
    cover.remove_weights(row=row, by=request.user)
    messages.success(request, f"“{name}” is removed.")
    return redirect("insight_staff:overlay")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("insight.manage")
def watch(request: StaffRequest) -> HttpResponse:
    """Bring in households under Neighbourhood Watch."""
    posted = request.method == "POST"
    form = CoverForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = cover.bring_in_cover(
                file.read(cover.LARGEST + 1), file.name, as_of=form.cleaned_data["as_of"], by=request.user
            )
        except RuleBroken as problem:
            for sentence in str(problem).splitlines():
                form.add_error("file", sentence)
        else:
            messages.success(request, f"{rows:,} areas brought in, in place of what was there.")
            return redirect("insight_staff:overlay")
    return render(request, "insight/outreach/watch.html", {"form": form})
