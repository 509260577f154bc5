"""The pages of reach."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.accounts import queries as accounts
from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.core import charts
from peelian.core.charts import Chart, Table
from peelian.core.statistics import level_words
from peelian.insight.kept import kept_part
from peelian.insight.reach import representation as reads
from peelian.insight.reach import signups, wards
from peelian.insight.reach.dimensions import TOPICS
from peelian.insight.reach.forms import RepresentationForm, SignUpForm, WardsForm
from peelian.places import queries as places
from peelian.places.models import Area


def area_asked_for(request: HttpRequest, staff: Staff) -> Area | None:
    """The area of the address, if it is in the person's scope (else it is not found); without one, the first of theirs,
    or the force. None where there are no areas."""
    within = accounts.scope_area_ids(staff)
    if code := request.GET.get("area", ""):
        return places.area(code, within=within)
    if within is None:
        return places.force() or places.current_areas(Area.Kind.WARD).order_by("name").first()
    return staff.scope.filter(valid_to=None).order_by("name").first()


def without_figures(chart: Chart) -> Chart:
    """For a page that shows the chart's table itself."""
    return replace(chart, table=Table(chart.table.caption, chart.table.columns, []))


@require_safe
@needs("insight.read")
def representation(request: StaffRequest) -> HttpResponseBase:
    """Members against the population: /staff/insight/representation/?area=W01&topic=sex&stage=registered"""
    area = area_asked_for(request, request.user)
    if area is None:
        return render(request, "insight/reach/no_areas.html", {"title": "Whom we reach"})
    topics = [one.code for one in places.topics() if one.code in TOPICS]
    topic = request.GET.get("topic") or (topics[0] if topics else "ethnic-group-5")
    stage = request.GET.get("stage") or "registered"
    stage = stage if stage in reads.STAGES else "registered"
    shown = reads.representation(area, topic, stage)
    form = RepresentationForm(request.user, initial={"area": area.code, "topic": topic, "stage": stage})
    context = {"shown": shown, "form": form}
    if shown.table is not None:
        chart = replace(reads.chart(shown), as_of=shown.as_of)
        if (file := charts.csv_asked_for(request, chart)) is not None:
            record("representation.exported", "area", area.code, by=request.user, topic=topic, stage=stage)
            return file
        context |= {
            "chart": without_figures(chart),
            "lines": reads.lines(shown),
            "counted": reads.COUNTED,
            "level": level_words(shown.table.level) if shown.table.level else "",
            "csv_url": f"?{_query(request, csv=chart.key)}",
        }
    return render(request, "insight/reach/representation.html", context)


@require_safe
@needs("insight.read")
def sign_ups(request: StaffRequest) -> HttpResponseBase:
    """Who joins, and when: /staff/insight/sign-ups/?area=W01&topic=sex&frozen=2018-09-01"""
    area = area_asked_for(request, request.user)
    if area is None or area.kind not in Area.ADMINISTRATIVE:
        return render(request, "insight/reach/no_areas.html", {"title": "Sign-ups"})
    topics = [one.code for one in places.topics() if one.code in signups.SIGN_UP_TOPICS]
    topic = request.GET.get("topic", "")
    topic = topic if topic in signups.SIGN_UP_TOPICS else topics[0] if topics else "ethnic-group-5"
    days = signups.frozen_choices()
    asked = request.GET.get("frozen", "")
    frozen = next((day for day in days if day.isoformat() == asked), days[1])
    shown = signups.sign_ups(area, topic, frozen)
    drawn = [chart for chart in (shown.calendar, *shown.months) if chart is not None]
    if (file := charts.csv_asked_for(request, *drawn)) is not None:
        record("sign_ups.exported", "area", area.code, by=request.user, topic=topic)
        return file
    form = SignUpForm(request.user, initial={"area": area.code, "topic": topic, "frozen": frozen.isoformat()})
    return render(request, "insight/reach/sign_ups.html", {"shown": shown, "form": form})


@require_safe
@needs("insight.read")
def ward_league(request: StaffRequest) -> HttpResponseBase:
    """The wards of an area beside each other: /staff/insight/wards/?area=F&stage=registered"""
    area = area_asked_for(request, request.user)
    if area is None:
        return render(request, "insight/reach/no_areas.html", {"title": "Wards beside each other"})
    stage = request.GET.get("stage", "")
    stage = stage if stage in reads.STAGES else "registered"
    if "csv" in request.GET:
        shown = wards.wards(area, stage)
        if shown.chart and (file := charts.csv_asked_for(request, shown.chart)) is not None:
            record("wards.exported", "area", area.code, by=request.user, stage=stage)
            return file
    beside = kept_part(
        request, "insight/reach/wards_beside.html", (area.pk, stage, places.version(), places.version_of_tables()),
        wards.ROLLUPS, lambda: {"shown": wards.wards(area, stage)},
    )  # fmt: skip
    form = WardsForm(request.user, initial={"area": area.code, "stage": stage})
    return render(request, "insight/reach/wards.html", {"area": area, "beside": beside, "form": form})


def _query(request: HttpRequest, **more: str) -> str:
    asked = request.GET.copy()
    for name, value in more.items():
        asked[name] = value
    return asked.urlencode()
