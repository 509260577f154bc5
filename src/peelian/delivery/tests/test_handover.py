"""Promises of the hand-over, kept by real workers to a real mail server."""

from __future__ import annotations

import email
import email.policy
import re
import signal
import time

import pytest
from aiosmtpd.controller import Controller
from django.db.models import Sum

from peelian.accounts.models import Organisation
from peelian.audit.actions import SYSTEM
from peelian.contacts.models import Address
from peelian.core import clock, jobs
from peelian.delivery import actions, queries, tokens
from peelian.delivery.errors import SendEnded
from peelian.delivery.models import Delivery, Lane, Outgoing, Reason, Send, State, Tally
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import Mailbox, people, send_to, until
from peelian.members.models import Member, Topic, TopicChannel


def ended(send: Send) -> bool:
    return Send.objects.get(pk=send.pk).state == Send.State.SENT


def states(send: Send) -> dict[int, int]:
    counted: dict[int, int] = {}
    for state in Delivery.objects.filter(send=send).values_list("state", flat=True):
        counted[state] = counted.get(state, 0) + 1
    tallied = dict(Tally.objects.filter(send=send).values_list("state").annotate(Sum("n")))
    assert {state: n for state, n in counted.items() if state > State.CLAIMED} == {
        s: n for s, n in tallied.items() if n
    }
    return counted


def test_each_person_gets_one_complete_message(workers, mailbox):
    send = send_to(people(3))
    workers.start(mailbox.url)
    until(lambda: ended(send))
    assert mailbox.addresses() == [f"person{n}@home.example" for n in range(3)]
    assert states(send) == {State.HANDED_OVER: 3}
    address, content = mailbox.received[0]
    message = email.message_from_bytes(content, policy=email.policy.default)
    key = Address.objects.get(value=address).pk
    token = tokens.make(send.pk, key)
    assert message["To"] == address
    assert message["Subject"] == "Vans on Mill Lane – be careful"
    assert message["From"].addresses[0].display_name == 'Elm "Bridge" team'
    assert message["List-Unsubscribe"] == f"<http://testserver/unsubscribe/{token}/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, html = message.iter_parts()
    assert f"Answer: https://now.example/m/{token}/" in plain.get_content()
    assert "\n.A line that begins with a dot\n" in plain.get_content().replace("\r", "")
    assert f'href="https://now.example/m/{token}/"' in html.get_content()
    assert "“somebody”" in html.get_content()


def test_an_address_that_is_stopped_gets_nothing_and_is_counted(workers, mailbox):
    addresses = people(3)
    send = send_to(addresses)
    Address.objects.filter(pk=addresses[1].pk).update(suppression="bounced", suppressed_at=clock.now())
    workers.start(mailbox.url)
    until(lambda: ended(send))
    assert len(mailbox.received) == 2
    assert states(send) == {State.HANDED_OVER: 2, State.NOT_SENT: 1}
    assert Delivery.objects.get(send=send, address=addresses[1]).reason == Reason.SUPPRESSED


def test_a_refusal_for_good_is_final_and_a_passing_one_is_tried_again(workers, mailbox):
    asked: list[str] = []

    def answer(address: str) -> str:
        asked.append(address)
        if address.startswith("person0"):
            return "550 5.1.1 No such person"
        return "451 4.3.0 Later" if address.startswith("person1") and asked.count(address) == 1 else "250 OK"

    mailbox.answer = answer
    send = send_to(people(3))
    workers.start(mailbox.url)
    until(lambda: ended(send), 40)
    assert mailbox.addresses() == ["person1@home.example", "person2@home.example"]
    assert states(send) == {State.HANDED_OVER: 2, State.FAILED: 1}
    assert asked.count("person0@home.example") == 1


def test_a_killed_worker_loses_nobody_and_repeats_little(workers, mailbox):
    mailbox.pause = 0.01
    send = send_to(people(1_500))
    first = workers.start(mailbox.url)
    until(lambda: len(mailbox.received) > 300)
    first.send_signal(signal.SIGKILL)
    first.wait()
    mailbox.pause = 0
    workers.start(mailbox.url)
    until(lambda: ended(send), 60)
    assert states(send) == {State.HANDED_OVER: 1_500}
    assert len(set(mailbox.addresses())) == 1_500
    repeated = len(mailbox.received) - 1_500
    assert repeated <= 250
    ids: dict[str, set[str]] = {}
    for address, content in mailbox.received:
        found = re.search(rb"Message-ID: (\S+)", content)
        ids.setdefault(address, set()).add(found[1].decode() if found else "")
    assert all(len(of_one) == 1 for of_one in ids.values())


def test_two_workers_share_a_send_without_overlap(workers, mailbox):
    mailbox.pause = 0.002
    send = send_to(people(3_000))
    workers.start(mailbox.url)
    workers.start(mailbox.url)
    until(lambda: ended(send), 60)
    assert len(mailbox.received) == len(set(mailbox.addresses())) == 3_000


def test_recall_stops_what_has_not_gone(workers, mailbox):
    mailbox.pause = 0.05
    send = send_to(people(2_500))
    workers.start(mailbox.url)
    until(lambda: len(mailbox.received) > 20)
    waiting = actions.recall(send_id=send.pk, by=SYSTEM)
    assert waiting > 2_000
    time.sleep(2)
    sent_then = len(mailbox.received)
    time.sleep(1.5)
    assert len(mailbox.received) == sent_then
    until(lambda: queries.outcomes(send.pk).waiting == 0)
    assert states(send) == {State.HANDED_OVER: sent_then, State.NOT_SENT: 2_500 - sent_then}
    with pytest.raises(SendEnded):
        actions.recall(send_id=send.pk, by=SYSTEM)


def test_pause_holds_and_resume_goes_on(workers, mailbox):
    mailbox.pause = 0.02
    send = send_to(people(600))
    workers.start(mailbox.url)
    until(lambda: len(mailbox.received) > 20)
    actions.pause(send_id=send.pk, by=SYSTEM)
    time.sleep(2)
    held_at = len(mailbox.received)
    time.sleep(1.5)
    assert len(mailbox.received) == held_at < 600
    mailbox.pause = 0
    actions.resume(send_id=send.pk, by=SYSTEM)
    until(lambda: ended(send))
    assert len(mailbox.received) == len(set(mailbox.addresses())) == 600


def test_a_code_does_not_wait_behind_an_alert(workers, mailbox):
    mailbox.pause = 0.2  # slow enough that 100,000 would take the best part of an hour
    send_to(people(100_000))
    workers.start(mailbox.url)
    until(lambda: len(mailbox.received) > 20)
    newcomer = Address.objects.create(kind=1, value="newcomer@home.example")
    jobs.enqueue(
        "delivery.transactional",
        queue=jobs.TRANSACTIONAL,
        renderer="delivery.test",
        object_id=1,
        address_id=newcomer.pk,
    )
    until(lambda: "newcomer@home.example" in mailbox.addresses(), 5)


def test_a_server_that_is_away_delays_and_loses_nobody(workers, unused_tcp_port):
    send = send_to(people(50))
    workers.start(f"smtp://127.0.0.1:{unused_tcp_port}?tls=none")
    time.sleep(4)
    assert queries.outcomes(send.pk).waiting == 50
    mailbox = Mailbox()
    late = Controller(mailbox, hostname="127.0.0.1", port=unused_tcp_port)
    late.start()
    try:
        until(lambda: ended(send), 40)
    finally:
        late.stop()
    assert len(mailbox.received) == len(set(mailbox.addresses())) == 50


def test_without_a_mail_server_messages_are_kept_in_the_outbox(workers):
    send = send_to(people(5), Lane.URGENT)
    workers.start()
    until(lambda: ended(send))
    assert Outgoing.objects.filter(send=send).count() == 5
    assert states(send) == {State.HANDED_OVER: 5}


def test_nobody_at_all_ends_at_once(ledger):
    assert send_to([]).recipients == 0
    assert Send.objects.get().state == Send.State.SENT


def test_what_a_resident_changed_since_the_freezing_counts(workers, mailbox):
    """Moved to another address, chose another channel for everything, or for this type only."""
    police, _ = Organisation.objects.get_or_create(slug="police", defaults={"name": "Police", "bit": 0})
    topic, _ = Topic.objects.get_or_create(slug="vehicle-crime", defaults={"name": "Vehicle crime", "bit": 6})
    addresses = people(5)
    now = {"joined_on": clock.today(), "confirmed_at": clock.now()}
    members = [Member.objects.create(email=address, **now) for address in addresses[:4]]
    send = actions.open_send(
        renderer="delivery.test",
        object_id=1,
        lane=Lane.ROUTINE,
        rows=("SELECT m.email_id AS address_id, m.id AS member_id, 1 AS channel FROM members_member m", {}),
        organisation_id=police.pk,
        topic_bit=topic.bit,
    )
    Member.objects.filter(pk=members[0].pk).update(email=addresses[4])
    Member.objects.filter(pk=members[1].pk).update(channels=2)
    TopicChannel.objects.create(member=members[2], topic=topic, channels=2)
    workers.start(mailbox.url)
    until(lambda: ended(send))
    assert mailbox.addresses() == [addresses[3].value]
    assert states(send) == {State.HANDED_OVER: 1, State.NOT_SENT: 3}


def test_a_text_that_a_killed_worker_had_claimed_is_not_sent_again(workers):
    mobile = Address.objects.create(kind=2, value="+447700900001")
    rows = ("SELECT %(a)s::bigint AS address_id, NULL::bigint AS member_id, 2 AS channel", {"a": mobile.pk})
    send = actions.open_send(renderer="delivery.test", object_id=1, lane=Lane.ROUTINE, rows=rows)
    Delivery.objects.filter(send=send).update(state=State.CLAIMED)
    workers.start()
    until(lambda: ended(send))
    assert states(send) == {State.UNKNOWN: 1}
    assert not Outgoing.objects.filter(send=send).exists()
