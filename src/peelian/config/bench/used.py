"""What the web server and the database used of the processors: it says more than a rate where others are at work on the
the same machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


class Used:
    """Counts from now on: of the server that listens on a port, and of the database with all that it does beside."""

    COLUMNS = ("web ms", "database ms", "client ms")

    def __init__(self, port: int) -> None:
        self.web, self.database = _listener(port), _postmaster()
        self.before = processor_seconds(self.web), processor_seconds(self.database)

    def since(self, many: int, client: float) -> tuple[float, float, float]:
        """Milliseconds for each of MANY: web server, database, and of the CLIENT's own seconds."""
        spent = (
            processor_seconds(pid) - then for pid, then in zip((self.web, self.database), self.before, strict=True)
        )
        web, database = (round(seconds * 1_000 / many, 2) for seconds in spent)
        return web, database, round(client * 1_000 / many, 2)


def processor_seconds(pid: int) -> float:
    """Of a process, what it has started, and what of that has ended."""
    return sum(_ticks(one) for one in _family(pid)) / TICKS


def _family(pid: int) -> Iterator[int]:
    yield pid
    for other in Path("/proc").glob("[0-9]*"):
        if _stat(int(other.name))[1:2] == [str(pid)]:
            yield from _family(int(other.name))


def _stat(pid: int) -> list[str]:
    """From the state on; nothing of a process that has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _ticks(pid: int) -> int:
    return sum(int(field) for field in _stat(pid)[11:15])


def _postmaster() -> int:
    """The parent of the process that serves our connection."""
    connection.ensure_connection()
    return int(_stat(connection.connection.info.backend_pid)[1])


def _listener(port: int) -> int:
    """The process that we started to listen there: its port is in its arguments."""
    for found in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (found / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--port" in arguments and str(port).encode() in arguments and _stat(int(found.name))[1] == str(os.getpid()):
            return int(found.name)
    raise AssertionError(f"Nobody listens on {port}.")
