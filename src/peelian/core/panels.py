"""What the apps can say in figures, for the pages that gather them: panels (a titled list of lines, as the board
papers' appendices print them) and sources of engagement (what people did together with us). Empty here; apps fill both
in their ready(), and insight asks them by period and area."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from peelian.core.periods import Period
from peelian.core.registries import Registry


@dataclass(frozen=True)
class Scope:
    """What figures are about: a period, and one area with all below it or, without one, the whole force; of one team's
    work, where a team is named."""

    period: Period
    area_id: int | None = None
    team_id: int | None = None

    def before(self) -> Scope:
        """The same for the period before."""
        return Scope(self.period.previous(), self.area_id, self.team_id)


@dataclass(frozen=True)
class Line:
    """One figure in words: now, in the period before, and what changed. `note` is its base, or how it was come by."""

    label: str
    now: str
    before: str = ""
    change: str = ""
    note: str = ""


@dataclass(frozen=True)
class Panel:
    """A titled list of lines. `lines` gives none where there is nothing to say. `appendix` is the part of the board
    paper it stands in: "A" messages, "B" schemes."""

    code: str
    title: str
    lines: Callable[[Scope], Sequence[Line]]
    appendix: Literal["A", "B"] = "A"


@dataclass(frozen=True)
class EngagementSource:
    """Something that is counted when people and police meet: a meeting, a talk in the street, a promise made. `count`
    says how many in the scope; `good` which way is better, None where neither is."""

    code: str
    label: str  # "Meetings held"
    count: Callable[[Scope], int]
    part: Literal["contact", "promise"] = "contact"
    good: Literal["up", "down"] | None = field(default=None)


@dataclass(frozen=True)
class Prefill:
    """A paragraph about an area that a form offers to begin with, such as a community profile's: plain text with its
    figures, their bases and as of when; empty where there is nothing to say."""

    code: str
    label: str
    text: Callable[[int], str]


# Each under its code; shown in the order they were added
panels: Registry[Panel] = Registry("panels")
engagement_sources: Registry[EngagementSource] = Registry("engagement_sources")
prefills: Registry[Prefill] = Registry("prefills")
