"""Emptying the boxes of anonymous surveys: so that an answer cannot be tied to an invitation.

What somebody could hold is a full dump, every log, and the list of the invited, but not the secret key. While answers
lie in the box they read nothing. They leave it ten or more at once (the rest when the survey has closed; never, where
fewer than ten answered in all; the invited, and those at a door, each by themselves), in random order, with random ids;
the day stays only where ten of them were given on it, else the week, the month, or none. In the same transaction
the marks of the survey are written anew in the order of the hash, so that neither their place in the table nor the
transaction that wrote them says which came when.

Once a reminder has gone, the ledger shows who had answered by then (surveys.reminding): from then on no answer by
invitation has a day. When fewer than ten come out at the end, the survey's answers and comments are written anew in the
order of their random ids, so that those last few lie among the others.
"""

from __future__ import annotations

import secrets
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Count

from peelian.core import clock
from peelian.surveys import sealing
from peelian.surveys.models import Answer, Boxed, Comment, How, Mailing, Survey
from peelian.surveys.sealing import TOGETHER

AT_ONCE = 5_000
log = structlog.get_logger("peelian.surveys")

_IN_ORDER_OF_THE_HASH = """
WITH taken AS (DELETE FROM surveys_answered WHERE survey_id = %s RETURNING survey_id, mark)
INSERT INTO surveys_answered (survey_id, mark) SELECT survey_id, mark FROM taken ORDER BY mark
"""
_AMONG_THE_OTHERS = (
    "WITH taken AS (DELETE FROM surveys_{table} WHERE survey_id = %s RETURNING *)"
    " INSERT INTO surveys_{table} SELECT * FROM taken ORDER BY id"
)
# Of comments: a sequence would say which came out last. Above what one reaches, below what a browser rounds
_LEAST_NUMBER, _MOST_NUMBER = 2**42, 2**52


def empty_due() -> int:
    """Empty every box that may be. Returns how many answers came out."""
    waiting = Boxed.objects.order_by().values_list("survey_id", flat=True).distinct()
    return sum(empty_boxes(survey_id=survey_id) for survey_id in list(waiting))


@transaction.atomic
def empty_boxes(*, survey_id: int) -> int:
    """Take the answers of one survey out of the box, ten or more together; the rest once nobody can answer any more.
    Returns how many. One that does not open stays where it is, and the log says so without saying which."""
    survey = Survey.objects.select_for_update(no_key=True).get(pk=survey_id)
    # Not by age: a box has none. Whoever is in the middle of answering is left for the next time
    rows = list(Boxed.objects.select_for_update(skip_locked=True).filter(survey=survey)[:AT_ONCE])
    opened: list[tuple[uuid.UUID, dict[str, Any]]] = []
    for row in rows:
        try:
            opened.append((row.pk, sealing.unseal(row.sealed, survey.pk)))
        except sealing.CannotOpen:
            log.error("box_does_not_open", survey=survey.pk)
    waiting = Counter(_company(one) for _, one in opened)
    out = {company for company, count in waiting.items() if _may_come_out(survey, company, count)}
    if not out:
        return 0
    due = [(pk, one) for pk, one in opened if _company(one) in out]
    Boxed.objects.filter(pk__in=[pk for pk, _ in due]).delete()
    for company in sorted(out):
        _write(survey, [one for _, one in due if _company(one) == company])
    with connection.cursor() as cursor:
        cursor.execute(_IN_ORDER_OF_THE_HASH, [survey.pk])
        if not survey.takes_answers:
            for table in ("comment", "answer"):
                cursor.execute(_AMONG_THE_OTHERS.format(table=table), [survey.pk])
    return len(due)


def _company(content: Mapping[str, Any]) -> str:
    """With whom an answer hides: those of its cell of a pulse, those who came by the same way where somebody has a list
    of who could have (the invited, the doors marked as done), else everybody else. The way stays with an answer, so
    that ten by other ways would hide nobody."""
    listed = content["h"] if content["h"] in (How.INVITATION, How.DOORSTEP) else ""
    return f"cell:{content['c']}" if content.get("c") else str(listed)


def _may_come_out(survey: Survey, company: str, waiting: int) -> bool:
    """Whether so many of a company may: ten together, or what is left when nobody can answer any more; but where fewer
    than ten have answered in all, nobody ever reads them. Of a pulse, ten of one cell and never fewer."""
    if waiting >= TOGETHER:
        return True
    if survey.takes_answers or company.startswith("cell:"):
        return False
    ways = Answer.objects.filter(survey=survey).values_list("how").annotate(n=Count("pk"))
    read = sum(count for how, count in ways if _company({"h": how}) == company)
    return bool(read + waiting >= TOGETHER)


def _write(survey: Survey, contents: list[dict[str, Any]]) -> None:
    """As rows whose order, ids and days say nothing of who came when."""
    secrets.SystemRandom().shuffle(contents)
    days = _days(survey, contents)
    month = clock.today().replace(day=1)  # of a pulse, the month it came out: a cell may have waited for many
    answers, comments = [], []
    for one, day in zip(contents, days, strict=True):
        company = one.get("c", "")
        row = Answer(
            id=uuid.uuid4(), survey=survey, version_id=one["v"], day=month if company else day, how=one["h"],
            stratum=company, answers=one["a"],
        )  # fmt: skip
        answers.append(row)
        comments += [
            Comment(id=_number(), survey=survey, answer=row, question=key, text=text) for key, text in one["t"].items()
        ]
    Answer.objects.bulk_create(answers, batch_size=1_000)
    secrets.SystemRandom().shuffle(comments)
    Comment.objects.bulk_create(comments, batch_size=1_000)


def _number() -> int:
    return _LEAST_NUMBER + secrets.randbelow(_MOST_NUMBER - _LEAST_NUMBER)


def _days(survey: Survey, contents: list[dict[str, Any]]) -> list[date]:
    """The day that each of one company keeps."""
    begins = survey.opened_on or survey.created_at.date()
    reminded = survey.mailings.filter(kind=Mailing.Kind.REMINDER, send__isnull=False)
    if contents[0]["h"] == How.INVITATION and reminded.exists():
        return [begins] * len(contents)
    return coarse([date.fromisoformat(one["d"]) for one in contents], begins)


def forget_days(survey: Survey) -> None:
    """When a reminder goes: from then on the ledger shows who had answered, so no answer by invitation says any more
    whether it came before or after."""
    begins = survey.opened_on or survey.created_at.date()
    if survey.is_anonymous:
        Answer.objects.filter(survey=survey, how=How.INVITATION).exclude(day=begins).update(day=begins)


def coarse(days: Sequence[date], begins: date) -> list[date]:
    """Each day where at least ten are of it; else the Monday of its week where ten are left of that, else the first of
    its month, else the day on which the survey BEGINS."""
    levels: list[Callable[[date], date]] = [lambda day: day, clock.week_start, lambda day: day.replace(day=1)]
    found: list[date | None] = [None] * len(days)
    for level in levels:
        left = Counter(level(day) for day, done in zip(days, found, strict=True) if done is None)
        found = [
            level(day) if done is None and left[level(day)] >= TOGETHER else done
            for day, done in zip(days, found, strict=True)
        ]
    return [begins if done is None else done for done in found]
