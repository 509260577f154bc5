"""How people joined: what is counted, for whom, and what stays when people are erased."""

import csv
import io
from datetime import timedelta

import hypothesis
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

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


def totals(staff, period="", what="way"):
    """What is counted, small or not: way of joining → joined, confirmed, measured, stayed."""
    return {
        key[1]: numbers for key, numbers in queries_sources.counted_for(staff, period).counts.items() if key[0] == what
    }


def test_ways_of_joining(officer):
    campaign = make_campaign(team=officer.teams.get())
    people(3, campaign=campaign)
    people(2, source="web", confirmed=False, confirmed_at=None)
    people(1, source="import")
    people(1, source="door", days=3)
    people(2, source="event", campaign=campaign)  # by an officer, at its stall
    sources.count()
    assert totals(officer, what="campaign") == {campaign.pk: (5, 5, 5, 5)}
    assert totals(officer) == {
        "link": (3, 3, 3, 3),
        "web": (2, 0, 0, 0),
        "import": (1, 1, 1, 1),
        "door": (1, 1, 0, 0),
        "event": (2, 2, 2, 2),
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
    assert totals(officer)["web"] == (7, 7, 7, 5)
    assert mended.email_id


def test_the_erased_stay_in_the_numbers_exactly(officer):
    campaign = make_campaign(team=officer.teams.get())
    people(2, campaign=campaign)
    (gone,) = people(1, campaign=campaign, left_at=ago(31))
    sources.count()
    before = totals(officer)
    assert before == {"link": (3, 3, 3, 2)}
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
    assert totals(officer)["web"] == (1, 1, 0, 0)
    erasing.erase(gone)
    assert totals(officer)["web"] == (1, 1, 1, 0)


def test_kinds_campaigns_and_officers(officer):
    team = officer.teams.get()
    card = make_campaign("Card", team=team, kind="officer", officer=officer)
    shop = make_campaign("Shop", team=team, kind="venue")
    people(6, campaign=card)
    people(5, campaign=shop)
    sources.count()
    found = queries_sources.sources_for(officer)
    assert [(row.name, row.joined) for row in found.kinds] == [("Officer", 5), ("Venue", 5)]
    assert [(row.name, row.joined, row.url_of) for row in found.campaigns] == [
        ("Card", 5, card.pk),
        ("Shop", 5, shop.pk),
    ]
    assert [(row.name, row.joined) for row in found.officers] == [("Sam Poe", 5)]


def test_a_small_campaign_is_told_by_no_line_and_by_no_other_page(client, officer):
    """Shops brought eleven, of whom two by one poster; the officer's own card is that poster's neighbour in the sum."""
    team = officer.teams.get()
    small, shop = (make_campaign(name, team=team, kind="venue") for name in ("Chemist", "Shop"))
    people(2, campaign=small)
    people(9, campaign=shop)
    people(8, campaign=make_campaign("Card", team=team, kind="officer", officer=officer))
    sources.count()
    found = queries_sources.sources_for(officer)
    assert [(row.name, row.joined) for row in found.kinds] == [("Officer", 10), ("Venue", 10)]
    assert [(row.name, row.joined) for row in found.campaigns] == [("Card", 10), ("Chemist", None), ("Shop", None)]
    sign_in(client, officer)
    assert client.page(f"/staff/members/campaigns/{shop.pk}/").texts(".p-stat__number") == ["not told", "not told"]
    numbers = client.page("/staff/members/campaigns/").texts("td.p-num")
    assert sorted(numbers) == ["8", "8", "not told", "not told", "not told", "not told"]


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
    name = "web"
    assert [totals(officer, period)[name][0] for period in ("", "12", "3", "rubbish")] == [3, 2, 1, 3]


def test_what_joined_between_two_periods_is_not_the_difference_of_their_pages(officer):
    """Of seven one joined before the year, and another before the quarter."""
    people(1, joined_on=clock.today() - timedelta(days=800))
    people(1, joined_on=clock.today() - timedelta(days=200))
    people(5)
    sources.count()
    assert [totals(officer, period)["web"][0] for period in queries_sources.PERIODS] == [7, 6, 5]
    told = [queries_sources.sources_for(officer, period).ways[0] for period in queries_sources.PERIODS]
    assert [(row.joined, row.confirmed) for row in told] == [(5, 5)] * 3


@given(st.integers(0, 500), st.integers(0, 4))
def test_rounded_numbers_leave_three_values_of_what_is_between_them(shorter, between):
    def told(number):
        return queries_sources.rounded((number, None, None, None))[0]

    shown = told(shorter), told(shorter + between)
    could = {
        more
        for one in range(max(0, shorter - 9), shorter + 9)
        for more in range(10)
        if (told(one), told(one + more)) == shown
    }
    assert len(could) >= 3


def test_the_page_and_the_file(client, officer):
    sign_in(client, officer)
    people(7, campaign=make_campaign("=1+1", team=officer.teams.get()))
    people(6)
    people(2, source="door")
    sources.count()
    page = client.page(PAGE)
    text = page.text()
    assert "100% of 5(57% to 100%)" in text.replace("5 (", "5(")
    assert "not told" in text
    assert "fewer than 5" not in text
    file = b"".join(client.get("/staff/members/campaigns/sources.csv")).decode()
    rows = list(csv.reader(io.StringIO(file)))
    assert rows[0][:4] == ["part", "name", "registered", "confirmed"]
    assert ["By campaign", "'=1+1", "5", "5"] in [row[:4] for row in rows]
    assert [row[1:4] for row in rows if row[0] == "Every way of joining"] == [
        ["By a campaign’s link or code", "5", "5"],
        ["At their door", "not told", "not told"],
        ["Web, by no link of ours", "not told", "not told"],  # with everybody it would tell the two
    ]


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


# What is hidden stays hidden -----------------------------------------------------------------------------------------

PARENTS = {
    ("way", "web"): ("everybody",), ("way", "link"): ("everybody",),
    ("kind", "venue"): ("way", "link"), ("kind", "event"): ("way", "link"),
    ("campaign", 1): ("kind", "venue"), ("campaign", 2): ("kind", "venue"), ("campaign", 3): ("kind", "event"),
    ("part", 2, "link", 9): ("campaign", 2), ("part", None, "web", 9): ("way", "web"),
}  # fmt: skip


def bounds_of(told, at):
    """The least and the most a hidden number can be for whoever knows all that is told, that lines count their parts
    and perhaps others, and that nobody confirms who has not joined."""
    keys, columns = list(told), range(4)
    unknown = [(key, column) for key in keys for column in columns]
    spare = [(above, column) for above in dict.fromkeys(PARENTS.values()) for column in columns]
    lines, low, high = [], [], []

    def line(signs, least, most):
        lines.append([signs.get(one, 0) for one in unknown] + [signs.get(("spare", *one), 0) for one in spare])
        low.append(least)
        high.append(most)

    for above, column in spare:
        parts = {(key, column): 1 for key in keys if PARENTS.get(key) == above}
        line(parts | {(above, column): -1, ("spare", above, column): 1}, 0, 0)
    for key, column in unknown:
        if column:
            line({(key, column - 1): 1, (key, column): -1}, 0, 1000)
        if told[key][column] is not None:
            line({(key, column): 1}, told[key][column], told[key][column])
    ends = []
    for way in (1, -1):
        goal = [way * (one == at) for one in unknown] + [0] * len(spare)
        found = milp(goal, constraints=LinearConstraint(lines, low, high), bounds=Bounds(0, 1000), integrality=1)
        assert found.success
        ends.append(way * round(found.fun))
    return ends


NUMBERS = st.lists(st.one_of(st.integers(0, 6), st.integers(0, 40)), min_size=4, max_size=4)


@hypothesis.settings(max_examples=4, deadline=None)
@given(st.lists(NUMBERS, min_size=10, max_size=10))
def test_no_small_number_follows_from_the_lines_and_columns_that_are_told(own):
    """OWN is what each line counts besides its parts, in the four columns."""
    falling = [tuple(sorted(numbers, reverse=True)) for numbers in own]
    counts = dict(zip([*PARENTS, ("everybody",)], falling, strict=True))
    for key in reversed(PARENTS):  # from the lowest up
        above = PARENTS[key]
        counts[above] = tuple(a + b for a, b in zip(counts[above], counts[key], strict=True))
    told = queries_sources.tell(counts, PARENTS)
    for key, numbers in counts.items():
        for column, number in enumerate(numbers):
            assert told[key][column] in (None, number)
            if 0 < number < 5:
                assert told[key][column] is None
                least, most = bounds_of(told, (key, column))
                assert least < most
