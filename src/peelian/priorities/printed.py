"""A problem management profile on paper: tagged PDF (PDF/UA-1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from peelian.core import clock, printing, wording
from peelian.core.context import the_force
from peelian.priorities import queries
from peelian.priorities.models import Profile
from peelian.priorities.models.profiles import PARTS

TEMPLATE = Path(__file__).parent / "print" / "profile.typ"


def data(profile: Profile) -> dict[str, Any]:
    """What the paper says, as the template reads it."""
    now, today = clock.now(), clock.today()
    tasks = [
        [one.what, one.who, wording.uk_date(one.due_on), wording.uk_date(one.done_on) if one.done_on else "Not yet"]
        for one in profile.tasks.all()
    ]
    measures = [
        [one.measure.name, f"{one.baseline} ({one.measure.baseline_of})", one.target, _now(one), one.state]
        for one in queries.standing(profile)
    ]
    closed = f"Closed on {wording.uk_date(profile.closed_on)}" if profile.closed_on else ""
    return {
        "force": the_force().name,
        "lang": "en",
        "title": profile.priority.title,
        "sector": str(profile.priority.sector),
        "made": f"Printed on {wording.uk_datetime(now)}. For staff alone.",
        "made_on": [today.year, today.month, today.day],
        "state": closed or f"To be looked at again on {wording.uk_date(profile.review_on)}",
        "parts": [{"name": name.capitalize(), "text": getattr(profile, name) or "Not filled in."} for name in PARTS],
        "tactics": profile.tactics,
        "partners": [line for line in profile.partners.splitlines() if line.strip()],
        "tasks": tasks,
        "measures": measures,
        "reviews": [{"on": wording.uk_date(one.on), "text": one.found} for one in profile.reviews.all()],
        "learned": profile.learned,
    }


def _now(one: Any) -> str:
    return f"{one.now} ({one.of})" if one.now else "No figure"


def pdf(profile: Profile) -> bytes:
    return printing.pdf(TEMPLATE, data(profile))
