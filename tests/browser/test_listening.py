"""What comes back to whoever wrote to a team: one question where they are, what became of what they raised, and the
papers that show it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Force
from tests.browser.looking import PHONE, Person, until
from tests.browser.test_account import come_in_by_link
from tests.browser.test_delivery_pages import newest
from tests.browser.test_large_and_lost import python
from tests.browser.test_priorities import promise

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
LAMPS = "The lamps on the path behind the school are out again."
# Somebody who got an alert of the team that looks after the PCSO's ward, at an address of their own
FIND = """
import django; django.setup()
from django.db import connection
from peelian.accounts.models import Staff
from peelian.delivery import tokens
ward = Staff.objects.get(email__startswith="pcso@").scope.get()
team = ward.teams.order_by("organisation__bit", "name").first()
with connection.cursor() as cursor:
    cursor.execute(
        "SELECT d.send_id, d.address_id, c.value FROM delivery d JOIN alerts_alert a ON a.send_id = d.send_id"
        " JOIN members_member m ON m.id = d.member_id AND m.email_id = d.address_id AND m.left_at IS NULL"
        " JOIN contacts_address c ON c.id = d.address_id WHERE a.team_id = %s AND a.state = 'sent'"
        " AND m.confirmed_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM members_member o WHERE o.email_id = m.email_id AND o.id <> m.id)"
        " ORDER BY a.sent_at DESC, d.address_id LIMIT 1",
        [team.pk],
    )
    send, address, email = cursor.fetchone()
print(ward.code, team.pk, email, tokens.make(send, address), sep="+")
"""


def test_one_question_where_a_message_has_arrived(force: Force, somebody: Makes, staff: Makes) -> None:
    ward, team, _, token = python(force, FIND).split("+")
    sergeant = staff("sergeant", to="/staff/surveys/")
    ask_after_a_message(sergeant, team)
    after_a_report(somebody(width=PHONE, scripts=False), sergeant, ward)
    after_a_reply(somebody(width=PHONE), token)
    dark = somebody(dark=True)
    dark.open(f"/m/{token}/reply/?lang=ur")
    dark.page.get_by_role("textbox").fill("ایک اور بات")
    dark.go(dark.page.locator("main button"))
    dark.look("question-after-reply-dark-urdu")


def ask_after_a_message(sergeant: Person, team: str) -> None:
    sergeant.press("Make a survey")
    sergeant.page.get_by_label("How are we doing?", exact=True).first.check()
    sergeant.page.get_by_label("Team", exact=True).select_option(team)
    sergeant.press("Make a draft")
    draft = sergeant.page.url
    sergeant.open(f"{draft}words/")
    sergeant.page.get_by_label("Anybody who has the link may answer").check()
    sergeant.page.get_by_label("Ask its first question when somebody has written to the team").check()
    sergeant.press("Save")
    sergeant.open(f"{draft}open/")
    sergeant.press("Open the survey")


def after_a_report(resident: Person, sergeant: Person, ward: str) -> None:
    resident.open(f"/areas/{ward}/write/")
    resident.fill("Your message", LAMPS)
    resident.fill("Your email address", "mill.lane@letterbox.example")
    resident.press("Send me the link")
    resident.open(newest(sergeant, "mill.lane@letterbox.example", r"/conversations/confirm/[\w.-]+/"))
    resident.press("Yes, send it")
    answer_in_the_frame(resident, "question-after-report")


def after_a_reply(resident: Person, token: str) -> None:
    resident.open(f"/m/{token}/reply/")
    resident.page.get_by_role("textbox").fill(LAMPS)
    resident.press("Send to")
    assert resident.heading == "We have your message"
    answer_in_the_frame(resident, "question-after-reply")


def answer_in_the_frame(resident: Person, name: str) -> None:
    """An answer that was forgotten, then one; the page around it stays, and the frame is as high as what it shows."""
    frame = resident.page.frame_locator("iframe.q-embed")
    fits(resident)
    resident.look(name)
    frame.get_by_role("button", name="Send my answer").click()
    frame.locator(".govuk-error-message").wait_for()
    fits(resident)
    resident.look(f"{name}-wrong")
    assert hidden_in_frame(resident) <= 0  # the button stands where it is seen
    frame.get_by_role("radio").first.check()
    frame.get_by_role("button", name="Send my answer").click()
    frame.get_by_text("Your answer has reached us.").wait_for()
    fits(resident)
    resident.look(f"{name}-answered")


def fits(resident: Person) -> None:
    """With script the frame takes the height of what stands in it; without, it keeps one that is enough."""
    if resident.scripts:
        until(lambda: -24 <= hidden_in_frame(resident, "main") <= 0, "the frame is as high as its content")


def hidden_in_frame(resident: Person, what: str = "button") -> int:
    """How many pixels one would have to scroll the frame for to see the whole of it; below 0: how much is left over."""
    box = resident.page.locator("iframe.q-embed").bounding_box()
    inside = resident.page.frame_locator("iframe.q-embed").locator(what).bounding_box()
    if box is None or inside is None:  # between two pages
        return 1
    return int(inside["y"] + inside["height"] - box["y"] - box["height"])


def test_what_somebody_raised_comes_back_to_them_with_its_papers(force: Force, somebody: Makes, staff: Makes) -> None:
    _, _, email, token = python(force, FIND).split("+")
    resident, sergeant = somebody(width=PHONE), staff("sergeant", to="/staff/conversations/?show=all")
    resident.open(f"/m/{token}/reply/")
    resident.page.get_by_role("textbox").fill(LAMPS)
    resident.press("Send to")
    make_an_issue(sergeant)
    address = promise(sergeant)
    keep_it_with_a_paper(sergeant)
    resident.open(address)
    resident.look("promise-with-a-paper")
    with resident.page.expect_download() as file:
        resident.page.get_by_role("link", name=re.compile("^What the lamps showed")).click()
    assert file.value.suggested_filename == "what-the-lamps-showed.pdf"
    come_in_by_link(resident, staff("administrator"), email, "raised")
    assert "The lamps behind the school" in resident.page.locator("main").inner_text()
    resident.look("account-what-you-raised")
    dark = somebody(dark=True, width=PHONE)
    dark.open(address)
    dark.look("promise-with-a-paper-dark")


def make_an_issue(sergeant: Person) -> None:
    sergeant.open("/staff/conversations/?show=all")
    sergeant.go(sergeant.page.locator(".p-row", has_text=LAMPS[:20]).locator(".p-row__title"))
    sergeant.follow("Make a")
    sergeant.fill("What was raised?", "The lamps behind the school are out.")
    sergeant.press("Keep it as an issue")
    if sergeant.heading == "Make an issue of this":
        sergeant.page.get_by_label("No, it is something new").check()
        sergeant.press("Keep it as an issue")


def keep_it_with_a_paper(sergeant: Person) -> None:
    sergeant.go(sergeant.page.get_by_role("button", name="Say what became of it"))
    sergeant.page.get_by_label("Kept", exact=True).check()
    sergeant.fill("What did we do, or why not?", "The council has mended all nine lamps.")
    paper = {"name": "scan0001.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nNine lamps"}
    sergeant.page.locator("input[type=file][name=paper]").set_input_files(paper)  # type: ignore[arg-type]
    sergeant.press("Continue")
    sergeant.look("promise-paper-without-its-name")
    sergeant.page.locator("input[type=file][name=paper]").set_input_files(paper)  # type: ignore[arg-type]
    sergeant.page.locator("input[name=title]").fill("What the lamps showed")
    sergeant.page.locator("input[name=paper_public]").check()
    sergeant.press("Continue")
    sergeant.look("promise-publish-with-a-paper")
    sergeant.press("Publish it")
    sergeant.look("promise-staff-with-a-paper")
