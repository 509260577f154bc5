"""Raw asynchronous connections for the worker's own statements, which all go by key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connections
from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.pq import TransactionStatus

T = TypeVar("T")
Values = Sequence[Any] | Mapping[str, Any]
LOST = (OperationalError, InterfaceError, OSError)

# Every table is read by its key. A planner without figures (a new table, a generic plan) could think otherwise and read
# a million members for sixty of them, so other ways are closed; and plans are kept: making one costs more than its use.
_BY_KEY = " ".join(
    f"-c {setting}"
    for setting in (
        "enable_hashjoin=off",
        "enable_mergejoin=off",
        "enable_seqscan=off",
        "plan_cache_mode=force_generic_plan",
        "jit=off",
        "application_name=peelian-delivery",
        "tcp_keepalives_idle=10",
    )
)
_CONNECT_SECONDS = 5


async def connect() -> AsyncConnection:
    """A connection of its own, in autocommit; raises one of LOST."""
    given = connections["default"].get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        given.pop(name, None)
    given["options"] = f"{given.get('options', '')} {_BY_KEY}".strip()
    given.setdefault("connect_timeout", _CONNECT_SECONDS)
    return await AsyncConnection.connect(**given, autocommit=True, prepare_threshold=1)


class Connections:
    """Connections to borrow; those that come back sound are kept for the next."""

    def __init__(self, keep: int = 8) -> None:
        self._keep = keep
        self._free: list[AsyncConnection] = []

    async def take(self) -> AsyncConnection:
        while self._free:
            connection = self._free.pop()
            if not connection.closed:
                return connection
        return await connect()

    async def give_back(self, connection: AsyncConnection) -> None:
        idle = not connection.closed and connection.info.transaction_status is TransactionStatus.IDLE
        if idle and len(self._free) < self._keep:
            self._free.append(connection)
        else:
            await connection.close()

    @asynccontextmanager
    async def borrowed(self) -> AsyncIterator[AsyncConnection]:
        connection = await self.take()
        try:
            yield connection
        finally:
            await self.give_back(connection)

    async def execute(self, query: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """One statement; once more on a new connection where the one that was kept had died."""
        for last in (False, True):
            try:
                async with self.borrowed() as connection:
                    return await fetch(connection, query, values)
            except LOST:
                await self.close()
                if last:
                    raise
        raise AssertionError

    async def close(self) -> None:
        while self._free:
            await self._free.pop().close()


async def fetch(connection: AsyncConnection, query: str, values: Values = ()) -> list[tuple[Any, ...]]:
    """Run one statement; its rows, if it gives any."""
    cursor = await connection.execute(query, values)
    return await cursor.fetchall() if cursor.description else []


async def in_thread(function: Callable[..., T], *args: Any, **named: Any) -> T:
    """Run code that uses Django's ORM beside the event loop, on the thread's own database connection."""

    def call() -> T:
        close_old_connections()
        try:
            return function(*args, **named)
        finally:
            close_old_connections()

    return await sync_to_async(call, thread_sensitive=False)()


async def patiently(attempt: Callable[[], Any], *, give_up: Callable[[], bool]) -> Any:
    """Await ATTEMPT until the database lets it through; when GIVE_UP says so, the error is raised."""
    pause = 0.1
    while True:
        try:
            return await attempt()
        except LOST:
            if give_up():
                raise
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)
