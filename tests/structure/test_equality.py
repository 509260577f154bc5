"""Equality answers are read by few, each known by name, so that nobody joins them to a person or an audience unseen."""

from __future__ import annotations

from pathlib import Path

import peelian

READERS = {
    "config/bench/insight_reach.py", "config/demo/people_rows.py",  # invented people
    "insight/reach/counting.py", "insight/reach/dimensions.py",  # rollups of numbers
    "members/actions/joining.py", "members/importing/staging.py", "members/vendor_codes.py",  # write them
    "members/equality.py",  # totals, for other apps
    "members/models.py", "members/personal_data.py",
}  # fmt: skip


def test_who_reads_equality_answers_is_known() -> None:
    package = Path(peelian.__file__).parent
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
        and any(name in path.read_text() for name in ("EqualityAnswers", "members_equalityanswers"))
    }
    assert found - READERS == set()
