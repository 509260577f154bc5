"""An administrator makes a token and a webhook; a parish takes a neighbourhood's frame onto its website."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from peelian.core import clock
from tests.browser.looking import PHONE, Person

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]


def test_tokens_and_webhooks(staff: Makes) -> None:
    administrator = staff("administrator", scripts=False)
    page = administrator.open("/staff/api/")
    administrator.look("api-no-token")
    administrator.follow("Make a token")
    administrator.press("Make it")
    administrator.look("api-token-wrong")
    administrator.fill("What is it for?", "Council website")
    page.get_by_label("For whom does it act?").select_option(index=1)
    page.get_by_label("Read the alerts of their teams").check()
    administrator.fill("Its last day", (clock.today() + timedelta(days=30)).isoformat())
    administrator.press("Make it")
    secret = page.locator("pre code").first.inner_text()
    administrator.look("api-token-made")
    answer = page.request.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["scopes"] == ["alerts:read"]
    administrator.follow("I have copied it")
    administrator.look("api-tokens")
    administrator.follow("Webhooks")
    administrator.follow("Add a webhook")
    administrator.fill("What is it for?", "Duty board")
    administrator.fill("Address to tell", "https://10.0.0.1/")
    page.get_by_label("An alert was sent").check()
    administrator.press("Add it")
    administrator.look("api-webhook-private")
    administrator.fill("Address to tell", "https://hooks.heartshire.example/told")
    administrator.press("Add it")
    administrator.look("api-webhook-made")
    administrator.follow("I have copied it")
    administrator.press("Send a test")
    administrator.look("api-webhook")


def test_a_neighbourhood_on_somebody_elses_website(somebody: Makes) -> None:
    clerk = somebody(width=PHONE, scripts=False)
    page = clerk.open("/areas/")
    clerk.go(page.locator("[data-area-group] li a"))
    clerk.follow("Show this area on your website")
    clerk.look("embed-code")
    clerk.follow("See what it looks like")
    clerk.look("embed")
    reader = somebody(dark=True)
    reader.open(page.url.removeprefix(reader.base))
    reader.look("embed-dark")
    reader.open("/open-data/")
    reader.look("open-data-dark")
