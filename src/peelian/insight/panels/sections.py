"""The parts of the panel's page: lines under headings, and the figures that make a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peelian.core import charts
from peelian.core.charts import Chart, Column, Table, words
from peelian.core.panels import Line
from peelian.core.periods import Period
from peelian.core.suppression import SMALL
from peelian.insight.panels import lines, queries
from peelian.insight.panels.figures import Counts, residual
from peelian.insight.panels.queries import Wanted
from peelian.members.models import Topic

OTHER = "other"
HEADS = ("Figure", "Now", "Before", "Change", "Base or method")


@dataclass(frozen=True)
class Section:
    """Lines under a heading; its key names its file."""

    key: str
    title: str
    lines: Sequence[Line]

    @property
    def rows(self) -> list[list[str]]:
        return [[one.label, one.now, one.before, one.change, one.note] for one in self.lines]


def sections(wanted: Wanted) -> list[Section]:
    """Members, alerts, what came back, what it cost. Members are of the area, whatever team or type is asked for."""
    now, before = queries.counts(wanted), queries.counts(wanted.before())
    period, area = wanted.scope.period, wanted.scope.area_id
    members = lines.of_members(queries.standing(area, period), queries.standing(area, period.previous()))
    found = [
        Section("members", "Members", members),
        Section("alerts", "Alerts", lines.of_alerts(now, before)),
        Section("answers", "Emails, and what came back", lines.of_email(now, before)),
        Section("texts", "Texts and calls", lines.of_text_and_voice(now, before)),
    ]
    return [one for one in found if one.lines]


def by_type(wanted: Wanted) -> Chart:
    """Alerts by type. What no type in the list has is the residual, "Other", so that the types add up to the total."""
    now, before = queries.by_topic(wanted), queries.by_topic(wanted.before())
    named = [topic for topic in Topic.objects.order_by("name") if topic.slug != OTHER]
    rows = [(topic.name, _alerts(now, topic.pk), _alerts(before, topic.pk)) for topic in named]
    rows = sorted((row for row in rows if row[1] or row[2]), key=lambda row: (-row[1], row[0]))
    total, total_before = _all(now), _all(before)
    rows.append(("Other", residual(total, [n for _, n, _ in rows]), residual(total_before, [n for _, _, n in rows])))
    table = Table(
        "Alerts by type",
        [words("Type"), Column("Alerts"), Column("Share", charts.SHARE_1), Column("Period before"), words("Change")],
        [
            *([name, n, n / total if total else None, was, lines.change(n, was)] for name, n, was in rows),
            ["All types", total, 1.0 if total else None, total_before, lines.change(total, total_before)],
        ],
        "Each alert has one type. “Other” is what is left of the total when the types above are taken away.",
    )
    bars = [charts.Bar(name, n) for name, n, _ in rows if n]
    return charts.bars("types", "Alerts by type", bars, unit=charts.NUMBER, table=table)


def _alerts(found: dict[int | None, Counts], topic: int | None) -> int:
    return found[topic].alerts if topic in found else 0


def _all(found: dict[int | None, Counts]) -> int:
    return sum(one.alerts for one in found.values())


def by_month(wanted: Wanted) -> list[Chart]:
    """The thirteen months up to the period's last: alerts, the mean rating with its base, and members."""
    months = queries.months_up_to(wanted.scope.period)
    found = queries.by_month(wanted, months)
    standing = queries.standing_by_month(wanted.scope.area_id, months)
    labels = [_short(month) for month in months]
    alerts = charts.line(
        "months", "Alerts by month", labels, [charts.Series("Alerts", [float(one.alerts) for one in found])],
        noun="Month", table=_months_table(labels, found),
    )  # fmt: skip
    members = charts.line(
        "members-by-month", "Members by month", labels,
        [charts.Series("Members", [float(one.members) if one else None for one in standing])],
        noun="Month", from_zero=False, note="Counted at the last count of each month.",
    )  # fmt: skip
    return [alerts, members]


def _months_table(labels: list[str], found: list[Counts]) -> Table:
    columns = [
        words("Month"), Column("Alerts"), Column("Messages"), Column("Replies"), Column("Ratings"),
        Column("Mean rating", charts.Unit(places=2)),
    ]  # fmt: skip
    rows = [
        [label, one.alerts, one.messages, one.replies, one.ratings,
         one.mean_rating if one.ratings >= SMALL else None]
        for label, one in zip(labels, found, strict=True)
    ]  # fmt: skip
    return Table(
        "Alerts by month", columns, rows,
        f"Mean rating of 6, of those who rated; not printed under {SMALL} ratings. Replies and ratings stand in"
        " the month they came in.",
    )  # fmt: skip


def _short(month: Period) -> str:
    return f"{month.start:%b %Y}"
