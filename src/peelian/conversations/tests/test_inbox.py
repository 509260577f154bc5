"""The team's daily page, and what can be done from a conversation."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area
from peelian.conversations import actions, errors, figures, moving, sorting
from peelian.conversations.models import (
    DutyContact,
    Handover,
    Message,
    PassedOn,
    Raised,
    SavedAnswer,
    Tag,
    Thread,
    Wait,
)
from peelian.conversations.tests.factories import make_address, make_staff, make_team, make_thread
from peelian.conversations.tests.test_actions import jobs_waiting, trail
from peelian.core import clock
from peelian.members.tests.factories import make_member

pytestmark = pytest.mark.django_db
INBOX = "/staff/conversations/"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def officer(client, team, settings):
    settings.PEELIAN_DEMO = True  # demo accounts come in without a second factor
    staff = make_staff("pat@heartshire.example", team)
    client.force_login(staff)
    return staff


@pytest.fixture
def sergeant(team):
    return make_staff("s@heartshire.example", team, role=Role.SUPERVISOR, name="Sam Birch", job_title="Sergeant")


def titles(page):
    return page.texts(".p-rows[data-arrows] .p-row__title")


def thread_number(team, number, **given):
    return make_thread(team, make_address(f"r{number}@home.example"), subject=f"No {number}", **given)


def test_first_due_first_with_its_clock_in_words(client, officer, team):
    late = thread_number(team, 1)
    Thread.objects.filter(pk=late.pk).update(due_at=clock.now() - timedelta(days=2))
    thread_number(team, 2)
    page = client.page(INBOX)
    assert titles(page) == ["No 1", "No 2"]
    assert page.texts(".p-due--late")[0].startswith("Answer was due on ")


def test_what_was_raised_stands_above_the_list(client, officer, team):
    thread_number(team, 1)
    thread_number(team, 2, text="He has a gun")
    page = client.page(INBOX)
    assert page.texts(".p-first .p-row__title") == ["No 2"]
    assert client.get(INBOX + "raised/").status_code == 404  # a supervisor's


def test_a_supervisor_looks_and_it_leaves_the_list(client, officer, sergeant, team):
    thread_number(team, 2, text="He has a gun")
    client.force_login(sergeant)
    page = client.page(INBOX + "raised/")
    assert page.texts(".p-list__title a") == ["No 2"]
    assert "gun" not in page.response.content.decode()
    client.page(f"{INBOX}raised/{Raised.objects.get().pk}/seen/", {}, post=True)
    assert client.page(INBOX).texts(".p-first") == []
    assert Raised.objects.get().seen_by == sergeant


def test_it_says_so_where_nobody_is_told_outside_the_hours(client, officer, sergeant, team):
    client.force_login(sergeant)
    assert "Outside working hours nobody is told" in client.page(INBOX + "raised/").text()
    DutyContact.objects.create(name="Control room", address=make_address("duty@heartshire.example"))
    assert "nobody is told" not in client.page(INBOX + "raised/").text()


def test_narrowed_by_tag_area_and_age(client, officer, team):
    ward = make_area("E1", "Elm Bridge")
    one, two, three = (thread_number(team, number) for number in (1, 2, 3))
    sorting.tag(thread=one, tags=[], new="Parking", by=officer)
    Thread.objects.filter(pk=two.pk).update(area=ward)
    Thread.objects.filter(pk=three.pk).update(last_at=clock.now() - timedelta(days=8))
    assert titles(client.page(INBOX, {"tag": Tag.objects.get().pk})) == ["No 1"]
    assert titles(client.page(INBOX, {"area": ward.pk})) == ["No 2"]
    assert titles(client.page(INBOX, {"age": "7"})) == ["No 3"]


@pytest.mark.parametrize("show", ["waiting", "unassigned", "all"])
def test_pages_of_25_and_a_query_count_that_does_not_grow(client, officer, team, show):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.page(INBOX, {"show": show})
        return len(captured)

    for number in range(3):
        sorting.tag(thread=thread_number(team, number), tags=[], new=f"t{number}", by=officer)
    few = queries()
    for number in range(3, 30):
        thread_number(team, number)
    assert queries() == few
    page = client.page(INBOX, {"show": show})
    assert len(titles(page)) == 25
    after = client.page(INBOX + page.document.cssselect(".p-pages__link")[-1].get("href"))
    assert len(titles(after)) == 5
    assert set(titles(after)) & set(titles(page)) == set()


# Saved answers --------------------------------------------------------------------------------------------------------


def test_a_saved_answer_goes_in_the_box_and_not_out_as_it_is(client, officer, team):
    saved = SavedAnswer.objects.create(team=team, title="Parking", text="Thank you. We look at parking on Fridays.")
    thread = make_thread(team)
    page = client.page(f"{INBOX}{thread.pk}/insert/", {"saved": saved.pk, "text": "Dear resident"}, post=True)
    (box,) = page.document.cssselect("textarea[name=text]")
    assert box.text_content().strip() == "Dear resident\n\nThank you. We look at parking on Fridays."
    assert Message.objects.filter(how="staff").count() == 0
    page = client.page(f"{INBOX}{thread.pk}/answer/", {"text": saved.text}, post=True)
    assert "word for word" in page.texts(".govuk-error-message")[0]
    client.page(f"{INBOX}{thread.pk}/answer/", {"text": saved.text + " Yours too."}, post=True)
    assert Message.objects.filter(how="staff").count() == 1


def test_a_saved_answer_of_another_team_is_not_found(client, officer, team):
    area, other_area = make_area("E1"), make_area("E2", at=1)
    team.areas.add(area)
    officer.scope.add(area)
    other = make_team("Castle Vale team")
    other.areas.add(other_area)
    saved = SavedAnswer.objects.create(team=other, title="x", text="y")
    assert client.get(f"{INBOX}saved/{saved.pk}/").status_code == 404
    client.page(f"{INBOX}saved/new/", {"team": team.pk, "title": "Noise", "text": "Call [number]."}, post=True)
    assert SavedAnswer.objects.filter(team=team).count() == 1


# Hand-over ------------------------------------------------------------------------------------------------------------


def test_handed_over_with_a_note_the_clock_runs_on_and_the_resident_is_told(client, officer, team):
    other = make_team("Castle Vale team")
    thread = make_thread(team)
    sorting.tag(thread=thread, tags=[], new="Ours", by=officer)
    due = Thread.objects.get().due_at
    client.page(f"{INBOX}{thread.pk}/hand-over/", {"to_team": other.pk, "note": "It is on their side."}, post=True)
    thread.refresh_from_db()
    assert (thread.team, thread.due_at, thread.tags.count(), thread.assigned_to) == (other, due, 0, None)
    assert Wait.objects.get().team == other
    told = thread.messages.get(how="notice")
    assert "Castle Vale team" in told.text
    assert jobs_waiting()[-1]["args"]["object_id"] == told.pk
    assert "their side" in client.page(f"{INBOX}{thread.pk}/").response.content.decode()
    assert "their side" not in str(trail())


def test_it_is_not_handed_to_its_own_team_or_to_another_organisation(team, officer):
    from peelian.accounts.models import Organisation

    fire = Organisation.objects.create(slug="fire-x", name="Fire", bit=17)
    theirs = make_team("Fire team")
    theirs.organisation = fire
    theirs.save()
    thread = make_thread(team)
    with pytest.raises(errors.SameTeam):
        moving.hand_over(thread=thread, to=team, note="x", by=officer)
    with pytest.raises(errors.AnotherOrganisation):
        moving.hand_over(thread=thread, to=theirs, note="x", by=officer)


# Intelligence ---------------------------------------------------------------------------------------------------------


def test_nothing_is_deleted_before_the_receiver_has_it_and_then_everything(client, officer, sergeant, team):
    thread = make_thread(team, text="He sells it from the garage.")
    client.page(f"{INBOX}{thread.pk}/intelligence/", {"receiver": sergeant.pk}, post=True)
    assert thread.messages.count() == 1
    client.force_login(sergeant)
    assert client.page(INBOX + "intelligence/").texts(".p-list__title a") == [thread.subject]
    page = client.page(f"{INBOX}{thread.pk}/intelligence/receive/")
    assert "He sells it from the garage." in page.texts(".p-said__text")
    address = f"{INBOX}{thread.pk}/intelligence/receive/"
    assert client.page(address, {"reference": "I-77"}, post=True).texts(".govuk-error-message")
    assert thread.messages.count() == 1
    client.page(address, {"reference": "I-77", "sure": "on"}, post=True)
    row = PassedOn.objects.get()
    assert (row.receiver, row.reference, row.messages, bool(row.received_at)) == (sergeant, "I-77", 1, True)
    assert Message.objects.count() == 0
    thread.refresh_from_db()
    assert (thread.address, thread.member, thread.state, bool(thread.emptied_at)) == (None, None, "closed", True)
    assert Wait.objects.get().outcome == "passed-on"
    assert "garage" not in str(trail())
    assert "deleted here" in client.page(f"{INBOX}{thread.pk}/").response.content.decode()


def test_it_can_be_taken_back_until_then_and_nobody_receives_their_own(client, officer, sergeant, team):
    thread = make_thread(team)
    with pytest.raises(errors.OwnHandOver):
        moving.pass_on(thread=thread, receiver=sergeant, by=sergeant)
    with pytest.raises(errors.NotTheReceiver):
        moving.pass_on(thread=thread, receiver=officer, by=sergeant)
    moving.pass_on(thread=thread, receiver=sergeant, by=officer)
    with pytest.raises(errors.AlreadyPassedOn):
        moving.pass_on(thread=thread, receiver=sergeant, by=officer)
    client.page(f"{INBOX}{thread.pk}/intelligence/take-back/", {}, post=True)
    with pytest.raises(errors.NotOnItsWay):
        moving.receive(thread=thread, reference="", by=sergeant)
    assert thread.messages.count() == 1


# Closing --------------------------------------------------------------------------------------------------------------


def test_the_database_closes_nothing_without_a_reason(team):
    thread = make_thread(team)
    with pytest.raises(IntegrityError), transaction.atomic():
        Thread.objects.filter(pk=thread.pk).update(state="closed", waiting_since=None, due_at=None)


def test_closing_can_be_taken_back(client, officer, team):
    thread = make_thread(team)
    actions.close(thread=thread, reason="Done.", by=officer)
    client.page(f"{INBOX}{thread.pk}/reopen/", {}, post=True)
    thread.refresh_from_db()
    assert (thread.state, thread.closed_reason) == ("waiting-for-resident", "")
    with pytest.raises(errors.NotClosed):
        actions.reopen(thread=thread, by=officer)


# Contact details ------------------------------------------------------------------------------------------------------


def test_contact_details_need_the_role_and_a_reason_and_leave_a_row(client, officer, sergeant, team):
    thread = make_thread(team, make_address("valerie.stone@home.example"))
    address = f"{INBOX}{thread.pk}/contact/"
    assert "Show contact details" not in client.page(f"{INBOX}{thread.pk}/").response.content.decode()
    assert client.post(address, {"why": "safety"}).status_code == 404
    client.force_login(sergeant)
    assert "valerie.stone" not in client.page(f"{INBOX}{thread.pk}/").response.content.decode()
    assert "valerie.stone" not in client.page(address, {"why": ""}, post=True).response.content.decode()
    page = client.page(address, {"why": "call-back"}, post=True)
    assert "valerie.stone" in page.response.content.decode()
    assert page.response["Cache-Control"] == "no-store"
    ((_, _, data),) = [row for row in trail() if row[0] == "contacts.revealed"]
    assert '"reason": "call-back"' in data
    assert "valerie" not in data


# All that was said ----------------------------------------------------------------------------------------------------


def test_all_that_was_said_with_a_resident_about_an_alert_as_far_as_the_reader_may_see(client, officer, team):
    area, other_area = make_area("E1"), make_area("E2", at=1)
    team.areas.add(area)
    officer.scope.add(area)
    far = make_team("Castle Vale team")
    far.areas.add(other_area)
    member = make_member("ada@home.example")
    by_email, by_text = (
        make_thread(team, member.email, text="By email"),
        make_thread(team, member.mobile, text="By text"),
    )
    hidden = make_thread(far, make_address("third@home.example"), text="To others")
    Thread.objects.filter(pk__in=[by_email.pk, by_text.pk, hidden.pk]).update(member=member)
    page = client.page(f"{INBOX}{by_email.pk}/")
    assert page.texts(".p-said__text") == ["By email", "By text"]
    assert page.texts(".p-said__who a") == ["in another conversation of theirs"]


# The promise in figures -----------------------------------------------------------------------------------------------


def waits(team, area, kept, late, **given):
    now = clock.now()
    for number in range(kept + late):
        thread = Thread.objects.create(team=team, subject="x", last_at=now, state="closed", closed_reason="x")
        due = now - timedelta(days=2)
        began = due - timedelta(days=3)
        ended = began + timedelta(hours=10) if number < kept else due + timedelta(hours=1)
        values = {"ended_at": ended, "outcome": "answered", "first": True} | given
        Wait.objects.create(thread=thread, team=team, area=area, began_at=began, due_at=due, **values)


def test_share_and_median_by_team_and_ward_with_what_they_rest_on(client, officer, team):
    ward = make_area("E1", "Elm Bridge")
    waits(team, ward, 41, 4)
    waits(team, ward, 3, 0, outcome="passed-on")  # neither for nor against
    waits(team, ward, 0, 2, ended_at=None, outcome="")  # overdue: they count against
    waits(team, make_area("E2", "Castle Vale", at=1), 3, 0)
    page = client.page(INBOX + "figures/")
    cells = page.texts("table td")
    rows = {name: cells[cells.index(name) + 1 : cells.index(name) + 3] for name in ("Elm Bridge team", "Elm Bridge")}
    assert rows["Elm Bridge team"] == ["44 of 50 (88%; 76% to 94%)", "10 hours, from 48 first answers"]
    assert rows["Elm Bridge"] == ["41 of 47 (87%; 75% to 94%)", "10 hours, from 45 first answers"]
    assert cells[cells.index("Castle Vale") + 1 :][:2] == ["fewer than 5", "fewer than 5"]


def test_the_public_figure_of_a_neighbourhood(client, team, django_assert_num_queries):
    ward = make_area("E1", "Elm Bridge")
    team.areas.add(ward)
    assert figures.in_public(ward) == "We answer within three working days."
    waits(team, ward, 41, 4)
    cache.clear()
    said = "We answer within three working days: 41 of 45 in the last 90 days."
    assert said in client.page("/areas/E1/").response.content.decode()
    with CaptureQueriesContext(connection) as captured:
        figures.in_public(ward)
    few = len(captured)
    waits(team, ward, 30, 0)
    with django_assert_num_queries(few):
        figures.in_public(ward)


def test_the_public_figure_of_a_sector_gives_no_ward_away(team):
    """45 less 30 in Ash and 12 in Oak would be the three in Elm, so the next smallest is not said either."""
    sector = make_area("S1", "North", kind="sector")
    elm, oak, ash = (make_area(name, name, parent=sector) for name in ("Elm", "Oak", "Ash"))
    team.areas.add(sector, elm, oak, ash)
    for ward, number in ((elm, 3), (oak, 12), (ash, 30)):
        waits(team, ward, number, 0)
    cache.clear()
    promise = "We answer within three working days"
    assert [figures.in_public(area) for area in (sector, elm, oak, ash)] == [
        f"{promise}: 45 of 45 in the last 90 days.",
        f"{promise}.",
        f"{promise}.",
        f"{promise}: 30 of 30 in the last 90 days.",
    ]


# What is set up -------------------------------------------------------------------------------------------------------


def test_a_supervisor_changes_words_hours_and_contacts(client, officer, sergeant, team):
    client.force_login(sergeant)
    client.page(INBOX + "words/", {"language": "en", "words": "Sawn-off!", "out_of_hours": "on"}, post=True)
    thread_number(team, 1, text="a sawn off shotgun")
    assert Raised.objects.count() == 1
    page = client.page(f"{INBOX}hours/{team.slug}/")
    posted = page.form() | {"days": "2", "weekdays": ["1", "2"], "opens": "09:00", "closes": "17:00", "minutes": "30"}
    client.page(f"{INBOX}hours/{team.slug}/", posted, post=True)
    assert "Monday and Tuesday, 9am to 5pm" in client.page(INBOX + "hours/").response.content.decode()
    client.page(f"{INBOX}hours/{team.slug}/duty/", {"name": "Desk", "contact": "duty@force.example"}, post=True)
    page = client.page(f"{INBOX}hours/{team.slug}/")
    assert "d…@force.example" in page.response.content.decode()
    assert Handover.objects.count() == 0
