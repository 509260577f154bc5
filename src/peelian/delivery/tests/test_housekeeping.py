"""Batches whose job is gone are taken up again, and no others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.core import clock, jobs
from peelian.delivery import housekeeping
from peelian.delivery.models import Batch, Lane, Send
from peelian.delivery.tests.conftest import people, send_to

pytestmark = pytest.mark.django_db


def waiting() -> list[tuple[str, int]]:
    found = ProcrastinateJob.objects.filter(task_name="delivery.batch", status="todo")
    return [(job.queue_name, job.args["batch_id"]) for job in found.order_by("pk")]


def forget() -> None:
    ProcrastinateJob.objects.filter(task_name="delivery.batch")._raw_delete("default")


def test_a_batch_without_a_job_is_taken_up_once():
    send = send_to(people(1_500), Lane.URGENT)
    assert housekeeping.take_up_forgotten() == 0
    before = waiting()
    forget()
    assert housekeeping.take_up_forgotten() == 2
    assert waiting() == before == [("urgent", batch.pk) for batch in send.batches.order_by("number")]
    assert housekeeping.take_up_forgotten() == 0


def test_a_job_that_waits_for_hours_is_not_waited_for():
    send = send_to(people(5))
    forget()
    batch = send.batches.get()
    jobs.enqueue("delivery.batch", at=clock.now() + timedelta(minutes=15), batch_id=batch.pk)
    assert housekeeping.take_up_forgotten() == 0
    forget()
    jobs.enqueue("delivery.batch", at=clock.now() + timedelta(hours=16), batch_id=batch.pk)
    assert housekeeping.take_up_forgotten() == 1


@pytest.mark.parametrize(
    ("state", "done", "taken"), [("paused", False, 0), ("recalled", False, 1), ("sending", True, 0)]
)
def test_what_is_paused_or_done_is_left_alone(state, done, taken):
    send = send_to(people(5))
    forget()
    Send.objects.filter(pk=send.pk).update(state=state)
    if done:
        Batch.objects.filter(send=send).update(done_at=clock.now())
    assert housekeeping.take_up_forgotten() == taken
