"""100,000 routine messages wait at a slow mail server: codes and urgent ones go past them, and a recall stops them.

`peelian bench delivery` does the same with a million."""

from __future__ import annotations

from peelian.audit.actions import SYSTEM
from peelian.contacts.models import Address
from peelian.core import jobs
from peelian.delivery import actions, queries
from peelian.delivery.models import Lane, State
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import Mailbox, ended, people, send_to, settled, states, until


def arrived(mailbox: Mailbox, prefix: str) -> int:
    return sum(address.startswith(prefix) for address, _ in mailbox.received)


def test_nobody_waits_behind_a_hundred_thousand(workers, mailbox):
    mailbox.pause = 0.03  # 260 a second by eight connections: the routine ones would take six minutes
    routine = send_to(people(100_000))
    pressing = Address.objects.bulk_create(Address(kind=1, value=f"pressing{n}@home.example") for n in range(1_000))
    workers.start(mailbox.url)
    until(lambda: len(mailbox.received) > 200)
    newcomer = Address.objects.create(kind=1, value="newcomer@home.example")
    code = {"renderer": "delivery.test", "object_id": 1, "address_id": newcomer.pk}
    jobs.enqueue("delivery.transactional", queue=jobs.TRANSACTIONAL, **code)
    until(lambda: arrived(mailbox, "newcomer") == 1, 5)
    urgent = send_to(pressing, Lane.URGENT)
    until(lambda: arrived(mailbox, "pressing") == 1_000, 30)
    assert arrived(mailbox, "person") > 300  # they went on too
    until(lambda: ended(urgent))
    assert states(urgent) == {State.HANDED_OVER: 1_000}

    assert actions.recall(send_id=routine.pk, by=SYSTEM) > 50_000
    settled(mailbox)
    until(lambda: queries.outcomes(routine.pk).waiting == 0, 20)
    gone = arrived(mailbox, "person")
    assert gone < 50_000
    assert states(routine) == {State.HANDED_OVER: gone, State.NOT_SENT: 100_000 - gone}
