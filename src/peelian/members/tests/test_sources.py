"""How people joined: what is counted, for whom, and what stays when people are erased."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, make_team, sign_in
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.members import erasing, queries_sources, sources
from peelian.members.models import Member, SourceTally
from peelian.members.tests.factories import make_campaign, make_member, make_postcode, make_ward

pytestmark = pytest.mark.django_db
PAGE = "/staff/members/campaigns/sources/"


@pytest.fixture
def ward():
    make_postcode()
    return make_ward()


@pytest.fixture
def officer(ward):
    return make_staff(Role.OFFICER, ward, teams=[make_team("Elm Bridge team", ward)], name="Sam Poe")


def ago(days: int):
    return clock.now() - timedelta(days=days)


def people(number: int, *, days: int = 40, **given):
    """Confirmed DAYS ago, in the ward."""
    given.setdefault("confirmed_at", ago(days))
    given.setdefault("joined_on", clock.today())
    start = Member.objects.count()
    return [make_member(f"p{start + n}@home.example", postcode="AB12CD", **given) for n in range(number)]


def totals(staff, period=""):
    """Every way of joining: name → joined, confirmed, measured, stayed."""
    found = queries_sources.sources_for(staff, period)
    return {row.name: (row.joined, row.confirmed, row.measured, row.stayed) for row in found.ways}


def test_ways_of_joining(officer):
    campaign = make_campaign(team=officer.teams.get())
    people(3, campaign=campaign)
    people(2, source="web", confirmed=False, confirmed_at=None)
    people(1, source="import")
    people(1, source="door", days=3)
    people(2, source="event", campaign=campaign)  # by an officer, at its stall
    sources.count()
    assert [row.joined for row in queries_sources.sources_for(officer).campaigns] == [5]
    assert totals(officer) == {
        "By a campaign’s link or code": (3, 3, 3, 3),
        "Web, by no link of ours": (2, 0, 0, 0),
        "Import from a list": (1, 1, 1, 1),
        "At their door": (1, 1, 0, 0),
        "At an event": (2, 2, 2, 2),
    }


def test_who_stayed(officer):
    people(1)
    people(1, left_at=ago(11))  # after 29 days
    people(1, days=50, left_at=ago(10))  # after 40
    stopped, mended, late = people(3)
    for member, days in ((stopped, 20), (late, 5)):
        Address.objects.filter(pk=member.email_id).update(suppression="bounced", suppressed_at=ago(days))
    other = make_member("with-two@home.example", confirmed_at=ago(40), postcode="AB12CD")
    Member.objects.filter(pk=other.pk).update(mobile=contacts.address(Address.Kind.MOBILE, "07700900123"))
    Address.objects.filter(pk=other.email_id).update(suppression="bounced", suppressed_at=ago(20))
    sources.count()
    # Of seven: one left within 30 days, one lost their only address within 30 days
    assert totals(officer)["Web, by no link of ours"] == (7, 7, 7, 5)
    assert mended.email_id


def test_the_erased_stay_in_the_numbers_exactly(officer):
    campaign = make_campaign(team=officer.teams.get())
    people(2, campaign=campaign)
    (gone,) = people(1, campaign=campaign, left_at=ago(31))
    sources.count()
    before = totals(officer)
    assert before == {"By a campaign’s link or code": (3, 3, 3, 2)}
    erasing.erase(gone)
    gone.refresh_from_db()
    assert (gone.campaign, gone.source) == (None, "")
    assert totals(officer) == before
    sources.count()
    assert totals(officer) == before
    sources.count()
    assert totals(officer) == before
    assert SourceTally.objects.filter(erased=True).count() == 1


def test_who_was_erased_within_thirty_days_counts_as_gone(officer):
    (gone,) = people(1, days=10, left_at=ago(9))
    sources.count()
    assert totals(officer)["Web, by no link of ours"] == (1, 1, 0, 0)
    erasing.erase(gone)
    assert totals(officer)["Web, by no link of ours"] == (1, 1, 1, 0)


def test_kinds_campaigns_and_officers(officer):
    team = officer.teams.get()
    card = make_campaign("Card", team=team, kind="officer", officer=officer)
    shop = make_campaign("Shop", team=team, kind="venue")
    people(6, campaign=card)
    people(2, campaign=shop)
    sources.count()
    found = queries_sources.sources_for(officer)
    assert [(row.name, row.joined) for row in found.kinds] == [("Officer", 6), ("Venue", 2)]
    assert [(row.name, row.joined, row.url_of) for row in found.campaigns] == [
        ("Card", 6, card.pk),
        ("Shop", 2, shop.pk),
    ]
    assert [(row.name, row.joined) for row in found.officers] == [("Sam Poe", 6)]


def test_a_share_needs_five_people_on_both_sides_of_the_stroke():
    assert queries_sources.Row("", 4, 4, 0, 0).confirming is None
    assert queries_sources.Row("", 20, 3, 0, 0).confirming is None
    share = queries_sources.Row("", 100, 90, 0, 0).confirming
    assert (round(share.low, 4), round(share.high, 4)) == (0.8256, 0.9448)  # Wilson by hand


def test_other_teams_and_areas_are_not_counted(officer):
    team = make_team("Castle Vale team", make_ward("W02", "Castle Vale", 1))
    for n in range(3):
        make_member(f"far{n}@home.example", campaign=make_campaign(f"Far {n}", team=team))
    sources.count()
    found = queries_sources.sources_for(officer)
    assert (found.ways, found.kinds, found.campaigns, found.officers) == ([], [], [], [])


def test_the_period_is_by_month_of_joining(officer):
    people(1)
    people(1, joined_on=clock.today() - timedelta(days=100))
    people(1, joined_on=clock.today() - timedelta(days=800))
    sources.count()
    name = "Web, by no link of ours"
    assert [totals(officer, period)[name][0] for period in ("", "12", "3", "rubbish")] == [3, 2, 1, 3]


def test_the_page_and_the_file(client, officer):
    sign_in(client, officer)
    people(7, campaign=make_campaign("=1+1", team=officer.teams.get()))
    people(2)
    sources.count()
    page = client.page(PAGE)
    text = page.text()
    assert "100% of 7(65% to 100%)" in text.replace("7 (", "7(")
    assert "fewer than 5" in text
    file = b"".join(client.get("/staff/members/campaigns/sources.csv")).decode()
    rows = list(csv.reader(io.StringIO(file)))
    assert rows[0][:4] == ["part", "name", "registered", "confirmed"]
    assert ["By campaign", "'=1+1", "7", "7"] in [row[:4] for row in rows]
    assert ["Every way of joining", "Web, by no link of ours", "fewer than 5", "fewer than 5"] in [r[:4] for r in rows]


def test_the_page_reads_no_member(client, officer):
    sign_in(client, officer)
    people(2, campaign=make_campaign(team=officer.teams.get()))
    sources.count()
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for n in range(5):
        people(1, campaign=make_campaign(f"Poster {n}", team=officer.teams.get(), by=officer))
    sources.count()
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few)
    assert not [query for query in many if '"members_member"' in query["sql"]]
