"""Requests by right and legal holds, as an administrator settles them."""

import datetime as dt
import json

import pytest

from peelian.accounts.tests.factories import make_staff
from peelian.accounts.tests.factories import sign_in as staff_sign_in
from peelian.audit.models import Event
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.members import retention
from peelian.members.actions import rights as actions
from peelian.members.models import AudienceRow, LegalHold, Member, PastHome, RightsRequest
from peelian.members.tests.factories import make_member, make_postcode, make_ward
from peelian.members.tests.test_me import h1

pytestmark = pytest.mark.django_db
LIST, OPEN = "/staff/members/rights/", "/staff/members/rights/open/"
ERRORS = ".govuk-error-summary__list li"


@pytest.fixture
def member():
    make_postcode()
    make_ward()
    return make_member(first_name="Sam", last_name="Poe", postcode="AB1 2CD", joined_on=dt.date(2025, 3, 1))


@pytest.fixture
def administrator(client):
    person = make_staff("administrator")
    staff_sign_in(client, person)
    return person


def asked(kind: str, **more: object) -> dict[str, object]:
    usual = {
        "contact": "sam@home.example",
        "received_on": str(clock.today()),
        "how": "letter",
        "asked_by": "The person",
    }
    return {"kind": kind, "identity_check": "Called back", **usual, **more}


def opened(client, kind: str, **more: object) -> RightsRequest:
    client.page(OPEN, asked(kind, **more), post=True)
    return RightsRequest.objects.latest("pk")


def page_of(request: RightsRequest, what: str = "") -> str:
    return f"{LIST}{request.pk}/{what}"


def test_a_request_is_kept_with_its_due_date_and_the_look_is_in_the_trail(client, administrator, member):
    page = client.page(OPEN, asked("access", received_on="2026-01-31"), post=True)
    request = RightsRequest.objects.get()
    assert (request.member, request.due_on, request.opened_by) == (member, dt.date(2026, 2, 28), administrator)
    assert "It was due on Saturday 28 February 2026" in page.text()
    assert "s…@home.example" in page.text()
    assert "sam@home.example" not in page.text()
    look = Event.objects.get(verb="member.looked_for")
    assert (look.object_id, look.data) == (str(member.pk), {"because": "access", "found": 1})
    assert Event.objects.filter(verb="rights.read", actor_id=administrator.pk).count() == 1


def test_nobody_is_found_by_a_part_and_a_record_can_be_kept_all_the_same(client, administrator, member):
    page = client.page(OPEN, asked("access", contact="sam@home"), post=True)
    assert "Give an email address in full" in page.texts(ERRORS)[0]
    page = client.page(OPEN, asked("access", contact="who@home.example"), post=True)
    assert page.texts(ERRORS) == ["We have nobody with that address or number, or not in your areas."]
    assert not RightsRequest.objects.exists()
    opened(client, "access", contact="who@home.example", nothing_held="on")
    assert RightsRequest.objects.get().member is None
    assert [event.data["found"] for event in Event.objects.filter(verb="member.looked_for")] == [0, 0]


def test_of_a_household_one_says_who_it_is(client, administrator, member):
    other = make_member(first_name="Ali", joined_on=dt.date(2026, 2, 1))
    page = client.page(OPEN, asked("access"), post=True)
    assert page.texts(ERRORS) == ["More than one person uses that address. Choose who it is."]
    assert "Ali, joined 1 February 2026" in page.text()
    assert opened(client, "access", member=other.pk).member == other


def test_overdue_requests_come_first(client, administrator, member):
    day = clock.today()
    for kind, days in (("access", 5), ("erasure", 60), ("restriction", 20)):
        opened(client, kind, received_on=str(day - dt.timedelta(days=days)))
    rows = client.page(LIST).texts("tbody tr")
    assert ["To be erased" in rows[0], "To stop using" in rows[1], "A copy of" in rows[2]] == [True] * 3
    assert "Overdue" in rows[0]
    assert "Overdue" not in rows[1]


def test_nothing_is_handed_out_before_it_is_known_that_it_is_them(client, administrator, member):
    request = opened(client, "access", identity_check="")
    client.page(page_of(request, "copy/"), {"form": "json"}, post=True, expect=409)
    client.page(page_of(request, "identity/"), {"identity_check": "Called back on 07…"}, post=True)
    found = client.post(page_of(request, "copy/"), {"form": "json"})
    assert json.loads(found.content)["data"]["You"]["rows"][0]["first_name"] == "Sam"
    assert Event.objects.filter(verb="rights.copied").count() == 1
    assert Event.objects.get(verb="member.data_copied").actor_id == administrator.pk


def test_two_months_more_once(client, administrator, member):
    request = opened(client, "access", received_on=str(clock.today()))
    client.page(page_of(request, "extend/"), {"because": "Many papers"}, post=True)
    request.refresh_from_db()
    assert request.due_on == clock.months_after(clock.today(), 3)
    client.page(page_of(request, "extend/"), {"because": "More"}, post=True, expect=409)


def test_putting_details_right(client, administrator, member):
    make_postcode("CD34EF", -1.985)
    vale = make_ward("W02", "Castle Vale", column=1)
    request = opened(client, "rectification")
    page = client.page(page_of(request, "correct/"), {"email": "x", "postcode": "ZZ1 1ZZ"}, post=True)
    assert len(page.texts(ERRORS)) == 2
    assert client.page(page_of(request, "correct/"), {}, post=True).texts(ERRORS) == ["Fill in what is to be put right"]
    changes = {"last_name": "Power", "postcode": "CD3 4EF", "email": "new@home.example", "language": "ur"}
    client.page(page_of(request, "correct/"), changes, post=True)
    member.refresh_from_db()
    assert (member.first_name, member.last_name, member.area, member.language) == ("Sam", "Power", vale, "ur")
    assert member.email.value == "new@home.example"
    assert PastHome.objects.exists()
    event = Event.objects.get(verb="rights.corrected")
    assert event.data == {"changed": ["email", "language", "last_name", "postcode"]}


def test_erasing_at_once(client, administrator, member):
    request = opened(client, "erasure")
    asked = client.page(page_of(request, "erase/"))
    assert h1(asked) == "Erase this person now?"
    assert asked.texts(".govuk-summary-list__value")[1] == "s…@home.example"  # it cannot be undone: whose it is
    page = client.page(page_of(request, "erase/"), post=True)
    assert "nowhere any more" in page.text()
    member.refresh_from_db()
    assert (member.first_name, member.email, member.area is None) == ("", None, False)
    request.refresh_from_db()
    assert (request.outcome, request.closed_by) == ("done", administrator)
    client.page(page_of(request, "erase/"), post=True, expect=409)
    assert not AudienceRow.objects.exists()


def test_a_hold_stops_every_erasure_and_says_so(client, administrator, member):
    soon = clock.today() + dt.timedelta(days=30)
    hold = {"contact": "sam@home.example", "reason": "Case 7", "review_on": str(soon)}
    page = client.page("/staff/members/rights/holds/begin/", hold | {"review_on": "2020-01-01"}, post=True)
    assert page.texts(ERRORS) == ["Choose a day within the coming year"]
    assert "Case 7" in client.page("/staff/members/rights/holds/begin/", hold, post=True).text()
    request = opened(client, "erasure")
    page = client.page(page_of(request))
    assert "They cannot be erased while a legal hold stands." in page.text()
    page = client.page(page_of(request, "erase/"), post=True, expect=409)
    assert "A legal hold stands on this person" in page.text()
    Member.objects.update(left_at=clock.now() - dt.timedelta(days=100))
    retention.enforce()
    member.refresh_from_db()
    assert member.email
    found = LegalHold.objects.get()
    later = soon + dt.timedelta(days=30)
    client.page(f"/staff/members/rights/holds/{found.pk}/review/", {"review_on": str(later)}, post=True)
    second = actions.begin_hold(member=member, reason="Case 8", review_on=soon, by=administrator)
    client.page(f"/staff/members/rights/holds/{found.pk}/end/", post=True)
    member.refresh_from_db()
    assert member.legal_hold  # the other one stands
    actions.end_hold(hold=second, by=administrator)
    retention.enforce()
    member.refresh_from_db()
    assert (member.legal_hold, member.email) == (False, None)


def test_restricting_keeps_the_data_and_stops_its_use(client, administrator, member):
    request = opened(client, "restriction")
    client.page(page_of(request, "restrict/"), post=True)
    member.refresh_from_db()
    assert member.restricted_at
    assert not AudienceRow.objects.exists()
    client.page(page_of(request, "close/"), {"outcome": "done"}, post=True)
    page = client.page(page_of(request))
    assert "Use their data again" in page.text()
    tomorrow = {"told_on": clock.today() + dt.timedelta(days=1)}
    assert client.page(page_of(request, "restrict/"), post=True).texts(ERRORS) == [
        "Fill in the day on which they were told"
    ]
    assert "Tell them first" in client.page(page_of(request, "restrict/"), tomorrow, post=True).texts(ERRORS)[0]
    client.page(page_of(request, "restrict/"), {"told_on": clock.today()}, post=True)
    member.refresh_from_db()
    assert member.restricted_at is None
    assert Event.objects.get(verb="rights.unrestricted").data["told"] == str(clock.today())
    assert AudienceRow.objects.exists()
    verbs = list(Event.objects.filter(verb__startswith="rights.").order_by("id").values_list("verb", flat=True))
    assert [verb for verb in verbs if verb != "rights.read"] == [
        "rights.opened", "rights.restricted", "rights.closed", "rights.unrestricted"
    ]  # fmt: skip


def test_a_refusal_needs_its_reason_and_a_closed_request_stays_closed(client, administrator, member):
    request = opened(client, "access")
    page = client.page(page_of(request, "close/"), {"outcome": "refused"}, post=True)
    assert page.texts(ERRORS) == ["Write down why it was refused"]
    client.page(page_of(request, "close/"), {"outcome": "refused", "note": "Asked for the third time"}, post=True)
    client.page(page_of(request, "close/"), {"outcome": "done"}, post=True, expect=409)
    client.page(page_of(request, "copy/"), {"form": "json"}, post=True, expect=409)


def test_somebody_of_some_areas_finds_their_own_residents_only(client, member):
    other = make_ward("W02", "Castle Vale", column=1)
    staff_sign_in(client, make_staff("administrator", other))
    page = client.page(OPEN, asked("access"), post=True)
    assert page.texts(ERRORS) == ["We have nobody with that address or number, or not in your areas."]


def test_the_trail_holds_no_names(client, administrator, member):
    mobile = contacts.address(Address.Kind.MOBILE, "07700 900123")
    Member.objects.update(mobile=mobile)
    request = opened(client, "rectification", asked_by="Mrs Poe, his mother")
    client.page(page_of(request, "correct/"), {"last_name": "Power", "mobile": "07700 900456"}, post=True)
    said = json.dumps([event.data for event in Event.objects.all()], default=str)
    for word in ("Poe", "Power", "sam@", "900456", "mother"):
        assert word not in said


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2028, 1, 31), 1, dt.date(2028, 2, 29)),
        (dt.date(2026, 11, 30), 3, dt.date(2027, 2, 28)),
        (dt.date(2026, 12, 15), 1, dt.date(2027, 1, 15)),
    ],
)
def test_a_calendar_month_later(day, months, after):
    assert clock.months_after(day, months) == after
