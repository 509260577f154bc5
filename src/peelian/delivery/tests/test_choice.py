"""Two carriers of a channel: shared at rest, shifted away from the one in trouble, slowly back; nobody lost or doubled.

The carriers are real servers: mail servers, and HTTP servers that answer as GOV.UK Notify and Twilio document.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection

from peelian.audit.models import Event
from peelian.contacts.models import Address
from peelian.delivery import housekeeping, shifting
from peelian.delivery.carriers.hands import SIZES
from peelian.delivery.carriers.notify.tests import fake as notify
from peelian.delivery.carriers.tests import faking
from peelian.delivery.carriers.tests.faking import Asked, Reply
from peelian.delivery.carriers.twilio.tests import fake as twilio
from peelian.delivery.database import Connections
from peelian.delivery.desk import Desk
from peelian.delivery.handover import Again, Run
from peelian.delivery.models import Carrier, Delivery, Lane, Send, State, Tally
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import ended, people, send_to, states, text_to, until, work_here

pytestmark = pytest.mark.usefixtures("ledger")


def test_at_rest_the_shares_are_as_set():
    assert shifting.shares([(51, 51), (49, 49)]) == [51, 49]
    assert shifting.shares([(100, 100)]) == [100]


def test_on_its_way_back_a_carrier_has_no_more_than_its_weight():
    assert shifting.shares([(10, 51), (49, 49)]) == [10, 90]
    assert shifting.shares([(0, 51), (49, 49)]) == [0, 100]
    assert shifting.shares([(10, 51), (30, 49)]) == [25, 75]
    assert shifting.shares([(20, 50), (30, 30), (20, 20)]) == [20, 48, 32]
    assert shifting.shares([(0, 51), (0, 49)]) == [0, 0]


def test_one_that_stands_by_has_what_no_other_takes():
    assert shifting.shares([(100, 100), (0, 0)]) == [100, 0]
    assert shifting.shares([(0, 100), (0, 0)]) == [0, 100]
    assert shifting.shares([(30, 100), (0, 0)]) == [30, 70]


class Notify:
    """GOV.UK Notify that can have an outage."""

    def __init__(self) -> None:
        self.at_ease, self.out = notify.Notify(), False
        self.busy: dict[str, str] = {}  # header fields of an answer that it is
        self.taken: list[str] = []

    def __call__(self, asked: Asked) -> Reply:
        if self.out:  # "Internal server error: Notify was unable to process the request, resend your notification"
            return notify.error(500, "Exception", "Internal server error")
        if self.busy and asked.method == "POST":
            return notify.error(429, "RateLimitError")._replace(headers=self.busy)
        reply = self.at_ease(asked)
        if reply.status == 201:
            self.taken.append(json.loads(asked.body)["phone_number"])
        return reply


class Twilio:
    def __init__(self) -> None:
        self.taken: list[str] = []

    def __call__(self, asked: Asked) -> Reply:
        reply = twilio.answer(asked)
        if reply.status == 201:
            self.taken.append(twilio.form_of(asked)["To"])
        return reply


@pytest.fixture
def texts(settings) -> Iterator[tuple[Notify, Twilio]]:
    """Two carriers of texts, of which the first has 51 per cent at rest."""
    a, b = Notify(), Twilio()
    with faking.served(a) as first, faking.served(b) as second:
        settings.PEELIAN_TEXT_CARRIERS = f"{notify.URL}{first.api}&share=51 {twilio.URL}{second.api}&share=49"
        yield a, b


class Minutes:
    """A worker whose minutes pass as soon as their work is done: its checks run, and counters are a minute older."""

    def __init__(self) -> None:
        self.sent: list[Send] = []
        self.numbered = 7_000

    async def work(self, desk: Desk, batches: list[int]) -> None:
        while batches:
            for batch in list(batches):
                try:
                    await Run(desk, batch).work()
                    batches.remove(batch)
                except Again:
                    await asyncio.sleep(0.02)

    def pass_one(self, texts_in_it: int = 100) -> None:
        numbers = range(self.numbered, self.numbered + texts_in_it)
        self.numbered += texts_in_it
        given = self.residents(numbers)
        sends = [self.open(given[at : at + 5]) for at in range(0, len(given), 5)]
        self.sent += sends
        batches = [list(send.batches.values_list("pk", flat=True)) for send in sends]

        async def work() -> None:
            desk = Desk()
            desk.open()
            try:
                for of_one in batches:
                    desk.choice._read_at = 0.0
                    await self.work(desk, of_one)
                await desk.choice.report()
                await shifting.check_all(desk.connections)
            finally:
                await desk.close()

        asyncio.run(work())
        with connection.cursor() as cursor:
            for step in ("9 days", "-9 days -1 minute"):  # in two steps, so that none takes another's place
                cursor.execute(
                    "UPDATE core_counter SET starts = starts + %s::interval, ends = ends + %s::interval", [step] * 2
                )

    def residents(self, numbers: range) -> list[Address]:
        return Address.objects.bulk_create(Address(kind=2, value=f"+44770090{number}") for number in numbers)

    def open(self, addresses: list[Address]) -> Send:
        return text_to(addresses)


def weight(name: str) -> int:
    return Carrier.objects.get(name=name).weight


def shifts() -> list[tuple[str, int, int, str]]:
    """Of the carriers there are now: what the trail keeps of earlier tests is of others."""
    names = {str(pk): name for pk, name in Carrier.objects.values_list("pk", "name")}
    found = Event.objects.filter(verb="carrier.shifted", object_id__in=names).order_by("id")
    return [(names[e.object_id], e.data["before"], e.data["after"], e.data["why"]) for e in found]


def test_after_an_outage_of_a_minute_the_other_carrier_has_the_next_five(texts, monkeypatch):
    a, b = texts
    monkeypatch.setattr("peelian.delivery.handover.PAUSES", dict.fromkeys(Lane, (0.02,) * 7))
    minutes = Minutes()
    a.out = True
    minutes.pass_one()
    assert weight("notify") == 0
    assert Carrier.objects.get(name="notify").problem
    a.out = False
    already = len(b.taken)
    for _ in range(5):
        minutes.pass_one()
    by_b = len(b.taken) - already
    assert by_b >= 0.95 * (by_b + len(a.taken))
    taken = Counter(a.taken + b.taken)
    assert len(taken) == 600
    assert set(taken.values()) == {1}  # nobody twice, and nobody not at all
    assert Delivery.objects.filter(send__in=minutes.sent, state=State.HANDED_OVER).count() == 600
    weights = [weight("notify")]
    for _ in range(5):
        minutes.pass_one(10)
        weights.append(weight("notify"))
    assert weights == [10, 20, 30, 40, 50, 51]
    assert [one[1:3] for one in shifts() if one[0] == "notify"] == [
        (51, 0), (0, 10), (10, 20), (20, 30), (30, 40), (40, 50), (50, 51),
    ]  # fmt: skip
    assert not Carrier.objects.get(name="notify").problem


def test_ledger_and_tallies_say_who_carried_what(texts):
    a, b = texts
    minutes = Minutes()
    minutes.pass_one(200)
    by_carrier = dict.fromkeys(("notify", "twilio"), 0)
    names = dict(Carrier.objects.values_list("pk", "name"))
    for carrier in Delivery.objects.filter(send__in=minutes.sent).values_list("carrier", flat=True):
        by_carrier[names[carrier]] += 1
    assert by_carrier == {"notify": len(a.taken), "twilio": len(b.taken)}
    assert min(by_carrier.values()) > 20  # of forty times five by lot
    housekeeping.fold_tallies()
    tallied = Counter[str]()
    for carrier, n in Tally.objects.filter(send__in=minutes.sent).values_list("carrier", "n"):
        tallied[names[carrier]] += n
    assert dict(tallied) == by_carrier


def test_one_that_fails_every_check_gets_nothing_until_it_is_well(texts, settings):
    a, _ = texts
    connections = Connections()
    asyncio.run(shifting.check_all(connections))
    a.out = True
    asyncio.run(shifting.check_all(connections))
    row = Carrier.objects.get(name="notify")
    assert (row.weight, row.problem) == (0, "GOV.UK Notify answers with status 500.")
    assert row.checked_at
    a.out = False
    asyncio.run(shifting.check_all(connections))
    row.refresh_from_db()
    assert (row.weight, row.problem) == (0, "GOV.UK Notify answers with status 500.")  # five minutes have not passed
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_counter SET ends = now() WHERE key = %s", [shifting.key(row.pk, "away")])
    asyncio.run(shifting.check_all(connections))
    row.refresh_from_db()
    assert (row.weight, row.problem) == (10, "")


def test_what_it_failed_at_stands_there_while_its_checks_are_fine(texts):
    """A carrier may greet everybody and take nothing."""
    connections = Connections()
    asyncio.run(shifting.check_all(connections))
    row = Carrier.objects.get(name="notify")
    shifting.shift(row.pk, weight=0, problem=shifting.NOTHING_TAKEN)
    asyncio.run(shifting.check_all(connections))
    row.refresh_from_db()
    assert (row.weight, row.problem) == (0, shifting.NOTHING_TAKEN)


def test_a_mail_domain_that_has_everybody_wait_is_no_trouble_of_the_carrier(settings):
    """Greylisting: all that is left of a batch waits for it, so that a carrier seems to take nothing."""
    settings.PEELIAN_EMAIL_CARRIERS = "simulator://?name=one&share=100 simulator://?name=two&share=0"
    Carrier.objects.all().delete()
    residents = Address.objects.bulk_create(
        Address(kind=1, value=f"deferred+{n}@simulator.peelian.example") for n in range(40)
    )
    send = send_to(residents)
    work_here(send)
    asyncio.run(shifting.check_all(Connections()))
    assert states(send) == {State.QUEUED: 40}
    assert set(Delivery.objects.filter(send=send).values_list("tries", flat=True)) == {1}
    assert (weight("one"), Carrier.objects.get(name="one").problem) == (100, "")
    assert not shifts()


@pytest.mark.parametrize(("said", "seconds"), [("1800", 1_800), ("86400", 3_600)])
def test_a_carrier_s_own_not_before_is_kept(settings, said, seconds):
    """By the batch, to the second; what was not given to it has no try less."""
    with faking.served(twilio.answer) as fake:
        settings.PEELIAN_TEXT_CARRIERS = twilio.URL + fake.api
        fake.answer = lambda asked: twilio.error(429, 20429)._replace(headers={"Retry-After": said})
        numbers = range(10_000, 10_050)
        send = text_to(Address.objects.bulk_create(Address(kind=2, value=f"+4477009{n}") for n in numbers))
        again = work_here(send, times=2)
        assert len(fake.orders) <= 2 * SIZES[Lane.URGENT]
        assert states(send) == {State.QUEUED: 50}
        assert again == [pytest.approx(seconds, abs=3)] * 2
        assert sum(Delivery.objects.filter(send=send).values_list("tries", flat=True)) == len(fake.orders)


def test_while_one_rests_the_other_goes_on(texts):
    a, b = texts
    a.busy = {"Retry-After": "1800"}
    minutes = Minutes()
    minutes.pass_one(50)
    assert len(b.taken) == 50
    assert len(set(b.taken)) == 50


def test_one_that_stands_alone_keeps_its_share(settings):
    with faking.served(Notify()) as only:
        only.answer.out = True  # type: ignore[attr-defined]
        settings.PEELIAN_TEXT_CARRIERS = f"{notify.URL}{only.api}"
        asyncio.run(shifting.check_all(Connections()))
    row = Carrier.objects.get(name="notify")
    assert row.weight == row.resting == 100
    assert row.problem


def carriers(*urls: str) -> dict[str, str]:
    return {"PEELIAN_EMAIL_CARRIERS": " ".join(urls)}


def test_a_mail_server_that_takes_nothing_is_left_at_once(workers, mailbox, second):
    mailbox.answer = lambda address: "451 4.3.0 Not now"
    send = send_to(people(1_000))
    workers.start(more=carriers(f"{mailbox.url}&name=one", f"{second.url}&name=two"))
    until(lambda: ended(send), 60)
    assert not mailbox.received
    assert len(second.received) == len(set(second.addresses())) == 1_000
    assert states(send) == {State.HANDED_OVER: 1_000}
    tried = Delivery.objects.filter(send=send, tries__gt=1).count()
    assert tried <= 2 * 180  # what was in hand when it was left, and no more
    # It was left, even if it has been tried again since; and chance may never have picked it
    assert any((name, now) == ("one", 0) for name, _, now, _ in shifts()) or tried == 0


def test_a_mail_server_that_is_away_is_left_at_once(workers, second, unused_tcp_port_of):
    away = f"smtp://127.0.0.1:{unused_tcp_port_of()}?tls=none"
    sends = [send_to(people(40, start)) for start in range(0, 400, 40)]
    workers.start(more=carriers(f"{away}&name=one&share=90", f"{second.url}&name=two&share=10"))
    until(lambda: all(ended(send) for send in sends), 40)
    assert len(second.received) == len(set(second.addresses())) == 400
    assert weight("one") == 0
    assert ("one", 90, 0) in [one[:3] for one in shifts()]  # by outcomes, or by the check of a minute that began


def test_one_that_stands_by_takes_over_at_once(workers, second, unused_tcp_port_of):
    away = f"smtp://127.0.0.1:{unused_tcp_port_of()}?tls=none"
    send = send_to(people(40))
    workers.start(more=carriers(f"{away}&name=one&share=100", f"{second.url}&name=two&share=0"))
    until(lambda: ended(send), 20)
    assert len(second.received) == len(set(second.addresses())) == 40
    assert (weight("one"), weight("two")) == (0, 0)


def test_both_are_used_at_rest(workers, mailbox, second):
    sends = [send_to(people(20, start)) for start in range(0, 800, 20)]
    workers.start(more=carriers(f"{mailbox.url}&name=one", f"{second.url}&name=two"))
    until(lambda: all(ended(send) for send in sends), 40)
    both = mailbox.addresses() + second.addresses()
    assert len(both) == len(set(both)) == 800
    assert min(len(mailbox.received), len(second.received)) > 100  # of forty times twenty by lot
    assert not shifts()


def test_where_none_has_a_share_the_one_that_is_well_is_picked(texts):
    async def picks() -> set[str]:
        desk = Desk()
        await desk.choice.pick(2)
        await asyncio.to_thread(_all_gone)
        desk.choice._read_at = 0.0
        found = {(await desk.choice.pick(2)).named.name for _ in range(20)}
        await desk.close()
        return found

    assert asyncio.run(picks()) == {"twilio"}


def _all_gone() -> None:
    Carrier.objects.filter(channel=2).update(weight=0)
    Carrier.objects.filter(name="notify").update(problem="It is away.")
    connection.close()
