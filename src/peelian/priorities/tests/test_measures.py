"""The figures of lists and promises, and two of the Neighbourhood Policing Guarantee."""

from datetime import UTC, date, datetime, timedelta

import pytest

from peelian.accounts.models import Staff
from peelian.conversations.ledger import Wait
from peelian.conversations.tests.factories import make_thread
from peelian.core import clock
from peelian.core.measures import measures
from peelian.core.panels import Scope, engagement_sources
from peelian.core.periods import Period
from peelian.priorities.models import Cycle, Decision, Promise
from peelian.priorities.tests.factories import make_priority, make_promise

pytestmark = pytest.mark.django_db
MAY = Period.parse("2026-05")


def share(code, period=MAY, area=None):
    found = measures[code].compute(period, area.pk if area else None)
    return found and (found.numerator, found.denominator)


def at(day, hour=12):
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def test_lists_agreed_within_14_days_of_the_end_of_the_month_count_r23_4(ground):
    assert share("lists-agreed") is None  # before there was any list
    Cycle.objects.create(
        sector=ground.sector, begins=date(2026, 5, 11), agreed_at=at(18), last_at=at(18), agreed_by=ground.supervisor
    )
    Cycle.objects.create(
        sector=ground.other, begins=date(2026, 5, 4), agreed_at=at(4), last_at=at(4), agreed_by=ground.supervisor
    )
    assert share("lists-agreed") == (1, 2)
    assert share("lists-agreed", area=ground.sector) == (1, 1)
    assert measures["lists-agreed"].compute_areas(MAY)[ground.other.pk].numerator == 0
    assert share("lists-agreed", Period.parse("2026-04")) is None


def test_priorities_reviewed_within_three_months_count_of_those_on_a_list(ground):
    moments = {"agreed_at": at(3), "last_at": at(3), "agreed_by": ground.supervisor}
    cycle = Cycle.objects.create(sector=ground.sector, begins=date(2026, 5, 1), **moments)
    for rank, moment in enumerate((at(3), datetime(2026, 2, 20, tzinfo=UTC)), 1):
        one = make_priority(ground.sector, ground.officer, f"P{rank}")
        row = {"what": "kept", "rank": rank, "why": "Still raised.", "by": ground.supervisor, "at": moment}
        Decision.objects.create(cycle=cycle, priority=one, **row)
        type(one).objects.filter(pk=one.pk).update(opened_on=date(2026, 2, 1), state="listed", rank=rank)
    assert share("priorities-reviewed") == (1, 2)


def test_promises_are_counted_by_the_day_promised_at_first(ground):
    def promise(first, ended=None, state="kept", due=None):
        made = make_promise(ground.ward, ground.officer, publisher=ground.supervisor)
        fields = {"first_due_on": first, "due_on": due or first, "published_at": at(1)}
        if ended:
            fields |= {"state": state, "ended_on": ended}
        Promise.objects.filter(pk=made.pk).update(**fields)

    promise(date(2026, 5, 20), date(2026, 5, 20))
    promise(date(2026, 5, 20), date(2026, 5, 25), due=date(2026, 5, 30))  # moved, and so not in time
    promise(date(2026, 5, 20), date(2026, 5, 18), "partly")
    promise(date(2026, 5, 20))
    promise(date(2026, 6, 20))
    assert share("promises-in-time") == (1, 4)
    assert share("promises-made") == (5, None)
    assert share("promises-kept") == (3, None)
    assert share("promises-open") == (2, None)
    assert share("promises-overdue") == (1, None)
    assert share("promises-open", area=ground.far) == (0, None)
    assert share("promises-made", Period.parse("2026-04")) is None
    scope = Scope(MAY, ground.sector.pk, None)
    counts = [engagement_sources[f"promises.{name}"].count(scope) for name in ("made", "kept", "overdue")]
    assert counts == [5, 3, 1]
    assert {engagement_sources[f"promises.{name}"].part for name in ("made", "kept")} == {"promise"}


def test_answers_within_72_hours_leave_out_what_cannot_be_known_yet(ground):
    thread = make_thread(ground.team)
    Wait.objects.all().delete()

    def wait(began, hours, outcome="answered"):
        ended = began + timedelta(hours=hours) if hours else None
        Wait.objects.create(
            thread=thread, team=ground.team, area=ground.ward, first=True, began_at=began, due_at=began,
            ended_at=ended, outcome=outcome if ended else "",
        )  # fmt: skip

    wait(at(4), 72)
    wait(at(4), 73)
    wait(at(5), 1, "passed-on")
    wait(at(6), None)
    assert share("answered-72-hours") == (1, 3)
    now = clock.now()
    Wait.objects.all().delete()
    wait(now - timedelta(hours=10), 1)
    assert share("answered-72-hours", Period.month_of(clock.today())) is None


def test_a_neighbourhood_counts_where_its_page_names_somebody(ground, settings):
    settings.PEELIAN_SHOW_OFFICER_NAMES = True
    assert share("named-officer") == (0, 3)
    Staff.objects.filter(pk=ground.officer.pk).update(name="Pat Alder", show_name=True)
    assert share("named-officer") == (2, 3)  # both wards of the sector that the team looks after
    assert share("named-officer", area=ground.other) == (0, 1)
    settings.PEELIAN_SHOW_OFFICER_NAMES = False
    assert share("named-officer") == (0, 3)
