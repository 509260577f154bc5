"""What Peelian computes by itself: kept by the refresh, provisional at first, revised when it changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from peelian.accounts.tests.factories import make_area, make_staff, make_team
from peelian.alerts.models import Alert, AlertArea
from peelian.alerts.models import Rollup as AlertRollup
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.measures import measures
from peelian.core.periods import Period
from peelian.delivery.models import Send
from peelian.insight.crime.types import of_month
from peelian.insight.measures import rollups
from peelian.insight.models import CrimeCount, CrimeFile, MeasureDefinition, Observation
from peelian.members import audience
from peelian.members.tests.factories import make_member

pytestmark = pytest.mark.django_db
SEPTEMBER = Period.parse("2018-09")


@pytest.fixture
def october(monkeypatch):
    """It is the morning of 2 October 2018."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2018, 10, 2, 8, tzinfo=UTC))


@pytest.fixture
def ground():
    force = make_area("HS", kind="force")
    return make_area("W01", parent=force), make_area("W02", parent=force, at=1)


def alert(ref: str, area, *, at: datetime, total: int, ratings: int) -> Alert:
    team = make_team(f"Team {ref}", area)
    send = Send.objects.create(renderer="alerts.alert", object_id=0, lane="routine", state="sent")
    row = Alert.objects.create(
        ref=ref, team=team, author=make_staff(), state="sent", sent_at=at, title="Vans", send=send
    )
    AlertArea.objects.create(alert=row, area=area)
    AlertRollup.objects.create(alert=row, complete=True, ratings=ratings, rating_total=total)
    return row


def refreshed(since: datetime | None = None) -> None:
    with connection.cursor() as cursor:
        rollups.refresh(cursor, since)


def figures(code: str, **of: object) -> list[tuple]:
    rows = Observation.objects.filter(measure__code=code, current=True, start=SEPTEMBER.start, **of)
    return [(row.area and row.area.code, row.numerator, row.denominator, row.status) for row in rows.order_by("area")]


def test_what_happened_in_a_month_is_observed_for_the_force_and_its_areas(october, ground):
    one, other = ground
    alert("a0", one, at=datetime(2018, 8, 31, tzinfo=UTC), total=6, ratings=1)
    alert("a1", one, at=datetime(2018, 9, 3, tzinfo=UTC), total=27, ratings=5)
    alert("a2", one, at=datetime(2018, 9, 30, 22, 59, tzinfo=UTC), total=6, ratings=1)
    alert("a3", other, at=datetime(2018, 9, 30, 23, 1, tzinfo=UTC), total=3, ratings=3)  # 1 October in London
    refreshed()
    provisional = Observation.Status.PROVISIONAL
    assert figures("alerts-sent") == [("W01", 2, None, provisional), ("W02", 0, None, provisional),
                                      (None, 2, None, provisional)]  # fmt: skip
    assert figures("alert-rating") == [("W01", 33, 6, provisional), (None, 33, 6, provisional)]
    mean = Observation.objects.get(measure__code="alert-rating", area=None, current=True)
    assert mean.value == 5.5


def test_people_are_counted_once_the_month_is_over_and_not_again(october, ground):
    one, _ = ground
    for name in ("a", "b", "c"):
        member = make_member(f"{name}@home.example")
        type(member).objects.filter(pk=member.pk).update(area=one, confirmed_at=datetime(2018, 9, 5, tzinfo=UTC))
    type(member).objects.filter(pk=member.pk).update(left_at=datetime(2018, 9, 9, tzinfo=UTC))
    audience.refresh()
    gone = Address.objects.get(value="a@home.example")
    Address.objects.filter(pk=gone.pk).update(suppression="bounced", suppressed_at=clock.now())
    audience.refresh()
    refreshed()
    assert figures("members-contactable") == [("W01", 1, 2, "final"), (None, 1, 2, "final")]
    expected = [("W01", 2, None, "final"), ("W02", 0, None, "final"), (None, 2, None, "final")]
    assert figures("members-registered") == expected
    make_member("d@home.example")
    refreshed(clock.now())
    assert figures("members-registered") == expected


def test_before_the_first_alert_there_is_no_observation_of_nought(october, ground):
    one, _ = ground
    alert("a1", one, at=datetime(2018, 8, 31, tzinfo=UTC), total=6, ratings=1)
    refreshed()
    seen = Observation.objects.filter(measure__code="alerts-sent", area=None)
    assert [row.period.name for row in seen] == ["2018-09"]


def test_nothing_to_take_a_share_of_is_no_observation(october, ground):
    refreshed()
    assert figures("replies-in-time") == []
    assert figures("members-contactable") == []


def test_a_month_becomes_final_when_the_next_is_over_and_is_revised_after_that(october, ground, monkeypatch):
    one, _ = ground
    alert("a0", one, at=datetime(2018, 8, 31, tzinfo=UTC), total=6, ratings=1)
    row = alert("a1", one, at=datetime(2018, 9, 3, tzinfo=UTC), total=5, ratings=1)
    refreshed()
    monkeypatch.setattr(clock, "now", lambda: datetime(2018, 11, 2, 8, tzinfo=UTC))
    refreshed(clock.now())
    assert figures("alert-rating", area=None) == [(None, 5, 1, "final")]
    AlertRollup.objects.filter(alert=row).update(ratings=2, rating_total=8)
    refreshed(clock.now())
    assert figures("alert-rating", area=None) == [(None, 8, 2, "revised")]
    assert Observation.objects.filter(measure__code="alert-rating", area=None, current=False).count() == 2
    before = Observation.objects.count()
    refreshed(clock.now())
    assert Observation.objects.count() == before


def test_crime_is_observed_by_area_once_its_month_is_loaded(october, ground):
    one, other = ground
    kinds = {(one, "burglary"): 4, (one, "theft-from-the-person"): 1, (one, "drugs"): 2, (other, "robbery"): 3,
             (one.parent, "burglary"): 4, (one.parent, "theft-from-the-person"): 1, (one.parent, "drugs"): 2,
             (one.parent, "robbery"): 3}  # fmt: skip
    file = CrimeFile.objects.create(
        dataset="street", month=date(2018, 9, 1), reported_by="Heartshire Police", sha256="x", rows=10, counted=10,
        types=of_month(date(2018, 9, 1)).version, without_place=0, loaded_at=clock.now(),
    )  # fmt: skip
    CrimeCount.objects.bulk_create(CrimeCount(file=file, area=at, kind=kind, n=n) for (at, kind), n in kinds.items())
    refreshed()
    assert figures("crime-neighbourhood") == [("W01", 5, None, "final"), ("W02", 3, None, "final"),
                                              (None, 8, None, "final")]  # fmt: skip
    assert figures("crime-recorded", area=None) == [(None, 10, None, "final")]
    assert figures("crime-burglary", area=other) == [("W02", 0, None, "final")]
    CrimeCount.objects.filter(area=one.parent, kind="burglary").update(n=5)
    refreshed(clock.now() + timedelta(hours=2))
    assert figures("crime-recorded", area=None) == [(None, 10, None, "final")]
    refreshed(clock.now())
    assert figures("crime-recorded", area=None) == [(None, 11, None, "revised")]


def test_a_definition_that_a_new_version_of_peelian_changes_becomes_a_new_version(october, monkeypatch):
    refreshed()
    first = MeasureDefinition.objects.get(measure__code="alerts-sent", current=True)
    MeasureDefinition.objects.filter(pk=first.pk).update(target=40, baseline_start=date(2018, 1, 1),
                                                         baseline_end=date(2018, 1, 31))  # fmt: skip
    changed = {**vars(measures["alerts-sent"]), "definition": "Alerts that reached somebody."}
    monkeypatch.setitem(measures._items, "alerts-sent", type(measures["alerts-sent"])(**changed))
    refreshed(clock.now())
    now = MeasureDefinition.objects.get(measure__code="alerts-sent", current=True)
    assert (now.version, now.definition, now.target) == (2, "Alerts that reached somebody.", 40)
    assert MeasureDefinition.objects.filter(measure__code="alerts-sent").count() == 2
