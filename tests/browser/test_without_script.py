"""The main job with JavaScript switched off: areas are ticked instead of drawn, and pages are loaded again by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import writing
from tests.browser.looking import PHONE, Person, until

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
TITLE = "Come and meet us at the library"
REPLY = "I should like to come, is there a ramp?"
ANSWER = "There is one at the side door."


def test_the_main_job_without_script(somebody: Makes, staff: Makes) -> None:
    pcso, sergeant = staff("pcso", scripts=False), staff("sergeant", scripts=False)
    compose(pcso)
    ask(pcso)
    approve(sergeant)
    links = find_links(pcso)
    respond(somebody(scripts=False, width=PHONE), links)
    answer(pcso)


def compose(pcso: Person) -> None:
    writing.begin(pcso)
    writing.write(pcso, TITLE)
    page = pcso.page
    page.get_by_role("radio", name="Urgent").check()
    page.get_by_label(writing.WARD, exact=True).first.check()
    assert not page.locator("#draw-map").is_visible()
    assert page.get_by_text("Drawing needs JavaScript. Ticking areas does not.").is_visible()
    pcso.press("Save and count")
    assert writing.count(pcso) > 0
    pcso.look("noscript-compose")


def ask(pcso: Person) -> None:
    pcso.press("Check and send")
    pcso.look("noscript-check")
    pcso.press("Ask for approval")
    assert pcso.heading == "Waiting for approval"


def approve(sergeant: Person) -> None:
    sergeant.open("/staff/alerts/")
    sergeant.go(sergeant.page.locator("#waiting").get_by_role("link", name=TITLE))
    sergeant.press("Approve: send to")

    def is_sent() -> bool:
        sergeant.page.reload()
        return "Sent" in sergeant.page.locator("#progress-part [role=status]").inner_text()

    until(is_sent, "the alert is sent")
    sergeant.look("noscript-results")


def find_links(pcso: Person) -> list[str]:
    pcso.open("/outbox/")
    pcso.go(pcso.page.get_by_role("link", name=TITLE))
    pcso.look("noscript-outbox-message")
    links = pcso.page.locator(".p-preview:not(.p-preview--email)").get_by_role("link").all()
    return [link.get_attribute("href") or "" for link in links]


def respond(resident: Person, links: list[str]) -> None:
    resident.open(next(link for link in links if "/rate/6/" in link))
    resident.press("Send my rating: 6 of 6")
    assert resident.heading == "Thank you"
    resident.look("noscript-rated")
    resident.follow("write to the team")
    resident.page.get_by_role("textbox").fill(REPLY)
    resident.press("Send to")
    assert resident.heading == "We have your message"


def answer(pcso: Person) -> None:
    pcso.open("/staff/conversations/")
    pcso.go(pcso.page.locator("main").get_by_role("link", name=TITLE))
    assert pcso.page.get_by_text(REPLY).is_visible()
    pcso.page.locator("textarea").first.fill(ANSWER)
    pcso.press("Send this answer")
    assert pcso.page.get_by_text(ANSWER).is_visible()
    pcso.look("noscript-thread")
