"""What the composer says of residents' own settings, beside what the claim then does."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.tests.factories import sign_in
from peelian.alerts import pacing
from peelian.alerts.pacing import Pacing
from peelian.alerts.tests.factories import inside, make_draft, make_force, make_frozen, make_member
from peelian.alerts.views import staff_situation
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import claim
from peelian.delivery.models import Delivery, MemberWeek, Reason, State
from peelian.members import audience
from peelian.members.models import ChannelHours, Holiday, Member, Pace

pytestmark = pytest.mark.django_db
NOON = clock.london(dt.date(2026, 7, 1), dt.time(12))
WEEK = dt.date(2026, 6, 29)


@pytest.fixture
def force():
    """In W00: 3 over their limit, 2 within it, 2 in quiet hours, 2 who want urgent ones, 1 without wishes."""
    found = make_force({"W00": 11})
    people = found.members["W00"]
    for one in people[:5]:
        Pace.objects.create(member=one, weekly_limit=2)
    for one in people[:3]:
        MemberWeek.objects.create(member=one, week=WEEK, sends=[-1, -2])
    MemberWeek.objects.create(member=people[3], week=WEEK, sends=[-1])
    MemberWeek.objects.create(member=people[4], week=WEEK - dt.timedelta(days=7), sends=[-1, -2])
    Pace.objects.create(member=people[5], quiet_from=dt.time(11), quiet_until=dt.time(13))
    ChannelHours.objects.create(member=people[6], channel=1, weekdays=96, opens=dt.time(9), closes=dt.time(20))
    Pace.objects.create(member=people[7], email_from=3)
    Pace.objects.create(member=people[8], email_from=2, weekly_limit=0)
    return found


def claimed(alert) -> Counter:
    given = {"send": alert.send_id, "after": 0, "last": 10**12, "channel": 1, "most": 500, "carrier": None}
    with connection.cursor() as cursor:
        cursor.execute(claim.CLAIM, given | claim.moment(NOON))
    return Counter(Delivery.objects.filter(send=alert.send_id).values_list("state", flat=True))


@pytest.mark.parametrize(
    ("priority", "expected"),
    [
        ("routine", Pacing(over=3, digest=3, quiet=2, below=2)),
        ("important", Pacing(over=4, digest=4, quiet=2, below=1)),
        ("urgent", Pacing(over=0, digest=0, quiet=0, below=0)),
    ],
)
def test_the_forecast_is_what_the_claim_then_does(force, priority, expected):
    draft = make_draft(force, priority=priority)
    assert pacing.forecast(draft, NOON) == expected
    by = force.communications
    if priority == "urgent":
        return
    states = claimed(make_frozen(force, by=by, priority=priority))
    assert states[State.DIGEST] == expected.digest
    assert states[State.QUEUED] == expected.quiet
    assert states[State.NOT_SENT] == expected.below
    assert states[State.CLAIMED] == 11 - sum((expected.over, expected.quiet, expected.below))


def away(*members, urgent_passes=False, **days) -> None:
    given = {"first_day": NOON.date(), "last_day": NOON.date(), "urgent_passes": urgent_passes} | days
    Holiday.objects.bulk_create(Holiday(member=member, **given) for member in members)


@pytest.mark.parametrize(("priority", "gone"), [("routine", 5), ("important", 5), ("urgent", 4)])
def test_those_on_holiday_are_said_apart_as_many_as_the_claim_leaves_out(force, priority, gone):
    people = force.members["W00"]
    over, quiet, below, free, other = people[0], people[5], people[7], people[9], people[10]
    away(over, quiet, below)  # each counted as away, and as nothing else
    away(free, urgent_passes=True)
    past, mother, son = (make_member("W00") for _ in range(3))
    away(past, first_day=NOON.date() - dt.timedelta(days=9), last_day=NOON.date() - dt.timedelta(days=1))
    Member.objects.filter(pk=son.pk).update(email=mother.email)
    away(mother)  # the son is at home, and the copy is his too
    shared, both = (make_member("W00") for _ in range(2))
    Member.objects.filter(pk=both.pk).update(email=shared.email)
    Member.objects.filter(pk=shared.pk).update(left_at=NOON)
    away(both)  # with somebody who has left
    audience.refresh()
    draft = make_draft(force, priority=priority)
    found = pacing.forecast(draft, NOON)
    assert found.away == gone
    assert found.over == (0 if priority == "urgent" else 2 if priority == "routine" else 3)
    if priority == "urgent":
        return
    alert = make_frozen(force, by=force.communications, priority=priority)
    claimed(alert)
    reasons = Counter(Delivery.objects.filter(send=alert.send_id).values_list("reason", flat=True))
    assert reasons[Reason.HOLIDAY] == gone
    assert Delivery.objects.get(send=alert.send_id, address=mother.email_id).state == State.CLAIMED
    assert Delivery.objects.get(send=alert.send_id, address=other.email_id).state == State.CLAIMED


def test_of_two_ways_the_one_that_is_taken_in_still_comes(force):
    number = Address.objects.create(kind=2, value="+447700900125")
    texted = make_member("W21", mobile=number, channels=3)
    housemate = make_member("W21", email=texted.email)
    audience.refresh([texted.pk, housemate.pk])
    away(texted)
    draft = make_draft(force, inside("W21"), by=force.communications)
    assert pacing.forecast(draft, NOON) == Pacing(0, 0, 0, 0, 0)
    Pace.objects.create(member=texted, email_from=3)
    assert pacing.forecast(draft, NOON) == Pacing(0, 0, 0, below=1, away=0)
    away(housemate)
    assert pacing.forecast(draft, NOON) == Pacing(0, 0, 0, 0, away=2)


def test_holidays_are_those_of_the_day_it_is_to_go(force):
    away(*force.members["W00"][9:], first_day=dt.date(2026, 7, 4), last_day=dt.date(2026, 7, 5))
    draft = make_draft(force)
    assert pacing.forecast(draft, NOON).away == 0
    draft.scheduled_for = NOON + dt.timedelta(days=3)
    assert pacing.forecast(draft, NOON).away == 2


def test_the_check_page_says_how_many_are_on_holiday(force, client):
    away(*force.members["W00"][:6], first_day=clock.today(), last_day=clock.today())
    sign_in(client, force.officer)
    draft = make_draft(force)
    text = client.page(f"/staff/alerts/{draft.ref}/check/").text()
    assert "11 people will get “Vans broken into on Mill Lane”" in text
    assert "But 6 of them are on holiday and will not." in text
    assert "6 people are on holiday when it goes. They do not get it, then or later." in text


def test_texts_at_night_wait_and_landlines_get_no_digest(force, settings):
    settings.PEELIAN_QUIET_HOURS = (dt.time(21), dt.time(8))
    mobile = Address.objects.create(kind=2, value="+447700900123")
    landline = Address.objects.create(kind=3, value="+441130000001")
    texted, called = make_member("W21", email=None, mobile=mobile), make_member("W21", email=None, landline=landline)
    both = make_member("W21", mobile=Address.objects.create(kind=2, value="+447700900124"), channels=3)
    audience.refresh([texted.pk, called.pk, both.pk])
    draft = make_draft(force, inside("W21"), by=force.communications)
    assert pacing.forecast(draft, NOON) == Pacing(0, 0, 0, 0)
    assert pacing.forecast(draft, NOON.replace(hour=22)) == Pacing(0, 0, 2, 0)
    Pace.objects.create(member=called, weekly_limit=1)
    MemberWeek.objects.create(member=called, week=WEEK, sends=[-1])
    Pace.objects.create(member=texted, quiet_from=dt.time(0), quiet_until=dt.time(0))
    assert pacing.forecast(draft, NOON.replace(hour=22)) == Pacing(1, 0, 0, 0)


def test_what_is_said():
    assert Pacing(0, 0, 0, 0).sentences == []
    assert Pacing(0, 0, 0, 0, 12).sentences == [
        "12 people are on holiday when it goes. They do not get it, then or later."
    ]
    assert Pacing(1204, 1204, 40, 3).sentences == [
        "1,204 people had as many this week as they want. They get it in a digest.",
        "40 people do not want to be disturbed now. They get it later.",
        "Fewer than 5 people want only more urgent ones, so they do not get it.",
    ]
    assert Pacing(12, 9, 0, 0).sentences == [
        "12 people had as many this week as they want. 9 people of them get it in a digest."
    ]


def test_the_composer_says_it(force, client):
    for one in force.members["W00"][:8]:
        Pace.objects.update_or_create(member=one, defaults={"weekly_limit": 0})
    sign_in(client, force.officer)
    draft = make_draft(force)
    page = client.page(f"/staff/alerts/{draft.ref}/edit/")
    assert "had as many this week as they want. They get it in a digest." in page.text()


# What a page asks of the whole audience ---------------------------------------------------------------------------


def asked_of_audience(asked: CaptureQueriesContext) -> int:
    """Statements over the table that may read all of it; a look for one row, or for those without a place, does not."""
    statements = [one["sql"] for one in asked if "members_audience" in one["sql"]]
    return sum("LIMIT 1" not in sql and "a.cell IS NULL" not in sql for sql in statements)


@pytest.mark.parametrize("most", [500, 0], ids=["in fine cells", "in coarse cells"])
def test_the_check_page_asks_for_people_for_cells_and_for_all_that_is_foretold(force, client, monkeypatch, most):
    monkeypatch.setattr(staff_situation, "MOST_CELLS", most)
    sign_in(client, force.officer)
    draft = make_draft(force)
    with CaptureQueriesContext(connection) as asked:
        page = client.page(f"/staff/alerts/{draft.ref}/check/")
    assert "Fewer than 5 people want only more urgent ones" in page.text()
    assert "None of them had an alert about crime" in page.text()
    assert asked_of_audience(asked) == 4  # people by their homes and by further places


def test_letting_it_go_counts_for_the_form_and_once_more_under_the_lock(force, client):
    sign_in(client, force.communications)
    draft = make_draft(force)
    with CaptureQueriesContext(connection) as asked:
        client.page(f"/staff/alerts/{draft.ref}/send/", {"when": "now"}, post=True)
    draft.refresh_from_db()
    assert draft.state == "scheduled"
    assert asked_of_audience(asked) == 4
