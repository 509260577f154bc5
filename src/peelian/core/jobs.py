"""Background jobs: rows in our own database, enqueued inside the caller's transaction, so both commit or neither.

Work is named (`alerts.freeze`), so that actions never import tasks; tests/structure checks that each enqueued name
exists. A task is thin, takes ids, and may run twice.
"""

import inspect
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import procrastinate
from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as django_app

from peelian.core.database import prepared

Task = TypeVar("Task", bound=Callable[..., Any])

# Queues. Each has slots of its own in the worker, so that none waits for another (delivery.worker).
TRANSACTIONAL, URGENT, ROUTINE, GENERAL, RESCUE = "transactional", "urgent", "routine", "general", "rescue"


def enqueue(
    name: str,
    *,
    queue: str = GENERAL,
    at: datetime | None = None,
    priority: int = 0,
    once_as: str | None = None,
    **arguments: Any,
) -> int:
    """Put job NAME in QUEUE, as part of the current transaction; with AT, not before then. Returns the job's id.

    ONCE_AS is a queueing lock: while a job with that word waits, another is not added and its absence is not an error.
    """
    known = django_app.tasks.get(name)
    if once_as is None and not (known and (known.queueing_lock or known.lock)):
        return _put(name, queue, priority, at, arguments)
    options: dict[str, Any] = {"queue": queue, "priority": priority, "schedule_at": at, "queueing_lock": once_as}
    configured = django_app.configure_task(name, allow_unknown=True, **options)
    if once_as is None:
        return configured.defer(**arguments)
    try:
        with transaction.atomic():
            return configured.defer(**arguments)
    except procrastinate.exceptions.AlreadyEnqueued:
        return 0


# As procrastinate's own `defer` does it, which puts the statement together anew for each job
_PUT = """
SELECT (procrastinate_defer_jobs_v1(
    ARRAY[ROW(%s, %s, %s, NULL, NULL, %s::jsonb, %s)::procrastinate_job_to_defer_v1]))[1]
"""


def _put(name: str, queue: str, priority: int, at: datetime | None, arguments: dict[str, Any]) -> int:
    with prepared() as cursor:
        cursor.execute(_PUT, [queue, name, priority, json.dumps(arguments), at])
        return int(cursor.fetchone()[0])


def task(name: str, *, queue: str = GENERAL, tries: int = 8) -> Callable[[Task], Task]:
    """Register a function as the job NAME. After a failure it is tried again with growing pauses, TRIES times in
    all."""

    def register(function: Task) -> Task:
        retry = RetryStrategy(max_attempts=tries, exponential_wait=3)
        django_app.task(name=name, queue=queue, retry=retry)(function)
        return function

    return register


def periodic(cron: str, name: str, *, queue: str = GENERAL) -> Callable[[Task], Task]:
    """Register a function without arguments as a job that runs by CRON (UTC; five fields, or six with seconds last)."""

    def register(function: Task) -> Task:
        def run(timestamp: int) -> None:
            function()

        async def run_async(timestamp: int) -> None:
            await function()

        chosen: Any = run_async if inspect.iscoroutinefunction(function) else run
        registered = django_app.task(name=name, queue=queue, queueing_lock=name)(chosen)
        django_app.periodic(cron=cron)(registered)
        return function

    return register


def known_names() -> set[str]:
    """The names of all registered jobs."""
    return set(django_app.tasks)


def enqueue_many(name: str, each: Sequence[dict[str, Any]], *, queue: str = GENERAL) -> None:
    """Put job NAME in QUEUE once for each set of arguments, in one statement, as part of the current transaction."""
    if each:
        django_app.configure_task(name, allow_unknown=True, queue=queue).batch_defer(*each)
