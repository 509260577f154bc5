"""Somebody helps an elderly parent: both agree, the messages go to the helper, either ends it."""

import re

import pytest
from django.db import connection

from peelian.accounts.models import Organisation
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core.messages import renderers
from peelian.members import actions, audience, tokens
from peelian.members.actions.codes import figures_of
from peelian.members.audience import Clause, Selection
from peelian.members.errors import HelperPlaceTaken
from peelian.members.models import AudienceRow, Code, Helper, Member
from peelian.members.tests.factories import make_member, make_ward
from peelian.members.tests.test_joining import h1, jobs, join

pytestmark = pytest.mark.django_db
LANDLINE, DAUGHTER = "01632 960123", "pat@home.example"
HELPED = {"landline": LANDLINE, "helper_name": "Pat", "helper_contact": DAUGHTER, "helper_agreed": "on"}


def join_with_a_helper(client) -> Member:
    join(client, email="", first_name="Edith", contact=HELPED)
    return Member.objects.get(first_name="Edith")


def path_of(helper: Helper) -> str:
    parts = renderers["members.helper"].email(helper.pk)
    found = re.search(r"http://testserver(/register/helping/\S+)", parts.text)
    assert found
    assert found.group(1) in parts.html
    return found.group(1)


def answer(client, helper: Helper, yes: bool):
    return client.page(path_of(helper), {"answer": "yes" if yes else "no"}, post=True)


def confirm_landline(client) -> None:
    code = figures_of(Code.objects.get(address__kind=Address.Kind.LANDLINE))
    client.page("/register/sent/", {"point": "landline", "code": code}, post=True)


def helped(client) -> Member:
    member = join_with_a_helper(client)
    confirm_landline(client)
    answer(client, Helper.objects.get(), True)
    member.refresh_from_db()
    return member


@pytest.mark.parametrize("helper_first", [True, False])
def test_messages_go_to_the_helper_when_both_have_said_yes(client, helper_first):
    member = join_with_a_helper(client)
    assert sorted(renderer for renderer, _ in jobs()) == ["members.helper", "members.join_code"]
    helper = Helper.objects.get()
    assert h1(client.page(path_of(helper))) == "Do you help this person?"
    assert "Edith" in client.page(path_of(helper)).text()
    if helper_first:
        answer(client, helper, True)
        member.refresh_from_db()
        assert (member.email, member.confirmed_at) == (None, None)  # the helper says nothing for her
        confirm_landline(client)
    else:
        confirm_landline(client)
        assert AudienceRow.objects.get().reachable == 4
        answer(client, helper, True)
    member.refresh_from_db()
    assert member.email.value == DAUGHTER
    row = AudienceRow.objects.get()
    assert (row.reachable, row.channels) == (5, 1)
    helper.refresh_from_db()
    assert helper.wording.kind == "helping"
    consent = member.consents.get(wording__kind="helper")
    assert (consent.wording.version, consent.withdrawn_at) == ("1", None)


def test_a_helper_who_is_a_member_gets_one_copy(client):
    ward = make_ward()
    pat = make_member(DAUGHTER, first_name="Pat")
    member = helped(client)
    Member.objects.filter(pk__in=[pat.pk, member.pk]).update(area=ward)
    audience.refresh([pat.pk, member.pk])
    chosen = Selection([Clause("include", "areas", (ward.pk,))], None, Organisation.objects.get(slug="police"), 7)
    assert chosen.count().people == 2
    sql, values = chosen.rows_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    assert [row[0] for row in rows] == [pat.email_id]


def test_a_helper_says_no_and_is_not_asked_again(client):
    member = join_with_a_helper(client)
    answer(client, Helper.objects.get(), False)
    confirm_landline(client)
    member.refresh_from_db()
    assert member.email is None
    assert member.consents.get(wording__kind="helper").withdrawn_at
    by = actions.MemberActor(member.pk)
    actions.name_helper(member=member, name="Pat", contact=DAUGHTER, how="web", by=by)
    assert [renderer for renderer, _ in jobs()].count("members.helper") == 1  # the address never answered with a yes


@pytest.mark.parametrize("who", ["helper", "member"])
def test_either_ends_it(client, who):
    member = helped(client)
    helper = Helper.objects.get()
    if who == "helper":
        assert h1(client.page(path_of(helper))) == "You help this person"
        answer(client, helper, False)
    else:
        sign_in(client, member)
        page = client.page("/me/")
        assert "Your messages go to Pat (p…@home.example), since" in page.text()
        assert "Your messages go to somebody who helps you (version 1)" in page.text()
        client.page(f"/me/helper/{helper.pk}/end/", post=True)
    member.refresh_from_db()
    assert (member.email, member.left_at) == (None, None)
    assert AudienceRow.objects.get().reachable == 4
    helper.refresh_from_db()
    assert helper.ended_at
    assert member.consents.get(wording__kind="helper").withdrawn_at
    assert h1(client.page(path_of(helper))) == "You do not help this person"
    assert "Edith" not in client.page(path_of(helper)).text()


def test_somebody_reached_in_no_other_way_leaves_and_may_come_back(client):
    member = helped(client)
    actions.remove_contact(member=member, kind=Address.Kind.LANDLINE, by=actions.MemberActor(member.pk))
    answer(client, Helper.objects.get(), False)
    member.refresh_from_db()
    assert member.left_at
    assert not AudienceRow.objects.filter(reachable__gt=0).exists()


def test_an_address_of_ones_own_ends_the_helpers_part(client):
    member = helped(client)
    own = contacts.address(Address.Kind.EMAIL, "edith@home.example")
    actions.put_contact(member=member, kind=Address.Kind.EMAIL, address=own, by=actions.MemberActor(member.pk))
    assert Helper.objects.get().ended_at


def test_a_member_names_a_helper_on_their_own_page(client):
    member = make_member("", landline=contacts.address(Address.Kind.LANDLINE, LANDLINE), first_name="Edith")
    sign_in(client, member)
    page = client.page("/me/helper/", {"nothing": "1"}, post=True)
    wrong = ["Fill in their email address or mobile number", "Tick that they may get your messages"]
    assert page.texts(".govuk-error-summary__list li") == wrong
    page = client.page("/me/helper/", {"helper_contact": DAUGHTER, "helper_agreed": "on"}, post=True)
    assert "We have asked them" in page.text()
    assert "who has not answered yet" in page.text()
    assert [renderer for renderer, _ in jobs()] == ["members.helper"]


@pytest.fixture
def copied(client) -> Member:
    """Edith reads her own email, and Pat gets copies."""
    member = make_member("edith@home.example", first_name="Edith")
    by = actions.MemberActor(member.pk)
    helper = actions.name_helper(member=member, name="Pat", contact=DAUGHTER, how="web", by=by)
    answer(client, helper, True)
    Member.objects.filter(pk=member.pk).update(area=make_ward())
    audience.refresh([member.pk])
    member.refresh_from_db()
    return member


def addresses_of(member: Member) -> list[int]:
    """Where an alert to the member's ward goes."""
    organisation = Organisation.objects.get(slug="police")
    sql, values = Selection([Clause("include", "areas", (member.area_id,))], None, organisation, 7).rows_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return sorted(row[0] for row in cursor.fetchall())


def test_who_has_an_email_address_of_their_own_keeps_it_and_the_helper_gets_copies(client, copied):
    helper = Helper.objects.get()
    assert (copied.email.value, helper.begun_at is not None) == ("edith@home.example", True)
    assert addresses_of(copied) == sorted([copied.email_id, helper.address_id])
    sign_in(client, copied)
    account = client.page("/me/").text()
    assert "Your messages go to Pat" in account
    assert "your account closes" not in account  # only where the helper's address is the one we have
    actions.end_helping(helper=helper, by=actions.MemberActor(copied.pk))
    assert addresses_of(copied) == [copied.email_id]
    copied.refresh_from_db()
    assert copied.left_at is None


def test_nobody_helps_at_the_members_own_address_or_by_landline_or_twice(copied):
    for contact in ("edith@home.example", LANDLINE, DAUGHTER):
        with pytest.raises(HelperPlaceTaken):
            actions.name_helper(member=copied, name="", contact=contact, how="web", by=actions.MemberActor(copied.pk))


def test_a_child_has_no_helper_and_others_end_nothing(client):
    member = helped(client)
    stranger = make_member("eve@home.example", young=True)
    sign_in(client, stranger)
    assert client.get("/me/helper/").status_code == 404
    assert client.post(f"/me/helper/{Helper.objects.get().pk}/end/").status_code == 404
    member.refresh_from_db()
    assert member.email


@pytest.mark.parametrize("change", [lambda t: t + "x", lambda t: "9" + t, lambda t: "nonsense"])
def test_an_altered_link_gives_a_sentence(client, change):
    join_with_a_helper(client)
    token = change(tokens.make_helper(Helper.objects.get().pk))
    assert "That link does not work" in client.page(f"/register/helping/{token}/", expect=404).text()
    client.page(f"/register/helping/{token}/", {"answer": "yes"}, post=True, expect=404)
    assert Helper.objects.get().agreed_at is None


def test_a_month_later_it_is_too_late_to_say_yes(client, monkeypatch):
    import datetime as dt

    join_with_a_helper(client)
    path = path_of(Helper.objects.get())
    Helper.objects.update(asked_at=Helper.objects.get().asked_at - dt.timedelta(days=31))
    client.page(path, {"answer": "yes"}, post=True, expect=404)


def sign_in(client, member: Member) -> None:
    session = client.session
    from peelian.core import clock

    now = int(clock.now().timestamp())
    point = member.email_id or member.mobile_id or member.landline_id
    session["member_address"], session["member_seen"], session["member_since"] = point, now, now
    session.save()
