"""How carriers, workers and the installation are."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from peelian.audit import queries as audit
from peelian.core import clock
from peelian.core.views import WORKER_SEEN_WITHIN, pending_migrations
from peelian.delivery import shifting
from peelian.delivery.carriers import registry
from peelian.delivery.models import Carrier, Channel

BACKUP_AFTER = timedelta(hours=24)  # an older one is a warning
SHIFTS, SHIFT_DAYS = 6, 30
_WORKERS = "SELECT count(*) FILTER (WHERE last_heartbeat > %s), max(last_heartbeat) FROM procrastinate_workers"
_JOBS = """
SELECT queue_name, CASE WHEN status = 'todo' AND scheduled_at > now() THEN 'later' ELSE status::text END, count(*)
  FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2
"""
JOB_STATES = ("todo", "later", "doing", "failed")


def carriers() -> list[Carrier]:
    """The carriers that the settings name and a worker has seen, by channel and as the settings list them."""
    rows = {(one.name, one.channel): one for one in Carrier.objects.all()}
    named = [(one.name, one.channel) for channel in Channel for one in registry.configured(channel)]
    return [rows[key] for key in named if key in rows]


def shares(found: list[Carrier]) -> dict[int, float]:
    """Carrier → its part of its channel now, in per cent."""
    parts: dict[int, float] = {}
    for channel in Channel:
        there = [one for one in found if one.channel == channel]
        now = shifting.shares([(one.weight, one.resting) for one in there]) if there else []
        parts |= {one.pk: part for one, part in zip(there, now, strict=True)}
    return parts


@dataclass(frozen=True)
class Shift:
    at: datetime
    carrier: str
    before: int
    after: int
    why: str


_WHY = {"outcomes": "messages failed", "check": "its check failed", "well again": "it is well again"}


def shifts() -> list[Shift]:
    """The last times that a carrier's share changed by itself, the newest first."""
    names = {str(one.pk): f"{one.name} ({one.get_channel_display()})" for one in Carrier.objects.all()}
    since = audit.Filter(since=clock.today() - timedelta(days=SHIFT_DAYS))
    found = audit.events(since).filter(verb="carrier.shifted")[:SHIFTS]
    return [
        Shift(
            one.at,
            names.get(one.object_id, f"carrier {one.object_id}"),
            int(one.data["before"]),
            int(one.data["after"]),
            _WHY.get(str(one.data.get("why", "")), ""),
        )
        for one in found
    ]


@dataclass(frozen=True)
class Workers:
    """`queues` are served by a worker that was seen within the last minute; a worker process serves five."""

    queues: int
    seen_at: datetime | None


def workers() -> Workers:
    with connection.cursor() as cursor:
        cursor.execute(_WORKERS, [clock.now() - WORKER_SEEN_WITHIN])
        number, seen_at = cursor.fetchone()
    return Workers(number, seen_at)


def jobs() -> dict[str, dict[str, int]]:
    """Queue → state → jobs: ready (todo), not before a time (later), being done, failed for good."""
    found: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_JOBS)
        for queue, state, number in cursor.fetchall():
            found.setdefault(queue, dict.fromkeys(JOB_STATES, 0))[state] = number
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Backup:
    at: datetime
    size: int  # bytes

    @property
    def is_old(self) -> bool:
        return clock.now() - self.at > BACKUP_AFTER


def last_backup() -> Backup | None:
    """The last one that `peelian backup` made and that the trail still knows of; copies made otherwise are not seen."""
    found = audit.events(audit.Filter()).filter(verb="backup.made").first()
    return Backup(found.at, int(found.data["bytes"])) if found else None


@dataclass(frozen=True)
class System:
    """The installation. Sizes in bytes; `free` is of the disk that PEELIAN_HOME is on."""

    backup: Backup | None
    pending: int
    database: int
    free: int
    total: int

    @property
    def is_nearly_full(self) -> bool:
        return self.free < self.total / 10


def system() -> System:
    home = Path(settings.PEELIAN_HOME)
    disk = shutil.disk_usage(home if home.exists() else home.parent)
    return System(last_backup(), pending_migrations(), database_size(), disk.free, disk.total)


def database_size() -> int:
    """Bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
