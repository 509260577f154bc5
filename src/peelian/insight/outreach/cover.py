"""Households under Neighbourhood Watch by area, from a file with the columns area_code,value; and saved weights."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.core import clock
from peelian.insight.models import OverlayWeights, WatchCover
from peelian.insight.outreach.errors import FileRefused
from peelian.insight.outreach.overlay import Choice
from peelian.places import queries as places
from peelian.places.actions import BadRow, refuse_or_set_aside

COLUMNS = ("area_code", "value")
LARGEST = 1024 * 1024  # bytes
MOST = 2_000_000_000  # what the column holds


@transaction.atomic
def bring_in_cover(content: bytes, name: str, *, as_of: date, by: Staff) -> int:
    """All rows of a file or none, in place of what was there. Returns how many. Raises FileRefused (places' or ours)
    with a sentence for each bad row."""
    codes = dict(places.current_areas().values_list("code", "pk"))
    good: dict[str, int] = {}
    bad: list[BadRow] = []
    for line, row in _rows(content, name):
        try:
            code = _code(row, codes, good)
            good[code] = _households(row[1])
        except ValueError as problem:
            bad.append(BadRow(line, str(problem), row))
    refuse_or_set_aside(Path(name), bad, None)
    if not good:
        raise FileRefused(f"{name} has no rows under its head.")
    WatchCover.objects.all().delete()
    WatchCover.objects.bulk_create(
        WatchCover(area_id=codes[code], households=n, as_of=as_of, file=name[:120]) for code, n in good.items()
    )
    record("watch_cover.imported", "watch_cover", name[:60], by=by, rows=len(good))
    return len(good)


def _code(row: list[str], codes: dict[str, int], good: dict[str, int]) -> str:
    if len(row) != len(COLUMNS):
        raise ValueError(f"the row has {len(row)} fields in place of {len(COLUMNS)}.")
    code = row[0].strip()
    if code not in codes:
        raise ValueError(f"there is no area of the code “{code[:40]}”.")
    if code in good:
        raise ValueError(f"the area {code} stands in an earlier row already.")
    return code


def _households(text: str) -> int:
    plain = text.strip().replace(",", "")
    if not plain.isascii() or not plain.isdigit() or int(plain) > MOST:
        raise ValueError(f"“{text.strip()[:40]}” is no number of households. Write a whole number, 0 or more.")
    return int(plain)


def _rows(content: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    if len(content) > LARGEST:
        raise FileRefused(f"{name} is larger than 1 MB. It needs one short row for each area.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(f"{name} is not UTF-8 text. Save it as CSV UTF-8.") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = [column.strip().lower() for column in next(reader, [])]
        if tuple(head) != COLUMNS:
            raise FileRefused(f"{name}, line 1: the columns are not area_code,value.")
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as problem:
        raise FileRefused(f"{name}, line {reader.line_num}: this is not CSV ({problem}).") from None


# Weights --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_weights(*, name: str, choice: Choice, by: Staff) -> OverlayWeights:
    """Under a name; one that is taken already now means these."""
    given = {
        "weights": dict(choice.weights), "topic": choice.topic, "groups": list(choice.groups), "crime": choice.crime,
        "saved_by": by, "saved_at": clock.now(),
    }  # fmt: skip
    row, _ = OverlayWeights.objects.update_or_create(name=name.strip(), defaults=given)
    record("overlay_weights.saved", "overlay_weights", row.pk, by=by)
    return row


@transaction.atomic
def remove_weights(*, row: OverlayWeights, by: Staff) -> None:
    record("overlay_weights.removed", "overlay_weights", row.pk, by=by)
    row.delete()
