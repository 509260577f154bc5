"""What issues, lists and promises count for the force's figures, and two measures of the 2025 Neighbourhood Policing
Guarantee about answers and named officers: registered in core.measures and core.panels, kept and shown by insight. One
statement a figure, for all areas at once; areas above the lowest get the sum of those below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from peelian.accounts import queries as accounts
from peelian.accounts.models import Team
from peelian.core import clock
from peelian.core.measures import Measure, Observation, register
from peelian.core.panels import EngagementSource, Scope, engagement_sources
from peelian.core.periods import Period
from peelian.places import queries as places
from peelian.places.sums import KINDS, Observed, Row, by_area, counted, of_base, parents, within
from peelian.priorities.queries.lists import list_kind

PROMISES = "What people raise is followed to its end"
GUARANTEE = "Neighbourhood Policing Guarantee"
SOURCE = "Peelian, priorities"
Rows = Callable[[Period, int | None], list[Row]]  # of a period and, where one is asked for, a team

# The end of the period, or now where it has not ended: what stands at one moment is asked for then
AGREED = """
    SELECT a.id, (EXISTS (SELECT FROM priorities_cycle c WHERE c.sector_id = a.id AND (
               (c.agreed_at < %(moment)s AND c.agreed_at >= %(moment)s - interval '14 days')
               OR (c.last_at < %(moment)s AND c.last_at >= %(moment)s - interval '14 days'))))::int, 1
      FROM places_area a WHERE a.valid_to IS NULL AND a.kind = %(kind)s
       AND EXISTS (SELECT FROM priorities_cycle WHERE agreed_at < %(moment)s)"""
REVIEWED = """
    SELECT p.sector_id, count(*) FILTER (WHERE EXISTS (
               SELECT FROM priorities_decision d WHERE d.priority_id = p.id AND d.what <> 'dropped'
                  AND d.at < %(moment)s AND d.at >= %(moment)s - interval '3 months')), count(*)
      FROM priorities_priority p
     WHERE p.opened_on <= %(day)s AND (p.closed_on IS NULL OR p.closed_on > %(day)s) GROUP BY 1"""
_TEAM = "(%(team)s::bigint IS NULL OR p.team_id = %(team)s)"
_PUBLIC = f"p.published_at < %(moment)s AND {_TEAM}"
_OPEN = f"{_PUBLIC} AND (p.ended_on IS NULL OR p.ended_on > %(day)s)"
_EVER = "EXISTS (SELECT FROM priorities_promise WHERE published_at < %(moment)s)"
MADE = f"""
    SELECT p.area_id, count(*), NULL::bigint FROM priorities_promise p
     WHERE p.published_at >= %(since)s AND p.published_at < %(until)s AND {_TEAM} GROUP BY 1"""
OPEN = f"SELECT p.area_id, count(*), NULL::bigint FROM priorities_promise p WHERE {_OPEN} GROUP BY 1"
OVERDUE = f"""
    SELECT p.area_id, count(*), NULL::bigint FROM priorities_promise p
     WHERE {_OPEN} AND p.due_on < %(day)s GROUP BY 1"""
KEPT = f"""
    SELECT p.area_id, count(*), NULL::bigint FROM priorities_promise p
     WHERE p.state IN ('kept', 'partly') AND p.ended_on >= %(first)s AND p.ended_on <= %(last)s AND {_TEAM}
     GROUP BY 1"""
# By the day that was promised at first, however often it was moved; those whose day is still to come are in neither
IN_TIME = f"""
    SELECT p.area_id, count(*) FILTER (WHERE p.state = 'kept' AND p.ended_on <= p.first_due_on), count(*)
      FROM priorities_promise p
     WHERE p.first_due_on >= %(first)s AND p.first_due_on <= %(last)s AND p.first_due_on < %(today)s AND {_TEAM}
     GROUP BY 1"""
# Of what was written long enough ago to know; what was passed on as intelligence counts neither for nor against
ANSWERED = """
    SELECT w.area_id, count(*) FILTER (WHERE w.ended_at <= w.began_at + interval '72 hours'), count(*)
      FROM conversations_wait w
     WHERE w.began_at >= %(since)s AND w.began_at < least(%(until)s, now() - interval '72 hours')
       AND w.outcome <> 'passed-on' GROUP BY 1"""


def asked(statement: str) -> Rows:
    def rows(period: Period, team_id: int | None = None) -> list[Row]:
        since, until = period.instants()
        moment: datetime = min(until, clock.now())
        values: dict[str, Any] = {
            "since": since,
            "until": until,
            "moment": moment,
            "day": min(period.end, clock.today()),
            "first": period.start,
            "last": period.end,
            "today": clock.today(),
            "team": team_id,
            "kind": list_kind(),
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return [(row[0], float(row[1]), None if row[2] is None else float(row[2])) for row in cursor.fetchall()]

    return rows


def named(period: Period, team_id: int | None = None) -> list[Row]:
    """Of each neighbourhood: whether the page about it names somebody of its nearest teams, as residents read it."""
    areas = parents()
    shown: dict[int | None, bool] = {}
    for team in Team.objects.prefetch_related("areas"):
        names = any(one.name for one in accounts.public_people(team))
        ids: list[int | None] = [area.pk for area in team.areas.all()]
        for area_id in ids or [None]:
            shown[area_id] = shown.get(area_id, False) or names
    found: list[Row] = []
    for area in places.neighbourhoods().only("pk"):
        at: int | None = area.pk
        while at is not None and at not in shown:
            at = areas[at][0] if at in areas else None
        found.append((area.pk, float(shown.get(at, False)), 1.0))
    return found


def _began(period: Period) -> bool:
    """No promises before there was any are no observation of nought."""
    _, until = period.instants()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_EVER}", {"moment": until})
        return bool(cursor.fetchone()[0])


def _measure(code: str, name: str, definition: str, numerator: str, rows: Rows, **more: Any) -> None:
    """Register a share (with a `denominator`), or a count of promises."""
    share = bool(more.get("denominator"))
    observed: Observed = of_base if share else counted

    def compute(period: Period, area_id: int | None) -> Observation | None:
        return observed(within(rows(period, None), area_id)) if share or _began(period) else None

    def compute_areas(period: Period) -> Mapping[int, Observation]:
        return by_area(rows(period, None), observed) if share or _began(period) else {}

    fields: dict[str, Any] = {
        "aim": PROMISES,
        "unit": "%" if share else "promises",
        "denominator": "",
        "source": SOURCE,
        "kinds": KINDS,
    }
    if share:
        fields.update(per=100, places=1, adds_up=False)
    register(
        Measure(
            code=code,
            name=name,
            definition=definition,
            numerator=numerator,
            compute=compute,
            compute_areas=compute_areas,
            **{**fields, **more},
        )
    )


_measure(
    "lists-agreed", "Lists of priorities agreed within 14 days",
    "Of the sectors (policing areas where the force has none) at the end of the month, those whose list of priorities"
    " was agreed within the 14 days before.",
    "Sectors whose list was agreed", asked(AGREED), denominator="Sectors", good="up",
)  # fmt: skip
_measure(
    "priorities-reviewed", "Priorities reviewed within three months",
    "Of the priorities that stood on a list at the end of the month, those about which a decision was recorded within"
    " the three months before.",
    "Priorities reviewed", asked(REVIEWED), denominator="Priorities on a list", good="up", aim=GUARANTEE,
)  # fmt: skip
_measure(
    "promises-made", "Promises made", "Promises that became public in the month, each once.",
    "Promises", asked(MADE),
)  # fmt: skip
_measure(
    "promises-kept", "Promises kept", "Promises that ended in the month as kept, wholly or in part.",
    "Promises kept", asked(KEPT), good="up",
)  # fmt: skip
_measure(
    "promises-open", "Promises open", "Public promises that had not ended by the end of the month.",
    "Promises open", asked(OPEN), adds_up=False,
)  # fmt: skip
_measure(
    "promises-overdue", "Promises overdue",
    "Public promises that had not ended by the end of the month and whose day had passed.",
    "Promises overdue", asked(OVERDUE), good="down", adds_up=False,
)  # fmt: skip
_measure(
    "promises-in-time", "Promises kept in time",
    "Of the promises whose first day fell in the month and has passed, those wholly kept on or before it. A day that"
    " was moved counts as it was promised at first.",
    "Promises kept in time", asked(IN_TIME), denominator="Promises due", good="up", adds_up=True,
)  # fmt: skip
_measure(
    "answered-72-hours", "Answered within 72 hours",
    "Of the times that residents began to wait for an answer in the month, those answered, or closed with a reason,"
    " within 72 hours by the clock. What was passed on as intelligence is left out, and what was written in the last 72"
    " hours.",
    "Times answered within 72 hours", asked(ANSWERED), denominator="Times that residents waited", good="up",
    aim=GUARANTEE, adds_up=True, source="Peelian, conversations",
)  # fmt: skip
_measure(
    "named-officer", "Neighbourhoods with a named officer",
    "Of the neighbourhoods, those whose page names somebody of their nearest team whom residents can write to there.",
    "Neighbourhoods whose page names somebody", named, denominator="Neighbourhoods", good="up", aim=GUARANTEE,
    as_it_stands=True, source="Peelian, the pages of neighbourhoods",
)  # fmt: skip


# On the engagement page -----------------------------------------------------------------------------------------------


def _count(rows: Rows) -> Callable[[Scope], int]:
    def count(scope: Scope) -> int:
        return round(sum(n for _, n, _ in within(rows(scope.period, scope.team_id), scope.area_id)))

    return count


for _code, _label, _statement, _good in (
    ("promises.made", "Promises made", MADE, None),
    ("promises.kept", "Promises kept, wholly or in part", KEPT, "up"),
    ("promises.overdue", "Promises overdue at the end", OVERDUE, "down"),
):
    engagement_sources.add(
        _code,
        EngagementSource(_code, _label, _count(asked(_statement)), part="promise", good=_good),  # type: ignore[arg-type]
    )
