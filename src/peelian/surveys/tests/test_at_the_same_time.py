"""Two things at the same moment: the second waits for the first, and nothing is sent or counted twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from peelian.alerts.tests.factories import inside, make_force
from peelian.core.testing.patience import BUSY
from peelian.surveys import actions, doors, tokens
from peelian.surveys.errors import AnsweredAlready, NotADraft, SentAlready
from peelian.surveys.models import Answer, Begun, How, Mailing, Survey
from peelian.surveys.tests.factories import RATE, SAFE, make_officer, make_survey, make_team

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_the_same_time(first: Callable[[], object], second: Callable[[], object]) -> list[BaseException]:
    """FIRST in a transaction that ends once SECOND, on a connection of its own, waits for it or is through. What SECOND
    raised."""
    raised: list[BaseException] = []

    def work() -> None:
        try:
            second()
        except Exception as problem:
            raised.append(problem)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    with transaction.atomic():
        first()
        thread.start()
        _until_it_waits(thread)
    thread.join(10 * BUSY)
    assert not thread.is_alive()
    return raised


def _until_it_waits(thread: threading.Thread) -> None:
    for _ in range(200 * BUSY):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] or not thread.is_alive():
                return
        time.sleep(0.02)
    raise AssertionError("The second neither waited nor ended.")


@pytest.mark.parametrize("mode", ["anonymous", "identified"])
def test_the_rest_after_an_embedded_question_pressed_twice_counts_once(mode: str) -> None:
    two = {"pages": [{"key": "p1", "questions": [SAFE, RATE]}]}
    survey = make_survey(two, mode=mode)
    door = doors.door(tokens.make(survey.pk, How.REPORT))
    assert survey.live is not None
    version = survey.live
    actions.answer_first(door=door, version=version, given={"safe": "safe"})

    def answer() -> None:
        actions.answer(door=door, version=version, given={"safe": "safe", "rate": 7})

    raised = at_the_same_time(answer, answer)
    assert [type(one) for one in raised] == [AnsweredAlready]
    assert not Begun.objects.exists()
    if mode == "identified":
        assert [one.answers for one in Answer.objects.all()] == [{"safe": "safe", "rate": 7}]


def test_an_audience_that_is_chosen_while_the_invitation_goes_does_not_undo_that_it_went() -> None:
    """Or it could be sent once more, to the same people."""
    force = make_force({"W00": 12, "W01": 6})
    by = force.communications
    survey = make_survey(team=force.team, author=by)

    def choose(code: str) -> Mailing:
        return actions.choose_audience(survey=survey, by=by, audience={"clauses": [inside(code)]}, channels=3)

    mailing = choose("W00")
    raised = at_the_same_time(lambda: actions.send_invitations(mailing=mailing, by=by), lambda: choose("W01"))
    assert [type(one) for one in raised] == [SentAlready]
    (sent,) = Mailing.objects.all()
    assert sent.send is not None
    assert sent.send.recipients == 12


def test_what_was_promised_to_be_anonymous_stays_so_when_it_opens_while_somebody_saves() -> None:
    team = make_team()
    by = make_officer(team)
    survey = make_survey(team=team, author=by, state="draft", opened_on=None)
    stale = Survey.objects.get(pk=survey.pk)  # as a page has read it
    words = {"title": "Your street", "purpose": "Why", "closing": "Next"}

    def open_it() -> None:
        actions.open_survey(survey=survey, by=by)

    raised = at_the_same_time(open_it, lambda: actions.save_words(survey=stale, by=by, mode="identified", **words))
    assert [type(one) for one in raised] == [NotADraft]
    assert Survey.objects.get().is_anonymous


def test_two_languages_saved_at_once_are_both_kept() -> None:
    team = make_team()
    by = make_officer(team)
    make_survey(team=team, author=by, languages=["ur", "pl"])

    def translate(survey: Survey, language: str) -> None:
        words = {"title": f"In {language}"}
        actions.translate(survey=survey, by=by, language=language, words=words, edit=lambda asked: asked)

    first, second = Survey.objects.get(), Survey.objects.get()
    assert not at_the_same_time(lambda: translate(first, "ur"), lambda: translate(second, "pl"))
    assert {code: said["title"] for code, said in Survey.objects.get().said.items()} == {"ur": "In ur", "pl": "In pl"}
