"""The calendar: a square for each day, a column for each week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from peelian.core.charts.drawing import Drawing, width_of
from peelian.core.charts.model import Cell, Chart, Column, Table, words
from peelian.core.wording import number, plural_count, uk_date

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LEFT: Final = 34.0
LARGEST, SMALLEST = 22.0, 11.0  # px, a square with the gap beside it
_TONES: Final = {1: (4,), 2: (2, 4), 3: (2, 3, 5), 4: (2, 3, 4, 5), 5: (1, 2, 3, 4, 5)}  # of the five


@dataclass(frozen=True)
class Steps:
    """Numbers in up to five shades: AT are the least numbers of each, from one upwards."""

    at: Sequence[int]
    most: int

    def of(self, count: int) -> int:
        """0 for nothing, otherwise 1 for the lightest."""
        return sum(count >= least for least in self.at)

    def shade(self, count: int) -> int:
        """0 for nothing, otherwise one of the five tones: few steps take those that are seen best."""
        return _TONES[len(self.at)][self.of(count) - 1] if self.of(count) else 0

    @property
    def tones(self) -> Sequence[int]:
        return _TONES[len(self.at)]

    @property
    def words(self) -> list[str]:
        ends = [*(least - 1 for least in self.at[1:]), self.most]
        return [f"{a:,}" if a == b else f"{a:,} to {b:,}" for a, b in zip(self.at, ends, strict=True)]


def steps(most: int, first: int = 1) -> Steps:
    """Round steps from 1 to MOST. The first holds FIRST numbers at least: 4 where less than five is not told."""
    for unit in (m * 10**p for p in range(9) for m in (1, 2, 3, 4, 5, 6, 8)):
        size = max(unit, first)
        if most <= 5 * size:
            at = [1 + i * size for i in range(5) if 1 + i * size <= most]
            return Steps(at or [1], max(most, first))
    return Steps([1], most)


def calendar(
    key: str,
    title: str,
    counts: Mapping[date, int],
    *,
    start: date,
    end: date,
    noun: str = "sign-up",
    hide_small: bool = False,
    finding: str = "",
    note: str = "",
) -> Chart:
    """COUNTS for each day from START to END, both included; a day without one is nought. HIDE_SMALL never tells one to
    four apart, in the picture, the table or the file."""
    days = [start + timedelta(days=i) for i in range((end - start).days + 1)]
    numbers = {day: max(0, counts.get(day, 0)) for day in days}
    total, most = sum(numbers.values()), max(numbers.values(), default=0)
    scale = steps(most, 4 if hide_small else 1)
    table = _table(title, days, numbers, hide_small)
    if not total:
        said = f"No {noun} from {uk_date(start)} to {uk_date(end)}." if days else "There is nothing to show yet."
        return Chart(key, title, said, table, None, note)
    said = finding or _what_it_says(numbers, noun, hide_small)
    return Chart(key, title, said, table, lambda width: _draw(key, days, numbers, scale, width), note)


def _what_it_says(numbers: Mapping[date, int], noun: str, hide_small: bool) -> str:
    top = max(numbers, key=lambda day: numbers[day])
    weekdays = [sum(n for day, n in numbers.items() if day.weekday() == at) for at in range(7)]
    busiest = max(range(7), key=lambda at: weekdays[at])
    empty = sum(n == 0 for n in numbers.values())
    names = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
    total = sum(numbers.values())
    peak = "fewer than 5" if hide_small and numbers[top] < 5 else number(numbers[top])
    if hide_small and total < 5:
        return f"Fewer than 5 {noun}s in {number(len(numbers))} days."
    quiet = "" if not empty else f" On {plural_count(empty, 'day')} there was none."
    return (
        f"{plural_count(total, noun)} in {plural_count(len(numbers), 'day')}, most on {names[busiest]}; the busiest "
        f"day was {uk_date(top)} with {peak}.{quiet}"
    )


def _table(title: str, days: Sequence[date], numbers: Mapping[date, int], hide_small: bool) -> Table:
    def told(day: date) -> Cell:
        if day not in numbers:
            return ""
        return "1 to 4" if hide_small and 0 < numbers[day] < 5 else numbers[day]

    weeks = sorted({day - timedelta(days=day.weekday()) for day in days})
    rows: list[list[Cell]] = []
    for monday in weeks:
        week = [monday + timedelta(days=i) for i in range(7)]
        row: list[Cell] = [f"{monday.day} {monday:%b %Y}", *(told(day) for day in week)]
        rows.append(row if hide_small else [*row, sum(numbers.get(day, 0) for day in week)])
    columns: list[Column | str] = [words("Week of"), *(Column(day) for day in DAYS)]
    return Table(title, columns if hide_small else [*columns, Column("Week")], rows)


def _draw(key: str, days: Sequence[date], numbers: Mapping[date, int], scale: Steps, width: int) -> str:
    first = days[0] - timedelta(days=days[0].weekday())
    weeks = (days[-1] - first).days // 7 + 1
    bands = -(-weeks // int((width - LEFT) // SMALLEST))  # where there is no room side by side, the rest goes on below
    across = -(-weeks // bands)
    size = min(LARGEST, (width - LEFT) / across)
    band = 18 + 7 * size + 14
    drawing = Drawing(width, 0)
    for at in range(bands):
        for row in range(0, 7, 2 if size >= 15 else 3):
            drawing.text(0, 18 + at * band + (row + 0.78) * size, DAYS[row], size=12, colour="muted")
    named: dict[int, float] = {}  # where the last name of a month in a band ends
    for day in days:
        week = (day - first).days // 7
        x, top = LEFT + week % across * size, week // across * band
        if (day.day == 1 or day == days[0]) and x >= named.get(week // across, 0) and x + 26 <= width:
            label = f"{day:%b %Y}" if day.month == 1 or day == days[0] else f"{day:%b}"
            if x + width_of(label, 12) <= width:
                drawing.text(x, top + 12, label, size=12, colour="muted")
                named[week // across] = x + width_of(label, 12) + 8
        shade = scale.shade(numbers[day])
        fill, stroke = (f"step-{shade}", None) if shade else ("surface", "line")
        drawing.rect(x + 0.5, top + 18 + day.weekday() * size + 0.5, size - 2, size - 2, fill, stroke)
    drawing.height = shade_key(drawing, scale.words, bands * band - 2, "None", scale.tones)
    return drawing.svg(key)


def shade_key(
    drawing: Drawing, said: Sequence[str], top: float, none: str = "", tones: Sequence[int] = (1, 2, 3, 4, 5)
) -> float:
    """What each shade stands for, in as many lines as it takes; the height below it."""
    left = 0.0
    for shade, label in [(0, none), *zip(tones, said, strict=False)]:
        if not label:
            continue
        need = 22 + width_of(label, 13) + 18
        if left and left + need > drawing.width:
            left, top = 0.0, top + 22
        fill, stroke = (f"step-{shade}", None) if shade else ("surface", "edge")
        drawing.rect(left + 0.5, top + 2.5, 14, 14, fill, stroke)
        drawing.text(left + 21, top + 14, label, size=13, colour="muted")
        left += need
    return top + 24
