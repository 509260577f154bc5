"""Pages, news, advice, search and what robots read."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings

from peelian.alerts.tests.public_factories import make_alert, make_area, make_postcode
from peelian.core import clock
from peelian.website import actions
from peelian.website.models import Page
from peelian.website.tests.factories import editor, make_page

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def test_advice_stands_under_its_headings_in_their_order(client):
    make_page("Lost property")
    make_page("Yellow lines", section="roads")
    make_page("A crash", section="roads")
    page = client.page("/advice/")
    assert page.texts("main h2") == ["Roads and driving", "Lost, found and stolen"]
    assert page.texts(".w-list__title") == ["A crash", "Yellow lines", "Lost property"]
    assert {"tel:999", "tel:101", "tel:18000"} <= set(page.links())


def test_a_page_about_abuse_can_be_left_at_once(client):
    make_page("Abuse at home", sensitive=True, section="abuse")
    page = client.page("/advice/abuse-at-home/")
    first = page.document.cssselect("#main-content")[0].getprevious().cssselect("a")[0]
    assert first.get("href").startswith("https://www.bbc.co.uk/")  # the first thing after the head, script or not
    assert "noreferrer" in first.get("rel")
    assert page.document.cssselect("[data-leave-how][hidden]")
    make_page("Bikes")
    assert not client.page("/advice/bikes/").document.cssselect("[data-leave]")


def test_a_page_in_the_readers_language_or_else_in_english(client):
    make_page("Lost property")
    make_page("Bikes")
    make_page("گم شدہ چیزیں", slug="lost-property", language="ur", summary="کیا کریں")
    assert client.page("/advice/lost-property/?lang=ur").texts("h1") == ["گم شدہ چیزیں"]
    assert client.page("/advice/lost-property/").texts("h1") == ["Lost property"]
    listed = client.page("/advice/?lang=ur")
    assert listed.texts(".w-list__title") == ["Bikes", "گم شدہ چیزیں"]
    english = client.page("/advice/bikes/?lang=ur").document.cssselect("article header")[0]
    assert (english.get("lang"), english.get("dir")) == ("en-GB", "ltr")


def test_news_is_newest_first_page_by_page_and_a_feed(client):
    for number in range(14):
        made = make_page(f"News {number}", kind="news")
        Page.objects.filter(pk=made.pk).update(published_at=clock.now() - timedelta(days=number))
    page = client.page("/news/")
    assert page.texts(".w-news__title") == [f"News {number}" for number in range(12)]
    further = page.document.cssselect("a[rel=next]")[0].get("href")
    assert client.page(f"/news/{further}").texts(".w-news__title") == ["News 12", "News 13"]
    feed = ElementTree.fromstring(client.get("/news/feed.atom").content)
    entries = feed.findall(f"{ATOM}entry")
    assert (len(entries), entries[0].findtext(f"{ATOM}title")) == (14, "News 0")


def test_pages_are_found_by_their_words_and_by_what_people_call_them(client):
    make_page("Road collision", words="crash accident bump", section="roads")
    make_page("Litter", body="Bins that overflow.")
    for asked in ("crash", "collisions", '"road collision"', "accident -bins"):
        assert client.page("/search/", {"q": asked}).texts(".w-list__title") == ["Road collision"], asked
    assert client.page("/search/", {"q": "overflowing"}).texts(".w-list__title") == ["Litter"]


def test_areas_alerts_and_news_are_found_too(client):
    make_alert(make_area("W01", "Elm Bridge"))
    make_postcode("HE11AA")
    make_page("Vans and tools", kind="news")
    assert client.page("/search/", {"q": "elm bri"}).texts("main h2") == ["Areas"]
    assert client.page("/search/", {"q": "HE1 1AA"}).texts(".w-list__title") == ["Elm Bridge"]
    assert client.page("/search/", {"q": "tools"}).texts("main h2") == ["Alerts", "News"]


@pytest.mark.parametrize("asked", ["zyzzyva", "'; DROP TABLE", "\x00", "&|!:*()", "x" * 500, "<b>"])
def test_who_finds_nothing_is_told_where_else_to_look_and_whom_to_call(client, asked):
    page = client.page("/search/", {"q": asked})
    assert page.texts(".w-list__title") == []
    assert {"tel:999", "tel:101", "tel:18000", "/advice/"} <= set(page.links())
    assert "This is not for reporting a crime that is happening now." in page.text()


def test_the_best_match_comes_first(client):
    make_page("Parking", body="Yellow lines. Noise too.", section="roads")
    make_page("Noise", body="Loud music.", section="nuisance")
    assert client.page("/search/", {"q": "noise"}).texts(".w-list__title") == ["Noise", "Parking"]


def test_the_map_of_the_site_has_every_page_that_everybody_may_read(client):
    make_alert(make_area("W01", "Elm & Bridge"), ref="out")
    make_page("Lost property")
    make_page("Draft", live=False)
    page = make_page("Gone", kind="news")
    actions.take_down(page=page, by=editor())
    said = client.get("/sitemap.xml")
    urls = [one.text for one in ElementTree.fromstring(said.content).iter() if one.tag.endswith("loc")]
    assert {"/", "/areas/W01/", "/advice/lost-property/", "/alerts/out/", "/statistics/"} <= {
        url.removeprefix(settings.PEELIAN_BASE_URL) for url in urls
    }
    assert not [url for url in urls if "draft" in url or "gone" in url]
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /staff/" in robots
    assert f"Sitemap: {settings.PEELIAN_BASE_URL}/sitemap.xml" in robots


def test_a_page_that_is_not_there_helps_to_find_another(client):
    page = client.page("/nothing/here/", expect=404)
    assert page.document.cssselect("form[action='/search/'] input[name=q]")
    assert {"/areas/", "/advice/"} <= set(page.links())


@pytest.mark.parametrize("path", ["/advice/", "/news/", "/search/", "/statistics/", "/advice/lost-property/"])
def test_what_a_shared_link_shows(client, path):
    make_page()
    page = client.page(path)
    if path != "/search/":
        assert page.document.cssselect("meta[property='og:title']")
        assert page.document.cssselect("meta[name=description]")[0].get("content")


def test_how_often_a_list_asks_does_not_grow(client, django_assert_num_queries):
    make_page("One")
    for path, statements in (("/advice/", 1), ("/news/", 1), ("/advice/one/", 1), ("/sitemap.xml", 5)):
        with django_assert_num_queries(statements):
            client.get(path)
    for title in ("Two", "Three"):
        make_page(title)
        make_page(title, kind="news")
    for path, statements in (("/advice/", 1), ("/news/", 1), ("/advice/one/", 1), ("/sitemap.xml", 5)):
        with django_assert_num_queries(statements):
            client.get(path)
