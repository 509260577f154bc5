"""What staff see: numbers by area in their scope, no names."""

import pytest

from peelian.accounts.models import Staff
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.members.models import Group
from peelian.members.tests.factories import make_member, make_postcode, make_ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def patch(settings):
    settings.PEELIAN_DEMO = True
    make_postcode("AB12CD")
    make_postcode("CD34EF", -1.985)
    wards = [make_ward(), make_ward("W02", "Castle Vale", column=1)]
    mobile = contacts.address(Address.Kind.MOBILE, "07700 900123")
    for number in range(6):
        make_member(f"r{number}@home.example", postcode="AB1 2CD", mobile=mobile, first_name="Zebedee")
    make_member("un@home.example", postcode="AB1 2CD", confirmed=False)
    make_member("cv@home.example", postcode="CD3 4EF")
    make_member("nowhere@home.example")
    return wards


def visit(client, role, *scope):
    staff = Staff.objects.create(email=f"{role}@heartshire.example", role=role, is_demo=True, last_seen_at=clock.now())
    staff.set_password("a long enough password")
    staff.save()
    staff.scope.set(scope)
    client.force_login(staff)
    return client


def rows(page):
    return [[" ".join(cell.text_content().split()) for cell in row] for row in page.document.cssselect("tbody tr")]


def test_the_force_sees_every_area_and_who_has_no_place(client, patch):
    page = visit(client, "communications").page("/staff/members/")
    # One has no place and one lives in Castle Vale: Elm Bridge goes with them, or nine less seven would tell the two
    assert rows(page) == [
        ["Castle Vale", *["not told"] * 5],
        ["Elm Bridge", *["not told"] * 5],
    ]
    assert page.texts(".p-stat__number") == ["9", "8", "not told"]
    assert "Zebedee" not in page.text()


def test_an_officer_sees_their_patch(client, patch):
    page = visit(client, "officer", patch[0]).page("/staff/members/")
    assert [row[0] for row in rows(page)] == ["Elm Bridge"]
    assert page.texts(".p-stat__number") == ["7", "6"]


@pytest.mark.parametrize("role", ["analyst", "auditor"])
def test_roles_without_the_permission_find_nothing(client, patch, role):
    visit(client, role)
    for path in ("/staff/members/", "/staff/members/groups/"):
        assert client.get(path).status_code == 404


def test_groups_count_people_in_scope(client, patch):
    group = Group.objects.create(slug="dogs", name="Dog walkers")
    from peelian.members.models import Member

    for member in Member.objects.all():
        member.memberships.create(group=group)
    assert rows(visit(client, "supervisor").page("/staff/members/groups/")) == [
        ["Dog walkers", "Every team", "Nobody", "Residents by themselves", "9"]
    ]
    assert rows(visit(client, "officer", patch[0]).page("/staff/members/groups/"))[0][-1] == "7"


def test_the_page_costs_the_same_with_more_areas(client, patch, django_assert_max_num_queries):
    visit(client, "communications")
    client.page("/staff/members/")
    with django_assert_max_num_queries(12):
        client.page("/staff/members/")
