"""What events count for the force's figures: registered in core.measures and core.panels, kept and shown by insight.
One statement a figure, for all areas at once; areas above the lowest get the sum of those below."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import connection

from peelian.core.measures import Compute, Measure, Observation, register
from peelian.core.panels import EngagementSource, Scope, engagement_sources
from peelian.core.periods import Period
from peelian.places.sums import KINDS, Observed, Row, by_area, counted, of_base, within

TAKING_PART = "Increase in public participation"
SOURCE = "Peelian, events"
MEETINGS = "('pact', 'ward', 'surgery', 'cafe', 'forum', 'scrutiny', 'advisory')"
_HELD = "e.state = 'published' AND e.starts_at >= %(since)s AND e.starts_at < %(until)s AND e.ends_at <= now()"
_TEAM = "(%(team)s::bigint IS NULL OR {}.team_id = %(team)s)"
# From the instants of a period (and a team) to rows (area id, numerator, base or null)
HELD = f"""
    SELECT e.area_id, count(*), NULL::bigint FROM events_event e
    WHERE {_HELD} AND e.kind IN {MEETINGS} AND {_TEAM.format("e")} GROUP BY 1"""
# The base of people is the events that somebody counted: those without figures are in neither
CAME = f"""
    SELECT e.area_id, sum(e.attended), count(*) FROM events_event e
    WHERE {_HELD} AND e.attended IS NOT NULL AND {_TEAM.format("e")} GROUP BY 1"""
TALKS = f"""
    SELECT s.area_id, count(*), NULL::bigint FROM events_streetcontact s
    WHERE s.at >= %(since)s AND s.at < %(until)s AND {_TEAM.format("s")} GROUP BY 1"""
# Of every neighbourhood whether a version of its profile was not older than twelve months when the period ended
FRESH = """
    SELECT a.id, count(v.area_id), 1::bigint FROM places_area a LEFT JOIN (
        SELECT DISTINCT p.area_id FROM events_profile p JOIN events_profileversion v ON v.profile_id = p.id
         WHERE v.on < (%(until)s AT TIME ZONE 'Europe/London')::date
           AND v.on >= ((%(until)s AT TIME ZONE 'Europe/London')::date - interval '1 year')::date
    ) v ON v.area_id = a.id
    WHERE a.valid_to IS NULL AND a.kind = %(neighbourhood)s
      AND (%(team)s::bigint IS NULL OR %(team)s = (SELECT p.team_id FROM events_profile p WHERE p.area_id = a.id))
      AND EXISTS (SELECT 1 FROM events_profileversion w WHERE w.on < (%(until)s AT TIME ZONE 'Europe/London')::date)
    GROUP BY a.id"""


def rows(statement: str, period: Period, team_id: int | None = None) -> list[Row]:
    since, until = period.instants()
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {"since": since, "until": until, "team": team_id, "neighbourhood": settings.PEELIAN_NEIGHBOURHOOD_KIND},
        )
        return [(row[0], float(row[1]), None if row[2] is None else float(row[2])) for row in cursor.fetchall()]


def _compute(
    statement: str, observed: Observed, *, always: bool = False
) -> Compute:  # fmt: skip
    def compute(period: Period, area_id: int | None) -> Observation | None:
        return observed(within(rows(statement, period), area_id)) if always or _began(period) else None

    return compute


def _compute_areas(
    statement: str, observed: Observed, *, always: bool = False
) -> Callable[[Period], Mapping[int, Observation]]:
    def compute(period: Period) -> Mapping[int, Observation]:
        return by_area(rows(statement, period), observed) if always or _began(period) else {}

    return compute


def _began(period: Period) -> bool:
    """No events before there was any are no observation of nought: whether one was planned before the period ended."""
    _, until = period.instants()
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM events_event WHERE starts_at < %s)", [until])
        return bool(cursor.fetchone()[0])


register(
    Measure(
        code="meetings-held",
        name="Meetings held",
        aim=TAKING_PART,
        definition="PACT and ward meetings, police surgeries, World Cafés, forums and panels that took place in the"
        " month, each once. Stalls and school visits are not meetings.",
        unit="meetings",
        numerator="Meetings",
        denominator="",
        source=SOURCE,
        good="up",
        kinds=KINDS,
        compute=_compute(HELD, counted),
        compute_areas=_compute_areas(HELD, counted),
    )
)
register(
    Measure(
        code="event-people",
        name="People at an event",
        aim=TAKING_PART,
        definition="About how many people came to an event of the month, as the team counted: the mean over the events"
        " of which somebody said how many came. Somebody who came twice counts twice.",
        unit="people an event",
        numerator="People who came, counted at each event",
        denominator="Events with a figure",
        source=SOURCE,
        good="up",
        per=1,
        places=1,
        kinds=KINDS,
        compute=_compute(CAME, of_base),
        compute_areas=_compute_areas(CAME, of_base),
    )
)


register(
    Measure(
        code="profiles-fresh",
        name="Neighbourhoods with a fresh profile and plan",
        aim=TAKING_PART,
        definition="The share of neighbourhoods whose community profile and engagement plan were refreshed in the"
        " twelve months before the end of the month (R23 paragraph 49).",
        unit="%",
        numerator="Neighbourhoods refreshed in twelve months",
        denominator="Neighbourhoods",
        source=SOURCE,
        good="up",
        per=100,
        places=1,
        adds_up=False,
        kinds=KINDS,
        compute=_compute(FRESH, of_base, always=True),
        compute_areas=_compute_areas(FRESH, of_base, always=True),
    )
)


# On the engagement page -----------------------------------------------------------------------------------------------


def _count(statement: str) -> Callable[[Scope], int]:
    def count(scope: Scope) -> int:
        return round(sum(n for _, n, _ in within(rows(statement, scope.period, scope.team_id), scope.area_id)))

    return count


for _code, _label, _statement in (
    ("events.meetings", "Meetings held", HELD),
    ("events.people", "People met at events", CAME),
    ("events.street", "Talks in the street", TALKS),
):
    engagement_sources.add(_code, EngagementSource(_code, _label, _count(_statement), good="up"))
