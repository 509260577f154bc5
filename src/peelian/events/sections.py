"""The parts of a community profile and engagement plan, in their order. `prefill` names the paragraph (core.panels)
that a part begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from peelian.core.panels import prefills

PROFILE, PLAN = "Community profile", "Engagement plan"


@dataclass(frozen=True)
class Section:
    code: str
    part: str
    title: str
    hint: str
    prefill: str = ""


SECTIONS = (
    Section("people", PROFILE, "Who lives here", "What the figures say, and what they miss.", "population"),
    Section("communities", PROFILE, "Communities and languages", "Established ones and new ones; who speaks for whom."),
    Section("places", PROFILE, "Where people meet", "Places, days, hours: markets, worship, schools, groups online."),
    Section("crime", PROFILE, "Crime and harm", "What is recorded, and what people fear.", "crime"),
    Section("concerns", PROFILE, "What people tell us", "From replies, meetings and talks.", "conversation"),
    Section("reach", PROFILE, "Whom we reach, and whom not yet", "By members, meetings and talks.", "reach"),
    Section("sources", PROFILE, "What else we know", "Beyond the census: health, housing, education, partners."),
    Section("aims", PLAN, "What we want to achieve this year", "Few, and such that one can tell whether it happened."),
    Section("contacts", PLAN, "With whom", "Organisations and roles. Never the name of a private person."),
    Section("activities", PLAN, "What we do, when and where", "Meetings, stalls, visits, walks; who goes."),
    Section("tell", PLAN, "How we tell people what came of it", "Alerts, the public page, at the next meeting."),
    Section("know", PLAN, "How we know that it worked", "The figure, where it stands today and where it should be."),
)
BY_CODE = {section.code: section for section in SECTIONS}


def paragraph(section: Section, area_id: int) -> str:
    """What the figures say today for a part; empty where nothing fills it."""
    filled = prefills.get(section.prefill) if section.prefill else None
    return filled.text(area_id) if filled else ""


def paragraphs(area_id: int) -> dict[str, str]:
    found = {section.code: paragraph(section, area_id) for section in SECTIONS}
    return {code: text for code, text in found.items() if text}


def cleaned(given: Mapping[str, str]) -> dict[str, str]:
    """What was written, by known parts alone."""
    kept = {code: given.get(code, "").replace("\r\n", "\n").strip() for code in BY_CODE}
    return {code: text for code, text in kept.items() if text}
