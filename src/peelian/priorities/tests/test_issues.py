"""Issues: made of what was raised wherever it was, merged when they are the same, and never saying who."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.audit.models import Event
from peelian.contacts.models import Address
from peelian.conversations.heard import read
from peelian.conversations.models import Message, MessageTranslation, Thread
from peelian.conversations.tests.factories import make_thread
from peelian.core import clock
from peelian.members.tests.factories import make_member
from peelian.priorities import actions, errors, queries
from peelian.priorities.models import Issue, IssueReport, Merge, Raiser
from peelian.priorities.naming import names_one_of, what_points_at_somebody
from peelian.priorities.personal_data import forget_raisers
from peelian.priorities.tests.factories import make_issue, make_promise, say, told_by

pytestmark = pytest.mark.django_db
NEW = "/staff/priorities/issues/new/"


@pytest.fixture
def thread(ground):
    return make_thread(ground.team, text="Cars race along Mill Lane every night, and nobody sleeps.", area_id=None)


def test_an_issue_is_made_of_a_conversation_and_its_resident_is_told_what_comes_of_it(client, ground, thread):
    sign_in(client, ground.officer)
    page = client.get(f"/staff/conversations/{thread.pk}/")
    link = f"{NEW}?source=conversations.thread&id={thread.pk}"
    assert f"source=conversations.thread&amp;id={thread.pk}" in page.content.decode()
    begun = client.get(link)
    assert "Cars race along Mill Lane every night" in begun.content.decode()
    client.post(link, {"words": "Cars race along Mill Lane at night.", "area": "W01"})
    issue = Issue.objects.get()
    report = issue.reports.get()
    assert (report.source, report.source_id, report.label) == (
        "conversations.thread", thread.pk, "A message to the team",
    )  # fmt: skip
    assert report.raisers.get().address_id == thread.address_id
    again = client.get(f"/staff/conversations/{thread.pk}/").content.decode()
    assert "Make another issue of this" in again


def test_a_conversation_of_somebody_elses_team_makes_no_issue(client, ground, thread):
    stranger = sign_in(client, make_staff(Role.OFFICER, ground.far))
    assert not stranger.teams.exists()
    assert client.get(f"{NEW}?source=conversations.thread&id={thread.pk}").status_code == 404
    assert client.get(f"{NEW}?source=conversations.thread&id=x").status_code == 404
    assert client.get(f"{NEW}?source=nothing&id=1").status_code == 404


def test_of_a_sensitive_conversation_neither_words_nor_resident_are_taken(client, ground, thread):
    Thread.objects.filter(pk=thread.pk).update(sensitive=True)
    sign_in(client, ground.officer)
    link = f"{NEW}?source=conversations.thread&id={thread.pk}"
    assert "Cars race" not in client.get(link).content.decode()
    client.post(link, {"words": "More patrols are asked for at night.", "area": "W01"})
    assert Issue.objects.get().reports.count() == 1
    assert not Raiser.objects.exists()


def test_words_that_name_whoever_raised_it_are_refused_and_what_may_point_at_somebody_is_asked_about(client, ground):
    member = make_member("a@home.example", first_name="Rosalind", last_name="Green")
    Address.objects.filter(pk=member.email_id).update(value="a@home.example")
    thread = make_thread(ground.team, member.email, text="I am Rosalind Green and cars race here.")
    Thread.objects.filter(pk=thread.pk).update(member=member)
    sign_in(client, ground.officer)
    link = f"{NEW}?source=conversations.thread&id={thread.pk}"
    named = {"words": "Rosalind Green says cars race here.", "area": "W01", "looked": "on"}
    assert "name whoever raised it" in client.post(link, named).content.decode()
    warned = client.post(link, {"words": "Mr Khan at 12 Mill Lane saw the Green van.", "area": "W01"}).content.decode()
    for found in ("“Mr Khan” (a name)", "“12 Mill Lane” (a house number)", "“Green” (somebody who raised it)"):
        assert found in warned
    assert not Issue.objects.exists()
    client.post(link, {"words": "A green van races near Green Lane.", "area": "W01", "looked": "on"})
    assert Issue.objects.get().words == "A green van races near Green Lane."
    assert Raiser.objects.get().member_id == member.pk


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Rosalind Green says so", True),
        ("rosalind  green says so", True),
        ("Rosalind says so", False),
        ("On Green Lane", False),
    ],
)
def test_a_whole_name_is_refused_and_half_of_one_is_asked_about(db, words, named):
    member = make_member("a@home.example", first_name="Rosalind", last_name="Green")
    assert names_one_of(words, [member.pk]) is named
    assert ("(somebody who raised it)" in what_points_at_somebody(words, [member.pk])) is ("rosalind" not in words)


def test_what_somebody_told_us_is_an_issue_too_and_nobody_is_told(client, ground):
    sign_in(client, ground.officer)
    told = {"words": "Litter near the school gate.", "area": "W02", "how": "By phone", "day": "2026-05-01"}
    client.post(NEW, told | {"people": "4"})
    report = IssueReport.objects.get()
    assert (report.source, report.label, report.people, report.raisers.count()) == ("by-hand", "By phone", 4, 0)
    page = client.post(NEW, told | {"day": str(clock.today() + timedelta(days=2))})
    assert "not in the future" in page.content.decode()


def test_similar_issues_are_shown_first_and_one_may_be_raised_again(client, ground, thread):
    there = make_issue(ground.ward, ground.officer, "Racing cars on Mill Lane keep people awake.")
    make_issue(ground.far, ground.communications, "Racing cars on Castle Road.")  # not in the officer's areas
    make_issue(ground.ward, ground.officer, "Dogs foul the playground.")
    sign_in(client, ground.officer)
    link = f"{NEW}?source=conversations.thread&id={thread.pk}"
    words = {"words": "Cars race along Mill Lane.", "area": "W01"}
    asked = client.post(link, words).content.decode()
    assert "Is it one of these?" in asked
    assert "Racing cars on Mill Lane" in asked
    assert "Dogs foul" not in asked
    assert "Castle Road" not in asked
    assert Issue.objects.count() == 3
    client.post(link, words | {"asked": "1", "same_as": there.ref})
    assert Issue.objects.count() == 3
    assert there.reports.count() == 2
    again = client.post(link, words | {"asked": "1", "same_as": there.ref}).content.decode()
    assert "made part of this issue already" in again
    client.post(link, words | {"asked": "1", "same_as": "new"})
    assert Issue.objects.count() == 4


def test_merging_keeps_each_person_once_and_can_be_undone_for_a_day(ground):
    one, two, three = (make_member(f"{n}@home.example").pk for n in "abc")
    first = make_issue(ground.ward, ground.officer)
    second = make_issue(ground.ward, ground.officer, "Cars race again.")
    actions.add_report(issue=first, heard=told_by(one, two), by=ground.officer)
    actions.add_report(issue=second, heard=told_by(two, three), by=ground.officer)
    merge = actions.merge_issue(issue=second, into=first, by=ground.officer)
    assert queries.wants_to_know([first.pk]).people == 3
    assert queries.reports_of(first).count() == 4
    assert [one.raised for one in queries.issues_for(ground.officer)] == [4]
    actions.undo_merge(merge=merge, by=ground.officer)
    assert queries.wants_to_know([first.pk]).people == 2
    assert queries.reports_of(first).count() == 2
    with pytest.raises(errors.TooLateToUndo):
        actions.undo_merge(merge=merge, by=ground.officer)


def test_a_merge_is_not_undone_after_a_day_nor_under_a_later_one(ground):
    first, second, third = (make_issue(ground.ward, ground.officer, f"Cars race {n}.") for n in "xyz")
    early = actions.merge_issue(issue=first, into=second, by=ground.officer)
    late = actions.merge_issue(issue=second, into=third, by=ground.officer)
    assert set(queries.family([first.pk])) == {first.pk, second.pk, third.pk}
    with pytest.raises(errors.TooLateToUndo):
        actions.undo_merge(merge=early, by=ground.officer)
    actions.undo_merge(merge=late, by=ground.officer)
    first.refresh_from_db()
    assert first.merged_into_id == second.pk
    Merge.objects.filter(pk=early.pk).update(at=clock.now() - timedelta(days=1, seconds=1))
    with pytest.raises(errors.TooLateToUndo):
        actions.undo_merge(merge=early, by=ground.officer)


def test_an_issue_is_merged_by_the_page_and_found_by_its_words(client, ground):
    first = make_issue(ground.ward, ground.officer)
    second = make_issue(ground.near, ground.officer, "Motorbikes on the pavement.")
    sign_in(client, ground.officer)
    page = f"/staff/priorities/issues/{second.ref}/merge/"
    assert "No other open issue here is like it" in client.get(page).content.decode()
    assert "Cars race" in client.get(f"{page}?q=cars").content.decode()
    client.post(f"{page}?q=cars", {"into": first.ref})
    assert Issue.objects.get(pk=second.pk).merged_into_id == first.pk
    client.post(f"/staff/priorities/issues/{second.ref}/undo/")
    assert Issue.objects.get(pk=second.pk).merged_into_id is None


def test_the_list_is_narrowed_and_its_queries_do_not_grow(client, ground):
    sign_in(client, ground.officer)
    make_issue(ground.ward, ground.officer)
    client.get("/staff/priorities/issues/")
    with CaptureQueriesContext(connection) as few:
        client.get("/staff/priorities/issues/")
    for n in range(8):
        make_issue(ground.near, ground.officer, f"Litter in alley {n}.")
    with CaptureQueriesContext(connection) as many:
        page = client.get("/staff/priorities/issues/").content.decode()
    assert len(many) == len(few)
    assert "Litter in alley 7" in page
    narrowed = client.get("/staff/priorities/issues/?q=cars&area=S1").content.decode()
    assert "Cars race" in narrowed
    assert "Litter" not in narrowed
    assert "No issue found" in client.get("/staff/priorities/issues/?source=conversations.thread").content.decode()


def test_closing_needs_a_reason_and_who_raised_it_is_forgotten_90_days_later(client, ground):
    member = make_member("a@home.example")
    issue = make_issue(ground.ward, ground.officer)
    actions.add_report(issue=issue, heard=told_by(member.pk), by=ground.officer)
    sign_in(client, ground.officer)
    assert "Say why" in client.post(f"/staff/priorities/issues/{issue.ref}/close/", {"why": " "}).content.decode()
    client.post(f"/staff/priorities/issues/{issue.ref}/close/", {"why": "The council has put bollards there."})
    with pytest.raises(errors.IssueClosed):
        actions.add_report(issue=issue, heard=told_by(member.pk, source_id=2), by=ground.officer)
    assert forget_raisers(clock.now() + timedelta(days=90)) == 0
    assert forget_raisers(clock.now() + timedelta(days=92)) == 1
    client.post(f"/staff/priorities/issues/{issue.ref}/reopen/")
    assert Issue.objects.get().state == "open"


def test_who_raised_it_is_kept_until_what_was_promised_has_ended_for_90_days(ground):
    member, other = make_member("a@home.example"), make_member("b@home.example")
    issue, same = make_issue(ground.ward, ground.officer), make_issue(ground.ward, ground.officer, "Cars again.")
    actions.add_report(issue=same, heard=told_by(member.pk), by=ground.officer)
    actions.merge_issue(issue=same, into=issue, by=ground.officer)
    promise = make_promise(ground.ward, ground.officer, issue, publisher=ground.supervisor)
    actions.close_issue(issue=issue, why="Answered by a promise.", by=ground.officer)
    lone = make_issue(ground.near, ground.officer)
    actions.add_report(issue=lone, heard=told_by(other.pk, source_id=3), by=ground.officer)
    assert forget_raisers(clock.now() + timedelta(days=800)) == 1  # of the issue about which nothing was promised
    assert queries.audience_of(promise).count() == 1
    say(promise, "kept", ground.supervisor)
    assert forget_raisers(clock.now() + timedelta(days=90)) == 0
    assert forget_raisers(clock.now() + timedelta(days=92)) == 1


def test_the_trail_has_numbers_and_no_words(ground):
    issue = make_issue(ground.ward, ground.officer, "Secret words of a neighbour.")
    event = Event.objects.get(verb="issue.made")
    assert (event.object_id, event.data["area"]) == (str(issue.pk), ground.ward.pk)
    assert "Secret" not in str(event.data)


def test_the_first_words_in_english_are_what_an_issue_begins_with(ground):
    thread = make_thread(ground.team, text="Auta ścigają się nocą.")
    said = Message.objects.get(thread=thread)
    MessageTranslation.objects.create(
        message=said, state="machine", source="pl", target="en", text="Cars race at night.", asked_at=clock.now()
    )
    assert read(ground.officer, thread.pk).said == "Cars race at night."
