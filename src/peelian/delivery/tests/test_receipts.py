"""Receipts: twice, late, early, in any order and all at once."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection

from peelian.audit.models import Event
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import bounces, receipts
from peelian.delivery.models import Delivery, Reason, Receipt, Send, SoftBounce, State
from peelian.delivery.receipts import Report
from peelian.delivery.tests.conftest import people, send_to, states

NOW = clock.now()
DELIVERED = (State.DELIVERED, Reason.NONE)
BOUNCED = (State.FAILED, Reason.BOUNCED)
COMPLAINED = (State.FAILED, Reason.COMPLAINED)
FULL = (State.FAILED, Reason.FULL)


def handed_over(count: int = 1, state: State = State.HANDED_OVER) -> tuple[Send, list[Address]]:
    addresses = people(count)
    send = send_to(addresses)
    move(send, state)
    return send, addresses


def move(send: Send, state: State) -> None:
    """As the worker records it, its tally too."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE delivery SET state = %s WHERE send_id = %s", [state, send.pk])
        if state > State.CLAIMED:
            cursor.execute(
                "INSERT INTO delivery_tally (send_id, channel, state, carrier, n)"
                " SELECT send_id, channel, state, carrier, count(*) FROM delivery WHERE send_id = %s"
                " GROUP BY 1, 2, 3, 4",
                [send.pk],
            )


def report(send: Send, address: Address, meaning: tuple[State, Reason], code: str = "x", at: datetime = NOW) -> Report:
    return Report(send.pk, address.pk, *meaning, code, at)


def test_a_receipt_moves_the_ledger_and_the_tally_once(db):
    send, (one, _) = handed_over(2)

    changed = [receipts.apply([report(send, one, DELIVERED)], carrier=None) for _ in range(3)]

    assert changed == [1, 0, 0]
    assert states(send) == {State.HANDED_OVER: 1, State.DELIVERED: 1}
    assert Receipt.objects.count() == 1


def test_many_receipts_at_once(db, django_assert_num_queries):
    send, addresses = handed_over(500)
    given = [report(send, address, DELIVERED) for address in addresses]

    with django_assert_num_queries(0):  # beside the one statement, which Django does not see
        assert receipts.apply(given * 2, carrier=7) == 500

    assert states(send) == {State.DELIVERED: 500}
    assert set(Receipt.objects.values_list("carrier", flat=True)) == {7}


def test_a_receipt_may_come_before_we_recorded_the_hand_over(db):
    send, (one,) = handed_over(state=State.CLAIMED)

    assert receipts.apply([report(send, one, DELIVERED)], carrier=None) == 1
    assert states(send) == {State.DELIVERED: 1}


def test_what_waits_to_go_again_may_have_arrived_the_first_time(db):
    send, (one,) = handed_over(state=State.QUEUED)

    assert receipts.apply([report(send, one, FULL)], carrier=None) == 0
    assert receipts.apply([report(send, one, DELIVERED)], carrier=None) == 1


@pytest.mark.parametrize("state", [State.NOT_SENT, State.DIGEST, State.FAILED])
def test_an_end_stays_an_end(db, state):
    send, (one,) = handed_over(state=state)

    for meaning in (DELIVERED, FULL, (State.UNKNOWN, Reason.NONE), (State.HANDED_OVER, Reason.NONE)):
        assert receipts.apply([report(send, one, meaning, code=meaning[0].label)], carrier=None) == 0


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_order_in_which_they_come_makes_no_difference(db, order):
    """Delivered, a temporary failure after it, then a complaint; and a stray "handed over"."""
    send, (one,) = handed_over(state=State.CLAIMED)
    given = [
        report(send, one, DELIVERED, "ok"),
        report(send, one, FULL, "4.2.2", NOW + timedelta(seconds=5)),
        report(send, one, COMPLAINED, "abuse", NOW + timedelta(hours=1)),
        report(send, one, (State.HANDED_OVER, Reason.NONE), "sent", NOW - timedelta(seconds=1)),
    ]

    for place in order:
        receipts.apply([given[place]], carrier=None)

    kept = Delivery.objects.get(send=send)
    assert (kept.state, kept.reason) == (State.FAILED, Reason.COMPLAINED)
    assert Address.objects.get(pk=one.pk).suppression == Address.Suppression.COMPLAINED
    states(send)  # the tallies say what the ledger says


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_arrival_after_a_passing_failure_counts(db, order):
    send, (one,) = handed_over()
    given = [report(send, one, DELIVERED, "ok"), report(send, one, FULL, "4.2.2")]

    for place in order:
        receipts.apply([given[place]], carrier=None)

    assert states(send) == {State.DELIVERED: 1}


@pytest.mark.parametrize(("later", "state"), [(1, State.FAILED), (-1, State.DELIVERED)])
def test_only_a_later_hard_bounce_undoes_a_delivery(db, later, state):
    send, (one,) = handed_over()
    receipts.apply([report(send, one, DELIVERED)], carrier=None)

    receipts.apply([report(send, one, BOUNCED, "5.1.1", NOW + timedelta(minutes=later))], carrier=None)

    assert states(send) == {state: 1}


def test_of_several_at_once_the_strongest_counts(db):
    send, (one,) = handed_over()
    given = [report(send, one, DELIVERED, "ok"), report(send, one, BOUNCED, "5.1.1", NOW + timedelta(seconds=9))]

    assert receipts.apply(given, carrier=None) == 1

    assert states(send) == {State.FAILED: 1}
    assert Receipt.objects.count() == 2


def test_an_unknown_text_is_found_again(db):
    send, (one,) = handed_over(state=State.UNKNOWN)

    assert receipts.apply([report(send, one, (State.HANDED_OVER, Reason.NONE), "sent")], carrier=None) == 1
    assert states(send) == {State.HANDED_OVER: 1}


@pytest.mark.parametrize(
    ("reason", "suppression"),
    [
        (Reason.BOUNCED, "bounced"),
        (Reason.COMPLAINED, "complained"),
        (Reason.SUPPRESSED, "stopped"),
        (Reason.BLOCKED, ""),
        (Reason.FULL, ""),
        (Reason.UNANSWERED, ""),
    ],
)
def test_what_a_failure_means_for_the_address(db, reason, suppression):
    send, (one, other) = handed_over(2)

    receipts.apply([report(send, one, (State.FAILED, reason))] * 2, carrier=None)

    assert Address.objects.get(pk=one.pk).suppression == suppression
    assert Address.objects.get(pk=other.pk).suppression == ""
    assert Event.objects.filter(verb="address.suppressed").count() == bool(suppression)


def test_what_an_administrator_lifted_is_not_stopped_again_by_the_same_receipt(db):
    send, (one,) = handed_over()
    receipts.apply([report(send, one, BOUNCED)], carrier=None)
    Address.objects.filter(pk=one.pk).update(suppression="", suppressed_at=None)

    receipts.apply([report(send, one, BOUNCED)], carrier=None)

    assert Address.objects.get(pk=one.pk).suppression == ""


def test_of_a_delivery_that_is_no_longer_kept_nothing_is_kept(db):
    assert receipts.apply([Report(99, 99, *BOUNCED, "5.1.1", NOW)], carrier=None) == 0
    assert Receipt.objects.count() == 0


def fail(address: Address, days_ago: float | None = None) -> list[int]:
    if days_ago is not None:
        SoftBounce.objects.filter(pk=address.pk).update(at=clock.now() - timedelta(days=days_ago))
    return bounces.count([address.pk])


def test_a_passing_failure_counts_once_a_day(db):
    (one,) = people(1)

    for _ in range(10):
        assert fail(one) == []

    assert SoftBounce.objects.get().score == 1


@pytest.mark.parametrize(("every", "times"), [(1, 6), (7, 9)])
def test_failing_again_and_again_is_noticed(db, every, times):
    """By hand: sum of 2^(-k*every/30) passes 5 at the 6th daily and the 9th weekly failure."""
    (one,) = people(1)

    results = [fail(one, every) for _ in range(times)]

    assert results == [[]] * (times - 1) + [[one.pk]]
    assert SoftBounce.objects.count() == 0


def test_a_failure_a_month_is_never_too_many(db):
    (one,) = people(1)

    assert [fail(one, 30) for _ in range(100)] == [[]] * 100
    assert SoftBounce.objects.get().score == pytest.approx(2)


def test_a_delivery_clears_the_count(db):
    send, (one, other) = handed_over(2)
    bounces.count([one.pk, other.pk])

    receipts.apply([report(send, one, DELIVERED)], carrier=None)

    assert list(SoftBounce.objects.values_list("pk", flat=True)) == [other.pk]


def test_failures_that_pass_end_in_suppression(db):
    send, (one,) = handed_over()
    SoftBounce.objects.create(address=one, score=4.5, at=clock.now() - timedelta(days=1))

    receipts.apply([report(send, one, FULL, "4.2.2")], carrier=None)

    assert Address.objects.get(pk=one.pk).suppression == Address.Suppression.BOUNCED


def test_many_at_once_from_many_sides(ledger):
    """Eight senders of the same 400 receipts, each in another order: no deadlock gets out, nothing counts twice."""
    send, addresses = handed_over(400)
    given = [report(send, address, DELIVERED) for address in addresses]

    def post(turn: int) -> int:
        try:
            mixed = given[turn * 50 :] + given[: turn * 50]
            return sum(receipts.apply(mixed[at : at + 80], carrier=None) for at in range(0, 400, 80))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(post, range(8))) == 400

    assert states(send) == {State.DELIVERED: 400}


def test_a_receipt_that_came_first_is_not_written_over(ledger):
    """The worker's own record of the hand-over comes after the receipt, as with a quick carrier."""
    send, (one, other) = handed_over(2, state=State.CLAIMED)
    receipts.apply([report(send, one, DELIVERED)], carrier=None)

    values = {
        "send": send.pk,
        "keys": [one.pk, other.pk],
        "states": [int(State.HANDED_OVER)] * 2,
        "reasons": ["", ""],
        "tries": [1, 1],
    }
    with connection.cursor() as cursor:
        cursor.execute(record_statement(), values)

    assert states(send) == {State.DELIVERED: 1, State.HANDED_OVER: 1}
    Receipt.objects.all().delete()


def record_statement() -> str:
    from peelian.delivery import ledger

    return ledger.RECORD


def test_a_connection_that_died_meanwhile_is_no_matter(ledger):
    """As after a restart of the database: nobody asked whether it was still there."""
    send, (one,) = handed_over()
    connection.ensure_connection()
    with suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert receipts.apply([report(send, one, DELIVERED)], carrier=None) == 1
    assert states(send) == {State.DELIVERED: 1}
    Receipt.objects.all().delete()
