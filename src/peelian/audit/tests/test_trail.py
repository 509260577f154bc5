"""The trail cannot be changed, and a change by somebody who can is found."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from peelian.audit import actions, months, queries, views
from peelian.audit.actions import SYSTEM, record
from peelian.audit.models import Event, Seal
from peelian.core import clock
from peelian.core.csv_files import harmless
from peelian.core.csv_files import lines as lines_of

pytestmark = pytest.mark.django_db


def write(days_ago: int, verb: str = "alert.sent", **data: object) -> None:
    """An event at midday some days ago."""
    at = queries.start_of(clock.today() - timedelta(days=days_ago)) + timedelta(hours=12)
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_month(%s)", [at.astimezone(UTC).date()])
        cursor.execute(
            "INSERT INTO audit_event"
            " (at, actor_kind, actor_id, actor_label, verb, object_kind, object_id, data, request_id)"
            " VALUES (%s, 'staff', 7, 'officer', %s, 'alert', 'abc', %s, '')",
            [at, verb, json.dumps(data)],
        )


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def partition(days_ago: int) -> str:
    at = queries.start_of(clock.today() - timedelta(days=days_ago)) + timedelta(hours=12)
    return f"audit_event_{at.astimezone(UTC):%Y_%m}"


@pytest.mark.parametrize("role", ["origin", "replica"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET verb = 'nothing.happened'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE {part} SET actor_id = 8",
        "DELETE FROM {part}",
        "TRUNCATE {part}",
    ],
)
def test_the_database_refuses_every_change(statement, role):
    record("alert.approved", "alert", "abc", by=SYSTEM)
    part = f"audit_event_{datetime.now(UTC):%Y_%m}"
    run(f"SET LOCAL session_replication_role = {role}")
    with pytest.raises(DatabaseError, match="audit trail cannot be changed"), transaction.atomic():
        run(statement.format(part=part))
    assert Event.objects.filter(verb="alert.approved").count() == 1


def test_a_change_that_is_rolled_back_leaves_no_row():
    @transaction.atomic
    def fail_after_recording() -> None:
        record("alert.approved", "alert", "abc", by=SYSTEM)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_recording()
    assert not Event.objects.filter(verb="alert.approved").exists()


def test_an_event_carries_the_moment_of_writing():
    before = clock.now()
    record("alert.approved", "alert", "abc", by=SYSTEM)
    assert Event.objects.get(verb="alert.approved").at >= before - timedelta(seconds=1)
    record("alert.approved", "alert", "abc", by=SYSTEM)
    first, second = Event.objects.filter(verb="alert.approved").order_by("id").values_list("at", flat=True)
    assert first < second


def test_each_finished_day_is_sealed_once_and_matches():
    for days_ago in (3, 3, 1, 0):
        write(days_ago, people=12)
    assert actions.seal() == 3
    assert list(Seal.objects.order_by("day").values_list("events", flat=True)) == [2, 0, 1]
    assert queries.verify() == []
    assert actions.seal() == 0


def test_seals_are_chained():
    write(2)
    actions.seal()
    first, second = Seal.objects.order_by("day")
    assert queries.digest_of(second.day, first.digest)[1] == second.digest
    assert queries.digest_of(second.day, queries.BEFORE_THE_FIRST)[1] != second.digest


def test_an_altered_row_is_found():
    write(2, people=12)
    actions.seal()
    day = clock.today() - timedelta(days=2)
    part = partition(2)
    run(f"ALTER TABLE {part} DISABLE TRIGGER no_change")
    run(f"UPDATE {part} SET data = '{{\"people\": 13}}' WHERE verb = 'alert.sent'")
    altered, unguarded = queries.verify()[1:], queries.verify()[0]
    assert unguarded == f"The audit table {part} can be changed: its triggers are off or gone."
    assert altered == [f"The audit events of {queries.uk_date(day)} are not as they were sealed."]
    run(f"ALTER TABLE {part} ENABLE ALWAYS TRIGGER no_change")
    assert queries.verify() == altered


def test_a_removed_and_an_added_row_are_found():
    write(2)
    write(2)
    write(1)
    actions.seal()
    part = partition(2)
    run(f"ALTER TABLE {part} DISABLE TRIGGER no_change")
    run(f"DELETE FROM {part} WHERE id = (SELECT min(id) FROM {part} WHERE verb = 'alert.sent')")
    run(f"ALTER TABLE {part} ENABLE ALWAYS TRIGGER no_change")
    write(1)
    two, one = (queries.uk_date(clock.today() - timedelta(days=n)) for n in (2, 1))
    assert queries.verify() == [
        f"The audit events of {two} are not as they were sealed: it had 2 events, now it has 1.",
        f"The audit events of {one} are not as they were sealed: it had 1 event, now it has 2.",
    ]


def test_a_missing_seal_and_a_trail_that_nobody_seals_are_found():
    write(4)
    actions.seal()
    gone = clock.today() - timedelta(days=3)
    Seal.objects.filter(day=gone).delete()
    assert queries.verify()[0] == f"The audit trail has no seal for {queries.uk_date(gone)}."
    Seal.objects.all().delete()
    assert queries.verify() == [
        f"The audit trail has not been sealed since {queries.uk_date(clock.today() - timedelta(days=4))}:"
        " is a worker running?"
    ]


def test_a_dropped_month_is_found():
    write(70)
    actions.seal()
    run(f"DROP TABLE {partition(70)}")
    day = queries.uk_date(clock.today() - timedelta(days=70))
    assert f"The audit events of {day} are gone; they have to be kept." in queries.verify()


def test_a_year_of_months_lies_ahead_and_old_ones_go():
    old = months.month_after(clock.today(), -12 * months.KEPT_YEARS - 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_month(%s)", [old])
        cursor.execute(
            "INSERT INTO audit_event (at, actor_kind, actor_label, verb, object_kind, object_id, request_id)"
            " VALUES (%s, 'system', 'system', 'old.thing', 'x', '1', '')",
            [datetime(old.year, old.month, 15, tzinfo=UTC)],
        )
    assert actions.keep_months() == [f"audit_event_{old:%Y_%m}"]
    there = months.partitions()
    assert old not in there
    assert months.month_after(clock.today(), 12) in there
    assert not Event.objects.filter(verb="old.thing").exists()
    dropped = Event.objects.get(verb="audit.month_dropped")
    assert (dropped.object_id, dropped.data) == (f"{old:%Y_%m}", {"events": 1})
    assert actions.keep_months() == []


def test_pages_by_keyset_meet_every_event_once_both_ways():
    for n in range(60):
        record("page.test", "row", n, by=SYSTEM)
    wanted = queries.Filter(verb="page.test")
    seen, cursor, steps = [], "", []
    while True:
        page = queries.page(wanted, cursor)
        seen += [event.object_id for event in page.rows]
        steps.append(page)
        if not page.next:
            break
        cursor = page.next
    assert seen == [str(n) for n in reversed(range(60))]
    assert [len(step.rows) for step in steps] == [25, 25, 10]
    back = queries.page(wanted, steps[2].previous)
    assert [e.object_id for e in back.rows] == [e.object_id for e in steps[1].rows]
    first = queries.page(wanted, back.previous)
    assert [e.object_id for e in first.rows] == [e.object_id for e in steps[0].rows]
    assert first.previous == ""
    assert queries.page(wanted, "nonsense").rows == steps[0].rows


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("a=1", "a=1"),
    ],
)
def test_a_cell_is_never_a_formula(cell, shown):
    assert harmless(cell) == shown


def test_csv_round_trip_keeps_what_is_in_the_trail():
    record("csv.test", "row", '=cmd|"x"', by=SYSTEM, note="a,b")
    lines = "".join(lines_of(views.COLUMNS, views._rows(queries.events(queries.Filter(verb="csv.test")))))
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [(row["verb"], row["object_id"], row["data"]) for row in rows] == [
        ("csv.test", '\'=cmd|"x"', '{"note": "a,b"}')
    ]
