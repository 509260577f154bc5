"""What went wrong with a file, in words and as a file of bad rows that can be mended and imported again."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from peelian.members.errors import FileRefused
from peelian.members.importing import staging
from peelian.members.importing.checking import FORMULA_SIGNS
from peelian.members.importing.columns import NOTES
from peelian.members.importing.reader import MembersFile

SAID = 1_000  # bad rows named on the terminal
_NUMBER = re.compile(r"[+-]?[0-9][0-9 .]*")


def sentences(name: str, bad: int) -> list[str]:
    """A line for each problem, the first thousand, each with file, line, column and reason."""
    found = list(staging.problems(SAID + 1))
    said = [f"{name}, line {line}{', ' + column if column else ''}: {reason}" for line, column, reason in found[:SAID]]
    if len(found) > SAID:
        said.append(f"… and more, in {bad:,} bad rows altogether. --skip-bad FILE writes them all.")
    return said


def write_bad_rows(source: Path, target: Path) -> None:
    """Copy the bad rows of SOURCE to TARGET, each with its line, columns and reasons before it."""
    if target.exists() and target.samefile(source):
        raise FileRefused(f"{target} is the file that is imported. Name another for the bad rows.")
    bad = _by_line()
    following = next(bad, None)
    try:
        with MembersFile(source) as file, target.open("w", encoding="utf-8", newline="") as out:
            kept = [at for at, name in enumerate(file.header) if name not in NOTES]
            writer = csv.writer(out)
            writer.writerow([*NOTES, *(file.header[at] for at in kept)])
            for block in file.blocks() if following else ():
                for line, fields in block:
                    if following and following[0] == line:
                        row = [fields[at] for at in kept if at < len(fields)] + fields[len(file.header) :]
                        writer.writerow([*following, *map(harmless, row)])
                        following = next(bad, None)
    except OSError as problem:
        raise FileRefused(f"{target} cannot be written: {problem.strerror}.") from problem


def _by_line() -> Iterator[tuple[int, str, str]]:
    for line, found in groupby(staging.problems(), key=lambda problem: problem[0]):
        listed = list(found)
        yield line, "; ".join(column for _, column, _ in listed if column), " ".join(reason for _, _, reason in listed)


def harmless(value: str) -> str:
    """A value that no spreadsheet takes for a formula: with an apostrophe before it, which the importer takes off
    again."""
    if value.lstrip()[:1] in FORMULA_SIGNS and value.strip() and not _NUMBER.fullmatch(value):
        return f"'{value.lstrip()}"
    return value
