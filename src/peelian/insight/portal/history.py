"""Month by month: how many members, who joined, what was sent and what came back, for any number of neighbourhoods or
teams at once. Five statements, whatever is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import connection

from peelian.core.periods import Period

Kind = Literal["area", "team"]
# Whose the lowest areas are: each area's own and those below it; each team's areas and those below them
_SCOPE = {
    "area": """WITH RECURSIVE scope(key, area) AS (
        SELECT id, id FROM places_area WHERE id = ANY(%(keys)s)
         UNION SELECT s.key, a.id FROM scope s JOIN places_area a ON a.parent_id = s.area)""",
    "team": """WITH RECURSIVE scope(key, area) AS (
        SELECT team_id, area_id FROM accounts_team_areas WHERE team_id = ANY(%(keys)s)
         UNION SELECT s.key, a.id FROM scope s JOIN places_area a ON a.parent_id = s.area)""",
}
_MEMBERS = """{scope}
SELECT s.key, to_char(d.day, 'YYYY-MM'), sum(d.members), sum(d.incommunicado)
  FROM insight_standingday d JOIN scope s ON s.area = d.area_id
 WHERE d.day IN (SELECT max(day) FROM insight_standingday WHERE day BETWEEN %(first)s AND %(last)s
                  GROUP BY date_trunc('month', day))
 GROUP BY 1, 2
"""
# Said as lists, the index finds these areas day by day, and what others had is not read
_JOINED = """{scope}
SELECT s.key, to_char(u.day, 'YYYY-MM'), sum(u.joined)
  FROM insight_signup u JOIN scope s ON s.area = u.area_id
 WHERE u.dimension = '' AND u.day BETWEEN %(first)s AND %(last)s
   AND u.whole_month IN (false, true) AND u.area_id = ANY(ARRAY(SELECT area FROM scope))
 GROUP BY 1, 2
"""
_ALERTS = """
SELECT x.key, to_char(k.day, 'YYYY-MM'), count(*), sum(k.emails + k.texts + k.calls)
  FROM insight_alertcount k {keys}
 WHERE k.day BETWEEN %(first)s AND %(last)s AND x.key = ANY(%(keys)s) {few} GROUP BY 1, 2
"""
_ANSWERS = """
SELECT x.key, to_char(d.day, 'YYYY-MM'), sum(d.replies), sum(d.ratings), sum(d.rating_total)
  FROM insight_alertday d JOIN insight_alertcount k ON k.alert_id = d.alert_id {keys}
 WHERE d.day BETWEEN %(first)s AND %(last)s AND x.key = ANY(%(keys)s) {few} GROUP BY 1, 2
"""
_WAITS = """{scope}
SELECT {key}, to_char(w.due_at AT TIME ZONE 'Europe/London', 'YYYY-MM'), count(*),
       count(*) FILTER (WHERE w.ended_at <= w.due_at)
  FROM conversations_wait w {whose} AND w.due_at >= %(from)s AND w.due_at < %(until)s AND w.outcome <> 'passed-on'
   AND (w.ended_at IS NOT NULL OR w.due_at <= now())
 GROUP BY 1, 2
"""
_KEYS = {
    "area": "CROSS JOIN LATERAL unnest(k.areas) x(key)",
    "team": "CROSS JOIN LATERAL (SELECT k.team_id) x(key)",
}
# Of few areas an alert is looked at before its areas are taken apart; of many that would be the longer way
A_FEW = 5
_OF_FEW = "AND k.areas && %(keys)s::bigint[]"
_WHOSE = {
    "area": ("s.key", "JOIN scope s ON s.area = w.area_id WHERE true"),
    "team": ("w.team_id", "WHERE w.team_id = ANY(%(keys)s)"),
}


@dataclass
class Month:
    """One month of one neighbourhood or team. `members` None: nobody counted then."""

    members: int | None = None
    incommunicado: int = 0
    joined: int = 0
    alerts: int = 0
    messages: int = 0
    replies: int = 0
    ratings: int = 0
    rating_total: int = 0
    due: int = 0  # answers that were promised for this month, or given before
    kept: int = 0


@dataclass
class History:
    months: dict[str, Month] = field(default_factory=dict)  # by the month's name

    def of(self, month: Period) -> Month:
        return self.months.get(month.name, Month())


def histories(kind: Kind, keys: Sequence[int], months: Sequence[Period]) -> dict[int, History]:
    """Of each area or team with these ids, over calendar months that follow one another."""
    whole = Period(months[0].start, months[-1].end)
    began, until = whole.instants()
    given: dict[str, Any] = {
        "keys": list(keys), "first": whole.start, "last": whole.end, "from": began, "until": until,
    }  # fmt: skip
    found = {key: History() for key in keys}
    statements: list[tuple[str, tuple[str, ...]]] = [
        (_MEMBERS, ("members", "incommunicado")),
        (_JOINED, ("joined",)),
        (_ALERTS, ("alerts", "messages")),
        (_ANSWERS, ("replies", "ratings", "rating_total")),
        (_WAITS, ("due", "kept")),
    ]
    with connection.cursor() as cursor:
        for statement, names in statements:
            cursor.execute(_written(statement, kind, few=kind == "area" and len(keys) <= A_FEW), given)
            for key, month, *numbers in cursor.fetchall():
                if key in found:
                    row = found[key].months.setdefault(month, Month())
                    for name, number in zip(names, numbers, strict=True):
                        setattr(row, name, int(number or 0))
    return found


def _written(statement: str, kind: Kind, *, few: bool) -> str:
    key, whose = _WHOSE[kind]
    given = {"scope": _SCOPE[kind], "keys": _KEYS[kind], "key": key, "whose": whose, "few": _OF_FEW if few else ""}
    return statement.format(**given)
