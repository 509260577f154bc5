"""A real account, made by `peelian staff add`: its set-up link, an app's codes, and the keyboard."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.browser.conftest import Force
from tests.browser.keyboard import tab_through
from tests.browser.looking import Person

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
EMAIL, PASSWORD = "newcomer@heartshire.example", "seven-kettles-on-a-bicycle"
STEP = 30  # seconds that a code is good for


@dataclass
class App:
    """An authenticator app: codes by RFC 6238, each given once, as the server takes each once."""

    secret: str
    last: int = 0

    def code(self) -> str:
        while (step := int(time.time() // STEP)) <= self.last:
            time.sleep(0.5)
        self.last = step
        key = base64.b32decode(self.secret + "=" * (-len(self.secret) % 8))
        digest = hmac.digest(key, struct.pack(">Q", step), hashlib.sha1)
        at = digest[-1] & 15
        return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


def test_setting_up_and_signing_in(force: Force, somebody: Makes) -> None:
    said = force.installation.done("staff", "add", EMAIL, "--role", "officer", "--name", "New Comer")
    link = re.search(r"http\S+", said)
    assert link, said
    newcomer = somebody()
    app = set_up(newcomer, link[0])
    used_link(somebody(), link[0])
    look_at_own_account(newcomer)
    newcomer.press("Sign out")
    sign_in_wrong(newcomer)
    sign_in(newcomer, app)


def set_up(newcomer: Person, link: str) -> App:
    newcomer.open(link)
    newcomer.look("set-up")
    boxes = newcomer.page.locator("input[type=password]")
    boxes.nth(0).fill("password1234")
    boxes.nth(1).fill("something else")
    newcomer.press("Save and go on")
    newcomer.look("set-up-wrong")
    for box in boxes.all():
        box.fill(PASSWORD)
    newcomer.press("Save and go on")
    assert newcomer.heading == "Set up your second step"
    newcomer.look("second-step")
    newcomer.open("/staff/alerts/")
    assert newcomer.heading == "Set up your second step", "no page opens before there is a second step"
    newcomer.follow("Use an app")
    size = newcomer.page.locator("img.p-qr").evaluate("(square) => square.naturalWidth")
    assert size > 0, "the square to scan does not show"
    newcomer.page.get_by_text("I cannot scan it").click()
    newcomer.look("second-step-app")
    app = App(newcomer.page.locator("#totp-secret").inner_text())
    newcomer.fill("Code", app.code())
    newcomer.press("Turn it on")
    assert newcomer.heading == "Your recovery codes"
    newcomer.look("recovery-codes")
    newcomer.follow("I have kept them")
    assert newcomer.heading == "Today"
    newcomer.look("today-empty")
    return app


def used_link(other: Person, link: str) -> None:
    other.open(link)
    other.look("set-up-link-used", expect=410)


def look_at_own_account(newcomer: Person) -> None:
    newcomer.open("/staff/accounts/me/")
    newcomer.look("own-account")
    newcomer.open("/staff/account/2fa/")
    newcomer.look("second-steps")


def sign_in_wrong(newcomer: Person) -> None:
    newcomer.open("/staff/account/login/")
    newcomer.look("sign-in")
    newcomer.fill("Email address", EMAIL)
    newcomer.fill("Password", "wrong-password-entirely")
    newcomer.press("Sign in")
    assert newcomer.page.locator(".govuk-error-summary").is_visible()
    newcomer.look("sign-in-wrong")


def sign_in(newcomer: Person, app: App) -> None:
    newcomer.fill("Password", PASSWORD)
    newcomer.press("Sign in")
    assert newcomer.heading == "Your second step"
    newcomer.look("sign-in-code")
    newcomer.fill("Code", "000000")
    newcomer.press("Sign in")
    newcomer.look("sign-in-code-wrong")
    newcomer.fill("Code", app.code())
    newcomer.press("Sign in")
    assert newcomer.heading == "Today"


def test_sign_in_by_keyboard_alone(somebody: Makes) -> None:
    person = somebody()
    person.open("/staff/account/login/")
    tab_through(person)
