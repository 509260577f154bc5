"""Answering. No row of the trail is written here: of an anonymous survey it would say when."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from peelian.core import clock
from peelian.delivery.queries import Recipient
from peelian.members.models import Member
from peelian.surveys import answers, queries, sealing
from peelian.surveys.definition import Questionnaire
from peelian.surveys.doors import Door
from peelian.surveys.errors import AnsweredAlready, NothingAnswered
from peelian.surveys.frames import asking
from peelian.surveys.models import Answer, Begun, Boxed, Comment, Sampled, Survey, Version

_MARK = "INSERT INTO surveys_answered (survey_id, mark) VALUES (%s, %s) ON CONFLICT DO NOTHING"


@transaction.atomic
def keep(*, door: Door, version: Version, given: Mapping[str, Any], language: str) -> None:
    """Keep what somebody has answered so far, for their link alone to open. Raises Closed, NotOpenYet,
    AnsweredAlready."""
    door.must_be_open()
    if queries.is_answered(door):
        raise AnsweredAlready
    _freeze(version)
    _keep(door, version, given, language)


def _keep(door: Door, version: Version, given: Mapping[str, Any], language: str) -> None:
    content = {"answers": dict(given), "language": language}
    sealed = sealing.seal(content, door.survey.pk, door.own)
    values = {"survey": door.survey, "version": version, "sealed": sealed, "kept_on": clock.today()}
    Begun.objects.update_or_create(mark=door.begun_mark, defaults=values)


@transaction.atomic
def answer(*, door: Door, version: Version, given: Mapping[str, Any], language: str = "") -> None:
    """Take the answers in, once for each door: what comes second changes nothing.

    Of an anonymous survey they go into a box, sealed, beside the mark that the door was used; the two say nothing of
    each other, and surveys.actions.emptying mixes them. Raises Closed, NotOpenYet, AnsweredAlready, NothingAnswered.
    """
    survey = door.survey
    door.must_be_open()
    asked = queries.questionnaire(version)
    said, texts = answers.split(asked, answers.kept(asked, given))
    if not said and not texts:
        raise NothingAnswered
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [survey.pk, door.mark])
        if cursor.rowcount == 0:
            said = _beside_the_first(door, asked, said)
    if not said and not texts:
        raise AnsweredAlready
    _freeze(version)
    if survey.is_anonymous:
        _box(door, version, said, texts)
    else:
        _keep_with_person(door, version, said, texts, language)
    Begun.objects.filter(mark=door.begun_mark).delete()


@transaction.atomic
def answer_first(*, door: Door, version: Version, given: Mapping[str, Any], language: str = "") -> None:
    """Take in the answer to an embedded question. It counts by itself, and the rest may follow it (`answer`). Raises
    Closed, NotOpenYet, AnsweredAlready, NothingAnswered."""
    if queries.is_begun(door):
        raise AnsweredAlready
    answer(door=door, version=version, given=given, language=language)
    if len(queries.questionnaire(version).questions) > 1:
        _keep(door, version, given, language)


def _beside_the_first(door: Door, asked: Questionnaire, said: dict[str, Any]) -> dict[str, Any]:
    """What is to be kept where the embedded first question has been counted: all answers in place of that one, or
    where it has left its box, those it did not say. Raises AnsweredAlready where there was no such question, or the
    rest came in meanwhile: pressed twice, the second waits here until the first has been taken in."""
    if not Begun.objects.select_for_update().filter(mark=door.begun_mark).exists():
        raise AnsweredAlready
    waiting: type[Boxed | Answer] = Boxed if door.survey.is_anonymous else Answer
    if waiting.objects.filter(pk=door.row_id, survey=door.survey).delete()[0]:
        return said
    return {key: value for key, value in said.items() if key != asked.questions[0].key}


def _freeze(version: Version) -> None:
    """From its first answer on nobody changes what was asked."""
    if not version.frozen:
        Version.objects.filter(pk=version.pk, frozen=False).update(frozen=True)


def _box(door: Door, version: Version, said: dict[str, Any], texts: dict[str, str]) -> None:
    content = {"v": version.pk, "d": clock.today().isoformat(), "h": door.kept_as, "a": said, "t": texts}
    if door.company:
        content["c"] = door.company
    Boxed.objects.create(id=_row_id(door), survey=door.survey, sealed=sealing.seal(content, door.survey.pk))


def _row_id(door: Door) -> uuid.UUID:
    return door.row_id if door.is_embedded else uuid.uuid4()


def _keep_with_person(door: Door, version: Version, said: dict[str, Any], texts: dict[str, str], language: str) -> None:
    to = door.recipient
    area_id = door.area_id
    if to is not None and to.member_id is not None:
        area_id = Member.objects.values_list("area_id", flat=True).filter(pk=to.member_id).first()
    kept = Answer.objects.create(
        id=_row_id(door), survey=door.survey, version=version, day=clock.today(), how=door.how, language=language,
        area_id=area_id, member_id=to.member_id if to else None, address_id=to.address_id if to else None, answers=said,
        stratum=_stratum(door.survey, to) if to else "",
    )  # fmt: skip
    Comment.objects.bulk_create(
        Comment(survey=door.survey, answer=kept, question=key, text=text) for key, text in texts.items()
    )


def _stratum(survey: Survey, to: Recipient) -> str:
    """Of which stratum of which sample they were drawn, as `<mailing>:<place>`, or what of a list they were asked for;
    empty for everybody else."""
    if to.member_id is None:
        return asking.stratum_of(survey.pk, to.address_id)
    found = Sampled.objects.filter(mailing__survey=survey, member_id=to.member_id).values_list("mailing", "stratum")
    return next((f"{mailing}:{stratum}" for mailing, stratum in found), "")
