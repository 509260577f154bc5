"""How a benchmark says what it found: rows with their bases, and the machine it ran on."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from django.db import connection


@dataclass
class Result:
    """One benchmark's table. `notes` say what exactly was compared."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """For `--json`: rows as objects."""
        data = asdict(self) | {"rows": [dict(zip(self.columns, row, strict=True)) for row in self.rows]}
        del data["columns"]
        return data

    def as_text(self) -> str:
        """A plain table, numbers to the right."""
        cells = [self.columns, *([_shown(cell) for cell in row] for row in self.rows)]
        widths = [max(len(row[at]) for row in cells) for at in range(len(self.columns))]
        numeric = [all(isinstance(row[at], int | float) for row in self.rows) for at in range(len(self.columns))]
        lines = [
            "  ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(row, widths, numeric, strict=True)
            ).rstrip()
            for row in cells
        ]
        return "\n".join([self.name, *(f"  {line}" for line in lines), *(f"  {note}" for note in self.notes)])


def _shown(cell: Any) -> str:
    return f"{cell:,.1f}" if isinstance(cell, float) else f"{cell:,}" if isinstance(cell, int) else str(cell)


def half_and_most(seconds: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile (linear between the nearest two), in milliseconds."""
    return tuple(round(float(np.percentile(seconds, share)) * 1_000, 2) for share in (50, 95))  # type: ignore[return-value]


_began = time.monotonic()


def progress(doing: str) -> None:
    """Say on standard error what a long benchmark is at, with its seconds so far and how busy the machine is."""
    sys.stderr.write(f"  {time.monotonic() - _began:6.0f} s  load {os.getloadavg()[0]:4.1f}  {doing}\n")
    sys.stderr.flush()


def machine() -> dict[str, Any]:
    """What a figure depends on besides the code."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
        cursor.execute("SELECT name, setting || coalesce(unit, '') FROM pg_settings WHERE name = ANY(%s)", [_ASKED])
        settings = dict(cursor.fetchall())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(memory, 1),
        "python": platform.python_version(),
        "postgresql": version,
        "settings": settings,
        "load_average": [round(load, 2) for load in os.getloadavg()],
    }


def machine_text() -> str:
    """The same in a line."""
    found = machine()
    settings = ", ".join(f"{name} {value}" for name, value in sorted(found["settings"].items()))
    loads = " ".join(str(load) for load in found["load_average"])
    return (
        f"{found['cores']} cores, {found['memory_gb']} GB, Python {found['python']}, PostgreSQL {found['postgresql']}"
        f" ({settings}); load average now {loads}"
    )


_ASKED = ["shared_buffers", "jit", "fsync", "work_mem"]
