"""Sorting free texts by hand."""

from __future__ import annotations

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.surveys.errors import NoTagName, NotAllowed, TooManyTags
from peelian.surveys.models import Comment, Survey, Tag

LONGEST = 40
MOST = 60


@transaction.atomic
def tag_comment(*, comment: Comment, by: Staff, name: str) -> Tag:
    """Put a tag on a comment; one that the survey has not yet is made. Twice is once."""
    _must(by)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST or "\x00" in name:
        raise NoTagName
    Survey.objects.select_for_update(no_key=True).get(pk=comment.survey_id)
    tag = Tag.objects.filter(survey=comment.survey_id, name__iexact=name).first()
    if tag is None:
        if Tag.objects.filter(survey=comment.survey_id).count() >= MOST:
            raise TooManyTags
        tag = Tag.objects.create(survey_id=comment.survey_id, name=name)
    tag.comments.add(comment)
    record("survey.tagged", "survey", comment.survey.ref, by=by, comment=comment.pk, tag=tag.pk)
    return tag


@transaction.atomic
def untag_comment(*, comment: Comment, by: Staff, tag_id: int) -> None:
    """Take a tag off a comment; a tag that no comment has any more goes."""
    _must(by)
    Survey.objects.select_for_update(no_key=True).get(pk=comment.survey_id)
    tag = Tag.objects.filter(survey=comment.survey_id, pk=tag_id).first()
    if tag is None:
        return
    tag.comments.remove(comment)
    record("survey.untagged", "survey", comment.survey.ref, by=by, comment=comment.pk, tag=tag.pk)
    if not tag.comments.exists():
        tag.delete()


def _must(by: Staff) -> None:
    if not by.may("surveys.results"):
        raise NotAllowed
