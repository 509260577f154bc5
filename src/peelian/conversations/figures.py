"""How quickly residents are answered: by team, by ward, and for the public. Read from waits by index, in one statement
each; messages are never counted.

A wait counts once its answer is due or given, in the 90 days up to now. It was kept when it ended, by an answer or by
closing with a reason, no later than was promised. What was passed on as intelligence counts neither way. Under five,
nothing is said; and in public nothing that, taken from the figure of the area around it, would leave what is not said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext

from peelian.accounts.models import Staff
from peelian.accounts.queries import nearest_team, teams_in_scope
from peelian.conversations import promise, waits
from peelian.core import clock, wording
from peelian.core.statistics import Estimate, proportion
from peelian.core.suppression import suppress_tree
from peelian.places import queries as places
from peelian.places.models import Area

DAYS = 90
LEAST = 5  # fewer could point at somebody
SECONDS_KEPT = 60  # of which areas are told: all are looked at for each
_BASE = "count(*) FILTER (WHERE w.ended_at IS NOT NULL OR w.due_at <= %(now)s) AS base"
_COUNTS = f"""{_BASE},
    count(*) FILTER (WHERE w.ended_at <= w.due_at) AS kept,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM w.ended_at - w.began_at))
        FILTER (WHERE w.first AND w.outcome = 'answered') AS median,
    count(*) FILTER (WHERE w.first AND w.outcome = 'answered') AS answers"""
_WINDOW = "w.due_at > %(since)s AND w.outcome <> 'passed-on'"


@dataclass(frozen=True)
class Kept:
    """One row of a table. Under five there is no share and no median."""

    name: str
    base: int
    kept: int
    median: float | None  # seconds from the first words to the first answer
    answers: int  # that the median rests on

    @property
    def share(self) -> Estimate | None:
        return proportion(self.kept, self.base) if self.base >= LEAST else None

    @property
    def said(self) -> str:
        """ "41 of 45 (91%; 79% to 96%)"."""
        share = self.share
        if share is None:
            return "fewer than 5" if self.base else "none yet"
        between = f"{share.low:.0%} to {share.high:.0%}"
        return f"{self.kept:,} of {self.base:,} ({wording.share(self.kept, self.base)}; {between})"

    @property
    def median_said(self) -> str:
        """ "7 hours, from 41 first answers"."""
        if self.median is None or self.answers < LEAST:
            return "fewer than 5" if self.answers else "none yet"
        return f"{_span(self.median)}, from {wording.plural_count(self.answers, 'first answer')}"


def _span(seconds: float) -> str:
    hours = seconds / 3600
    if hours < 1:
        return wording.plural_count(max(1, round(seconds / 60)), "minute")
    if hours < 48:
        return wording.plural_count(round(hours), "hour")
    return f"{hours / 24:.1f} days"


def by_team(staff: Staff) -> list[Kept]:
    """The teams in the person's scope, by name."""
    return _rows(
        "SELECT t.name, " + _COUNTS + f" FROM accounts_team t LEFT JOIN conversations_wait w"
        f" ON w.team_id = t.id AND {_WINDOW} WHERE t.id = ANY(%(teams)s) GROUP BY t.id, t.name ORDER BY t.name",
        teams=_teams(staff),
    )


def by_ward(staff: Staff) -> list[Kept]:
    """The wards whose residents waited for a team in the person's scope, by name."""
    return _rows(
        "SELECT a.name, " + _COUNTS + f" FROM conversations_wait w JOIN places_area a ON a.id = w.area_id"
        f" WHERE w.team_id = ANY(%(teams)s) AND {_WINDOW} GROUP BY a.id, a.name ORDER BY a.name",
        teams=_teams(staff),
    )


def _teams(staff: Staff) -> list[int]:
    return list(teams_in_scope(staff).values_list("pk", flat=True))


def _rows(query: str, **given: list[int]) -> list[Kept]:
    return [Kept(*row) for row in _asked(query, **given)]


def _asked(query: str, **given: list[Any]) -> list[tuple[Any, ...]]:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(query, {"now": now, "since": now - timedelta(days=DAYS), **given})
        return list(cursor.fetchall())


def of_area(area: Area) -> Kept:
    """A neighbourhood with all below it."""
    ids = list(places.with_descendants([area.pk]))
    (row,) = _rows(
        f"SELECT '', {_COUNTS} FROM conversations_wait w WHERE w.area_id = ANY(%(areas)s) AND {_WINDOW}", areas=ids
    )
    return row


def kept_between(start: datetime, end: datetime) -> dict[int | None, tuple[int, int]]:
    """Area → how many answers were due from START up to END, and how many of those came in time. As counted: whoever
    tells it hides small numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT area_id, count(*), count(*) FILTER (WHERE ended_at <= due_at) FROM conversations_wait"
            " WHERE due_at >= %s AND due_at < %s AND outcome <> 'passed-on' GROUP BY area_id",
            [start, end],
        )
        return {area: (base, kept) for area, base, kept in cursor.fetchall()}


def told_areas() -> frozenset[int]:
    """The areas whose figure may stand in public beside those around and in them."""
    rows = _asked(
        f"SELECT a.id, a.parent_id, w.base FROM places_area a CROSS JOIN LATERAL (SELECT {_BASE}"
        f" FROM conversations_wait w WHERE w.area_id = a.id AND {_WINDOW}) w WHERE a.kind = ANY(%(kinds)s)",
        kinds=[str(kind) for kind in Area.ADMINISTRATIVE],
    )
    parents = {pk: above for pk, above, _ in rows if above is not None}
    counts = dict.fromkeys((pk for pk, _, _ in rows), 0)
    for pk, _, base in rows:
        at: int | None = pk
        while at in counts:
            counts[at] += base
            at = parents.get(at)
    told = suppress_tree(counts, {pk: above for pk, above in parents.items() if above in counts})
    return frozenset(pk for pk, count in told.items() if count is not None)


def in_public(area: Area) -> str:
    """ "We answer within three working days: 41 of 45 in the last 90 days." Empty where nobody looks after the area."""
    team = nearest_team(area)
    if team is None:
        return ""
    target = promise.target_in_words(waits.desk_of(team))
    found = of_area(area)
    told = cache.get_or_set("conversations.told_areas", told_areas, SECONDS_KEPT) or frozenset()
    if found.base < LEAST or area.pk not in told:
        return gettext("We answer within %(target)s.") % {"target": target}
    figures = {"target": target, "kept": f"{found.kept:,}", "base": f"{found.base:,}", "days": DAYS}
    return gettext("We answer within %(target)s: %(kept)s of %(base)s in the last %(days)s days.") % figures
