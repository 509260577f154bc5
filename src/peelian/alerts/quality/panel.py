"""How good a team's messages were in a quarter, beside the quarter before. Estimates have intervals; what fewer than
five alerts or people stand behind is not shown; and where the data do not tell two quarters apart, it says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from peelian.accounts.models import Team
from peelian.alerts.models import Rollup
from peelian.core import clock, wording
from peelian.core.statistics import Estimate, clustered_mean, clustered_proportion, difference, proportion

FEW = 5
QUARTERS = 6  # that the page offers
PER = 10_000  # addresses: replies, shares and leavers are rare


@dataclass(frozen=True)
class Quarter:
    """Three months of the calendar. `number` is 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month + 2) // 3)

    @property
    def before(self) -> Quarter:
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def after_last(self) -> date:
        return date(self.year + self.number // 4, 3 * self.number % 12 + 1, 1)

    @property
    def slug(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def is_going_on(self) -> bool:
        return self.first <= clock.today() < self.after_last

    @property
    def short(self) -> str:
        """For a list to choose from: Oct to Dec 2026, so far."""
        last = self.after_last - timedelta(days=1)
        return f"{self.first:%b} to {last:%b} {self.year}{', so far' if self.is_going_on else ''}"

    def __str__(self) -> str:
        last = self.after_last - timedelta(days=1)
        return f"{self.first:%B} to {last:%B} {self.year}{', so far' if self.is_going_on else ''}"


def quarters(today: date | None = None) -> list[Quarter]:
    """Those the page offers, the newest first."""
    found = [Quarter.of(today or clock.today())]
    while len(found) < QUARTERS:
        found.append(found[-1].before)
    return found


@dataclass(frozen=True)
class Figure:
    """A measure in one quarter: words, and its interval and base in words; `estimate` is None where it is not shown."""

    said: str
    interval: str = ""
    base: str = ""
    estimate: Estimate | None = None


@dataclass(frozen=True)
class Row:
    name: str
    note: str
    now: Figure
    before: Figure
    change: str


@dataclass(frozen=True)
class Measure:
    """One line of the panel: how to estimate it from alerts, how to say a value, and what stands behind it."""

    name: str
    note: str
    estimate: Callable[[list[Rollup]], Estimate]
    say: Callable[[float], str]
    enough: Callable[[list[Rollup]], int]  # what must not be fewer than FEW
    behind: Callable[[list[Rollup]], str]  # the base in words
    up: str = "Higher"
    down: str = "Lower"


def panel(teams: Sequence[Team], quarter: Quarter) -> tuple[list[Row], int, int]:
    """The rows for TEAMS together, and how many alerts went out in the quarter and in the one before. One query."""
    began = clock.london(quarter.before.first, _MIDNIGHT)
    ended = clock.london(quarter.after_last, _MIDNIGHT)
    middle = clock.london(quarter.first, _MIDNIGHT)
    found = Rollup.objects.filter(
        alert__team__in=teams, alert__practice=False, alert__sent_at__gte=began, alert__sent_at__lt=ended
    ).select_related("alert")
    now, before = list[Rollup](), list[Rollup]()
    for one in found.only("alert__sent_at", *_FIELDS):
        assert one.alert.sent_at is not None
        (now if one.alert.sent_at >= middle else before).append(one)
    return [_row(measure, now, before) for measure in MEASURES], len(now), len(before)


_MIDNIGHT = time()
_FIELDS = ("complete", "ease", "handed", "ratings", "rating_total", "replies", "visits", "left")


def _row(measure: Measure, now: list[Rollup], before: list[Rollup]) -> Row:
    this, last = _figure(measure, now), _figure(measure, before)
    return Row(measure.name, measure.note, this, last, _change(measure, this, last))


def _figure(measure: Measure, alerts: list[Rollup]) -> Figure:
    if measure.enough(alerts) < FEW or len(alerts) < FEW:
        return Figure("Too few to show")
    try:
        found = measure.estimate(alerts)
    except ValueError:
        return Figure("Too few to show")
    interval = f"{measure.say(found.low)} to {measure.say(found.high)}"
    return Figure(measure.say(found.value), interval, measure.behind(alerts), found)


def _change(measure: Measure, now: Figure, before: Figure) -> str:
    if now.estimate is None or before.estimate is None:
        return "Too few to compare"
    found = difference(now.estimate, before.estimate)
    if not found.clear:
        return "No clear difference"
    way = measure.up if found.value > 0 else measure.down
    low, high = sorted((abs(found.low), abs(found.high)))
    return f"{way} by {measure.say(low)} to {measure.say(high)}"


# The measures ---------------------------------------------------------------------------------------------------------


def _complete(alerts: list[Rollup]) -> Estimate:
    return proportion(sum(one.complete for one in alerts), len(alerts))


def _ease(alerts: list[Rollup]) -> Estimate:
    known = [one.ease for one in alerts if one.ease is not None]
    return clustered_mean(known, [1] * len(known))


def _rating(alerts: list[Rollup]) -> Estimate:
    rated = [one for one in alerts if one.ratings]
    found = clustered_mean([one.rating_total for one in rated], [one.ratings for one in rated])
    return Estimate(found.value, max(1.0, found.low), min(6.0, found.high), found.base, found.method)


def _rate(name: str) -> Callable[[list[Rollup]], Estimate]:
    def estimate(alerts: list[Rollup]) -> Estimate:
        reached = [one for one in alerts if one.handed]
        hits = [min(getattr(one, name), one.handed) for one in reached]
        return clustered_proportion(hits, [one.handed for one in reached])

    return estimate


def _shares(alerts: list[Rollup]) -> Estimate:
    """Visits for each message: one link may be followed by many, so it is a mean and no proportion."""
    reached = [one for one in alerts if one.handed]
    found = clustered_mean([one.visits for one in reached], [one.handed for one in reached])
    return Estimate(found.value, max(0.0, found.low), found.high, found.base, found.method)


def _handed(alerts: list[Rollup]) -> int:
    return sum(one.handed for one in alerts)


def _of_messages(alerts: list[Rollup]) -> str:
    return f"from {_handed(alerts):,} messages"


def _in_ten_thousand(value: float) -> str:
    return f"{PER * value:,.1f}"


def _ratings(alerts: list[Rollup]) -> int:
    return sum(one.ratings for one in alerts)


MEASURES = [
    Measure(
        "All three parts written",
        "Share of alerts",
        _complete,
        lambda value: f"{100 * value:.0f}%",
        len,
        lambda alerts: f"from {wording.plural_count(len(alerts), 'alert')}",
    ),
    Measure(
        "Reading ease",
        "Flesch; 60 and more is plain English",
        _ease,
        lambda value: f"{value:.1f}",
        lambda alerts: sum(one.ease is not None for one in alerts),
        lambda alerts: f"from {wording.plural_count(sum(one.ease is not None for one in alerts), 'alert')}",
        "Easier",
        "Harder",
    ),
    Measure(
        "Rating",
        "Mean of 6, of those who rated",
        _rating,
        lambda value: f"{value:.2f}",
        _ratings,
        lambda alerts: f"from {wording.plural_count(_ratings(alerts), 'rating')}",
    ),
    Measure(
        "Replies", "For each 10,000 messages", _rate("replies"), _in_ten_thousand, _handed, _of_messages,
        "More", "Fewer",
    ),
    Measure(
        "Visits by share link", "For each 10,000 messages", _shares, _in_ten_thousand, _handed, _of_messages,
        "More", "Fewer",
    ),
    Measure(
        "Left or turned messages down", "For each 10,000 messages", _rate("left"), _in_ten_thousand, _handed,
        _of_messages, "More", "Fewer",
    ),
]  # fmt: skip
