"""People and teams: adding, set-up links, roles and scope, disabling."""

import datetime as dt
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail, signing

from peelian.accounts import actions, links, queries
from peelian.accounts.errors import BadLink, ForTheWholeForce, LastAdministrator, NotYourself
from peelian.accounts.models import Staff, Team
from peelian.accounts.personal_data import empty_old_accounts
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import PASSWORD, give_app, make_area, make_staff, make_team, sign_in
from peelian.audit.actions import COMMAND_LINE
from peelian.audit.models import Event
from peelian.core import clock

pytestmark = pytest.mark.django_db


def invited(**given) -> Staff:
    given = {"email": "new@heartshire.example", "role": Role.OFFICER, "areas": [], "teams": []} | given
    return actions.add_staff(by=COMMAND_LINE, **given)


def path_of(link: str) -> str:
    return link.removeprefix("http://testserver")


@pytest.fixture(autouse=True)
def _address(settings):
    settings.PEELIAN_BASE_URL = "http://testserver"


# Set-up links ------------------------------------------------------------------------------------------------------


def test_a_link_sets_the_password_and_leads_to_the_second_step(client):
    staff = invited()
    path = path_of(links.make(staff))
    assert client.page(path).texts("h1") == ["Set up your account"]
    page = client.page(path, {"password1": PASSWORD, "password2": PASSWORD}, post=True)
    assert page.texts("h1") == ["Set up your second step"]
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)
    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["staff.added", "staff.set_up", "staff.signed_in"]


def test_a_used_link_is_refused(client):
    staff = invited()
    path = path_of(links.make(staff))
    client.page(path, {"password1": PASSWORD, "password2": PASSWORD}, post=True)
    client.post("/staff/account/logout/")
    page = client.page(path, expect=410)
    assert page.texts("h1") == ["This link no longer works"]
    other = "another good one 77 lamp"
    client.page(path, {"password1": other, "password2": other}, post=True, expect=410)
    staff.refresh_from_db()
    assert staff.check_password(PASSWORD)


def test_a_link_of_eight_days_ago_is_refused(client, monkeypatch):
    staff = invited()
    eight_days_ago = signing.time.time() - timedelta(days=8).total_seconds()
    with monkeypatch.context() as patch:
        patch.setattr(signing.time, "time", lambda: eight_days_ago)
        link = links.make(staff)
    assert client.page(path_of(link), expect=410).texts("h1") == ["This link no longer works"]


def test_a_newer_link_ends_the_older(client):
    staff = invited()
    older = links.make(staff)
    newer = actions.make_link(staff=staff, by=COMMAND_LINE)
    client.page(path_of(older), expect=410)
    client.page(path_of(newer))


def test_an_altered_link_and_one_of_a_disabled_account_are_refused(client):
    staff = invited()
    path = path_of(links.make(staff))
    client.page(path[:-3] + "x/", expect=410)
    actions.disable(staff=staff, by=COMMAND_LINE)
    client.page(path, expect=410)


def test_a_new_link_takes_password_and_second_step_away(client):
    staff = sign_in(client, make_staff())
    assert client.get("/staff/accounts/me/").status_code == 200
    link = actions.make_link(staff=staff, by=COMMAND_LINE)
    assert client.get("/staff/accounts/me/").status_code == 302
    staff.refresh_from_db()
    assert staff.pending
    assert not staff.authenticator_set.exists()
    assert links.read(link.rstrip("/").rsplit("/", 1)[1]) == staff


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("short", "short", "too short"),
        ("password1234", "password1234", "too common"),
        (PASSWORD, PASSWORD + "x", "The two passwords are not the same"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_with_a_sentence(client, first, second, said):
    staff = invited()
    page = client.page(path_of(links.make(staff)), {"password1": first, "password2": second}, post=True)
    assert said in page.text()
    staff.refresh_from_db()
    assert staff.pending


def test_set_up_twice_at_once_counts_once():
    staff = invited()
    token = links.make(staff).rstrip("/").rsplit("/", 1)[1]
    actions.set_up(token=token, password=PASSWORD)
    with pytest.raises(BadLink):
        actions.set_up(token=token, password="another good one 77 lamp")


# An administrator's pages ------------------------------------------------------------------------------------------


def test_adding_somebody_mails_the_link_and_shows_it_once(client):
    ward, team = make_area("W01", "Elm Bridge"), make_team()
    admin = sign_in(client, make_staff(Role.ADMINISTRATOR))
    given = {
        "email": "New@Heartshire.example",
        "name": "Ash Vale",
        "role": "officer",
        "areas": ward.pk,
        "teams": team.pk,
    }
    page = client.page("/staff/accounts/new/", given, post=True)
    assert page.texts("h1") == ["Ash Vale has a set-up link"]
    staff = Staff.objects.get(email="new@heartshire.example")
    assert (staff.role, list(staff.scope.all()), list(staff.teams.all())) == ("officer", [ward], [team])
    assert mail.outbox[0].to == ["new@heartshire.example"]
    mailed = re.search(r"http://testserver\S+", mail.outbox[0].body)[0]
    assert page.texts("#set-up-link") == [mailed]
    client.page(path_of(mailed))
    event = Event.objects.get(verb="staff.added")
    assert (event.actor_id, event.data) == (admin.pk, {"role": "officer", "areas": ["W01"], "teams": [team.slug]})
    page = client.page("/staff/accounts/new/", given, post=True)
    assert "Somebody with that email address has an account already." in page.text()


def test_the_list_is_filtered_and_paged(client):
    team = make_team()
    admin = sign_in(client, make_staff(Role.ADMINISTRATOR, name="Aa Admin"))
    for n in range(30):
        make_staff(Role.OFFICER, name=f"Officer {n:02}", teams=[team] if n < 3 else [])
    make_staff(Role.ANALYST, name="Gone Person", is_active=False)
    invited()

    def names(query: str) -> list[str]:
        return client.page(f"/staff/accounts/{query}").texts("tbody td:first-child a")

    assert len(names("")) == 25
    assert len(names("?page=2")) == 8
    assert names(f"?team={team.pk}") == ["Officer 00", "Officer 01", "Officer 02"]
    assert names("?role=administrator") == [admin.name]
    assert names("?state=disabled") == ["Gone Person"]
    assert names("?state=pending") == ["new@heartshire.example"]
    assert "32 people" not in client.page("/staff/accounts/?role=analyst").text()


def test_a_list_of_staff_asks_a_fixed_number_of_questions(client, django_assert_max_num_queries):
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    team, ward = make_team(), make_area("W01")
    for _ in range(20):
        make_staff(Role.OFFICER, ward, teams=[team])
    with django_assert_max_num_queries(14):
        client.get("/staff/accounts/")


def test_changing_a_role_is_recorded_before_and_after(client):
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    staff = make_staff(Role.OFFICER)
    given = {"name": "Pat Alder", "role": "supervisor"}
    page = client.page(f"/staff/accounts/{staff.pk}/", given, post=True)
    assert page.texts("h1") == ["Staff"]
    event = Event.objects.get(verb="staff.changed")
    assert (event.data["before"]["role"], event.data["after"]["role"]) == ("officer", "supervisor")
    assert "Alder" not in str(event.data)


def test_an_administrator_cannot_change_their_own_rights(client):
    admin = sign_in(client, make_staff(Role.ADMINISTRATOR))
    make_staff(Role.ADMINISTRATOR)
    page = client.page(f"/staff/accounts/{admin.pk}/", {"role": "auditor"}, post=True)
    assert "You cannot change your own role" in page.text()
    page = client.page(f"/staff/accounts/{admin.pk}/disable/", {}, post=True, expect=409)
    assert "Ask another administrator" in page.text()
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("administrator", True)


def test_an_auditor_has_no_areas(client):
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    ward = make_area("W01")
    officer = make_staff(Role.OFFICER, ward)
    said = "An auditor reads the trail of the whole force, so they cannot have areas."
    given = {"email": "new@heartshire.example", "role": "auditor", "areas": [ward.pk]}
    assert said in client.page("/staff/accounts/new/", given, post=True).text()
    assert said in client.page(f"/staff/accounts/{officer.pk}/", given, post=True).text()
    for write in (
        lambda: invited(role=Role.AUDITOR, areas=[ward]),
        lambda: actions.change_staff(
            staff=officer, name="", role=Role.AUDITOR, areas=[ward], teams=[], by=make_staff(Role.ADMINISTRATOR)
        ),
    ):
        with pytest.raises(ForTheWholeForce):
            write()
    assert not Staff.objects.filter(role=Role.AUDITOR).exists()
    assert not Event.objects.filter(verb__in=["staff.added", "staff.changed"]).exists()
    client.page(f"/staff/accounts/{officer.pk}/", given | {"areas": []}, post=True)
    officer.refresh_from_db()
    assert (officer.role, officer.scope.count()) == ("auditor", 0)


def test_an_auditor_with_areas_from_before_is_put_right_on_their_page(client):
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    auditor = make_staff(Role.AUDITOR, make_area("W01"))
    client.page(f"/staff/accounts/{auditor.pk}/", {"role": "auditor"}, post=True)
    assert not auditor.scope.exists()


def test_an_administrator_of_some_areas_makes_no_auditor(client):
    ward = make_area("W01")
    sign_in(client, make_staff(Role.ADMINISTRATOR, ward))
    page = client.page("/staff/accounts/new/")
    assert [box.get("value") for box in page.document.cssselect("[name=role]")] == [
        role for role in Role.values if role != Role.AUDITOR
    ]
    for areas in ([], [ward.pk]):
        given = {"email": "new@heartshire.example", "role": "auditor", "areas": areas}
        assert "Choose one of these roles" in client.page("/staff/accounts/new/", given, post=True).text()
    assert not Staff.objects.filter(role=Role.AUDITOR).exists()


def test_the_last_administrator_stays():
    one = make_staff(Role.ADMINISTRATOR)
    waiting = make_staff(Role.ADMINISTRATOR)
    waiting.set_unusable_password()
    waiting.save()
    with pytest.raises(LastAdministrator):
        actions.disable(staff=one, by=COMMAND_LINE)
    with pytest.raises(LastAdministrator):
        actions.change_staff(staff=one, name="", role=Role.OFFICER, areas=[], teams=[], by=waiting)
    one.refresh_from_db()
    assert (one.is_active, one.role) == (True, Role.ADMINISTRATOR)
    with pytest.raises(NotYourself):
        actions.make_link(staff=one, by=one)


def test_disabling_and_enabling_ask_first(client):
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    staff = make_staff(Role.OFFICER, name="Pat Alder")
    page = client.page(f"/staff/accounts/{staff.pk}/disable/")
    assert page.texts("h1") == ["Disable Pat Alder?"]
    client.page(f"/staff/accounts/{staff.pk}/disable/", {}, post=True)
    staff.refresh_from_db()
    assert not staff.is_active
    client.page(f"/staff/accounts/{staff.pk}/enable/", {}, post=True)
    staff.refresh_from_db()
    assert (staff.is_active, staff.disabled_at) == (True, None)


def test_an_administrator_of_one_sector_stays_inside_it(client):
    sector = make_area("S1", kind="sector")
    inside = make_area("W01", parent=sector)
    outside = make_area("W02", at=1)
    sign_in(client, make_staff(Role.ADMINISTRATOR, sector))
    near, far, whole = make_staff(Role.OFFICER, inside), make_staff(Role.OFFICER, outside), make_staff(Role.OFFICER)
    across = make_staff(Role.OFFICER, inside, outside)
    assert client.get(f"/staff/accounts/{near.pk}/").status_code == 200
    for other in (far, whole, across):
        assert client.get(f"/staff/accounts/{other.pk}/").status_code == 404
    page = client.page(f"/staff/accounts/{near.pk}/", {"role": "administrator"}, post=True)
    assert "Choose at least one of your areas" in page.text()
    page = client.page(f"/staff/accounts/{near.pk}/", {"role": "officer", "areas": outside.pk}, post=True)
    assert page.texts("h1") == [near.email]  # not saved
    near.refresh_from_db()
    assert (near.role, list(near.scope.all())) == ("officer", [inside])


def test_saving_keeps_teams_and_people_that_the_administrator_does_not_see(client):
    sector = make_area("S1", kind="sector")
    inside = make_area("W01", parent=sector)
    other_team, own_team = make_team("Other team", make_area("W02", at=1)), make_team("Own team", inside)
    stranger = make_staff(Role.OFFICER, teams=[own_team])
    near = make_staff(Role.OFFICER, inside, teams=[other_team])
    sign_in(client, make_staff(Role.ADMINISTRATOR, sector))
    client.page(f"/staff/accounts/{near.pk}/", {"role": "officer", "areas": inside.pk, "teams": own_team.pk}, post=True)
    assert set(near.teams.all()) == {other_team, own_team}
    given = {"name": "Own team", "organisation": own_team.organisation_id, "areas": inside.pk, "people": near.pk}
    client.page(f"/staff/accounts/teams/{own_team.slug}/", given, post=True)
    assert set(own_team.people.all()) == {near, stranger}
    assert client.get(f"/staff/accounts/teams/{other_team.slug}/").status_code == 404


def test_teams_are_made_and_changed(client):
    ward = make_area("W01", "Elm Bridge")
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    officer = make_staff(Role.OFFICER)
    police = Team.objects.get(slug="force").organisation
    given = {"name": "Elm Bridge team", "organisation": police.pk, "areas": ward.pk, "people": officer.pk}
    given |= {"public_email": "elm@heartshire.example", "public_phone": "101", "about": "Ask us anything."}
    page = client.page("/staff/accounts/teams/new/", given, post=True)
    assert "Elm Bridge team" in page.texts("tbody td:first-child")
    team = Team.objects.get(slug="elm-bridge-team")
    assert (list(team.areas.all()), list(team.people.all()), team.public_phone) == ([ward], [officer], "101")
    page = client.page("/staff/accounts/teams/new/", given | {"public_phone": "ring me"}, post=True)
    assert page.texts(".govuk-error-message") != []
    client.page("/staff/accounts/teams/new/", given, post=True)
    assert Team.objects.filter(slug="elm-bridge-team-2").exists()


# Oneself and the public --------------------------------------------------------------------------------------------


def test_a_name_is_public_only_while_force_and_person_both_say_so(client, settings):
    team = make_team()
    staff = sign_in(client, make_staff(Role.OFFICER, name="Pat Alder", teams=[team]))
    make_staff(Role.AUDITOR, name="Never Shown", show_name=True, teams=[team])
    make_staff(Role.OFFICER, name="Gone Person", show_name=True, is_active=False, teams=[team])
    settings.PEELIAN_SHOW_OFFICER_NAMES = True
    assert queries.public_people(team) == [queries.PublicPerson("Officer", "")]
    client.page("/staff/accounts/me/", {"job_title": "PCSO", "show_name": "on"}, post=True)
    assert queries.public_people(team) == [queries.PublicPerson("PCSO", "Pat Alder")]
    settings.PEELIAN_SHOW_OFFICER_NAMES = False
    assert queries.public_people(team) == [queries.PublicPerson("PCSO", "")]
    settings.PEELIAN_SHOW_OFFICER_NAMES = True
    client.page("/staff/accounts/me/", {"job_title": "PCSO"}, post=True)
    assert queries.public_people(team) == [queries.PublicPerson("PCSO", "")]
    staff.refresh_from_db()
    assert not staff.show_name


# The night ---------------------------------------------------------------------------------------------------------


def last_seen(staff: Staff, days: int) -> Staff:
    then = clock.now() - timedelta(days=days)
    Staff.objects.filter(pk=staff.pk).update(last_seen_at=then, joined_at=then)
    return staff


def test_accounts_unused_for_ninety_days_are_disabled():
    admin = last_seen(make_staff(Role.ADMINISTRATOR), 1)
    old, fresh = last_seen(make_staff(), 91), last_seen(make_staff(), 89)
    demo = last_seen(make_staff(is_demo=True), 200)
    never = invited()
    Staff.objects.filter(pk=never.pk).update(joined_at=clock.now() - timedelta(days=91))
    assert actions.disable_unused() == 2
    state = {staff.pk: staff.is_active for staff in Staff.objects.all()}
    assert state == {admin.pk: True, old.pk: False, fresh.pk: True, demo.pk: True, never.pk: False}
    event = Event.objects.filter(verb="staff.disabled").first()
    assert (event.actor_kind, event.data) == ("system", {"why": "not used for 90 days"})
    actions.enable(staff=old, by=COMMAND_LINE)
    assert actions.disable_unused() == 0


def test_the_administrator_seen_last_is_never_disabled_for_being_away():
    first, second = last_seen(make_staff(Role.ADMINISTRATOR), 300), last_seen(make_staff(Role.ADMINISTRATOR), 200)
    assert actions.disable_unused() == 1
    assert list(Staff.objects.filter(is_active=True)) == [second]
    assert list(Staff.objects.filter(is_active=False)) == [first]


def test_an_account_disabled_for_two_years_is_emptied():
    team = make_team("Elm Bridge team")
    gone = make_staff(email="kim@force.example", name="Kim Poe", job_title="PCSO", show_name=True, teams=[team])
    EmailAddress.objects.create(user=gone, email=gone.email, primary=True, verified=True)
    give_app(gone)
    fresh = make_staff(name="Ali Rae")
    two_years = timedelta(days=2 * 365)
    for person, ago in ((gone, two_years + timedelta(days=1)), (fresh, two_years - timedelta(days=1))):
        Staff.objects.filter(pk=person.pk).update(is_active=False, disabled_at=clock.now() - ago)
    assert (empty_old_accounts(clock.now()), empty_old_accounts(clock.now())) == (1, 0)
    gone.refresh_from_db()
    fresh.refresh_from_db()
    assert (gone.name, gone.job_title, gone.show_name, gone.pending) == ("", "", False, True)
    assert "kim" not in gone.email
    assert not gone.teams.exists()
    assert not Authenticator.objects.exists()
    assert not EmailAddress.objects.exists()
    assert fresh.name == "Ali Rae"


def test_an_area_that_has_ended_stays_until_another_is_chosen(client):
    """Saving anything else would otherwise leave no area, which is the whole force."""
    ended, now = make_area("W01", "Old Ward"), make_area("W02", at=1)
    ended.valid_to = dt.date(2026, 5, 3)
    ended.save()
    officer, team = make_staff(Role.OFFICER, ended), make_team("Old team", ended)
    sign_in(client, make_staff(Role.ADMINISTRATOR))
    for path in (f"/staff/accounts/{officer.pk}/", f"/staff/accounts/teams/{team.slug}/"):
        page = client.page(path)
        assert "Old Ward, until Sunday 3 May 2026" in page.text()
        posted = dict(page.document.cssselect("main form")[0].form_values())
        assert posted["areas"] == str(ended.pk)
        client.post(path, posted)
    assert (list(officer.scope.all()), list(team.areas.all())) == ([ended], [ended])
    assert queries.scope_area_ids(officer) == {ended.pk}
    client.post(f"/staff/accounts/{officer.pk}/", {"role": "officer", "areas": now.pk})
    assert list(officer.scope.all()) == [now]
    assert "Old Ward" not in client.page(f"/staff/accounts/{officer.pk}/").text()
