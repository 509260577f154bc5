"""A resident joins, says yes by the link in an email, comes back with a code and changes what they get."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.keyboard import tab_through
from tests.browser.looking import PHONE, Person, look_at_document, until

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
EMAIL = "quillon.varnesworth@letterbox.example"
MOBILE, OTHER = "07400 123456", "07400 123654"  # those for drama are the demonstration's residents'
HELPER = "pat.varnesworth@letterbox.example"


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
    resident.look("join-1")
    resident.page.get_by_label("Your postcode").fill("nowhere")
    resident.press("Go on")
    resident.look("join-1-wrong")
    resident.page.get_by_label("Your postcode").fill("")
    put_a_pin(resident)
    resident.page.get_by_label("18 or over").check()
    resident.press("Go on")
    resident.look("join-2")
    resident.press("Go on")
    resident.look("join-3")
    resident.fill("Email address", "not an address")
    resident.press("Go on")
    resident.look("join-3-wrong")
    resident.fill("Email address", EMAIL)
    resident.fill("Mobile number", MOBILE)
    for summary in ("landline", "Somebody helps me", "how often", "some kinds"):
        resident.page.locator("summary", has_text=summary).click()
    resident.look("join-3-open")
    resident.page.locator("input[name=organisations]").first.check()
    resident.press("Go on")
    resident.look("join-4")
    resident.follow("Back")
    assert resident.page.get_by_label("Email address", exact=True).input_value() == EMAIL, "nothing is asked twice"
    resident.press("Go on")
    resident.press("Join")
    assert resident.heading == "Confirm that these are yours"
    resident.look("join-sent")


def put_a_pin(resident: Person) -> None:
    """Somebody without a fixed address, by keyboard."""
    page = resident.page
    page.locator("summary", has_text="no fixed address").focus()
    page.keyboard.press("Enter")
    page.locator("#pin-map svg").wait_for()
    page.locator("#pin-map").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Put the pin in the middle").focus()
    page.keyboard.press("Enter")
    assert page.locator("#pin-said").inner_text().startswith("The pin is in ")
    assert page.get_by_label("Choose your neighbourhood").input_value()
    resident.look("join-1-pin")


def test_joining_by_a_text_without_script(browser: Browser, somebody: Makes, staff: Makes) -> None:
    """On a phone, without script: a neighbourhood from the list, a mobile number alone, a helper, and the figures."""
    postman, resident = staff("administrator"), somebody(scripts=False, width=PHONE)
    page = resident.page
    resident.open("/register/")
    page.locator("summary", has_text="no fixed address").click()
    assert not page.locator("#pin").is_visible()
    page.get_by_label("Choose your neighbourhood").select_option(index=2)
    page.get_by_label("18 or over").check()
    resident.look("noscript-join-1")
    resident.press("Go on")
    resident.look("noscript-join-2")
    resident.press("Go on")
    resident.fill("Mobile number", OTHER)
    page.locator("summary", has_text="Somebody helps me").click()
    resident.fill("Their first name", "Pat")
    resident.fill("Their email address or mobile number", HELPER)
    resident.press("Go on")
    resident.look("noscript-join-3-wrong")
    page.get_by_label("They may get my messages").check()
    page.locator("input[name=organisations]").first.check()
    resident.press("Go on")
    resident.look("noscript-join-4")
    resident.press("Join")
    resident.look("noscript-join-code")
    resident.fill("Six-figure code", "000000")
    resident.press("Confirm this number")
    resident.look("noscript-join-code-wrong")
    resident.fill("Six-figure code", in_a_text(postman, r"\b\d{6}\b"))
    resident.press("Confirm this number")
    assert resident.heading == "You have joined"
    resident.look("noscript-joined")
    helper = somebody(width=PHONE)
    helper.open(newest(postman, browser, r"https?://\S+/register/helping/\S+", name="helper", to=HELPER))
    helper.look("helper-asked")
    helper.press("Yes, I help them")
    helper.look("helper-agreed")
    resident.open("/me/")
    resident.fill("Email address or telephone number", OTHER)
    resident.press("Send me a code")
    resident.fill("Six-figure code", in_a_text(postman, r"\b\d{6}(?= is your code to sign|\b)", but=1))
    resident.press("Go on")
    assert "Your messages go to Pat" in page.locator("main").inner_text()
    resident.look("me-helper")


def test_joining_by_keyboard_alone(somebody: Makes) -> None:
    resident = somebody()
    page = resident.page
    resident.open("/register/")
    tab_through(resident)
    page.get_by_label("18 or over").focus()
    page.keyboard.press("Space")
    for _ in range(2):
        with page.expect_navigation():
            page.keyboard.press("Enter")
        tab_through(resident)
        page.locator("main form input:not([type=hidden])").first.focus()
    page.get_by_label("Email address", exact=True).focus()
    page.keyboard.type("by.keyboard@letterbox.example")
    page.locator("input[name=organisations]").first.focus()
    page.keyboard.press("Space")
    for _ in range(2):
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if page.url.endswith("/questions/"):
            tab_through(resident)
            page.get_by_label("First name").focus()
    assert resident.heading == "Now look in your email"


def in_a_text(postman: Person, what: str, *, but: int = 0) -> str:
    """What stands in the newest text to the mobile number, once there are more than BUT of them."""
    found: list[str] = []

    def has_come() -> bool:
        postman.open("/outbox/")
        items = postman.page.locator("main .p-list__item", has_text=OTHER[-6:])
        if items.count() <= but:
            return False
        postman.go(items.first.get_by_role("link"))
        found[:] = re.findall(what, postman.page.locator("main").inner_text())
        return bool(found)

    until(has_come, "the text in the outbox")
    return found[0]


def newest(postman: Person, browser: Browser, link_or_code: str, *, name: str, to: str = EMAIL) -> str:
    """The link or code in the newest message of the outbox, once one for the resident that has one is there."""
    found: re.Match[str] | None = None

    def has_come() -> bool:
        nonlocal found
        postman.open("/outbox/")
        to_them = postman.page.locator("main .p-list__item", has_text=to)
        if not to_them.count():
            return False
        first = to_them.first
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
