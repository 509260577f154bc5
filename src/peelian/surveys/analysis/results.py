"""One question's results: counts, shares with their intervals, the share at the good end; weighted beside unweighted.

Nothing is estimated from fewer than FEWEST people, or where weights leave the effect of fewer: the interval of such
a figure covers most of what is possible, and it would be quoted without it. Numbers of fewer than five are not
told, nor is another that would give one back (core.suppression).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peelian.core import charts, wording
from peelian.core.charts import Bar, Chart, Column, Table
from peelian.core.statistics import Estimate, wilson
from peelian.core.suppression import NOT_TOLD, small, suppress
from peelian.surveys import definition
from peelian.surveys.analysis.tallies import COUNTED, Cell, Tallies
from peelian.surveys.definition import DONT_KNOW, Question, say

FEWEST = 30  # people, or as many people of equal weight, below which nothing is estimated
Weights = Mapping[Cell, float]  # of a person in each cell; who is in none of them counts in no weighted figure


@dataclass(frozen=True)
class Weighted:
    """An estimate from weighted answers. `effective`: as many people of equal weight would tell as much."""

    estimate: Estimate
    effective: float
    design_effect: float


@dataclass(frozen=True)
class Row:
    """One answer. `count` and `share` are None where they are not told, or where nothing is estimated."""

    label: str
    count: int | None
    share: Estimate | None
    weighted: Weighted | None


@dataclass(frozen=True)
class Result:
    """A question, or one line of several on a scale."""

    key: str
    number: int
    title: str
    source: str
    base: int  # those with an opinion: "don’t know" stands apart
    answered: int
    dont_know: int
    rows: list[Row]
    good: Row | None
    good_words: str
    refused: str = ""  # why there are no estimates
    refused_weighted: str = ""

    @property
    def has_shares(self) -> bool:
        return any(row.share for row in self.rows)

    @property
    def is_weighted(self) -> bool:
        return any(row.weighted for row in self.rows)


def weigh(part: Counter[Cell], base: Counter[Cell], weights: Weights) -> Weighted | None:
    """PART of BASE with weights; None without anybody who has one.

    The effective size is L. Kish's, Survey Sampling (1965), section 11.7; the score interval is taken at it (E. L. Korn
    and B. I. Graubard, Survey Methodology 24, 1998, 193-201, who do so with the exact interval).
    """
    people = sum(number for cell, number in base.items() if cell in weights)
    whole = sum(weights[cell] * number for cell, number in base.items() if cell in weights)
    squares = sum(weights[cell] ** 2 * number for cell, number in base.items() if cell in weights)
    if not squares:
        return None
    share = min(1.0, sum(weights[cell] * number for cell, number in part.items() if cell in weights) / whole)
    effective = whole**2 / squares
    low, high = wilson(share * effective, effective)
    estimate = Estimate(share, low, high, people, "Wilson score interval at the effective size")
    return Weighted(estimate, effective, people / effective)


def results(asked: Sequence[Question], found: Tallies, weights: Weights | None = None) -> list[Result]:
    """Each question that has answers to choose from, in their order; of a grid each line."""
    made = []
    for number, one in enumerate(asked, 1):
        if one.kind == definition.GRID:
            for row in one.rows:
                made.append(_result(one, number, row.code, f"{say(one.text)}: {say(row.text)}", found, weights))
        elif one.kind in COUNTED:
            made.append(_result(one, number, "", say(one.text), found, weights))
    return made


def _result(one: Question, number: int, line: str, title: str, found: Tallies, weights: Weights | None) -> Result:
    codes = [code for code in one.codes if code != DONT_KNOW]
    counts = {code: found.of(one.key, line, code) for code in codes}
    unsure = found.of(one.key, line, DONT_KNOW)
    if one.kind == definition.MULTIPLE:
        base_cells = found.asked.get(one.key, Counter())
        told = [None if _points(counts[code].total(), base_cells.total()) else counts[code].total() for code in codes]
    else:
        base_cells = sum((counts[code] for code in codes), Counter())
        told = suppress([counts[code].total() for code in codes])
    base = base_cells.total()
    refused = "" if base >= FEWEST else _too_few(base)
    overall = weigh(Counter(), base_cells, weights) if weights is not None else None
    refused_weighted = _too_few_weighted(overall) if weights is not None else ""
    shown = None if refused_weighted else weights
    rows = [
        _row(one.label(code), told_count, counts[code], base_cells, bool(refused), shown)
        for code, told_count in zip(codes, told, strict=True)
    ]
    return Result(
        key=f"{one.key}-{line}" if line else one.key, number=number, title=title, source=one.source, base=base,
        answered=base + unsure.total(), dont_know=unsure.total(), rows=rows,
        good=_good(one, counts, base_cells, bool(refused), shown),
        good_words=wording.listed([one.label(code) for code in one.good]),
        refused=refused, refused_weighted=refused_weighted,
    )  # fmt: skip


def _points(part: int, base: int) -> bool:
    """Whether a part, or all the others, are so few that they could be somebody."""
    return small(part) or small(base - part)


def _good(
    one: Question, counts: Mapping[str, Counter[Cell]], base: Counter[Cell], refused: bool, weights: Weights | None
) -> Row | None:
    if not one.good:
        return None
    part = sum((counts[code] for code in one.good if code in counts), Counter[Cell]())
    told = None if _points(part.total(), base.total()) else part.total()
    return _row("Good", told, part, base, refused, weights)


def _row(
    label: str, told: int | None, part: Counter[Cell], base: Counter[Cell], refused: bool, weights: Weights | None
) -> Row:
    if told is None:
        return Row(label, None, None, None)
    share = None
    if not refused:
        low, high = wilson(told, base.total())
        share = Estimate(told / base.total(), low, high, base.total(), "Wilson score interval")
    return Row(label, told, share, weigh(part, base, weights) if weights is not None else None)


def _too_few(base: int) -> str:
    if not base:
        return "Nobody has answered it."
    said = "Fewer than 5 people" if small(base) else wording.plural_count(base, "person,people")
    return f"{said} answered. From fewer than {FEWEST} no share is estimated: chance alone would move it too far."


def _too_few_weighted(found: Weighted | None) -> str:
    if found is None:
        return "Nobody who answered can be weighted."
    if found.effective >= FEWEST:
        return ""
    return (
        f"With these weights the answers tell as much as {found.effective:.0f} of equal weight would, and from fewer"
        f" than {FEWEST} nothing is estimated. Choose fewer targets, narrower limits, or a larger sample."
    )


def chart_of(result: Result, note: str = "") -> Chart:
    """Shares with their intervals, weighted where there are weights; the table has both."""
    weighted = result.is_weighted
    shown = [(row, row.weighted.estimate if row.weighted else None if weighted else row.share) for row in result.rows]
    bars = [Bar(row.label, one.value, one.low, one.high) for row, one in shown if one is not None]
    finding = _finding(result, weighted)
    table = _table(result)
    chart = charts.bars(
        f"q-{result.key}", f"{result.number}. {result.title}", bars, unit=charts.SHARE, ordered=False, finding=finding,
        table=table, note=note,
    )  # fmt: skip
    if result.refused:
        return Chart(chart.key, chart.title, result.refused, table, None, note)
    return chart


def _finding(result: Result, weighted: bool) -> str:
    base = f"{wording.plural_count(result.base, 'person,people')} with an answer"
    unsure = _unsure(result)
    good = result.good
    if good and good.share:
        found = good.weighted.estimate if weighted and good.weighted else good.share
        kind = ", weighted" if weighted else ""
        interval = f"95% interval {charts.SHARE.short(found.low)} to {charts.SHARE.short(found.high)}{kind}"
        return f"{charts.SHARE.short(found.value)} said {result.good_words.lower()} ({interval}); {base}{unsure}."
    hidden = sum(row.count is None for row in result.rows)
    left = f" {wording.plural_count(hidden, 'number')} too small to tell." if hidden else ""
    return f"{base}{unsure}.{left}"


def _unsure(result: Result) -> str:
    if not result.dont_know:
        return ""
    said = "fewer than 5" if small(result.dont_know) else wording.number(result.dont_know)
    return f", {said} did not know"


def _table(result: Result) -> Table:
    share = charts.SHARE_1
    columns: list[Column | str] = [charts.words("Answer"), "People", Column("Share", share)]
    columns += [Column("From", share), Column("To", share)]
    weighted = result.is_weighted
    if weighted:
        columns += [Column("Weighted share", share), Column("Weighted from", share), Column("Weighted to", share)]
        columns += [Column("Effective size", charts.NUMBER), Column("Design effect", charts.Unit(places=2))]
    rows = [*result.rows, *([_named(result.good)] if result.good else [])]
    body = [_cells(row, weighted) for row in rows]
    if result.dont_know:
        unsure: list[str | int | float | None] = ["Don’t know (in no share)"]
        unsure.append("fewer than 5" if small(result.dont_know) else result.dont_know)
        body.append([*unsure, *[""] * (len(columns) - 2)])
    note = f"Shares are of {wording.plural_count(result.base, 'person,people')}; Wilson score intervals, 95%."
    if weighted:
        note += " Weighted ones are at the effective size, of those whose weight is known."
    return Table(result.title, columns, body, note)


def _named(good: Row) -> Row:
    return Row("The good end together", good.count, good.share, good.weighted)


def _cells(row: Row, weighted: bool) -> list[str | int | float | None]:
    cells: list[str | int | float | None] = [row.label, NOT_TOLD if row.count is None else row.count]
    cells += [row.share.value, row.share.low, row.share.high] if row.share else [NOT_TOLD] * 3
    if weighted:
        one = row.weighted
        cells += (
            [one.estimate.value, one.estimate.low, one.estimate.high, one.effective, one.design_effect]
            if one else [NOT_TOLD] * 5
        )  # fmt: skip
    return cells
