"""Keeping observations: a figure that changes becomes a new row, and the one before it stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from peelian.accounts.models import Staff
from peelian.insight.models import MeasureDefinition, Observation

Key = tuple[int | None, date, date]
Status = Observation.Status
SETTLED = (Status.FINAL, Status.REVISED)
_FIGURES = ("numerator", "denominator", "value", "group_value", "nation_value")


@dataclass(frozen=True)
class Given:
    """A figure as it came in or was computed, checked already."""

    definition: MeasureDefinition
    area_id: int | None
    start: date
    end: date
    numerator: float | None
    denominator: float | None
    value: float | None
    status: str
    note: str = ""
    group_value: float | None = None
    nation_value: float | None = None

    @property
    def key(self) -> Key:
        return self.area_id, self.start, self.end


@dataclass
class Kept:
    """What became of them."""

    new: int = 0
    revised: int = 0
    unchanged: int = 0


def keep(given: Iterable[Given], *, source: str, by: Staff | None) -> Kept:
    """Keep figures, at most one for an area and period of a measure. Call it inside a transaction."""
    by_measure: dict[int, list[Given]] = {}
    for one in given:
        by_measure.setdefault(one.definition.measure_id, []).append(one)
    done = Kept()
    for measure_id, rows in by_measure.items():
        _keep_of(measure_id, rows, source, by, done)
    return done


def _keep_of(measure_id: int, rows: Sequence[Given], source: str, by: Staff | None, done: Kept) -> None:
    ends = {row.end for row in rows}
    there = Observation.objects.select_for_update().filter(measure_id=measure_id, current=True, end__in=ends)
    before: dict[Key, Observation] = {(row.area_id, row.start, row.end): row for row in there}
    made, gone = list[Observation](), list[int]()
    for row in rows:
        old = before.get(row.key)
        if old is not None and _same(old, row):
            done.unchanged += 1
            continue
        made.append(_row(row, old, source, by))
        if old is None:
            done.new += 1
        else:
            done.revised += 1
            gone.append(old.pk)
    Observation.objects.filter(pk__in=gone).update(current=False)
    Observation.objects.bulk_create(made, batch_size=2_000)


def _same(old: Observation, new: Given) -> bool:
    figures = all(getattr(old, name) == getattr(new, name) for name in _FIGURES)
    status = old.status == new.status or (old.status == Status.REVISED and new.status == Status.FINAL)
    return figures and status and old.note == new.note


def _row(given: Given, old: Observation | None, source: str, by: Staff | None) -> Observation:
    return Observation(
        measure_id=given.definition.measure_id,
        definition=given.definition,
        area_id=given.area_id,
        start=given.start,
        end=given.end,
        status=_status(given, old),
        note=given.note,
        revision=old.revision + 1 if old else 0,
        source=source[:200],
        entered_by=by,
        **{name: getattr(given, name) for name in _FIGURES},
    )


def _status(given: Given, old: Observation | None) -> str:
    """A figure that was final and is another one now is called revised, whatever the file calls it."""
    if old is None or old.status not in SETTLED or given.status != Status.FINAL:
        return given.status
    changed = (old.numerator, old.denominator, old.value) != (given.numerator, given.denominator, given.value)
    return Status.REVISED if changed or old.status == Status.REVISED else Status.FINAL
