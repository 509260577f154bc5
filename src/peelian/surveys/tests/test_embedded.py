"""A survey where people are already: its first question on the page that says their message has arrived, and its link
in the letter that closes a conversation."""

import pytest

from peelian.conversations import actions as conversations
from peelian.conversations import letters
from peelian.conversations import tokens as letter_tokens
from peelian.conversations.models import Letter
from peelian.conversations.renderer import AnswerRenderer
from peelian.conversations.tests.factories import make_thread
from peelian.surveys import actions, parts, queries, sets
from peelian.surveys.models import Answer, Answered, Begun, Boxed, How, Survey
from peelian.surveys.tests.factories import RATE, SAFE, WHOLE, invite, make_survey, make_team

pytestmark = pytest.mark.django_db
TWO = {"pages": [{"key": "p1", "questions": [SAFE]}, {"key": "p2", "questions": [RATE]}]}


@pytest.fixture
def team():
    return make_team()


def opened(survey, rf, times=1):
    """The addresses in the frame of so many openings of the page."""
    thread = make_thread(survey.team)
    return [parts.after_report(rf.get("/"), thread.pk)["frame_url"] for _ in range(times)]


def test_the_page_behind_a_confirmed_letter_asks_the_first_question(client, team):
    from peelian.accounts.tests.factories import make_area

    survey = make_survey(TWO, team=team, after_report=True)
    area = make_area("W01", "Elm Bridge")
    letters.write(team=team, area=area, email="ann@home.example", text="The lamps are out.", language="en")
    letter = Letter.objects.get()
    token = letter_tokens.make(letter.pk, letter.address_id, salt=letter_tokens.LETTER)
    page = client.page(f"/conversations/confirm/{token}/", post=True)
    (frame,) = page.document.cssselect("iframe")
    assert frame.get("title") == "One question for you"
    question = client.page(frame.get("src"))
    assert question.texts("legend")[0] == "How safe do you feel?"
    assert question.response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in question.response["Content-Security-Policy"]
    assert not Begun.objects.exists()
    assert survey.ref not in frame.get("src")


def test_the_page_after_a_reply_to_an_alert_asks_it_too(client, rf, team, django_assert_max_num_queries):
    from peelian.alerts.tests.public_factories import make_alert, make_area, make_member, make_token

    make_survey(TWO, team=team, after_report=True)
    area = make_area()
    token = make_token(make_alert(area, team=team), make_member())
    page = client.page(f"/m/{token}/reply/", {"text": "I saw it."}, post=True)
    with django_assert_max_num_queries(3):
        parts.after_report(rf.get("/"), page.response.context["thread"].pk)
    (frame,) = page.document.cssselect("iframe")
    assert client.page(frame.get("src")).texts("legend")[0] == "How safe do you feel?"
    Survey.objects.update(after_report=False)
    again = client.page(f"/m/{token}/reply/", {"text": "And one thing more."}, post=True)
    assert not again.document.cssselect("iframe")


@pytest.mark.parametrize("mode", ["anonymous", "identified"])
def test_the_first_answer_counts_by_itself_and_the_rest_comes_to_it(client, rf, team, mode):
    survey = make_survey(TWO, team=team, after_report=True, mode=mode)
    kept = Boxed if mode == "anonymous" else Answer
    (place,) = opened(survey, rf)
    client.page(place, {}, post=True)  # the first question must be answered
    assert not Answered.objects.exists()
    thanks = client.page(place, {"safe": "safe"}, post=True)
    assert "There is 1 question more, if you like." in thanks.text()
    assert (Answered.objects.count(), kept.objects.count()) == (1, 1)
    assert "Your answer has reached us." in client.page(place, {"safe": "unsafe"}, post=True).text()  # pressed twice
    assert kept.objects.count() == 1
    (rest,) = thanks.document.cssselect("a.govuk-button")
    assert rest.get("target") == "_top"
    client.page(rest.get("href"), {"rate": "8"}, post=True)
    base = rest.get("href").removesuffix("2/")
    assert "Your answers have reached us" in client.page(f"{base}check/", post=True).text()
    assert (Answered.objects.count(), kept.objects.count(), Begun.objects.count()) == (1, 1, 0)
    if mode == "identified":
        answer = Answer.objects.get()
        assert (answer.how, answer.answers) == (How.REPORT, {"safe": "safe", "rate": 8})
    assert client.page(f"{base}check/", post=True, expect=409)  # one for each opening


def test_what_follows_when_the_first_has_left_its_box_is_not_lost_and_counts_nothing_twice(client, rf, team):
    survey = make_survey(TWO, team=team, after_report=True)
    places = opened(survey, rf, 10)
    for place in places:
        client.page(place, {"safe": "safe"}, post=True)
    assert actions.empty_due() == 10
    base = places[0].removesuffix("first/")
    client.page(f"{base}2/", {"rate": "8"}, post=True)
    client.page(f"{base}check/", post=True)
    Survey.objects.update(state="closed")
    actions.empty_due()
    said = [one.answers for one in Answer.objects.filter(survey=survey)]
    assert sum("safe" in one for one in said) == 10
    assert [one["rate"] for one in said if "rate" in one] == [8]


def test_nobody_asks_where_no_survey_is_offered_and_a_link_stands_for_a_question_that_needs_room(rf, team):
    thread = make_thread(team)
    make_survey(TWO, team=make_team("Castle Vale team"), after_report=True)
    make_survey(TWO, team=team)
    assert parts.after_report(rf.get("/"), thread.pk) is None
    free = {"pages": [{"key": "p1", "questions": [{"key": "why", "kind": "text", "text": {"en": "Why?"}}]}]}
    survey = make_survey(free, team=team, after_report=True)
    assert parts.after_report(rf.get("/"), thread.pk) == {"title": "Your street", "url": f"/surveys/{survey.ref}/"}
    Survey.objects.update(open_link=False)
    assert parts.after_report(rf.get("/"), thread.pk) is None


def test_an_invitation_is_not_used_up_by_one_question(client, team):
    (token,) = invite(make_survey(TWO, team=team, after_report=True))
    client.page(f"/q/{token}/first/", {"safe": "safe"}, post=True)
    assert not Answered.objects.exists()


def test_an_altered_address_of_a_frame_shows_no_question(client, rf, team):
    (place,) = opened(make_survey(TWO, team=team, after_report=True), rf)
    altered = place[:20] + ("A" if place[20] != "A" else "B") + place[21:]
    assert client.page(altered, expect=404)


def test_the_letter_that_closes_a_conversation_brings_the_link(client, team):
    survey = make_survey(sets.definition_of("conversation"), team=team, after_conversation=True)
    thread = make_thread(team)
    closing = conversations.close(thread=thread, reason="Done.", by=survey.author)
    renderer = AnswerRenderer()
    link = f"/surveys/{survey.ref}/?via=conversation"
    mail = renderer.email(closing.pk)
    assert "How did we do? Your street: http" in mail.text
    for part in (mail.text, mail.html.replace("&amp;", "&"), renderer.text(closing.pk)):
        assert part.count(link) == 1
    assert queries.after_conversation(thread.pk) == survey
    thread.sensitive = True
    thread.save()
    assert link not in renderer.email(closing.pk).text


def test_an_answer_that_closes_nothing_brings_no_link(team):
    survey = make_survey(WHOLE, team=team, after_conversation=True)
    said = conversations.answer(thread=make_thread(team), text="We look.", by=survey.author)
    assert survey.ref not in AnswerRenderer().email(said.pk).text
