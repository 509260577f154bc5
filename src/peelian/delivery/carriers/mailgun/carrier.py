"""Email by Mailgun's API: the whole message as it is, by "Send an email in MIME format"; its "API response codes"."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

import requests
from anymail.backends.mailgun import EmailBackend, MailgunPayload

from peelian.delivery import carrier_urls
from peelian.delivery.carrier_urls import CarrierUrl
from peelian.delivery.carriers import web
from peelian.delivery.carriers.anymail.backends import EXPLICIT, Prepared
from peelian.delivery.carriers.anymail.client import AnymailClient, check, usual
from peelian.delivery.carriers.anymail.messages import Whole
from peelian.delivery.carriers.base import Given
from peelian.delivery.carriers.hands import Hands

API = "https://api.mailgun.net"  # of the European Union: api=https://api.eu.mailgun.net


class _MimePayload(MailgunPayload):  # type: ignore[misc]
    """Recipient, reference and our bytes; every other field is in the bytes."""

    base_message_attrs = tuple(one for one in MailgunPayload.base_message_attrs if one[0] == "to")
    anymail_message_attrs = tuple(
        one for one in MailgunPayload.anymail_message_attrs if one[0] in ("metadata", *MailgunPayload.batch_attrs)
    )

    def get_api_endpoint(self) -> str:
        return f"{super().get_api_endpoint()}.mime"

    def serialize_data(self) -> Any:
        self.files = [("message", ("message.mime", self.message.content, "message/rfc822"))]
        return {**super().serialize_data(), "o:tracking": "no"}


class _Backend(Prepared, EmailBackend):  # type: ignore[misc]
    def build_message_payload(self, message: Whole, defaults: dict[str, Any]) -> _MimePayload:
        return _MimePayload(message, defaults, self)


def make(given: Given) -> Hands:
    return Hands(given.name, given.lane, partial(client, carrier_urls.read(given.url)))


def client(url: CarrierUrl) -> AnymailClient:
    api = f"{url.api or API}/v3"
    backend = _Backend(api_key=url.user, sender_domain=url.host, api_url=api, **EXPLICIT)

    def ask(session: requests.Session) -> requests.Response:
        """An order without recipient or message: refused with 400 by whoever knows key and domain. Keys that may only
        send can ask nothing else."""
        where = f"{api}/{quote(url.host)}/messages.mime"
        return session.post(where, auth=("api", url.user), data={}, timeout=web.TIMEOUT)

    return AnymailClient(backend, Whole, usual, lambda: check("Mailgun", ask, lambda status: status == 400))
