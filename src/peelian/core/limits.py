"""Counters in a fixed window, by upsert into one UNLOGGED table: rate limits that all processes share."""

from datetime import timedelta

from peelian.core import clock
from peelian.core.database import prepared
from peelian.core.errors import RuleBroken


class TooMany(RuleBroken):
    """That has been tried too often. Wait a while and try again."""


def window_start(window: timedelta) -> int:
    """When the current window began, in seconds since 1970: windows follow each other from there."""
    return int(clock.now().timestamp() // window.total_seconds() * window.total_seconds())


def count(key: str, *, window: timedelta, by: int = 1, kept: timedelta = timedelta(0)) -> int:
    """Add BY to KEY in the current window and return the total there. Lost in a crash, which a limit can bear. The
    window's count is KEPT for so long after its end, for pages that show it."""
    start = window_start(window)
    with prepared() as cursor:
        cursor.execute(
            "INSERT INTO core_counter AS c (key, starts, ends, n) VALUES (%s, to_timestamp(%s), to_timestamp(%s), %s)"
            " ON CONFLICT (key, starts) DO UPDATE SET n = c.n + excluded.n RETURNING n",
            [key, start, start + (window + kept).total_seconds(), by],
        )
        row = cursor.fetchone()
    return int(row[0])


def limit(key: str, *, most: int, window: timedelta) -> None:
    """Count one more and raise TooMany above MOST in WINDOW."""
    if count(key, window=window) > most:
        raise TooMany


def remember(key: str, *, lasts: timedelta) -> None:
    """Keep KEY in mind for so long from now on; lost in a crash, like a count."""
    with prepared() as cursor:
        cursor.execute(
            "INSERT INTO core_counter (key, starts, ends, n)"
            " VALUES (%s, '-infinity', now() + make_interval(secs => %s), 1)"
            " ON CONFLICT (key, starts) DO UPDATE SET ends = excluded.ends",
            [key, lasts.total_seconds()],
        )


def first_time(key: str, *, lasts: timedelta) -> bool:
    """Keep KEY in mind for so long from now on, unless it is kept already; whether it was not. Of several at once it is
    the first time for one alone."""
    with prepared() as cursor:
        cursor.execute(
            "INSERT INTO core_counter AS c (key, starts, ends, n)"
            " VALUES (%s, '-infinity', now() + make_interval(secs => %s), 1)"
            " ON CONFLICT (key, starts) DO UPDATE SET ends = excluded.ends WHERE c.ends <= now()",
            [key, lasts.total_seconds()],
        )
        return bool(cursor.rowcount)


def is_remembered(key: str) -> bool:
    """Whether KEY is still kept in mind."""
    with prepared() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM core_counter WHERE key = %s AND starts = '-infinity' AND ends > now())", [key]
        )
        return bool(cursor.fetchone()[0])


def forget(key: str) -> None:
    """Keep KEY in mind no longer."""
    with prepared() as cursor:
        cursor.execute("DELETE FROM core_counter WHERE key = %s AND starts = '-infinity'", [key])


def forget_old() -> int:
    """Delete windows that ended five minutes ago (pages still show the last minute); returns how many."""
    with prepared() as cursor:
        cursor.execute("DELETE FROM core_counter WHERE ends < now() - interval '5 minutes'")
        return int(cursor.rowcount)
