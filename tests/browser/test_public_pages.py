"""What anybody sees: home, areas, alerts, and the pages on which something is wrong or missing."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from tests.browser.looking import PHONE, Person

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]


def test_from_postcode_to_alert(somebody: Makes) -> None:
    resident = somebody(width=PHONE)
    page = resident.open("/")
    resident.look("home")
    resident.fill("Your postcode", "nowhere")
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
