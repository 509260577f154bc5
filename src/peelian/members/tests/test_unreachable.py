"""Residents whom messages do not reach: who counts, who may look, and that nobody is named."""

from __future__ import annotations

import pytest

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.members import unreachable
from peelian.members.models import Member
from peelian.members.tests.factories import make_member, make_postcode, make_ward

SUPPRESSION = Address.Suppression


def resident(name: str, *, email: str = "", mobile: str = "", postcode: str = "", **more: object) -> Member:
    """A confirmed member whose email and mobile are in the states given ("" works, "-" is not there)."""
    number = 7700900000 + Member.objects.count()
    given = dict(more)
    if mobile != "-":
        given["mobile"] = contacts.address(Address.Kind.MOBILE, f"0{number}")
    member = make_member("" if email == "-" else f"{name}@home.example", postcode=postcode, first_name=name, **given)
    for point, state in ((member.email, email), (member.mobile, mobile)):
        if point is not None and state:
            Address.objects.filter(pk=point.pk).update(suppression=state, suppressed_at=clock.now())
    return member


@pytest.fixture
def ward(db):
    made = make_ward()
    make_postcode()
    return made


def totals(staff) -> tuple[int, int]:
    last = unreachable.counts_for(staff)[-1]
    return last.issues, last.incommunicado


@pytest.mark.parametrize(
    ("email", "mobile", "expected"),
    [
        ("", "", (0, 0)),
        ("bounced", "", (1, 0)),
        ("bounced", "-", (1, 1)),
        ("bounced", "stopped", (1, 1)),
        ("-", "bounced", (1, 1)),
        ("stopped", "stopped", (0, 1)),
        ("complained", "", (0, 0)),
    ],
)
def test_who_counts(ward, email, mobile, expected):
    resident("sam", email=email, mobile=mobile)

    assert totals(make_staff(Role.COMMUNICATIONS)) == expected


def test_who_left_or_never_confirmed_does_not_count(ward):
    resident("gone", email="bounced", mobile="-", left_at=clock.now())
    resident("new", email="bounced", mobile="-", confirmed=False)

    assert totals(make_staff(Role.COMMUNICATIONS)) == (0, 0)


def test_by_area_and_only_in_ones_own(ward):
    resident("sam", email="bounced", postcode="AB1 2CD")
    resident("alex", email="bounced", mobile="bounced")

    rows = unreachable.counts_for(make_staff(Role.COMMUNICATIONS))

    assert [(row.name, row.issues, row.incommunicado) for row in rows] == [
        ("Elm Bridge", 1, 0),
        ("No place in our area", 1, 1),
        ("All", 2, 1),
    ]
    assert totals(make_staff(Role.COMMUNICATIONS, ward)) == (1, 0)
    assert totals(make_staff(Role.COMMUNICATIONS, make_ward("W09", "Castle", column=4))) == (0, 0)


def test_a_total_gives_no_small_number_back(ward):
    for number in range(12):
        at = {"postcode": "AB1 2CD"} if number < 6 else {}
        resident(f"r{number}", email="bounced", mobile="bounced" if number in (0, 6, 7, 8, 9, 10) else "", **at)

    told = unreachable.told_for(make_staff(Role.COMMUNICATIONS))

    assert [(row.issues, row.incommunicado) for row in told] == [(6, None), (6, None), (12, 6)]


def test_the_counts_and_the_lists_say_the_same(ward):
    for turn, email in enumerate(["", "bounced", "stopped", "bounced"]):
        for mobile in ("", "bounced", "-", "complained"):
            resident(f"r{turn}{mobile or 'ok'}".replace("-", "x"), email=email, mobile=mobile)
    staff = make_staff(Role.COMMUNICATIONS)

    issues, _, after = unreachable.residents_for(staff, incommunicado=False, cursor="")
    nothing, _, _ = unreachable.residents_for(staff, incommunicado=True, cursor="")

    assert (len(issues), len(nothing)) == totals(staff)
    assert not after
    assert all(not row.reached for row in nothing)


def test_the_pages_name_nobody_and_hide_small_numbers(ward, client):
    resident("samantha", email="bounced", postcode="AB1 2CD", last_name="Smith")
    sign_in(client, make_staff(Role.COMMUNICATIONS))

    for path in ("/staff/members/unreachable/", "/staff/members/unreachable/residents/"):
        page = client.get(path).content.decode()
        assert "samantha" not in page.lower()
        assert "smith" not in page.lower()
        assert "home.example" not in page
    assert "not told" in client.get("/staff/members/unreachable/").content.decode()


def test_officers_see_numbers_and_no_list(ward, client):
    sign_in(client, make_staff(Role.OFFICER))

    page = client.get("/staff/members/unreachable/")

    assert page.status_code == 200
    assert "unreachable/residents" not in page.content.decode()
    assert client.get("/staff/members/unreachable/residents/").status_code == 404
