"""The answer as it reaches the resident."""

import pytest

from peelian.conversations import actions
from peelian.conversations.renderer import AnswerRenderer
from peelian.conversations.tests.factories import make_address, make_staff, make_team, make_thread
from peelian.core.messages import TOKEN

pytestmark = pytest.mark.django_db
SECRET = "My neighbour at number nine did it."


@pytest.fixture
def answered():
    team = make_team()
    thread = make_thread(team, make_address("valerie.stone@home.example"), text=SECRET)
    return actions.answer(
        thread=thread, text="Thank you.\n\nWe <b>know</b> & act.", by=make_staff("pat@heartshire.example", team)
    )


def test_it_says_what_it_is_about_and_gives_a_way_to_write_back(answered):
    mail = AnswerRenderer().email(answered.pk)
    assert mail.subject == "An answer to your message: Vans broken into on Mill Lane"
    assert mail.from_name == "Elm Bridge team"
    for part in (mail.text, mail.html):
        assert "the alert “Vans broken into on Mill Lane”" in part
        assert f"http://testserver/m/{TOKEN}/reply/" in part
        assert "PCSO, Elm Bridge team" in part
        assert "999" in part
    assert "We <b>know</b> & act." in mail.text
    assert "We &lt;b&gt;know&lt;/b&gt; &amp; act." in mail.html


def test_it_never_repeats_the_residents_words_or_names_anybody(answered):
    mail = AnswerRenderer().email(answered.pk)
    renderer = AnswerRenderer()
    for part in (mail.subject, mail.text, mail.html, renderer.text(answered.pk), renderer.voice(answered.pk)):
        for private in (SECRET, "neighbour", "valerie", "Pat Alder", "pat@"):
            assert private not in part


def test_a_closing_message_says_that_it_closes(answered):
    closing = actions.close(thread=answered.thread, reason="The van is found.", by=answered.by)
    mail = AnswerRenderer().email(closing.pk)
    assert mail.subject.startswith("We have closed your conversation: ")
    assert "The van is found." in mail.text
    assert "it opens again" in mail.text or "opens again" in mail.text


def test_no_header_can_be_slipped_in_by_a_subject():
    team = make_team()
    thread = make_thread(team, subject="Vans\r\nBcc: everybody@example.org")
    message = actions.answer(thread=thread, text="Yes.", by=make_staff("pat@heartshire.example", team))
    mail = AnswerRenderer().email(message.pk)
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject
