"""What surveys count for the force's figures: registered in core.measures and core.panels, kept by insight."""

from __future__ import annotations

from typing import Any

from django.db import connection

from peelian.core.measures import Measure, Observation, register
from peelian.core.panels import EngagementSource, Scope, engagement_sources
from peelian.core.periods import Period
from peelian.places import queries as places

AIM = "Increase in public participation"
SOURCE = "Peelian, surveys"
_ANSWERED = """
SELECT count(*) FROM surveys_answer a JOIN surveys_survey s ON s.id = a.survey_id
 WHERE a.day BETWEEN %(start)s AND %(end)s AND (%(team)s::bigint IS NULL OR s.team_id = %(team)s)
   AND (%(areas)s::bigint[] IS NULL OR a.area_id = ANY(%(areas)s))
"""
_RESPONSE = """
SELECT sum((SELECT count(*) FROM surveys_answer a WHERE a.survey_id = s.id AND a.how = 'invitation')), sum(i.invited)
  FROM surveys_survey s
  JOIN (SELECT m.survey_id, sum(d.recipients) AS invited FROM surveys_mailing m JOIN delivery_send d ON d.id = m.send_id
         WHERE m.kind = 'invitation' GROUP BY 1) i ON i.survey_id = s.id
 WHERE s.state = 'closed' AND s.closed_on BETWEEN %(start)s AND %(end)s
"""
_BEGAN = "SELECT EXISTS (SELECT 1 FROM surveys_answer WHERE day <= %(end)s)"


def answered(period: Period, area_ids: frozenset[int] | None = None, team_id: int | None = None) -> int:
    """Questionnaires answered in a period. Those of an anonymous survey have no area, and the day that is left of
    them."""
    values = {"start": period.start, "end": period.end, "team": team_id}
    return int(_one(_ANSWERED, values | {"areas": None if area_ids is None else sorted(area_ids)})[0])


def _one(sql: str, values: dict[str, Any]) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
        return tuple(int(value or 0) for value in row)


def _surveys_answered(period: Period, area_id: int | None) -> Observation | None:
    if not _one(_BEGAN, {"end": period.end})[0]:
        return None
    return Observation(answered(period, None if area_id is None else places.with_descendants([area_id])))


def _response_rate(period: Period, area_id: int | None) -> Observation | None:
    came, invited = _one(_RESPONSE, {"start": period.start, "end": period.end})
    if area_id is not None or not invited:
        return None
    return Observation(came, invited)


register(
    Measure(
        code="surveys-answered",
        name="Surveys answered",
        aim=AIM,
        definition="Questionnaires that residents answered in the month, by every way. Answers to anonymous surveys"
        " have no area, and of days on which fewer than ten answered they count in the week or month.",
        unit="answers",
        numerator="Answered questionnaires",
        denominator="",
        source=SOURCE,
        good="up",
        compute=_surveys_answered,
    )
)
register(
    Measure(
        code="survey-response",
        name="Response to surveys",
        aim=AIM,
        definition="Of the addresses invited to surveys that closed in the month, the share from which an answer came."
        " Answers by open links are in neither.",
        unit="%",
        numerator="Invitations answered",
        denominator="Addresses invited",
        source=SOURCE,
        good="up",
        per=100,
        places=1,
        compute=_response_rate,
    )
)


def _count(scope: Scope) -> int:
    below = None if scope.area_id is None else places.with_descendants([scope.area_id])
    return answered(scope.period, below, scope.team_id)


engagement_sources.add("surveys.answered", EngagementSource("surveys.answered", "Surveys answered", _count, good="up"))
