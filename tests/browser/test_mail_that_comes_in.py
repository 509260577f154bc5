"""A resident answers an email, with a photograph; the team reads it; what nobody can place is kept aside."""

from __future__ import annotations

import io
import smtplib
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from PIL import Image

from tests.browser.conftest import Force
from tests.browser.looking import Person, until
from tests.journeys.installation import write_alert

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
TITLE = "Bicycles taken from the station"
WORDS = "I saw two men with a white van by the bicycles."
ASIDE = "/staff/conversations/aside/"


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "noscript"])
def test_an_answer_by_email(force: Force, staff: Makes, tmp_path, scripts: bool) -> None:
    name = "inbound" if scripts else "noscript-inbound"
    sergeant = staff("sergeant", scripts=scripts)
    address, recipient = an_email_to_answer(force, sergeant, f"{TITLE} {name}", tmp_path)

    send(force, address, answer(recipient, f"Re: {TITLE}"))
    send(force, address, answer(recipient, "Out of office", automatic=True))
    send(force, f"alerts@{address.partition('@')[2]}", answer("stranger@elsewhere.example", "A question"))

    read_it(sergeant, f"{TITLE} {name}", name)
    decide(staff("communications", scripts=scripts), name)


def an_email_to_answer(force: Force, sergeant: Person, title: str, tmp_path) -> tuple[str, str]:
    """Where answers to one of the emails go, and whom it went to."""
    sergeant.open("/staff/places/")
    place = sergeant.page.locator("main table a[href^='/staff/places/']").first.get_attribute("href") or ""
    code = place.rstrip("/").rpartition("/")[2]
    file = write_alert(tmp_path / "alert.md", title=title, area=code)
    force.installation.done("alert", "send", file, "--as", "sergeant@heartshire.example", "--wait")
    sergeant.open("/outbox/")
    email = sergeant.page.locator(".p-list__item").filter(has_text="Email to").filter(has_text=title)
    sergeant.go(email.first.get_by_role("link", name=title))
    rows = [row.locator("th, td").all_text_contents() for row in sergeant.page.locator("table tbody tr").all()]
    fields = dict(rows)
    return fields["Reply-To"].rpartition("<")[2].strip("<> "), fields["To"].strip()


def answer(sender: str, subject: str, *, automatic: bool = False) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = (
        sender,
        subject,
        f"<{subject.replace(' ', '')}@{sender}>",
    )
    if automatic:
        message["Auto-Submitted"] = "auto-replied"
    message.set_content(f"{WORDS}\n\nOn Fri, 20 Nov 2026, the team wrote:\n> {TITLE}\n")
    photograph = io.BytesIO()
    Image.new("RGB", (640, 480), (180, 60, 40)).save(photograph, "JPEG")
    message.add_attachment(photograph.getvalue(), maintype="image", subtype="jpeg", filename="van.jpg")
    message.add_attachment(b"MZ\x90\0\x03 a program", maintype="image", subtype="jpeg", filename="holiday.jpg")
    return message


def send(force: Force, to: str, message: EmailMessage) -> None:
    with smtplib.LMTP(force.mail, 0) as client:
        assert client.sendmail(str(message["From"]), [to], message.as_bytes()) == {}


def read_it(sergeant: Person, title: str, name: str) -> None:
    page = sergeant.page

    def has_come() -> bool:
        sergeant.open("/staff/conversations/?show=all")
        return page.get_by_role("link", name=title).count() > 0

    until(has_come, "the answer in the inbox")
    sergeant.go(page.get_by_role("link", name=title))
    until(lambda: page.reload() and page.get_by_role("link", name="van.jpg").count(), "the photograph was checked")
    said = page.locator(".p-said--them").last.inner_text()
    assert WORDS in said
    assert "By email" in said
    assert "On Fri, 20 Nov 2026" not in said
    assert "This is something else, whatever its name says." in said
    sergeant.look(f"{name}-thread")
    sergeant.follow("Show the whole email")
    assert "On Fri, 20 Nov 2026, the team wrote" in page.locator("main").inner_text()
    sergeant.look(f"{name}-whole")


def decide(person: Person, name: str) -> None:
    page = person.page
    until(lambda: person.open(ASIDE) and page.locator("main .p-list a").count(), "something was kept aside")
    person.look(f"{name}-aside")
    person.go(page.locator("main .p-list a").first)
    person.look(f"{name}-aside-one")
    person.press("Discard it")
    assert page.locator(".govuk-error-summary").is_visible()
    person.look(f"{name}-aside-wrong")
    person.fill("Why does it belong in no conversation?", "Answered by telephone")
    person.press("Discard it")
    person.open(f"{ASIDE}?show=report")
    assert "It says that it was sent automatically." in page.locator("main").inner_text()
    person.look(f"{name}-automatic")
