"""A community profile and engagement plan on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from peelian.alerts.markdown import to_text
from peelian.core import clock, printing, wording
from peelian.core.context import the_force
from peelian.events.models import Profile, ProfileVersion
from peelian.events.sections import PLAN, PROFILE, SECTIONS

TEMPLATE = Path(__file__).parent / "print" / "profile.typ"


def data(profile: Profile, version: ProfileVersion) -> dict[str, Any]:
    """Everything that the paper says."""
    due = clock.months_after(version.on, 12)
    return {
        "title": f"{profile.area.name}: community profile and engagement plan",
        "force": the_force().name,
        "lang": "en",
        "made_on": [version.on.year, version.on.month, version.on.day],
        "about": f"{profile.team.name}. Version {version.number}, refreshed on {wording.uk_date(version.on)}; to be"
        f" refreshed by {wording.uk_date(due)}.",
        "parts": [
            {
                "title": part,
                "sections": [
                    {"title": one.title, "paragraphs": _paragraphs(version.sections[one.code])}
                    for one in SECTIONS if one.part == part and version.sections.get(one.code)
                ],
            }
            for part in (PROFILE, PLAN)
        ],
    }  # fmt: skip


def _paragraphs(text: str) -> list[str]:
    return [one for one in to_text(text).split("\n") if one.strip()]


def pdf(profile: Profile, version: ProfileVersion) -> bytes:
    """Tagged PDF (PDF/UA-1) of A4 pages; the same version gives the same paper."""
    return printing.pdf(TEMPLATE, data(profile, version))
