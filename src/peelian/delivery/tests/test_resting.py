"""What waits because its residents asked for it: counted as batches leave it, without a look at the ledger."""

from __future__ import annotations

import datetime as dt

import pytest

from peelian.audit.actions import SYSTEM
from peelian.core import clock
from peelian.delivery import actions, queries
from peelian.delivery.models import Batch
from peelian.delivery.tests.conftest import (
    Mailbox,
    Workers,
    ended,
    until,
)
from peelian.delivery.tests.test_pace import at, resident, send_to
from peelian.members.models import ChannelHours


def test_those_who_rest_are_counted_with_their_hours(workers: Workers, mailbox: Mailbox) -> None:
    """Two who hear on other days only wait; everybody else has it, and the send says so."""
    in_three, in_four = (clock.today() + dt.timedelta(days=days) for days in (3, 4))  # whatever the time of day is
    people = [resident(number) for number in range(5)]
    for one, day in ((people[1], in_three), (people[3], in_four)):
        ChannelHours.objects.create(
            member=one, channel=1, weekdays=clock.weekday_bit(day), opens=dt.time(10), closes=dt.time(18)
        )
    send = send_to(*people)
    workers.start(mailbox.url)
    until(lambda: bool(queries.resting([send.pk])))
    assert queries.resting([send.pk]) == {send.pk: queries.Resting(2, at(in_three, 10), at(in_four, 10), others=0)}
    assert mailbox.addresses() == sorted(people[number].email.value for number in (0, 2, 4))

    ChannelHours.objects.all().delete()  # they changed their minds
    actions.pause(send_id=send.pk, by=SYSTEM)
    actions.resume(send_id=send.pk, by=SYSTEM)  # its batch is looked at again
    until(lambda: ended(send))
    assert queries.resting([send.pk]) == {}
    assert len(mailbox.received) == 5


@pytest.mark.django_db
def test_what_may_go_by_now_does_not_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    send = send_to(*(resident(number) for number in range(3)))
    opens = clock.now() + dt.timedelta(hours=1)
    Batch.objects.filter(send=send).update(resting=2, resting_from=opens, resting_until=opens)
    assert queries.resting([send.pk])[send.pk] == queries.Resting(2, opens, opens, others=1)
    monkeypatch.setattr(clock, "now", lambda: opens)
    assert queries.resting([send.pk]) == {}


@pytest.mark.django_db
def test_many_sends_are_one_question(django_assert_num_queries) -> None:
    sends = [send_to(resident(number)) for number in range(3)]
    opens = clock.now() + dt.timedelta(hours=1)
    Batch.objects.update(resting=1, resting_from=opens, resting_until=opens)
    with django_assert_num_queries(1):
        assert {one.number for one in queries.resting([send.pk for send in sends]).values()} == {1}
