"""What the engagement page says of one neighbourhood or team: each figure of the last whole month, its run of thirteen
months, and whether the last is more than that run does by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from peelian.core.panels import EngagementSource, Scope, engagement_sources
from peelian.core.periods import Period
from peelian.core.statistics import TooShort, proportion, xmr
from peelian.core.suppression import SMALL, small, told
from peelian.insight.portal.history import History, Month


@dataclass(frozen=True)
class Reading:
    """One figure: its words now, what stands behind it, its run of months, and what is unusual about the last (empty:
    nothing, or too short a run to say). `part` is the heading it stands under."""

    code: str
    part: str
    label: str
    said: str
    base: str
    values: tuple[float | None, ...]
    unusual: str = ""

    @property
    def short(self) -> str:
        """For a cell of a wide table."""
        return "too few" if self.said.startswith("fewer than") else self.said


@dataclass(frozen=True)
class _Figure:
    code: str
    part: str
    label: str
    value: Callable[[Month], float | None]
    said: Callable[[Month], str]
    base: Callable[[Month], str] = lambda month: ""


def _share(month: Month) -> float | None:
    return month.kept / month.due if month.due >= SMALL else None


def _kept(month: Month) -> str:
    return f"{month.kept:,} of {month.due:,}" if month.due >= SMALL else ("fewer than 5" if month.due else "none due")


def _interval(month: Month) -> str:
    if month.due < SMALL:
        return ""
    found = proportion(month.kept, month.due)
    return f"{found.value:.0%}; probably {found.low:.0%} to {found.high:.0%}"


def _rating(month: Month) -> float | None:
    return month.rating_total / month.ratings if month.ratings >= SMALL else None


def _rated(month: Month) -> str:
    mean = _rating(month)
    return f"fewer than {SMALL} ratings" if mean is None else f"{mean:.2f} of 6"


def _people(value: int | None) -> str:
    return "not counted" if value is None else told(value)


def _number(name: str) -> Callable[[Month], float | None]:
    return lambda month: float(getattr(month, name))


RARE = 3  # counts of fewer a month say nothing about what is usual
RATES = ("kept", "rating")
REACH, CONVERSATION, QUALITY = "Reach", "Conversation", "Quality"
FIGURES = [
    _Figure(
        "members", REACH, "Members",
        lambda month: None if month.members is None or small(month.members) else float(month.members),
        lambda month: _people(month.members),
    ),
    _Figure("joined", REACH, "Joined", lambda month: None if small(month.joined) else float(month.joined),
            lambda month: told(month.joined)),
    _Figure("alerts", REACH, "Alerts", _number("alerts"), lambda month: f"{month.alerts:,}",
            lambda month: f"{month.messages:,} messages"),
    _Figure("replies", CONVERSATION, "Replies to alerts", _number("replies"), lambda month: f"{month.replies:,}"),
    _Figure("kept", CONVERSATION, "Answered when promised", _share, _kept, _interval),
    _Figure("rating", QUALITY, "Mean rating", _rating, _rated,
            lambda month: f"from {month.ratings:,} who rated" if month.ratings >= SMALL else ""),
]  # fmt: skip


def readings(history: History, months: Sequence[Period], *, people: int | None = None) -> list[Reading]:
    """Of the last of these months. PEOPLE who live there make members a rate as well."""
    found = [history.of(month) for month in months]
    made = []
    for figure in FIGURES:
        values = tuple(figure.value(one) for one in found)
        base = figure.base(found[-1])
        if figure.code == "members" and people and values[-1] is not None:
            base = f"{1000 * values[-1] / people:.1f} per 1,000 of {people:,} people"
        made.append(
            Reading(figure.code, figure.part, figure.label, figure.said(found[-1]), base, values,
                    unusual(values, months, grows=figure.code == "members", rare=figure.code not in RATES))
        )  # fmt: skip
    return made


def of_sources(area_id: int | None, team_id: int | None, months: Sequence[Period]) -> list[Reading]:
    """What the programmes count, under "Contacts" and "Promises"."""
    made = []
    for source in engagement_sources.values():
        values = tuple(float(source.count(Scope(month, area_id, team_id))) for month in months)
        made.append(Reading(source.code, _part(source), source.label, f"{values[-1]:,.0f}", "", values,
                            unusual(values, months)))  # fmt: skip
    return made


def _part(source: EngagementSource) -> str:
    return "Contacts and events" if source.part == "contact" else "Promises"


def unusual(values: Sequence[float | None], months: Sequence[Period], *, grows: bool = False, rare: bool = True) -> str:
    """What the last month does that the months before it do not do by chance (core.statistics.xmr), in words. Of a
    number that only ever grows, its monthly steps are asked. RARE: these are counts, and of fewer than three a month
    nothing is said, since limits drawn from noughts and ones cry out at every two."""
    if grows:
        steps = [
            later - earlier if later is not None and earlier is not None else None
            for earlier, later in pairwise(values)
        ]
        return unusual(steps, months[1:], rare=rare)
    before = [value for value in values[:-1] if value is not None]
    if values[-1] is None or (rare and sum(before) < RARE * len(before)):
        return ""
    try:
        found = xmr(values, baseline=len(values) - 1)
    except TooShort:
        return ""
    last = len(values) - 1
    signal = next((one for one in found.signals if last in one.points), None)
    if signal is None:
        return ""
    labels = [f"{month.start:%b %Y}" for month in months]
    return f"{'Higher' if signal.high else 'Lower'} than usual: {signal.said(labels)}"
