"""The long-running processes of one PEELIAN_HOME: each leaves a note while it runs, so that `peelian stop` finds it."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path


def _started(pid: int) -> str:
    """The kernel's start time of a process, which tells it from a later one of that number; empty when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


@contextlib.contextmanager
def noted(home: Path) -> Iterator[None]:
    """Note this process under PEELIAN_HOME/run while the block runs."""
    folder = home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / str(os.getpid())
    note.write_text(_started(os.getpid()))
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def running(home: Path) -> list[int]:
    """The processes noted and still alive; stale notes are removed."""
    alive = []
    for note in (home / "run").glob("*"):
        if note.name.isdigit() and note.read_text() == _started(int(note.name)) != "":
            alive.append(int(note.name))
        else:
            note.unlink(missing_ok=True)
    return alive


def stop_all(home: Path, *, patience: float = 20.0) -> int:
    """Ask every noted process to end, wait, and kill what has not in PATIENCE seconds. Returns how many there were."""
    pids = running(home)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + patience
    while running(home) and time.monotonic() < until:
        time.sleep(0.1)
    for pid in running(home):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(pids)
