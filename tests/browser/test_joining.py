"""A resident joins, says yes by the link in an email, comes back with a code and changes what they get."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import PHONE, Person, look_at_document, until

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
EMAIL = "quillon.varnesworth@letterbox.example"


def test_joining_and_coming_back(browser: Browser, somebody: Makes, staff: Makes) -> None:
    postman, resident = staff("administrator"), somebody(width=PHONE)
    join(resident)
    confirm(resident, postman, browser)
    come_back(resident, postman, browser)
    change_what_comes(resident)
    leave(resident)


def join(resident: Person) -> None:
    resident.open("/")
    resident.follow("Join")
    resident.page.get_by_text("Read the whole privacy notice").click()
    resident.look("join-1")
    resident.press("Go on")
    resident.look("join-1-wrong")
    resident.page.get_by_label("18 or over").check()
    resident.press("Go on")
    resident.fill("Email address", "not an address")
    resident.page.get_by_label(re.compile("^Postcode")).fill("nowhere")
    resident.press("Go on")
    resident.look("join-2-wrong")
    resident.fill("Email address", EMAIL)
    resident.page.get_by_label(re.compile("^Postcode")).fill("")
    resident.press("Go on")
    resident.look("join-3")
    resident.page.locator("input[name=organisations]").first.check()
    resident.press("Go on")
    resident.look("join-4")
    resident.press("Send me the email to confirm")
    assert resident.heading == "Now look in your email"
    resident.look("join-sent")


def newest(postman: Person, browser: Browser, link_or_code: str, *, name: str) -> str:
    """The link or code in the newest message of the outbox, once one for the resident that has one is there."""
    found: re.Match[str] | None = None

    def has_come() -> bool:
        nonlocal found
        postman.open("/outbox/")
        first = postman.page.locator("main .p-list__item").first
        if EMAIL not in first.inner_text():
            return False
        postman.go(first.get_by_role("link"))
        found = re.search(link_or_code, postman.page.locator(".p-preview:not(.p-preview--email)").inner_text())
        return found is not None

    until(has_come, "the email in the outbox")
    html = postman.page.request.get(postman.page.locator("iframe").get_attribute("src") or "").text()
    look_at_document(browser, html, f"email-{name}")
    assert found
    return found[0]


def confirm(resident: Person, postman: Person, browser: Browser) -> None:
    resident.open(newest(postman, browser, r"https?://\S+/register/confirm/\S+", name="confirm"))
    resident.look("join-confirm")
    resident.press("Yes, send me messages")
    assert resident.heading == "You have joined"
    resident.look("joined")


def come_back(resident: Person, postman: Person, browser: Browser) -> None:
    resident.context.clear_cookies()
    resident.open("/me/")
    resident.look("me-sign-in")
    resident.fill("Email address or telephone number", EMAIL)
    resident.press("Send me a code")
    resident.look("me-code")
    resident.fill("Six-figure code", "000000")
    resident.press("Go on")
    assert resident.page.locator(".govuk-error-summary").is_visible()
    resident.look("me-code-wrong")
    resident.fill("Six-figure code", newest(postman, browser, r"\b\d{6}\b", name="code"))
    resident.press("Go on")
    assert resident.heading == "What you get from us, and why"
    resident.look("me")


def change_what_comes(resident: Person) -> None:
    resident.go(resident.page.locator("a[href='/me/messages/']"))
    resident.look("me-messages")
    resident.page.get_by_label("Vehicle crime", exact=True).uncheck()
    resident.press("Keep these choices")
    assert resident.heading == "What you get from us, and why"
    assert "Everything we write about" not in resident.page.locator("main").inner_text()
    assert not resident.page.locator("main").get_by_text("Vehicle crime", exact=True).count()
    for path in ("agreements", "details", "move", "holiday", "contact/mobile", "places/add", "groups"):
        resident.open(f"/me/{path}/")
        resident.look(f"me-{path.replace('/', '-')}")


def leave(resident: Person) -> None:
    resident.open("/me/leave/")
    resident.look("me-leave")
    resident.go(resident.page.locator("main form").get_by_role("button"))
    resident.look("me-left")
