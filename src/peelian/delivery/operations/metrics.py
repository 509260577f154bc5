"""What Prometheus reads: the database as it is at the scrape. No process keeps numbers of its own, so it does not
matter how many there are, which of them answers, or how often they are started.

The totals are sums over delivery_tally. A delivery enters it with an outcome; what is heard later moves it, by a
delta of -1 and one of +1 in the same transaction. Folding puts one row in the place of many with the same sum, in one
transaction too, so that a scrape sees either. What is summed here only ever grows: nothing leaves "failed" or "not
sent", and what moves between the states of what was handed over stays within their sum. A fate that nobody knows is
in no total until somebody does, because such a text may go again. Tallies are kept for good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db import connection
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from peelian.core import clock
from peelian.core.views import pending_migrations
from peelian.delivery.models import Channel, Lane, State
from peelian.delivery.operations import health, queue

# Practice, which the simulator took, is nobody's traffic, and its rows go after 30 days: a total must not fall
_TALLIES = "SELECT channel, state, sum(n) FROM delivery_tally WHERE carrier IS DISTINCT FROM 0 GROUP BY channel, state"
HANDED_OVER = (State.HANDED_OVER, State.DELIVERED, State.FAILED)
NAMES = {state: state.name.lower() for state in State}


def text() -> bytes:
    """Everything, in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_FromDatabase())
    return generate_latest(registry)


class _FromDatabase(Collector):
    def collect(self) -> Iterator[Metric]:
        yield from _waiting()
        yield from _deliveries()
        yield from _carriers()
        yield from _workers()
        yield from _installation()

    def describe(self) -> list[Metric]:
        """Nothing: registering must not ask the database."""
        return []


def _waiting() -> Iterator[Metric]:
    found = queue.read()
    waits = GaugeMetricFamily("peelian_waiting", "Messages that wait to be handed over", labels=["lane", "channel"])
    held = GaugeMetricFamily("peelian_held", "Messages of sends that are paused", labels=["lane", "channel"])
    oldest = GaugeMetricFamily(
        "peelian_oldest_waiting_seconds", "How long the longest-waiting send of a lane has waited", labels=["lane"]
    )
    for lane in Lane:
        since = found.oldest.get(lane)
        oldest.add_metric([lane.value], (clock.now() - since).total_seconds() if since else 0)
        for channel in Channel:
            waits.add_metric([lane.value, channel.label], found.waiting[lane, channel])
            held.add_metric([lane.value, channel.label], found.held[lane, channel])
    yield from (waits, held, oldest)


def _deliveries() -> Iterator[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(_TALLIES)
        sums = Counter({(channel, state): int(number) for channel, state, number in cursor.fetchall()})
    tried = CounterMetricFamily(
        "peelian_handed_over", "Messages that carriers answered for, whatever became of them", labels=["channel"]
    )
    failed = CounterMetricFamily("peelian_failed", "Of these, that failed for good", labels=["channel"])
    not_sent = CounterMetricFamily(
        "peelian_not_sent", "Messages not sent because we decided so: stopped, left, over a limit", labels=["channel"]
    )
    now = GaugeMetricFamily("peelian_deliveries", "Messages by their state now", labels=["channel", "state"])
    for channel in Channel:
        tried.add_metric([channel.label], sum(sums[channel, state] for state in HANDED_OVER))
        failed.add_metric([channel.label], sums[channel, State.FAILED])
        not_sent.add_metric([channel.label], sums[channel, State.NOT_SENT])
        for state in (*HANDED_OVER, State.UNKNOWN, State.NOT_SENT, State.DIGEST):
            now.add_metric([channel.label, NAMES[state]], sums[channel, state])
    yield from (tried, failed, not_sent, now)


def _carriers() -> Iterator[Metric]:
    labels = ["carrier", "channel"]
    share = GaugeMetricFamily(
        "peelian_carrier_share", "A carrier's part of its channel now, from 0 to 1", labels=labels
    )
    well = GaugeMetricFamily("peelian_carrier_well", "1 where a carrier's checks and messages succeed", labels=labels)
    checked = GaugeMetricFamily("peelian_carrier_checked_seconds", "Since a carrier was last checked", labels=labels)
    found = health.carriers()
    parts = health.shares(found)
    for one in found:
        named = [one.name, one.get_channel_display()]
        share.add_metric(named, parts[one.pk] / 100)
        well.add_metric(named, 0 if one.problem else 1)
        if one.checked_at:
            checked.add_metric(named, (clock.now() - one.checked_at).total_seconds())
    yield from (share, well, checked)


def _workers() -> Iterator[Metric]:
    jobs = GaugeMetricFamily("peelian_jobs", "Jobs that are not done, or failed for good", labels=["queue", "state"])
    for name, states in health.jobs().items():
        for state, number in states.items():
            jobs.add_metric([name, state], number)
    yield jobs
    yield GaugeMetricFamily(
        "peelian_worker_queues", "Queues that workers seen in the last minute serve; five each", health.workers().queues
    )


def _installation() -> Iterator[Metric]:
    if backup := health.last_backup():
        age = (clock.now() - backup.at).total_seconds()
        yield GaugeMetricFamily("peelian_backup_age_seconds", "Since the last `peelian backup`", age)
    yield GaugeMetricFamily("peelian_database_bytes", "Size of the database", health.database_size())
    yield GaugeMetricFamily("peelian_pending_migrations", "Migrations not applied yet", pending_migrations())
