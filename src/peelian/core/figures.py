"""The few figures that are plain templates: parts of a whole, and how ratings from 1 to 6 are spread.

Only geometry and words are worked out here; colours live in the style sheet, so that both schemes and print
share them.
Everything is in per cents of the width, so a figure needs no script and no fixed size.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from peelian.core.wording import share

PART_LABELS = {
    "delivered": "Delivered",
    "handed-over": "Handed over",
    "waiting": "Waiting",
    "held": "Held back",
    "failed": "Failed",
    "unknown": "Not known",
    "recalled": "Stopped",
}
RATINGS = range(1, 7)


@dataclass(frozen=True)
class Part:
    label: str
    number: int
    kind: str
    share: str
    start: str
    width: str


@dataclass(frozen=True)
class Bar:
    rating: int
    number: int
    share: str
    width: str


def _percent(value: float) -> str:
    return f"{value:.3f}%"


def bar_of_parts(parts: Iterable[Mapping[str, Any]]) -> list[Part]:
    """Lay parts end to end. Each maps `number`, `kind` (a key of PART_LABELS) and perhaps `label`."""
    rows = list(parts)
    total = sum(int(row["number"]) for row in rows)
    laid: list[Part] = []
    before = 0
    for row in rows:
        count, kind = int(row["number"]), str(row["kind"])
        laid.append(
            Part(
                label=str(row.get("label") or PART_LABELS[kind]),
                number=count,
                kind=kind,
                share=share(count, total),
                start=_percent(100 * before / total if total else 0),
                width=_percent(100 * count / total if total else 0),
            )
        )
        before += count
    return laid


def rating_bars(counts: Mapping[int, int] | Sequence[int]) -> list[Bar]:
    """One bar for each rating, 6 first. `counts` maps 1..6 to numbers, or lists the six numbers from 1 to 6.

    Bars are scaled to the largest, not to the whole, so that a flat spread can be told from a steep one.
    """
    given = dict(counts) if isinstance(counts, Mapping) else dict(zip(RATINGS, counts, strict=True))
    by_rating = {rating: int(given.get(rating, 0)) for rating in RATINGS}
    total, most = sum(by_rating.values()), max(by_rating.values())
    return [
        Bar(
            rating,
            by_rating[rating],
            share(by_rating[rating], total),
            _percent(100 * by_rating[rating] / most if most else 0),
        )
        for rating in reversed(RATINGS)
    ]


def on_scale(value: float) -> str:
    """Where a mean of ratings stands between 1 and 6, in per cent of the width."""
    return _percent(100 * (min(max(value, 1.0), 6.0) - 1) / 5)


def figure_id(title: str) -> str:
    """A page-unique id from a figure's title, so that titles on one page must differ."""
    return f"figure-{slugify(title) or 'untitled'}"
