"""What anybody sees: home, areas, alerts, and the pages on which something is wrong or missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests.browser.looking import PHONE, Person

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]


def test_from_postcode_to_alert(somebody: Makes) -> None:
    resident = somebody(width=PHONE)
    page = resident.open("/")
    resident.look("home")
    resident.fill("Your postcode, or the name of your area", "nowhere")
    resident.press("Show my area")
    assert page.locator(".govuk-error-message").is_visible()
    resident.look("home-wrong-postcode")
    resident.go(page.locator(".p-cards a"))
    assert page.get_by_role("heading", name="What is happening", exact=True).is_visible()
    resident.look("alert")


def test_areas(somebody: Makes) -> None:
    resident = somebody()
    page = resident.open("/areas/")
    resident.look("areas")
    page.locator("input[name=q]").press_sequentially("curlew")
    assert page.locator("[data-area-group] li:visible").all_inner_texts() == ["Curlewstead"]
    resident.follow("Curlewstead")
    assert resident.heading == "Curlewstead"
    resident.look("area")
    feed = page.request.get(page.locator("link[type='application/atom+xml']").get_attribute("href") or "")
    assert ElementTree.fromstring(feed.text()).tag == "{http://www.w3.org/2005/Atom}feed"


def test_alerts(somebody: Makes) -> None:
    resident = somebody()
    page = resident.open("/alerts/")
    resident.look("alerts")
    resident.open("/alerts/?q=zzyzx")
    assert page.get_by_text("No alerts found").is_visible()
    resident.look("alerts-none-found")


MEASURE = """() => {
  const all = performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"));
  return {
    bytes: all.reduce((sum, one) => sum + one.transferSize, 0), requests: all.length,
    elsewhere: all.filter((one) => new URL(one.name).origin !== location.origin).map((one) => one.name),
  };
}"""
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 400);
})"""
MOST = 100_000  # bytes that the first page somebody opens takes, with all that belongs to it
HEAVIER = {"/news/": 160_000}  # pictures
KIND = re.compile(r"^/(areas|alerts|events|promises|advice|news|pages)/[^/]+/$")


def one_of_each(resident: Person) -> list[str]:
    """The addresses of a page of every kind that the map of the site knows, and of two that it does not."""
    listed = ElementTree.fromstring(resident.page.request.get("/sitemap.xml").text())
    paths = [urlsplit(found.text or "").path for found in listed.findall("{*}url/{*}loc")]
    kinds = {KIND.sub(r"/\1/one/", path): path for path in reversed(paths)}
    assert len(kinds) >= 15, kinds
    return [*kinds.values(), "/areas/map/", "/search/?q=bike"]


def test_pages_are_light_load_from_nowhere_else_and_stand_still(somebody: Makes) -> None:
    first = somebody(width=PHONE)
    for path in one_of_each(first):
        resident = somebody(width=PHONE)  # who has nothing of us in store
        most = HEAVIER.get(path, MOST)
        page = resident.open(path)
        page.wait_for_load_state("networkidle")
        shift = page.evaluate(SHIFT)
        used = page.evaluate(MEASURE)
        assert used["bytes"] < most, (path, used)
        assert used["requests"] <= 14, (path, used)
        assert used["elsewhere"] == []
        assert shift < 0.1, (path, shift)
        assert resident.context.cookies() == []
        page.emulate_media(media="print")
        assert not page.locator(".p-nav, .p-languages--page").filter(visible=True).count(), path
        resident.context.close()


def test_a_neighbourhood_without_script_and_advice_that_can_be_left(somebody: Makes) -> None:
    reader = somebody(width=PHONE, scripts=False)
    reader.open("/")
    reader.fill("Your postcode, or the name of your area", "Curlewstead")
    reader.press("Show my area")
    assert reader.heading == "Curlewstead"
    reader.look("neighbourhood-without-script")
    for name, path in {
        "areas-map-without-script": "/areas/map/", "advice": "/advice/", "news": "/news/", "statistics": "/statistics/",
        "search-nothing": "/search/?q=zyzzyva", "search": "/search/?q=bike",
    }.items():  # fmt: skip
        reader.open(path)
        reader.look(name)
    resident = somebody()
    page = resident.open("/areas/map/")
    page.locator("[data-map] path").first.wait_for()
    resident.look("areas-map")
    page.context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<h1>Sunny</h1>"))
    resident.open("/advice/")
    resident.follow("If you are afraid")
    resident.look("advice-about-abuse")
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Sunny").wait_for()
    page.go_back()
    page.wait_for_url("**/advice/")  # and not the page about abuse


@pytest.mark.parametrize("path", ["privacy", "accessibility"])
def test_small_print(somebody: Makes, path: str) -> None:
    reader = somebody()
    reader.open(f"/{path}/")
    reader.look(path)


def test_pages_that_are_not_there(somebody: Makes) -> None:
    reader = somebody()
    reader.open("/no/such/page/")
    reader.look("not-found", expect=404)
    reader.open("/m/this-is-no-token/")
    reader.look("link-that-does-not-work", expect=404)
    reader.open("/register/confirm/this-is-no-token/")
    reader.look("confirm-link-that-does-not-work", expect=404)


def test_dark(somebody: Makes) -> None:
    """Colours are measured by axe in the dark scheme too, where one token stands for another."""
    reader = somebody(dark=True)
    for name, path in {"home": "/", "alerts": "/alerts/", "area": "/areas/", "join": "/register/"}.items():
        reader.open(path)
        reader.look(f"{name}-dark")
