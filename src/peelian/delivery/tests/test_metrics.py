"""/metrics: closed without its token, and totals that never go down."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from peelian.audit.actions import COMMAND_LINE, record
from peelian.delivery import housekeeping
from peelian.delivery.carriers import registry
from peelian.delivery.models import Channel, State, Tally
from peelian.delivery.operations import metrics
from peelian.delivery.tests.test_operations import put, send_to

pytestmark = pytest.mark.django_db
TOKEN = "for-this-test-alone-0123456789"


def read() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample by name and labels, through Prometheus' own parser."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def total(name: str, channel: str = "email") -> float:
    return read()[name, (("channel", channel),)]


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer é"])
def test_nobody_reads_it_without_the_token(client, settings, given) -> None:
    settings.PEELIAN_METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": given} if given else {})
    assert answer.status_code == 401
    assert b"peelian_" not in answer.content
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer anything"])
def test_without_the_setting_there_is_no_such_page(client, settings, given) -> None:
    settings.PEELIAN_METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_with_the_token_it_is_what_prometheus_reads(client, settings) -> None:
    settings.PEELIAN_METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=")
    assert "no-store" in answer["Cache-Control"]
    assert list(text_string_to_metric_families(answer.content.decode()))
    assert client.post("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405


def test_what_waits_and_how_it_is() -> None:
    send_to(emails=3, texts=2)
    registry.row_ids()
    record("backup.made", "backup", "", by=COMMAND_LINE, bytes=7)
    found = read()
    assert found["peelian_waiting", (("channel", "text"), ("lane", "routine"))] == 2
    assert found["peelian_carrier_share", (("carrier", "outbox"), ("channel", "email"))] == 1
    assert found["peelian_jobs", (("queue", "routine"), ("state", "todo"))] == 1
    assert found["peelian_worker_queues", ()] == 0
    assert 0 <= found["peelian_backup_age_seconds", ()] < 60
    assert found["peelian_database_bytes", ()] > 1e6


def test_totals_only_grow_whatever_becomes_of_what_they_count() -> None:
    send = send_to(emails=10, texts=3)
    put(send, State.HANDED_OVER, 6)
    put(send, State.FAILED, 1)
    put(send, State.NOT_SENT, 2)
    put(send, State.UNKNOWN, 1, channel=Channel.TEXT)
    before = {name: total(f"peelian_{name}_total") for name in ("handed_over", "failed", "not_sent")}
    assert before == {"handed_over": 7, "failed": 1, "not_sent": 2}
    assert total("peelian_handed_over_total", "text") == 0  # it may go again
    for state, number in ((State.HANDED_OVER, -3), (State.DELIVERED, 2), (State.FAILED, 1)):  # receipts
        Tally.objects.create(send=send, channel=1, state=state, n=number)
    assert (total("peelian_handed_over_total"), total("peelian_failed_total")) == (7, 2)
    rows = Tally.objects.count()
    housekeeping.fold_tallies()
    assert Tally.objects.count() < rows
    assert (total("peelian_handed_over_total"), total("peelian_failed_total")) == (7, 2)
    assert read()["peelian_deliveries", (("channel", "email"), ("state", "delivered"))] == 2


def test_it_asks_little_of_the_database(django_assert_max_num_queries) -> None:
    for _ in range(5):
        put(send_to(emails=3), State.HANDED_OVER, 1)
    with django_assert_max_num_queries(10) as asked:
        metrics.text()
    assert not any("FROM delivery " in query["sql"] for query in asked)
