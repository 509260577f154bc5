"""What is rare and has to be right: an alert to everybody, tried on a hundred first; an email address that has died;
what was over a resident's limit, in one email."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Browser

from tests.browser import writing
from tests.browser.conftest import Force
from tests.browser.looking import PHONE, Person, look_at_document, until
from tests.browser.test_delivery_pages import SCRIPTS, WRONG, may, newest

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
TITLE = "How to keep a bicycle"
LOST = """
import django; django.setup()
from django.utils import timezone
from peelian.contacts.models import Address
from peelian.members import tokens
from peelian.members.models import Member
one = Member.objects.filter(left_at=None, mobile__suppression="", email__suppression="").exclude(confirmed_at=None)[{n}]
Address.objects.filter(pk=one.email_id).update(suppression="hard-bounce", suppressed_at=timezone.now())
print(tokens.make_repair(one.mobile_id, one.email_id))
"""

KEPT = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from peelian.alerts.digest import opening
from peelian.alerts.models import Alert
from peelian.core import clock
from peelian.delivery.models import DigestItem
from peelian.members.models import Member
one = Member.objects.filter(left_at=None, email__suppression="").exclude(confirmed_at=None).order_by("pk")[40]
now = timezone.now()
Member.objects.filter(pk=one.pk).update(interests=-1, organisations=1, channels=1)
alerts = Alert.objects.filter(state="sent", ends_on__gte=clock.today(), team__organisation__slug="police")
for alert in alerts.order_by("-sent_at")[:4]:
    DigestItem.objects.create(
        member=one, send_id=alert.send_id, address_id=one.email_id, at=now - timedelta(days=9)
    )
opening.open_one("weekly", clock.today(), now)
print(one.email.value)
"""


def test_everybody_after_a_hundred(staff: Makes) -> None:
    lead = staff("communications")
    writing.begin(lead)
    writing.write(lead, TITLE)
    lead.page.get_by_label("Everybody in the force’s area").check()
    everybody = writing.wait_for_count(lead, not_="Nobody yet")
    assert everybody > 1_000
    writing.wait_until_saved(lead)
    lead.press("Check and send")
    lead.page.get_by_label("To the first 100, then wait until somebody goes on").check()
    lead.look("large-check")
    lead.fill("Type the number of people in words to go on", "a great many")
    lead.go(lead.page.locator("#go button"))
    assert lead.page.locator(WRONG).is_visible()
    lead.look("large-wrong")
    said = lead.page.locator(WRONG).inner_text().rpartition("in words: ")[2].strip()
    lead.fill("Type the number of people in words to go on", said)
    lead.go(lead.page.locator("#go button"))
    here = lead.page.url
    until(partial(may, lead, here, "Go on sending"), "the first hundred have gone")
    lead.look("large-first-hundred")
    lead.follow("Go on sending")
    lead.go(lead.page.locator("main form button").first)
    until(partial(all_sent, lead, here), "everybody else has it")
    lead.look("large-sent")


def all_sent(officer: Person, here: str) -> bool:
    return "Sent" in officer.open(here).locator("#progress-part").inner_text()


@SCRIPTS
def test_a_new_address_for_one_that_died(staff: Makes, somebody: Makes, force: Force, scripts: bool) -> None:
    postman, resident = staff("administrator"), somebody(width=PHONE, scripts=scripts)
    name, email = ("repair", "mended@letterbox.example") if scripts else ("noscript-repair", "again@letterbox.example")
    resident.open(f"/me/email/{lost(force, int(scripts))}/")
    resident.look(name)
    resident.go(resident.page.locator("main form button").first)
    assert resident.page.locator(WRONG).is_visible()
    resident.look(f"{name}-wrong")
    resident.page.locator("main input[name=email]").fill(email)
    resident.go(resident.page.locator("main form button").first)
    resident.look(f"{name}-code")
    resident.fill("Six-figure code", newest(postman, email, r"\b\d{6}\b"))
    resident.go(resident.page.locator("main form button").first)
    resident.look(f"{name}-done")


def test_what_was_over_a_limit_comes_in_one_email(browser: Browser, staff: Makes, force: Force) -> None:
    postman, email = staff("administrator"), python(force, KEPT)
    newest(postman, email, "101")
    postman.look("outbox-digest")
    html = postman.page.request.get(postman.page.locator("iframe").get_attribute("src") or "").text()
    look_at_document(browser, html, "email-digest")


def lost(force: Force, number: int) -> str:
    """The end of the link that the text to somebody whose address has died holds."""
    return python(force, LOST.format(n=number))


def python(force: Force, program: str) -> str:
    """The last word that a program prints which runs beside the installation."""
    settings = {"DJANGO_SETTINGS_MODULE": "peelian.config.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=force.installation.environment(**settings), capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return ran.stdout.split()[-1]
