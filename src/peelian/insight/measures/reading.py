"""One row of a file of observations: what it says, or what is wrong with it in a sentence."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from datetime import date

from peelian.core import clock, wording
from peelian.core.periods import NoSuchPeriod, Period
from peelian.insight.measures.keeping import Given
from peelian.insight.models import MeasureDefinition, Observation
from peelian.places.models import Area

REQUIRED = ("measure", "period")
COLUMNS = (*REQUIRED, "area", "numerator", "denominator", "value", "status", "group_value", "nation_value", "note")
LONGEST_NOTE = 300
LARGEST_FIGURE = 1e12
FIGURES = ("numerator", "denominator", "value", "group_value", "nation_value")
Status = Observation.Status
STATUSES = {
    "": Status.FINAL,
    "provisional": Status.PROVISIONAL,
    "final": Status.FINAL,
    "revised": Status.REVISED,
    "no-update": Status.NO_UPDATE,
    "no update": Status.NO_UPDATE,
}
OBSERVED_BY = {
    "month": "month, like 2018-09",
    "quarter": "quarter, like 2018-Q3",
    "year": "year, like year-to-2018-09",
}
NO_FIGURE = "there is no figure. Fill in {}, or give the status no update."


class Wrong(ValueError):
    """What is wrong with one row; whoever reads the file adds its line."""


class Reader:
    """Reads rows one by one. Knows the measures, the areas, and which figures it has read already."""

    def __init__(self) -> None:
        rows = MeasureDefinition.objects.filter(current=True).select_related("measure")
        self.definitions = {row.measure.code: row for row in rows}
        self.areas: dict[str, list[Area]] = {}
        for area in Area.objects.only("pk", "code", "name", "kind", "valid_from", "valid_to").order_by("pk"):
            self.areas.setdefault(area.code.lower(), []).append(area)
        self.seen: dict[tuple[int, int | None, date, date], int] = {}
        self.remarks: list[str] = []  # about the row read last

    def read(self, line: int, row: Mapping[str, str]) -> Given:
        """What the row says. Raises Wrong."""
        self.remarks = []
        definition = self._definition(row["measure"])
        period = self._period(row["period"], definition)
        area = self._area(row.get("area", ""), period)
        area_id = area.pk if area else None
        self._once(line, (definition.measure_id, area_id, period.start, period.end))
        status = self._status(row.get("status", ""))
        figures = {name: _figure(row.get(name, ""), name) for name in FIGURES}
        if status != Status.NO_UPDATE:
            figures["value"] = value_of(definition, figures)
            if definition.is_count:
                figures["numerator"] = figures["value"]
        elif any(figures[name] is not None for name in FIGURES[:3]):
            raise Wrong("“no update” stands beside a figure. Leave out one of the two.")
        note = self._note(row.get("note", ""))
        return Given(definition, area_id, period.start, period.end, status=status, note=note, **figures)

    def _definition(self, code: str) -> MeasureDefinition:
        found = self.definitions.get(code.lower())
        if found is None:
            raise Wrong(f"there is no measure “{code}”.{_near(code, self.definitions)}")
        if found.measure.computed:
            raise Wrong(f"Peelian computes “{code}” by itself, so its figures do not come in by file.")
        return found

    def _period(self, text: str, definition: MeasureDefinition) -> Period:
        try:
            period = Period.parse(text)
        except NoSuchPeriod as problem:
            raise Wrong(str(problem)) from None
        if period.kind != definition.frequency:
            wanted = OBSERVED_BY[definition.frequency]
            raise Wrong(f"“{definition.measure.code}” is observed by {wanted}; {text} is something else.")
        if period.end >= clock.today():
            raise Wrong(f"{period.label()} is not over yet.")
        return period

    def _area(self, code: str, period: Period) -> Area | None:
        """The area as it was at the end of the period; None for the whole force."""
        if not code:
            return None
        versions = self.areas.get(code.lower(), [])
        if not versions:
            raise Wrong(f"there is no area of the code {code}.{_near(code, self.areas, upper=True)}")
        if all(area.kind == Area.Kind.FORCE for area in versions):
            return None
        there = [one for one in versions if _existed(one, period.end)]
        if not there:
            raise Wrong(f"the area {code} did not exist at the end of {period.label()}.")
        area = there[-1]
        if area.valid_from is not None and period.start < area.valid_from <= period.end:
            changed = wording.uk_date(area.valid_from)
            self.remarks.append(f"The boundary of {area.name} changed on {changed}, within this period.")
        return area

    def _once(self, line: int, key: tuple[int, int | None, date, date]) -> None:
        if key in self.seen:
            raise Wrong(f"line {self.seen[key]} has the same measure, area and period. Keep one of the two.")
        self.seen[key] = line

    @staticmethod
    def _status(text: str) -> str:
        found = STATUSES.get(text.lower())
        if found is None:
            raise Wrong(f"the status “{text}” is none of provisional, final, revised and no update.")
        return found

    def _note(self, text: str) -> str:
        if len(text) > LONGEST_NOTE:
            raise Wrong(f"the note has {len(text)} characters; at most {LONGEST_NOTE} fit.")
        return " ".join(filter(None, [text, *self.remarks]))[:LONGEST_NOTE]


def _near(word: str, known: Iterable[str], *, upper: bool = False) -> str:
    near = difflib.get_close_matches(word.lower(), list(known), n=1)
    return f" Did you mean {near[0].upper() if upper else near[0]}?" if near else ""


def _existed(area: Area, day: date) -> bool:
    return (area.valid_from is None or area.valid_from <= day) and (area.valid_to is None or area.valid_to > day)


def _figure(text: str, name: str) -> float | None:
    if not text:
        return None
    said = name.replace("_value", "’s value")
    try:
        found = float(text.replace(",", ""))
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or "_" in text:
        raise Wrong(f"the {said} “{text}” is not a number. Write it like 28648 or 66.3.")
    if found < 0:
        raise Wrong(f"the {said} {text} is below zero.")
    if found > LARGEST_FIGURE:
        raise Wrong(f"the {said} {text} is larger than anything a force counts.")
    return found


def value_of(definition: MeasureDefinition, figures: Mapping[str, float | None]) -> float:
    """The figure to print, worked out where it can be. One that is stated has to agree with its own parts."""
    numerator, denominator, stated = (figures[name] for name in FIGURES[:3])
    if denominator == 0:
        raise Wrong("the denominator is 0, and nothing is a share of nothing. Leave the row out, or write no update.")
    if definition.is_count:
        found = stated if numerator is None else numerator
        if found is None:
            raise Wrong(NO_FIGURE.format("the numerator"))
    elif numerator is None or denominator is None:
        if stated is None:
            raise Wrong(NO_FIGURE.format("numerator and denominator, or the value where only that is known"))
        found = stated
    else:
        if definition.per == 100 and numerator > denominator:
            raise Wrong(f"the numerator {numerator:,.0f} is larger than the denominator {denominator:,.0f}.")
        found = definition.value_of(numerator, denominator) or 0.0
    if stated is not None and abs(stated - found) > 0.5 * 10**-definition.places + 1e-9:
        shown = wording.number(found, definition.places + 1)
        raise Wrong(f"the value {stated:g} is not what its parts give, {shown}. Correct one of them.")
    return found
