"""The headline measures of the demonstration force: two years of figures, what named people say about them (one of them
late), a paper that is signed and one that waits. Forces beside it and all figures are invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.config.demo.headline_words import AIMS, MEASURES, SAID
from peelian.config.demo.staff import Roster
from peelian.core import clock
from peelian.core.measures import measures
from peelian.core.periods import Period, last_whole_month
from peelian.insight.measures import actions, rollups
from peelian.insight.measures.keeping import Given, keep
from peelian.insight.models import Aim, Commentary, Measure, MeasureDefinition
from peelian.insight.papers import actions as papers
from peelian.places.models import Area

MONTHS, QUARTERS, YEARS = 27, 9, 9
PROVISIONAL, FINAL, NO_UPDATE = "provisional", "final", "no-update"


@dataclass
class _Desk:
    """Who works on it and what with."""

    rng: np.random.Generator
    areas: Sequence[Area]
    analyst: Staff
    administrator: Staff
    authors: list[Staff]
    newest: Period
    definitions: dict[str, MeasureDefinition] = field(default_factory=dict)


def write(seed: int, roster: Roster, areas: Sequence[Area]) -> None:
    """Once what Peelian computes is there."""
    desk = _Desk(
        np.random.default_rng(seed), areas, Staff.objects.get(role=Role.ANALYST),
        Staff.objects.get(role=Role.ADMINISTRATOR),
        [roster.teams[0].sergeant, roster.communications[0], Staff.objects.get(role=Role.ANALYST)],
        last_whole_month(clock.today()),
    )  # fmt: skip
    _counted_before(desk)
    _aims()
    for given in MEASURES:
        _measure(desk, dict(given))
    for period, months_ago in ((desk.newest.previous(), 1), (desk.newest, 0)):
        _said(desk, period, everything=bool(months_ago))
        _paper(desk, period, sign=bool(months_ago))


def _counted_before(desk: _Desk) -> None:
    """What is counted as it stands (people, and pages that name an officer) in the months before: a real installation
    counts only from the day it begins."""
    for code, months in (("members-registered", MONTHS), ("members-contactable", MONTHS), ("named-officer", 3)):
        definition = MeasureDefinition.objects.get(measure__code=code, current=True)
        period = desk.newest
        for _ in range(months):
            keep(rollups.observed(measures[code], definition, period, desk.newest), source=rollups.SOURCE, by=None)
            period = period.previous()


def _aims() -> None:
    """In the order of the plan, those that Peelian's own measures serve last."""
    for position, title in enumerate(AIMS, 1):
        Aim.objects.filter(pk=actions.aim_called(title).pk).update(position=position)
    for at, aim in enumerate(Aim.objects.exclude(title__in=AIMS), len(AIMS) + 1):
        Aim.objects.filter(pk=aim.pk).update(position=at)


def _measure(desk: _Desk, given: dict[str, Any]) -> None:
    shape = given.pop("figures")
    limits = given.pop("limits", None)
    first = _first(desk, given.get("frequency", "month"))
    if limits:
        end = Period.month_of(clock.months_after(first.start, limits - 1))
        given |= {"limits_from": first.start, "limits_to": end.end}
    if given.get("frequency", "month") == "month":
        year = Period.year_to(*_month(clock.months_after(first.start, 11)))
        given |= {"baseline_start": year.start, "baseline_end": year.end}
    if given.get("target") is not None:
        given["target_by"] = date(clock.today().year + 1, 12, 31)
    measure: Measure = actions.make_measure(by=None, **given)
    definition = MeasureDefinition.objects.select_related("measure").get(measure=measure)
    desk.definitions[given["code"]] = definition
    keep(_figures(desk, definition, first, **shape), source="figures.csv", by=desk.analyst)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _first(desk: _Desk, frequency: str) -> Period:
    if frequency == "month":
        return Period.month_of(clock.months_after(desk.newest.start, -(MONTHS - 1)))
    quarter = Period.quarter(desk.newest.start.year, (desk.newest.start.month + 2) // 3)
    quarter = quarter if quarter.end <= desk.newest.end else quarter.previous()
    if frequency == "quarter":
        for _ in range(QUARTERS - 1):
            quarter = quarter.previous()
        return quarter
    return Period.year_to(*_month(clock.months_after(quarter.end.replace(day=1), -3 * (YEARS - 1))))


def _figures(
    desk: _Desk, definition: MeasureDefinition, first: Period, *, level: float, trend: float, noise: float,
    base: int = 0, beside: tuple[float, float] | None = None, silent: int = 0, spread: bool = False, step: float = 0,
) -> list[Given]:  # fmt: skip
    """Periods from FIRST on: around LEVEL with a TREND over the whole, NOISE, and a STEP in the last nine; of BASE
    where it is a share. The last SILENT bring no update; SPREAD: by policing area too."""
    periods = _periods(first, definition.frequency, desk.newest)
    made: list[Given] = []
    for at, period in enumerate(periods):
        value = level + trend * at / len(periods) + float(desk.rng.normal(0, noise))
        value += step if at >= len(periods) - 9 else 0
        status = PROVISIONAL if at == len(periods) - 1 else FINAL
        if at >= len(periods) - silent:
            made.append(_given(definition, None, period, None, None, NO_UPDATE, None))
            continue
        numerator, denominator = _parts(desk, definition, value, base)
        made.append(_given(definition, None, period, numerator, denominator, status, _others(desk, beside), value))
        if spread and numerator is not None:
            made += _by_area(desk, definition, period, numerator, status)
    return made


def _others(desk: _Desk, beside: tuple[float, float] | None) -> tuple[float, float] | None:
    if beside is None:
        return None
    group, nation = (round(one * float(desk.rng.normal(1, 0.015)), 1) for one in beside)
    return group, nation


def _periods(first: Period, frequency: str, newest: Period) -> list[Period]:
    found = [first]
    while True:
        last = found[-1]
        if frequency == "year":
            following = Period.year_to(*_month(clock.months_after(last.end.replace(day=1), 3)))
        elif frequency == "quarter":
            following = Period.quarter(last.after.year, last.after.month // 3 + 1)
        else:
            following = Period.month_of(last.after)
        if following.end > newest.end:
            return found
        found.append(following)


def _parts(desk: _Desk, definition: MeasureDefinition, value: float, base: int) -> tuple[float | None, float | None]:
    if definition.is_count:
        return float(round(value)), None
    if not base:
        return None, None
    of = int(desk.rng.normal(base, base / 12))
    return float(round(of * value / (definition.per or 1))), float(of)


def _given(
    definition: MeasureDefinition,
    area_id: int | None,
    period: Period,
    numerator: float | None,
    denominator: float | None,
    status: str,
    beside: tuple[float, float] | None,
    stated: float | None = None,
) -> Given:
    known = definition.value_of(numerator, denominator)
    value = known if known is not None else None if stated is None else round(stated, definition.places)
    group, nation = beside or (None, None)
    note = "Publication was put off by a month." if status == NO_UPDATE else ""
    return Given(
        definition, area_id, period.start, period.end, numerator, denominator, value, status, note, group, nation
    )


def _by_area(desk: _Desk, definition: MeasureDefinition, period: Period, whole: float, status: str) -> list[Given]:
    shares = desk.rng.dirichlet(np.full(len(desk.areas), 30.0))
    counts = np.floor(shares * whole).astype(int)
    counts[0] += int(whole) - int(counts.sum())
    return [
        _given(definition, area.pk, period, float(n), None, status, None)
        for area, n in zip(desk.areas, counts, strict=True)
    ]


def _said(desk: _Desk, period: Period, *, everything: bool) -> None:
    """Of the month before all is written and signed; of the newest some is, and one response is late."""
    for at, (code, words) in enumerate(SAID.items()):
        author = desk.authors[at % len(desk.authors)]
        for kind, text in words.items():
            late = not everything and at == 0 and kind == Commentary.Kind.RESPONSE
            due = clock.today() - timedelta(days=4) if late else period.after + timedelta(days=20)
            row = actions.ask_for(
                kind=kind, measure=desk.definitions[code].measure, area=None, period=period, author=author,
                due_on=due, by=desk.administrator,
            )  # fmt: skip
            if late or (not everything and at > 1):
                continue
            actions.write(commentary=row, text=text, by=author)
            if everything or at == 0:
                actions.sign(commentary=row, by=desk.administrator)


def _paper(desk: _Desk, period: Period, *, sign: bool) -> None:
    paper = papers.ask_for_paper(period=period, areas=[], public=False, by=desk.analyst)
    papers.make_paper(paper.pk)
    if sign:
        for finding in paper.findings.filter(accepted_at=None):
            papers.accept(finding=finding, reason="Looked at with the source; it stands.", by=desk.administrator)
        papers.sign(paper=paper, by=desk.administrator)
