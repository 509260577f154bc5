"""Every page under /staff/, for every role, with something in the person's area and something outside it: opened, or
not found, exactly as accounts.roles and the scope say.

A new page is found by itself. When its address names something (a reference, a number), say in staff_examples.EXAMPLES
how that something is made; until then the test fails and says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from peelian.accounts import middleware
from peelian.accounts.models import Staff
from peelian.accounts.roles import FOR_THE_FORCE, PERMISSIONS, Role, allows
from peelian.accounts.tests.factories import make_area, make_staff, make_team, sign_in
from peelian.audit.door import WHOLE_FORCE
from tests.structure.staff_examples import EXAMPLES, Example
from tests.structure.staff_rows import World

# Pages without a permission: allauth's own (the middleware's lists say who may open which) and the one-time link
WITHOUT_PERMISSION = {"accounts_staff:set_up"}
ALLAUTH = "staff/account/"


@dataclass(frozen=True)
class StaffUrl:
    name: str
    route: str
    view: Any

    @property
    def names_something(self) -> bool:
        return "<" in self.route or "(?P" in self.route


def walk(patterns: list[URLPattern | URLResolver], route: str = "", namespace: str = "") -> Iterator[StaffUrl]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, here, inner)
        elif here.startswith("staff/") or hasattr(pattern.callback, "permission"):
            yield StaffUrl(f"{namespace}{pattern.name}", here, pattern.callback)


ALL = list(walk(get_resolver().url_patterns))
OURS = [url for url in ALL if not url.route.startswith(ALLAUTH)]
GUARDED = [url for url in OURS if url.name not in WITHOUT_PERMISSION]
UNDER_STAFF = [
    url for url in GUARDED if url.route.startswith("staff/")
]  # the outbox is not, and only there in demo mode


@pytest.fixture
def world(db) -> World:
    inside, outside = make_area("W01", "Elm Bridge"), make_area("W02", "Castle Vale", at=1)
    team, other = make_team("Elm Bridge team", inside), make_team("Castle Vale team", outside)
    neighbour = make_staff(Role.OFFICER, inside, teams=[team])
    stranger = make_staff(Role.OFFICER, outside, teams=[other])
    found = World(inside, outside, team, other, neighbour, stranger)
    for role in Role.values:
        areas = [] if role in FOR_THE_FORCE else [inside]
        found.people[role] = make_staff(role, *areas, teams=[team])
    return found


def answer(person: Staff, url: StaffUrl, arguments: list[Any], posted: dict[str, Any]) -> int:
    """What the page answers to the person; a page that only takes forms is sent one. What it does is undone."""
    client = Client()
    sign_in(client, person)
    path = reverse(url.name, args=arguments)
    with transaction.atomic():
        status = client.get(path).status_code
        if status == 405:
            status = client.post(path, posted).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("url", UNDER_STAFF, ids=lambda url: url.name)
def test_every_staff_page_opens_for_the_right_people_only(world, url):
    permission = getattr(url.view, "permission", None)
    assert permission, f"{url.name} ({url.route}) has no permission: decorate its view with needs(…)."
    example = EXAMPLES.get(url.name)
    if example is None and url.names_something:
        pytest.fail(
            f"{url.name} ({url.route}) has no example: say in staff_examples how to make what its address names."
        )
    example = example or Example(lambda *_: [], scoped=False)
    near = example.make(world, world.team, world.inside)
    wrong = []
    for role, person in world.people.items():
        expected = example.opened if allows(role, permission) else {404}
        if (status := answer(person, url, near, example.posted)) not in expected:
            wrong.append(f"{role}, in their area: {status}, not {sorted(expected)}")
    if example.scoped:
        far = example.make(world, world.other_team, world.outside)
        for role, person in world.people.items():
            expected = example.opened if role in FOR_THE_FORCE and allows(role, permission) else {404}
            if (status := answer(person, url, far, example.posted)) not in expected:
                wrong.append(f"{role}, outside their area: {status}, not {sorted(expected)}")
    assert wrong == [], f"{url.name} ({permission})"


@pytest.mark.parametrize("role", sorted(FOR_THE_FORCE))
def test_somebody_with_areas_whose_role_has_none_opens_nothing_beyond_them(world, role):
    """Accounts like this are not made any more; there may be some from before."""
    person = make_staff(role, world.inside, teams=[world.team])
    for url in UNDER_STAFF:
        example = EXAMPLES.get(url.name) or Example(lambda *_: [], scoped=False)
        if url.view.permission in WHOLE_FORCE or example.scoped:
            with transaction.atomic():
                far = example.make(world, world.other_team, world.outside)
                assert answer(person, url, far, example.posted) == 404, f"{role}: {url.name}"
                transaction.set_rollback(True)


def test_the_roles_without_areas_are_those_that_see_what_no_area_cuts():
    assert {role for permission in WHOLE_FORCE for role in PERMISSIONS[permission]} == FOR_THE_FORCE


def test_the_list_of_areas_names_those_in_scope_only(world):
    for role, person in world.people.items():
        client = Client()
        sign_in(client, person)
        page = client.get(reverse("places_staff:list")).content.decode()
        assert "Elm Bridge" in page, role
        assert ("Castle Vale" in page) == (role in FOR_THE_FORCE), role


@pytest.mark.parametrize("url", GUARDED, ids=lambda url: url.name)
def test_nobody_comes_in_without_signing_in(client, db, url):
    arguments = ["x" if part.startswith(("str:", "slug:")) else 1 for part in url.route.split("<")[1:]]
    for response in (client.get(reverse(url.name, args=arguments)), client.post(reverse(url.name, args=arguments))):
        assert response.status_code in (302, 405), url.name
        assert response.status_code == 405 or response.url.startswith("/staff/account/login/?next=")


def test_every_permission_that_a_view_names_is_in_the_table():
    assert {url.view.permission for url in GUARDED if hasattr(url.view, "permission")} <= set(PERMISSIONS)


def test_of_allauths_pages_only_the_listed_ones_open(client, db):
    listed = middleware.OPEN | middleware.SETTING_UP | middleware.OWN_SIGN_IN
    assert listed - {url.name for url in ALL} == set(), "the lists in accounts.middleware name pages that do not exist"
    sign_in(client, make_staff())
    for url in ALL:
        if url.route.startswith(ALLAUTH) and url.name not in listed and not url.names_something:
            assert client.get(reverse(url.name)).status_code == 404, url.name
