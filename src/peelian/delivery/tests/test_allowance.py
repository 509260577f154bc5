"""Tokens that a run leased and did not use go back, so that nothing of a limit is lost but with a killed worker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from peelian.core import clock
from peelian.delivery.allowance import OTHERS, Allowance
from peelian.delivery.carriers import registry
from peelian.delivery.database import Connections
from peelian.delivery.models import Limit
from peelian.delivery.pacing import Pacing, Rule

GMAIL, MAIL = "gmail.example", "mail.example"


@pytest.fixture
def carrier(ledger: None) -> str:
    """A carrier with a limit of a hundred a day; of two mail domains thirty and five."""
    pk = registry.row_ids()["outbox", 1]
    Limit.objects.create(carrier_id=pk, per_day=100)
    Limit.objects.create(mail_domain=GMAIL, per_day=30)
    Limit.objects.create(mail_domain=MAIL, per_day=5)
    return f"carrier:{pk}"


def used() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, n FROM core_counter WHERE key LIKE '%%:day' AND n > 0")
        return {key.removesuffix(":day"): n for key, n in cursor.fetchall()}


def run(carrier: str, left: dict[str, int], act: Callable[[Allowance], Awaitable[None]]) -> Allowance:
    async def work() -> Allowance:
        connections = Connections()
        pacing = Pacing(connections)
        await pacing.refresh()
        allowance = Allowance(pacing, carrier, left)
        try:
            await act(allowance)
        finally:
            await connections.close()
        return allowance

    return asyncio.run(work())


def test_what_was_claimed_is_kept_and_the_rest_goes_back(carrier):
    async def act(allowance: Allowance) -> None:
        assert await allowance.lease(60) == 60
        assert allowance.domains == {GMAIL: 30, MAIL: 5}
        assert await asyncio.to_thread(used) == {carrier: 60, GMAIL: 30, MAIL: 5}
        claimed = [f"a{n}@{GMAIL}" for n in range(10)] + [f"b{n}@home.example" for n in range(7)]
        await allowance.settle(claimed, not_sent=[f"c@{MAIL}"])

    allowance = run(carrier, {OTHERS: 50, GMAIL: 40, MAIL: 9}, act)
    assert used() == {carrier: 17, GMAIL: 10}
    assert allowance.left == {OTHERS: 43, GMAIL: 30, MAIL: 8}  # those not sent wait no more, and took no token
    assert allowance.short in (GMAIL, MAIL)
    assert allowance.again == clock.london(clock.today() + timedelta(days=1), datetime.min.time())


def test_a_run_that_claims_nothing_gives_all_of_it_back(carrier):
    async def act(allowance: Allowance) -> None:
        for _ in range(20):
            assert await allowance.lease(90) == 90
            await allowance.settle([])

    run(carrier, {OTHERS: 90}, act)
    assert used() == {}


def test_where_only_those_wait_whose_domain_is_full_nothing_is_claimed(carrier):
    async def act(allowance: Allowance) -> None:
        assert await allowance.lease(30) == 30
        await allowance.settle([f"a{n}@{GMAIL}" for n in range(30)])
        assert await allowance.lease(30) == 0
        await allowance.settle([])

    run(carrier, {OTHERS: 0, GMAIL: 50}, act)
    assert used() == {carrier: 30, GMAIL: 30}


def test_a_batch_of_which_nothing_is_left_waits_for_nothing(carrier):
    """Although the carrier's window has fewer tokens than a share could be."""

    async def act(allowance: Allowance) -> None:
        assert await allowance.lease(110) == 100
        assert allowance.again is not None
        await allowance.settle([f"a{n}@{GMAIL}" for n in range(3)])
        assert await allowance.lease(110) == 0

    allowance = run(carrier, {OTHERS: 0, GMAIL: 3}, act)
    assert allowance.again is None
    assert used() == {carrier: 3, GMAIL: 3}


def test_tokens_of_a_window_that_has_passed_are_not_given_to_the_next(carrier):
    async def act(allowance: Allowance) -> None:
        await allowance.lease(20)
        leases = {
            subject: lease._replace(windows=[window._replace(ends=clock.now()) for window in lease.windows])
            for subject, lease in allowance._leases.items()
        }
        allowance._leases = leases
        await allowance.settle([])

    run(carrier, {OTHERS: 20}, act)
    assert used() == {carrier: 20}


# Windows through both changes of the clocks ---------------------------------------------------------------------------

CHANGES = [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)]


@pytest.mark.parametrize(("day", "hours"), CHANGES)
def test_a_day_s_limit_is_of_the_whole_london_day_however_long(day, hours):
    rule, begins = Rule(GMAIL, per_day=9), clock.london(day, datetime.min.time())
    moments = [begins + timedelta(minutes=30 * n) for n in range(2 * hours)]
    (window,) = {one for moment in moments for one in rule.windows(moment)}
    assert (window.starts, window.ends) == (begins, begins + timedelta(hours=hours))
    (before,), (after,) = rule.windows(begins - timedelta(seconds=1)), rule.windows(window.ends)
    assert (before.ends, after.starts) == (window.starts, window.ends)
    assert {one.ends - one.starts for one in (before, after)} == {timedelta(hours=24)}


@pytest.mark.parametrize("day", [day for day, _ in CHANGES])
@pytest.mark.parametrize("rule", [Rule(GMAIL, per_second=7), Rule(GMAIL, per_minute=100)])
def test_short_windows_take_no_notice_of_the_clocks(day, rule):
    change = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    moment, end, granted = change - timedelta(seconds=30), change + timedelta(seconds=30), 0
    while moment < end:
        (window,) = rule.windows(moment)
        assert window.starts <= moment < window.ends
        granted += window.most
        moment = window.ends + timedelta(microseconds=2)
    assert granted == pytest.approx(60 * rule.a_minute / 60, rel=0.06)  # of sixty seconds, and a window at either end


@pytest.mark.parametrize("day", [day for day, _ in CHANGES])
def test_a_ramp_goes_by_days_and_not_by_hours(day):
    rule = Rule(GMAIL, ramp_from=day - timedelta(days=1), ramp_first=50)
    at_noon = [clock.london(day + timedelta(days=n), datetime(2026, 1, 1, 12).time()) for n in (-1, 0, 1)]
    assert [rule.windows(moment)[0].most for moment in at_noon] == [50, 100, 200]
