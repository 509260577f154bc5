"""The worker process: one event loop, and slots for each queue, so that none waits for another.

Mail can never fill the slots of sign-in codes, nor that of the rescue, which takes up what a killed worker left behind.
"""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

import procrastinate
import structlog
import uvloop
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import AsyncConnection

from peelian.core import garbage, jobs
from peelian.delivery.desk import Desk

log = structlog.get_logger("peelian.worker")

SLOTS = {jobs.TRANSACTIONAL: 4, jobs.URGENT: 2, jobs.ROUTINE: 2, jobs.GENERAL: 2, jobs.RESCUE: 1}
HEARTBEAT_SECONDS, STALLED_SECONDS, POLL_SECONDS = 1.0, 4.0, 1.0
FINISH_SECONDS = 6.0  # for what is under way when we are asked to end
HURRY_SECONDS = 2.5  # more, once conversations with mail servers are cut off
RESTART_SECONDS = 1.0
# The worker comes after the web server and the database where they share a machine: a page waits for nobody's mail, and
# mail is faster for it (docs/scaling.md), since whoever it waits for is not waiting for it
NICENESS = 10

_state: dict[str, Any] = {}


def desk() -> Desk:
    """This process's desk; only the worker has one."""
    found: Desk = _state["desk"]
    return found


def app() -> procrastinate.App:
    """The job queue over this process's asynchronous connections."""
    found: procrastinate.App = _state["app"]
    return found


def main() -> None:
    """Work until SIGTERM or SIGINT. Django is set up already."""
    os.nice(NICENESS)
    garbage.settle()
    uvloop.run(run())


async def run() -> None:
    """Work until SIGTERM or SIGINT; then finish what is under way and give the rest back, within ten seconds."""
    asked_to_end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_end.set)
    async with _opened(asked_to_end) as ready:
        if not ready:
            return
        keepers = [asyncio.create_task(_keep(queue, slots)) for queue, slots in SLOTS.items()]
        log.info("worker started")
        await asked_to_end.wait()
        left = await _end(keepers)
    log.info("worker stopped", left=left)
    if left:  # a long job in a thread, which nothing can end; another worker takes it up again
        os._exit(0)


async def _autocommit(connection: AsyncConnection) -> None:
    """The queue's connections: each use is one statement, which needs no transaction around it."""
    await connection.set_autocommit(True)


class _opened:
    """The desk and the queue, opened as soon as the database is there; false when asked to end before."""

    def __init__(self, asked_to_end: asyncio.Event) -> None:
        self._asked_to_end = asked_to_end

    async def __aenter__(self) -> bool:
        # The pool serves heartbeats, fetching and finishing; those who listen have connections of their own
        given = connector_params() | {"prepare_threshold": 1}
        connector = PsycopgConnector(kwargs=given, configure=_autocommit, min_size=2, max_size=8, timeout=5)
        self._app = django_app.with_connector(connector)
        while not self._asked_to_end.is_set():
            try:
                await self._app.open_async()
                break
            except procrastinate.exceptions.ConnectorException:
                log.warning("database unavailable")
                await asyncio.sleep(RESTART_SECONDS)
        _state.update(app=self._app, desk=Desk())
        desk().open()
        return not self._asked_to_end.is_set()

    async def __aexit__(self, *_: object) -> None:
        await desk().close()
        async with asyncio.timeout(1):
            await self._app.close_async()


async def _keep(queue: str, slots: int) -> None:
    """Serve one queue, and begin anew whenever the database had gone."""
    while not desk().stopping:
        try:
            await app().run_worker_async(
                queues=[queue],
                concurrency=slots,
                name=queue,
                fetch_job_polling_interval=POLL_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                install_signal_handlers=False,
                delete_jobs="successful",
            )
        except Exception as problem:
            log.warning("worker interrupted", queue=queue, error=type(problem).__name__)
        if not desk().stopping:
            await asyncio.sleep(RESTART_SECONDS)


async def _end(keepers: list[asyncio.Task[None]]) -> int:
    """End in order, then in a hurry; returns how many queues still had something under way."""
    desk().stopping = True
    for keeper in keepers:
        keeper.cancel()  # fetches no more and waits for its jobs
    _, left = await asyncio.wait(keepers, timeout=FINISH_SECONDS)
    if left:
        desk().hurried = True
        await desk().hang_up()
        _, left = await asyncio.wait(left, timeout=HURRY_SECONDS)
    return len(left)
