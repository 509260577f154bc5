"""How often and when residents want to hear, as the claim keeps to it."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import connection

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import actions, claim
from peelian.delivery.models import (
    Channel,
    Delivery,
    DigestItem,
    Lane,
    MemberWeek,
    Priority,
    Reason,
    Send,
    State,
    Tally,
)
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.members.audience import refresh
from peelian.members.models import ChannelHours, Member, Pace

pytestmark = pytest.mark.django_db
WEDNESDAY = dt.date(2026, 7, 1)


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return clock.london(day, dt.time(hour, minute))


def resident(number: int = 0, *, kinds: tuple[Address.Kind, ...] = (Address.Kind.EMAIL,), **given: object) -> Member:
    names = {Address.Kind.EMAIL: "email", Address.Kind.MOBILE: "mobile", Address.Kind.LANDLINE: "landline"}
    values = {
        Address.Kind.EMAIL: "r{}@home.example",
        Address.Kind.MOBILE: "+4477009{:05}",
        Address.Kind.LANDLINE: "+44113{:07}",
    }
    for kind in kinds:
        given[names[kind]] = Address.objects.create(kind=kind, value=values[kind].format(number))
    one = Member.objects.create(confirmed_at=clock.now(), joined_on=dt.date(2026, 1, 1), **given)
    refresh([one.pk])
    return one


def send_to(
    *members: Member, channel: Channel = Channel.EMAIL, counted: bool = True, lane: Lane = Lane.ROUTINE, **options
):
    column = {Channel.EMAIL: "email_id", Channel.TEXT: "mobile_id", Channel.VOICE: "coalesce(landline_id, mobile_id)"}
    rows = (
        f"SELECT {column[channel]} AS address_id, id AS member_id, {channel} AS channel FROM members_member"
        " WHERE id = ANY(%(ids)s)",
        {"ids": [one.pk for one in members]},
    )
    return actions.open_send(renderer="delivery.test", object_id=1, lane=lane, rows=rows, counted=counted, **options)


def take(send: Send, now: dt.datetime, **more) -> list[tuple]:
    """Claim what the send has, as a worker does at NOW: (state, again_at) in order of address."""
    first = Delivery.objects.filter(send=send).order_by("address").first()
    given = {"send": send.pk, "after": 0, "last": 10**12, "channel": first.channel, "most": 500, "carrier": None}
    with connection.cursor() as cursor:
        cursor.execute(claim.CLAIM_LIMITED if "domains" in more else claim.CLAIM, given | claim.moment(now) | more)
        return [(row[4], row[5]) for row in sorted(cursor.fetchall())]


def test_at_most_so_many_a_week_and_the_rest_in_the_digest():
    one, free = resident(1), resident(2)
    Pace.objects.create(member=one, weekly_limit=2)
    monday = dt.date(2026, 6, 29)
    sends = [send_to(one, free) for _ in range(4)]
    states = [[state for state, _ in take(send, at(monday + dt.timedelta(days=n), 12))] for n, send in enumerate(sends)]
    assert states == [[State.CLAIMED] * 2] * 2 + [[State.DIGEST, State.CLAIMED]] * 2
    assert MemberWeek.objects.get().sends == [send.pk for send in sends[:2]]
    assert list(DigestItem.objects.values_list("send_id", flat=True)) == [send.pk for send in sends[2:]]
    assert Tally.objects.get(send=sends[2]).state == State.DIGEST
    later = send_to(one)
    assert take(later, at(monday + dt.timedelta(days=7), 0)) == [(State.CLAIMED, None)]


def test_the_week_begins_on_monday_midnight_in_london():
    """In summer that is eleven in the evening on Sunday, by universal time."""
    one = resident()
    Pace.objects.create(member=one, weekly_limit=1)
    sunday = dt.datetime(2026, 7, 5, 22, 59, tzinfo=dt.UTC)
    assert take(send_to(one), sunday)[0][0] == State.CLAIMED
    assert take(send_to(one), sunday)[0][0] == State.DIGEST
    assert take(send_to(one), sunday + dt.timedelta(minutes=1))[0][0] == State.CLAIMED


def test_a_send_counts_once_by_however_many_channels_and_tries():
    one = resident(kinds=(Address.Kind.EMAIL, Address.Kind.MOBILE), channels=3)
    Pace.objects.create(member=one, weekly_limit=1)
    now = at(WEDNESDAY, 12)
    send = send_to(one)
    Delivery.objects.create(send=send, address_id=one.mobile_id, member=one, channel=2, changed_at=now)
    assert take(send, now) == [(State.CLAIMED, None)]
    Delivery.objects.filter(send=send, address_id=one.email_id).delete()
    assert take(send, now) == [(State.CLAIMED, None)]
    Delivery.objects.filter(send=send).update(state=State.QUEUED, tries=1)
    assert take(send, now) == [(State.CLAIMED, None)]
    assert take(send, now + dt.timedelta(days=7)) == []
    Delivery.objects.filter(send=send).update(state=State.QUEUED, tries=0)
    assert take(send, now + dt.timedelta(days=7)) == [(State.CLAIMED, None)]
    assert MemberWeek.objects.get().sends == [send.pk]


def test_what_is_in_the_digest_comes_by_no_other_channel():
    one = resident(kinds=(Address.Kind.EMAIL, Address.Kind.MOBILE), channels=3)
    Pace.objects.create(member=one, weekly_limit=1)
    now = at(WEDNESDAY, 12)
    take(send_to(one), now)
    send = send_to(one)
    assert take(send, now) == [(State.DIGEST, None)]
    Delivery.objects.filter(send=send).delete()
    Delivery.objects.create(send=send, address_id=one.mobile_id, member=one, channel=2, changed_at=now)
    assert take(send, now + dt.timedelta(days=7)) == [(State.DIGEST, None)]
    assert DigestItem.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "state"),
    [
        ({"counted": False}, State.CLAIMED),
        ({"lane": Lane.TRANSACTIONAL}, State.CLAIMED),
        ({"priority": Priority.URGENT}, State.CLAIMED),
        ({"priority": Priority.IMPORTANT}, State.DIGEST),
    ],
)
def test_who_is_exempt_from_the_limit(options, state):
    one = resident()
    Pace.objects.create(member=one, weekly_limit=1)
    take(send_to(one), at(WEDNESDAY, 12))
    assert take(send_to(one, **options), at(WEDNESDAY, 12)) == [(state, None)]
    assert len(MemberWeek.objects.get().sends) == 1


def test_urgent_ones_pass_only_where_they_may():
    one = resident()
    Pace.objects.create(member=one, weekly_limit=1, urgent_passes=False, quiet_from=dt.time(22), quiet_until=dt.time(7))
    take(send_to(one), at(WEDNESDAY, 12))
    assert take(send_to(one, priority=Priority.URGENT), at(WEDNESDAY, 12)) == [(State.DIGEST, None)]
    night = send_to(one, priority=Priority.URGENT)
    assert take(night, at(WEDNESDAY, 23)) == [(State.QUEUED, at(dt.date(2026, 7, 2), 7))]
    Pace.objects.update(urgent_passes=True)
    assert take(night, at(WEDNESDAY, 23)) == [(State.CLAIMED, None)]


def test_a_threshold_is_a_channels_own():
    one = resident(kinds=(Address.Kind.EMAIL, Address.Kind.MOBILE), channels=3)
    Pace.objects.create(member=one, email_from=1, text_from=2)
    now = at(WEDNESDAY, 12)
    assert take(send_to(one), now) == [(State.CLAIMED, None)]
    text = send_to(one, channel=Channel.TEXT)
    assert take(text, now) == [(State.NOT_SENT, None)]
    assert Delivery.objects.get(send=text).reason == Reason.THRESHOLD
    assert take(send_to(one, channel=Channel.TEXT, priority=Priority.IMPORTANT), now) == [(State.CLAIMED, None)]
    assert take(send_to(one, channel=Channel.TEXT, counted=False), now) == [(State.CLAIMED, None)]


def test_the_installations_quiet_hours_are_for_texts_and_calls(settings):
    settings.PEELIAN_QUIET_HOURS = (dt.time(21), dt.time(8))
    everything = (Address.Kind.EMAIL, Address.Kind.MOBILE, Address.Kind.LANDLINE)
    one, own = resident(1, kinds=everything, channels=7), resident(2, kinds=everything, channels=7)
    Pace.objects.create(member=own, quiet_from=dt.time(0), quiet_until=dt.time(0))  # none at all
    night, morning = at(WEDNESDAY, 23), at(dt.date(2026, 7, 2), 8)
    assert take(send_to(one), night) == take(send_to(one), at(WEDNESDAY, 6)) == [(State.CLAIMED, None)]
    assert take(send_to(one, channel=Channel.TEXT), night) == [(State.QUEUED, morning)]
    assert take(send_to(one, channel=Channel.VOICE), night) == [(State.QUEUED, morning)]
    assert take(send_to(own, channel=Channel.TEXT), night) == [(State.CLAIMED, None)]
    assert take(send_to(one, channel=Channel.TEXT), morning) == [(State.CLAIMED, None)]
    assert take(send_to(one, channel=Channel.TEXT, counted=False), night) == [(State.CLAIMED, None)]
    assert take(send_to(one, channel=Channel.TEXT, priority=Priority.URGENT), night) == [(State.CLAIMED, None)]


def test_hours_of_a_channel_by_weekday():
    one = resident()
    weekend = 32 | 64
    ChannelHours.objects.create(member=one, channel=1, weekdays=weekend, opens=dt.time(10), closes=dt.time(18))
    saturday = dt.date(2026, 7, 4)
    assert take(send_to(one), at(WEDNESDAY, 12)) == [(State.QUEUED, at(saturday, 10))]
    assert take(send_to(one), at(saturday, 9, 59)) == [(State.QUEUED, at(saturday, 10))]
    assert take(send_to(one), at(saturday, 10)) == [(State.CLAIMED, None)]
    assert take(send_to(one), at(dt.date(2026, 7, 5), 18)) == [(State.QUEUED, at(dt.date(2026, 7, 11), 10))]
    Pace.objects.create(member=one, quiet_from=dt.time(9), quiet_until=dt.time(11))
    assert take(send_to(one), at(WEDNESDAY, 12)) == [(State.QUEUED, at(saturday, 11))]


def test_hours_that_never_open_are_a_threshold():
    one = resident()
    ChannelHours.objects.create(member=one, channel=1, opens=dt.time(22), closes=dt.time(23))
    Pace.objects.create(member=one, quiet_from=dt.time(21), quiet_until=dt.time(8))
    send = send_to(one)
    assert take(send, at(WEDNESDAY, 12)) == [(State.NOT_SENT, None)]
    assert Delivery.objects.get(send=send).reason == Reason.THRESHOLD


def test_by_landline_alone_it_waits_for_the_next_week_and_fourteen_days_at_most():
    one = resident(kinds=(Address.Kind.LANDLINE,), channels=4)
    Pace.objects.create(member=one, weekly_limit=1)
    take(send_to(one, channel=Channel.VOICE), at(WEDNESDAY, 12))
    send = send_to(one, channel=Channel.VOICE)
    Send.objects.filter(pk=send.pk).update(created_at=at(WEDNESDAY, 12))
    monday, next_monday = dt.date(2026, 7, 6), dt.date(2026, 7, 13)
    assert take(send, at(WEDNESDAY, 13)) == [(State.QUEUED, at(monday, 0))]
    take(send_to(one, channel=Channel.VOICE), at(monday, 0))
    assert take(send, at(monday, 1)) == [(State.QUEUED, at(next_monday, 0))]
    take(send_to(one, channel=Channel.VOICE), at(next_monday, 0))
    assert take(send, at(next_monday, 1)) == [(State.NOT_SENT, None)]
    assert Delivery.objects.get(send=send).reason == Reason.LIMIT
    assert not DigestItem.objects.exists()


def test_of_a_mail_domain_as_many_as_are_allowed():
    everybody = [resident(number) for number in range(5)]
    Pace.objects.create(member=everybody[4], weekly_limit=1)
    send = send_to(*everybody)
    limits = {"domains": ["home.example"], "allowed": [2]}
    states = Counter(take(send, at(WEDNESDAY, 12), **limits))
    assert states == {(State.CLAIMED, None): 2, (State.QUEUED, None): 3}
    assert not MemberWeek.objects.exists()  # what is held back counts in nobody's week
    assert Counter(take(send, at(WEDNESDAY, 12), domains=["other.example"], allowed=[0])) == {(State.CLAIMED, None): 3}


@pytest.mark.parametrize(("channel", "durable"), [(Channel.EMAIL, "off"), (Channel.TEXT, "on")])
def test_only_a_claim_of_emails_may_be_lost_with_the_server(channel, durable):
    """They would be claimed again under the same Message-ID; a text may go once only."""
    send = send_to(resident(1, kinds=(Address.Kind.EMAIL, Address.Kind.MOBILE)), channel=channel)
    assert take(send, at(WEDNESDAY, 12)) == [(State.CLAIMED, None)]
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone()[0] == durable
