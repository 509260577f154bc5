"""What should not wait comes to a supervisor at once, and, outside hours, to a duty contact until somebody looks."""

from datetime import datetime, timedelta

import pytest

from peelian.contacts.models import Address
from peelian.conversations import actions, raising
from peelian.conversations.models import Desk, DutyContact, Message, Raised, Thread, Wait
from peelian.conversations.tests.factories import make_address, make_staff, make_team, make_thread
from peelian.conversations.tests.test_actions import jobs_waiting, trail
from peelian.core import clock
from peelian.members.tests.factories import make_member

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 11, tzinfo=clock.LONDON)
NIGHT = datetime(2026, 11, 16, 23, tzinfo=clock.LONDON)


@pytest.fixture
def now(monkeypatch):
    """Sets the clock of everything here."""

    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(MONDAY)
    return set_to


def duty(team=None, value="duty@heartshire.example") -> DutyContact:
    address = Address.objects.create(kind=Address.Kind.EMAIL, value=value)
    return DutyContact.objects.create(team=team, name="Control room", address=address)


def told() -> list[int]:
    return [job["args"]["address_id"] for job in jobs_waiting() if job["args"].get("renderer") == "conversations.duty"]


def test_in_their_hours_it_is_on_the_list_and_nobody_is_woken(now):
    team, contact = make_team(), duty()
    thread = make_thread(team, text="He said he has a gun.")
    raised = Raised.objects.get()
    assert (raised.thread_id, raised.why, raised.seen_at) == (thread.pk, "words", None)
    assert raising.tell_duty() == 0
    now(MONDAY.replace(hour=18))  # they have gone home and nobody has looked
    assert raising.tell_duty() == 1
    assert told() == [contact.address_id]


def test_outside_their_hours_one_after_the_other_is_told_until_somebody_looks(now):
    now(NIGHT)
    team, first, second = make_team(), duty(), duty(value="second@heartshire.example")
    Desk.objects.create(team=team, minutes=10)
    make_thread(team, text="I am in danger now")
    assert [job["name"] for job in jobs_waiting()] == ["conversations.tell_duty"]
    raising.tell_duty()
    assert raising.tell_duty() == 0  # not twice in ten minutes
    now(NIGHT + timedelta(minutes=10))
    raising.tell_duty()
    assert told() == [first.address_id, first.address_id, second.address_id]
    supervisor = make_staff("s@heartshire.example", role="supervisor")
    assert raising.acknowledge(raised=Raised.objects.get(), by=supervisor) is True
    assert raising.acknowledge(raised=Raised.objects.get(), by=supervisor) is False
    now(NIGHT + timedelta(minutes=30))
    assert raising.tell_duty() == 0
    assert [verb for verb, _, _ in trail() if verb == "conversation.raised_seen"] == ["conversation.raised_seen"]


def test_where_nobody_is_set_to_be_told_it_never_says_that_somebody_was(now):
    now(NIGHT)
    make_thread(make_team(), text="suicide")
    assert raising.tell_duty() == 0
    assert Raised.objects.get().told == 0
    contact = duty()
    now(NIGHT + timedelta(minutes=16))
    raising.tell_duty()
    assert told() == [contact.address_id]


def test_a_teams_own_contact_is_told_and_not_the_forces(now):
    now(NIGHT)
    team = make_team()
    duty()
    own = duty(team, "own@heartshire.example")
    make_thread(team, text="suicide")
    raising.tell_duty()
    assert told() == [own.address_id]


def test_nothing_is_answered_and_no_word_of_it_is_in_the_trail_or_a_job(now):
    now(NIGHT)
    duty()
    make_thread(make_team(), text="I have a machete under my bed")
    raising.tell_duty()
    assert Message.objects.exclude(how="link").count() == 0
    assert Thread.objects.get().state == Thread.State.WAITING_FOR_US
    written = str(trail()) + str(jobs_waiting())
    assert "machete" not in written
    assert "bed" not in written


def test_it_is_raised_once_until_somebody_has_looked_and_then_again(now):
    team, address = make_team(), make_address()
    make_thread(team, address, text="a gun")
    make_thread(team, address, text="a bomb")
    assert Raised.objects.count() == 1
    raising.acknowledge(raised=Raised.objects.get(), by=make_staff(role="supervisor"))
    make_thread(team, address, text="a knife")
    assert Raised.objects.filter(seen_at=None).count() == 1


def test_somebody_under_18_comes_to_a_supervisor_and_to_no_duty_contact(now):
    now(NIGHT)
    duty()
    member = make_member("young@home.example", young=True)
    actions.open_or_continue(
        team=make_team(), subject="x", about="", text="Hello", address_id=member.email_id, member_id=member.pk,
        how=Message.How.CODE, by=raising.SYSTEM,
    )  # fmt: skip
    assert [one.why for one in Raised.objects.all()] == ["young"]
    assert raising.tell_duty() == 0


def receipts() -> list[str]:
    return list(Message.objects.filter(how="notice").values_list("text", flat=True))


def test_the_receipt_says_who_reads_it_and_when_and_goes_once_a_day(now):
    team, address = make_team(), make_address()
    make_thread(team, address, automatic=False)
    make_thread(team, address, about="alert:other", automatic=False)
    assert len(receipts()) == 1
    for words in (
        "Elm Bridge team",
        "Monday to Friday, 8am to 6pm",
        "three working days",
        "999",
        "101",
        "0800 555 111",
    ):
        assert words in receipts()[0]
    now(MONDAY + timedelta(days=1, minutes=1))
    make_thread(team, address, about="alert:third", automatic=False)
    assert len(receipts()) == 2


def test_a_machine_gets_no_receipt(now):
    make_thread(make_team(), automatic=True)
    assert receipts() == []


def test_one_wait_for_each_time_and_the_first_counts_from_the_first_words(now):
    team, address = make_team(), make_address()
    staff = make_staff("pat@heartshire.example", team)
    thread = make_thread(team, address)
    now(MONDAY + timedelta(days=1))
    make_thread(team, address, text="And?")
    wait = Wait.objects.get()
    assert (wait.began_at, wait.due_at, wait.first) == (MONDAY, datetime(2026, 11, 19, 18, tzinfo=clock.LONDON), True)
    actions.answer(thread=thread, text="So.", by=staff)
    now(MONDAY + timedelta(days=2))
    make_thread(team, address, text="More")
    actions.close(thread=thread, reason="Done.", by=staff)
    ends = Wait.objects.order_by("pk").values_list("outcome", "first")
    assert list(ends) == [("answered", True), ("closed", False)]
    thread.refresh_from_db()
    assert thread.due_at is None
