"""My account: signing in by the link, a new email address, a holiday, a move, what came, a copy of it all, closing and
opening it again. Once with script and once without."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.browser.conftest import Force
from tests.browser.looking import PHONE, Person
from tests.browser.test_delivery_pages import SCRIPTS, newest
from tests.browser.test_large_and_lost import python

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
SOMEBODY = """
import django; django.setup()
from django.db import connection
from peelian.alerts.models import Alert, Rating
from peelian.conversations.models import Message, Thread
from peelian.core import clock
from peelian.delivery.models import Delivery
from peelian.members.models import Member
from peelian.places.models import Postcode
with connection.cursor() as cursor:
    cursor.execute(
        "SELECT member_id FROM delivery JOIN members_member m ON m.id = member_id WHERE m.left_at IS NULL"
        " AND m.email_id = address_id AND m.confirmed_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM members_member o WHERE o.email_id = m.email_id AND o.id <> m.id)"
        " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1 OFFSET {n}"
    )
    one = Member.objects.select_related("email").get(pk=cursor.fetchone()[0])
sends = list(Delivery.objects.filter(member=one, address=one.email).values_list("send", flat=True))
alerts = list(Alert.objects.filter(send__in=sends).order_by("-send"))
Rating.objects.update_or_create(alert=alerts[0], address=one.email, defaults={{"value": 5}})
thread, _ = Thread.objects.update_or_create(
    address=one.email, about="alert:" + alerts[0].ref,
    defaults={{"team": alerts[0].team, "member": one, "subject": "x", "last_at": clock.now(),
               "state": "waiting-for-resident", "waiting_since": None}},
)
thread.messages.all().delete()
Message.objects.create(thread=thread, how="code", text="I saw two people at a white van.", at=clock.now())
Message.objects.create(thread=thread, how="staff", text="Thank you. We have looked at the cameras.", at=clock.now())
Delivery.objects.filter(send=alerts[1].send, member=one).update(state=5, reason="holiday")
print(one.email.value, Postcode.objects.exclude(code=one.postcode).order_by("?").first().code, sep="+")
"""


@SCRIPTS
def test_my_account(staff: Makes, somebody: Makes, force: Force, scripts: bool) -> None:
    postman, resident = staff("administrator"), somebody(width=PHONE, scripts=scripts)
    pre = "account" if scripts else "noscript-account"
    email, _, postcode = python(force, SOMEBODY.format(n=int(scripts))).partition("+")
    come_in_by_link(resident, postman, email, pre)
    resident.look(f"{pre}-me")
    new = f"new-{int(scripts)}@letterbox.example"
    change_email(resident, postman, new, pre)
    pause(resident, pre)
    move(resident, postcode, pre)
    read(resident, pre)
    take_a_copy(resident, pre)
    close_and_open(resident, postman, new, pre)


def come_in_by_link(resident: Person, postman: Person, email: str, pre: str) -> None:
    resident.open("/me/sign-in/")
    resident.fill("Email address or telephone number", email)
    resident.press("Send me a code")
    resident.open(newest(postman, email, r"https?://\S+/me/link/\S+"))
    resident.look(f"{pre}-link")
    resident.press("Sign in")
    assert resident.heading == "What you get from us, and why"


def change_email(resident: Person, postman: Person, new: str, pre: str) -> None:
    resident.open("/me/contact/email/")
    resident.press("Send me the email")
    resident.look(f"{pre}-contact-wrong")
    resident.fill("Your email address", new)
    resident.press("Send me the email")
    resident.look(f"{pre}-me-waits")
    resident.open(newest(postman, new, r"https?://\S+/me/contact/confirm/\S+"))
    resident.look(f"{pre}-confirm-email")
    resident.press("Yes, use this address")
    resident.look(f"{pre}-email-confirmed")
    resident.open("/me/contact/landline/")
    resident.fill("Your landline number", "01632 960321")
    resident.press("Call me")
    resident.look(f"{pre}-contact-code")


def pause(resident: Person, pre: str) -> None:
    resident.open("/me/holiday/")
    resident.look(f"{pre}-holiday")
    resident.press("Pause messages")
    assert resident.page.get_by_text("You are pausing messages").is_visible()


def move(resident: Person, postcode: str, pre: str) -> None:
    resident.open("/me/move/")
    resident.page.get_by_text("I have no fixed address").click()
    resident.look(f"{pre}-move")
    resident.page.get_by_label(re.compile("^Postcode")).fill(postcode)
    resident.press("I live here now")
    resident.page.get_by_text("Show what you agreed to").click()
    resident.look(f"{pre}-me-after")


def read(resident: Person, pre: str) -> None:
    resident.follow("What you received and wrote")
    resident.look(f"{pre}-received")
    assert "Missed" in resident.page.locator("main").inner_text()
    resident.go(resident.page.locator(".p-list__title"))
    assert "I saw two people" in resident.page.locator("main").inner_text()
    resident.look(f"{pre}-received-one")


def take_a_copy(resident: Person, pre: str) -> None:
    resident.open("/me/data/")
    resident.look(f"{pre}-data")
    with resident.page.expect_download() as file:
        resident.button("Get it as a page").click()
    assert file.value.suggested_filename.endswith(".html")
    assert "I saw two people" in file.value.path().read_text(encoding="utf-8")


def close_and_open(resident: Person, postman: Person, email: str, pre: str) -> None:
    resident.open("/me/leave/")
    resident.look(f"{pre}-leave")
    resident.press("Close my account")
    resident.look(f"{pre}-left")
    resident.open("/me/sign-in/")
    resident.fill("Email address or telephone number", email)
    resident.press("Send me a code")
    resident.fill("Six-figure code", newest(postman, email, r"\b\d{6}\b"))
    resident.press("Go on")
    assert resident.heading == "You closed your account"
    resident.look(f"{pre}-closed")
    resident.press("Open my account again")
    assert resident.heading == "What you get from us, and why"


def test_rights_over_data(staff: Makes, force: Force) -> None:
    email = python(force, SOMEBODY.format(n=5)).partition("+")[0]
    administrator = staff("administrator", to="/staff/members/rights/")
    administrator.look("rights-none")
    administrator.follow("Record a request")
    administrator.press("Record this request")
    administrator.look("rights-open-wrong")
    administrator.page.get_by_label("A copy of their data").check()
    administrator.fill("Their email address or telephone number", email)
    administrator.fill("When did it come?", "2026-01-31")
    administrator.press("Record this request")
    administrator.page.locator("#id_identity_check").fill("Called back on the number we hold")
    administrator.look("rights-request")
    administrator.press("Record how we know")
    administrator.look("rights-request-known")
    with administrator.page.expect_download() as file:
        administrator.button("Make it as JSON").click()
    assert "Saturday" not in file.value.path().read_text(encoding="utf-8")[:40]
    administrator.open("/staff/members/rights/holds/begin/")
    administrator.fill("Their email address or telephone number", email)
    administrator.fill("Why must nothing be erased?", "Inquiry 2026/14")
    administrator.fill("When is it to be looked at again?", f"{date.today() + timedelta(days=90)}")
    administrator.press("Begin the hold")
    administrator.look("rights-holds")
    administrator.open("/staff/members/rights/")
    administrator.look("rights-list")
    administrator.follow("A copy of their data")
    administrator.look("rights-request-held")
