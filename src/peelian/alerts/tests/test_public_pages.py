"""What everybody may read about alerts."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from peelian.alerts.models import Alert, Response
from peelian.alerts.tests.public_factories import make_alert, make_area, make_team
from peelian.core import clock
from peelian.core.keyset import ROWS

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}
S = Alert.State
SOON = datetime(2030, 1, 1, tzinfo=UTC)


def titles(page):
    return page.texts(".p-card__title")


# --- The list -----------------------------------------------------------------------------------------------


def test_an_empty_list_says_so(client):
    assert client.page("/alerts/").texts(".p-empty__title") == ["No alerts yet"]


def test_newest_first_and_each_once_over_all_pages(client):
    now = clock.now()
    for number in range(ROWS + 3):
        make_alert(ref=f"r{number}", title=f"No. {number}", sent_at=now - timedelta(minutes=number))
    first = client.page("/alerts/")
    assert titles(first) == [f"No. {number}" for number in range(ROWS)]
    second = client.page("/alerts/" + first.document.cssselect("a[rel=next]")[0].get("href"))
    assert titles(second) == [f"No. {number}" for number in range(ROWS, ROWS + 3)]
    back = client.page("/alerts/" + second.document.cssselect("a[rel=prev]")[0].get("href"))
    assert titles(back) == titles(first)


def test_search_finds_word_forms_in_title_and_parts(client):
    make_alert(ref="one", title="Bicycles stolen from the station")
    make_alert(ref="two", title="Storm tonight", can_do="Move your bicycle indoors.")
    make_alert(ref="three", title="Meet us", happening="At the library.", doing="", can_do="")
    assert sorted(titles(client.page("/alerts/", {"q": "bicycle"}))) == [
        "Bicycles stolen from the station",
        "Storm tonight",
    ]
    page = client.page("/alerts/", {"q": "giraffe"})
    assert page.texts(".p-empty__title") == ["No alerts found"]
    assert page.document.cssselect("meta[name=robots]")[0].get("content") == "noindex"


@pytest.mark.parametrize("q", ["'", "a & | !", "\x00", "<b>", "x" * 200, "%"])
def test_no_search_words_break_the_page(client, q):
    make_alert()
    client.page("/alerts/", {"q": q})


def test_the_topic_narrows_and_an_unknown_one_does_no_harm(client):
    make_alert(title="Vans")
    assert titles(client.page("/alerts/", {"topic": "vehicle-crime"})) == ["Vans"]
    assert titles(client.page("/alerts/", {"topic": "road-safety"})) == []
    client.page("/alerts/", {"topic": "nonsense"})


HIDDEN = [{"restricted": True}, {"state": S.DRAFT}, {"state": S.WAITING}, {"state": S.SCHEDULED, "scheduled_for": SOON}]


@pytest.mark.parametrize("given", [*HIDDEN, {"state": S.WITHDRAWN}])
def test_what_is_not_public_is_in_no_list_feed_or_search(client, given):
    area = make_area()
    make_alert(area, **given)
    for path in ("/alerts/", "/alerts/?q=vans", "/areas/W01/", "/"):
        assert titles(client.page(path)) == [], path
    for path in ("/alerts/feed.atom", "/areas/W01/feed.atom"):
        assert b"<entry>" not in client.get(path).content


def test_the_list_asks_as_often_for_three_as_for_one(client):
    area = make_area()
    make_alert(area, ref="r0")

    def asked(path):
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        return len(seen)

    paths = ("/alerts/", "/alerts/feed.atom", "/areas/W01/feed.atom", "/areas/W01/", "/")
    for path in paths:
        asked(path)  # what is kept for a minute is found out now
    before = [asked(path) for path in paths]
    for number in (1, 2):
        make_alert(area, make_area(f"W1{number}", at=number), ref=f"r{number}")
    for path in paths:
        asked(path)  # what is kept until an area changes is made anew
    assert [asked(path) for path in paths] == before


# --- The page -----------------------------------------------------------------------------------------------


def test_three_parts_team_areas_and_ways_to_share(client):
    area = make_area()
    make_alert(area, team=make_team("Elm Bridge team", area, public_email="elm@heartshire.example"))
    page = client.page("/alerts/abc123/")
    assert page.texts("h1") == ["Vans broken into on Mill Lane"]
    assert page.texts(".p-prose h2") == ["What is happening", "What we are doing", "What you can do"]
    assert page.texts(".p-prose strong") == ["three"]
    assert "elm@heartshire.example" in page.text()
    assert "/areas/W01/" in page.links()
    shape = json.loads(page.document.cssselect("[data-outlines]")[0].get("data-outlines"))
    assert [feature["properties"]["name"] for feature in shape["features"]] == ["Elm Bridge"]
    assert page.document.cssselect("#share-link")[0].get("value") == "http://testserver/s/abc123/"


def test_nothing_on_it_comes_from_elsewhere_or_sets_a_cookie(client):
    make_alert(make_area())
    page = client.page("/alerts/abc123/")
    fetched = page.document.xpath("//script/@src|//link[@rel='stylesheet']/@href|//img/@src|//iframe/@src")
    assert [address for address in fetched if not address.startswith("/static/")] == []
    assert page.response.cookies == {}
    assert "Cookie" not in page.response.get("Vary", "")
    assert page.document.xpath("//form[@method='post']") == []


def test_it_is_kept_for_a_minute_at_most_and_known_again(client):
    make_alert(make_area())
    answer = client.get("/alerts/abc123/")
    assert "max-age=60" in answer["Cache-Control"]
    assert client.get("/alerts/abc123/", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


def test_a_drawn_shape_is_never_shown(client):
    drawn = {"type": "Polygon", "coordinates": [[[-1.9876, 52.0], [-1.98, 52.0], [-1.98, 52.01], [-1.9876, 52.0]]]}
    make_alert(make_area(), audience={"clauses": [{"effect": "include", "kind": "polygon", "polygon": drawn}]})
    assert "1.9876" not in client.page("/alerts/abc123/").response.content.decode()


@pytest.mark.parametrize("part", ["happening", "doing", "can_do", "outcome"])
def test_markup_in_a_part_can_do_nothing(client, part):
    text = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> ![i](https://else.example/i.png)"
    make_alert(**{part: text})
    page = client.page("/alerts/abc123/")
    prose = page.document.cssselect(".p-prose")[0]
    assert prose.xpath(".//script|.//img|.//*[@onerror]") == []
    assert not [link for link in page.links() if link.lower().startswith("javascript")]


def test_the_author_is_not_named(client):
    make_alert(make_area())
    text = client.page("/alerts/abc123/").response.content.decode()
    assert "Alder" not in text
    assert "pat.alder" not in text


@pytest.mark.parametrize("given", HIDDEN)
def test_what_is_not_public_is_not_found(client, given):
    make_alert(**given)
    assert client.get("/alerts/abc123/").status_code == 404
    assert client.get("/s/abc123/").status_code == 404


def test_after_withdrawal_the_words_are_gone_and_the_reason_stands(client):
    make_alert(state=S.WITHDRAWN, withdrawn_at=clock.now(), withdrawn_reason="The man has been found.")
    page = client.page("/alerts/abc123/", expect=410)
    assert "The man has been found." in page.text()
    assert "Mill Lane" not in page.text()
    assert "vans" not in page.text().lower()
    assert client.get("/s/abc123/").status_code == 410


def test_after_its_end_only_the_outcome_stands_and_nobody_indexes_it(client):
    make_alert(ends_on=clock.today() - timedelta(days=1), outcome="A man was **charged**.")
    page = client.page("/alerts/abc123/")
    assert page.texts(".p-prose h2") == ["What came of it"]
    assert "Tools were taken" not in page.response.content.decode()
    assert page.response["X-Robots-Tag"] == "noindex"
    assert page.document.cssselect("meta[name=robots]")[0].get("content") == "noindex"


def test_on_its_last_day_it_still_stands(client):
    make_alert(ends_on=clock.today())
    assert len(client.page("/alerts/abc123/").texts(".p-prose h2")) == 3


def test_a_recalled_alert_says_so_first(client):
    make_alert(state=S.RECALLED)
    page = client.page("/alerts/abc123/")
    assert page.texts("main .p-notice__title") == ["We took this alert back"]


@pytest.mark.parametrize("relation", ["update", "correction"])
def test_news_and_corrections_are_linked_both_ways_above_the_title(client, relation):
    first = make_alert(ref="first", title="Missing man")
    earlier = clock.now() - timedelta(hours=1)
    make_alert(ref="later", title="He is home", relation=relation, first=first, sent_at=earlier)
    make_alert(ref="hidden", title="Not for all", relation=relation, first=first, restricted=True)
    make_alert(ref="gone", title="Taken down", relation=relation, first=first, state=S.WITHDRAWN)
    before = client.page("/alerts/first/").document.xpath("//h1/preceding::div[contains(@class,'p-notice')]//a/@href")
    assert before == ["/alerts/later/"]
    back = client.page("/alerts/later/").document.xpath("//h1/preceding::div[contains(@class,'p-notice')]//a/@href")
    assert back == ["/alerts/first/"]


def test_a_title_in_urdu_keeps_its_direction(client):
    make_alert(title="گاڑیوں سے چوری")
    assert client.page("/alerts/abc123/").document.cssselect("h1")[0].get("dir") == "auto"


# --- The share link -----------------------------------------------------------------------------------------


def visits():
    return sum(Response.objects.filter(kind=Response.Kind.VISIT).values_list("n", flat=True))


def test_a_visit_by_share_link_is_counted_without_a_cookie_and_a_look_is_not(client):
    make_alert()
    answer = client.get("/s/abc123/")
    assert (answer.status_code, answer["Location"]) == (302, "/alerts/abc123/")
    assert answer.cookies == {}
    assert visits() == 1
    client.head("/s/abc123/")
    assert visits() == 1


# --- Feeds --------------------------------------------------------------------------------------------------


def feed(client, path):
    answer = client.get(path)
    assert answer["Content-Type"].startswith("application/atom+xml")
    return etree.fromstring(answer.content)


@pytest.mark.parametrize("path", ["/alerts/feed.atom", "/areas/W01/feed.atom"])
def test_a_feed_is_atom(client, path):
    area = make_area()
    make_alert(area, ref="one", title="Vans & <vans>")
    make_alert(area, ref="two")
    root = feed(client, path)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for needed in ("a:id", "a:title", "a:updated"):
        assert len(root.xpath(needed, namespaces=ATOM)) == 1
    own = root.xpath("a:link[@rel='self']/@href", namespaces=ATOM)
    assert own == [f"http://testserver{path}"]
    entries = root.xpath("a:entry", namespaces=ATOM)
    assert len(entries) == 2
    for entry in entries:
        for needed in ("a:id", "a:title", "a:updated", "a:link[@href]", "a:author/a:name"):
            assert len(entry.xpath(needed, namespaces=ATOM)) == 1, needed
    assert len(set(root.xpath("//a:entry/a:id/text()", namespaces=ATOM))) == 2
    assert set(root.xpath("//a:entry/a:title/text()", namespaces=ATOM)) == {
        "Vans & <vans>",
        "Vans broken into on Mill Lane",
    }


def test_an_empty_feed_is_a_feed(client):
    assert feed(client, "/alerts/feed.atom").xpath("a:updated", namespaces=ATOM)


def test_fifty_entries_and_no_more(client):
    for number in range(52):
        make_alert(ref=f"r{number}")
    assert len(feed(client, "/alerts/feed.atom").xpath("a:entry", namespaces=ATOM)) == 50


def test_an_area_hears_of_the_areas_above_it_and_not_of_those_beside_it(client):
    north = make_area("N", "Northside", "policing-area")
    elm = make_area("W01", "Elm Bridge", parent=north)
    make_area("W02", "Castle Vale", at=1, parent=north)
    make_alert(north, ref="north", title="All of the north")
    make_alert(elm, ref="elm", title="Only here")
    assert set(titles(client.page("/areas/W01/"))) == {"Only here", "All of the north"}
    assert titles(client.page("/areas/W02/")) == ["All of the north"]
    got = feed(client, "/areas/W02/feed.atom").xpath("//a:entry/a:title/text()", namespaces=ATOM)
    assert got == ["All of the north"]


@pytest.mark.parametrize("kind", ["hotspot", "drawn", "impact-area"])
def test_areas_of_the_forces_own_business_have_no_feed(client, kind):
    make_area("H1", "Hot", kind)
    assert client.get("/areas/H1/feed.atom").status_code == 404
    assert client.get("/areas/none/feed.atom").status_code == 404
