"""Limits of carriers and of mail domains, kept by all workers together; what has no limit is not held up by them."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import pacing
from peelian.delivery.carriers import registry
from peelian.delivery.database import Connections
from peelian.delivery.models import Carrier, Lane, Limit, State
from peelian.delivery.pacing import Lease, Pacing, Rule
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import Mailbox, ended, people, send_to, states, until, work_here

NOW = datetime(2026, 7, 1, 12, 0, 0, 100_000, tzinfo=UTC)


# Windows ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 7, 10, 14, 30, 100, 999])
def test_short_windows_add_up_to_the_limit_exactly(number):
    window = Rule("gmail.example", per_second=number).windows(NOW)[0]
    seconds = (window.ends - window.starts).total_seconds()
    assert seconds >= 0.25
    assert window.most / seconds == pytest.approx(number, rel=1e-4)
    assert window.most <= max(1, number * 0.25 + 1)
    assert window.starts <= NOW < window.ends


def test_windows_follow_each_other_without_gaps():
    rule, moment = Rule("gmail.example", per_minute=70), NOW
    for _ in range(200):
        window = rule.windows(moment)[0]
        after = rule.windows(window.ends + timedelta(microseconds=2))[0]
        assert abs((after.starts - window.ends).total_seconds()) < 1e-5
        moment = window.ends + timedelta(microseconds=2)


def test_a_day_is_london_s():
    window = Rule("gmail.example", per_day=9).windows(datetime(2026, 7, 1, 22, 59, tzinfo=UTC))[0]
    assert window.ends == datetime(2026, 7, 1, 23, tzinfo=UTC)
    assert window.ends - window.starts == timedelta(days=1)
    longest = Rule("gmail.example", per_day=9).windows(datetime(2026, 10, 25, 12, tzinfo=UTC))[0]
    assert longest.ends - longest.starts == timedelta(hours=25)


def test_a_new_domain_is_ramped_up_from_day_to_day():
    rule = Rule("gmail.example", per_day=1_000, ramp_from=date(2026, 7, 1), ramp_first=50)
    days = [date(2026, 7, 1) + timedelta(days=n) for n in range(-1, 7)]
    assert [rule.day_limit(day) for day in days] == [50, 50, 100, 200, 400, 800, 1_000, 1_000]


# Leases -------------------------------------------------------------------------------------------------------


def lease(wanted: dict[str, int], times: int = 1) -> list[dict[str, Lease]]:
    """Leased by so many at the same time, each over connections of its own."""

    async def one(ready: asyncio.Event) -> dict[str, Lease]:
        connections = Connections()
        own = Pacing(connections)
        await own.refresh()
        await ready.wait()
        try:
            return await own.lease(wanted)
        finally:
            await connections.close()

    async def work() -> list[dict[str, Lease]]:
        ready = asyncio.Event()
        tasks = [asyncio.create_task(one(ready)) for _ in range(times)]
        await asyncio.sleep(0.2)
        ready.set()
        return list(await asyncio.gather(*tasks))

    return asyncio.run(work())


def test_many_at_once_never_lease_more_than_there_is(ledger):
    Limit.objects.create(mail_domain="gmail.example", per_day=100)
    Limit.objects.create(mail_domain="mail.example", per_day=1_000, per_minute=600_000)
    leases = lease({"gmail.example": 9, "mail.example": 30, "other.example": 5}, times=20)
    assert sum(one["gmail.example"].number for one in leases) == 100
    assert sum(one["mail.example"].number for one in leases) == 600
    assert all(one["other.example"] == Lease(5, [], None) for one in leases)
    short = [one["gmail.example"] for one in leases if one["gmail.example"].number < 9]
    tomorrow = clock.london(clock.today() + timedelta(days=1), datetime.min.time())
    assert short
    assert all(one.again == tomorrow for one in short)
    assert all(one["mail.example"].again is None for one in leases)


def test_a_lease_is_one_row_for_each_window_however_many_messages(ledger):
    Limit.objects.create(mail_domain="gmail.example", per_day=100_000)
    lease({"gmail.example": 90}, times=10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, n FROM core_counter")
        assert cursor.fetchall() == [("gmail.example:day", 900)]


def test_what_is_not_used_is_given_back(ledger):
    Limit.objects.create(mail_domain="gmail.example", per_day=100)

    async def work() -> list[int]:
        connections = Connections()
        own = Pacing(connections)
        await own.refresh()
        first = (await own.lease({"gmail.example": 90}))["gmail.example"]
        await own.give_back([(first, 60)])
        second = (await own.lease({"gmail.example": 90}))["gmail.example"]
        await connections.close()
        return [first.number, second.number]

    assert asyncio.run(work()) == [90, 70]


# Workers ------------------------------------------------------------------------------------------------------


def most_in(moments: list[float], seconds: float) -> int:
    """In any so many seconds, wherever they begin."""
    ordered, start, most = sorted(moments), 0, 0
    for end, moment in enumerate(ordered):
        while moment - ordered[start] >= seconds:
            start += 1
        most = max(most, end - start + 1)
    return most


def keeps(moments: list[float], per_second: int) -> bool:
    """A busy machine brings some of them late and together; two workers that do not share bring twice as many."""
    return most_in(moments, 3.0) <= 1.5 * 3 * per_second


def of_domain(mailbox: Mailbox, domain: str) -> list[float]:
    """One that is just coming in has begun and is not there yet."""
    return [
        moment
        for moment, (address, _) in zip(mailbox.begun, mailbox.received, strict=False)
        if address.endswith(f"@{domain}")
    ]


def addresses(domain: str, count: int) -> list[Address]:
    return Address.objects.bulk_create(Address(kind=1, value=f"p{n}@{domain}") for n in range(count))


def test_two_workers_keep_a_carrier_s_limit_together(workers, mailbox, settings):
    settings.PEELIAN_SMTP_URL = mailbox.url
    Limit.objects.create(carrier_id=registry.row_ids()["smtp", 1], per_second=60)
    workers.start_ready(2, mailbox.url)
    sends = [send_to(people(90, start)) for start in range(0, 360, 90)]  # a batch for each slot of the two
    until(lambda: all(ended(send) for send in sends), 40)
    assert len(mailbox.received) == len(set(mailbox.addresses())) == 360
    assert keeps(mailbox.begun, 60)
    assert most_in(mailbox.begun, 1.0) > 30  # and it is used


def test_two_workers_keep_a_domain_s_limit_and_others_are_not_held_up(workers, mailbox):
    Limit.objects.create(mail_domain="gmail.example", per_second=2)
    gmail, home = addresses("gmail.example", 120), addresses("home.example", 900)
    workers.start_ready(2, mailbox.url)
    sends = [send_to(gmail[n::4] + home[n::4]) for n in range(4)]
    later = send_to(addresses("work.example", 500))
    until(lambda: ended(later) and len(of_domain(mailbox, "home.example")) == 900, 30)
    held = 120 - len(of_domain(mailbox, "gmail.example"))
    assert held > 30  # the others did not wait for these
    Limit.objects.update(per_second=20)
    until(lambda: all(ended(send) for send in sends), 40)
    assert len(mailbox.received) == len(set(mailbox.addresses())) == 1_520
    assert keeps(of_domain(mailbox, "gmail.example"), 20)
    assert [states(send) for send in sends] == [{State.HANDED_OVER: 255}] * 4


def test_batches_that_wait_for_tokens_make_room_for_a_later_send(workers, mailbox):
    Limit.objects.create(mail_domain="gmail.example", per_second=10)
    gmail = addresses("gmail.example", 8_000)
    send_to(gmail)  # eight batches, twice as many as a worker's slots
    later = send_to(addresses("work.example", 300))
    workers.start(mailbox.url)
    until(lambda: ended(later), 20)
    assert keeps(of_domain(mailbox, "gmail.example"), 10)
    count = len(of_domain(mailbox, "gmail.example"))
    until(lambda: len(of_domain(mailbox, "gmail.example")) >= count + 30, 6)  # they go on at their speed


def tomorrow(monkeypatch) -> None:
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=1))


def test_a_day_s_limit_stops_until_the_next_day(ledger, mailbox, settings, monkeypatch):
    settings.PEELIAN_SMTP_URL = mailbox.url
    Limit.objects.create(mail_domain="gmail.example", per_day=30)
    send = send_to(addresses("gmail.example", 50) + addresses("home.example", 40))
    again = work_here(send, times=3)
    assert Counter(address.partition("@")[2] for address in mailbox.addresses()) == {
        "gmail.example": 30,
        "home.example": 40,
    }
    assert len(again) == 3
    assert all(seconds is not None and 0 < seconds <= 3600 for seconds in again)
    tomorrow(monkeypatch)
    assert work_here(send) == []
    assert states(send) == {State.HANDED_OVER: 90}


def test_a_carrier_s_day_limit_is_for_all_its_mail(ledger, mailbox, settings, monkeypatch):
    settings.PEELIAN_SMTP_URL = mailbox.url
    Limit.objects.create(carrier_id=registry.row_ids()["smtp", 1], per_day=50, ramp_from=clock.today(), ramp_first=35)
    send = send_to(people(90))
    work_here(send, times=2)
    assert len(mailbox.received) == 35  # the first day of the ramp
    tomorrow(monkeypatch)
    work_here(send)
    assert len(mailbox.received) == 35 + 50  # twice as many would be above the limit
    used = {use.name: use for use in pacing.usage()}["smtp"]
    assert [(part.per, part.limit, part.used) for part in used.parts] == [("day", 50, 50)]


# What pages show ----------------------------------------------------------------------------------------------


def test_use_is_shown_for_each_limit(ledger, mailbox, settings, monkeypatch):
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)  # what is given back after its window counts there all the same
    settings.PEELIAN_SMTP_URL = mailbox.url
    carrier = registry.row_ids()["smtp", 1]
    Limit.objects.create(carrier_id=carrier, per_minute=60_000, per_day=5_000)
    Limit.objects.create(mail_domain="gmail.example", per_second=1_000)
    work_here(send_to(addresses("gmail.example", 20) + addresses("home.example", 10), lane=Lane.URGENT))
    smtp, gmail = pacing.usage()
    assert (smtp.name, smtp.carrier_id, gmail.name, gmail.carrier_id) == ("smtp", carrier, "gmail.example", None)
    assert [(part.per, part.limit, part.used) for part in smtp.parts] == [("minute", 60_000, 30), ("day", 5_000, 30)]
    assert [(part.per, part.limit) for part in gmail.parts] == [("second", 1_000)]


@pytest.mark.parametrize(
    ("waiting", "rule", "measured", "expected"),
    [
        (600, Rule("c", per_second=10), None, NOW + timedelta(minutes=1)),
        (600, Rule("c", per_second=10, per_minute=60), None, NOW + timedelta(minutes=10)),
        (600, Rule("c", per_second=10), 300.0, NOW + timedelta(minutes=2)),
        (600, Rule("c"), None, None),
        (0, Rule("c", per_minute=5), None, NOW),
        (1, Rule("c", per_second=0), None, None),
        (90, Rule("c", per_day=100), None, datetime(2026, 7, 1, 23, tzinfo=UTC)),  # 20 of today's are left
        (250, Rule("c", per_day=100, per_minute=10), None, datetime(2026, 7, 3, 23, 3, tzinfo=UTC)),
    ],
)
def test_when_the_queue_will_drain(waiting, rule, measured, expected):
    assert pacing.drains_at(waiting, rule, used_today=80, a_minute=measured, now=NOW) == expected


def test_a_channel_drains_as_slowly_as_its_slower_carrier(ledger, settings):
    settings.PEELIAN_EMAIL_CARRIERS = "smtp://127.0.0.1:1?name=one smtp://127.0.0.1:2?name=two"
    ids = registry.row_ids()
    Limit.objects.create(carrier_id=ids["one", 1], per_minute=100)
    assert pacing.drain({1: 1_000}) == {1: None}  # nothing is known of the other
    Limit.objects.create(carrier_id=ids["two", 1], per_minute=1_000)
    end = pacing.drain({1: 1_000})[1]
    assert end is not None
    assert (end - clock.now()).total_seconds() == pytest.approx(5.1 * 60, abs=2)
    Carrier.objects.filter(name="one").update(weight=0)
    end = pacing.drain({1: 1_000})[1]
    assert end is not None
    assert (end - clock.now()).total_seconds() == pytest.approx(60, abs=2)
