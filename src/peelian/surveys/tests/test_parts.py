"""What surveys bring to other apps: an issue, a card on My account, a question after a conversation, figures."""

from datetime import date

import pytest

from peelian.conversations import actions as conversations
from peelian.conversations.tests.factories import make_thread
from peelian.core.errors import NotFound
from peelian.core.measures import measures
from peelian.core.panels import Scope, engagement_sources
from peelian.core.periods import Period
from peelian.core.raising import issue_sources
from peelian.members.tests.factories import make_member
from peelian.surveys import actions, doors, parts, queries, sets
from peelian.surveys.models import Answer, Comment, Survey
from peelian.surveys.tests.factories import invite, make_officer, make_survey, make_team

pytestmark = pytest.mark.django_db
MAY = Period(date(2026, 5, 1), date(2026, 5, 31))


def comment(survey, text="No lamps in the lane", **fields):
    answer = Answer.objects.create(survey=survey, version=survey.live, day=date(2026, 5, 4), how="invitation", **fields)
    return Comment.objects.create(survey=survey, answer=answer, question="why", text=text)


def test_a_comment_becomes_an_issue_and_tells_back_only_to_somebody_with_a_name():
    member = make_member("ann@home.example")
    named, unnamed = make_survey(mode="identified"), make_survey()
    read = issue_sources["surveys.comment"].read
    said = read(named.author, comment(named, member=member).pk)
    assert (said.said, said.member_ids) == ("No lamps in the lane", (member.pk,))
    assert read(unnamed.author, comment(unnamed).pk).member_ids == ()
    stranger = make_officer(make_team("Castle Vale team"))
    stranger.scope.add(_area())
    with pytest.raises(NotFound):
        read(stranger, comment(named).pk)


def _area():
    from peelian.accounts.tests.factories import make_area

    return make_area("W09", "Far away")


def test_my_account_shows_what_waits_for_an_answer_until_it_is_given(rf):
    member, other = make_member("ann@home.example"), make_member("bob@home.example")
    survey = make_survey()
    token, _ = invite(survey, members=[member, other])
    shown = parts.my_surveys(rf.get("/me/"), member.pk)
    assert shown["rows"] == [{"title": "Your street", "url": f"/q/{token}/", "closes": None}]
    actions.answer(door=doors.door(token), version=survey.live, given={"safe": "safe"})
    assert parts.my_surveys(rf.get("/me/"), member.pk) is None
    assert parts.my_surveys(rf.get("/me/"), other.pk) is not None
    Survey.objects.update(state="closed")
    assert parts.my_surveys(rf.get("/me/"), other.pk) is None


def test_a_closed_conversation_offers_the_question_of_its_team(client, rf):
    team = make_team()
    thread = make_thread(team)
    asked = sets.definition_of("conversation")
    survey = make_survey(asked, team=team, after_conversation=True)
    assert parts.after_conversation(rf.get("/"), thread.pk) is None
    conversations.close(thread=thread, reason="Done.", by=survey.author)
    found = parts.after_conversation(rf.get("/"), thread.pk)
    assert found["url"] == f"/surveys/{survey.ref}/?via=conversation"
    place = client.post(found["url"]).headers["Location"]
    client.page(place, {"contact_helpful": "9"}, post=True)
    client.page(place.removesuffix("1/") + "check/", post=True)
    assert queries.boxed(survey) == 1


def test_what_was_answered_is_counted_by_month_and_response_has_its_base():
    survey = make_survey(mode="identified", closes=date(2026, 5, 20))
    invite(survey, 4)
    survey.mailings.get().send.__class__.objects.update(recipients=4)
    comment(survey)
    Survey.objects.update(state="closed", closed_on=date(2026, 5, 20))
    assert measures["surveys-answered"].compute(MAY, None).numerator == 1
    assert measures["surveys-answered"].compute(MAY.previous(), None) is None
    response = measures["survey-response"].compute(MAY, None)
    assert (response.numerator, response.denominator) == (1, 4)
    assert measures["survey-response"].compute(MAY.previous(), None) is None
    assert engagement_sources["surveys.answered"].count(Scope(MAY)) == 1
    assert engagement_sources["surveys.answered"].count(Scope(MAY, team_id=survey.team_id + 1)) == 0
