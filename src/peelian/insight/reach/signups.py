"""Who joins, and when: each day for the groups that were under-represented on a day, each month by group, each month by
the way they came.

The groups of the calendar are frozen: they are those that were under-represented at the beginning of the day chosen, by
whoever had joined and not left by then. Whoever joined later changes nothing about which groups are shown, or a group
would leave the picture as soon as its sign-ups brought it up.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection

from peelian.core import charts, clock, wording
from peelian.core.charts import Chart, Series, Table
from peelian.core.suppression import NOT_TOLD, SMALL, small, suppress_table
from peelian.insight import queries
from peelian.insight.reach import hiding, representation
from peelian.insight.reach.comparing import Group, compare
from peelian.insight.reach.counting import MONTHS_OF_DAYS
from peelian.insight.reach.dimensions import EVERYBODY, NOT_SAID, SHORT, SIGN_UPS, TOPICS
from peelian.insight.reach.told import KEPT, OTHER, Counts, Grouping
from peelian.members.queries_sources import WORDS
from peelian.places import queries as places
from peelian.places.models import Area

ROLLUP = "reach.sign-ups"
MONTHS = 12  # of the tables by month
SHOWN_DAYS = 182  # of the calendar: half a year
CHOICES = MONTHS_OF_DAYS - 1  # of days to freeze at: each must be kept by itself
SIGN_UP_TOPICS = [code for code, compared in TOPICS.items() if compared.dimension in SIGN_UPS]


@dataclass(frozen=True)
class SignUps:
    """What the page shows. Where a part cannot be, a sentence stands there."""

    area: Area
    topic: str
    label: str
    frozen: date
    as_of: datetime | None
    groups: list[str]  # the labels of the frozen groups
    refused: str
    calendar: Chart | None
    months: list[Chart]


def frozen_choices() -> list[date]:
    """The days at which groups can be frozen: firsts of months, the latest first."""
    first = clock.today().replace(day=1)
    return [clock.months_after(first, -back) for back in range(CHOICES)]


def sign_ups(area: Area, topic: str, frozen: date) -> SignUps:
    """AREA is administrative and one that the person may see; TOPIC of SIGN_UP_TOPICS; FROZEN of `frozen_choices`."""
    as_of = queries.as_of(ROLLUP)
    label = next((one.label for one in places.topics() if one.code == topic), topic.replace("-", " ").capitalize())
    areas = sorted(places.with_descendants([area.pk]))
    grouping, groups, refused = _frozen_groups(area, areas, topic, frozen)
    if as_of is None:
        refused = "Sign-ups have not been counted yet. It happens by itself within the hour."
    calendar = None
    if not refused and grouping is not None:
        calendar = _calendar(areas, grouping, {code for code, _ in groups}, frozen)
    months = [_by_source(areas)]
    if grouping is not None:
        months.insert(0, _by_group(areas, grouping, topic))
        months.insert(1, _running(areas, grouping, topic))
    said = [name for _, name in groups]
    return SignUps(area, topic, label, frozen, as_of, said, refused, calendar, months if as_of else [])


# The frozen groups ----------------------------------------------------------------------------------------------------


def _frozen_groups(
    area: Area, areas: Sequence[int], topic: str, frozen: date
) -> tuple[Grouping | None, list[tuple[str, str]], str]:
    """The groups under-represented when FROZEN began, (code, label), or a sentence why there are none."""
    people, _ = representation.population_of(area, topic)
    if people is None or not people.total:
        name = TOPICS[topic].dimension.replace("-", " ")
        return None, [], f"No table of the population says who lives in {area.name} by {name}: load one first."
    grouping = Grouping(people)
    counts = grouping.counts(_stock(grouping.dimension, areas, frozen))
    silent = counts[NOT_SAID]
    base = sum(counts.values()) - silent
    if base < SMALL:
        return grouping, [], f"Fewer than five members in {area.name} had said by {wording.uk_date(frozen)}."
    hidden = hiding.hidden_in_row(counts)
    groups = [
        Group(one.code, one.label, one.people, None if one.code in hidden else counts[one.code])
        for one in people.categories
    ]
    table = compare(groups, base=base, people=people.total)
    under = [(row.group.code, row.group.short) for row in table.under]
    sentence = f"No group was clearly under-represented in {area.name} on {wording.uk_date(frozen)}."
    return grouping, under, "" if under else sentence


def _stock(dimension: str, areas: Sequence[int], before: date) -> list[tuple[str, int]]:
    """Members by answer when the day began: who had joined by then, less who had left."""
    rows = _rows(
        'SELECT category, greatest(sum(joined - "left"), 0)::int FROM insight_signup'
        " WHERE dimension = %(dimension)s AND day < %(before)s AND area_id = ANY(%(areas)s) GROUP BY 1",
        dimension=dimension, before=before, areas=list(areas),
    )  # fmt: skip
    return [(category, n) for category, n in rows]


def _calendar(areas: Sequence[int], grouping: Grouping, codes: set[str], frozen: date) -> Chart:
    end = queries.as_of_day(ROLLUP)
    start = end - timedelta(days=SHOWN_DAYS - 1)
    rows = _rows(
        "SELECT day, category, sum(joined)::int FROM insight_signup WHERE dimension = %(dimension)s AND NOT whole_month"
        " AND day BETWEEN %(start)s AND %(end)s AND area_id = ANY(%(areas)s) GROUP BY 1, 2",
        dimension=grouping.dimension, start=start, end=end, areas=list(areas),
    )  # fmt: skip
    by_day: dict[date, int] = defaultdict(int)
    for day, category, n in rows:
        if grouping.group(category) in codes:
            by_day[day] += n
    title = f"Sign-ups a day of the groups under-represented on {wording.uk_date(frozen)}"
    note = "The groups are those of that day, whoever joined since."
    said = _days_said(by_day)
    return charts.calendar("days", title, by_day, start=start, end=end, hide_small=True, finding=said, note=note)


def _days_said(by_day: Mapping[date, int]) -> str:
    """What one sees, without a total: less the days that are told, it would give the others back."""
    many, few = [n for n in by_day.values() if n >= SMALL], sum(small(n) for n in by_day.values())
    if not many:
        return f"{_on_days(few)} one to four of these groups joined; on all other days nobody did.".capitalize()
    said = f"{sum(many):,} people of these groups joined {_on_days(len(many))} with five or more"
    return f"{said}; {_on_days(few)} one to four did." if few else f"{said}; on all other days nobody did."


def _on_days(days: int) -> str:
    return "on one day" if days == 1 else f"on {days:,} days"


# Months ---------------------------------------------------------------------------------------------------------------


def first_month() -> date:
    return clock.months_after(clock.today().replace(day=1), 1 - MONTHS)


def _months() -> list[date]:
    return [clock.months_after(first_month(), at) for at in range(MONTHS)]


def _by_month(areas: Sequence[int], dimension: str) -> dict[date, list[tuple[str, int]]]:
    rows = _rows(
        "SELECT date_trunc('month', day)::date, category, sum(joined)::int FROM insight_signup"
        " WHERE dimension = %(dimension)s AND day >= %(first)s AND area_id = ANY(%(areas)s) GROUP BY 1, 2",
        dimension=dimension, first=first_month(), areas=list(areas),
    )  # fmt: skip
    found: dict[date, list[tuple[str, int]]] = defaultdict(list)
    for month, category, n in rows:
        found[month].append((category, n))
    return found


def _by_group(areas: Sequence[int], grouping: Grouping, topic: str) -> Chart:
    """Sign-ups a month by group, numbers that could point at somebody left out."""
    names = {**grouping.labels, OTHER: "Another answer", NOT_SAID: TOPICS[topic].without}
    rows = _by_month(areas, grouping.dimension)
    table = _told({month: grouping.counts(rows.get(month, [])) for month in _months()}, names)
    shorter = {label: SHORT.get(code, label) for code, label in names.items()}
    heads = enumerate(table.heads[1:-1], 1)
    drawn = [Series(shorter[name], [_number(row[at]) for row in table.rows]) for at, name in heads]
    return charts.line(
        "months", "Sign-ups a month by group", _labels(), drawn, noun="Month", table=table,
        finding=_finding(table), note="A gap in a line is a month with fewer than five, or one beside it.",
    )  # fmt: skip


def _by_source(areas: Sequence[int]) -> Chart:
    rows = _by_month(areas, EVERYBODY)
    used = sorted({category for of in rows.values() for category, _ in of})
    counts = {month: dict.fromkeys(used, 0) | dict(rows.get(month, [])) for month in _months()}
    table = _told(counts, {source: WORDS.get(source, source) for source in used})
    drawn = [Series(name, [_number(row[at]) for row in table.rows]) for at, name in enumerate(table.heads[1:-1], 1)]
    return charts.line(
        "sources", "Sign-ups a month by how people came", _labels(), drawn, noun="Month", table=table,
        finding=_finding(table), note="A gap in a line is a month with fewer than five, or one beside it.",
    )  # fmt: skip


def _told(counts: Mapping[date, Counts], names: Mapping[str, str]) -> Table:
    """Months by group with their totals. A group of which there is nobody at all is left out."""
    used = [code for code in names if any(of.get(code) for of in counts.values())]
    told = suppress_table([[counts[month].get(code, 0) for code in used] for month in counts])
    body = [
        [f"{month:%B %Y}", *map(_cell, cells), _cell(total)]
        for month, cells, total in zip(counts, told.cells, told.row_totals, strict=True)
    ]
    return Table("Sign-ups a month", ["Month", *(names[code] for code in used), "All"], body)


def _running(areas: Sequence[int], grouping: Grouping, topic: str) -> Chart:
    """Everybody who had joined by the end of each month: it only grows. A group with a month that is not told would
    give it back, and is left out."""
    before = grouping.counts(_joined_before(grouping.dimension, areas, first_month()))
    rows = _by_month(areas, grouping.dimension)
    counts = {month: grouping.counts(rows.get(month, [])) for month in _months()}
    codes = list(grouping.labels)
    told = suppress_table([[counts[month][code] for code in codes] for month in counts])
    drawn, left = [], []
    for at, code in enumerate(codes):
        steps = [row[at] for row in told.cells]
        if small(before[code]) or None in steps:
            left.append(SHORT.get(code, grouping.labels[code]))
            continue
        total, values = before[code], []
        for step in steps:
            total += step or 0
            values.append(float(total))
        if total:
            drawn.append(Series(SHORT.get(code, grouping.labels[code]), values))
    note = f"Left out, since in some month fewer than five joined: {wording.listed(left)}." if left else ""
    title = "Everybody who had joined by the end of each month"
    title = f"{title}: {drawn[0].name}" if len(drawn) == 1 else title
    return charts.line("running", title, _labels(), drawn, noun="Month", note=note, from_zero=False)


def _joined_before(dimension: str, areas: Sequence[int], before: date) -> list[tuple[str, int]]:
    rows = _rows(
        "SELECT category, sum(joined)::int FROM insight_signup"
        " WHERE dimension = %(dimension)s AND day < %(before)s AND area_id = ANY(%(areas)s) GROUP BY 1",
        dimension=dimension, before=before, areas=list(areas),
    )  # fmt: skip
    return [(category, n) for category, n in rows]


def _labels() -> list[str]:
    return [f"{month:%b %Y}" for month in _months()]


def _cell(n: int | None) -> str | int:
    return NOT_TOLD if n is None else n


def _number(cell: object) -> float | None:
    return float(cell) if isinstance(cell, int) else None


def _finding(table: Table) -> str:
    totals = [row[-1] for row in table.rows]
    known = [total for total in totals if isinstance(total, int)]
    if not any(known):
        return "Nobody joined in these months." if len(known) == len(totals) else "Too few joined to tell."
    last = totals[-1]
    so_far = f", {last:,} so far this month" if isinstance(last, int) else ""
    return f"{sum(known):,} people joined in {wording.plural_count(len(known), 'month')}{so_far}."


def _rows(query: str, **given: Any) -> list[tuple[Any, ...]]:
    """Sums of the rollup; kept until it is refreshed, since over years of days they take a while."""
    asked = f"{query}|{sorted(given.items())}|{queries.as_of(ROLLUP)}"
    key = f"insight.signups.{hashlib.sha256(asked.encode()).hexdigest()[:40]}"
    found: list[tuple[Any, ...]] | None = cache.get(key)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(query, given)
            found = list(cursor.fetchall())
        cache.set(key, found, KEPT)
    return found
