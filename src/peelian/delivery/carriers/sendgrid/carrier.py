"""Email by SendGrid's API ("Mail Send" and "Errors" in its API reference)."""

from __future__ import annotations

from functools import partial
from typing import Any

import requests
from anymail.backends.base_requests import AnymailRequestsBackend
from anymail.backends.sendgrid import EmailBackend

from peelian.delivery import carrier_urls
from peelian.delivery.carrier_urls import CarrierUrl
from peelian.delivery.carriers import web
from peelian.delivery.carriers.anymail.backends import EXPLICIT, Prepared
from peelian.delivery.carriers.anymail.client import AnymailClient, check, usual
from peelian.delivery.carriers.anymail.messages import InParts
from peelian.delivery.carriers.base import Given
from peelian.delivery.carriers.hands import Hands

API = "https://api.sendgrid.com"


class _Backend(Prepared, EmailBackend):  # type: ignore[misc]
    def __init__(self, api_key: str, api_url: str, **explicit: Any) -> None:
        """What EmailBackend's own does, without its warning that anymail's authors can no longer test against SendGrid:
        docs/how-to/carriers.md says so where an administrator decides."""
        self.api_key = api_key
        self.generate_message_id = False  # our reference is enough
        self.merge_field_format = None
        AnymailRequestsBackend.__init__(self, api_url, **explicit)


def make(given: Given) -> Hands:
    return Hands(given.name, given.lane, partial(client, carrier_urls.read(given.url)))


def client(url: CarrierUrl) -> AnymailClient:
    api = f"{url.api or API}/v3"
    backend = _Backend(api_key=url.user, api_url=f"{api}/", **EXPLICIT)

    def ask(session: requests.Session) -> requests.Response:
        headers = {"Authorization": f"Bearer {url.user}"}
        return session.get(f"{api}/scopes", headers=headers, timeout=web.TIMEOUT)

    return AnymailClient(backend, _compose, usual, lambda: check("SendGrid", ask, lambda status: status == 200))


def _compose(content: bytes, recipient: str, reference: str) -> InParts:
    message = InParts(content, recipient, reference, {})
    # Otherwise an account's setting could put its own List-Unsubscribe in the place of ours
    message.esp_extra["tracking_settings"] = {"subscription_tracking": {"enable": False}}
    return message
