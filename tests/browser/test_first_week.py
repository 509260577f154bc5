"""docs/how-to/first-week.md, step by step: from a poster to the first answered reply, and how it went.

What each page looks like is looked at by the journeys of its own; here somebody follows the words of that page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import Force
from tests.browser.looking import PHONE, Person, until

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
JO = "jo@letterbox.example"
TITLE = "Bicycles taken at the station"
SAW = "A white van stood there on Tuesday at nine."
ANSWER = "Thank you. We have asked the station for its pictures."


def test_the_first_week(force: Force, somebody: Makes, staff: Makes) -> None:
    printed = force.installation.done("demo", "--if-empty")
    postcode, ward = printed_home(printed)
    pcso, jo = staff("pcso"), somebody(width=PHONE, scripts=False)
    poster(pcso, jo)
    join(jo, postcode)
    say_yes(pcso, jo)
    alert(pcso, ward)
    reply(pcso, jo)
    answer(pcso)
    how_it_went(pcso, staff("sergeant"))
    account(pcso, jo)


def printed_home(printed: str) -> tuple[str, str]:
    found = re.search(r"A postcode to join with, in (.+): (\S+ \S+)", printed)
    assert found, printed
    assert f"Officer         {found[1]}" in printed
    return found[2], found[1]


def poster(pcso: Person, jo: Person) -> None:
    """Steps 1 and 2."""
    pcso.follow("Residents")
    pcso.follow("Campaigns")
    pcso.press("Make a campaign")
    pcso.fill("What is it?", "Library, notice board")
    pcso.page.get_by_label("Venue", exact=True).check()
    pcso.press("Make the link and the posters")
    assert pcso.page.get_by_role("link", name=re.compile("^A5 for counters and letter boxes")).count()
    link = pcso.page.locator(".campaign__link").inner_text()
    assert link.startswith(pcso.base.removeprefix("http://")), "the link leads here"
    jo.page.goto(f"http://{link}")


def join(jo: Person, postcode: str) -> None:
    """Step 3."""
    jo.fill("Your postcode", postcode)
    jo.page.get_by_label("18 or over").check()
    jo.press("Go on")
    jo.press("Go on")
    jo.fill("Email address", JO)
    jo.page.get_by_label("Police", exact=True).check()
    jo.press("Go on")
    jo.fill("First name", "Jo")
    jo.press("Join")
    assert jo.heading == "Now look in your email"
    jo.page.locator("summary", has_text="Nothing came?").click()


def newest(pcso: Person, words: str) -> Locator:
    """The newest message to Jo of which WORDS begin the subject, opened in the outbox."""

    def there() -> bool:
        pcso.open("/staff/")
        pcso.follow("The outbox of this demonstration")
        return bool(to_jo.count())

    item = pcso.page.locator("main .p-list__item")
    to_jo = item.filter(has_text=JO).filter(has=pcso.page.get_by_role("link", name=re.compile(f"^{words}")))
    until(there, f"{words} in the outbox")
    pcso.go(to_jo.first.get_by_role("link"))
    return pcso.page.locator(".p-preview:not(.p-preview--email)")


def link_in(message: Locator, part: str) -> str:
    links = [one.get_attribute("href") or "" for one in message.get_by_role("link").all()]
    return next(link for link in links if part in link)


def say_yes(pcso: Person, jo: Person) -> None:
    """Step 4."""
    jo.page.goto(link_in(newest(pcso, "Please confirm your email address"), "/confirm/"))
    jo.press("Yes, send me messages")
    assert jo.heading == "You have joined"


def alert(pcso: Person, ward: str) -> None:
    """Steps 6 and 7."""
    pcso.open("/staff/")
    pcso.follow("Write an alert")
    pcso.press("Start writing")
    pcso.fill("Title", TITLE)
    pcso.page.get_by_label("Type", exact=True).select_option(label="Crime near homes")
    pcso.fill("What is happening", "Three bicycles were taken from the racks on Tuesday night.")
    pcso.fill("What we are doing", "We walk past the racks each evening this week.")
    pcso.fill("What you can do", "Lock the frame and a wheel. If you saw something, reply to this message.")
    pcso.page.get_by_label(ward, exact=True).first.check()
    pcso.page.locator(".p-audience__count", has_text=re.compile(r"\d+ people")).wait_for()
    pcso.press("Check and send")
    pcso.press("Send to")


def reply(pcso: Person, jo: Person) -> None:
    """Step 9."""
    message = newest(pcso, TITLE)
    rate, write = link_in(message, "/rate/5/"), link_in(message, "/reply/")
    jo.page.goto(rate)
    jo.press("Send my rating: 5 of 6")
    jo.page.goto(write)
    jo.page.get_by_role("textbox").fill(SAW)
    jo.press("Send to")
    assert jo.heading == "We have your message"
    assert "days" in newest(pcso, "About your message").inner_text()


def answer(pcso: Person) -> None:
    """Step 10."""
    pcso.follow("Conversations")
    pcso.follow(TITLE)
    assert pcso.page.get_by_text(SAW).is_visible()
    assert "Answer due by" in pcso.page.locator("main").inner_text()
    pcso.page.get_by_label("Who sees to it").select_option(index=1)
    pcso.press("Save")
    pcso.page.get_by_label("Saved answer").select_option(index=1)
    pcso.press("Put it in the box")
    pcso.press("Send this answer")
    assert pcso.page.get_by_role("alert").is_visible(), "a saved answer is a beginning, not an end"
    pcso.page.get_by_label("Your answer").fill(ANSWER)
    pcso.press("Send this answer")
    assert ANSWER in newest(pcso, "An answer to your message").inner_text()


def how_it_went(pcso: Person, sergeant: Person) -> None:
    """Steps 11 and 12."""
    pcso.follow("Alerts")
    assert pcso.page.get_by_role("link", name="Practise writing an alert").is_visible()
    pcso.follow(TITLE)
    assert "5.0 of 6, from 1 rating" in pcso.page.locator("main").inner_text()
    sergeant.follow("Alerts")
    sergeant.follow("Quality of messages")
    pcso.follow("Residents")
    pcso.follow("Campaigns")
    pcso.follow("How people joined")
    assert pcso.heading == "How people joined"


def account(pcso: Person, jo: Person) -> None:
    """Step 13."""
    jo.open("/me/")
    jo.fill("Email address or telephone number", JO)
    jo.press("Send me a code")
    figures = re.search(r"\b\d{6}\b", newest(pcso, "Your code").inner_text())
    assert figures
    jo.fill("Six-figure code", figures[0])
    jo.press("Go on")
    assert jo.heading == "What you get from us, and why"
    jo.look("me-first-week")
