"""From what a resident wrote to a promise that was kept: an issue, the promise, its end, the page that everybody reads;
and a list of priorities agreed in two steps."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from peelian.core import clock
from tests.browser.looking import PHONE, Person

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]


def test_what_was_raised_becomes_a_promise_that_is_kept(somebody: Makes, staff: Makes) -> None:
    sergeant = staff("sergeant", to="/staff/conversations/?show=all")
    make_an_issue(sergeant)
    address = promise(sergeant)
    keep_it(sergeant)
    read(somebody(width=PHONE, scripts=False), address)
    agree_the_list(sergeant)
    look_at_the_rest(sergeant)


def make_an_issue(sergeant: Person) -> None:
    sergeant.go(sergeant.page.locator(".p-row__title").first)
    sergeant.follow("Make a")
    sergeant.fill("What was raised?", "Cars race past the school after ten at night.")
    where = sergeant.page.get_by_label("Where?", exact=True)
    if not where.input_value():  # the conversation is about no one area
        where.select_option(index=1)
    sergeant.look("issue-new")
    sergeant.press("Keep it as an issue")
    if sergeant.heading != "Make an issue of this":
        return
    sergeant.look("issue-similar")
    sergeant.page.get_by_label("No, it is something new").check()
    sergeant.press("Keep it as an issue")


def promise(sergeant: Person) -> str:
    """Returns the address of its public page."""
    assert sergeant.heading.startswith("Issue in")
    sergeant.look("issue")
    sergeant.follow("Promise something about it")
    sergeant.fill("What will we do?", "Check speed past the school twice a week for a month.")
    sergeant.press("Continue")
    assert "A promise needs a day" in sergeant.page.inner_text("main")
    sergeant.look("promise-without-a-day")
    sergeant.page.get_by_label(re.compile("^By when")).fill(str(clock.today() + timedelta(days=30)))
    sergeant.press("Continue")
    assert "raised it" in sergeant.page.inner_text("main")
    sergeant.look("promise-publish")
    sergeant.press("Publish it")
    sergeant.look("promise-staff")
    return str(sergeant.page.get_by_role("link", name="The page that residents read").get_attribute("href"))


def keep_it(sergeant: Person) -> None:
    sergeant.go(sergeant.page.get_by_role("button", name="Say what became of it"))
    sergeant.page.get_by_label("Kept", exact=True).check()
    sergeant.fill("What did we do, or why not?", "We checked nine times. 41 drivers were stopped.")
    sergeant.look("promise-change")
    sergeant.press("Continue")
    sergeant.press("Publish it")
    assert "We checked nine times" in sergeant.page.inner_text("main")


def read(resident: Person, address: str) -> None:
    resident.open(address)
    assert "41 drivers were stopped" in resident.page.inner_text("main")
    resident.look("promise-public")
    resident.open("/promises/")
    assert "Overdue by" in resident.page.inner_text("main")
    resident.look("promises-public")


def agree_the_list(sergeant: Person) -> None:
    sergeant.open("/staff/priorities/")
    sergeant.look("priorities-list")
    sergeant.go(sergeant.page.get_by_role("button", name="Agree the list"))
    for box in sergeant.page.get_by_label("Why?", exact=True).all():
        box.fill("Calls have not fallen yet.")
    sergeant.look("priorities-agree")
    sergeant.press("See the list as it will be")
    sergeant.look("priorities-agree-check")
    sergeant.press("Agree this list")
    assert "is agreed" in sergeant.page.inner_text("main")


def look_at_the_rest(sergeant: Person) -> None:
    for path, name in (
        ("/staff/priorities/issues/", "issues"),
        ("/staff/priorities/promises/", "promises"),
        ("/staff/priorities/profiles/", "profiles"),
    ):
        sergeant.open(path)
        sergeant.look(name)
    sergeant.go(sergeant.page.locator(".p-list__title a").last)
    sergeant.look("profile")
