"""Passkeys, with an authenticator that Chromium plays: added as the second step, used to sign in, and refused when it
is another one's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Force
from tests.browser.looking import Person

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
EMAIL, PASSWORD = "key.holder@heartshire.example", "nine-lanterns-by-the-lock"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Keys:
    """The authenticators of one person's browser (Chromium's WebAuthn domain of the debugger)."""

    def __init__(self, person: Person) -> None:
        self._session = person.context.new_cdp_session(person.page)
        self._session.send("WebAuthn.enable")
        self._plugged: str = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]

    def held(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._plugged})[
            "credentials"
        ]
        return found

    def unplug(self) -> None:
        self._session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self._plugged})

    def plug_in_another(self) -> None:
        self.unplug()
        self._plugged = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]


def test_a_passkey_is_added_used_and_refused(force: Force, somebody: Makes) -> None:
    said = force.installation.done("staff", "add", EMAIL, "--role", "officer", "--name", "Key Holder")
    link = re.search(r"http\S+", said)
    assert link, said
    holder = somebody()
    keys = Keys(holder)
    add(holder, keys, link[0])
    holder.press("Sign out")
    begin(holder)
    holder.press("Use a passkey")
    assert holder.heading == "Today"
    holder.press("Sign out")
    sign_in_without_password(holder)
    holder.press("Sign out")
    refuse(holder, keys)


def add(holder: Person, keys: Keys, link: str) -> None:
    holder.open(link)
    for box in holder.page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    holder.press("Save and go on")
    holder.follow("Use a passkey")
    holder.look("passkey-add")
    holder.page.get_by_label(re.compile("^Name of this passkey")).fill("My laptop")
    holder.page.get_by_label("Sign in with this passkey alone").check()
    holder.press("Add a passkey")
    assert len(keys.held()) == 1
    assert holder.heading == "Your recovery codes"
    holder.follow("I have kept them")
    assert holder.heading == "Today"
    holder.open("/staff/account/2fa/webauthn/")
    holder.look("passkeys")
    assert "My laptop" in holder.page.locator("table").inner_text()


def begin(holder: Person) -> None:
    """Email address and password, up to the second step."""
    holder.open("/staff/account/login/")
    holder.fill("Email address", EMAIL)
    holder.fill("Password", PASSWORD)
    holder.press("Sign in")
    assert holder.heading == "Your second step"
    holder.look("sign-in-passkey")


def sign_in_without_password(holder: Person) -> None:
    holder.open("/staff/account/login/")
    holder.press("Sign in with a passkey")
    assert holder.heading == "Today"


def refuse(holder: Person, keys: Keys) -> None:
    keys.plug_in_another()
    begin(holder)
    holder.button("Use a passkey").click()
    problem = holder.page.locator("#passkey-problem")
    problem.wait_for(state="visible")
    assert problem.inner_text().strip()
    holder.look("sign-in-passkey-refused")
    holder.open("/staff/")
    assert holder.heading != "Today", "no key, no way in"
