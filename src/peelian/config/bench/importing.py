"""`peelian bench import`: the command as a whole process, how long it takes and the most memory it holds."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection

from peelian.config.bench.report import Result
from peelian.config.bench.scratch import SEED, SPEAKERS, SPOKEN, Scratch, environment

SIZES = (100_000, 1_000_000)
EVERY = 0.1  # seconds between looks at the memory
HEADER = ("external_id", "first_name", "last_name", "email", "mobile", "postcode", "latitude", "longitude", "language",
          "interests", "joined_on", "confirmed_on")  # fmt: skip


def run(scratch: Scratch, members: int | None = None) -> Result:
    """Import a file of each size into a database that holds areas and postcodes but nobody."""
    result = Result(
        "import: peelian import members FILE.csv",
        ("rows", "file MB", "seconds", "rows a second", "peak memory MB", "processes at most"),
    )
    _ = scratch.places
    with tempfile.TemporaryDirectory() as folder:
        for count in [members] if members else SIZES:
            scratch.without_members()
            path = Path(folder) / f"{count}.csv"
            _write(path, scratch, count)
            result.rows.append(_measure(path, count))
    result.notes = [
        "Every row has a name, an email address and a postcode; two in three a position, one in three a drama mobile"
        " number, four in ten a choice of types. One process tree, start of Python included.",
        f"Memory: the tree's proportional set size (PSS), every {EVERY:g} s; the database server not included.",
    ]
    return result


def _measure(path: Path, count: int) -> tuple[Any, ...]:
    began = time.monotonic()
    command = [sys.executable, "-m", "peelian.config.cli", "import", "members", str(path)]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    watch = _Watch(process.pid)
    out, err = process.communicate()
    seconds = time.monotonic() - began
    watch.end()
    if process.returncode:
        raise AssertionError(f"the import failed: {err.strip() or out.strip()}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM members_member")
        kept = cursor.fetchone()[0]
    assert kept == count, f"{kept} of {count} rows were imported"
    size = round(path.stat().st_size / 1e6, 1)
    return count, size, round(seconds, 1), round(count / seconds), round(watch.most / 1e6, 1), watch.processes


class _Watch(threading.Thread):
    """Keeps the largest memory that a process and its descendants held together."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.processes, self._over = pid, 0, 0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self._over.wait(EVERY):
            tree = list(descendants(self.pid))
            self.most = max(self.most, sum(_memory(pid) for pid in tree))
            self.processes = max(self.processes, len(tree))

    def end(self) -> None:
        self._over.set()
        self.join()


def descendants(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from descendants(int(child))


def _memory(pid: int) -> int:
    """Bytes; memory that processes share is divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _write(path: Path, scratch: Scratch, count: int) -> None:
    """A members file of that many rows at the ground's postcodes."""
    rng = np.random.default_rng(SEED)
    postcodes = [postcode for ward in scratch.ground.wards for postcode in ward.postcodes]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for first in range(0, count, 50_000):
            size = min(50_000, count - first)
            luck, chosen = rng.random((size, 3)), rng.integers(0, len(postcodes), size).tolist()
            spoken = rng.choice(len(SPOKEN), size, p=SPEAKERS).tolist()
            for at in range(size):
                writer.writerow(_row(first + at, postcodes[chosen[at]], luck[at].tolist(), SPOKEN[spoken[at]]))


def _row(number: int, postcode: tuple[str, int, int], luck: list[float], language: str) -> tuple[Any, ...]:
    code, longitude, latitude = postcode
    placed = luck[0] < 0.66
    return (
        f"B{number}", "Bench", f"Member {number}", f"member.{number}@bench.example",
        f"07700 900{number % 1000:03d}" if luck[1] < 0.33 else "", f"{code[:-3]} {code[-3:]}",
        f"{latitude / 1e7:.6f}" if placed else "", f"{longitude / 1e7:.6f}" if placed else "", language,
        "vehicle-crime;road-safety;good-news" if luck[2] < 0.4 else "", "2025-03-01", "2025-03-02",
    )  # fmt: skip
