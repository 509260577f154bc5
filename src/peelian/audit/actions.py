import json
from typing import Any, Protocol

import structlog
from django.db import connection, transaction
from psycopg import sql

from peelian.audit import months, queries
from peelian.audit.models import Seal
from peelian.core import clock
from peelian.core.database import prepared


class Actor(Protocol):
    """Who did it, as the trail keeps it: a kind, an id and a label that is never a name."""

    @property
    def audit_actor(self) -> tuple[str, int | None, str]: ...


class System:
    """Peelian itself, or a person at the command line."""

    def __init__(self, label: str = "system") -> None:
        self.audit_actor: tuple[str, int | None, str] = ("system", None, label)


SYSTEM = System()
COMMAND_LINE = System("command line")

SEALED_AT_ONCE = 100  # days, where many have to be caught up with


def record(verb: str, kind: str, object_id: object, *, by: Actor, **data: Any) -> None:
    """Append one event in the current transaction. DATA holds ids, counts, states and shapes; never names or text."""
    with prepared() as cursor:
        cursor.execute(_RECORD, {**event(verb, kind, by=by, **data), "audit_object": str(object_id)})


def recording(source: str, object_id: str) -> str:
    """For a statement that makes a change and records it in one: the part of it that appends an event for each row of
    SOURCE, about that row's OBJECT_ID. What else it says is given with the statement's values, by `event`."""
    return f"{_EVENT} SELECT {_VALUES.format(object_id)} FROM {source}"


def event(verb: str, kind: str, *, by: Actor, **data: Any) -> dict[str, Any]:
    """The values of `recording`; DATA as in `record`."""
    actor_kind, actor_id, label = by.audit_actor
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    return {
        "audit_kind": actor_kind, "audit_id": actor_id, "audit_label": label, "audit_verb": verb, "audit_about": kind,
        "audit_data": json.dumps(data, default=str), "audit_request": request_id,
    }  # fmt: skip


_EVENT = "INSERT INTO audit_event (actor_kind, actor_id, actor_label, verb, object_kind, object_id, data, request_id)"
_VALUES = (
    "%(audit_kind)s, %(audit_id)s::bigint, %(audit_label)s, %(audit_verb)s, %(audit_about)s, {},"
    " %(audit_data)s::jsonb, %(audit_request)s"
)
_RECORD = f"{_EVENT} VALUES ({_VALUES.format('%(audit_object)s')})"


def seal() -> int:
    """Seal every London day that has ended and is not sealed yet; returns how many.

    First wait until nobody who has written to the trail is still uncommitted; later rows are later days' (an event
    carries the moment of writing). Raises OperationalError when a long transaction does not end within ten seconds:
    the next night seals both days.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute("LOCK TABLE audit_event IN SHARE MODE")
    days, last = queries.unsealed_days(), queries.last_seal()
    digest = last.digest if last else queries.BEFORE_THE_FIRST
    for first in range(0, len(days), SEALED_AT_ONCE):
        seals = []
        for day in days[first : first + SEALED_AT_ONCE]:
            events, digest = queries.digest_of(day, digest)
            seals.append(Seal(day=day, events=events, digest=digest))
        Seal.objects.bulk_create(seals)
    return len(days)


@transaction.atomic
def keep_months() -> list[str]:
    """Make the tables of the months to come and drop those older than the trail is kept; returns what was dropped."""
    with connection.cursor() as cursor:
        for ahead in range(months.AHEAD + 1):
            cursor.execute("SELECT audit_month(%s)", [months.month_after(clock.today(), ahead)])
        kept = months.first_kept(clock.today())
        over = [name for month, name in months.partitions().items() if month < kept]
        for name in over:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            row = cursor.fetchone()
            cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))
            record("audit.month_dropped", "audit", name[-7:], by=SYSTEM, events=row[0])
    return over
