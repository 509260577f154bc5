"""Whatever a worker, its death, receipts and a recall do to the ledger, and in whatever order: its tallies say the same
as its rows, no row goes back, and no text that may have gone is claimed again."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import actions, claim, housekeeping, ledger, receipts
from peelian.delivery.carriers.base import Fate
from peelian.delivery.handover import outcome
from peelian.delivery.models import Channel, Delivery, Lane, Reason, Send, State
from peelian.delivery.receipts import Report
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import states

Q, C, H, D, F, N, U = (
    State.QUEUED, State.CLAIMED, State.HANDED_OVER, State.DELIVERED, State.FAILED, State.NOT_SENT, State.UNKNOWN
)  # fmt: skip
FORWARD = {Q: {C, D, N}, C: {Q, H, D, F, N, U}, H: {D, F, U}, U: {H, D, F}, D: {F}, F: {D}, N: set()}
PASSING = {Reason.FULL, Reason.REFUSED, Reason.GAVE_UP, Reason.BLOCKED, Reason.UNANSWERED}
MEANINGS = [
    (D, Reason.NONE), (F, Reason.FULL), (F, Reason.BOUNCED), (F, Reason.COMPLAINED), (U, Reason.NONE), (H, Reason.NONE)
]  # fmt: skip
EACH = 4  # emails, and texts
usual = [Fate.TAKEN] * 5 + [fate for fate in Fate if fate is not Fate.HELD]
fates = st.lists(st.sampled_from(usual), min_size=1, max_size=EACH)


def execute(query: str, values: dict[str, object]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall() if cursor.description else []


class Ledger(RuleBasedStateMachine):
    """A send to a few addresses, the worker that has some of it in hand, and the carriers that tell."""

    @initialize()
    def freeze(self) -> None:
        self.whole = transaction.atomic()
        self.whole.__enter__()
        Address.objects.bulk_create(Address(kind=1, value=f"machine{n}@home.example") for n in range(EACH))
        Address.objects.bulk_create(Address(kind=2, value=f"+4477009009{n:02}") for n in range(EACH))
        rows = ("SELECT id AS address_id, NULL::bigint AS member_id, kind AS channel FROM contacts_address", [])
        self.send = actions.open_send(renderer="delivery.test", object_id=1, lane=Lane.ROUTINE, rows=rows)
        self.all = list(Delivery.objects.filter(send=self.send).values_list("address_id", flat=True))
        self.span = {"send": self.send.pk, "first": min(self.all), "last": max(self.all)}
        self.before = self.rows()
        self.held: dict[int, int] = {}  # address → tries before
        self.may_have_gone: set[int] = set()  # texts
        self.recalled = False
        for channel in (Channel.EMAIL, Channel.TEXT):  # half of them have gone, so that there is something to tell of
            self.take(channel, EACH // 2)
            self.record([Fate.TAKEN] * (EACH // 2), False)
        self.before = self.rows()

    def teardown(self) -> None:
        if hasattr(self, "whole"):
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    def rows(self) -> dict[int, tuple[int, str, int]]:
        found = Delivery.objects.filter(send=self.send).values_list("address_id", "state", "reason", "channel")
        return {address: (state, reason, channel) for address, state, reason, channel in found}

    @rule(channel=st.sampled_from([Channel.EMAIL, Channel.TEXT]), most=st.integers(1, EACH))
    def take(self, channel: Channel, most: int) -> None:
        asked = {**self.span, **claim.moment(clock.now()), "after": 0, "channel": channel, "most": most}
        for address, _, tries, _, state, *_ in execute(claim.CLAIM, asked | {"carrier": None}):
            if state == C:
                assert address not in self.may_have_gone
                assert address not in self.held
                self.held[address] = tries

    @precondition(lambda self: self.held)
    @rule(told=fates, again=st.booleans())
    def record(self, told: list[Fate], again: bool) -> None:
        """Write down what became of some that are in hand; once more where the first answer was lost."""
        some = dict(list(self.held.items())[: len(told)])
        self.held = {address: tries for address, tries in self.held.items() if address not in some}
        ends = []
        for (address, tries), fate in zip(some.items(), told, strict=False):
            channel = self.before[address][2]
            ends.append(outcome(fate, channel, tries, too_late=False))
            if channel == Channel.TEXT and fate in (Fate.TAKEN, Fate.ARRIVED, Fate.UNKNOWN):
                self.may_have_gone.add(address)
        values = {
            "send": self.send.pk,
            "keys": list(some),
            "states": [int(one.state) for one in ends],
            "reasons": [str(one.reason) for one in ends],
            "tries": [one.tries for one in ends],
        }
        for _ in range(1 + again):
            execute(ledger.RECORD, values)

    @rule(died=st.booleans())
    def take_up(self, died: bool) -> None:
        """The batch is taken up anew: by the same worker over a new connection, or after its death."""
        if died:
            self.may_have_gone |= {address for address in self.held if self.before[address][2] == Channel.TEXT}
            self.held = {}
        execute(ledger.RESET, {**self.span, "held": list(self.held)})

    @rule(data=st.data(), meaning=st.sampled_from(MEANINGS), minutes=st.integers(-2, 2), times=st.integers(1, 2))
    def receipt(self, data: st.DataObject, meaning: tuple[State, Reason], minutes: int, times: int) -> None:
        at = clock.now() + timedelta(minutes=minutes)
        gone = [address for address, (state, _, _) in self.before.items() if state in (C, H, U, D, F)]
        address = data.draw(st.sampled_from(gone or self.all))
        receipts.apply([Report(self.send.pk, address, *meaning, meaning[1] or "x", at)] * times, carrier=None)

    @precondition(lambda self: not self.recalled)
    @rule()
    def recall(self) -> None:
        Send.objects.filter(pk=self.send.pk).update(state=Send.State.RECALLED)
        self.recalled = True

    @precondition(lambda self: self.recalled)
    @rule()
    def stop(self) -> None:
        execute(ledger.STOP, self.span)

    @rule()
    def fold(self) -> None:
        housekeeping.fold_tallies()

    @invariant()
    def tallies_say_the_same(self) -> None:
        if hasattr(self, "send"):
            assert Counter(state for state, _, _ in self.rows().values()) == states(self.send)

    @invariant()
    def no_row_goes_back(self) -> None:
        if not hasattr(self, "send"):
            return
        now = self.rows()
        for address, (state, reason, channel) in now.items():
            was, why, _ = self.before[address]
            if state == was:
                continue
            assert state in FORWARD[State(was)], (State(was), State(state))
            if was == D:
                assert reason in (Reason.BOUNCED, Reason.COMPLAINED)
            if was == F:
                assert why in PASSING
            if channel == Channel.TEXT and address in self.may_have_gone:
                assert state not in (Q, C, N)
        self.before = now


@pytest.mark.django_db
def test_any_order_of_what_may_happen_leaves_a_ledger_that_is_true():
    Address.objects.all().delete()
    checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    run_state_machine_as_test(
        Ledger, settings=settings(max_examples=50, stateful_step_count=30, deadline=None, suppress_health_check=checks)
    )
