"""The parts of insight: each a package of its own, found by its name here. A part may have `urls.py` (its pages, under
/staff/insight/), `pages.py` (what the overview names), `rollups.py` (what is refreshed) and `personal_data.py`."""

from __future__ import annotations

from dataclasses import dataclass

PARTS = ["reach", "outreach", "panels", "portal", "crime", "measures", "checker", "papers"]


@dataclass(frozen=True)
class Page:
    """A page that the overview names, in the order in which parts and their pages come."""

    title: str
    says: str  # one sentence: the question it answers
    url_name: str
    permission: str = "insight.read"
    rollups: tuple[str, ...] = ()  # what it reads: the oldest of them is its "as of"


PAGES: list[Page] = []  # filled by each part's `pages.py`
