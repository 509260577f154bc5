"""What a conversation promises, whoever is at which end of it."""

import json
import re

import pytest
from django.db import connection

from peelian.conversations import actions, errors, queries
from peelian.conversations.models import Message, SavedAnswer, Thread
from peelian.conversations.tests.factories import Resident, make_address, make_staff, make_team, make_thread
from peelian.core import clock
from peelian.core.limits import TooMany

pytestmark = pytest.mark.django_db
WORDS = "I saw a red van by the chapel."


def jobs_waiting() -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, queue_name, args FROM procrastinate_jobs ORDER BY id")
        return [{"name": name, "queue": queue, "args": json.loads(args)} for name, queue, args in cursor.fetchall()]


def trail() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT verb, actor_kind, data::text FROM audit_event ORDER BY at, id")
        return cursor.fetchall()


def test_the_second_message_about_the_same_thing_continues_the_thread():
    team, address = make_team(), make_address()
    first = make_thread(team, address)
    began = Thread.objects.get().waiting_since
    again = make_thread(team, address, text="And another one.")
    assert first.pk == again.pk
    assert [m.text for m in first.messages.all()] == ["I saw a red van.", "And another one."]
    assert Thread.objects.get().waiting_since == began  # the clock runs from the first words not answered


def test_two_addresses_never_share_a_thread():
    team = make_team()
    assert make_thread(team, make_address("a@home.example")).pk != make_thread(team, make_address("b@home.example")).pk


def test_an_answer_stops_the_clock_and_leaves_on_the_transactional_lane():
    team = make_team()
    thread, staff = make_thread(team), make_staff("pat@heartshire.example", team)
    message = actions.answer(thread=thread, text="Thank you.", by=staff)
    thread.refresh_from_db()
    assert (thread.state, thread.waiting_since) == (Thread.State.WAITING_FOR_RESIDENT, None)
    assert jobs_waiting() == [
        {
            "name": "delivery.transactional",
            "queue": "transactional",
            "args": {
                "renderer": "conversations.answer",
                "object_id": message.pk,
                "address_id": thread.address_id,
                "member_id": None,
            },
        }
    ]


def test_an_answer_written_while_the_resident_wrote_is_not_sent():
    team = make_team()
    thread, staff = make_thread(team), make_staff("pat@heartshire.example", team)
    seen = queries.last_message_id(thread)
    make_thread(team, thread.address, text="It was blue, not red.")
    with pytest.raises(errors.SaidMeanwhile):
        actions.answer(thread=thread, text="So it was red.", by=staff, read_up_to=seen)
    assert jobs_waiting() == []
    assert thread.messages.filter(how=Message.How.STAFF).count() == 0


def test_closing_tells_the_resident_why_and_writing_again_opens_it():
    team = make_team()
    thread, staff = make_thread(team), make_staff("pat@heartshire.example", team)
    actions.close(thread=thread, reason="We found the van.", by=staff)
    thread.refresh_from_db()
    assert (thread.state, thread.closed_reason) == (Thread.State.CLOSED, "We found the van.")
    assert len(jobs_waiting()) == 1
    with pytest.raises(errors.AlreadyClosed):
        actions.close(thread=thread, reason="Again.", by=staff)
    with pytest.raises(errors.AlreadyClosed):
        actions.answer(thread=thread, text="One more thing.", by=staff)
    actions.write_again(thread_id=thread.pk, text="It is back!", how=Message.How.LINK, by=staff)
    thread.refresh_from_db()
    assert (thread.state, thread.closed_reason) == (Thread.State.WAITING_FOR_US, "")


@pytest.mark.parametrize("nothing", ["", "  \r\n ", "\x00\x07"])
def test_an_empty_message_is_refused(nothing):
    with pytest.raises(errors.NothingWritten):
        make_thread(make_team(), text=nothing)
    assert not Thread.objects.exists()


def test_a_line_end_counts_once_and_the_longest_message_fits():
    thread = make_thread(make_team(), text="a\r\n" * (actions.LONGEST // 2 - 1) + "ab")
    assert len(thread.messages.get().text) == actions.LONGEST
    with pytest.raises(errors.TooLong):
        make_thread(thread.team, thread.address, text="a" * (actions.LONGEST + 1))


def test_what_a_database_refuses_is_taken_out_of_the_words():
    assert make_thread(make_team(), text="a\x00b\x1bc\nd").messages.get().text == "abc\nd"


def test_a_subject_is_one_line_whatever_it_held():
    assert make_thread(make_team(), subject="Vans\r\nBcc: all@example.org").subject == "Vans Bcc: all@example.org"


def test_one_address_cannot_flood_the_inbox():
    team, address = make_team(), make_address()
    for number in range(actions.MOST_AN_HOUR):
        make_thread(team, address, about=f"alert:{number}")
    with pytest.raises(TooMany):
        make_thread(team, address, about="alert:more")
    make_thread(team, make_address("other@home.example"))  # nobody else is held up


@pytest.mark.parametrize("about", ["alert:abc123", ""])
def test_the_same_words_sent_twice_are_taken_in_once(about):
    """A button pressed twice, or the page behind it loaded again."""
    team, address = make_team(), make_address()
    first, again = make_thread(team, address, about=about), make_thread(team, address, about=about)
    assert (first.said_before, again.said_before) == (False, True)
    assert first.pk == again.pk
    assert Message.objects.count() == 1
    actions.write_again(thread_id=first.pk, text="I saw a red van.", how=Message.How.LINK, by=Resident())
    assert Message.objects.count() == 1


def test_the_same_words_after_something_else_or_later_are_said_again(monkeypatch):
    team = make_team()
    thread, staff = make_thread(team, text="Yes."), make_staff("pat@heartshire.example", team)
    actions.answer(thread=thread, text="And on Friday too?", by=staff)
    make_thread(team, thread.address, text="Yes.")
    later = clock.now() + actions.AGAIN
    monkeypatch.setattr(clock, "now", lambda: later)
    make_thread(team, thread.address, text="Yes.")
    assert [m.text for m in thread.messages.all()] == ["Yes.", "And on Friday too?", "Yes.", "Yes."]


def test_a_saved_answer_does_not_go_out_with_its_brackets():
    team = make_team()
    thread, staff = make_thread(team), make_staff("pat@heartshire.example", team)
    SavedAnswer.objects.create(team=team, title="Passed on", text="We told them on [day] and ask again on [day].")
    with pytest.raises(errors.StillToFillIn, match=re.escape("still has [day]. Write what belongs there")):
        actions.answer(thread=thread, text="We told them on Monday and ask again on [day]. Yours, Pat", by=staff)
    actions.answer(thread=thread, text="We told them on Monday. [The council's word, not ours]", by=staff)
    assert thread.messages.filter(how=Message.How.STAFF).count() == 1


def test_only_the_team_takes_on_its_conversation():
    team = make_team()
    thread, staff = make_thread(team), make_staff("pat@heartshire.example", team)
    other = make_staff("kim@heartshire.example", make_team("Castle Vale team"))
    actions.assign(thread=thread, to=staff, by=staff)
    assert Thread.objects.get(pk=thread.pk).assigned_to == staff
    with pytest.raises(errors.NotOfTheTeam):
        actions.assign(thread=thread, to=other, by=staff)
    actions.assign(thread=thread, to=None, by=staff)
    assert Thread.objects.get(pk=thread.pk).assigned_to is None


def test_nowhere_to_answer_once_the_address_is_erased():
    team = make_team()
    thread, staff = make_thread(team), make_staff("pat@heartshire.example", team)
    thread.address.delete()
    with pytest.raises(errors.NobodyToAnswer):
        actions.answer(thread=thread, text="Hello?", by=staff)


def test_every_write_is_in_the_trail_and_no_word_of_it():
    team = make_team()
    thread, staff = make_thread(team, text=WORDS), make_staff("pat@heartshire.example", team)
    actions.mark_seen(thread=thread, by=staff)
    actions.mark_seen(thread=thread, by=staff)
    actions.assign(thread=thread, to=staff, by=staff)
    actions.answer(thread=thread, text="Thank you for the van.", by=staff)
    actions.close(thread=thread, reason="The van is found.", by=staff)
    rows = trail()
    assert [(verb, kind) for verb, kind, _ in rows] == [
        ("conversation.opened", "member"),
        ("conversation.read", "staff"),
        ("conversation.assigned", "staff"),
        ("conversation.answered", "staff"),
        ("conversation.closed", "staff"),
    ]
    assert not any("van" in data or "@" in data for _, _, data in rows)
