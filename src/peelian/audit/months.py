"""The months of the trail as the database keeps them: one partition each."""

from datetime import date

from django.db import connection

KEPT_YEARS = 7  # how long an event stays: six years in which a claim may be brought (Limitation Act 1980), and one
AHEAD = 12  # partitions made in advance, so that a worker that sleeps for a year loses nothing

_PARTITIONS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'audit_event'::regclass ORDER BY c.relname
"""


def partitions() -> dict[date, str]:
    """First day of the month (UTC) → name of its table, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONS)
        names = [str(row[0]) for row in cursor.fetchall()]
    return {date(int(name[-7:-3]), int(name[-2:]), 1): name for name in names}


def month_after(month: date, months: int = 1) -> date:
    """The first day of the month that many months on (or back)."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def first_kept(today: date) -> date:
    """The oldest month that has to be there."""
    return month_after(today, -12 * KEPT_YEARS)
