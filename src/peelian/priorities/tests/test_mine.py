"""What a member raised, on My account: with what became of it, in their language, and of nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.conversations.models import Thread
from peelian.conversations.tests.factories import make_thread
from peelian.core import clock
from peelian.members.tests.factories import make_member
from peelian.members.tests.test_groups import signed_in
from peelian.priorities import actions, queries
from peelian.priorities.actions.issues import Heard
from peelian.priorities.models import Promise
from peelian.priorities.tests.factories import agree, make_issue, make_priority, make_promise, say, told_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(ground):
    return make_member("a@home.example")


def raised(ground, member, words="Cars race at night.", source_id=1):
    issue = make_issue(ground.ward, ground.officer, words)
    actions.add_report(issue=issue, heard=told_by(member.pk, source_id=source_id), by=ground.officer)
    return issue


def card(client, member):
    signed_in(client, member)
    return client.page("/me/")


def test_each_issue_says_what_became_of_it(client, ground, member):
    waiting = raised(ground, member, "Cars race at night.")
    assert "Your team has it." in card(client, member).text()
    agree(ground.sector, ground.supervisor, make_priority(ground.sector, ground.officer, issues=[waiting]))
    assert "It is one of the priorities we work on in Elm sector." in card(client, member).text()
    draft = make_promise(ground.ward, ground.officer, waiting, will_do="Check speed.")
    assert "Check speed." not in card(client, member).text()  # nobody has published it
    actions.publish_change(change=draft.changes.get(), by=ground.supervisor)
    page = card(client, member)
    assert f"/promises/{draft.ref}/" in page.links()
    say(Promise.objects.get(), "kept", ground.supervisor)
    assert "Kept Check speed." in card(client, member).text()
    closed = raised(ground, member, "Litter.", 2)
    actions.close_issue(issue=closed, why="Internal words.", by=ground.officer)
    page = card(client, member)
    assert "Closed: we do nothing more about it." in page.text()
    assert "Internal words." not in page.text()


def test_what_is_the_same_stands_there_once_and_what_is_sensitive_not_at_all(client, ground, member):
    issue, same = raised(ground, member), raised(ground, member, "Cars again.", 2)
    actions.merge_issue(issue=same, into=issue, by=ground.officer)
    make_promise(ground.ward, ground.officer, issue, same, publisher=ground.supervisor)
    rows, number = queries.raised_by(member.pk, 5)
    assert ([one.issue for one in rows], number, len(rows[0].promises)) == ([issue], 1, 1)
    thread = make_thread(ground.team, member.email)
    delicate = raised(ground, member, "Shouting next door.", thread.pk)
    assert delicate in [one.issue for one in queries.raised_by(member.pk, 5)[0]]
    Thread.objects.filter(pk=thread.pk).update(sensitive=True)
    assert "Shouting" not in card(client, member).text()


def test_a_shared_address_shows_nobody_what_another_raised(client, ground, member):
    issue = make_issue(ground.ward, ground.officer, "My neighbour's dog.")
    heard = Heard("Reply", clock.today(), "x", 1, None, (), (member.email_id,))
    actions.add_report(issue=issue, heard=heard, by=ground.officer)
    assert "What you raised" not in card(client, member).text()


def test_it_speaks_the_members_language_and_asks_no_more_for_more(client, ground, member):
    raised(ground, member)
    with CaptureQueriesContext(connection) as few:
        queries.raised_by(member.pk, 5)
    for n in range(6):
        issue = raised(ground, member, f"Litter in alley {n}.", 10 + n)
        make_promise(ground.ward, ground.officer, issue, publisher=ground.supervisor)
    with CaptureQueriesContext(connection) as many:
        rows, number = queries.raised_by(member.pk, 5)
        assert [one.promises[0].area.name for one in rows] == ["Elm Bridge"] * 5
    assert (len(many), number) == (len(few), 7)
    assert "And 2 from before." in card(client, member).text()
    assert "آپ نے جو مسئلے اٹھائے" in client.get("/me/?lang=ur").content.decode()
