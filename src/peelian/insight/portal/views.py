"""Level and quality of engagement in each neighbourhood and of each team (E18, paragraph 43)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import charts, clock, csv_files
from peelian.core.charts import Column, Table, words
from peelian.core.periods import last_whole_month
from peelian.insight import queries as insight
from peelian.insight.kept import kept, kept_part
from peelian.insight.panels.queries import months_up_to
from peelian.insight.portal import actions, reading, subjects
from peelian.insight.portal.history import Kind, histories
from peelian.insight.portal.subjects import Subject
from peelian.insight.portal.weekly import wants
from peelian.places import queries as places

ROLLUPS = ("panels.alerts", "panels.standing", "reach.sign-ups")


@require_safe
@needs("insight.read")
def engagement(request: StaffRequest) -> HttpResponseBase:
    """Every neighbourhood and team in scope, with the last whole month's figures and what is unusual about them."""
    found: dict[str, tuple[Kind, list[Subject]]] = {
        "neighbourhoods": ("area", subjects.neighbourhoods(request.user)),
        "teams": ("team", subjects.teams(request.user)),
    }
    asked = request.GET.get("csv", "")
    if asked in found:
        return _file(asked, _listed(*found[asked]))

    def listed() -> dict[str, Any]:
        return {"listed": {name: _listed(kind, some) for name, (kind, some) in found.items()}}

    context = {
        "listed": kept_part(request, "insight/portal/listed.html", found, ROLLUPS, listed),
        "month": last_whole_month(clock.today()),
        "as_of": insight.as_of(*ROLLUPS),
        "wants": wants(request.user),
    }
    return render(request, "insight/portal/engagement.html", context)


def _listed(kind: Kind, found: list[Subject]) -> list[tuple[Subject, list[reading.Reading]]]:
    """Kept until the figures are added up again: hundreds of places, each with six figures over thirteen months."""
    months = months_up_to(last_whole_month(clock.today()))
    keys = [one.key for one in found]

    def read() -> list[list[reading.Reading]]:
        known = histories(kind, keys, months)
        return [reading.readings(known[key], months) for key in keys]

    return list(zip(found, kept("engagement", (kind, keys, months[-1].name), ROLLUPS, read), strict=True))


def _file(name: str, rows: list[tuple[Subject, list[reading.Reading]]]) -> HttpResponseBase:
    heads = ["Code", "Name", *(figure.label for figure in reading.FIGURES), "Unusual"]
    lines = [
        [one.code, one.name, *(figure.said for figure in found), "; ".join(f.unusual for f in found if f.unusual)]
        for one, found in rows
    ]
    return csv_files.download(f"engagement-{name}", heads, lines)


@require_safe
@needs("insight.read")
def area(request: StaffRequest, code: str) -> HttpResponseBase:
    return _one(request, subjects.neighbourhood(request.user, code))


@require_safe
@needs("insight.read")
def team(request: StaffRequest, slug: str) -> HttpResponseBase:
    return _one(request, subjects.team(request.user, slug))


def _one(request: StaffRequest, subject: Subject) -> HttpResponseBase:
    months = months_up_to(last_whole_month(clock.today()))
    history = histories(subject.kind, [subject.key], months)[subject.key]
    people = _people(subject)
    found = reading.readings(history, months, people=people)
    found += reading.of_sources(subject.area_id, subject.team_id, months)
    drawn = [_chart(one, months) for one in found]
    if (file := charts.csv_asked_for(request, *drawn)) is not None:
        return file
    parts: dict[str, list[Any]] = {}
    for one, chart in zip(found, drawn, strict=True):
        parts.setdefault(one.part, []).append((one, chart))
    context = {
        "subject": subject, "parts": parts, "month": months[-1], "as_of": insight.as_of(*ROLLUPS),
        "unusual": [one for one in found if one.unusual],
    }  # fmt: skip
    return render(request, "insight/portal/one.html", context)


def _people(subject: Subject) -> int | None:
    if subject.kind != "area":
        return None
    found = places.population(subject.key, "age") or places.population(subject.key, "sex")
    return found.total if found else None


def _chart(one: reading.Reading, months: list[Any]) -> charts.Chart:
    labels = [f"{month.start:%b %Y}" for month in months]
    unit = {"kept": charts.SHARE, "rating": charts.Unit(places=2)}.get(one.code, charts.NUMBER)
    rows = [[label, value] for label, value in zip(labels, one.values, strict=True)]
    table = Table(one.label, [words("Month"), Column(one.label, unit)], rows)
    return charts.line(
        one.code, one.label, labels, [charts.Series(one.label, list(one.values))], unit=unit, noun="Month", table=table,
        from_zero=one.code not in ("members", "rating"),
    )  # fmt: skip


@require_POST
@needs("insight.read")
def weekly(request: StaffRequest) -> HttpResponseBase:
    """The Monday email on or off, for oneself."""
    on = request.POST.get("weekly") == "on"
    actions.choose_weekly(on=on, by=request.user)
    messages.success(request, "You get the weekly email on Mondays." if on else "You get no weekly email any more.")
    return redirect("insight_staff:engagement")
