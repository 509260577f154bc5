"""The residents' shell."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.accounts.models import Team
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff
from peelian.alerts.actions import end_decision, enter_decision
from peelian.alerts.tests.public_factories import make_alert, make_area, make_author, make_postcode, make_team
from peelian.core import clock
from peelian.members.models import Topic, Wording

pytestmark = pytest.mark.django_db


def titles(page):
    return page.texts(".p-card__title")


# --- Home ---------------------------------------------------------------------------------------------------


def test_the_postcode_box_comes_first(client):
    page = client.page("/")
    assert page.texts("h1") == ["What is happening near you?"]
    first = page.document.xpath("//main//*[self::a or self::input or self::button]")[0]
    assert first.get("name") == "postcode"


@pytest.mark.parametrize("typed", ["HE1 1AA", "he11aa", "  he1  1aa "])
def test_a_postcode_leads_to_its_neighbourhood(client, typed):
    make_area("N", "Northside", "policing-area")
    make_area("W01", "Elm Bridge")
    make_postcode("HE11AA")
    answer = client.get("/", {"postcode": typed})
    assert (answer.status_code, answer["Location"]) == (302, "/areas/W01/")


@pytest.mark.parametrize("typed", ["ZZ9 9ZZ", "nonsense", "<b>", "é", "x" * 500, ""])
def test_an_unknown_postcode_gets_a_sentence(client, typed):
    page = client.page("/", {"postcode": typed})
    assert len(page.texts(".govuk-error-message")) == 1


def test_a_postcode_outside_every_neighbourhood_gets_a_sentence(client):
    make_area()
    make_postcode("HE22BB", at=5)
    page = client.page("/", {"postcode": "HE2 2BB"})
    assert "We do not know that postcode or name here" in page.texts(".govuk-error-message")[0]


def test_the_three_latest_alerts(client):
    for number in range(4):
        make_alert(ref=f"r{number}", title=f"No. {number}")
    assert len(titles(client.page("/"))) == 3


def test_how_to_report_stands_on_it(client):
    assert {"tel:999", "tel:101", "tel:0800555111", "/register/"} <= set(client.page("/").links())


@pytest.mark.parametrize("path", ["/", "/areas/", "/areas/W01/", "/alerts/", "/privacy/", "/accessibility/"])
def test_every_page_says_its_language(client, path):
    make_area()
    assert client.page(path).document.get("lang") == "en-GB"


# --- Areas --------------------------------------------------------------------------------------------------


@pytest.fixture
def wards():
    force = make_area("F", "Heartshire", "force")
    north = make_area("N", "Northside", "policing-area", parent=force)
    south = make_area("S", "Castle", "policing-area", parent=force)
    sector = make_area("N1", "North sector", "sector", parent=north)
    make_area("W1", "Elm Bridge", parent=sector)
    make_area("W2", "Mill Lane", parent=sector)
    make_area("W3", "Abbey", parent=south)
    make_area("W4", "Zeal", parent=None)


def test_areas_stand_under_their_policing_area(client, wards):
    page = client.page("/areas/")
    assert page.texts("main h2") == ["Castle", "Northside", "Other areas"]
    assert page.texts("main li a") == ["Abbey", "Elm Bridge", "Mill Lane", "Zeal"]


def test_part_of_a_name_narrows_the_list_without_script(client, wards):
    page = client.page("/areas/", {"q": " bRiD "})
    assert page.texts("main li a") == ["Elm Bridge"]
    assert client.page("/areas/", {"q": "none"}).texts(".p-empty__title") == ["No area has that in its name"]


def test_the_name_of_what_an_area_lies_in_finds_it(client, wards):
    assert client.page("/areas/", {"q": "north sec"}).texts("main li a") == ["Elm Bridge", "Mill Lane"]
    assert client.page("/areas/", {"q": "heartshire"}).texts("main li a") == []  # all of them lie in the force


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [("mill lane", "/areas/W2/"), ("ABB", "/areas/W3/"), ("Northside", "/areas/?q=Northside"), ("e", "/areas/?q=e")],
)
def test_a_name_leads_to_its_neighbourhood_or_to_those_it_may_be(client, wards, typed, leads_to):
    assert client.get("/", {"postcode": typed})["Location"] == leads_to


def test_a_postcode_in_the_list_of_areas_leads_on(client):
    make_area("W01", "Elm Bridge")
    make_postcode("HE11AA")
    assert client.get("/areas/", {"q": "he1 1aa"})["Location"] == "/areas/W01/"


def test_the_map_has_every_neighbourhood_and_nothing_else(client, wards):
    drawn = json.loads(client.get("/areas/outlines.json").content)
    assert {code for code, _name, _polygons in drawn} == {"W1", "W2", "W3", "W4"}
    page = client.page("/areas/map/")
    assert "/areas/" in page.links()  # for those without script
    assert page.document.cssselect("[data-find-map][hidden]")


def test_an_installation_without_areas_says_so(client):
    assert client.page("/areas/").texts(".p-empty__title") == ["No areas yet"]


def test_the_list_of_areas_asks_as_often_for_three_as_for_one(client):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            client.get("/areas/")
        return len(seen)

    north = make_area("N", "Northside", "policing-area")
    make_area("W1", "One", parent=north)
    before = asked()
    make_area("W2", "Two", parent=north)
    make_area("W3", "Three", parent=north)
    assert asked() == before


def test_an_area_says_where_it_lies_and_who_looks_after_it(client, wards):
    from peelian.places.models import Area

    make_team(
        "Elm team", Area.objects.get(code="W1"), public_phone="020 7946 0000", public_email="elm@heartshire.example"
    )
    page = client.page("/areas/W1/")
    assert page.texts("h1") == ["Elm Bridge"]
    assert page.texts(".p-lede a") == ["North sector", "Northside"]
    assert page.texts(".w-team__name") == ["Your team: Elm team"]
    assert {"mailto:elm@heartshire.example", "tel:02079460000", "/areas/W1/feed.atom"} <= set(page.links())
    assert page.texts(".p-empty__title") == ["No alerts for this area now"]


def test_without_a_team_of_its_own_the_one_above_answers(client, wards):
    from peelian.places.models import Area

    make_team("Northside team", Area.objects.get(code="N"))
    assert client.page("/areas/W1/").texts(".w-team__name") == ["Your team: Northside team"]
    assert client.page("/areas/W3/").texts(".w-team__name") == ["Your team: Force team"]
    Team.objects.filter(areas=None).delete()
    assert client.page("/areas/W3/").texts(".w-team__name") == ["Your team"]


@pytest.mark.parametrize(("force_allows", "person_allows", "named"), [(0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 1)])
def test_people_are_named_only_where_force_and_person_allow(client, settings, force_allows, person_allows, named):
    settings.PEELIAN_SHOW_OFFICER_NAMES = bool(force_allows)
    author = make_author()
    author.show_name = bool(person_allows)
    author.save()
    make_team("Elm team", make_area()).people.add(author)
    text = client.page("/areas/W01/").text()
    assert ("Pat Alder" in text) == bool(named)
    assert "PCSO" in text
    kept = client.get("/areas/W01/")["Cache-Control"]
    assert ("no-cache" in kept) == bool(force_allows)  # a name that is taken back is gone at once, not after a while


def test_people_without_names_are_counted_by_title(client):
    team = make_team("Elm team", make_area())
    titles = ["PCSO"] * 2 + ["Sergeant"] + ["Police constable"] * 3 + ["Office days"] * 2
    for title in titles:
        team.people.add(make_staff(job_title=title))
    listed = client.page("/areas/W01/").texts(".w-person")
    assert [one for one in listed if "PCSO" in one] == ["2 PCSOs"]
    assert {"Sergeant", "3 police constables", "Office days (2)"} <= set(listed)


@pytest.mark.parametrize("kind", ["hotspot", "drawn", "impact-area"])
def test_the_forces_own_areas_have_no_page(client, kind):
    make_area("H1", "Hot", kind)
    assert client.get("/areas/H1/").status_code == 404


def test_an_unknown_area_is_not_found(client):
    assert client.get("/areas/none/").status_code == 404


# --- Privacy and accessibility ------------------------------------------------------------------------------


def test_the_latest_privacy_notice_stands(client):
    Wording.objects.filter(kind="privacy").delete()
    assert "not here yet" in client.page("/privacy/").text()
    Wording.objects.create(kind="privacy", version="1", text="Old words.")
    Wording.objects.create(kind="privacy", version="2", text="We keep **little**.")
    page = client.page("/privacy/")
    assert page.texts(".p-prose strong") == ["little"]
    assert "Version 2" in page.text()


def test_the_privacy_notice_says_what_is_held_back_by_lot_while_a_decision_of_it_holds(client, monkeypatch):
    assert "a few people do not get" not in client.page("/privacy/").text()
    decision = enter_decision(
        by=make_staff(Role.COMMUNICATIONS), body="Ethics Committee of Heartshire", decided_on=clock.today(), percent=2,
        until=clock.today() + timedelta(days=90), reference="EC 12/26", text="Agreed.",
        topics=[Topic.objects.get(slug="vehicle-crime")],
    )  # fmt: skip
    with CaptureQueriesContext(connection) as done:
        page = client.page("/privacy/?anew=1")
    assert len(done) <= 5
    said = page.texts("#held-back")[0]
    assert "from about 2 in every 100" in said
    assert "Ethics Committee of Heartshire agreed to this" in said
    assert page.texts("#held-back li") == [decision.topics.get().name]
    urdu = client.page("/privacy/?lang=ur").texts("#held-back h2")
    assert urdu == ["وہ پیغامات جو چند لوگوں کو نہیں ملتے"]
    end_decision(decision=decision, by=decision.entered_by)
    assert not client.page("/privacy/?anew=2").texts("#held-back")


def test_the_accessibility_statement_says_how_it_was_tested(client):
    page = client.page("/accessibility/")
    assert "How it was tested" in page.texts("h2")
