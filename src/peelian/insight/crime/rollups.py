from __future__ import annotations

from datetime import datetime

from django.db.backends.utils import CursorWrapper

from peelian.insight.crime import actions
from peelian.insight.rollups import Rollup, rollups


def count_again(cursor: CursorWrapper, since: datetime | None) -> None:
    """After a change of borders, what was counted by the old ones."""
    actions.count_again()


rollups.add(Rollup("crime.counts", count_again))
