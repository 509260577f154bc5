"""Maps of areas: shades for numbers, patterns for kinds, circles for places. No tiles and no script."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from peelian.core.charts.drawing import Drawing, clean, n, painted, width_of
from peelian.core.charts.model import NUMBER, Chart, Column, Table, Unit, words
from peelian.core.wording import listed, number, plural_count

MOST_NAMED: Final = 12  # areas that still have room for their names
TALLEST: Final = 1.15  # times as tall as wide, at most
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Area:
    """OUTLINE is a GeoJSON geometry in longitude and latitude, as places keeps it for maps (simplified). VALUE shades
    it, KIND (a key of KINDS) paints it; None is "not known" or "not told". One that is not NAMED has its name in the
    table and under the pointer alone."""

    label: str
    outline: Mapping[str, Any]
    value: float | None = None
    kind: str | None = None
    named: bool = True


@dataclass(frozen=True)
class Spot:
    """A place with a number: a circle whose size in square px goes with it. With a MARK, such as its number in a list,
    the circle is as large as that needs."""

    label: str
    lon: float
    lat: float
    value: float
    mark: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of area as the key has it: told apart by pattern as well as by colour. `fill` is a colour, `mark` one of
    "", "stripes", "dots"."""

    label: str
    fill: str
    mark: str = ""


# For over- and under-representation, and whatever else is above, below or neither.
OVER, UNDER = Kind("Predominant", "accent"), Kind("Under-represented", "urgent", "stripes")
UNCLEAR, UNTOLD = Kind("No clear difference", "step-1"), Kind("Too few to tell", "surface", "dots")
REPRESENTATION: Final[Mapping[str, Kind]] = {"over": OVER, "under": UNDER, "unclear": UNCLEAR, "untold": UNTOLD}


def area_map(
    key: str,
    title: str,
    areas: Sequence[Area],
    *,
    unit: Unit = NUMBER,
    kinds: Mapping[str, Kind] = REPRESENTATION,
    spots: Sequence[Spot] = (),
    noun: str = "Area",
    finding: str = "",
    note: str = "",
    table: Table | None = None,
) -> Chart:
    """Areas shaded by value in up to five steps, or painted by kind, with SPOTS over them. North is up."""
    shown = [a for a in areas if any(True for _ in rings(a.outline))]
    by_kind = any(a.kind is not None for a in shown)
    known = [a for a in shown if (a.kind in kinds if by_kind else _finite(a.value) is not None)]
    table = table or _table(title, areas, spots, unit, kinds, noun, by_kind)
    if not shown or not (known or spots):
        said = "There is nothing to show yet." if not areas else "None of these is known."
        return Chart(key, title, said, table, None, note)
    said = finding or _what_it_says(known, spots, unit, kinds, by_kind)
    scale = [] if by_kind else _breaks([float(a.value or 0) for a in known])
    view = _View(key, shown, unit, kinds if by_kind else {}, spots, scale)
    return Chart(key, title, said, table, view.paint, note)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def rings(outline: Mapping[str, Any]) -> Iterator[Ring]:
    """The outer and inner rings of a Polygon or a MultiPolygon; nothing else has an area."""
    kind, given = outline.get("type"), outline.get("coordinates") or ()
    for polygon in (given,) if kind == "Polygon" else given if kind == "MultiPolygon" else ():
        yield from (ring for ring in polygon if len(ring) > 2)


def _breaks(values: Sequence[float]) -> list[float]:
    """The least value of each of at most five steps with about as many areas each (numbers of a few areas are mostly
    far above the rest, so that steps of equal width would show nothing but them), rounded down to two figures."""
    order = sorted(values)
    if not order:
        return [0.0]
    wanted = {_rounded_down(order[len(order) * fifth // 5]) for fifth in range(5)}
    return sorted(wanted)


def _rounded_down(value: float) -> float:
    if value == 0:
        return 0.0
    power = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    return math.floor(value / power + 1e-9) * power


def _table(
    title: str,
    areas: Sequence[Area],
    spots: Sequence[Spot],
    unit: Unit,
    kinds: Mapping[str, Kind],
    noun: str,
    by_kind: bool,
) -> Table:
    columns: list[Column | str] = [words(noun)]
    valued = any(a.value is not None for a in areas)
    if valued or not by_kind:
        columns.append(Column(unit.name.capitalize() or "Value", unit))
    if by_kind:
        columns.append(words("What it says"))
    rows: list[list[str | float | None]] = []
    for a in sorted(areas, key=lambda a: -(_finite(a.value) or 0)):
        row: list[str | float | None] = [a.label]
        if valued or not by_kind:
            row.append(_finite(a.value))
        if by_kind:
            row.append(kinds[a.kind].label if a.kind and a.kind in kinds else "not known")
        rows.append(row)
    if spots and not (valued or by_kind):
        return Table(title, [words("Place"), Column(unit.name.capitalize() or "Value", unit)],
                     [[s.label, s.value] for s in sorted(spots, key=lambda s: -s.value)])  # fmt: skip
    return Table(title, columns, rows)


def _what_it_says(
    known: Sequence[Area], spots: Sequence[Spot], unit: Unit, kinds: Mapping[str, Kind], by_kind: bool
) -> str:
    if by_kind:
        said = []
        for name, kind in kinds.items():
            labels = [a.label for a in known if a.kind == name]
            if labels:
                some = f" ({listed(labels)})" if len(labels) <= 4 else ""
                said.append(f"{kind.label}: {number(len(labels))} of {plural_count(len(known), 'area')}{some}.")
        return " ".join(said)
    if not known:
        top = max(spots, key=lambda s: s.value)
        return f"{plural_count(len(spots), 'place')}, most at {top.label}: {unit.said(top.value)}."
    most, least = max(known, key=lambda a: a.value or 0), min(known, key=lambda a: a.value or 0)
    if most.value == least.value:
        return f"{unit.said(most.value).capitalize()} in each of {plural_count(len(known), 'area')}."
    return f"Highest in {most.label}, {unit.said(most.value)}; lowest in {least.label}, {unit.said(least.value)}."


@dataclass(frozen=True)
class _View:
    key: str
    areas: Sequence[Area]
    unit: Unit
    kinds: Mapping[str, Kind]
    spots: Sequence[Spot]
    breaks: Sequence[float]

    def paint(self, width: int) -> str:
        place, height = self._projection(width)
        drawing = Drawing(width, 0)
        if any(kind.mark for kind in self.kinds.values()):
            self._patterns(drawing, width)
        for area in self.areas:
            way = "".join(_way([place(*point[:2]) for point in ring]) for ring in rings(area.outline))
            fill, said = self._fill(area)
            paint = painted(fill=fill, stroke="edge" if fill in ("surface", "ground") else "surface")
            title = f"<title>{clean(f'{area.label}: {said}' if said else area.label)}</title>"
            drawing.add(f'<path d="{way}" {paint} stroke-width="0.8" fill-rule="evenodd">{title}</path>')
            kind = self.kinds.get(area.kind or "")
            if kind and kind.mark:
                drawing.add(f'<path d="{way}" fill="url(#{self._pattern(kind, width)})" fill-rule="evenodd"/>')
        if sum(area.named for area in self.areas) <= MOST_NAMED and width > 480:
            self._names(drawing, place)
        self._spots(drawing, place)
        drawing.height = self._key(drawing, height + 12, width)
        return drawing.svg(self.key)

    @property
    def _valued(self) -> bool:
        return any(_finite(area.value) is not None for area in self.areas)

    def _projection(self, width: int) -> tuple[Callable[[float, float], tuple[float, float]], float]:
        """Longitude and latitude as px, as true as a police force is small."""
        points = [point for area in self.areas for ring in rings(area.outline) for point in ring]
        west, east = min(p[0] for p in points), max(p[0] for p in points)
        south, north = min(p[1] for p in points), max(p[1] for p in points)
        squeeze = math.cos(math.radians((south + north) / 2))
        across, up = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
        scale = min((width - 4) / across, (width - 4) * TALLEST / up)
        left = (width - across * scale) / 2 if width <= 480 else 2.0

        def place(lon: float, lat: float) -> tuple[float, float]:
            return left + (lon - west) * squeeze * scale, 2 + (north - lat) * scale

        return place, up * scale + 4

    def _fill(self, area: Area) -> tuple[str, str]:
        if self.kinds:
            kind = self.kinds.get(area.kind or "")
            return (kind.fill, kind.label) if kind else ("ground", "not known")
        value = _finite(area.value)
        if value is None and not self._valued:
            return "ground", ""  # there to lie under the spots
        if value is None:
            return "line", "not known"
        return f"step-{max(1, sum(value >= least for least in self.breaks))}", self.unit.said(value)

    def _pattern(self, kind: Kind, width: int) -> str:
        return f"{self.key}-{kind.mark}-{width}"

    def _patterns(self, drawing: Drawing, width: int) -> None:
        marks = {
            "stripes": f'<path d="M0 0L0 6" {painted(stroke="surface")} stroke-width="3"/>',
            "dots": f'<circle cx="3" cy="3" r="1.1" {painted(fill="edge")}/>',
        }
        for mark in {kind.mark: kind for kind in self.kinds.values() if kind.mark}.values():
            turned = ' patternTransform="rotate(45)"' if mark.mark == "stripes" else ""
            drawing.add(
                f'<defs><pattern id="{self._pattern(mark, width)}" width="6" height="6" '
                f'patternUnits="userSpaceOnUse"{turned}>{marks[mark.mark]}</pattern></defs>'
            )

    def _names(self, drawing: Drawing, place: Callable[[float, float], tuple[float, float]]) -> None:
        for area in self.areas:
            if not area.named:
                continue
            outer = max(rings(area.outline), key=len)
            x = sum(p[0] for p in outer) / len(outer)
            y = sum(p[1] for p in outer) / len(outer)
            px, py = place(x, y)
            half = width_of(area.label, 13) / 2
            drawing.text(
                min(max(px, half), drawing.width - half), py + 5, area.label, anchor="middle", size=13, halo=True
            )

    def _spots(self, drawing: Drawing, place: Callable[[float, float], tuple[float, float]]) -> None:
        most = max((spot.value for spot in self.spots), default=0)
        for spot in sorted(self.spots, key=lambda spot: -spot.value):
            if spot.value <= 0 or not math.isfinite(spot.value):
                continue
            x, y = place(spot.lon, spot.lat)
            title = f"<title>{clean(spot.label)}: {clean(self.unit.said(spot.value))}</title>"
            if spot.mark:
                x, y = min(max(x, 12), drawing.width - 12), max(y, 12)
            size = max(11.0, width_of(spot.mark, 13) / 2 + 5) if spot.mark else 16 * math.sqrt(spot.value / most)
            seen = "" if spot.mark else ' fill-opacity="0.75"'
            drawing.add(
                f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(max(2.5, size))}" '
                f'{painted(fill="brand", stroke="surface")}{seen} stroke-width="1">{title}</circle>'
            )
            if spot.mark:
                drawing.text(x, y + 4.5, spot.mark, anchor="middle", size=13, bold=True, colour="surface")

    def _key(self, drawing: Drawing, top: float, width: int) -> float:
        if self.kinds:
            used = {a.kind for a in self.areas}
            shown = [(k.fill, k.mark, k.label) for name, k in self.kinds.items() if name in used]
            if used - set(self.kinds):
                shown.append(("ground", "", "Not known"))
        else:
            shown = [(f"step-{at}", "", said) for at, said in enumerate(self._steps(), 1)] if self._valued else []
            if shown and any(_finite(a.value) is None for a in self.areas):
                shown.append(("line", "", "Not known"))
        return _swatches(drawing, shown, top, self.key, width) if shown else top

    def _steps(self) -> list[str]:
        said = [self.unit.short(least) for least in self.breaks]
        if len(said) == 1:
            return [self.unit.said(self.breaks[0])]
        return [*(f"{a} to {b}" for a, b in pairwise(said)), f"{said[-1]} and over"]


def _swatches(drawing: Drawing, shown: Sequence[tuple[str, str, str]], top: float, key: str, width: int) -> float:
    left = 0.0
    for fill, mark, label in shown:
        need = 22 + width_of(label, 13) + 18
        if left and left + need > drawing.width:
            left, top = 0.0, top + 22
        drawing.rect(left + 0.5, top + 2.5, 14, 14, fill, "edge")
        if mark:
            drawing.add(f'<rect x="{n(left + 0.5)}" y="{n(top + 2.5)}" width="14" height="14" '
                        f'fill="url(#{key}-{mark}-{width})"/>')  # fmt: skip
        drawing.text(left + 21, top + 14, label, size=13, colour="muted")
        left += need
    return top + 24


def _way(points: Sequence[tuple[float, float]]) -> str:
    """A closed ring in steps of tenths of a px, without points nearer than one px to the one before: a map of 192 wards
    is half as large so, and nobody can see it."""
    x, y = round(points[0][0] * 10), round(points[0][1] * 10)
    steps = [f"M{x / 10:g} {y / 10:g}l"]
    for px, py in points[1:-1]:
        dx, dy = round(px * 10) - x, round(py * 10) - y
        if abs(dx) + abs(dy) >= 10:
            steps.append(f"{dx / 10:g} {dy / 10:g} ")
            x, y = x + dx, y + dy
    if len(steps) == 1:
        steps.append("0 0")
    return "".join(steps).rstrip() + "z"
