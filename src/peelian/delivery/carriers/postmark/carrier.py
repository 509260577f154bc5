"""Email by Postmark's API ("Email API", "API overview: API error codes" in its developer documentation)."""

from __future__ import annotations

import json
from functools import partial

import requests
from anymail.backends.postmark import EmailBackend

from peelian.delivery import carrier_urls
from peelian.delivery.carrier_urls import CarrierUrl
from peelian.delivery.carriers import web
from peelian.delivery.carriers.anymail.backends import EXPLICIT, Prepared
from peelian.delivery.carriers.anymail.client import AnymailClient, check, usual
from peelian.delivery.carriers.anymail.messages import InParts
from peelian.delivery.carriers.base import Fate, Given
from peelian.delivery.carriers.hands import Hands

API = "https://api.postmarkapp.com"
# Error codes of an answer 422 that are about our account or sender, so that another carrier may have the message:
# no such sender signature, not confirmed, out of credits, account not approved yet, no such message stream
OURS = {400, 401, 405, 412, 413, 1235}


class _Backend(Prepared, EmailBackend):  # type: ignore[misc]
    pass


def make(given: Given) -> Hands:
    return Hands(given.name, given.lane, partial(client, carrier_urls.read(given.url)))


def client(url: CarrierUrl) -> AnymailClient:
    api = url.api or API
    backend = _Backend(server_token=url.user, api_url=f"{api}/", **EXPLICIT)

    def ask(session: requests.Session) -> requests.Response:
        headers = {"X-Postmark-Server-Token": url.user, "Accept": "application/json"}
        return session.get(f"{api}/server", headers=headers, timeout=web.TIMEOUT)

    return AnymailClient(
        backend, partial(_compose, url), _judge, lambda: check("Postmark", ask, lambda status: status == 200)
    )


def _compose(url: CarrierUrl, content: bytes, recipient: str, reference: str) -> InParts:
    message = InParts(content, recipient, reference, {"X-PM-KeepID": "true"})  # our Message-ID, not one of theirs
    if stream := url.options.get("stream"):
        message.esp_extra["MessageStream"] = stream
    return message


def _judge(status: int, text: str) -> Fate:
    if status != 422:
        return usual(status, text)
    try:
        code = json.loads(text)["ErrorCode"]
    except (ValueError, KeyError, TypeError):
        return Fate.REFUSED
    return Fate.UNREACHABLE if code in OURS else Fate.REFUSED
