"""Delivery's jobs: thin, and safe to run twice."""

from procrastinate.contrib.django import app as django_app

from peelian.core import jobs
from peelian.delivery import actions, handover, housekeeping


@jobs.task("delivery.batch", queue=jobs.ROUTINE, tries=50)
async def batch(*, batch_id: int) -> None:
    await handover.hand_over(batch_id)


@jobs.task("delivery.transactional", queue=jobs.TRANSACTIONAL)
def transactional(*, renderer: str, object_id: int, address_id: int, member_id: int | None = None) -> None:
    actions.send_one(renderer=renderer, object_id=object_id, address_id=address_id, member_id=member_id)


@jobs.task("delivery.settle")
def settle(*, send_id: int) -> None:
    actions.settle_recalled(send_id=send_id)


@jobs.periodic("* * * * * */5", "delivery.rescue", queue=jobs.RESCUE)
async def rescue() -> None:
    await housekeeping.retry_stalled(django_app)


@jobs.periodic("* * * * *", "delivery.fold")
def fold() -> None:
    housekeeping.fold_tallies()


@jobs.periodic("* * * * *", "delivery.take_up")
def take_up() -> None:
    housekeeping.take_up_forgotten()


@jobs.periodic("*/10 * * * *", "delivery.tidy")
def tidy() -> None:
    housekeeping.tidy()
