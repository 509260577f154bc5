"""The worker process: one event loop, a set of slots for each queue, so that none waits for another.

Mail can never fill the slots of sign-in codes or of the rescue that retries what a killed worker left behind.
"""

from __future__ import annotations

import asyncio
import signal
from typing import cast

import structlog
import uvloop
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector

from peelian.core import jobs
from peelian.delivery.handover import SLOTS, close_desk
from peelian.delivery.models import Lane

log = structlog.get_logger("peelian.worker")
QUEUES = {
    jobs.TRANSACTIONAL: SLOTS[Lane.TRANSACTIONAL],
    jobs.URGENT: SLOTS[Lane.URGENT],
    jobs.ROUTINE: SLOTS[Lane.ROUTINE],
    jobs.GENERAL: 2,
    jobs.RESCUE: 1,
}
GRACE_SECONDS = 10
POLL_SECONDS = 1.0


async def run() -> None:
    """Work until SIGTERM or SIGINT; then finish what is in hand, for ten seconds at most."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    log.info("worker started", queues=len(QUEUES))
    slots = [asyncio.create_task(_work(queue, count, stopping)) for queue, count in QUEUES.items()]
    await stopping.wait()
    for slot in slots:
        slot.cancel()
    await asyncio.gather(*slots, return_exceptions=True)
    await close_desk()
    log.info("worker stopped")


async def _work(queue: str, slots: int, stopping: asyncio.Event) -> None:
    """Work one queue; begin again a second after the database went away."""
    while not stopping.is_set():
        connector = cast(DjangoConnector, django_app.connector).get_worker_connector()
        app = django_app.with_connector(connector)
        try:
            async with app.open_async():
                await app.run_worker_async(
                    queues=[queue],
                    concurrency=slots,
                    name=queue,
                    fetch_job_polling_interval=POLL_SECONDS,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                )
        except Exception:
            log.exception("worker begins again", queue=queue)
            await asyncio.sleep(1)


def main() -> None:
    """The process's entry point; Django is set up already."""
    uvloop.run(run())
