"""Two people who do something at the same moment, each on a connection of their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import connection, connections, transaction

from peelian.core.testing.patience import BUSY

SOMEBODY_WAITS_FOR_US = """
SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))
"""


def at_the_same_time(first: Callable[[], object], second: Callable[[], object]) -> list[BaseException]:
    """FIRST in a transaction that ends once SECOND, on a connection of its own, waits for it or is through. What SECOND
    raised. For tests that commit (`transaction=True`)."""
    raised: list[BaseException] = []

    def work() -> None:
        try:
            second()
        except Exception as problem:
            raised.append(problem)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    with transaction.atomic():
        first()
        thread.start()
        _until_it_waits(thread)
    thread.join(10 * BUSY)
    assert not thread.is_alive()
    return raised


def _until_it_waits(thread: threading.Thread) -> None:
    for _ in range(200 * BUSY):
        with connection.cursor() as cursor:
            cursor.execute(SOMEBODY_WAITS_FOR_US)
            if cursor.fetchone()[0] or not thread.is_alive():
                return
        time.sleep(0.02)
    raise AssertionError("The second neither waited nor ended.")
