"""The figures on a neighbourhood's page, and the faces of its team."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from peelian.accounts import actions as accounts
from peelian.accounts import social
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.alerts.tests.public_factories import make_alert, make_area, make_author, make_team
from peelian.core import clock
from peelian.core.periods import Period, last_whole_month
from peelian.events.tests.factories import make_event
from peelian.insight.models import AlertCount, AlertDay, CrimeCount, CrimeFile, Refresh
from peelian.places.models import PopulationTable, Residents
from peelian.priorities.tests.factories import agree, make_priority, make_promise, publish
from peelian.website import neighbourhood

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return make_area("W01", "Elm Bridge", parent=make_area("F", "Heartshire", "force"))


def rate(area, *alerts):
    """ALERTS: how many rated each, and the sum of what they gave."""
    day = last_whole_month(clock.today()).end
    for ratings, total in alerts:
        alert = make_alert(area, ref=f"r{AlertCount.objects.count()}")
        AlertCount.objects.create(
            alert=alert, day=day, team=alert.team, organisation=alert.team.organisation, author=alert.author,
            areas=[area.pk, area.parent_id], tools=[],
        )  # fmt: skip
        AlertDay.objects.create(alert=alert, day=day, ratings=ratings, rating_total=total)


def people(area, number):
    table, _ = PopulationTable.objects.get_or_create(
        topic="sex", vintage="2021", defaults={"loaded_at": clock.now(), "source": "Census", "labels": [["f", "F"]]}
    )
    Residents.objects.create(table=table, area=area, figures={"f": number}, estimated=0)


def crimes(area, by_month, kind="burglary"):
    """Crimes of the months up to now: the last of BY_MONTH is of September 2026."""
    month = Period.month(2026, 9)
    for number in reversed(by_month):
        file, _ = CrimeFile.objects.get_or_create(
            dataset="street", month=month.start, reported_by="Heartshire",
            defaults={"types": "2013-05", "sha256": "x", "rows": 1, "without_place": 0, "loaded_at": clock.now(),
                      "counted": 1},
        )  # fmt: skip
        CrimeCount.objects.create(file=file, area=area, kind=kind, n=number)
        month = month.previous()


def test_ratings_stand_with_their_base(client, area):
    rate(area, (10, 50), (8, 36), (12, 60), (10, 50))
    page = client.page("/areas/W01/")
    assert "4.9 of 6" in page.texts(".w-fact__number")
    assert "from 40 ratings in the last 12 months. Allowing for chance, it lies between 4.6 and 5.2." in page.text()
    assert "4.9 of 6" in client.page("/statistics/").text()
    assert "Student’s interval" in client.page("/statistics/").text()


def test_where_those_who_rate_differ_by_alert_the_range_is_wide_and_stays_on_the_scale(area):
    rate(area, (50, 60), (50, 300), (50, 60), (50, 300))
    found = neighbourhood.rated(area)
    # Cochran 1977, 2.11: each alert's total is 120 from what the mean would make it, t for 3 degrees is 3.18
    assert (found.mean, found.base) == (3.6, 200)
    assert found.low == 1.0  # 3.6 less 3.18 × √(4/3 × 4 × 120²) ÷ 200 is less than the lowest rating there is
    assert found.high == 6.0


def test_under_five_ratings_are_not_told_nor_what_would_give_them_away(area):
    rate(area, *[(1, 5)] * 4)
    assert neighbourhood.rated(area) is None
    other = make_area("W02", "Mill Lane", parent=area.parent, at=1)
    rate(other, (3, 15), *[(1, 5)] * 3)  # the force has ten; the six would give the four away
    assert neighbourhood.rated(other) is None


def test_of_fewer_than_four_alerts_no_rating_is_told(area):
    rate(area, (40, 200), (40, 190), (40, 210))
    assert neighbourhood.rated(area) is None


def test_crime_is_said_with_its_rate_its_change_and_the_force_beside_it(client, area):
    people(area, 8_000)
    people(area.parent, 100_000)
    crimes(area, [60] * 12 + [40] * 12)
    crimes(area.parent, [700] * 12 + [600] * 12)
    page = client.page("/areas/W01/")
    text = page.text()
    assert "In the 12 months to September 2026 the police recorded 480 crimes here." in text
    assert "That is 60 for every 1,000 of the 8,000 people who live here (Census 2021)." in text
    assert "it is 72" in text  # 7,200 of 100,000
    assert "Down by 33% from the year before, when there were 720 (allowing for chance, by 25% to 41%)." in text
    assert "Most often: burglary (480)." in text
    assert len(page.document.cssselect("#crime tbody tr")) == 24


def test_a_change_that_can_be_chance_is_called_that(area):
    crimes(area, [10] * 12 + [11] * 12)
    found = neighbourhood.crime_in(area)
    assert (found.verdict, found.per_1000, found.force_per_1000) == ("unclear", None, None)


def test_a_missing_month_is_a_gap_and_gives_no_sum(client, area):
    crimes(area, [5] * 12)
    CrimeFile.objects.filter(month=date(2026, 3, 1)).delete()
    found = neighbourhood.crime_in(area)
    assert (found.crimes, found.change, found.verdict) == (None, None, "")
    assert "we give no sum" in client.page("/areas/W01/").text()


def test_without_figures_there_is_no_heading_for_them(client, area):
    headings = client.page("/areas/W01/").texts("main h2")
    assert not {"How we are doing here", "Recorded crime"} & set(headings)


def test_the_figures_can_be_taken_away(client, area):
    crimes(area, [5] * 24)
    file = b"".join(client.get("/areas/W01/?csv=crime").streaming_content).decode()
    assert file.splitlines()[-1].endswith("Sep 2026,5")
    assert client.get("/areas/W01/?csv=other").status_code == 404


def test_how_often_a_page_asks_does_not_grow(client, area, django_assert_num_queries):
    rate(area, *[(10, 49)] * 4)
    crimes(area, [60] * 24)
    team = make_team("Elm team", area)
    team.people.add(make_author())
    make_alert(area, ref="another", team=team)
    client.get("/areas/W01/")
    with django_assert_num_queries(44):
        client.get("/areas/W01/")
    for number in range(5):
        team.people.add(make_staff(email=f"p{number}@heartshire.example"))
        make_alert(area, ref=f"more{number}", team=team)
    with django_assert_num_queries(44):
        client.get("/areas/W01/")
    for name in ("panels.alerts", "reach.stages", "crime.counts"):
        Refresh.objects.create(name=name, as_of=clock.now(), seconds=0)
    client.get("/areas/W01/")
    with django_assert_num_queries(26):  # what follows from insight is worked out once after each refresh
        client.get("/areas/W01/")


# Photographs and pages elsewhere --------------------------------------------------------------------------------------


def picture(size=(900, 600)):
    out = BytesIO()
    Image.new("RGB", size, "#336699").save(out, "JPEG")
    return out.getvalue()


def test_a_persons_photograph_stands_beside_their_name_and_nowhere_without_it(client, area, settings):
    settings.PEELIAN_SHOW_OFFICER_NAMES = True
    author = make_author()
    make_team("Elm team", area).people.add(author)
    accounts.put_photo(subject=author, content=picture(), alt="Pat Alder by the canal", by=author)
    address = f"/photos/{author.photo_key}/"
    assert client.get(address).status_code == 404
    assert address not in client.get("/areas/W01/").content.decode()
    accounts.change_profile(staff=author, job_title="PCSO", show_name=True)
    page = client.page("/areas/W01/")
    assert [one.get("alt") for one in page.document.cssselect(".w-person img")] == ["Pat Alder by the canal"]
    answer = client.get(address)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "public, no-cache")
    assert Image.open(BytesIO(answer.content)).size == (640, 427)
    accounts.remove_photo(subject=author, by=author)
    assert client.get(address).status_code == 404


def test_whoever_gives_a_photograph_sees_it_where_residents_may_not(client, area):
    author = make_author()
    sign_in(client, author)
    page = "/staff/accounts/me/photo/"
    assert len(client.page(page, {"alt": ""}, post=True).texts(".govuk-error-summary li")) == 2
    client.page(page, {"file": SimpleUploadedFile("me.jpg", picture()), "alt": "Pat Alder"}, post=True)
    author.refresh_from_db()
    assert client.get(f"/photos/{author.photo_key}/").status_code == 404
    shown = client.page(page).document.cssselect("main img")[0]
    assert (shown.get("alt"), shown.get("src")[:23]) == ("Pat Alder", "data:image/jpeg;base64,")
    client.page(page, {"remove": "1"}, post=True)
    assert not client.page(page).document.cssselect("main img")


def test_a_team_may_have_a_photograph_whether_or_not_people_are_named(client, area):
    team = make_team("Elm team", area)
    accounts.put_photo(subject=team, content=picture(), alt="The team at the market", by=make_author())
    assert client.get(f"/photos/{team.photo_key}/").status_code == 200
    assert client.page("/areas/W01/").document.cssselect(".w-team__photo")[0].get("alt") == "The team at the market"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.facebook.com/ElmBridge", "Facebook"), ("https://x.com/elm", "X"),
        ("http://x.com/elm", ""), ("https://x.com/", ""), ("https://notx.com/elm", ""), ("javascript:alert(1)", ""),
        ("https://me@x.com/elm", ""), ("https://x.com.evil.example/elm", ""), ("https://[x.com/elm", ""),
    ],
)  # fmt: skip
def test_only_pages_on_websites_we_know_are_linked(address, name):
    assert social.site(address) == name


def test_a_teams_pages_elsewhere_are_links(client, area):
    make_team("Elm team", area, social="https://www.facebook.com/ElmBridge\nhttps://x.com/elm")
    assert {"https://www.facebook.com/ElmBridge", "https://x.com/elm"} <= set(client.page("/areas/W01/").links())


# What programmes publish ----------------------------------------------------------------------------------------------


def test_priorities_and_events_stand_on_the_page_once_they_are_public(client):
    officer = make_staff(Role.SUPERVISOR)
    sector = make_area("S1", "North sector", "sector", parent=make_area("F", "Heartshire", "force"))
    ward = make_area("W01", "Elm Bridge", parent=sector)
    team = make_team("Elm team", ward)
    headings = client.page("/areas/W01/").texts("main h2")
    assert not {"What we are working on", "Meet us"} & set(headings)
    first = make_priority(sector, officer, "Racing cars on Mill Lane", doing="We **measure** speeds.")
    agree(sector, officer, first)
    make_priority(sector, officer, "Not agreed yet")
    make_event(team, ward, title="Coffee with the team")
    make_event(team, ward, title="A draft", state="draft")
    publish(make_promise(ward, officer, said="Light the alley"), make_staff(Role.SUPERVISOR))
    make_promise(ward, officer, said="Not public yet")
    page = client.page("/areas/W01/")
    assert page.texts("#promises h3") == ["Light the alley"]
    assert client.page("/search/", {"q": "alley"}).texts(".w-list__title") == ["Light the alley"]
    assert page.texts("#priorities h3") == ["Racing cars on Mill Lane"]
    assert "We measure speeds. North sector. Since" in page.text()
    assert page.texts("#events h3") == ["Coffee with the team"]
    assert client.page("/search/", {"q": "coffee"}).texts(".w-list__title") == ["Coffee with the team"]
