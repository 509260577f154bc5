"""The monthly open data: the same rows are the same bytes, its dictionary says every column, nobody is pointed at."""

import csv
import json
import re
import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from peelian.alerts.models import Alert, Rating
from peelian.alerts.tests.factories import addresses_of, inside, make_force, make_member, make_sent
from peelian.api.bundle import making, packing
from peelian.api.bundle.tables import TABLES
from peelian.contacts.models import Address
from peelian.conversations.models import Thread, Wait
from peelian.core import clock
from peelian.core.periods import Period
from peelian.events.tests.factories import make_event
from peelian.places.models import Area
from peelian.places.tests.factories import save_area, square
from peelian.priorities.tests.factories import make_promise

MONTH = Period.month_of(date(2026, 3, 15))
WITHIN = datetime(2026, 3, 31, 22, 30, tzinfo=clock.UTC)  # still March in London, by an hour and a half


@pytest.fixture
def force(db):
    return make_force()


def sent(force, **fields):
    alert = make_sent(force, inside("W00"), **fields)
    Alert.objects.filter(pk=alert.pk).update(sent_at=WITHIN)
    return alert


def unpacked(content):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}


def table(name, month=MONTH):
    return list(csv.DictReader(StringIO(unpacked(packing.packed(month))[f"{name}.csv"])))


def test_it_never_reads_the_ledger_and_asks_as_much_for_many_people_as_for_few(force):
    sent(force)
    with CaptureQueriesContext(connection) as few:
        packing.packed(MONTH)
    for _ in range(30):
        make_member("W00")
    with CaptureQueriesContext(connection) as many:
        packing.packed(MONTH)
    assert len(many) == len(few)
    asked = " ".join(one["sql"] for one in many)
    assert not re.search(r"\b(FROM|JOIN) \"?(delivery|audit_event)\"?\s", asked)


def test_the_same_rows_are_the_same_bytes(force):
    sent(force)
    first = packing.packed(MONTH)
    assert packing.packed(MONTH) == first
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {(one.date_time, one.compress_type, one.create_system) for one in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0, 3)
        }


def test_every_column_is_said_by_the_dictionary_and_the_readme(force):
    files = unpacked(packing.packed(MONTH))
    described = {one["url"]: one["tableSchema"] for one in json.loads(files["metadata.json"])["tables"]}
    assert set(described) == {name for name in files if name.endswith(".csv")}
    for one in TABLES:
        head = next(csv.reader(StringIO(files[f"{one.name}.csv"])))
        assert head == [column["name"] for column in described[f"{one.name}.csv"]["columns"]]
        assert set(described[f"{one.name}.csv"]["primaryKey"]) <= set(head)
        assert all(f"| `{name}` |" in files["README.md"] for name in head)


def test_alerts_are_counted_by_area_and_type_in_london_time(force):
    sent(force)
    sent(force, title="Another")
    sent(force, title="Restricted", restricted=True)
    late = sent(force, title="April")
    Alert.objects.filter(pk=late.pk).update(sent_at=WITHIN + timedelta(hours=1))
    (row,) = table("alerts")
    assert (row["area_code"], row["type"], row["alerts"]) == ("W00", "vehicle-crime", "2")
    assert len(table("alerts", Period.month_of(date(2026, 4, 1)))) == 1


def test_an_area_that_was_imported_anew_is_one_row(force):
    sent(force)
    Area.objects.filter(code="W00").update(valid_to=clock.today())
    save_area("W00", square(0, 0), "ward", "Another name")
    alert = make_sent(force, title="Later", audience={"clauses": [inside("P0")]})
    Alert.objects.filter(pk=alert.pk).update(sent_at=WITHIN)
    alert.areas.create(area=Area.objects.get(code="W00", valid_to=None))
    rows = [(row["area_code"], row["alerts"]) for row in table("alerts")]
    assert rows == [("P0", "1"), ("W00", "2")]


def test_ratings_of_a_few_are_not_told_nor_what_would_give_them_away(force):
    alert = sent(force)
    few = sorted(addresses_of(alert))
    Rating.objects.bulk_create(Rating(alert=alert, address_id=one, value=5) for one in few[:4])
    assert [(row["type"], row["ratings"], row["mean"]) for row in table("ratings")] == [
        ("vehicle-crime", "", ""),
        ("all", "", ""),
    ]
    Rating.objects.bulk_create(Rating(alert=alert, address_id=one, value=6) for one in few[4:8])
    assert [(row["ratings"], row["mean"]) for row in table("ratings")] == [("8", "5.50"), ("8", "5.50")]
    other = sent(force, title="Other")
    Alert.objects.filter(pk=other.pk).update(topic=alert.topic.__class__.objects.get(slug="good-news"))
    Rating.objects.create(alert=other, address_id=few[0], value=1)
    assert [(row["type"], row["ratings"], row["mean"]) for row in table("ratings")] == [
        ("good-news", "", ""),
        ("vehicle-crime", "", ""),
        ("all", "9", ""),
    ]


def test_members_of_a_small_ward_are_hidden_among_others(db):
    make_force({"W00": 10, "W01": 3, "W10": 20, "W11": 6})
    rows = {row["area_code"]: row["members"] for row in table("members")}
    assert rows["all"] == "39"
    assert rows["W01"] == ""
    hidden = [code for code, members in rows.items() if members == ""]
    assert len(hidden) == 2
    assert rows["W10"] == "20"
    assert rows["elsewhere"] == rows["W21"] == "0"


def test_the_reply_promise_by_neighbourhood(force):
    def waits(ward, base, kept):
        for n in range(base):
            address = Address.objects.create(kind=1, value=f"{ward}{n}@home.example")
            closed = {"state": "closed", "closed_reason": "Answered.", "last_at": WITHIN}
            thread = Thread.objects.create(team=force.team, address=address, subject="x", **closed)
            ended = WITHIN + timedelta(days=-1 if n < kept else 1)
            given = {"began_at": WITHIN - timedelta(days=3), "due_at": WITHIN, "ended_at": ended, "first": True}
            Wait.objects.create(thread=thread, team=force.team, area=force.areas[ward], outcome="answered", **given)

    waits("W00", 7, 6)
    waits("W10", 6, 6)
    assert [(row["area_code"], row["due"], row["in_time"]) for row in table("reply-promise")] == [
        ("W00", "7", "6"),
        ("W10", "6", "6"),
        ("all", "13", "12"),
    ]
    waits("W21", 2, 0)
    assert [(row["area_code"], row["due"], row["in_time"]) for row in table("reply-promise")] == [
        ("W00", "7", "6"),
        ("W10", "", ""),
        ("W21", "", ""),
        ("all", "15", ""),
    ]


def test_events_of_the_month_and_about_how_many_came(force):
    ward, when = force.areas["W00"], {"starts_at": WITHIN, "ends_at": WITHIN + timedelta(hours=1)}
    for title, attended in (("=1+1", 4), ("Second", 12)):
        make_event(force.team, ward, title=title, attended=attended, **when)
    make_event(force.team, ward, title="Draft", state="draft", **when)
    rows = {row["title"]: row for row in table("events")}
    assert set(rows) == {"'=1+1", "Second"}
    assert (rows["'=1+1"]["attended"], rows["Second"]["attended"]) == ("", "12")
    assert rows["Second"]["starts"] == "2026-03-31T23:30:00+01:00"


def test_promises_that_were_open_in_the_month(force):
    month = Period.month_of(clock.today())
    make_promise(force.areas["W00"], force.officer)
    promise = make_promise(force.areas["W00"], force.officer, publisher=force.supervisor)
    (row,) = table("promises", month)
    assert (row["ref"], row["state"], row["area_code"]) == (promise.ref, "open", "W00")
    assert table("promises") == []  # a month before it was promised
    type(promise).objects.filter(pk=promise.pk).update(due_on=month.end - timedelta(days=3))
    assert table("promises", month)[0]["overdue_days"] == "3"


def test_a_month_is_published_once_when_it_is_over_and_can_be_taken_away(force, client):
    assert "No month yet" in client.get("/open-data/").content.decode()
    bundle = making.publish_due()
    assert making.publish_due() is None
    assert bundle.month == (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    assert f"/open-data/{bundle.name}.zip" in client.get("/open-data/").content.decode()
    answer = Client().get(f"/open-data/{bundle.name}.zip")
    assert answer["Content-Type"] == "application/zip"
    assert "README.md" in unpacked(answer.content)
    assert not answer.cookies


@pytest.mark.parametrize("month", ["2026-13", "x", "0000-01", "2026-1", "٢٠٢٦-01", "1999-01"])
def test_a_month_that_is_not_there(db, month):
    assert Client().get(f"/open-data/{month}.zip").status_code == 404
