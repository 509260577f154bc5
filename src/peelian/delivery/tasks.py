"""Delivery's jobs: thin, and safe to run twice."""

from __future__ import annotations

import structlog
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app as django_app
from procrastinate.jobs import Job

from peelian.core import jobs
from peelian.delivery import actions, housekeeping, reconciling, shifting, stages, worker
from peelian.delivery.database import fetch, in_thread
from peelian.delivery.handover import Again, Run
from peelian.delivery.incoming import maildir, store

log = structlog.get_logger("peelian.delivery")
LONGEST_PAUSE, LONGEST_AFTER_ERROR = 60, 600  # seconds
USUAL, BEHIND = 0, -1  # priorities; a rescue gives a higher one, for once


class UntilDone(BaseRetryStrategy):
    """A batch is never given up as a whole: each of its deliveries ends by itself, after eight tries. In the first day
    a carrier that cannot be reached uses up none."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if not isinstance(exception, Again):
            seconds = min(2.0 ** min(job.attempts + 1, 12), LONGEST_AFTER_ERROR)
        elif exception.seconds is None:
            seconds = min(2.0 ** min(job.attempts + 1, 8), LONGEST_PAUSE)
        else:
            seconds = exception.seconds
        if isinstance(exception, Again) and exception.behind:
            return RetryDecision(retry_in={"seconds": max(1, round(seconds))}, priority=BEHIND)
        return RetryDecision(retry_in={"seconds": round(seconds)}, priority=min(job.priority, USUAL))


async def _work(name: str, batch_id: int) -> None:
    try:
        await Run(worker.desk(), batch_id).work()
    except Again:
        raise
    except Exception:
        log.exception("hand-over failed", job=name, batch=batch_id)
        raise


@django_app.task(name="delivery.batch", queue=jobs.ROUTINE, retry=UntilDone())
async def batch(*, batch_id: int) -> None:
    await _work("delivery.batch", batch_id)


@django_app.task(name="delivery.transactional", queue=jobs.TRANSACTIONAL, retry=UntilDone(), pass_context=True)
async def transactional(
    context: JobContext, *, renderer: str, object_id: int, address_id: int, member_id: int | None = None
) -> None:
    assert context.job.id is not None
    batch_id = await in_thread(
        actions.open_single,
        job_id=context.job.id,
        renderer=renderer,
        object_id=object_id,
        address_id=address_id,
        member_id=member_id,
    )
    await _work("delivery.transactional", batch_id)


@django_app.task(name="delivery.settle", queue=jobs.URGENT, retry=UntilDone())
async def settle(*, send_id: int) -> None:
    """Give what never went of a recalled send its outcome. A batch that somebody works closes by itself."""
    query = "SELECT id FROM delivery_batch WHERE send_id = %s AND done_at IS NULL ORDER BY number"
    async with worker.desk().connections.borrowed() as connection:
        left = [row[0] for row in await fetch(connection, query, [send_id])]
    busy: Again | None = None
    for batch_id in left:
        try:
            await _work("delivery.settle", batch_id)
        except Again as again:
            busy = again
    if busy is not None:
        raise busy


@jobs.periodic("* * * * * */2", "delivery.rescue", queue=jobs.RESCUE)
async def rescue() -> None:
    await housekeeping.retry_stalled(worker.app())


@jobs.periodic("* * * * * */15", "delivery.fold")
def fold() -> None:
    housekeeping.fold_tallies()


@jobs.periodic("* * * * *", "delivery.take_up")
def take_up() -> None:
    housekeeping.take_up_forgotten()


@jobs.periodic("* * * * *", "delivery.carriers")
async def check_carriers() -> None:
    await shifting.check_all(worker.desk().connections)


@jobs.periodic("* * * * *", "delivery.reconcile")
async def reconcile() -> None:
    await reconciling.run(worker.desk().connections)


@jobs.periodic("* * * * * */5", "delivery.stages")
def keep_up_stages() -> None:
    stages.keep_up()


@jobs.task("delivery.incoming")
def incoming() -> None:
    store.read_all()


@jobs.periodic("* * * * *", "delivery.maildir")
def pull_maildir() -> None:
    maildir.pull()
    store.take_up()


@jobs.periodic("*/10 * * * *", "delivery.tidy")
def tidy() -> None:
    housekeeping.tidy()
