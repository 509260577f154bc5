"""The main job, as those see it who do it: write, draw, count, ask; approve; watch it arrive; rate, reply, answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import writing
from tests.browser.conftest import Force
from tests.browser.looking import PHONE, Person, look_at_document, until

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
TITLE = "Tools taken from vans on Mill Lane"
REPLY = "I saw a green hatchback with its lights off outside number forty-one"
ANSWER = "Thank you for writing. A colleague will look into it tonight."


def test_an_alert_from_writing_to_its_answer(browser: Browser, force: Force, somebody: Makes, staff: Makes) -> None:
    pcso, sergeant = staff("pcso"), staff("sergeant")
    pcso.look("today")
    ref = compose(pcso)
    ask_for_approval(pcso, ref)
    with force.worker_held():
        approve(sergeant)
    watch_it_arrive(sergeant)
    message = open_in_outbox(pcso, TITLE, browser)
    resident = somebody(width=PHONE)
    rate(resident, message, sergeant)
    reply(resident, message)
    answer(pcso)
    read_answer(pcso, browser)
    turn_down(resident, message)


def compose(pcso: Person) -> str:
    pcso.open("/staff/alerts/new/")
    pcso.look("alert-new")
    ref = writing.begin(pcso)
    pcso.look("compose-empty")
    writing.write(pcso, TITLE)
    pcso.page.get_by_label(writing.WARD, exact=True).first.check()
    ticked = writing.wait_for_count(pcso, not_="Nobody yet")
    assert ticked > 0
    said = pcso.page.locator(writing.COUNT).inner_text()
    writing.draw_around_the_middle(pcso)
    assert writing.wait_for_count(pcso, not_=said) > ticked
    writing.wait_until_saved(pcso)
    pcso.look("compose")
    return ref


def ask_for_approval(pcso: Person, ref: str) -> None:
    pcso.press("Save and preview")
    for way in ("email", "text", "voice", "page"):
        pcso.open(f"/staff/alerts/{ref}/preview/?as={way}")
        pcso.look(f"preview-{way}")
    pcso.follow("Check and send")
    assert "It reaches people outside your own area." in pcso.page.locator("main").inner_text()
    pcso.look("check")
    pcso.press("Ask for approval")
    assert pcso.heading == "Waiting for approval"
    assert not pcso.page.get_by_role("button", name=re.compile("^Approve")).count(), "nobody approves their own"
    pcso.look("waiting")


def approve(sergeant: Person) -> None:
    """While the worker is held, so that there is something to watch."""
    sergeant.open("/staff/")
    sergeant.look("today-supervisor")
    sergeant.open("/staff/alerts/")
    sergeant.look("alerts-staff")
    sergeant.go(sergeant.page.locator("#waiting").get_by_role("link", name=TITLE))
    sergeant.look("approve")
    sergeant.press("Approve: send to")
    expect(sergeant.page.locator("#progress-part")).to_contain_text("It is about to go out")
    assert sergeant.page.get_by_role("link", name="Do not send it").is_visible()
    sergeant.page.evaluate("window.hasStayed = true")
    sergeant.look("results-before")


def watch_it_arrive(sergeant: Person) -> None:
    """The page changes by itself: nobody loads it again."""
    progress = sergeant.page.locator("#progress-part")
    expect(progress.get_by_role("link", name="See the whole results")).to_be_visible()
    expect(progress.get_by_role("status")).to_contain_text("Sent")
    assert not progress.get_by_role("link", name=re.compile("Stop|Do not send")).count(), "nothing is left to stop"
    assert sergeant.page.evaluate("window.hasStayed") is True
    sergeant.follow("See the whole results")
    sergeant.look("results")


@dataclass
class Message:
    """An email as it stands in the outbox: its links by what they are for."""

    text: str
    html: str
    links: list[str]

    def link(self, part: str) -> str:
        return next(link for link in self.links if part in link)


def open_in_outbox(officer: Person, subject: str, browser: Browser, *, name: str = "alert") -> Message:
    page = officer.open("/outbox/")
    officer.look(f"outbox-{name}")
    officer.go(page.get_by_role("link", name=subject))
    officer.look(f"outbox-message-{name}")
    text = page.locator(".p-preview:not(.p-preview--email)")
    links = [one.get_attribute("href") or "" for one in text.get_by_role("link").all()]
    html = page.request.get(page.locator("iframe").get_attribute("src") or "").text()
    look_at_document(browser, html, f"email-{name}")
    return Message(text.inner_text(), html, links)


def rated(sergeant: Person) -> str:
    sergeant.page.reload()
    return sergeant.page.locator(".p-stats > *").first.inner_text()


def rate(resident: Person, message: Message, sergeant: Person) -> None:
    """Opening the link changes nothing, since mail programs open links by themselves; the button counts."""
    resident.open(message.link("/rate/5/"))
    assert resident.heading == "Your rating: 5 of 6"
    assert resident.context.cookies() == []
    resident.look("rate")
    assert re.search(r"\b0\b", rated(sergeant))
    resident.press("Send my rating: 5 of 6")
    assert resident.heading == "Thank you"
    resident.look("rated")
    assert re.search(r"\b1\b", rated(sergeant))


def reply(resident: Person, message: Message) -> None:
    resident.follow("write to the team")
    resident.look("reply")
    resident.press("Send to")
    assert resident.page.locator(".govuk-error-summary").is_visible()
    resident.look("reply-empty")
    resident.page.get_by_role("textbox").fill(REPLY)
    resident.press("Send to")
    assert resident.heading == "We have your message"
    resident.look("replied")


def answer(pcso: Person) -> None:
    pcso.open("/staff/conversations/")
    pcso.look("inbox")
    pcso.go(pcso.page.locator("main").get_by_role("link", name=TITLE))
    assert pcso.page.get_by_text(REPLY).is_visible()
    pcso.look("thread")
    pcso.page.locator("textarea").first.fill(ANSWER)
    pcso.press("Send this answer")
    assert pcso.page.get_by_text(ANSWER).is_visible()
    pcso.look("thread-answered")


def read_answer(pcso: Person, browser: Browser) -> None:
    def has_come() -> bool:
        pcso.open("/outbox/")
        first = pcso.page.locator("main .p-list__item").first.inner_text()
        return first.startswith("Re: ") or "answer" in first.lower()

    until(has_come, "the answer in the outbox")
    pcso.go(pcso.page.locator("main .p-list__item a"))
    message = open_in_outbox(pcso, pcso.heading, browser, name="answer")
    assert ANSWER in message.text
    assert ANSWER in message.html
    for words in (REPLY, "hatchback"):
        assert words not in message.text
        assert words not in message.html


def turn_down(resident: Person, message: Message) -> None:
    """Fewer messages, by two pages; none, by one button that needs no person (RFC 8058)."""
    overview = re.sub(r"/rate/5/.*$", "/", message.link("/rate/5/"))
    resident.open(overview)
    resident.look("from-message")
    resident.follow("Get fewer messages")
    resident.look("less")
    resident.page.get_by_role("radio", name=re.compile("^Nothing more about")).check()
    resident.press("Continue")
    resident.look("less-confirm")
    resident.press("Yes, stop these messages")
    resident.look("less-done")
    token = overview.rstrip("/").split("/")[-1]
    resident.open(f"/unsubscribe/{token}/")
    resident.look("unsubscribe")
    resident.press("Stop these messages")
    assert resident.heading == "We have stopped these messages"
    resident.look("unsubscribed")
