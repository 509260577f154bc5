"""What holds for every public page, whichever app it stands in."""

import gzip

import pytest

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff
from peelian.alerts.tests.public_factories import make_alert, make_area, make_team
from peelian.events.tests.factories import make_event
from peelian.priorities.tests.factories import make_promise
from peelian.website.tests.factories import make_page

pytestmark = pytest.mark.django_db
LISTS = ["/", "/areas/", "/areas/map/", "/alerts/", "/events/", "/promises/", "/advice/", "/news/", "/statistics/",
         "/search/", "/search/?q=vans", "/privacy/", "/accessibility/", "/open-data/"]  # fmt: skip
FILES = ["/areas/outlines.json", "/alerts/feed.atom", "/news/feed.atom", "/areas/W01/feed.atom",
         "/areas/W01/events.ics", "/areas/W01/embed/", "/sitemap.xml", "/robots.txt"]  # fmt: skip
UNTRACKED = {"/search/", "/search/?q=vans"}  # what somebody searched for is nobody's to pass on


@pytest.fixture
def pages():
    """Every kind of public page, with something on it."""
    ward = make_area()
    team = make_team("Elm Bridge team", ward)
    officer, supervisor = make_staff(Role.OFFICER), make_staff(Role.SUPERVISOR)
    event = make_event(team, ward)
    promise = make_promise(ward, officer, publisher=supervisor)
    written = [make_page(f"About {kind}", kind=kind) for kind in ("advice", "news", "page")]
    alert = make_alert(ward, team=team, priority="urgent")
    own = [one.get_absolute_url() for one in (alert, event, promise, *written)]
    return [*LISTS, *own, "/areas/W01/", "/areas/W01/embed/code/"], [
        *FILES,
        f"{own[0]}cap.xml",
        f"/events/{event.ref}.ics",
    ]


def test_whoever_asks_gets_the_same_and_may_keep_it_for_a_minute(client, pages):
    for path in [*pages[0], *pages[1]]:
        answer = client.get(path)
        assert (path, answer.status_code, answer.cookies) == (path, 200, {})
        assert (path, answer["Cache-Control"]) == (path, "public, max-age=60")
        assert "Cookie" not in answer.get("Vary", ""), path
        assert b"csrfmiddlewaretoken" not in answer.content, path
        again = client.get(path, headers={"If-None-Match": answer["ETag"]})
        assert (path, again.status_code, again.content) == (path, 304, b"")
        assert client.post(path).status_code == 405, path


def test_pages_are_sent_compressed_and_are_told_shortly_where_they_are_as_they_were(client, pages):
    for path in pages[0]:
        plain = client.get(path).content
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert (path, answer["Content-Encoding"]) == (path, "gzip")
        assert gzip.decompress(answer.content) == plain, path
        known = {"Accept-Encoding": "gzip", "If-None-Match": answer["ETag"]}
        assert (path, client.get(path, headers=known).status_code) == (path, 304)


def test_every_page_says_whom_to_call_and_how_it_looks_where_it_is_shared(client, pages):
    for path in pages[0]:
        page = client.page(path)
        assert {"tel:999", "tel:101", "tel:18000"} <= set(page.links()), path
        if path in UNTRACKED or path.endswith("/code/"):
            continue
        said = {one.get("property"): one.get("content") for one in page.document.cssselect("meta[property^='og:']")}
        assert said["og:title"], path
        assert said["og:type"] in ("website", "article"), path
        for address in page.document.cssselect("link[rel=canonical]"):
            assert (path, address.get("href")) == (path, said["og:url"])
            assert said["og:url"].endswith(path), path


def test_the_map_of_the_site_has_every_page_that_lasts(client, pages):
    listed = client.get("/sitemap.xml").content.decode()
    lasting = [
        path for path in pages[0] if not path.startswith("/search/") and "/embed/" not in path and path != "/areas/map/"
    ]
    assert [path for path in lasting if f"{path}</loc>" not in listed] == []


def test_news_further_back_is_in_the_same_language(client):
    for number in range(14):
        make_page(f"News {number}", kind="news")
    assert [link for link in client.page("/news/?lang=ur").links() if "page=" in link and "lang=ur" in link]
