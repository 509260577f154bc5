"""Reads of the panels' rows. Every one is a few statements on rows by day, however many messages went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Sum

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.core.panels import Scope
from peelian.core.periods import Period
from peelian.insight.models import StandingDay
from peelian.insight.panels.figures import Counts, Standing
from peelian.places import queries as places
from peelian.places.models import Area

TREND = 13  # months, so that the same month of the year before is in it
_SENT = """count(*), count(*) FILTER (WHERE k.emails > 0), count(*) FILTER (WHERE k.texts > 0),
       count(*) FILTER (WHERE k.calls > 0), coalesce(sum(k.emails), 0), coalesce(sum(k.texts), 0),
       coalesce(sum(k.calls), 0), coalesce(sum(k.text_pence), 0), coalesce(sum(k.call_pence), 0)"""
_BACK = """coalesce(sum(d.replies), 0), coalesce(sum(d.email_replies), 0), coalesce(sum(d.ratings), 0),
       coalesce(sum(d.rating_total), 0), coalesce(sum(d.visits), 0), coalesce(sum(d."left"), 0)"""
_NAMES = [one.name for one in fields(Counts)]


@dataclass(frozen=True)
class Wanted:
    """What a panel is asked for: a scope, and if wanted one type of alert or one organisation's alerts."""

    scope: Scope
    topic_id: int | None = None
    organisation_id: int | None = None
    team_ids: tuple[int, ...] | None = None  # only these teams' alerts

    def before(self) -> Wanted:
        return replace(self, scope=self.scope.before())

    def during(self, period: Period) -> Wanted:
        return replace(self, scope=replace(self.scope, period=period))


def areas_for(staff: Staff) -> list[Area]:
    """The administrative areas the person may ask about, the largest first."""
    within = accounts.scope_area_ids(staff)
    found = places.current_areas(within=within).filter(kind__in=Area.ADMINISTRATIVE).only("code", "name", "kind")
    order = {str(kind): number for number, kind in enumerate(Area.ADMINISTRATIVE)}
    return sorted(found, key=lambda one: (order[one.kind], one.name))


def counts(wanted: Wanted) -> Counts:
    """Alerts of the scope, and what came back on alerts of it in the period, whenever those went. An alert to a larger
    area is counted there and not here."""
    found = _by(wanted, "''")
    return found.get("", Counts())


def by_topic(wanted: Wanted) -> dict[int | None, Counts]:
    """The same for each type of alert; None: alerts without one."""
    return _by(wanted, "k.topic_id")


def by_team(wanted: Wanted) -> dict[int, Counts]:
    return _by(wanted, "k.team_id")


def by_author(wanted: Wanted) -> dict[int, Counts]:
    return _by(wanted, "k.author_id")


def by_month(wanted: Wanted, months: list[Period]) -> list[Counts]:
    """The same for each of these calendar months, which follow one another."""
    whole = wanted.during(Period(months[0].start, months[-1].end))
    found = _by(whole, "to_char(%(day)s, 'YYYY-MM')")
    return [found.get(month.name, Counts()) for month in months]


def months_up_to(period: Period, number: int = TREND) -> list[Period]:
    """So many calendar months, the last of them the one a period ends in."""
    found = [Period.month_of(period.end)]
    while len(found) < number:
        found.insert(0, found[0].previous())
    return found


def tools_by_team(wanted: Wanted) -> dict[tuple[int, str], int]:
    """(team, tool) → in how many alerts."""
    conditions, given = _conditions(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.team_id, tool, count(*) FROM insight_alertcount k CROSS JOIN unnest(k.tools) tool"
            f" WHERE k.day BETWEEN %(first)s AND %(last)s {conditions} GROUP BY 1, 2",
            given,
        )
        return {(team, tool): n for team, tool, n in cursor.fetchall()}


def _by(wanted: Wanted, key: str) -> dict[Any, Counts]:
    """Group by an SQL expression in which %(day)s stands for the day of what is counted."""
    conditions, given = _conditions(wanted)
    sent_key, back_key = key.replace("%(day)s", "k.day"), key.replace("%(day)s", "d.day")
    found: dict[Any, Counts] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {sent_key}, {_SENT} FROM insight_alertcount k"
            f" WHERE k.day BETWEEN %(first)s AND %(last)s {conditions} GROUP BY 1",
            given,
        )
        for name, *numbers in cursor.fetchall():
            found[name] = Counts(*numbers)
        cursor.execute(
            f"SELECT {back_key}, {_BACK} FROM insight_alertday d JOIN insight_alertcount k ON k.alert_id = d.alert_id"
            f" WHERE d.day BETWEEN %(first)s AND %(last)s {conditions} GROUP BY 1",
            given,
        )
        for name, *numbers in cursor.fetchall():
            back = dict(zip(_NAMES[-len(numbers) :], numbers, strict=True))
            found[name] = replace(found.get(name, Counts()), **back)
    return found


def _conditions(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    scope = wanted.scope
    given: dict[str, Any] = {"first": scope.period.start, "last": scope.period.end}
    conditions = ""
    if scope.area_id is not None:
        conditions += " AND k.areas @> ARRAY[%(area)s]::bigint[]"
        given["area"] = scope.area_id
    for column, value in (
        ("team_id", scope.team_id), ("topic_id", wanted.topic_id), ("organisation_id", wanted.organisation_id)
    ):  # fmt: skip
        if value is not None:
            conditions += f" AND k.{column} = %({column})s"
            given[column] = value
    if wanted.team_ids is not None:
        conditions += " AND k.team_id = ANY(%(teams)s)"
        given["teams"] = list(wanted.team_ids)
    return conditions, given


# How members stood ----------------------------------------------------------------------------------------------------


def standing(area_id: int | None, period: Period) -> Standing | None:
    """How the members of an area stood at the last count in a period; None where there was none. Who was contacted is
    said for whole calendar months only: over longer ones people would be counted twice."""
    below = None if area_id is None else places.with_descendants([area_id])
    rows = StandingDay.objects.filter(day__range=(period.start, period.end))
    day = rows.order_by("-day").values_list("day", flat=True).first()
    return None if day is None else _standing_on(day, below, month=period.kind == "month")


def _standing_on(day: date, below: Iterable[int] | None, *, month: bool) -> Standing:
    rows = StandingDay.objects.filter(day=day)
    if below is not None:
        rows = rows.filter(area__in=below)
    names = ("members", "comms_issues", "incommunicado", "contacted")
    sums = rows.aggregate(**{name: Sum(name) for name in names})
    found = _standing(sums)
    return found if month else replace(found, contacted=None)


def _standing(sums: dict[str, Any]) -> Standing:
    contacted = sums.get("contacted")
    return Standing(sums.get("members") or 0, sums.get("comms_issues") or 0, sums.get("incommunicado") or 0, contacted)


def standing_by_month(area_id: int | None, months: list[Period]) -> list[Standing | None]:
    """The same for each of these months, in three statements."""
    below = None if area_id is None else places.with_descendants([area_id])
    first, last = months[0].start, months[-1].end
    days = StandingDay.objects.filter(day__range=(first, last)).values_list("day", flat=True).distinct().order_by("day")
    last_of = {Period.month_of(day).name: day for day in days}
    rows = StandingDay.objects.filter(day__in=last_of.values())
    if below is not None:
        rows = rows.filter(area__in=below)
    names = ("members", "comms_issues", "incommunicado", "contacted")
    sums: dict[date, dict[str, Any]] = {
        row["day"]: dict(row) for row in rows.values("day").annotate(**{name: Sum(name) for name in names})
    }
    return [_standing(sums.get(last_of[month.name], {})) if month.name in last_of else None for month in months]


def last_counted() -> date | None:
    """The newest day for which there is a standing."""
    return StandingDay.objects.order_by("-day").values_list("day", flat=True).first()
