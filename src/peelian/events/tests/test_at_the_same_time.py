"""Pressed twice, or by two at the same moment: a place is given once, and not at what has just been cancelled."""

from __future__ import annotations

import pytest

from peelian.alerts.tests.factories import jobs_named
from peelian.core.testing.meanwhile import at_the_same_time
from peelian.events import actions, errors, tokens
from peelian.events.models import Event, SignUp
from peelian.events.tests.factories import BY_MEMBER, Desk
from peelian.members.tests.factories import make_member

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
State = SignUp.State
JOB = "delivery.transactional"


def asked(event: Event) -> str:
    """The link of somebody who asked for a place."""
    actions.ask(event=event, email="a@home.example", network="n")
    row = SignUp.objects.get()
    return tokens.make(row.pk, row.address_id)


def letters() -> int:
    """About the one place there is. (Jobs of tests that commit stay in their table.)"""
    about = SignUp.objects.get().pk
    return sum(args["object_id"] == about and args["renderer"] == "events.sign_up" for args, _ in jobs_named(JOB))


def test_a_link_pressed_twice_gives_the_last_place_once() -> None:
    event = Desk().event(takes_sign_ups=True, capacity=1)
    link = asked(event)

    assert not at_the_same_time(lambda: actions.confirm(token=link), lambda: actions.confirm(token=link))

    assert SignUp.objects.get().state == State.BOOKED
    assert letters() == 2  # the link, and that there is a place


def test_a_member_who_presses_twice_comes_once() -> None:
    desk = Desk()
    event = desk.event(takes_sign_ups=True, capacity=1)
    member = make_member("a@home.example", area=desk.ward)

    def book() -> SignUp:
        return actions.book_member(event=event, member=member, address_id=member.email_id, by=BY_MEMBER)

    assert not at_the_same_time(book, book)

    assert SignUp.objects.get().state == State.BOOKED
    assert letters() == 1


def test_nobody_gets_a_place_at_what_is_being_cancelled() -> None:
    desk = Desk()
    event = desk.event(takes_sign_ups=True)
    link = asked(event)

    def cancel() -> None:
        actions.cancel_event(event=event, because="The hall is flooded.", by=desk.officer)

    raised = at_the_same_time(cancel, lambda: actions.confirm(token=link))

    assert [type(one) for one in raised] == [errors.SignUpClosed]
    assert SignUp.objects.get().state == State.ASKED
