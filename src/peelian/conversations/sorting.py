"""How a team keeps its inbox in order: tags, saved answers, what is sensitive, who is shown how to reach a resident."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from peelian.accounts.models import Staff, Team
from peelian.audit.actions import record
from peelian.conversations.actions import cleaned, one_line
from peelian.conversations.models import SavedAnswer, Tag, Thread

LONGEST_TITLE, LONGEST_TAG = 80, 40


@transaction.atomic
def tag(*, thread: Thread, tags: Iterable[Tag], new: str, by: Staff) -> None:
    """Put the thread under these of its team's tags, and under a NEW one where that is not empty."""
    chosen = [one for one in tags if one.team_id == thread.team_id]
    if name := one_line(new)[:LONGEST_TAG]:
        known = Tag.objects.filter(team=thread.team_id, name__iexact=name).first()
        chosen.append(known or Tag.objects.create(team_id=thread.team_id, name=name))
    thread.tags.set(chosen)
    record("conversation.tagged", "thread", thread.pk, by=by, tags=sorted(one.pk for one in chosen))


@transaction.atomic
def set_sensitive(*, thread: Thread, sensitive: bool, by: Staff) -> None:
    """From now on messages to the resident only say that there is an answer; or they bring it again."""
    Thread.objects.filter(pk=thread.pk).update(sensitive=sensitive)
    record("conversation.sensitive", "thread", thread.pk, by=by, sensitive=sensitive)


@transaction.atomic
def save_answer(*, saved: SavedAnswer | None, team: Team, title: str, text: str, by: Staff) -> SavedAnswer:
    """Keep an answer for the team, new or changed. Raises NothingWritten, TooLong."""
    saved = saved or SavedAnswer(team=team)
    saved.team, saved.title, saved.text = team, cleaned(one_line(title), LONGEST_TITLE), cleaned(text)
    saved.save()
    record("saved_answer.kept", "saved_answer", saved.pk, by=by, team=team.pk)
    return saved


@transaction.atomic
def remove_answer(*, saved: SavedAnswer, by: Staff) -> None:
    record("saved_answer.removed", "saved_answer", saved.pk, by=by, team=saved.team_id)
    saved.delete()
