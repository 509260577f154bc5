"""Promises of the hand-over, kept by real workers to a real mail server."""

from __future__ import annotations

import email
import email.policy
import re
import signal
import time

import pytest
from aiosmtpd.controller import Controller

from peelian.audit.actions import SYSTEM
from peelian.contacts.models import Address
from peelian.core import clock, jobs
from peelian.delivery import actions, queries, tokens
from peelian.delivery.carriers.smtp.carrier import CONNECTIONS
from peelian.delivery.errors import SendEnded
from peelian.delivery.models import Delivery, Lane, Outgoing, Reason, Send, State
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import Mailbox, ended, people, send_to, settled, states, until


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


def test_four_workers_share_a_send_without_overlap(workers, mailbox, monkeypatch):
    mailbox.pause = 0.01
    workers.start_ready(4, mailbox.url)
    monkeypatch.setattr(actions, "BATCH", 100)  # twenty batches; a worker takes up four at once
    send = send_to(people(2_000))
    until(lambda: ended(send), 60)
    assert len(mailbox.received) == len(set(mailbox.addresses())) == 2_000
    assert states(send) == {State.HANDED_OVER: 2_000}
    assert len(mailbox.peers) > 3 * CONNECTIONS[Lane.ROUTINE]  # of a worker: all four took part


def test_recall_stops_what_has_not_gone(workers, mailbox):
    mailbox.pause = 0.05
    send = send_to(people(2_500))
    workers.start(mailbox.url)
    until(lambda: len(mailbox.received) > 20)
    assert actions.recall(send_id=send.pk, by=SYSTEM) > 0
    sent_then = settled(mailbox)
    until(lambda: queries.outcomes(send.pk).waiting == 0)
    assert len(mailbox.received) == sent_then < 2_500
    assert states(send) == {State.HANDED_OVER: sent_then, State.NOT_SENT: 2_500 - sent_then}
    with pytest.raises(SendEnded):
        actions.recall(send_id=send.pk, by=SYSTEM)


def test_pause_holds_and_resume_goes_on(workers, mailbox):
    mailbox.pause = 0.05
    send = send_to(people(2_500))
    workers.start(mailbox.url)
    until(lambda: len(mailbox.received) > 20)
    actions.pause(send_id=send.pk, by=SYSTEM)
    assert settled(mailbox) < 2_500
    mailbox.pause = 0
    actions.resume(send_id=send.pk, by=SYSTEM)
    until(lambda: ended(send))
    assert len(mailbox.received) == len(set(mailbox.addresses())) == 2_500


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


def test_a_recall_takes_hold_within_two_seconds_of_a_slow_server(workers, mailbox):
    mailbox.pause = 1.5
    send = send_to(people(1_200))
    workers.start(mailbox.url)
    until(lambda: len(mailbox.received) > 8)
    actions.recall(send_id=send.pk, by=SYSTEM)
    then = len(mailbox.begun)
    until(lambda: queries.outcomes(send.pk).waiting == 0)
    settled(mailbox, 2)
    # Of a connection two are on the wire, and in two seconds it comes to two more; how long that takes says the machine
    assert len(mailbox.begun) <= then + 4 * CONNECTIONS[Lane.ROUTINE]
    assert states(send) == {State.HANDED_OVER: len(mailbox.begun), State.NOT_SENT: 1_200 - len(mailbox.begun)}


def test_a_worker_asked_to_end_finishes_what_is_under_way_and_gives_back_the_rest(workers, mailbox):
    mailbox.pause = 0.3
    send = send_to(people(1_100))
    first = workers.start(mailbox.url)
    until(lambda: len(mailbox.received) > 20)
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=120) == 0
    found = states(send)
    assert found == {State.HANDED_OVER: len(mailbox.received), State.QUEUED: 1_100 - len(mailbox.received)}
    mailbox.pause = 0
    workers.start(mailbox.url)
    until(lambda: ended(send))
    assert len(mailbox.received) == len(set(mailbox.addresses())) == 1_100


def test_a_worker_asked_to_end_does_not_wait_for_a_server_that_hangs(workers, mailbox):
    mailbox.pause = 600
    send = send_to(people(30))
    worker = workers.start(mailbox.url)
    until(lambda: len(mailbox.begun) >= 8)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=120) == 0  # the server would take ten minutes
    assert states(send) == {State.QUEUED: 30}
    assert Delivery.objects.filter(send=send, tries=1).count() == len(mailbox.begun)


def test_a_killed_worker_s_code_goes_out_all_the_same(workers, mailbox):
    mailbox.pause = 600
    newcomer = Address.objects.create(kind=1, value="newcomer@home.example")
    jobs.enqueue(
        "delivery.transactional",
        queue=jobs.TRANSACTIONAL,
        renderer="delivery.test",
        object_id=1,
        address_id=newcomer.pk,
    )
    worker = workers.start(mailbox.url)
    until(lambda: len(mailbox.begun) == 1)
    worker.kill()
    worker.wait()
    mailbox.pause = 0
    workers.start(mailbox.url)
    until(lambda: mailbox.addresses() == ["newcomer@home.example"], 15)
    until(lambda: Send.objects.get().state == Send.State.SENT)
