"""A resident begins, somebody looks at once, a saved answer is made to fit, the resident reads it, and it is closed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Force
from tests.browser.looking import PHONE, Person, until

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
WORDS = "A man behind the chapel has a knife. I am the one with the blue door."
SAVED = "Thank you for telling us. We have been to [street]."


def test_a_resident_begins_and_reads_the_answer(force: Force, somebody: Makes, staff: Makes) -> None:
    sergeant = staff("sergeant", to="/staff/conversations/")
    sergeant.look("conversations")
    team = keep_an_answer(sergeant)
    resident = somebody(width=PHONE, scripts=False)
    begin(resident, team)
    confirm(sergeant, resident)
    look_first(sergeant)
    answer(sergeant)
    read_and_close(sergeant)
    look_at_what_is_set_up(sergeant)


def keep_an_answer(sergeant: Person) -> str:
    """Returns the code of a ward that the sergeant's team looks after."""
    sergeant.open("/staff/conversations/saved/new/")
    sergeant.look("saved-answer")
    team = sergeant.page.get_by_label("Team", exact=True).locator("option").first.inner_text()
    sergeant.fill("Title", "We have been")
    sergeant.fill("Answer", SAVED)
    sergeant.press("Save")
    return team


def begin(resident: Person, team: str) -> None:
    resident.open("/areas/")
    links = resident.page.locator(".p-columns a").all()
    addresses = [link.get_attribute("href") for link in links]
    for address in addresses:
        page = resident.open(str(address))
        if team in page.locator("main").inner_text():
            break
    resident.look("neighbourhood")
    resident.follow("Write to your neighbourhood team")
    resident.look("write-to-team")
    resident.press("Send me the link")
    resident.look("write-to-team-wrong")
    resident.fill("Your message", WORDS)
    resident.fill("Your email address", "blue.door@home.example")
    resident.press("Send me the link")
    resident.look("write-to-team-sent")


def newest(reader: Person, subject: str) -> str:
    """The text of the newest message of that subject in the outbox."""

    def there() -> bool:
        reader.open("/outbox/")
        return reader.page.get_by_role("link", name=re.compile(subject)).count() > 0

    until(there, f"a message {subject!r} in the outbox", seconds=60)
    reader.go(reader.page.get_by_role("link", name=re.compile(subject)))
    return reader.page.content()


def confirm(sergeant: Person, resident: Person) -> None:
    found = re.search(r"/conversations/confirm/[\w.-]+/", newest(sergeant, "Please confirm your message"))
    assert found
    resident.open(found[0])
    resident.look("confirm-message")
    resident.press("Yes, send it")
    resident.look("message-with-team")


def look_first(sergeant: Person) -> None:
    sergeant.open("/staff/conversations/raised/")
    sergeant.look("raised")
    # The oldest stands first, and the demonstration has one of its own
    sergeant.go(sergeant.page.get_by_role("button", name=re.compile("^I am looking at it")).last)
    assert WORDS in sergeant.page.content()
    sergeant.look("conversation-raised")


def answer(sergeant: Person) -> None:
    sergeant.page.get_by_label("Saved answer").select_option(label="We have been")
    sergeant.press("Put it in the box")
    sergeant.press("Send this answer")
    assert "word for word" in sergeant.page.locator(".govuk-error-summary").inner_text()
    sergeant.fill("Your answer", "Thank you for telling us. We have been to the chapel, and nobody is hurt.")
    sergeant.press("Send this answer")
    sergeant.look("conversation-answered")


def read_and_close(sergeant: Person) -> None:
    thread = sergeant.page.url
    email = newest(sergeant, "An answer to your message")
    assert "nobody is hurt" in email
    assert "blue door" not in email
    sergeant.open(thread)
    sergeant.page.get_by_text("Close this conversation").click()
    sergeant.fill("Why are you closing it?", "The man has been found and spoken to.")
    sergeant.press("Close and tell the resident")
    assert "spoken to" in newest(sergeant, "We have closed your conversation")
    sergeant.open(thread)
    sergeant.look("conversation-closed")


def look_at_what_is_set_up(sergeant: Person) -> None:
    for path, name in (
        ("figures/", "conversation-figures"),
        ("words/", "conversation-words"),
        ("hours/", "conversation-hours"),
        ("intelligence/", "intelligence"),
        ("?show=all", "conversations-all"),
    ):
        sergeant.open(f"/staff/conversations/{path}")
        sergeant.look(name)
    sergeant.open("/staff/")
    sergeant.look("today-due")
