"""A member's account: holiday, move, addresses, closing and opening it again."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.accounts.models import Organisation
from peelian.audit.models import Event
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import renderers
from peelian.members import actions, personal_data, queries, retention
from peelian.members.actions.codes import figures_of
from peelian.members.errors import ContactLinkUsed, ErasedAlready, HolidayTooLong
from peelian.members.importing import importer
from peelian.members.models import (
    AudienceRow,
    Code,
    Consent,
    FormerAddress,
    Holiday,
    Member,
    NewContact,
    Pace,
    PastHome,
)
from peelian.members.tests.factories import make_member, make_postcode, make_ward
from peelian.members.tests.test_me import h1, sign_in

pytestmark = pytest.mark.django_db
BY = actions.MemberActor(1, "signed in")


def jobs() -> list[tuple[str, int]]:
    found = ProcrastinateJob.objects.filter(task_name="delivery.transactional").order_by("pk")
    return [(job.args["renderer"], job.args["address_id"]) for job in found]


def link_in(renderer: str, object_id: int) -> str:
    """The path of the first link of ours in an email."""
    return re.search(r"http://testserver(/me/\S+)", renderers[renderer].email(object_id).text)[1]


@pytest.fixture
def member():
    make_postcode()
    make_ward()
    return make_member(first_name="Sam", postcode="AB1 2CD", joined_on=dt.date(2025, 3, 1))


# Signing in by the link beside the code -----------------------------------------------------------------------------


def test_the_link_beside_the_code_signs_in_once_and_only_by_its_button(client, member):
    client.page("/me/sign-in/", {"contact": "sam@home.example"}, post=True)
    code = Code.objects.get()
    path = link_in("members.sign_in", code.pk)
    scanner = type(client)()
    for _ in range(3):
        assert h1(scanner.page(path)) == "Sign in"  # as often as a scanner likes
    code.refresh_from_db()
    assert code.used_at is None
    assert "Sam" not in scanner.page(path).text()
    assert h1(scanner.page(path, post=True)) == "What you get from us, and why"
    page = client.page(path, post=True, expect=410)
    assert h1(page) == "That link does not work any more"
    page = client.page("/me/code/", {"code": figures_of(code)}, post=True)  # the code went with it
    assert page.texts(".govuk-error-summary__list li")


def test_a_link_ends_with_its_code_and_cannot_be_made_up(client, member):
    client.page("/me/sign-in/", {"contact": "sam@home.example"}, post=True)
    path = link_in("members.sign_in", Code.objects.get().pk)
    changed = path.replace("/link/", "/link/1")
    assert h1(client.page(changed)) == "Sign in"  # the page tells nobody what a link is worth
    client.page(changed, post=True, expect=410)
    Code.objects.update(expires_at=clock.now())
    client.page(path, post=True, expect=410)
    assert client.get("/me/").url == "/me/sign-in/"


def test_a_code_for_anything_else_has_no_link(member):
    code = Code.objects.create(address=member.email, expires_at=clock.now())
    assert "http" not in renderers["members.code"].email(code.pk).text.split("In danger?")[0]


def test_a_landline_signs_in_by_a_spoken_code(client):
    make_member("", landline=contacts.address(Address.Kind.LANDLINE, "01632 960123"))
    assert h1(sign_in(client, "01632 960 123")) == "What you get from us, and why"


# A holiday -----------------------------------------------------------------------------------------------------------


def test_a_holiday_is_kept_said_and_ended(client, member):
    sign_in(client)
    today = clock.today()
    last = today + dt.timedelta(days=9)
    page = client.page("/me/holiday/", {"first_day": str(today), "last_day": str(last)}, post=True)
    assert "You are pausing messages" in page.text()
    assert "no message comes, urgent ones neither" in page.text()
    holiday = Holiday.objects.get()
    assert (holiday.first_day, holiday.last_day, holiday.urgent_passes) == (today, last, False)
    assert Event.objects.get(verb="member.holiday_set").data["last_day"] == str(last)
    page = client.page("/me/holiday/end/", post=True)
    assert "You are pausing messages" not in page.text()
    assert not Holiday.objects.exists()


def test_a_holiday_says_what_is_wrong(client, member):
    sign_in(client)
    today = clock.today()
    day = dt.timedelta(days=1)
    for first, last, said in (
        (today - day, today, "Choose a first day that is not over yet"),
        (today + day, today, "Choose a last day that is not before the first"),
        (today, clock.months_after(today, 3), "A holiday can be 3 months long. Choose an earlier last day."),
    ):
        page = client.page("/me/holiday/", {"first_day": str(first), "last_day": str(last)}, post=True)
        assert page.texts(".govuk-error-summary__list li") == [said]
    assert not Holiday.objects.exists()
    last = clock.months_after(today, 3) - day
    actions.take_holiday(member=member, first_day=today, last_day=last, urgent_passes=True, by=BY)
    with pytest.raises(HolidayTooLong):
        actions.take_holiday(member=member, first_day=today, last_day=last + day, urgent_passes=True, by=BY)


# A move --------------------------------------------------------------------------------------------------------------


def test_a_move_keeps_the_area_and_its_dates_and_the_audience_follows_at_once(client, member):
    make_postcode("CD34EF", -1.985)
    vale = make_ward("W02", "Castle Vale", column=1)
    elm = member.area
    sign_in(client)
    page = client.page("/me/move/", {"postcode": "CD3 4EF"}, post=True)
    assert "You now hear what happens in Castle Vale." in page.text()
    assert AudienceRow.objects.get(member=member).area_id == vale.pk
    past = PastHome.objects.get()
    assert (past.area, past.since, past.until) == (elm, dt.date(2025, 3, 1), clock.today())
    assert "Elm Bridge, Saturday 1 March 2025 to" in page.text()
    client.page("/me/move/", {"postcode": "AB1 2CD"}, post=True)  # a slip, put right the same day
    assert PastHome.objects.count() == 1
    page = client.page("/me/move/", {"postcode": "ZZ9 9ZZ"}, post=True)
    assert page.texts(".govuk-error-summary__list li")


def test_a_list_that_puts_somebody_elsewhere_keeps_where_they_lived(tmp_path, member):
    make_postcode("CD34EF", -1.985)
    make_ward("W02", "Castle Vale", column=1)
    elm = member.area
    Member.objects.filter(pk=member.pk).update(external_id="A1")
    path = tmp_path / "members.csv"
    for postcode in ("AB1 2CD", "CD3 4EF", "CD3 4EF"):
        path.write_text(f"external_id,email,postcode\nA1,sam@home.example,{postcode}\n")
        importer.run(path, by=BY)
    past = PastHome.objects.get()
    assert (past.area, past.since, past.until) == (elm, dt.date(2025, 3, 1), clock.today())


def test_the_page_costs_the_same_however_much_stands_on_it(client, member):
    sign_in(client)
    client.get("/me/")
    with CaptureQueriesContext(connection) as few:
        client.get("/me/")
    vale = make_ward("W02", "Castle Vale", column=1)
    for number in range(4):
        member.places.create(label=f"Place {number}", longitude=1, latitude=1, cell=1, area=vale)
        day = dt.date(2026, 1, 1 + number)
        PastHome.objects.create(member=member, area=vale, since=day, until=day + dt.timedelta(days=1))
        actions.change_preferences(member=member, organisations=number % 2, by=BY)
        value = f"new{number}@home.example"
        actions.ask_for_contact(member=member, kind=Address.Kind.EMAIL, value=value, by=BY)
    with CaptureQueriesContext(connection) as many:
        client.get("/me/")
    assert len(many) <= len(few) + 1  # the areas of more than one place


def test_the_next_move_begins_where_the_last_one_ended(member):
    make_postcode("CD34EF", -1.985)
    vale = make_ward("W02", "Castle Vale", column=1)
    PastHome.objects.create(member=member, area=vale, since=dt.date(2025, 3, 1), until=dt.date(2026, 1, 1))
    actions.move_house(member=member, where=queries.position("CD3 4EF"), by=BY)
    assert PastHome.objects.latest("pk").since == dt.date(2026, 1, 1)


def test_a_pin_or_a_neighbourhood_is_a_home_without_a_postcode(client, member):
    vale = make_ward("W02", "Castle Vale", column=1)
    elm = member.area
    sign_in(client)
    client.page("/me/move/", {"longitude": "-1.985", "latitude": "52.005"}, post=True)
    member.refresh_from_db()
    assert (member.postcode, member.area_id, member.longitude) == ("", vale.pk, -19850000)
    client.page("/me/move/", {"neighbourhood": elm.code}, post=True)
    member.refresh_from_db()
    assert (member.area_id, member.postcode) == (elm.pk, "")
    page = client.page("/me/move/", {}, post=True)
    assert page.texts(".govuk-error-summary__list li") == [
        "Fill in your new postcode, or choose another way to say where you live"
    ]
    page = client.page("/me/move/", {"nowhere": "on"}, post=True)
    assert "We have forgotten where you live." in page.text()
    member.refresh_from_db()
    assert (member.area, member.cell) == (None, None)


# Where messages go ---------------------------------------------------------------------------------------------------


def test_a_new_email_takes_over_when_its_link_is_pressed_and_not_before(client, member):
    sign_in(client)
    old = member.email
    page = client.page("/me/contact/email/", {"value": "New@home.example"}, post=True)
    assert "We have sent an email to n…@home.example." in page.text()
    assert "Waits for you" in page.text()
    asked = NewContact.objects.get()
    assert jobs()[-1] == ("members.new_email", asked.address_id)
    path = link_in("members.new_email", asked.pk)
    assert "Sam" not in client.page(path).text()
    member.refresh_from_db()
    assert member.email == old
    elsewhere = type(client)()
    assert h1(elsewhere.page(path, post=True)) == "Your new email address is in use"
    member.refresh_from_db()
    assert member.email.value == "new@home.example"
    assert member.email.verified_at
    assert FormerAddress.objects.get().address == old
    assert jobs()[-1] == ("members.email_changed", old.pk)
    elsewhere.page(path, post=True, expect=410)
    assert client.get("/me/").url == "/me/who/"  # the session was the old address's


def test_who_confirms_in_the_same_browser_stays_signed_in(client, member):
    sign_in(client)
    client.page("/me/contact/email/", {"value": "new@home.example"}, post=True)
    client.page(link_in("members.new_email", NewContact.objects.get().pk), post=True)
    assert "n…@home.example" in client.page("/me/").text()


def test_a_mobile_by_code_and_a_landline_by_spoken_code(client, member):
    sign_in(client)
    for kind, number, shown in (("mobile", "07700 900123", "07… …123"), ("landline", "01632 960456", "01… …456")):
        page = client.page(f"/me/contact/{kind}/", {"value": number}, post=True)
        assert h1(page).startswith("Type the figures")
        code = Code.objects.latest("pk")
        assert jobs()[-1] == ("members.code", code.address_id)
        page = client.page(f"/me/contact/{kind}/code/", {"code": "x"}, post=True)
        assert page.texts(".govuk-error-summary__list li")
        page = client.page(f"/me/contact/{kind}/code/", {"code": figures_of(code)}, post=True)
        assert shown in page.text()
    assert AudienceRow.objects.get().reachable == 7
    page = client.page("/me/contact/mobile/", {"value": "07700 900123"}, post=True)
    assert page.texts(".govuk-error-summary__list li") == ["That is the one we use already. Give another."]
    page = client.page("/me/contact/mobile/", {"value": "01632 960456"}, post=True)
    assert page.texts(".govuk-error-summary__list li") == ["Give a mobile number, like 07700 900123"]


def test_dropping_what_waits_and_taking_away(client, member):
    member.mobile = contacts.address(Address.Kind.MOBILE, "07700 900123")
    member.save()
    sign_in(client)
    client.page("/me/contact/email/", {"value": "new@home.example"}, post=True)
    asked = NewContact.objects.get()
    path = link_in("members.new_email", asked.pk)
    assert "Nothing has changed" in client.page("/me/contact/email/drop/", post=True).text()
    client.page(path, post=True, expect=410)
    client.page("/me/contact/email/remove/", post=True)  # the one they signed in with
    member.refresh_from_db()
    assert member.email is None
    assert "07… …123" in client.page("/me/").text()
    page = client.page("/me/contact/mobile/")
    assert "It is the only way we can reach you" in page.text()
    client.page("/me/contact/mobile/remove/", post=True)
    member.refresh_from_db()
    assert member.mobile


def test_no_import_brings_back_what_a_member_changed(tmp_path, member):
    Member.objects.filter(pk=member.pk).update(external_id="A1")
    member.refresh_from_db()
    mobile = contacts.address(Address.Kind.MOBILE, "07700 900123")
    actions.put_contact(member=member, kind=Address.Kind.MOBILE, address=mobile, by=BY)
    new = contacts.address(Address.Kind.EMAIL, "new@home.example")
    actions.put_contact(member=member, kind=Address.Kind.EMAIL, address=new, by=BY)
    actions.remove_contact(member=member, kind=Address.Kind.MOBILE, by=BY)
    path = tmp_path / "members.csv"
    path.write_text("external_id,email,mobile\nA1,sam@home.example,07700900123\n")
    importer.run(path, by=BY)
    member.refresh_from_db()
    assert (member.email.value, member.mobile) == ("new@home.example", None)


def test_asking_for_addresses_is_limited_and_says_nothing_about_them(client, member):
    make_member("known@home.example", first_name="Eve")
    sign_in(client)
    said = []
    for address in ("known@home.example", "unheard@home.example"):
        page = client.page("/me/contact/email/", {"value": address}, post=True)
        said.append(page.text().replace(f"{address[0]}…@home.example", ""))
    assert said[0] == said[1]
    for number in range(3):
        client.page("/me/contact/email/", {"value": f"n{number}@home.example"}, post=True)
    page = client.page("/me/contact/email/", {"value": "n9@home.example"}, post=True)
    assert page.texts(".govuk-error-summary__list li") == ["That has been tried too often. Wait a while and try again."]


def test_changing_addresses_wants_a_fresh_code(client, member):
    sign_in(client)
    session = client.session
    session["member_since"] -= 11 * 60
    session.save()
    page = client.page("/me/contact/email/")
    assert h1(page) == "One more code, to be sure"
    assert "s…@home.example" in page.text()
    client.page("/me/sign-in-again/", post=True)
    code = Code.objects.latest("pk")
    page = client.page("/me/code/", {"code": figures_of(code)}, post=True)
    assert h1(page) == "Change your email address"


def test_an_address_that_nobody_confirmed_is_forgotten_after_a_week(member):
    asked = actions.ask_for_contact(member=member, kind=Address.Kind.EMAIL, value="new@home.example", by=BY)
    retention.enforce()
    assert Address.objects.get(pk=asked.address_id).value == "new@home.example"
    NewContact.objects.update(asked_at=clock.now() - dt.timedelta(days=8))
    path = link_in("members.new_email", asked.pk)
    retention.enforce()
    retention.enforce()
    assert Address.objects.get(pk=asked.address_id).value.startswith("erased-")
    with pytest.raises(ContactLinkUsed):
        actions.confirm_new_email(token=path.split("/")[-2])


# Closing it, and opening it again ------------------------------------------------------------------------------------


def test_closing_stops_everything_and_signing_in_opens_it_again(client, member):
    sign_in(client)
    actions.change_preferences(member=member, organisations=1, interests=5, by=BY)
    given = Consent.objects.count()
    assert h1(client.page("/me/leave/")) == "Close your account?"
    assert h1(client.page("/me/leave/", post=True)) == "Your account is closed"
    member.refresh_from_db()
    assert member.left_at
    assert not AudienceRow.objects.exists()
    assert not member.consents.filter(withdrawn_at=None).exists()
    assert client.get("/me/").url == "/me/sign-in/"
    assert h1(sign_in(client)) == "You closed your account"
    assert client.get("/me/messages/").url == "/me/closed/"
    page = client.page("/me/closed/", post=True)
    assert "Your account is open again, as it was." in page.text()
    member.refresh_from_db()
    assert (member.left_at, member.interests) == (None, 5)
    assert AudienceRow.objects.exists()
    assert member.consents.filter(withdrawn_at=None).count() == 2  # the notice and the police, given anew
    assert member.consents.count() == given + 2
    assert client.get("/me/closed/").url == "/me/"


def test_after_thirty_days_only_ward_joined_and_left_remain(client, member):
    Pace.objects.create(member=member, weekly_limit=2)
    elm = member.area
    actions.take_holiday(member=member, first_day=clock.today(), last_day=clock.today(), urgent_passes=True, by=BY)
    actions.leave(member=member, by=BY)
    retention.enforce(clock.now() + dt.timedelta(days=29))
    member.refresh_from_db()
    assert member.email
    later = clock.now() + dt.timedelta(days=31)
    retention.enforce(later)
    member = Member.objects.get(pk=member.pk)
    fresh = Member(
        pk=member.pk, area=elm, joined_on=member.joined_on, left_at=member.left_at, source="", organisations=0
    )
    kept = {field.attname: getattr(member, field.attname) for field in Member._meta.concrete_fields}
    assert kept == {field.attname: getattr(fresh, field.attname) for field in Member._meta.concrete_fields}
    for related in Member._meta.related_objects:
        if related.related_model._meta.label != "audit.Event":
            assert not related.related_model.objects.filter(**{related.field.name: member}).exists(), related
    Member.objects.filter(pk=member.pk).update(left_at=clock.now())
    with pytest.raises(ErasedAlready):
        actions.come_back(member=member, by=BY)


def test_a_legal_hold_stops_the_erasure(client, member):
    Member.objects.update(legal_hold=True)
    actions.leave(member=member, by=BY)
    personal_data.erase_who_left(clock.now() + dt.timedelta(days=400))
    member.refresh_from_db()
    assert member.email


def test_withdrawing_one_organisation_keeps_the_rest(client, member):
    Organisation.objects.create(slug="fire", name="Fire service", bit=1)
    sign_in(client)
    client.page("/me/agreements/", {"organisations": ["police", "fire"]}, post=True)
    client.page("/me/agreements/", {"organisations": ["fire"]}, post=True)
    member.refresh_from_db()
    assert member.organisations == 2
    assert AudienceRow.objects.get().organisations == 2
    fire = member.consents.get(organisation__slug="fire")
    assert (fire.withdrawn_at, fire.how, fire.by_staff) == (None, "web", None)


def test_the_ledger_of_consent_is_only_added_to(member):
    """Whatever is done, a row that stands keeps its words, its day and how; only its end is set, once."""
    actions.change_preferences(member=member, organisations=0, by=BY)
    seen = {}
    for step in (
        lambda: actions.change_preferences(member=member, organisations=1, by=BY),
        lambda: actions.change_preferences(member=member, organisations=0, by=BY),
        lambda: actions.change_preferences(member=member, organisations=1, promotion=True, by=BY),
        lambda: actions.leave(member=member, by=BY),
        lambda: actions.come_back(member=member, by=BY),
        lambda: actions.change_preferences(member=member, promotion=False, by=actions.MemberActor(member.pk)),
    ):
        step()
        for row in Consent.objects.order_by("pk").values():
            before = seen.get(row["id"], row)
            ended = before["withdrawn_at"]
            assert row == before | {"withdrawn_at": row["withdrawn_at"]}
            assert ended is None or row["withdrawn_at"] == ended
            seen[row["id"]] = row
    assert len(seen) == Consent.objects.count() == 6
