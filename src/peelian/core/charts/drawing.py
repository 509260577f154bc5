"""SVG by hand: shapes, words, scales.

A colour is given as a class and, for a PDF and for a picture by itself, as an attribute with the light scheme's value.
The style sheet has the classes (section "Charts" of peelian.css), so that dark mode and print need no second drawing,
and the content security policy nothing inline.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Final, Literal

from peelian.core.charts.model import Unit

# The light tokens of peelian.css; core/tests/test_charts.py compares.
COLOURS: Final = {
    "ink": "#0b1f33",
    "muted": "#46586a",
    "line": "#d5dce4",
    "edge": "#5b6d7f",
    "surface": "#ffffff",
    "ground": "#f3f6f9",
    "brand": "#14406b",
    "accent": "#0b6e6e",
    "urgent": "#b54708",
    "tint": "#e6f1f1",
    "step-1": "#e3eef0",
    "step-2": "#b4d2d5",
    "step-3": "#7cb0b5",
    "step-4": "#3f8289",
    "step-5": "#0b4f59",
}
Colour = str
# Told apart in grey and by the colour-blind: by dash and by shape as well as by colour.
LINES: Final[Sequence[tuple[Colour, str, str]]] = (
    ("brand", "", "circle"),
    ("urgent", "7 4", "square"),
    ("accent", "2 4", "triangle"),
    ("edge", "9 3 2 3", "diamond"),
)
SIZE: Final = 14  # px, of all words in a chart
FONT: Final = "Atkinson Hyperlegible Next, Arial, sans-serif"  # a PDF's; on a page the style sheet says the page's own
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NARROW_LETTERS = frozenset("fijlrtI.,:;'’|!()[] -1")
_WIDE_LETTERS = frozenset("mwMWOQGDHNUC@%—")

Anchor = Literal["start", "middle", "end"]


def clean(words: str) -> str:
    return escape(_UNPRINTABLE.sub("", words), quote=True)


def width_of(words: str, size: float = SIZE) -> float:
    """About how wide words are, in px: a little more than they are in any of the page's fonts."""
    em = sum(0.35 if c in _NARROW_LETTERS else 0.92 if c in _WIDE_LETTERS else 0.61 for c in words)
    return em * size


def shortened(words: str, room: float, size: float = SIZE) -> str:
    """Words that fit into ROOM px: cut short with an ellipsis where they are longer."""
    if width_of(words, size) <= room:
        return words
    while words and width_of(words + "…", size) > room:
        words = words[:-1].rstrip()
    return words + "…"


def folded(words: str, room: float, most: int = 2) -> list[str]:
    """Words in lines of ROOM px, MOST lines at most."""
    lines: list[str] = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer) <= room or not lines[-1] or len(lines) == most:
            lines[-1] = longer
        else:
            lines.append(word)
    return [shortened(line, room) for line in lines]


def n(value: float) -> str:
    """A coordinate: a tenth of a px is finer than can be seen."""
    words = f"{value:.1f}"
    return words[:-2] if words.endswith(".0") else words


def painted(**colours: Colour | None) -> str:
    """`painted(fill="brand", stroke=None)`: the classes and the attributes."""
    classes = " ".join(f"p-c-{kind}-{colour}" for kind, colour in colours.items() if colour)
    values = " ".join(f'{kind}="{COLOURS[colour] if colour else "none"}"' for kind, colour in colours.items())
    return f'class="{classes}" {values}' if classes else values


@dataclass
class Drawing:
    """A picture of WIDTH by HEIGHT px, to which shapes are added. The height may be set at the end."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)

    def add(self, shape: str) -> None:
        self.parts.append(shape)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: Colour = "line", width: float = 1, dash: str = ""
    ) -> None:
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.add(
            f'<path d="M{n(x1)} {n(y1)}L{n(x2)} {n(y2)}" {painted(fill=None, stroke=colour)} '
            f'stroke-width="{n(width)}"{dashes}/>'
        )

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: Colour,
        stroke: Colour | None = None,
        opacity: float = 1,
    ) -> None:
        seen = f' opacity="{opacity}"' if opacity < 1 else ""
        colours = painted(fill=fill, stroke=stroke) if stroke else painted(fill=fill)
        self.add(f'<rect x="{n(x)}" y="{n(y)}" width="{n(width)}" height="{n(height)}" {colours}{seen}/>')

    def path(
        self, points: Iterable[tuple[float, float] | None], colour: Colour, width: float = 2, dash: str = ""
    ) -> None:
        """A line through points; None breaks it."""
        steps, pen = [], "M"
        for point in points:
            if point is None:
                pen = "M"
                continue
            steps.append(f"{pen}{n(point[0])} {n(point[1])}")
            pen = "L"
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.add(
            f'<path d="{"".join(steps)}" {painted(fill=None, stroke=colour)} stroke-width="{n(width)}"{dashes} '
            'stroke-linejoin="round" stroke-linecap="round"/>'
        )

    def shape(self, points: Sequence[tuple[float, float]], fill: Colour, opacity: float = 1) -> None:
        """A closed shape."""
        if points:
            way = "L".join(f"{n(x)} {n(y)}" for x, y in points)
            seen = f' opacity="{opacity}"' if opacity < 1 else ""
            self.add(f'<path d="M{way}Z" {painted(fill=fill)}{seen}/>')

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: Anchor = "start",
        colour: Colour = "ink",
        bold: bool = False,
        size: float = SIZE,
        halo: bool = False,
    ) -> None:
        """Words whose baseline is Y. A halo keeps them readable over lines."""
        more = f' text-anchor="{anchor}"' if anchor != "start" else ""
        more += ' font-weight="600"' if bold else ""
        more += f' font-size="{n(size)}"' if size != SIZE else ""
        if halo:
            paint = painted(fill=colour, stroke="surface") + ' stroke-width="4" paint-order="stroke"'
        else:
            paint = painted(fill=colour)
        self.add(f'<text x="{n(x)}" y="{n(y)}" {paint}{more}>{clean(words)}</text>')

    def mark(self, x: float, y: float, shape: str, colour: Colour, size: float = 4.5, *, hollow: bool = False) -> None:
        """circle, square, triangle, diamond, down (a triangle upside down), cross."""
        paint = painted(fill="surface", stroke=colour) if hollow else painted(fill=colour, stroke="surface")
        paint += f' stroke-width="{"2" if hollow else "1"}"'
        if shape == "circle":
            self.add(f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(size)}" {paint}/>')
            return
        corners = {
            "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            "diamond": [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)],
            "triangle": [(0, -1.25), (1.2, 0.95), (-1.2, 0.95)],
            "down": [(0, 1.25), (1.2, -0.95), (-1.2, -0.95)],
        }[shape]
        way = "L".join(f"{n(x + size * dx)} {n(y + size * dy)}" for dx, dy in corners)
        self.add(f'<path d="M{way}Z" {paint} stroke-linejoin="round"/>')

    def svg(self, key: str) -> str:
        """The whole picture. Its name is what stands on the page with the ids KEY-title and KEY-finding."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n(self.width)} {n(self.height)}" '
            f'width="{n(self.width)}" height="{n(self.height)}" role="img" aria-labelledby="{key}-title {key}-finding" '
            f'font-family="{FONT}" font-size="{SIZE}">{"".join(self.parts)}</svg>'
        )


def ticks(low: float, high: float, most: int = 5, least: float = 0.0) -> list[float]:
    """Round steps (1, 2 or 5 times a power of ten) from at or below LOW to at or above HIGH, about MOST of them
    and none smaller than LEAST."""
    if high - low <= 1e-9 * max(1.0, abs(low), abs(high)):
        high = low + max(1.0, abs(low) / 10)
    rough = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9)), 10 * power)
    step = max(step, least)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def tick_words(steps: Sequence[float], unit: Unit) -> list[str]:
    """The steps of an axis, each with as many places as tell them apart and no more."""
    factor = 100 if unit.kind in ("share", "points", "change") else 1
    size = abs(steps[1] - steps[0]) * factor if len(steps) > 1 else 1.0
    places = 0 if size <= 0 else min(6, max(0, math.ceil(-math.log10(size) - 1e-9)))
    return [replace(unit, places=places).short(step) for step in steps]


def told_apart(values: Sequence[float], unit: Unit) -> list[str]:
    """Values as words, with as many more places (three at most) as tell unlike ones apart: 75.2, 75.0 and 74.8 are not
    75 three times."""
    unlike = len({round(value, 9) for value in values})
    for more in range(4):
        said = [replace(unit, places=unit.places + more).short(value) for value in values]
        if len(set(said)) == unlike:
            break
    return said


@dataclass(frozen=True)
class Scale:
    """From values to px."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near as can be to those WANTED, GAP apart and between LOW and HIGH: for labels beside lines."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [0.0] * len(wanted)
    floor = low
    for i in order:
        placed[i] = max(wanted[i], floor)
        floor = placed[i] + gap
    ceiling = high
    for i in reversed(order):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - gap
    return placed


def some(labels: Sequence[str], room: float, size: float = SIZE) -> list[int]:
    """Which of the labels under an axis of ROOM px are written: the last, and every so many before it."""
    if not labels:
        return []
    widest = max(width_of(label, size) for label in labels) + 14
    fit = max(1, int(room // widest))
    step = max(1, math.ceil(len(labels) / fit))
    return [i for i in range(len(labels)) if (len(labels) - 1 - i) % step == 0]
