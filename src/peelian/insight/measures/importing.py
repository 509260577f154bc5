"""Observations out of a CSV file, or rows of the same columns from the API; each bad row with its line and a
sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import Actor, record
from peelian.core import wording
from peelian.core.errors import RuleBroken
from peelian.insight.measures.keeping import Given, Kept, keep
from peelian.insight.measures.reading import COLUMNS, REQUIRED, Reader, Wrong
from peelian.places.actions import BadRow, refuse_or_set_aside

LARGEST = 5 * 1024 * 1024  # bytes
MOST_ROWS = 100_000
MORE_FIELDS = "the row has more fields than there are columns. Put a field that holds a comma in quotation marks."
# Rows of the template that the page offers
TEMPLATE = [
    ["burglary", "2018-09", "", "2204", "", "", "final", "", "", ""],
    ["confidence", "year-to-2018-12", "", "", "", "72", "final", "70", "75", "No base is published"],
    ["reoffending", "year-to-2018-12", "", "", "", "", "no update", "", "", "Due in January"],
]


class FileRefused(RuleBroken):
    """That file cannot be imported."""


@dataclass
class Outcome:
    """What an import did, for the person who ran it."""

    kept: Kept = field(default_factory=Kept)
    bad: list[BadRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # what was kept, with something to know about it

    @property
    def said(self) -> str:
        return f"{self.kept.new:,} new, {self.kept.revised:,} revised, {self.kept.unchanged:,} unchanged"


@transaction.atomic
def import_file(path: Path, *, by: Actor, staff: Staff | None = None, skip_bad: Path | None = None) -> Outcome:
    """All rows of a file or none, unless SKIP_BAD names a file for the bad ones."""
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise FileRefused(f"{path.name} cannot be read: {problem.strerror}.") from problem
    done = import_rows(records(content, path.name), name=path.name, by=by, staff=staff)
    refuse_or_set_aside(path, done.bad, skip_bad)
    return done


@transaction.atomic
def import_upload(content: bytes, name: str, *, by: Staff) -> Outcome:
    """A file sent from a page: all rows or none."""
    done = import_rows(records(content, name), name=name, by=by, staff=by)
    refuse_or_set_aside(Path(name), done.bad, None)
    return done


@transaction.atomic
def import_rows(
    rows: Iterable[tuple[int, Mapping[str, str]]], *, name: str, by: Actor, staff: Staff | None = None
) -> Outcome:
    """Keep the good rows, (line, column → text) each; the bad ones are in the outcome. One row in the trail."""
    done, reader = Outcome(), Reader()
    good: list[Given] = []
    for line, row in rows:
        try:
            if "" in row:
                raise Wrong(MORE_FIELDS)
            good.append(reader.read(line, row))
        except Wrong as problem:
            done.bad.append(BadRow(line, str(problem), [row.get(column) or "" for column in COLUMNS]))
            continue
        done.remarks += [f"{name}, line {line}: {remark}" for remark in reader.remarks]
    done.kept = keep(good, source=name, by=staff)
    counts = {"new": done.kept.new, "revised": done.kept.revised, "bad": len(done.bad)}
    record("measures.imported", "measures", name[:60], by=by, **counts)
    return done


def records(content: bytes, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their lines. Raises FileRefused for what is no table of observations."""
    if len(content) > LARGEST:
        raise FileRefused(f"{name} is larger than {LARGEST // 1024 // 1024} MB. Divide it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise FileRefused(f"{name}, line {line}: this is not UTF-8 text. Save the file as CSV UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, restval="", restkey="")
    try:
        reader.fieldnames = _head(reader.fieldnames or [], name)
        for number, row in enumerate(reader, 1):
            if number > MOST_ROWS:
                raise FileRefused(f"{name} has more than {MOST_ROWS:,} rows. Divide it.")
            yield reader.line_num, {key: str(value).strip() for key, value in row.items()}
    except csv.Error as problem:
        raise FileRefused(f"{name}, line {reader.line_num}: this is not CSV ({problem}).") from None


def _head(names: Iterable[str], name: str) -> list[str]:
    head = [column.strip().lower() for column in names]
    if not head:
        raise FileRefused(f"{name} is empty. Its first line names the columns: {', '.join(COLUMNS)}.")
    if missing := [column for column in REQUIRED if column not in head]:
        raise FileRefused(f"{name}, line 1: there is no column named {wording.listed(missing)}.")
    if unknown := [column for column in head if column not in COLUMNS]:
        raise FileRefused(f"{name}, line 1: no column is called “{unknown[0]}”. There are: {', '.join(COLUMNS)}.")
    return head
