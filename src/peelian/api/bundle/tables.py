"""The tables of the monthly bundle. Numbers of people under five are left empty, and so are others that would give them
away where a total stands beside them (core.suppression)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet

from peelian.alerts import queries as alerts
from peelian.conversations import figures
from peelian.core import clock
from peelian.core.periods import Period
from peelian.core.suppression import small, suppress_by
from peelian.events.models import Event
from peelian.members import queries as members
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.priorities import queries as priorities
from peelian.priorities.models import Promise

Row = Sequence[object]
TOTAL, ELSEWHERE = "all", "elsewhere"


class Column(NamedTuple):
    name: str
    datatype: str  # of CSVW, which has those of XML Schema
    meaning: str


@dataclass(frozen=True)
class Table:
    """One CSV file: what it is about, its columns, and its rows for a month."""

    name: str
    title: str
    columns: Sequence[Column]
    key: Sequence[str]
    rows: Callable[[Period], list[Row]]


def _month() -> Column:
    return Column("month", "gYearMonth", "The calendar month, in London time")


def _alerts(month: Period) -> list[Row]:
    found = alerts.public_counts(*month.instants())
    return [(month.name, one.code, one.name, one.kind, one.type, one.alerts) for one in found]


def _ratings(month: Period) -> list[Row]:
    found = alerts.public_ratings(*month.instants())
    counts = {slug: n for slug, (n, _) in found.items()}
    told = suppress_by(counts)
    rows: list[Row] = []
    for slug, (_, mean) in sorted(found.items()):
        rows.append((month.name, slug, told[slug], f"{mean:.2f}" if told[slug] else None))
    total = sum(counts.values())
    mean = sum(n * mean for n, mean in found.values()) / total if total else 0
    # The mean of all and those of the others would give the hidden one's mean away
    whole = f"{mean:.2f}" if total and not small(total) and None not in told.values() else None
    return [*rows, (month.name, TOTAL, None if small(total) else total, whole)]


def _promise(month: Period) -> list[Row]:
    """By neighbourhood, those below it included; what lies in none stands under `elsewhere`."""
    found = figures.kept_between(*month.instants())
    base, kept = (_by_neighbourhood({area: pair[at] for area, pair in found.items()}) for at in (0, 1))
    told = suppress_by({code: base[code] for code in sorted(base)})
    rows: list[Row] = [
        (month.name, code, name, told[code], kept[code] if told[code] else None)
        for code, name in _names(base)
        if base[code]
    ]
    total, in_time = sum(base.values()), sum(kept.values())
    # Kept in time, told of all and of all neighbourhoods but some, would give those away
    tell = total and not small(total) and None not in told.values()
    return [*rows, (month.name, TOTAL, "", None if small(total) else total, in_time if tell else None)]


def _events(month: Period) -> list[Row]:
    start, end = month.instants()
    rows = Event.objects.filter(public=True, starts_at__gte=start, starts_at__lt=end)
    shown = rows.exclude(state=Event.State.DRAFT).select_related("area").order_by("starts_at", "ref")
    return [
        (month.name, one.ref, one.title, one.kind, one.state, one.area.code, one.area.name, _london(one.starts_at),
         _london(one.ends_at), None if one.attended is None or small(one.attended) else one.attended)
        for one in shown
    ]  # fmt: skip


def _promises(month: Period) -> list[Row]:
    """Those that were open on some day of the month."""
    _, end = month.instants()
    rows = priorities.public_promises().filter(published_at__lt=end).select_related("area")
    shown = rows.filter(Q(ended_on=None) | Q(ended_on__gte=month.start)).order_by("ref")
    return [
        (month.name, one.ref, one.area.code, one.area.name, one.said, one.will_do, one.first_due_on, one.due_on,
         one.state, one.ended_on, max(0, (month.end - one.due_on).days) if one.state == Promise.State.OPEN else 0)
        for one in shown
    ]  # fmt: skip


def _members(month: Period) -> list[Row]:
    counts = _by_neighbourhood(members.confirmed_by_area())
    told = suppress_by({code: counts[code] for code in sorted(counts)})
    total = sum(counts.values())
    rows: list[Row] = [(month.name, code, name, told[code]) for code, name in _names(counts)]
    return [*rows, (month.name, TOTAL, "", None if small(total) else total)]


def _names(counts: dict[str, int]) -> list[tuple[str, str]]:
    names = dict(_neighbourhoods().values_list("code", "name"))
    return [(code, names.get(code, "")) for code in sorted(counts)]


def _neighbourhoods() -> QuerySet[Area]:
    return places.neighbourhoods().filter(kind__in=Area.ADMINISTRATIVE).order_by("code")


def _by_neighbourhood(counts: dict[int | None, int]) -> dict[str, int]:
    """Counts by area, added up by the neighbourhood that the area is or lies in."""
    codes = dict(_neighbourhoods().values_list("pk", "code"))
    found = dict.fromkeys([*codes.values(), ELSEWHERE], 0)
    of = places.among(codes)
    for area, n in counts.items():
        found[codes[of[area]] if area is not None and area in of else ELSEWHERE] += n
    return found


def _london(moment: datetime) -> str:
    return moment.astimezone(clock.LONDON).isoformat(timespec="seconds")


_CODE = Column(
    "area_code", "string", "Code of the area, as in /api/v1/areas; all: the force; elsewhere: no neighbourhood"
)
_NAME = Column("area_name", "string", "Name of the area")
HIDDEN = "Empty where it is from 1 to 4, or where it would give such a number away"

TABLES = [
    Table(
        "alerts",
        "Public alerts sent, by area and type. One about several areas stands under each, so that they do not add up",
        [
            _month(),
            _CODE,
            _NAME,
            Column("area_kind", "string", "force, policing-area, sector or ward"),
            Column("type", "string", "Type of alert, as in /api/v1/alert-types"),
            Column("alerts", "integer", "How many were sent"),
        ],
        ["month", "area_code", "type"],
        _alerts,
    ),
    Table(
        "ratings",
        "What recipients thought of public alerts sent in the month, by type",
        [
            _month(),
            Column("type", "string", "Type of alert; “all” is every type"),
            Column("ratings", "integer", f"How many people rated one. {HIDDEN}"),
            Column("mean", "decimal", "Mean of their ratings, from 1 to 6. Empty where the number is"),
        ],
        ["month", "type"],
        _ratings,
    ),
    Table(
        "reply-promise",
        "Answers that residents were promised for the month, by neighbourhood, and how many came in time",
        [
            _month(),
            _CODE,
            _NAME,
            Column("due", "integer", f"Answers that were due. {HIDDEN}"),
            Column("in_time", "integer", "How many of those came in time. Empty where the number of those due is"),
        ],
        ["month", "area_code"],
        _promise,
    ),
    Table(
        "events",
        "Public meetings and events of the month",
        [
            _month(),
            Column("ref", "string", "As in the address of its page, /events/<ref>/"),
            Column("title", "string", "What it was called"),
            Column("kind", "string", "pact, ward, surgery, cafe, school, stall, scrutiny, advisory, forum or other"),
            Column("state", "string", "published, or cancelled"),
            _CODE,
            _NAME,
            Column("starts", "dateTime", "In London"),
            Column("ends", "dateTime", "In London"),
            Column("attended", "integer", "About how many people came. Empty where nobody counted, or from 1 to 4"),
        ],
        ["ref"],
        _events,
    ),
    Table(
        "promises",
        "Promises that were open on some day of the month, as they stood when the bundle was made",
        [
            _month(),
            Column("ref", "string", "As in the address of its page, /promises/<ref>/"),
            _CODE,
            _NAME,
            Column("said", "string", "What was said to us"),
            Column("will_do", "string", "What we said we would do"),
            Column("first_due_on", "date", "The day that was promised at first"),
            Column("due_on", "date", "The day that stands now"),
            Column("state", "string", "open, kept, partly or could-not"),
            Column("ended_on", "date", "The day it was kept or given up"),
            Column("overdue_days", "integer", "For how many days it was overdue at the end of the month, while open"),
        ],
        ["ref"],
        _promises,
    ),
    Table(
        "members",
        "Residents who have joined and confirmed, by the neighbourhood they live in, on the day the bundle was made",
        [_month(), _CODE, _NAME, Column("members", "integer", f"How many people. {HIDDEN}")],
        ["month", "area_code"],
        _members,
    ),
]
