"""Writes of police open data: months of crime, and weights of severity."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from peelian.audit.actions import Actor, record
from peelian.core import clock
from peelian.insight.crime import counting, reading, types
from peelian.insight.models import CrimeCount, CrimeFile, CrimePoint, SeverityWeight
from peelian.places.actions import BadRow, refuse_or_set_aside
from peelian.places.errors import FileRefused


@dataclass
class CrimeImported:
    """What an import did. `files`: each month and force of it, as it is kept now."""

    files: list[CrimeFile] = field(default_factory=list)
    replaced: int = 0
    unchanged: int = 0
    bad: int = 0

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)


@transaction.atomic
def import_crime(
    paths: Sequence[Path], *, by: Actor, reported_by: str = "", skip_bad: Path | None = None
) -> CrimeImported:
    """Count files of data.police.uk by area, type and month. A month of a force that is there already is replaced, so
    that the same file twice changes nothing. All or nothing, unless SKIP_BAD names a file for the bad rows.

    Raises FileRefused with a sentence that names file, line and field.
    """
    done = CrimeImported()
    ground: counting.Ground | None = None
    if skip_bad is not None and len(paths) > 1:
        raise FileRefused("--skip-bad is for one file at a time.")
    for path in paths:
        read = reading.read(path, reported_by=reported_by)
        refuse_or_set_aside(path, read.bad, skip_bad)
        done.bad += len(read.bad)
        if not read.months:
            raise FileRefused(f"{path.name} has no row that can be used.")
        there = _there(read)
        if _is_the_same(read, there):
            done.files += there
            done.unchanged += len(there)
            continue
        ground = ground or counting.Ground()
        done.replaced += len(there)
        for month in read.months.values():
            file = _keep(read, month)
            counting.count([file], ground)
            done.files.append(file)
    record(
        "crime.imported", "crime", paths[0].name[:60], by=by, files=len(done.files), rows=done.rows, bad=done.bad,
        replaced=done.replaced, unchanged=done.unchanged,
    )  # fmt: skip
    return done


def _there(read: reading.Read) -> list[CrimeFile]:
    """What is kept of the months and forces of a file."""
    found = CrimeFile.objects.select_for_update().filter(dataset=read.dataset, month__in={m for m, _ in read.months})
    return [file for file in found.order_by("month", "reported_by") if (file.month, file.reported_by) in read.months]


def _is_the_same(read: reading.Read, there: list[CrimeFile]) -> bool:
    now = counting.version()
    return len(there) == len(read.months) and all(
        file.sha256 == read.sha256 and file.areas_version == now for file in there
    )


def _keep(read: reading.Read, month: reading.Month) -> CrimeFile:
    key = {"dataset": read.dataset, "month": month.month, "reported_by": month.reported_by}
    for old in CrimeFile.objects.filter(**key):
        CrimePoint.objects.filter(file=old).delete()
        CrimeCount.objects.filter(file=old).delete()
        old.delete()
    street = read.dataset == CrimeFile.Dataset.STREET
    file = CrimeFile.objects.create(
        **key,
        types=types.of_types(month.kinds, month.month).version if street else "",
        sha256=read.sha256,
        rows=month.rows,
        without_place=month.without_place,
        loaded_at=clock.now(),
    )
    counting.put_points(file, sorted(month.points.items()))
    return file


@transaction.atomic
def count_again() -> int:
    """Count what was counted by other borders than today's; how many files those were."""
    late = list(CrimeFile.objects.select_for_update().exclude(areas_version=counting.version()))
    if late:
        counting.count(late, counting.Ground())
    return len(late)


@transaction.atomic
def import_severity(path: Path, *, version: str, by: Actor, source: str = "") -> int:
    """Read `crime_type,weight` as one version of weights, in place of the one of that name; how many types it has."""
    if not version or len(version) > 40:
        raise FileRefused("Give the weights a version of at most 40 characters, such as ons-2024.")
    bad: list[BadRow] = []
    weights = _weights(path, bad)
    refuse_or_set_aside(path, bad, None)
    if not weights:
        raise FileRefused(f"{path.name} has no rows below its head.")
    SeverityWeight.objects.filter(version=version).delete()
    now = clock.now()
    SeverityWeight.objects.bulk_create(
        SeverityWeight(version=version, kind=kind, weight=weight, source=source[:200], loaded_at=now)
        for kind, weight in weights.items()
    )
    record("severity.imported", "severity", version, by=by, types=len(weights))
    return len(weights)


def _weights(path: Path, bad: list[BadRow]) -> dict[str, float]:
    found: dict[str, float] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = {"crime_type", "weight"} - set(reader.fieldnames or [])
            if missing:
                raise FileRefused(f"{path.name}, line 1: there is no column named {', '.join(sorted(missing))}.")
            for row in reader:
                kind, text = types.code_of(row["crime_type"] or ""), (row["weight"] or "").strip()
                reason = _wrong_weight(kind, text, found)
                if reason:
                    bad.append(BadRow(reader.line_num, reason, [row["crime_type"] or "", text]))
                else:
                    found[kind] = float(text)
    except UnicodeDecodeError as problem:
        raise FileRefused(f"{path.name} is not UTF-8 text. Save it as CSV UTF-8.") from problem
    except (OSError, csv.Error) as problem:
        raise FileRefused(f"{path.name} cannot be read: {problem}.") from problem
    return found


def _wrong_weight(kind: str, text: str, found: dict[str, float]) -> str:
    if kind not in types.LABELS:
        return f"crime_type: {kind!r} is no type of crime that data.police.uk has had."
    if kind in found:
        return f"crime_type: {types.label(kind)} is there twice."
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        return f"weight: {text[:30]!r} is not a number of 0 or more."
    return ""
