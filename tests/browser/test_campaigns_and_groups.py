"""From a poster to the registration pages; into a group by invitation; a key individual met, in two presses."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

from peelian.config.demo.names import LAST_NAMES
from tests.browser.looking import PHONE, Person, until

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
CAMPAIGNS, GROUPS, NETWORK = "/staff/members/campaigns/", "/staff/members/groups/", "/staff/members/network/"


def test_from_a_poster_to_the_registration_pages(somebody: Makes, staff: Makes) -> None:
    officer, resident = staff("pcso", to=CAMPAIGNS), somebody(width=PHONE, scripts=False)
    officer.look("campaigns-before")
    officer.press("Make a campaign")
    officer.press("Make the link")
    officer.look("campaign-new-wrong")
    officer.fill("What is it?", "Poster in the library")
    officer.page.get_by_label("Venue", exact=True).check()
    officer.press("Make the link")
    assert officer.heading == "Poster in the library"
    assert officer.page.locator(".campaign__poster img").evaluate("image => image.complete && image.naturalWidth") > 300
    officer.look("campaign")
    printed = officer.page.request.get(
        officer.page.get_by_role("link", name=re.compile("^A3")).get_attribute("href") or ""
    )
    assert printed.body().startswith(b"%PDF")
    link = officer.page.locator(".campaign__link").inner_text()
    resident.open("/" + link.split("/", 1)[1] + "/")
    assert resident.page.url.endswith("/register/")
    resident.look("join-from-poster")
    officer.open(CAMPAIGNS)
    officer.look("campaigns")
    officer.follow("How people joined")
    officer.look("campaign-sources")


def test_into_a_network_by_invitation_and_met(somebody: Makes, staff: Makes) -> None:
    officer, postman, resident = staff("pcso", to=GROUPS), staff("administrator"), somebody(width=PHONE)
    officer.press("Make a group")
    officer.look("group-new")
    officer.fill("Name", "Key people")
    officer.fill("Who is it for?", "People who know a community well")
    officer.fill("What will you write to them about?", "What people there worry about")
    officer.page.get_by_label("By invitation: a key individual network").check()
    officer.page.get_by_label(re.compile("^Communities the network")).fill("Al-Noor mosque\nPolish shops")
    officer.page.get_by_label("When will you look whether it is still needed?").fill("2027-10-03")
    officer.press("Make the group")
    officer.look("group")
    officer.press("Invite somebody")
    officer.look("group-invite")
    find_somebody(officer)
    officer.page.locator("input[name=member]").first.check()
    officer.fill("Community they know well", "Al-Noor mosque")
    officer.fill("What they do there", "Imam")
    officer.look("group-invite-found")
    officer.press("Send the invitation")
    say_yes(resident, postman)
    officer.open(NETWORK)
    officer.look("network")
    officer.go(met(officer))
    officer.look("network-person")
    officer.press("Met")
    assert officer.heading == "Key individual network"
    officer.go(met(officer))
    officer.page.get_by_label("To keep in touch").check()
    officer.press("Show how to reach them")
    officer.look("network-person-shown")
    officer.open(NETWORK + "coverage/")
    officer.look("network-coverage")


def met(officer: Person) -> Locator:
    """The link to whom they invited, among the others of the network."""
    return officer.page.get_by_role("row").filter(has_text="Al-Noor mosque").get_by_role("link")


def find_somebody(officer: Person) -> None:
    """By the last names that the demonstration gives, until one of them lives in the officer's areas."""
    at = officer.page.url.removeprefix(officer.base)
    for name in LAST_NAMES:
        officer.open(f"{at}?name={name}")
        if officer.page.locator("input[name=member]").count():
            return
    raise AssertionError("nobody found")


def say_yes(resident: Person, postman: Person) -> None:
    found: list[str] = []

    def has_come() -> bool:
        postman.open("/outbox/")
        item = postman.page.locator("main .p-list__item").filter(has_text="An invitation from").first
        if not item.count():
            return False
        postman.go(item.get_by_role("link"))
        text = postman.page.locator(".p-preview:not(.p-preview--email)").inner_text()
        found.extend(re.findall(r"https?://\S+/groups/invitation/\S+", text))
        return bool(found)

    until(has_come, "the invitation in the outbox")
    resident.open(found[0])
    resident.look("group-invitation")
    resident.press("Yes, I want to be in it")
    assert resident.heading == "You are in the group"
    resident.look("group-answered")
