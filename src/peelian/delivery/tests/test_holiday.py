"""Somebody on holiday, and somebody whose data may not be used, as the claim and the digests keep to it."""

from __future__ import annotations

import datetime as dt

import pytest

from peelian.core import clock
from peelian.delivery import digests
from peelian.delivery.models import Delivery, DigestItem, Lane, Priority, Reason, Send, State
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.test_pace import WEDNESDAY, at, resident, send_to, take
from peelian.members.audience import refresh
from peelian.members.models import Holiday, Member, Pace

pytestmark = pytest.mark.django_db


def away(member: Member, *, days: int = 7, urgent_passes: bool = True) -> None:
    Holiday.objects.create(
        member=member,
        first_day=WEDNESDAY,
        last_day=WEDNESDAY + dt.timedelta(days=days - 1),
        urgent_passes=urgent_passes,
    )


def reason(send: Send) -> str:
    return Delivery.objects.get(send=send).reason


def test_a_holiday_holds_from_its_first_to_its_last_day_on_a_london_calendar():
    one = resident()
    away(one)
    midnight = at(WEDNESDAY, 0)
    after = at(WEDNESDAY + dt.timedelta(days=7), 0)
    minute = dt.timedelta(minutes=1)
    for now, state in (
        (midnight - minute, State.CLAIMED),
        (midnight, State.NOT_SENT),
        (after - minute, State.NOT_SENT),
        (after, State.CLAIMED),
    ):
        send = send_to(one)
        assert take(send, now)[0][0] == state, now
        assert reason(send) == (Reason.HOLIDAY if state == State.NOT_SENT else "")


@pytest.mark.parametrize(
    ("passes", "options", "state"),
    [
        (True, {"priority": Priority.URGENT}, State.CLAIMED),
        (False, {"priority": Priority.URGENT}, State.NOT_SENT),
        (True, {"priority": Priority.IMPORTANT}, State.NOT_SENT),
        (True, {"counted": False}, State.NOT_SENT),  # a digest that was opened before
        (False, {"lane": Lane.TRANSACTIONAL}, State.CLAIMED),  # codes and answers come
    ],
)
def test_what_a_holiday_lets_pass(passes, options, state):
    one = resident()
    away(one, urgent_passes=passes)
    assert take(send_to(one, **options), at(WEDNESDAY, 12))[0][0] == state


def test_somebody_at_home_who_shares_the_address_goes_on_getting_what_they_agreed_to():
    one = resident()
    other = Member.objects.create(email=one.email, confirmed_at=clock.now(), joined_on=WEDNESDAY)
    away(one)
    noon = at(WEDNESDAY, 12)
    assert take(send_to(one), noon)[0][0] == State.CLAIMED
    Member.objects.filter(pk=other.pk).update(interests=1)
    assert take(send_to(one, topic_bit=3), noon)[0][0] == State.NOT_SENT
    assert take(send_to(one, topic_bit=0), noon)[0][0] == State.CLAIMED
    Member.objects.filter(pk=other.pk).update(left_at=noon)
    assert take(send_to(one), noon)[0][0] == State.NOT_SENT
    Member.objects.filter(pk=other.pk).update(left_at=None)
    away(other)
    assert take(send_to(one), noon)[0][0] == State.NOT_SENT


def test_what_waits_for_a_digest_waits_until_they_are_back():
    one = resident()
    Pace.objects.create(member=one, weekly_limit=0)
    today = clock.today()
    Holiday.objects.create(member=one, first_day=today, last_day=today)
    send = send_to(one)
    moment = clock.now() - dt.timedelta(hours=1)
    DigestItem.objects.create(member=one, send=send, address_id=one.email_id, at=moment)
    about = {"renderer": "delivery.test", "object_id": 1, "kind": "weekly", "before": clock.now(), "sends": [send.pk]}
    assert digests.open_digest(**about) is None
    Holiday.objects.update(last_day=today - dt.timedelta(days=1), first_day=today - dt.timedelta(days=2))
    digest = digests.open_digest(**about)
    assert DigestItem.objects.get().digest == digest


def test_data_that_may_not_be_used_is_not_used():
    one = resident()
    Member.objects.filter(pk=one.pk).update(restricted_at=clock.now())
    send = send_to(one)
    assert take(send, at(WEDNESDAY, 12))[0][0] == State.NOT_SENT
    assert reason(send) == Reason.RESTRICTED
    refresh([one.pk])
    assert not one._meta.apps.get_model("members.AudienceRow").objects.filter(member=one).exists()
