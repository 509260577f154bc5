"""A digest by real workers, one of them killed: everybody gets their own, and the same one if it comes again."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import time
from collections import defaultdict

from peelian.accounts.models import Organisation, Staff, Team
from peelian.alerts.digest.opening import open_due
from peelian.alerts.models import Alert
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery.models import Delivery, DigestItem, Lane, Send, State
from peelian.delivery.tests.conftest import ledger, mailbox, until, unused_tcp_port, workers  # noqa: F401 (fixtures)
from peelian.members.categories import LANGUAGE_NUMBERS
from peelian.members.models import AudienceRow, Member, Pace, Topic

PEOPLE = 600
MOST_AGAIN = 250  # what a killed worker had in hand


def test_a_killed_worker_loses_nobodys_digest(workers, mailbox):  # noqa: F811
    members = _members()
    titles = [f"Number {n}" for n in range(3)]
    alerts = [_alert(title) for title in titles]
    now = clock.now()
    for place, member in enumerate(members):  # everybody has one of the three, in turn
        send = alerts[place % 3].send
        DigestItem.objects.create(member=member, send=send, address_id=member.email_id, at=now - dt.timedelta(days=9))
    mailbox.pause = 0.02
    friday = clock.today() + dt.timedelta(days=(4 - clock.today().weekday()) % 7)
    [send] = open_due(clock.london(friday, dt.time(17, 5)))
    victim = workers.start(mailbox.url)
    until(lambda: len(mailbox.received) > 60)
    victim.kill()
    victim.wait()
    workers.running.remove(victim)
    workers.start(mailbox.url)
    until(lambda: Send.objects.get(pk=send.pk).state == Send.State.SENT, 60)
    time.sleep(0.2)
    got = defaultdict(list)
    for address, content in mailbox.received:
        message = email.message_from_bytes(content, policy=email.policy.default)
        got[address].append((message["Message-ID"], message["Subject"]))
    assert len(got) == PEOPLE
    assert len(mailbox.received) <= PEOPLE + MOST_AGAIN
    for place, member in enumerate(members):
        assert {subject for _, subject in got[member.email.value]} == {f"1 message from near you: Number {place % 3}"}
        assert len({message_id for message_id, _ in got[member.email.value]}) == 1
    assert set(Delivery.objects.filter(send=send).values_list("state", flat=True)) == {State.HANDED_OVER}


def _members() -> list[Member]:
    addresses = Address.objects.bulk_create(Address(kind=1, value=f"d{n}@home.example") for n in range(PEOPLE))
    members = Member.objects.bulk_create(
        Member(email=address, confirmed_at=clock.now(), joined_on=clock.today()) for address in addresses
    )
    Pace.objects.bulk_create(Pace(member=member, weekly_limit=0) for member in members)
    AudienceRow.objects.bulk_create(
        AudienceRow(member=one, language=LANGUAGE_NUMBERS["en"], channels=1, reachable=1, organisations=1, interests=-1)
        for one in members
    )
    return members


def _alert(title: str) -> Alert:
    police = Organisation.objects.get(slug="police")
    team, _ = Team.objects.get_or_create(slug="elm", defaults={"name": "Elm team", "organisation": police})
    author, _ = Staff.objects.get_or_create(email="pat@heartshire.example")
    send = Send.objects.create(renderer="alerts.alert", object_id=1, lane=Lane.ROUTINE, state=Send.State.SENT)
    return Alert.objects.create(
        ref=title.lower().replace(" ", "-"),
        title=title,
        topic=Topic.objects.get(slug="vehicle-crime"),
        team=team,
        author=author,
        happening="Vans.",
        state=Alert.State.SENT,
        send=send,
        sent_at=clock.now(),
    )
