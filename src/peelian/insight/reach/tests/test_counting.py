"""The rollups of reach agree with the people they count, and a refresh reads only what is new."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.contacts.models import Address
from peelian.core import clock, personal_data
from peelian.delivery.models import Send, State
from peelian.insight.models import AreaStages, SignUp, SmallAreaStages, Standing
from peelian.insight.reach import counting
from peelian.insight.reach.personal_data import forget_old_days
from peelian.insight.reach.tests.factories import days_ago, people, refresh, send_to
from peelian.members import audience, erasing, queries
from peelian.members.models import EqualityAnswers, Member
from peelian.members.tests.factories import make_ward
from peelian.places import fitting
from peelian.places.tests.factories import make_area, square

pytestmark = pytest.mark.django_db
INSIDE = (-19_950_000, 520_050_000)  # in the first square


def stages(ward=None, dimension="", category="", model=AreaStages):
    found = model.objects.filter(dimension=dimension, category=category, area_id=ward.pk if ward else 0)
    return found.values_list("registered", "contactable", "received", "replied", "answered").first() or (0,) * 5


def test_each_stage_counts_the_people_it_names():
    ward = make_ward()
    living = people(10, ward, ethnic_group="asian-indian")
    people(3, ward)
    people(2, ward, confirmed_at=None)
    people(1, ward, restricted_at=clock.now())
    gone = people(1, ward, ethnic_group="asian-indian", left_at=clock.now())
    Address.objects.filter(pk=living[0].email_id).update(suppression="bounced", suppressed_at=clock.now())
    audience.refresh([living[0].pk])
    send_to(living[:6])
    send_to(living[6:8], state=State.FAILED)
    send_to(living[8:], at=clock.now() - timedelta(days=91))
    refresh()
    assert stages(ward) == (13, 12, 6, 0, 0)
    assert stages(ward, "ethnic-group", "asian-indian") == (10, 9, 6, 0, 0)
    assert stages(ward, "ethnic-group") == (3, 3, 0, 0, 0)  # who did not say is counted too
    assert Standing.objects.filter(pk__in=[one.pk for one in gone]).values_list("left", flat=True).get() is True


def test_a_household_that_shares_an_address_is_reached_by_one_copy():
    ward = make_ward()
    first, second = people(2, ward)
    Member.objects.filter(pk=second.pk).update(email=first.email)
    send_to([first])
    refresh()
    assert stages(ward)[2] == 2


def test_sends_to_one_person_and_practice_reach_nobody():
    ward = make_ward()
    both = people(2, ward)
    send_to(both[:1], job_id=7)
    send_to(both[1:], practice=True)
    refresh()
    assert stages(ward)[2] == 0


def test_a_refresh_adds_what_came_since_and_changes_nothing_when_run_twice():
    ward = make_ward()
    first, second = people(2, ward)
    send_to([first])
    refresh()
    refresh()
    assert stages(ward)[:3] == (2, 2, 1)
    send_to([second])
    before = list(SignUp.objects.values_list().order_by("pk"))
    with CaptureQueriesContext(connection) as asked:
        refresh()
    assert stages(ward)[2] == 2
    assert list(SignUp.objects.values_list().order_by("pk")) == before
    ledger = [one["sql"] for one in asked if "JOIN delivery d" in one["sql"]]
    assert len(ledger) == 1
    assert "finished_at >=" in ledger[0]


def test_what_is_90_days_old_no_longer_counts_and_is_forgotten():
    ward = make_ward()
    one = people(1, ward)
    send = send_to(one)
    refresh()
    Send.objects.filter(pk=send.pk).update(finished_at=clock.now() - timedelta(days=90))
    Standing.objects.update(received_on=days_ago(90))
    refresh()
    assert stages(ward)[2] == 0
    Standing.objects.update(received_on=days_ago(92))
    assert forget_old_days(clock.now()) == 1
    assert Standing.objects.get().received_on is None


def test_members_are_counted_in_the_small_area_of_their_home_and_move_with_it():
    ward = make_ward()
    small = make_area("E01", square(0, 0), kind="small-area")
    other = make_area("E02", square(1, 0), kind="small-area")
    fitting.refresh()
    (one, *_) = people(3, ward, at=INSIDE, sex="female")
    people(1, ward)
    refresh()
    assert stages(small, "sex", "female", SmallAreaStages)[0] == 3
    assert stages(None, "", "", SmallAreaStages)[0] == 1
    Member.objects.filter(pk=one.pk).update(longitude=INSIDE[0] + 100_000)
    refresh()
    assert stages(small, "", "", SmallAreaStages)[0] == 2
    assert stages(other, "", "", SmallAreaStages)[0] == 1
    other.delete()
    fitting.refresh()
    refresh()
    assert stages(None, "", "", SmallAreaStages)[0] == 2


def joined(dimension="", category="web"):
    found = SignUp.objects.filter(dimension=dimension, category=category).order_by("day")
    return [(row.day, row.whole_month, row.joined, row.left) for row in found]


def test_sign_ups_are_counted_once_on_their_day_and_old_days_as_months():
    ward = make_ward()
    early = days_ago(700)
    people(2, ward, joined_on=days_ago(3), sex="male")
    people(3, ward, joined_on=early)
    refresh()
    refresh()
    assert joined() == [(early.replace(day=1), True, 3, 0), (days_ago(3), False, 2, 0)]
    assert joined("sex", "male") == [(days_ago(3), False, 2, 0)]
    SignUp.objects.filter(whole_month=False).update(day=early.replace(day=2))
    refresh()
    assert joined() == [(early.replace(day=1), True, 5, 0)]


def test_a_sum_of_sign_ups_never_falls_whatever_becomes_of_the_person():
    """E18 App A L261-278 printed cumulative counts that fall (systems.md 1.7)."""
    ward = make_ward()
    (one, other) = people(2, ward, joined_on=days_ago(3), ethnic_group="asian-indian")
    refresh()
    EqualityAnswers.objects.filter(member=other).update(ethnic_group="asian-other")
    Member.objects.filter(pk=one.pk).update(left_at=clock.now())
    refresh()
    assert joined("ethnic-group", "asian-indian") == [(days_ago(3), False, 2, 0), (days_ago(0), False, 0, 1)]
    erasing.erase(Member.objects.get(pk=one.pk))
    assert not Standing.objects.filter(member=one).exists()
    refresh()
    assert sum(row[2] for row in joined("ethnic-group", "asian-indian")) == 2


def test_who_comes_back_has_not_left():
    ward = make_ward()
    (one,) = people(1, ward, left_at=clock.now())
    refresh()
    Member.objects.filter(pk=one.pk).update(left_at=None)
    refresh()
    assert sum(row[3] for row in joined()) == 0


def test_somebody_erased_before_their_leaving_was_counted_is_counted_by_their_answer():
    (one,) = people(1, make_ward(), sex="female")
    refresh()
    Member.objects.filter(pk=one.pk).update(left_at=clock.now())
    personal_data.remove(queries.person(one))
    assert [row[3] for row in joined("sex", "female")] == [0, 1]
    assert counting.first_day() <= clock.today()
