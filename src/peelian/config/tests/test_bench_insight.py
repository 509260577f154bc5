"""The parts of `peelian bench insight` with a handful of rows: they do what they say. Nothing is timed here."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import resolve

from peelian.alerts.models import Rating
from peelian.config.bench import insight, insight_measures, insight_traffic
from peelian.config.bench.scratch import Scratch
from peelian.delivery.models import Delivery, Send
from peelian.insight.crime import types
from peelian.insight.models import CrimeCount
from peelian.members.models import Member
from peelian.members.tests.factories import make_ward
from peelian.places.models import Area
from peelian.places.tests.factories import make_area, make_grid, square


@pytest.fixture
def members(db: Any) -> int:
    """Ten, whose ids and those of their addresses begin with 1 as in the scratch database."""
    ward = make_ward()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_address (id, kind, value, suppression)"
            " SELECT n, 1, 'm' || n || '@bench.example', '' FROM generate_series(1, 10) n"
        )
    Member.objects.bulk_create(Member(id=n, email_id=n, area=ward, joined_on="2020-01-01") for n in range(1, 11))
    return 10


def test_sends_reach_as_many_as_they_say_and_ended_so_long_ago(members: int):
    assert insight_traffic.send(3, 4, members, ago=5) == 12
    assert Delivery.objects.count() == 12
    assert set(Delivery.objects.values_list("address_id", flat=True)) == set(range(1, 11))
    assert {(send.finished_at - send.created_at).days for send in Send.objects.all()} == {0}


def test_a_day_brings_deliveries_members_and_leaving(members: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(insight_traffic, "SENDS_A_DAY", 1)
    monkeypatch.setattr(insight_traffic, "_DAY", insight_traffic._DAY.replace("/ 1000", "/ 5").replace("/ 4000", "/ 2"))
    assert insight_traffic.a_day(members) == 5
    assert Member.objects.filter(source="website").count() == 2
    assert Member.objects.exclude(left_at=None).exists()
    assert not Rating.objects.exists()  # there are no alerts to rate


def test_what_is_filled_is_not_filled_again(db: Any, monkeypatch: pytest.MonkeyPatch):
    told: list[str] = []
    fills = {name: (lambda scratch, members, name=name: told.append(f"{name} {members}")) for name in ("one", "two")}
    monkeypatch.setattr(insight, "FILLS", fills)
    monkeypatch.setattr(insight, "LEDGER", 0)
    monkeypatch.setattr(insight, "_vacuum", lambda: told.append("vacuum"))
    monkeypatch.setattr(insight, "_refreshed", lambda: 1.5)
    assert insight._filled() == {}
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_filled VALUES ('300 members', 300), ('one', 300)")
    result = insight.run(Scratch(), None, "fill")
    assert told == ["two 300", "vacuum"]
    assert [row[2] for row in result.rows] == [1500]
    assert insight.run(Scratch(), None, "fill").rows == []
    assert told == ["two 300", "vacuum"]


def test_nothing_filled_is_nothing_to_measure(db: Any):
    with pytest.raises(AssertionError, match="begin with --part fill --keep"):
        insight.run(Scratch(), 100, "pages")


def test_crime_of_a_month_adds_up_the_tree(db: Any):
    grid = make_grid(1, 2)
    insight_measures.fill(Scratch(), 10)
    sums = dict.fromkeys(("F", "W00", "W01"), 0)
    for row in CrimeCount.objects.filter(area__code__in=sums).select_related("area"):
        sums[row.area.code] += row.n
    assert sums["F"] == sums["W00"] + sums["W01"] > 0
    kinds = CrimeCount.objects.filter(area=grid["F"]).values("file", "kind").count()
    assert kinds == insight_measures.MONTHS * len(types.LISTS[-1].types)


def test_every_page_that_is_asked_for_exists(db: Any):
    make_grid(1, 2)
    make_area("drawn", square(0, 0), "drawn")
    found = {what: paths for pages in insight.PAGES for what, paths in pages().items()}
    assert Area.objects.filter(kind="force").exists()
    assert len(found) > 15
    for what, paths in found.items():
        assert paths or what == "engagement, a team", what
        assert {resolve(path.partition("?")[0]).namespace for path in paths} <= {"insight_staff"}


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["audience", "--part", "fill"], "--part is of"),
        (["insight", "--part", "receipts"], "--part is of"),
        (["audience", "--keep"], "--keep is of"),
    ],
)
def test_parts_belong_to_their_benchmark(asked: list[str], says: str, settings: Any):
    settings.EMBEDDED_DATABASE = True
    with pytest.raises(CommandError, match=says):
        call_command("bench", *asked)
