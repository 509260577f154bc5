"""Staged release: the first ones go, the rest waits until somebody has looked or the time is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from peelian.audit.actions import SYSTEM
from peelian.core import clock
from peelian.delivery import actions, housekeeping, stages
from peelian.delivery.hooks import send_moved
from peelian.delivery.models import Batch, Send
from peelian.delivery.tests.conftest import Mailbox, Workers, people, send_to, until


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "sizes"), [(100, [100, 1_000, 400]), (2_000, [1_500]), (1, [1, 1_000, 499])])
def test_the_first_ones_are_a_batch_of_their_own(first: int, sizes: list[int]) -> None:
    send = send_to(people(1_500), first_stage=first)
    assert list(send.batches.order_by("number").values_list("size", flat=True)) == sizes
    assert list(send.batches.order_by("number").values_list("number", flat=True)) == list(range(len(sizes)))


@pytest.mark.django_db
def test_without_a_stage_batches_are_as_ever() -> None:
    send = send_to(people(1_500))
    assert list(send.batches.order_by("number").values_list("number", "size")) == [(0, 1_000), (1, 500)]


def test_the_first_hundred_go_and_the_rest_waits_for_somebody(workers: Workers, mailbox: Mailbox) -> None:
    send = send_to(people(1_300), first_stage=100)
    workers.start(mailbox.url)
    until(lambda: Send.objects.get(pk=send.pk).state == Send.State.PAUSED)
    assert len(mailbox.received) == 100
    assert housekeeping.take_up_forgotten() == 0
    assert stages.keep_up() == 0  # nobody said for how long
    actions.resume(send_id=send.pk, by=SYSTEM)
    until(lambda: Send.objects.get(pk=send.pk).state == Send.State.SENT)
    assert len(set(mailbox.addresses())) == len(mailbox.received) == 1_300


def test_the_rest_goes_by_itself_when_the_time_is_over(workers: Workers, mailbox: Mailbox) -> None:
    send = send_to(people(300), first_stage=100, stage_minutes=30)
    workers.start(mailbox.url)
    until(lambda: Send.objects.get(pk=send.pk).state == Send.State.PAUSED)
    waits = Send.objects.get(pk=send.pk).resume_at
    assert waits is not None
    assert timedelta(minutes=29) < waits - clock.now() <= timedelta(minutes=30)
    Send.objects.filter(pk=send.pk).update(resume_at=clock.now())
    until(lambda: Send.objects.get(pk=send.pk).state == Send.State.SENT)
    assert len(set(mailbox.addresses())) == len(mailbox.received) == 300


def test_one_that_is_put_off_does_not_hold_the_stage_up(workers: Workers, mailbox: Mailbox) -> None:
    mailbox.answer = lambda address: "451 Later" if address == "person3@home.example" else "250 OK"
    send = send_to(people(300), first_stage=100)
    workers.start(mailbox.url)
    until(lambda: Send.objects.get(pk=send.pk).state == Send.State.PAUSED)
    assert len(mailbox.received) == 99


@pytest.mark.django_db
def test_a_recall_ends_the_stage(ledger: None) -> None:
    send = send_to(people(300), first_stage=100, stage_minutes=1)
    actions.recall(send_id=send.pk, by=SYSTEM)
    assert stages.keep_up() == 0
    assert Send.objects.get(pk=send.pk).state == Send.State.RECALLED


@pytest.mark.django_db
def test_apps_above_are_told_of_each_move() -> None:
    told: list[str] = []
    send_moved.add("test_stages", lambda send: told.append(send.state))
    try:
        send = send_to(people(300), first_stage=100, stage_minutes=5)
        Batch.objects.filter(send=send, number=0).update(done_at=clock.now())
        assert stages.keep_up() == 1
        assert stages.keep_up() == 0
        Send.objects.filter(pk=send.pk).update(resume_at=clock.now())
        assert stages.keep_up() == 1
        assert stages.keep_up() == 0
    finally:
        send_moved._items.pop("test_stages")
    assert told == ["paused", "sending"]
