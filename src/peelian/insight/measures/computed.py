"""The measures that Peelian computes from what the apps below insight keep. Each is one statement for the whole force
and one for all administrative areas at once; areas above the lowest get the sum of those below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection

from peelian.core.measures import Measure, Observation, register
from peelian.core.periods import Period
from peelian.places.models import Area

KINDS = (Area.Kind.POLICING_AREA, Area.Kind.SECTOR, Area.Kind.WARD)
TAKING_PART = "Increase in public participation"
ANSWERING = "Residents who write are answered"
USEFUL = "Messages that residents find useful"
Parts = tuple[float, float | None]
# From parameters (the instants of a period) to rows (area id or None, numerator, denominator)
REGISTERED = """
    SELECT area_id, count(*), NULL::bigint FROM members_member
    WHERE left_at IS NULL AND confirmed_at < %(until)s GROUP BY area_id"""
CONTACTABLE = """
    SELECT m.area_id, count(a.member_id), count(*)
    FROM members_member m LEFT JOIN members_audience a ON a.member_id = m.id AND a.kind = 0 AND a.reachable <> 0
    WHERE m.left_at IS NULL AND m.confirmed_at < %(until)s GROUP BY m.area_id"""
# As conversations.figures counts: by when the answer was due, none of what was passed on as intelligence
PROMISE = """
    SELECT area_id, count(*) FILTER (WHERE ended_at <= due_at), count(*) FROM conversations_wait
    WHERE due_at >= %(since)s AND due_at < %(until)s AND outcome <> 'passed-on' GROUP BY area_id"""
_SENT = """
    a.sent_at >= %(since)s AND a.sent_at < %(until)s AND NOT a.practice
    AND a.state IN ('sent', 'recalled', 'withdrawn')"""
ALERTS = f"SELECT NULL::bigint, count(*), NULL::bigint FROM alerts_alert a WHERE {_SENT}"
RATING = f"""
    SELECT NULL::bigint, coalesce(sum(r.rating_total), 0), coalesce(sum(r.ratings), 0)
    FROM alerts_rollup r JOIN alerts_alert a ON a.id = r.alert_id WHERE {_SENT}"""
_IN_AREA = "JOIN alerts_alertarea s ON s.alert_id = a.id"
ALERTS_BY_AREA = f"SELECT s.area_id, count(*), NULL::bigint FROM alerts_alert a {_IN_AREA} WHERE {_SENT} GROUP BY 1"
RATING_BY_AREA = f"""
    SELECT s.area_id, coalesce(sum(r.rating_total), 0), coalesce(sum(r.ratings), 0)
    FROM alerts_rollup r JOIN alerts_alert a ON a.id = r.alert_id {_IN_AREA} WHERE {_SENT} GROUP BY 1"""


def _rows(statement: str, period: Period) -> list[tuple[int | None, float, float | None]]:
    since, until = period.instants()
    with connection.cursor() as cursor:
        cursor.execute(statement, {"since": since, "until": until})
        return [(row[0], float(row[1]), None if row[2] is None else float(row[2])) for row in cursor.fetchall()]


def _added(rows: Sequence[tuple[Any, float, float | None]]) -> Parts:
    bases = [base for _, _, base in rows if base is not None]
    return sum(n for _, n, _ in rows), sum(bases) if bases else None


def _observed(parts: Parts, *, is_count: bool) -> Observation | None:
    """None where there was nothing to take a share of: no figure, rather than a share of nothing."""
    numerator, denominator = parts
    if is_count:
        return Observation(numerator)
    return Observation(numerator, denominator) if denominator else None


def _force(statement: str, *, is_count: bool) -> Callable[[Period, int | None], Observation | None]:
    def compute(period: Period, area_id: int | None) -> Observation | None:
        rows = _rows(statement, period)
        if area_id is None:
            return _observed(_added(rows), is_count=is_count)
        return _by_area(rows, is_count=is_count).get(area_id)

    return compute


def _areas(statement: str, *, is_count: bool) -> Callable[[Period], Mapping[int, Observation]]:
    return lambda period: _by_area(_rows(statement, period), is_count=is_count)


def _from_the_first_alert(
    compute: Callable[[Period, int | None], Observation | None],
) -> Callable[[Period, int | None], Observation | None]:
    """No alerts before there was any are no observation of nought."""
    return lambda period, area_id: compute(period, area_id) if _alerts_went_out(period) else None


def _alerts_went_out(period: Period) -> bool:
    """Whether alerts went out from here before the period began, or on its first day."""
    _, day_after = Period(period.start, period.start).instants()
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM alerts_alert WHERE sent_at < %s)", [day_after])
        return bool(cursor.fetchone()[0])


def _by_area(rows: Sequence[tuple[int | None, float, float | None]], *, is_count: bool) -> dict[int, Observation]:
    """What stands at an area, and at all below it."""
    tree = dict(Area.objects.filter(valid_to=None, kind__in=Area.ADMINISTRATIVE).values_list("pk", "parent_id"))
    kinds = dict(Area.objects.filter(valid_to=None, kind__in=KINDS).values_list("pk", "kind"))
    sums: dict[int, list[tuple[Any, float, float | None]]] = {}
    for row in rows:
        at = row[0]
        while at is not None and at in tree:
            sums.setdefault(at, []).append(row)
            at = tree[at]
    found = {pk: _observed(_added(below), is_count=is_count) for pk, below in sums.items() if pk in kinds}
    if is_count:
        found |= {pk: Observation(0.0) for pk in kinds if pk not in found}
    return {pk: one for pk, one in found.items() if one is not None}


def _as_sent(statement: str, *, is_count: bool) -> Callable[[Period], Mapping[int, Observation]]:
    """Of alerts: an area's own, not added up, since one alert may name several areas below another."""

    def compute(period: Period) -> Mapping[int, Observation]:
        if not _alerts_went_out(period):
            return {}
        kinds = Area.objects.filter(valid_to=None, kind__in=KINDS).values_list("pk", flat=True)
        rows = {row[0]: row[1:] for row in _rows(statement, period)}
        found = {pk: _observed(rows.get(pk, (0.0, None)), is_count=is_count) for pk in kinds}
        return {pk: one for pk, one in found.items() if one is not None}

    return compute


register(
    Measure(
        code="members-registered",
        name="People registered",
        aim=TAKING_PART,
        definition="People who have registered and confirmed, and have not left, at the end of the month.",
        unit="people",
        numerator="People registered and confirmed",
        denominator="",
        source="Peelian, the register of members",
        good="up",
        adds_up=False,
        as_it_stands=True,
        kinds=KINDS,
        compute=_force(REGISTERED, is_count=True),
        compute_areas=_areas(REGISTERED, is_count=True),
    )
)
register(
    Measure(
        code="members-contactable",
        name="People who can be reached",
        aim=TAKING_PART,
        definition="Of the people registered, those with at least one address that works and that they chose to use.",
        unit="%",
        numerator="People with an address that works",
        denominator="People registered and confirmed",
        source="Peelian, the register of members",
        good="up",
        per=100,
        places=1,
        adds_up=False,
        as_it_stands=True,
        kinds=KINDS,
        compute=_force(CONTACTABLE, is_count=False),
        compute_areas=_areas(CONTACTABLE, is_count=False),
    )
)
register(
    Measure(
        code="alerts-sent",
        name="Alerts sent",
        aim=USEFUL,
        definition="Alerts that went out in the month, each once whatever its channels. An area counts those about it.",
        unit="alerts",
        numerator="Alerts",
        denominator="",
        source="Peelian, alerts",
        good=None,
        kinds=KINDS,
        compute=_from_the_first_alert(_force(ALERTS, is_count=True)),
        compute_areas=_as_sent(ALERTS_BY_AREA, is_count=True),
    )
)
register(
    Measure(
        code="alert-rating",
        name="How residents rate alerts",
        aim=USEFUL,
        definition="The mean of the ratings, from 1 to 6, of alerts that went out in the month. Only those who choose"
        " to rate are heard.",
        unit="of 6",
        numerator="Sum of the ratings",
        denominator="Ratings",
        source="Peelian, ratings",
        good="up",
        per=1,
        places=2,
        kinds=KINDS,
        compute=_from_the_first_alert(_force(RATING, is_count=False)),
        compute_areas=_as_sent(RATING_BY_AREA, is_count=False),
    )
)
register(
    Measure(
        code="replies-in-time",
        name="Replies answered in the time we promise",
        aim=ANSWERING,
        definition="Of what residents wrote and an answer was due to in the month, the share answered, or closed with a"
        " reason, no later than promised. What was passed on as intelligence is left out.",
        unit="%",
        numerator="Answered in time",
        denominator="Answers due",
        source="Peelian, conversations",
        good="up",
        per=100,
        places=1,
        kinds=KINDS,
        compute=_force(PROMISE, is_count=False),
        compute_areas=_areas(PROMISE, is_count=False),
    )
)
