"""`peelian bench delivery`: what the delivery engine does, part by part, each answer checked as well as timed."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.urls import reverse

from peelian.accounts.models import Staff, Team
from peelian.accounts.roles import Role
from peelian.alerts.models import Alert
from peelian.audit.actions import SYSTEM
from peelian.config.bench import engine, pages, peers, receiving
from peelian.config.bench.engine import is_sent, query, wait_until
from peelian.config.bench.report import Result
from peelian.config.bench.scratch import Scratch
from peelian.core import clock, jobs
from peelian.delivery import actions, bench
from peelian.delivery.models import Lane, Send
from peelian.members.models import Topic
from peelian.places.models import Area

MEMBERS = 2_000_000
RATE, SHARED, URGENT = 200_000, 40_000, 1_000
SIZES = (10_000, 100_000, 1_000_000)
QUEUED = 1_000_000
Row = tuple[str, Any, str]


def run(scratch: Scratch, members: int | None = None, part: str | None = None) -> Result:
    """The parts asked for, over one set of members: as many as the largest of them needs, or MEMBERS at most."""
    chosen = {part: PARTS[part]} if part else PARTS
    largest = min(members or MEMBERS, max(NEEDS[name] for name in chosen))
    scratch.members(largest)
    engine.prepare()
    result = Result(f"delivery: {', '.join(chosen)} of up to {largest:,} members", ("what", "figure", "base"))
    for name, measured in chosen.items():
        result.rows += [(f"{name}: {what}", figure, base) for what, figure, base in measured(largest)]
        engine.clean_up()
    result.notes = [
        "Every message is personal, text and HTML, about 12 KB, to a member whose consent, hours and weekly limit the"
        " claim asks; a tenth have a limit. The ledger is kept, and checked at the end of each part.",
        "Mail goes to Postfix's smtp-sink on the loopback, or to a recording server of ours (shared, lanes).",
    ]
    return result


def _rate(members: int) -> Iterator[Row]:
    """One worker and two, beside smtp-source in the same minute, and the two that Django sites use."""
    number, size = min(members, RATE), bench.message_size()
    with bench.sink() as port, tempfile.TemporaryDirectory() as folder:
        peer = bench.peer(port, size, number)
        yield "smtp-source -s 8 -d, messages a second", round(peer or 0), f"{number:,} of {size:,} bytes, no ledger"
        rates = {}
        for workers in (1, 2):
            with engine.workers(workers, port) as hands:
                found = engine.send(number, hands)
            rates[workers] = found.rate
            base = f"{number:,} in {found.seconds:.1f} s, {found.processor / number * 1e6:.0f} µs of processor each"
            yield f"{workers} worker{'s' * (workers > 1)}, messages a second", found.rate, base
            engine.clean_up()
        django = peers.django_backend(port)
        office = peers.post_office(port, Path(folder))
        yield "Django's SMTP backend, messages a second", django, f"{peers.MESSAGES:,} over one connection"
        yield "django-post_office, messages a second", office or "-", f"{peers.MESSAGES:,} queued, 8 threads"
        again = bench.peer(port, size, number) or 0
    yield "smtp-source again, messages a second", round(again), f"{number:,} of {size:,} bytes"
    mean = ((peer or 0) + again) / 2
    beside = {"smtp-source (mean of both)": mean, "Django's backend": django, "django-post_office": office}
    for workers, rate in rates.items():
        for name, other in beside.items():
            if other:
                yield f"{workers} worker{'s' * (workers > 1)} to {name}", f"{rate / other:.2f}", "ratio"


def _growth(members: int) -> Iterator[Row]:
    """From approve to all handed over, in one go, at growing sizes; a new worker for each."""
    costs: dict[int, float] = {}
    for number in (size for size in SIZES if size <= members):
        with bench.sink() as port, engine.workers(1, port) as hands:
            found = engine.send(number, hands)
        size = query("SELECT pg_total_relation_size('delivery')")[0][0] / number
        costs[number] = found.processor / number * 1e6
        label = f"{number:,} members"
        yield (
            f"{label}, seconds from approve to all handed over",
            round(found.frozen + found.seconds, 1),
            (f"frozen in {found.frozen:.1f} s, then {found.rate:,} a second"),
        )
        yield f"{label}, µs of a worker's processor a message", round(costs[number], 1), ""
        yield f"{label}, the worker's peak MB", found.peak, ""
        yield f"{label}, bytes of ledger a message", round(size), "table and key, after its updates"
        engine.clean_up()
    spread = max(costs.values()) / min(costs.values()) - 1
    yield "dearest to cheapest message, per cent more", round(spread * 100), "processor of the worker"


def _pages(members: int) -> Iterator[Row]:
    """The results page of an alert to everybody while it is being sent."""
    lead = _lead()
    with (
        tempfile.TemporaryDirectory() as home, pages.server(Path(home)) as web,
        bench.sink() as port, engine.workers(1, port),
    ):  # fmt: skip
        begun = time.perf_counter()
        send = engine.freeze(members)
        frozen = time.perf_counter() - begun
        path = reverse("alerts_staff:detail", args=[_alert(lead, send).ref])
        wait_until(lambda: _handed(send) > 0)
        before = _handed(send)
        _, requests, half, most, _ = pages.measure(web, "results", [path], pages.signed_in(lead))
        after = _handed(send)
        assert not is_sent(send), "it was sent before the page was measured: more members are needed"
        query("UPDATE delivery_send SET state = 'paused' WHERE id = %s", send.pk)
    yield f"freezing {members:,}, seconds", round(frozen, 1), "one transaction: ledger, batches, jobs"
    base = f"{requests} requests, one at a time, while {before:,} to {after:,} of {members:,} were handed over"
    yield "results page while it sends, p50 ms", half, base
    yield "results page while it sends, p95 ms", most, base


def _lead() -> Staff:
    with transaction.atomic():
        lead = Staff.objects.create(
            email="sending@heartshire.example", role=Role.COMMUNICATIONS, is_demo=True, password=""
        )
        lead.teams.add(Team.objects.get(slug="force"))
    return lead


def _handed(send: Send) -> int:
    return int(query("SELECT coalesce(sum(n), 0) FROM delivery_tally WHERE send_id = %s AND state = 2", send.pk)[0][0])


def _alert(lead: Staff, send: Send) -> Alert:
    team, topic = Team.objects.get(slug="force"), Topic.objects.get(slug="vehicle-crime")
    force = Area.objects.get(kind=Area.Kind.FORCE)
    alert = Alert.objects.create(
        ref="benchsending", title="Bench", topic=topic, team=team, author=lead, happening="Vans were opened.",
        doing="We are there.", can_do="Take tools out.", state=Alert.State.SENDING, send_id=send.pk,
        people=send.recipients, by_channel={"email": send.recipients}, sent_at=clock.now(), ends_on=clock.today(),
        audience={"clauses": [{"effect": "include", "kind": "areas", "values": [force.code]}]},
    )  # fmt: skip
    alert.areas.create(area=force)
    return alert


def _shared(members: int) -> Iterator[Row]:
    """Four workers on one send: each member once."""
    number = min(members, SHARED)
    with engine.recorder() as sink, engine.workers(4, sink.port) as hands:
        found = engine.send(number, hands)
        shares = [round(engine.processor_seconds(one.pid), 1) for one in hands.processes]
    told = Counter(sink.recipients)
    assert len(told) == number, f"{number - len(told)} of {number} got nothing"
    twice = sum(times > 1 for times in told.values())
    yield "recipients who got it twice, with four workers", twice, f"{number:,} members, {found.rate:,} a second"
    yield "workers that took part", sum(share > 1 for share in shares), f"seconds of processor: {shares}"


def _receipts(members: int) -> Iterator[Row]:
    """One web process hears of messages that were handed over."""
    number = min(members, 2 * receiving.RECEIPTS)
    assert number == 2 * receiving.RECEIPTS, f"the receipts need {2 * receiving.RECEIPTS:,} members"
    with bench.sink() as port, engine.workers(1, port) as hands:
        engine.send(number, hands)
    send = Send.objects.latest("pk")
    first = query("SELECT min(address_id) FROM delivery WHERE send_id = %s", send.pk)[0][0]
    base = f"{receiving.RECEIPTS:,} receipts, {receiving.CONNECTIONS} connections, one process of four threads"
    for what, figure in receiving.measure(send.pk, first):
        yield what, figure, base
    size = query("SELECT pg_total_relation_size('delivery_receipt')")[0][0]
    yield "bytes a receipt that is kept", round(size / number), "table and indexes"


def _lanes(members: int) -> Iterator[Row]:
    """What is urgent, behind a large routine send; and how soon that one stops."""
    number = min(members, QUEUED)
    with engine.recorder() as sink, engine.workers(1, sink.port):
        routine = engine.freeze(number)
        wait_until(lambda: len(sink.recipients) > 1_000)
        last = query("SELECT value FROM contacts_address ORDER BY id DESC LIMIT 1")[0][0].encode()
        base = f"behind {number:,} routine, one worker"
        yield "a code, seconds", round(_code(sink, last), 2), base
        begun = time.perf_counter()
        urgent = engine.freeze(min(URGENT, number), lane=Lane.URGENT)
        wait_until(lambda: is_sent(urgent))
        yield f"urgent to {urgent.recipients:,}, seconds", round(time.perf_counter() - begun, 2), base
        assert not is_sent(routine), "nothing was behind: more members are needed"
        recalled = time.monotonic()
        waiting = actions.recall(send_id=routine.pk, by=SYSTEM)
        time.sleep(4)
        late = [at - recalled for at in sink.times if at > recalled]
    yield "recalled: the last message left after seconds", round(max(late, default=0.0), 2), f"{waiting:,} still queued"
    yield "recalled: messages after it was asked for", len(late), "with the mail server or on the way"


def _code(sink: engine.Recorder, recipient: bytes) -> float:
    """Seconds until a code to the last address has been handed over."""
    address = query("SELECT id FROM contacts_address WHERE value = %s", recipient.decode())[0][0]
    begun = time.perf_counter()
    with transaction.atomic():
        what: dict[str, Any] = {"renderer": "delivery.bench", "object_id": 1, "address_id": address}
        jobs.enqueue("delivery.transactional", queue=jobs.TRANSACTIONAL, **what)
    wait_until(lambda: recipient in sink.recipients[-2_000:], pause=0.005)
    return time.perf_counter() - begun


PARTS: dict[str, Callable[[int], Iterator[Row]]] = {
    "rate": _rate, "growth": _growth, "pages": _pages, "shared": _shared, "receipts": _receipts, "lanes": _lanes,
}  # fmt: skip
NEEDS = {"rate": RATE, "growth": SIZES[-1], "pages": MEMBERS, "shared": SHARED,
         "receipts": 2 * receiving.RECEIPTS, "lanes": QUEUED}  # fmt: skip
