"""Somebody who asked us not to use their data (UK GDPR Article 18): every door of their account."""

import datetime as dt

import pytest

from peelian.accounts.tests.factories import make_staff
from peelian.audit.models import Event
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.members import actions, queries
from peelian.members.actions import rights
from peelian.members.actions.helping import begin_to_help
from peelian.members.actions.joining import ask_to_confirm, confirm_member
from peelian.members.errors import Restricted
from peelian.members.models import AudienceRow, Group, Helper, Member
from peelian.members.tests.factories import make_member, make_postcode, make_ward
from peelian.members.tests.test_me import h1, sign_in

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def member():
    make_postcode()
    make_postcode("CD34EF", -1.985)
    make_ward()
    mobile = contacts.address(Address.Kind.MOBILE, "07700 900123")
    return make_member(
        first_name="Sam", postcode="AB1 2CD", mobile=mobile, restricted_at=clock.now(), organisations=1, promotion=True
    )


def by(member):
    return actions.MemberActor(member.pk, "signed in")


def invited(member):
    staff = make_staff("administrator")
    group = actions.make_group(by=staff, name="Advisers", about="", purpose="Advice", team=None, open=False)
    Member.objects.filter(pk=member.pk).update(restricted_at=None)
    invitation = actions.invite(group=group, member=member, by=staff)
    Member.objects.filter(pk=member.pk).update(restricted_at=clock.now())
    return invitation


def open_group():
    return Group.objects.create(name="Dog walkers", slug="dog-walkers", open=True).pk


def prefer(**given):
    return lambda member: actions.change_preferences(member=member, by=by(member), **given)


BEGINS = {
    "types": prefer(interests=1),
    "channels": prefer(channels=1),
    "channels of a type": prefer(topic_channels={}),
    "another organisation": prefer(organisations=3),
    "pace": lambda member: actions.change_pace(member=member, by=by(member), changes={"weekly_limit": 2}),
    "a holiday": lambda member: actions.take_holiday(
        member=member, first_day=TODAY, last_day=TODAY, urgent_passes=True, by=by(member)
    ),
    "back from a holiday": lambda member: actions.end_holiday(member=member, by=by(member)),
    "a further place": lambda member: actions.add_place(member=member, label="Work", postcode="CD34EF", by=by(member)),
    "joining a group": lambda member: actions.set_groups(member=member, group_ids=[open_group()], by=by(member)),
    "saying yes": lambda member: actions.answer_invitation(invitation=invited(member), yes=True, by=by(member)),
    "a helper": lambda member: actions.name_helper(
        member=member, name="Ali", contact="ali@home.example", how="web", by=by(member)
    ),
}
ENDS = {
    "one organisation less": prefer(organisations=0),
    "no more offers": prefer(promotion=False),
    "language": prefer(language="ur"),
    "name": lambda member: actions.change_details(member=member, first_name="Samir", last_name="", by=by(member)),
    "home": lambda member: actions.move_house(member=member, by=by(member), where=queries.position("CD34EF")),
    "another address": lambda member: actions.ask_for_contact(
        member=member, kind=Address.Kind.EMAIL, value="new@home.example", by=by(member)
    ),
    "one address less": lambda member: actions.remove_contact(member=member, kind=Address.Kind.MOBILE, by=by(member)),
    "leaving groups": lambda member: actions.set_groups(member=member, group_ids=[], by=by(member)),
    "saying no": lambda member: actions.answer_invitation(invitation=invited(member), yes=False, by=by(member)),
    "answers": lambda member: actions.forget_answers(member=member, by=by(member)),
    "a copy": lambda member: actions.copy_data(member=member, by=by(member)),
    "closing": lambda member: actions.leave(member=member, by=by(member)),
}


@pytest.mark.parametrize("what", BEGINS)
def test_what_would_begin_something_stays_as_it_was(member, what):
    before = Member.objects.values().get(pk=member.pk)
    with pytest.raises(Restricted, match="You asked us not to use your details"):
        BEGINS[what](member)
    after = Member.objects.values().get(pk=member.pk)
    assert {name: after[name] for name in before if name != "restricted_at"} == {
        name: value for name, value in before.items() if name != "restricted_at"
    }


@pytest.mark.parametrize("what", ENDS)
def test_what_puts_right_takes_back_or_ends_is_open_and_brings_no_message(member, what):
    ENDS[what](member)
    member.refresh_from_db()
    assert member.restricted_at
    assert not AudienceRow.objects.exists()


def test_nobody_is_asked_to_confirm_or_confirms_meanwhile(member):
    Member.objects.update(confirmed_at=None)
    member.refresh_from_db()
    assert not ask_to_confirm(member=member, by=by(member))
    with pytest.raises(Restricted):
        confirm_member(member, member.email, by=by(member))


def test_a_helpers_yes_waits_until_the_data_is_used_again(member):
    address = contacts.address(Address.Kind.LANDLINE, "01632 960123")
    Helper.objects.create(member=member, address=address, name="Ali", asked_at=clock.now(), agreed_at=clock.now())
    begin_to_help(member, by=by(member))
    assert Helper.objects.get().begun_at is None
    rights.use_again(member=member, by=by(member))
    assert Helper.objects.get().begun_at


def test_the_account_says_what_is_open_and_the_member_ends_it_with_a_fresh_code(client, member):
    page = sign_in(client)
    assert "We are not using your details" in page.text()
    hrefs = [link.get("href") for link in page.document.cssselect("a")]
    assert {"/me/details/", "/me/agreements/", "/me/data/", "/me/leave/", "/me/use-again/"} <= set(hrefs)
    assert not {"/me/messages/", "/me/pace/", "/me/holiday/"} & set(hrefs)
    refused = client.page("/me/holiday/end/", {}, post=True, expect=409)
    assert "You can let us use them again on My account." in refused.text()
    assert h1(client.page("/me/use-again/")) == "Let us use your details again?"
    assert not AudienceRow.objects.exists()
    page = client.page("/me/use-again/", {}, post=True)
    assert "From now on we use your details again." in page.text()
    assert AudienceRow.objects.exists()
    member.refresh_from_db()
    assert member.restricted_at is None
    event = Event.objects.get(verb="rights.unrestricted")
    assert (event.object_id, event.data) == (str(member.pk), {})
    assert h1(client.page("/me/use-again/")) == "What you get from us, and why"  # nothing to end any more
