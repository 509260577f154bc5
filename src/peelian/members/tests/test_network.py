"""Key individuals: consent, contacts in two taps, looks at contact details written down, gaps."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, make_team, sign_in
from peelian.audit.models import Event
from peelian.core import clock
from peelian.members import actions
from peelian.members.errors import NeedsCommunity
from peelian.members.models import KeyIndividual
from peelian.members.tests.factories import make_member, make_postcode, make_ward

pytestmark = pytest.mark.django_db
PAGE = "/staff/members/network/"


@pytest.fixture
def officer(client):
    make_postcode()
    ward = make_ward()
    return sign_in(client, make_staff(Role.OFFICER, ward, teams=[make_team("Elm Bridge team", ward)], name="Sam Poe"))


@pytest.fixture
def network(officer):
    given = {"name": "Key people", "about": "", "open": False, "network": True, "team": officer.teams.get()}
    return actions.make_group(by=officer, communities="Polish shops\nAl-Noor mosque\n", **given)


def known(network, officer, *, email="imam@home.example", community="Al-Noor Mosque", late=False, **given):
    given = {"first_name": "Yusuf", "last_name": "Khan", "postcode": "AB12CD", **given}
    member = make_member(email, **given)
    made = actions.invite(group=network, member=member, by=officer, community=community, role="Imam")
    actions.answer_invitation(invitation=made, yes=True, by=actions.MemberActor(member.pk))
    key = KeyIndividual.objects.get(member=member)
    if late:
        KeyIndividual.objects.filter(pk=key.pk).update(next_contact=clock.today() - timedelta(days=1))
    return key


def test_nobody_is_in_a_network_without_a_community_and_their_yes(network, officer):
    member = make_member("a@home.example", postcode="AB12CD")
    with pytest.raises(NeedsCommunity):
        actions.invite(group=network, member=member, by=officer)
    actions.invite(group=network, member=member, by=officer, community="Choir", role="Leads it")
    assert not KeyIndividual.objects.exists()
    key = known(network, officer)
    assert (key.invitation.accepted, key.invitation.wording.kind, key.keeper) == (True, "network", officer)


def test_who_is_due_stands_on_today_for_their_keeper_and_the_supervisor(client, network, officer):
    key = known(network, officer, late=True)
    known(network, officer, email="later@home.example", community="Choir")
    KeyIndividual.objects.exclude(pk=key.pk).update(next_contact=clock.today() + timedelta(days=9))
    assert client.page("/staff/").texts("main h3") == ["Key people to speak to"]
    assert f"{PAGE}{key.pk}/" in client.page("/staff/").links()
    other = make_staff(Role.OFFICER, *officer.scope.all(), teams=officer.teams.all())
    supervisor = make_staff(Role.SUPERVISOR, *officer.scope.all(), teams=officer.teams.all())
    for one, seen in ((other, False), (supervisor, True)):
        client.logout()
        sign_in(client, one)
        assert ("Imam, Al-Noor Mosque" in client.page("/staff/").text()) == seen


def test_a_contact_is_logged_in_two_taps(client, network, officer):
    key = known(network, officer, late=True)
    page = client.page(PAGE)
    assert "person we should have spoken to by now" in page.text()
    client.page(f"{PAGE}{key.pk}/")  # the first
    page = client.page(f"{PAGE}{key.pk}/log/", {"how": "phoned"}, post=True)  # the second
    assert "Written down" in page.text()
    key.refresh_from_db()
    assert (key.last_contact, key.next_contact) == (clock.today(), clock.today() + timedelta(days=90))
    assert key.contacts.get().how == "phoned"
    assert Event.objects.get(verb="network.contact_logged").data == {"how": "phoned"}
    assert "Phoned" in client.page(f"{PAGE}{key.pk}/").text()
    assert client.post(f"{PAGE}{key.pk}/log/", {"how": "shouted"}).status_code == 404


def test_every_look_at_contact_details_has_a_reason_in_the_trail(client, network, officer):
    key = known(network, officer)
    for path in (PAGE, f"{PAGE}{key.pk}/", f"{PAGE}coverage/"):
        assert "imam@home.example" not in client.page(path).text()
    page = client.page(f"{PAGE}{key.pk}/", {}, post=True)
    assert "imam@home.example" not in page.text()
    assert not Event.objects.filter(verb="network.contact_details_seen").exists()
    page = client.page(f"{PAGE}{key.pk}/", {"reason": "tension"}, post=True)
    assert "imam@home.example" in page.text()
    event = Event.objects.get(verb="network.contact_details_seen")
    assert (event.actor_id, event.data) == (officer.pk, {"member": key.member_id, "reason": "tension"})


def test_gaps_by_ward_and_community(client, network, officer):
    known(network, officer, late=True)
    page = client.page(f"{PAGE}coverage/").text()
    assert "Polish shops" in page
    file = b"".join(client.get(f"{PAGE}coverage.csv")).decode()
    rows = list(csv.reader(io.StringIO(file)))[1:]
    assert rows == [
        ["ward", "Elm Bridge", "1", "1", "All overdue"],
        ["community", "Polish shops", "0", "0", "Nobody yet"],
        ["community", "Al-Noor mosque", "1", "1", "All overdue"],
    ]
    assert "Khan" not in file


def test_how_often_and_who_keeps_in_touch(client, network, officer):
    key = known(network, officer)
    given = {"community": "Choir", "role": "Sings", "keeper": "", "every_days": 30}
    client.page(f"{PAGE}{key.pk}/edit/", given, post=True)
    key.refresh_from_db()
    assert (key.community, key.keeper, key.every_days) == ("Choir", None, 30)
    assert key.next_contact == clock.today() + timedelta(days=30)
    said = client.page(f"{PAGE}{key.pk}/edit/", given | {"every_days": 3}, post=True).text()
    assert "There is a problem" in said


def test_least_access(client, network, officer):
    key = known(network, officer)
    ward = officer.scope.get()
    for role in (Role.COMMUNICATIONS, Role.ANALYST, Role.ADMINISTRATOR):
        sign_in(client, make_staff(role, ward, teams=officer.teams.all()))
        assert client.get(PAGE).status_code == 404
        assert client.get(f"{PAGE}{key.pk}/").status_code == 404
        assert client.get(f"/staff/members/groups/{network.pk}/").status_code == 404
    far = make_ward("W02", "Castle Vale", 1)
    sign_in(client, make_staff(Role.OFFICER, far, teams=[make_team("Castle Vale team", far)]))
    assert client.get(f"{PAGE}{key.pk}/").status_code == 404
    assert "Yusuf" not in client.page(PAGE).text()


def test_leaving_the_group_takes_the_entry_away(network, officer):
    key = known(network, officer)
    actions.log_contact(key=key, how="met", by=officer)
    actions.leave_group(group=network, member=key.member, by=actions.MemberActor(key.member_id))
    assert not KeyIndividual.objects.exists()


def test_the_pages_take_as_many_queries_for_one_as_for_many(client, network, officer):
    known(network, officer)
    counts = []
    for number in range(2):
        for path in (PAGE, f"{PAGE}coverage/"):
            client.get(path)
            with CaptureQueriesContext(connection) as caught:
                client.get(path)
            counts.append(len(caught))
        for more in range(6):
            known(network, officer, email=f"more{number}{more}@home.example")
    assert counts[:2] == counts[2:]
