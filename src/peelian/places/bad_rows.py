"""Rows that cannot be imported: said all at once, or written to a file of their own."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from peelian.places.errors import FileRefused


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be imported: where it stands, why, and what it says."""

    line: int
    reason: str
    row: list[str]


def refuse_or_set_aside(path: Path, bad: list[BadRow], aside: Path | None) -> None:
    """Write the bad rows to ASIDE, or refuse the whole file with the first twenty reasons."""
    if not bad:
        return
    if aside is not None and aside.exists() and aside.samefile(path):
        raise FileRefused(f"{aside} is the file that is imported. Name another for the bad rows.")
    if aside is None:
        reasons = [f"{path.name}, line {row.line}: {row.reason}" for row in bad[:20]]
        count = "1 bad row" if len(bad) == 1 else f"{len(bad)} bad rows"
        raise FileRefused("\n".join([*reasons, f"{count}: nothing was imported."]))
    try:
        with aside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["line", "reason", "row…"])
            writer.writerows([row.line, *map(_no_formula, [row.reason, *row.row])] for row in bad)
    except OSError as problem:
        raise FileRefused(f"{aside} cannot be written: {problem.strerror}.") from problem


def _no_formula(text: str) -> str:
    """A cell that a spreadsheet would take for a formula gets an apostrophe."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
