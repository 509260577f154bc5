"""The list of stopped addresses: found in full, shown in part, changed with a reason, and the trail says who did."""

from __future__ import annotations

import pytest

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.audit.models import Event
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.members.tests.factories import make_member, make_postcode, make_ward

LIST, STOP = "/staff/delivery/suppressed/", "/staff/delivery/suppressed/stop/"


@pytest.fixture
def staff(db, client) -> Staff:
    return sign_in(client, make_staff(Role.COMMUNICATIONS))


def stopped(value: str, why: str = "bounced", kind: int = Address.Kind.EMAIL) -> Address:
    return Address.objects.create(kind=kind, value=value, suppression=why, suppressed_at=clock.now())


def test_addresses_are_shown_in_part_and_counted(client, staff):
    stopped("samantha@home.example")
    stopped("+447700900123", "stopped", Address.Kind.MOBILE)

    page = client.get(LIST)

    text = page.content.decode()
    assert "samantha" not in text
    assert "s…@home.example" in text
    assert "07… …123" in text
    assert [row.numbers for row in page.context["counts"]] == [[1, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("asked", "left"),
    [("?kind=1", 2), ("?kind=2", 1), ("?reason=bounced", 1), ("?kind=2&reason=bounced", 0), ("?kind=x&page=x", 3)],
)
def test_narrowing(client, staff, asked, left):
    stopped("one@home.example")
    stopped("two@home.example", "complained")
    stopped("+447700900123", "stopped", Address.Kind.MOBILE)

    assert len(client.get(LIST + asked).context["rows"]) == left


def test_a_long_list_has_pages(client, staff):
    for number in range(30):
        stopped(f"p{number}@home.example")

    first = client.get(LIST)
    second = client.get(LIST + first.context["next_url"])

    assert (len(first.context["rows"]), len(second.context["rows"])) == (25, 5)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Sam@Home.example", "That address is stopped"),
        ("free@home.example", "That address is not stopped"),
        ("nobody@home.example", "We do not have that address"),
        ("01632 960123", "That address is stopped"),
        ("sam", "Give an email address in full"),
    ],
)
def test_looking_for_an_address(client, staff, typed, said):
    stopped("sam@home.example")
    stopped("+441632960123", "administrator", Address.Kind.LANDLINE)
    contacts.address(Address.Kind.EMAIL, "free@home.example")

    page = client.post(LIST, {"address": typed})

    assert said in page.content.decode()


@pytest.mark.parametrize(("because", "why"), [("asked", "stopped"), ("not-theirs", "administrator")])
def test_stopping_an_address_that_we_never_had(client, staff, because, why):
    answer = client.post(STOP, {"address": "new@home.example", "because": because})

    assert answer.status_code == 302
    assert Address.objects.get(value="new@home.example").suppression == why
    event = Event.objects.get(verb="address.suppressed")
    assert (event.actor_id, event.data["because"]) == (staff.pk, because)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"address": "sam@home.example", "because": "asked"}, "That address is stopped already."),
        ({"address": "", "because": "asked"}, "Fill in the address"),
        ({"address": "new@home.example"}, "Choose why"),
    ],
)
def test_what_cannot_be_stopped(client, staff, given, said):
    stopped("sam@home.example")

    page = client.post(STOP, given)

    assert (page.status_code, said in page.content.decode()) == (200, True)
    assert Event.objects.filter(verb="address.suppressed").count() == 0


def test_freeing_an_address(client, staff):
    address = stopped("sam@home.example", "complained")
    path = f"{LIST}{address.pk}/"
    assert "only when they have asked" in client.get(path).content.decode()
    assert client.post(path, {}).status_code == 200

    assert client.post(path, {"because": "asked"}).status_code == 302

    address.refresh_from_db()
    assert (address.suppression, address.suppressed_at) == ("", None)
    assert Event.objects.get(verb="address.suppression_lifted").data == {"why": "complained", "because": "asked"}
    assert client.get(path).status_code == 404


def test_somebody_with_areas_sees_their_own_residents_alone(client, db):
    ward = make_ward()
    make_postcode()
    inside = make_member("in@home.example", postcode="AB1 2CD").email
    outside = make_member("out@home.example").email
    Address.objects.update(suppression="bounced", suppressed_at=clock.now())
    sign_in(client, make_staff(Role.ADMINISTRATOR, ward))

    assert [row[0].pk for row in client.get(LIST).context["rows"]] == [inside.pk]
    assert client.get(f"{LIST}{inside.pk}/").status_code == 200
    assert client.get(f"{LIST}{outside.pk}/").status_code == 404
    assert "We do not have" in client.post(LIST, {"address": "out@home.example"}).content.decode()
    refused = client.post(STOP, {"address": "new@home.example", "because": "asked"})
    assert "We have no resident with that address" in refused.content.decode()


def test_nothing_goes_to_an_address_stopped_by_hand(client, staff):
    member = make_member("sam@home.example")

    client.post(STOP, {"address": "sam@home.example", "because": "asked"})

    from peelian.members.models import AudienceRow

    assert AudienceRow.objects.get(member=member).reachable == 0
