"""The answers of a survey as counts. One statement, whatever the number of questions and answers; no row of a person
leaves the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.db.models import Count

from peelian.core.suppression import small, suppress
from peelian.surveys import definition, reading
from peelian.surveys.definition import Question
from peelian.surveys.models import Answer, How, Mailing, Survey

INVITED, CHOSE = "invited", "chose"
WAYS = {
    "": "Everybody",
    INVITED: "Those we chose: by invitation, at the door, in the street, by telephone",
    CHOSE: "Those who chose to answer: open link, QR code, tablet, paper, after a conversation",
}
_WE_CHOSE = (How.INVITATION, How.DOORSTEP, How.STREET, How.TELEPHONE)
COUNTED = (*definition.CHOSEN, definition.RATING)
NOT_DRAWN = "-"
Cell = tuple[str, ...]

_SAID = """
WITH given AS (
  SELECT {cell} AS cell, a.answers FROM surveys_answer a
   WHERE a.survey_id = %(survey)s AND (%(how)s::text[] IS NULL OR a.how = ANY(%(how)s))
), asked AS (
  SELECT g.cell, q.key, q.value, jsonb_typeof(q.value) AS kind FROM given g, jsonb_each(g.answers) q
), said AS (
  SELECT cell, key, '' AS line, value #>> '{}' AS code FROM asked
   WHERE kind IN ('string', 'number') AND key = ANY(%(keys)s)
  UNION ALL
  SELECT cell, key, '', one FROM asked,
         jsonb_array_elements_text(CASE kind WHEN 'array' THEN value ELSE '[]' END) one WHERE key = ANY(%(keys)s)
  UNION ALL
  SELECT a.cell, a.key, one.key, one.value FROM asked a,
         jsonb_each_text(CASE a.kind WHEN 'object' THEN a.value ELSE '{}' END) one WHERE a.key = ANY(%(keys)s)
)
SELECT 'said', cell, key, line, code, count(*) FROM said GROUP BY 2, 3, 4, 5
UNION ALL SELECT 'asked', cell, key, '', '', count(*) FROM asked GROUP BY 2, 3
UNION ALL SELECT 'people', cell, '', '', '', count(*) FROM given GROUP BY 2
"""


@dataclass
class Tallies:
    """How many people, by cell: their answers to the questions they were counted by ("" where they gave none)."""

    people: Counter[Cell] = field(default_factory=Counter)
    asked: dict[str, Counter[Cell]] = field(default_factory=dict)  # of a question: who answered it
    said: dict[tuple[str, str, str], Counter[Cell]] = field(default_factory=dict)  # question, line of a grid, code

    @property
    def number(self) -> int:
        return self.people.total()

    def of(self, key: str, line: str, code: str) -> Counter[Cell]:
        return self.said.get((key, line, code), Counter())


def hows(way: str) -> list[str] | None:
    """The ways of answering that a choice of WAYS stands for; None for all."""
    if way == INVITED:
        return [str(how) for how in _WE_CHOSE]
    return [str(how) for how in How if how not in _WE_CHOSE] if way == CHOSE else None


def tallies(
    survey: Survey, asked: Sequence[Question], way: str = "", by: Sequence[str] = (), *, strata: bool = False
) -> Tallies:
    """Counts of the questions ASKED; with BY for each combination of answers to those questions (keys), and with STRATA
    also for each stratum of the invited, at the end, NOT_DRAWN for who came by another way."""
    parts = [f"coalesce(a.answers ->> %(by{at})s, '')" for at in range(len(by))]
    if strata:
        parts.append(f"CASE WHEN a.how = '{How.INVITATION}' THEN a.stratum ELSE '{NOT_DRAWN}' END")
    cell = ", ".join(parts)
    values: dict[str, Any] = {
        "survey": survey.pk,
        "how": hows(way),
        "keys": [one.key for one in asked if one.kind in COUNTED],
    }
    values |= {f"by{at}": key for at, key in enumerate(by)}
    found = Tallies()
    with connection.cursor() as cursor:
        cursor.execute(_SAID.replace("{cell}", f"ARRAY[{cell}]::text[]"), values)
        for what, people, key, line, code, number in cursor.fetchall():
            where = tuple(people)
            if what == "people":
                found.people[where] += number
            elif what == "asked":
                found.asked.setdefault(key, Counter())[where] += number
            else:
                found.said.setdefault((key, line, code), Counter())[where] += number
    return found


def questions(survey: Survey) -> list[Question]:
    """What people were asked, in the order of what is asked now; answers that an earlier version offered stay."""
    live = survey.live.number if survey.live else 0
    found: dict[str, Question] = {}
    for version in survey.versions.filter(number__lte=live).order_by("-number"):
        for one in reading.lenient(version.definition).questions:
            now = found.get(one.key)
            if now is None:
                found[one.key] = one
            elif now.kind == one.kind:
                kept = {option.code for option in now.options}
                rows = {row.code for row in now.rows}
                found[one.key] = replace(
                    now,
                    options=(*now.options, *(option for option in one.options if option.code not in kept)),
                    rows=(*now.rows, *(row for row in one.rows if row.code not in rows)),
                    dont_know=now.dont_know or one.dont_know,
                )
    return list(found.values())


@dataclass(frozen=True)
class Response:
    """How many were invited and how many of them answered, and by which ways all answers came."""

    invited: int
    answered: int  # by invitation
    ways: list[tuple[str, int]]

    @property
    def number(self) -> int:
        return sum(count for _, count in self.ways)

    @property
    def may_be_cut(self) -> bool:
        """Whether results of those we chose, and of those who chose to answer, may stand beside everybody's: not where
        one of the two is so small that the other would give it away."""
        return not small(self.opted_in) and not small(self.number - self.opted_in)

    @property
    def told(self) -> list[tuple[str, int]]:
        """The ways, without numbers so small that they could be somebody and those that would give one away."""
        told = suppress([count for _, count in self.ways])
        return [(label, count) for (label, _), count in zip(self.ways, told, strict=True) if count is not None]

    @property
    def opted_in(self) -> int:
        """How many chose to answer by themselves."""
        chose = {How(how).label for how in hows(CHOSE) or []}
        return sum(count for label, count in self.ways if label in chose)


def response(survey: Survey) -> Response:
    """People who got an invitation (a reminder goes to the same), and answers that can be read. Who was invited and
    called has answered too: they are known by their address, or by what of a list they were asked for."""
    sends = survey.mailings.filter(kind=Mailing.Kind.INVITATION, send__isnull=False)
    invited = sum(people or addresses or 0 for people, addresses in sends.values_list("people", "send__recipients"))
    rows = Answer.objects.filter(survey=survey).order_by().values_list("how").annotate(n=Count("pk"))
    by_way = dict(rows)
    ways = [(str(how.label), by_way[how]) for how in How if by_way.get(how)]
    called = Answer.objects.filter(survey=survey, how=How.TELEPHONE).exclude(address=None, stratum="").count()
    return Response(invited, by_way.get(How.INVITATION, 0) + called, ways)
