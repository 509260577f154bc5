"""Today, for each role: what waits, what happened, the patch."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.alerts import actions as alerts
from peelian.alerts.tests.factories import make_draft, make_force, make_sent
from peelian.conversations.tests.factories import make_address, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make_force()


def headings(page) -> list[str]:
    return page.texts("main h2, main h3")


def test_an_officer_sees_drafts_and_replies_of_their_team(client, force):
    make_draft(force)
    make_thread(force.team)
    make_thread(force.team, make_address("other@home.example"))
    sign_in(client, force.officer)
    page = client.page("/staff/")
    assert headings(page)[:3] == ["What waits for you", "2 replies to answer", "Your 1 draft"]
    assert all(page.texts(".p-list__title .p-list__meta"))  # how each begins: many are about the same neighbourhood
    assert page.texts(".p-list__title")[-1] == "Vans broken into on Mill Lane"
    assert "Write an alert" in page.text()


def test_a_supervisor_sees_what_to_approve_and_the_author_does_not(client, force):
    alert = make_draft(force)
    alerts.ask_for_approval(alert=alert, by=force.officer)
    sign_in(client, force.supervisor)
    page = client.page("/staff/")
    assert "1 alert to approve" in headings(page)
    assert f"/staff/alerts/{alert.ref}/check/" in page.links()
    client.logout()
    sign_in(client, force.officer)
    page = client.page("/staff/")
    assert "1 alert to approve" not in headings(page)
    assert "Nothing waits for you" in page.text()


def test_what_a_word_brought_up_comes_first_to_whoever_supervises(client, force):
    thread = make_thread(force.team, text="There is a man with a knife behind the school.")
    sign_in(client, force.supervisor)
    page = client.page("/staff/")
    assert headings(page)[:2] == ["What waits for you", "Look at these first"]
    assert thread.get_absolute_url() in page.links()
    client.logout()
    sign_in(client, force.officer)
    assert "Look at these first" not in headings(client.page("/staff/"))


def test_what_went_out_and_where(client, force):
    alert = make_sent(force)
    sign_in(client, force.officer)
    page = client.page("/staff/")
    assert f"/staff/alerts/{alert.ref}/" in page.links()
    assert "1 alert about its neighbourhoods in the last 28 days" in page.text()
    figures = dict(zip(page.texts("table td:first-child"), page.texts("table td.p-num"), strict=True))
    assert sorted(figures.values()) == ["0", "1"]  # the two wards of P0, the officer's scope
    shades = [path.get("class") for path in page.document.cssselect(".p-patch path")]
    assert sorted(shades) == ["p-patch__0", "p-patch__4"] or sorted(shades) == ["p-patch__0", "p-patch__1"]


def test_the_whole_force_has_the_whole_picture(client, force):
    sign_in(client, force.communications)
    assert len(client.page("/staff/").document.cssselect(".p-patch path")) == 6


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Role.ADMINISTRATOR, "You look after staff and teams."),
        (Role.AUDITOR, "You look after the audit trail."),
        (Role.ANALYST, "Nothing: your role reads, others write."),
    ],
)
def test_roles_without_a_queue_are_told_what_theirs_is(client, force, role, said):
    sign_in(client, make_staff(role))
    page = client.page("/staff/")
    assert said in page.text()
    assert "Write an alert" not in page.text()


def test_an_empty_installation_has_a_page_too(client):
    sign_in(client, make_staff(Role.OFFICER))
    page = client.page("/staff/")
    assert headings(page) == ["What waits for you", "What just happened"]


def test_the_navigation_is_the_roles(client, force):
    sign_in(client, make_staff(Role.AUDITOR))
    entries = client.page("/staff/").texts("#navigation a")
    assert entries[0] == "Today"
    assert "Audit" in entries
    assert "Staff and teams" not in entries
    assert "Conversations" not in entries


def test_places_of_one_group_are_one_entry_and_stand_beside_each_other_on_their_pages(client, force):
    sign_in(client, make_staff(Role.SUPERVISOR))
    assert client.page("/staff/").texts(".p-nav-beside a") == []
    page = client.page("/staff/members/campaigns/")
    assert page.texts("#navigation [aria-current]") == ["Residents"]
    assert page.texts(".p-nav-beside a")[:2] == ["Residents", "Network"]
    assert page.texts(".p-nav-beside [aria-current]") == ["Campaigns"]


def test_today_costs_the_same_however_much_waits(client, force):
    sign_in(client, force.officer)
    client.get("/staff/")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/staff/")
        return len(asked)

    few = [make_draft(force), make_thread(force.team)] and cost()
    for n in range(6):
        make_draft(force)
        make_thread(force.team, make_address(f"r{n}@home.example"))
    assert cost() <= few
