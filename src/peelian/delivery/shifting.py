"""How a channel's carriers share it: shifted away from one in trouble, slowly back, every shift in the audit trail.

At rest two carriers share 51 to 49, as GOV.UK Notify's do: both are always in use, so that neither breaks unnoticed.
One that was in trouble gets nothing for five minutes after the last sign of it, then ten per cent more each minute.
What was wrong stands on the operations page until it has a share again, however well the checks in between find it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.db import connection, transaction

from peelian.audit.actions import SYSTEM, record
from peelian.core import clock, limits
from peelian.delivery.carriers import registry
from peelian.delivery.database import Connections, in_thread
from peelian.delivery.models import Carrier, Channel, Lane

log = structlog.get_logger("peelian.delivery")
TAKEN, TROUBLE = "taken", "trouble"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AWAY = timedelta(minutes=5)  # without a share after the last trouble: one that comes and goes is worse than none
STEP = 10  # per cent that a carrier gets back each minute after that
ENOUGH, TOO_MANY = 10, 0.1  # at least so many in trouble, and at least this part of all
CHECK_SECONDS = 20.0
NOTHING_TAKEN = "It did not take what it was given."
OFTEN_IN_TROUBLE = "It did not take one message in ten, or more."
TOO_SLOW = "It did not answer our check in time."
CHECK_FAILED = "The check itself failed."


def shares(carriers: Sequence[tuple[int, int]]) -> list[float]:
    """The parts of a channel that its carriers have, from the (weight, resting share) of each, in per cent.

    One on its way back has its weight; those at rest share the others' part in proportion to theirs. One that rests at
    nothing stands by: it has what is left where no other is at rest.
    """
    returning = sum(weight for weight, resting in carriers if weight < resting)
    at_rest = sum(weight for weight, resting in carriers if weight >= resting)
    by = sum(resting == 0 for _, resting in carriers)
    left = max(100.0 - returning, 0.0)
    if at_rest:
        return [weight * left / at_rest if weight >= resting else float(weight) for weight, resting in carriers]
    if by:
        return [float(weight) if resting else left / by for weight, resting in carriers]
    return [100 * weight / returning if returning else 0.0 for weight, _ in carriers]


def key(carrier_id: int, what: str) -> str:
    """Of the counters in core (core.limits), one for each carrier, kind of outcome and minute."""
    return f"carrier:{carrier_id}:{what}"


def count(told: dict[tuple[int, str], int]) -> None:
    """Add outcomes to the counters of this minute; the operations page shows the last hour's."""
    for (carrier_id, what), number in sorted(told.items()):
        limits.count(key(carrier_id, what), window=MINUTE, by=number, kept=HOUR)


@transaction.atomic
def shift(carrier_id: int, *, weight: int, problem: str) -> bool:
    """Give a carrier this share from now on. Whether it had another. Without a PROBLEM the one before is forgotten when
    the carrier has something of its share."""
    row = Carrier.objects.select_for_update().get(pk=carrier_id)
    changed = row.weight != weight
    if problem:
        limits.remember(key(carrier_id, "away"), lasts=AWAY)
    if changed:
        why = {"": "well again", NOTHING_TAKEN: "outcomes", OFTEN_IN_TROUBLE: "outcomes"}.get(problem, "check")
        record("carrier.shifted", "carrier", row.pk, by=SYSTEM, before=row.weight, after=weight, why=why)
        log.warning("carrier shifted", carrier=row.name, before=row.weight, after=weight)
        row.shifted_at = clock.now()
    row.weight = weight
    if problem or weight or not row.resting:
        row.problem = problem[:200]
    row.save(update_fields=["weight", "problem", "shifted_at"])
    return changed


async def check_all(connections: Connections) -> None:
    """Ask every configured carrier how it is, all at once, and shift. One that stands alone in its channel keeps its
    share."""
    ids = await in_thread(registry.row_ids)
    for channel in Channel:
        named = registry.configured(channel)
        problems = await asyncio.gather(*(_ask(one, connections) for one in named))
        for one, problem in zip(named, problems, strict=True):
            await in_thread(_judge, ids[one.name, one.channel], problem, alone=len(named) == 1)


async def _ask(one: registry.Named, connections: Connections) -> str:
    carrier = registry.make(one, Lane.TRANSACTIONAL, connections)
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await carrier.check()
    except TimeoutError:
        return TOO_SLOW
    except Exception as problem:  # its words could quote a secret
        log.error("carrier check failed", carrier=one.name, error=type(problem).__name__)
        return CHECK_FAILED
    finally:
        await carrier.close()


def _judge(carrier_id: int, problem: str, *, alone: bool) -> None:
    """What follows from a check and from the last minute's outcomes."""
    row = Carrier.objects.get(pk=carrier_id)
    weight = row.weight
    if not problem and _in_trouble(carrier_id):
        problem = OFTEN_IN_TROUBLE
    if alone:
        weight = row.resting
    elif problem:
        weight = 0
    elif weight < row.resting and not limits.is_remembered(key(carrier_id, "away")):
        weight = min(weight + STEP, row.resting)
    Carrier.objects.filter(pk=carrier_id).update(checked_at=clock.now())
    shift(carrier_id, weight=weight, problem=problem)


def _in_trouble(carrier_id: int) -> bool:
    """By the last whole minute and the one that runs."""
    keys = [key(carrier_id, TAKEN), key(carrier_id, TROUBLE)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, sum(n) FROM core_counter WHERE key = ANY(%s) AND starts >= now() - interval '2 minutes'"
            " GROUP BY key",
            [keys],
        )
        found = dict(cursor.fetchall())
    taken, trouble = (int(found.get(one, 0)) for one in keys)
    return trouble >= ENOUGH and trouble >= TOO_MANY * (taken + trouble)
