"""One list of priorities for each sector, agreed every fortnight, with a reason for everything."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import sign_in
from peelian.core import clock
from peelian.places.models import Area
from peelian.priorities import actions, errors, queries
from peelian.priorities.actions.lists import Choice, plan
from peelian.priorities.models import Cycle, Decision, Priority
from peelian.priorities.tests.factories import agree, make_issue, make_priority

pytestmark = pytest.mark.django_db


def decided(cycle):
    return {(one.priority.title, one.what, one.rank) for one in Decision.objects.filter(cycle=cycle)}


def test_a_list_is_agreed_with_what_was_added_kept_moved_and_dropped(ground):
    one, two, three = (make_priority(ground.sector, ground.officer, name) for name in ("Cars", "Dogs", "Drugs"))
    agree(ground.sector, ground.supervisor, one, two, three)
    four = make_priority(ground.sector, ground.officer, "Noise")
    cycle = agree(ground.sector, ground.supervisor, four, one, three, drop=(two,))
    last = Decision.objects.filter(cycle=cycle).order_by("-pk")[:4]
    assert {(row.priority.title, row.what, row.rank_before, row.rank) for row in last} == {
        ("Noise", "added", None, 1), ("Cars", "kept", 1, 2), ("Drugs", "kept", 3, 3), ("Dogs", "dropped", 2, None),
    }  # fmt: skip
    two.refresh_from_db()
    assert (two.state, two.closed_why, two.closed_on) == ("closed", "Solved.", clock.today())
    again = agree(ground.sector, ground.supervisor, four, three, one)
    assert again.pk == cycle.pk  # the same fortnight
    assert Decision.objects.filter(what="moved").count() == 2


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(5)), st.sets(st.integers(0, 4)), st.integers(0, 5))
def test_ranks_are_without_gaps_and_only_what_changed_its_place_among_the_others_was_moved(order, gone, listed):
    rows = [
        Priority(
            pk=n + 1, title=str(n), state="listed" if n < listed else "proposed", rank=n + 1 if n < listed else None
        )
        for n in range(5)
    ]
    choices = [Choice(n + 1, None if n in gone else 1 + order.index(n) * 3, "Because.") for n in range(5)]
    planned = plan(rows, choices)
    assert [one.rank for one in planned if one.rank] == list(range(1, 6 - len(gone)))
    stay = [one.priority.pk for one in planned if one.what in ("kept", "moved")]
    moved = [one.priority.pk for one in planned if one.what == "moved"]
    assert bool(moved) is (stay != sorted(stay))
    assert {one.priority.pk for one in planned if one.what == "added"} == {
        n + 1 for n in range(5) if n >= listed and n not in gone
    }


def test_what_was_decided_cannot_be_changed_or_deleted(ground):
    cycle = agree(ground.sector, ground.supervisor, make_priority(ground.sector, ground.officer))
    for change in (lambda rows: rows.update(why="Other"), lambda rows: rows._raw_delete("default")):
        with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
            change(Decision.objects.filter(cycle=cycle))


def test_nothing_is_decided_without_a_reason_or_on_a_list_that_changed(ground):
    one = make_priority(ground.sector, ground.officer)
    with pytest.raises(errors.NeedsReason):
        plan([one], [Choice(one.pk, 1, "  ")])
    with pytest.raises(errors.NotOneOrder):
        plan([one, make_priority(ground.sector, ground.officer)], [Choice(one.pk, 1, "x"), Choice(one.pk + 1, 1, "y")])
    with pytest.raises(errors.ListChanged):
        agree(ground.sector, ground.supervisor, one, seen="before")
    assert not Cycle.objects.exists()


def test_cycles_begin_every_fourteen_days_from_the_first(ground):
    first = clock.today() - timedelta(days=40)
    with pytest.raises(errors.TooEarly):
        agree(ground.sector, ground.supervisor, starts=clock.today() + timedelta(days=1))
    cycle = agree(ground.sector, ground.supervisor, starts=first)
    assert cycle.begins == clock.today() - timedelta(days=12)
    assert cycle.ends == clock.today() + timedelta(days=1)
    assert queries.next_cycle_begins(ground.sector, clock.today() + timedelta(days=2)) == cycle.ends + timedelta(days=1)


@pytest.mark.parametrize(("days", "stale"), [(0, False), (14, False), (15, True)])
def test_a_list_not_agreed_for_over_fourteen_days_is_stale_with_its_age(ground, days, stale):
    cycle = agree(ground.sector, ground.supervisor, make_priority(ground.sector, ground.officer))
    Cycle.objects.filter(pk=cycle.pk).update(last_at=clock.now() - timedelta(days=days))
    found = queries.list_for(ground.supervisor, ground.sector.pk)
    assert (found.age, found.stale) == (days, stale)
    assert [one.sector for one in queries.stale_lists(ground.supervisor)] == ([ground.sector] if stale else [])
    assert queries.stale_lists(ground.officer) == []  # who may not agree it


def test_a_stale_list_is_on_today_of_whoever_agrees_it(client, ground):
    cycle = agree(ground.sector, ground.supervisor, make_priority(ground.sector, ground.officer))
    Cycle.objects.filter(pk=cycle.pk).update(last_at=clock.now() - timedelta(days=20))
    sign_in(client, ground.supervisor)
    assert "Not agreed for 20 days" in client.get("/staff/").content.decode()
    sign_in(client, ground.officer)
    assert "Priorities to agree" not in client.get("/staff/").content.decode()


def test_the_pages_agree_a_list_in_two_steps(client, ground):
    one = make_priority(ground.sector, ground.officer)
    sign_in(client, ground.supervisor)
    page = f"/staff/priorities/lists/{ground.sector.pk}/agree/"
    assert "Racing cars on Mill Lane" in client.get(page).content.decode()
    filled = {
        f"do_{one.pk}": "keep",
        f"place_{one.pk}": "1",
        f"why_{one.pk}": "41 calls.",
        "starts": str(clock.today()),
    }
    assert "Say why, for" in client.post(page, filled | {f"why_{one.pk}": ""}).content.decode()
    shown = client.post(page, filled).content.decode()
    assert "The list as it will be" in shown
    assert not Decision.objects.exists()
    seen = queries.fingerprint([one])
    client.post(page, filled | {"seen": seen, "agree": "on"})
    assert Decision.objects.get().why == "41 calls."
    listed = client.get(f"/staff/priorities/lists/{ground.sector.pk}/").content.decode()
    assert "41 calls." in listed
    assert client.post(page, filled | {"seen": "x", "agree": "on"}).status_code in (200, 409)
    assert Decision.objects.count() == 1


def test_an_officer_of_a_ward_reads_and_proposes_for_the_list_it_is_on_and_agrees_nothing(client, ground):
    officer = sign_in(client, ground.person(Role.OFFICER, ground.ward))
    assert [one.sector for one in queries.lists_for(officer)] == [ground.sector]
    page = client.get("/staff/priorities/", follow=True).content.decode()
    assert "Priorities of Elm sector" in page
    assert "Agree the list" not in page
    new = {"title": "Litter", "source": "community", "evidence": "Ten calls.", "doing": "We clean up.", "public": "on"}
    client.post("/staff/priorities/new/?sector=S1", new)
    assert Priority.objects.get().sector == ground.sector
    assert client.get(f"/staff/priorities/lists/{ground.other.pk}/").status_code == 404
    supervisor = ground.person(Role.SUPERVISOR, ground.ward)
    assert not queries.list_for(supervisor, ground.sector.pk).may_agree


def test_a_priority_is_proposed_from_an_issue_and_changed_by_those_who_may(client, ground):
    issue = make_issue(ground.ward, ground.officer)
    sign_in(client, ground.officer)
    link = f"/staff/priorities/new/?issue={issue.ref}"
    assert issue.words in client.get(link).content.decode()
    new = {"title": "Racing cars", "source": "community", "evidence": "Ten calls.", "public": "on", "issues": issue.ref}
    assert "Say what we do about it" in client.post(link, new).content.decode()
    client.post(link, new | {"doing": "We check speed with Mr Khan."})
    assert not Priority.objects.exists()
    client.post(link, new | {"doing": "We check speed."})
    made = Priority.objects.get()
    assert list(made.issues.all()) == [issue]
    assert "Racing cars" in client.get(f"/staff/priorities/issues/{issue.ref}/").content.decode()
    agree(ground.sector, ground.supervisor, made)
    page = f"/staff/priorities/priority/{made.ref}/edit/"
    assert "A supervisor changes what stands there" in client.post(page, new | {"doing": "More."}).content.decode()
    sign_in(client, ground.supervisor)
    client.post(page, new | {"doing": "We check speed twice a week."})
    assert Priority.objects.get().doing == "We check speed twice a week."


def test_priorities_of_a_sector_that_was_dissolved_are_said_and_moved(client, ground):
    one = make_priority(ground.sector, ground.officer)
    agree(ground.sector, ground.supervisor, one)
    Area.objects.filter(pk=ground.sector.pk).update(valid_to=clock.today())
    sign_in(client, ground.communications)
    assert "Sector ended" in client.get("/staff/priorities/?all=on").content.decode()
    page = client.get(f"/staff/priorities/priority/{one.ref}/").content.decode()
    assert "is no longer current since" in page
    sign_in(client, ground.supervisor)
    refused = client.get(f"/staff/priorities/lists/{ground.sector.pk}/agree/")
    assert refused.status_code == 409
    assert "no longer current" in refused.content.decode()
    assert queries.public_priorities(ground.force) == []
    sign_in(client, ground.communications)
    client.post(f"/staff/priorities/priority/{one.ref}/move/", {"sector": "S2"})
    one.refresh_from_db()
    assert (one.sector, one.state, one.rank) == (ground.other, "proposed", None)
    with pytest.raises(errors.SectorGone):
        actions.move_priority(priority=one, to=Area.objects.get(pk=ground.sector.pk), by=ground.officer)


def test_residents_read_agreed_public_priorities_and_never_the_evidence(ground):
    shown, hidden = (
        make_priority(ground.sector, ground.officer),
        make_priority(ground.sector, ground.officer, "Covert", public=False),
    )
    make_priority(ground.other, ground.officer, "Elsewhere")
    agree(ground.sector, ground.supervisor, shown, hidden)
    for area in (ground.ward, ground.sector, ground.force):
        assert queries.public_priorities(area) == [shown]
    assert "evidence" in queries.public_priorities(ground.ward)[0].get_deferred_fields()
    assert queries.public_priorities(ground.far) == []


def test_without_sectors_the_lists_are_of_policing_areas(ground):
    Area.objects.filter(kind="sector").update(kind="policing-area")
    assert {one.sector.code for one in queries.lists_for(ground.communications)} == {"S1", "S2"}
    assert queries.list_of(ground.ward) == ground.sector


def test_what_was_decided_is_read_cycle_by_cycle_the_last_first_and_none_is_left_out(client, ground, monkeypatch):
    sign_in(client, ground.communications)
    now, one = clock.now(), make_priority(ground.sector, ground.officer, "Cars")
    dogs = make_priority(ground.sector, ground.officer, "Dogs")
    page = f"/staff/priorities/lists/{ground.sector.pk}/"
    queries_of = []
    for fortnight in range(8):
        monkeypatch.setattr(clock, "now", lambda weeks=2 * fortnight: now - timedelta(weeks=16 - weeks))
        agree(ground.sector, ground.supervisor, one, dogs)
        with CaptureQueriesContext(connection) as done:
            client.get(page)
        queries_of.append(len(done))
    assert len(set(queries_of)) == 1
    monkeypatch.setattr(clock, "now", lambda: now - timedelta(weeks=1))
    agree(ground.sector, ground.supervisor, dogs, one)  # again within the last cycle
    begun = [cycle.begins for cycle in Cycle.objects.all()]
    first = client.page(page)
    heads = [cycle.begins for cycle in first.response.context["cycles"]]
    assert heads == begun[:6]
    rows = first.document.xpath("(//h2[@id='decided']/following::tbody)[1]/tr/th")
    assert [row.text_content() for row in rows] == ["Dogs", "Cars", "Cars", "Dogs"]
    (earlier,) = first.document.cssselect("a[rel=next]")
    second = client.page(page + earlier.get("href"))
    assert [cycle.begins for cycle in second.response.context["cycles"]] == begun[6:]
    assert earlier.get("href").endswith("#decided")
    assert len(second.document.cssselect("a[rel=prev]")) == 1


def test_queries_of_the_lists_do_not_grow(client, ground):
    sign_in(client, ground.communications)
    client.get("/staff/priorities/?all=on")
    with CaptureQueriesContext(connection) as few:
        client.get("/staff/priorities/?all=on")
    for sector in (ground.sector, ground.other):
        for n in range(3):
            make_priority(sector, ground.officer, f"P{n}")
    with CaptureQueriesContext(connection) as many:
        client.get("/staff/priorities/?all=on")
    assert len(many) == len(few)
    page = f"/staff/priorities/lists/{ground.sector.pk}/"
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for n in range(5):
        make_priority(ground.sector, ground.officer, f"Q{n}")
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) == len(few)
