"""Two things at the same moment: the second waits for the first, and nothing is sent or counted twice."""

from __future__ import annotations

import pytest

from peelian.alerts.tests.factories import inside, make_force
from peelian.core.testing.meanwhile import at_the_same_time
from peelian.surveys import actions, doors, tokens
from peelian.surveys.errors import AnsweredAlready, NotADraft, SentAlready
from peelian.surveys.models import Answer, Begun, How, Mailing, Survey
from peelian.surveys.tests.factories import RATE, SAFE, make_officer, make_survey, make_team

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


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
