"""Answering. No row of the trail is written here: of an anonymous survey it would say when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from peelian.core import clock
from peelian.members.models import Member
from peelian.surveys import answers, queries, sealing
from peelian.surveys.doors import Door
from peelian.surveys.errors import AnsweredAlready, NothingAnswered
from peelian.surveys.models import Answer, Begun, Boxed, Comment, How, Survey, Version

_MARK = "INSERT INTO surveys_answered (survey_id, mark) VALUES (%s, %s) ON CONFLICT DO NOTHING"


@transaction.atomic
def keep(*, door: Door, version: Version, given: Mapping[str, Any], language: str) -> None:
    """Keep what somebody has answered so far, for their link alone to open. Raises Closed, NotOpenYet,
    AnsweredAlready."""
    door.must_be_open()
    if queries.is_answered(door):
        raise AnsweredAlready
    _freeze(version)
    content = {"answers": dict(given), "language": language}
    sealed = sealing.seal(content, door.survey.pk, door.identity)
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
            raise AnsweredAlready
    _freeze(version)
    if survey.is_anonymous:
        _box(survey, version, door.how, said, texts)
    else:
        _keep_with_person(door, version, said, texts, language)
    Begun.objects.filter(mark=door.begun_mark).delete()


def _freeze(version: Version) -> None:
    """From its first answer on nobody changes what was asked."""
    if not version.frozen:
        Version.objects.filter(pk=version.pk, frozen=False).update(frozen=True)


def _box(survey: Survey, version: Version, how: How, said: dict[str, Any], texts: dict[str, str]) -> None:
    content = {"v": version.pk, "d": clock.today().isoformat(), "h": how, "a": said, "t": texts}
    Boxed.objects.create(survey=survey, sealed=sealing.seal(content, survey.pk))


def _keep_with_person(door: Door, version: Version, said: dict[str, Any], texts: dict[str, str], language: str) -> None:
    to = door.recipient
    area_id = door.area_id
    if to is not None and to.member_id is not None:
        area_id = Member.objects.values_list("area_id", flat=True).filter(pk=to.member_id).first()
    kept = Answer.objects.create(
        survey=door.survey, version=version, day=clock.today(), how=door.how, language=language, area_id=area_id,
        member_id=to.member_id if to else None, address_id=to.address_id if to else None, answers=said,
    )  # fmt: skip
    Comment.objects.bulk_create(
        Comment(survey=door.survey, answer=kept, question=key, text=text) for key, text in texts.items()
    )
