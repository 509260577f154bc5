"""From what happened to the panel's page: counted once, by day, for whoever may see the area."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import sign_in
from peelian.alerts.models import Rating, Rollup
from peelian.alerts.tests.factories import inside, make_force, make_sent, make_staff
from peelian.contacts.models import Address
from peelian.conversations.models import Message, Thread
from peelian.core import clock
from peelian.core.panels import Scope, panels
from peelian.core.periods import Period
from peelian.delivery.models import Spend, Tally
from peelian.insight.models import AlertCount, AlertDay, StandingDay
from peelian.insight.panels import queries
from peelian.insight.panels.figures import Counts
from peelian.insight.panels.queries import Wanted
from peelian.insight.rollups import refresh_all

pytestmark = pytest.mark.django_db

PANEL, TEAMS = reverse("insight_staff:panel"), reverse("insight_staff:teams")


@pytest.fixture
def force():
    return make_force()


def this_month() -> Period:
    return Period.month_of(clock.today())


def answer(alert, count=1, how="email"):
    thread = Thread.objects.create(
        team=alert.team, subject="s", about=f"alert:{alert.ref}", last_at=clock.now(), state="waiting-for-resident"
    )
    Message.objects.bulk_create(Message(thread=thread, how=how, text="x", at=clock.now()) for _ in range(count))


def rate(alert, *values):
    addresses = Address.objects.order_by("pk")[: len(values)]
    for address, value in zip(addresses, values, strict=True):
        Rating.objects.update_or_create(alert=alert, address=address, defaults={"value": value})


def counted(area=None, **wanted) -> Counts:
    return queries.counts(Wanted(Scope(this_month(), area.pk if area else None), **wanted))


def test_an_alert_by_two_channels_counts_once_and_costs_once(force):
    alert = make_sent(force)
    make_sent(force, inside("W01"))
    Tally.objects.create(send_id=alert.send_id, channel=2, state=3, n=4)
    Spend.objects.update_or_create(send=alert.send, defaults={"month": clock.today().replace(day=1), "pence": 17})
    refresh_all()
    found = counted()
    assert (found.alerts, found.email_alerts, found.text_alerts, found.over_channels) == (2, 2, 1, 3)
    assert (found.emails, found.texts, float(found.text_pence), float(found.call_pence)) == (16, 4, 17.0, 0.0)


def test_alerts_are_counted_where_they_are_about_and_above(force):
    make_sent(force, inside("W00"))
    make_sent(force, inside("W01"))
    make_sent(force, inside("P0"))
    refresh_all()
    areas = force.areas
    assert [counted(areas[code]).alerts for code in ("W00", "W01", "P0", "P1")] == [1, 1, 3, 0]
    assert counted().alerts == 3


def test_what_came_back_is_counted_by_its_day_once_however_often_it_is_counted(force):
    alert = make_sent(force)
    answer(alert, 3)
    answer_by_text = Message(thread=Thread.objects.get(), how="text", text="x", at=clock.now())
    answer_by_text.save()
    Message.objects.create(thread=Thread.objects.get(), how="staff", text="thanks", at=clock.now())
    rate(alert, 6, 5, 4)
    Rollup.objects.update_or_create(alert=alert, defaults={"complete": True, "visits": 7, "left": 2})
    refresh_all()
    rate(alert, 1)  # one changes their mind
    Rollup.objects.update(visits=9)
    refresh_all()
    refresh_all()
    found = counted()
    assert (found.replies, found.email_replies, found.ratings, found.rating_total) == (4, 3, 3, 10)
    assert (found.visits, found.left) == (9, 2)
    yesterday = Message.objects.create(
        thread=Thread.objects.get(), how="email", text="x", at=clock.now() - timedelta(days=1)
    )
    refresh_all()
    day = yesterday.at.astimezone(clock.LONDON).date()
    assert AlertDay.objects.get(alert=alert, day=day).replies == 1


def test_practice_is_never_counted(force):
    alert = make_sent(force)
    type(alert).objects.filter(pk=alert.pk).update(practice=True)
    refresh_all()
    assert not AlertCount.objects.exists()


def test_members_stand_by_area_and_the_month_before_stays(force):
    refresh_all()
    Address.objects.filter(pk=force.members["W00"][0].email_id).update(suppression="bounced", suppressed_at=clock.now())
    before = this_month().previous()
    StandingDay.objects.update(day=before.end)
    refresh_all()
    now, then = queries.standing(force.areas["P0"].pk, this_month()), queries.standing(None, before)
    assert (now.members, now.comms_issues, now.incommunicado) == (16, 1, 1)
    assert (then.members, then.incommunicado) == (21, 0)
    assert queries.standing(None, before.previous()) is None


def test_the_page_says_it_all_within_the_persons_area(client, force):
    sign_in(client, force.supervisor)
    assert "Not added up yet" in client.get(PANEL).content.decode()
    make_sent(force, inside("W00"))
    refresh_all()
    page = client.get(PANEL, {"period": this_month().name}).content.decode()
    assert "Vehicle crime" in page
    assert "P0" in page
    assert client.get(PANEL, {"area": "W11", "period": this_month().name}).context["form"].about.code == "P0"
    file = client.get(PANEL, {"period": this_month().name, "csv": "alerts"})
    assert b"".join(file.streaming_content).decode().splitlines()[1].startswith("Alerts,1,0,")
    assert client.get(PANEL, {"csv": "nothing"}).status_code == 404


def test_a_period_that_cannot_be_read_is_said(client, force):
    sign_in(client, make_staff(Role.ANALYST))
    refresh_all()
    page = client.get(PANEL, {"period": "2018-13"}).content.decode()
    assert "“2018-13” is no period" in page
    assert "Members" in page


def test_the_page_costs_the_same_however_much_there_is(client, force):
    sign_in(client, make_staff(Role.ANALYST))

    def asked() -> int:
        refresh_all()
        with CaptureQueriesContext(connection) as found:
            client.get(PANEL, {"period": this_month().name})
        return len(found)

    make_sent(force)
    one = asked()
    for code in ("W00", "W01", "W00"):
        answer(make_sent(force, inside(code)))
    assert asked() == one


def test_teams_see_who_uses_what(client, force):
    make_sent(force, inside("W00"))
    refresh_all()
    sign_in(client, force.supervisor)
    page = client.get(TEAMS, {"period": this_month().name}).content.decode()
    assert "Elm Bridge team" in page
    assert str(force.officer) in page
    rows = b"".join(client.get(TEAMS, {"period": this_month().name, "csv": "tools"}).streaming_content).decode()
    assert "Text messages" in rows.splitlines()[1]
    sign_in(client, force.officer)
    assert client.get(TEAMS).status_code == 404


def test_the_board_paper_gets_the_same_lines(force):
    make_sent(force)
    refresh_all()
    lines = panels["alerts"].lines(Scope(this_month()))
    assert (lines[0].label, lines[0].now) == ("Alerts", "1")
    assert panels["alerts"].lines(Scope(Period.parse("2001-01"))) == []
