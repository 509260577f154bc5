"""The pulse's comparisons as charts, each with its table and CSV."""

from __future__ import annotations

from collections.abc import Sequence

from peelian.core import charts, wording
from peelian.core.charts import Chart, Column, Dot, Table
from peelian.core.statistics import level_words
from peelian.surveys.pulse import asked
from peelian.surveys.pulse.models import Arm
from peelian.surveys.pulse.results import TITLES, Comparison, Pooled

ABOUT = {
    "types": "by type of alert",
    "doses": "by how many alerts about crime they had in the 30 days before",
}


def drawn(found: Pooled) -> list[Chart]:
    """Worry, then how well informed people feel: by type with all of them together first, by dose."""
    made = []
    for question in (asked.WORRY, asked.INFORMED):
        made.append(_chart(question, "types", [found.altogether(question), *found.by_type(question)], "Type"))
        made.append(_chart(question, "doses", found.by_dose(question), "Alerts before"))
    made.append(_levels(found))
    return made


def _levels(found: Pooled) -> Chart:
    """How worried everybody is who was to get an alert, by type; beside nothing."""
    arms = (Arm.GOT, Arm.ALONE)
    sides = [(one.name, found.side(asked.WORRY, arms, topic=one.slug)) for one in found.topics]
    shares = [(name, side.share) for name, side in sides]
    dots = [Dot(name, one.value, one.low, one.high) for name, one in shares if one is not None]
    note = (
        "Wilson’s interval, 95%. Types go to different places and people, so one type’s share says nothing about what"
        " the alert did."
    )
    columns: list[Column | str] = [charts.words("Type"), Column("Share", charts.SHARE_1), "Of"]
    columns += [Column("From", charts.SHARE_1), Column("To", charts.SHARE_1)]
    body = [
        [name, *((one.value, side.base, one.low, one.high) if (one := side.share) else (None, side.base, None, None))]
        for name, side in sides
    ]
    title = f"{TITLES[asked.WORRY]} among all who were to get an alert, by type"
    said = f"{len(dots)} of {wording.plural_count(len(sides), 'type')} with answers enough to say."
    table = Table(title, columns, body, note)
    return charts.dots("levels", title, dots, noun="Type", note=note, finding=said, table=table)


def _chart(question: str, by: str, rows: Sequence[Comparison], noun: str) -> Chart:
    points, share = charts.POINTS, charts.SHARE_1
    dots = [
        Dot(row.label, row.difference.value, row.difference.low, row.difference.high, 0.0, row.verdict, row.clear)
        for row in rows
        if row.difference is not None
    ]
    columns: list[Column | str] = [charts.words(noun), Column("Got it", share), "Of", Column("Held out", share), "Of "]
    columns += [Column("Difference, points", points), Column("From", points), Column("To", points)]
    columns.append(charts.words("What it says"))
    body = [
        [row.label, _share(row.got.share), row.got.base, _share(row.held.share), row.held.base,
         *((row.difference.value, row.difference.low, row.difference.high) if row.difference else (None,) * 3),
         row.verdict]
        for row in rows
    ]  # fmt: skip
    note = _note(rows)
    title = f"{TITLES[question]}, {ABOUT[by]}: those who got the alert less those held out"
    return charts.dots(
        f"{question}-{by}", title, dots, unit=points, noun=noun, target_name="No difference", note=note,
        finding=finding(rows), table=Table(title, columns, body, note),
    )  # fmt: skip


def _share(found: object) -> float | None:
    return getattr(found, "value", None)


def _note(rows: Sequence[Comparison]) -> str:
    levels = list(dict.fromkeys(level_words(row.level) for row in rows if row.difference is not None))
    if not levels:
        return "Nothing can be compared yet."
    said = f"Newcombe’s hybrid score interval, {wording.listed(levels)}"
    return f"{said}; of several comparisons Benjamini and Hochberg’s procedure decides which are clear."


def finding(rows: Sequence[Comparison]) -> str:
    """What the rows say, in a sentence or two."""
    clear = [
        f"{row.label}: {row.verdict}, by {abs(100 * row.difference.value):.1f} points"
        for row in rows
        if row.clear and row.difference
    ]
    compared = sum(row.difference is not None for row in rows)
    parts = [f"{'; '.join(clear)}." if clear else ""]
    rest = compared - len(clear)
    parts.append(f"No clear difference: {rest} of {compared}." if rest else "")
    left = len(rows) - compared
    parts.append(f"Too few answers to compare: {left}, see the figures." if left and compared else "")
    return " ".join(one for one in parts if one) or "Too few have answered to compare anything yet."
