"""The member's page of how often and when."""

import datetime as dt

import pytest

from peelian.audit.models import Event
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.members import actions
from peelian.members.forms_pace import PaceForm
from peelian.members.models import ChannelHours, Pace
from peelian.members.pace import sentences
from peelian.members.tests.factories import make_member, make_ward
from peelian.members.tests.test_me import h1, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    make_ward()
    one = make_member(first_name="Sam", mobile=contacts.address(Address.Kind.MOBILE, "07700 900123"), channels=3)
    sign_in(client)
    return one


def fill(client, **changes):
    page = client.page("/me/pace/")
    return client.page("/me/pace/", page.form() | changes, post=True)


def test_nothing_chosen_changes_nothing(client, member):
    page = fill(client)
    assert h1(page) == "What you get from us, and why"
    pace = Pace.objects.get()
    assert (pace.weekly_limit, pace.quiet_from, pace.urgent_passes, pace.email_from) == (None, None, True, 1)
    assert not ChannelHours.objects.exists()
    assert "As many messages as there are." in page.text()


def test_everything_can_be_chosen_and_is_said(client, member):
    chosen = {
        "weekly_limit": "3",
        "digest": "daily",
        "quiet": "own",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
        "email_from": "2",
        "text_from": "3",
        "text_hours": "own",
        "text_days": ["32", "64"],
        "text_opens": "10:00",
        "text_closes": "24:00",
    }
    page = client.page("/me/pace/")
    form = page.form() | chosen
    form.pop("urgent_passes")
    page = client.page("/me/pace/", form, post=True)
    pace = Pace.objects.get()
    assert (pace.weekly_limit, pace.digest, pace.urgent_passes) == (3, "daily", False)
    assert (pace.quiet_from, pace.quiet_until) == (dt.time(22), dt.time(7))
    assert (pace.email_from, pace.text_from) == (2, 3)
    hours = ChannelHours.objects.get()
    assert (hours.channel, hours.weekdays, hours.opens) == (2, 96, dt.time(10))
    assert hours.closes == dt.time(23, 59, 59, 999999)
    assert page.texts("section[aria-labelledby=what] li") == [
        "At most 3 messages a week, and the rest together every day at 5pm.",
        "Nothing from 10pm to 7am.",
        "By email only what is important or urgent.",
        "By text only what is urgent.",
        "Texts only Saturday and Sunday from 10am to midnight.",
        "Urgent ones keep to all of this too.",
    ]
    event = Event.objects.filter(verb="member.pace_changed").latest("pk")
    assert event.actor_kind == "member"
    assert "hours" in event.data["changed"]
    before = client.page("/me/pace/").form()
    assert {name: before[name] for name in chosen} == chosen | {"text_days": "64"}  # the last of those ticked
    fill(client, weekly_limit="", quiet="usual", text_hours="usual")
    assert not ChannelHours.objects.exists()
    assert Pace.objects.get().quiet_from is None


def test_a_channel_may_have_two_times_of_a_day(client, member):
    twice = {"text_hours": "own", "text_opens": "07:00", "text_closes": "09:00"}
    twice |= {"text_opens_again": "18:00", "text_closes_again": "21:00", "text_days": [str(1 << n) for n in range(7)]}
    page = fill(client, **twice)
    assert "Texts only every day from 7am to 9am and from 6pm to 9pm." in page.text()
    hours = ChannelHours.objects.order_by("opens").values_list("channel", "weekdays", "opens", "closes")
    assert list(hours) == [(2, 127, dt.time(7), dt.time(9)), (2, 127, dt.time(18), dt.time(21))]
    form = PaceForm(member, None)
    assert {name: form[name].value() for name in twice} == twice
    fill(client, **twice | {"text_opens_again": "", "text_closes_again": ""})
    assert [row.opens for row in ChannelHours.objects.all()] == [dt.time(7)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"quiet": "own", "quiet_from": "07:00", "quiet_until": "07:00"},
            "Quiet hours end at another time than they begin. Choose a later one.",
        ),
        ({"text_hours": "own", "text_days": []}, "Tick at least one day for text message"),
        (
            {"text_hours": "own", "text_opens": "10:00", "text_closes": "10:00"},
            "For text message, choose an end that is later than the beginning",
        ),
        (
            {
                "text_hours": "own", "text_opens": "07:00", "text_closes": "09:00",
                "text_opens_again": "09:00", "text_closes_again": "10:00",
            },
            "For text message, let the second time begin after the first has ended",
        ),
        (
            {"text_hours": "own", "text_opens_again": "21:00"},
            "For text message, choose both ends of the second time, or neither",
        ),
        (
            {"text_hours": "own", "text_opens_again": "22:00", "text_closes_again": "21:00"},
            "For text message, choose an end that is later than the beginning",
        ),
        (
            {
                "quiet": "own", "quiet_from": "21:00", "quiet_until": "08:00",
                "email_hours": "own", "email_opens": "06:00", "email_closes": "08:00",
            },
            "All of these hours for email are quiet hours. Choose others, or fewer quiet hours.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(client, member, changes, sentence):
    page = fill(client, **changes)
    assert page.texts(".govuk-error-summary__list li") == [sentence]
    assert not Pace.objects.exists()


def test_the_installations_quiet_hours_are_named(client, member, settings):
    settings.PEELIAN_QUIET_HOURS = (dt.time(21), dt.time(8))
    assert "As usual: no texts and calls from 9pm to 8am" in client.page("/me/pace/").text()
    page = fill(client, quiet="none")
    pace = Pace.objects.get()
    assert pace.quiet_from == pace.quiet_until == dt.time(0)
    assert "No texts and calls" not in page.text()
    assert sentences(member, settings.PEELIAN_QUIET_HOURS) == ["As many messages as there are."]


def test_what_came_from_elsewhere_stays_on_offer(client, member):
    by = actions.MemberActor(member.pk)
    own = {"weekly_limit": 4, "quiet_from": dt.time(21, 30), "quiet_until": dt.time(6, 45)}
    actions.change_pace(member=member, by=by, changes=own)
    fill(client)
    pace = Pace.objects.get()
    assert {name: getattr(pace, name) for name in own} == own


def test_the_page_of_leaving_offers_less_first(client, member):
    page = client.page("/me/leave/")
    assert "get fewer, or all of them together on Fridays" in page.text()
