"""Emails that SendGrid takes in ("Setting up the Inbound Parse Webhook"). It shows the secret that stands in the
address it was given, as basic authentication; with "POST the raw, full MIME message" the bytes come as they were."""

from __future__ import annotations

import json
import warnings
from functools import lru_cache
from typing import Any

from anymail.exceptions import AnymailNotSupportedWarning
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from django.http import HttpRequest

from peelian.delivery import carrier_urls
from peelian.delivery.carriers.anymail import inbound
from peelian.delivery.carriers.webhook import password, same
from peelian.delivery.receipts import BadSignature


def read(request: HttpRequest, url: str) -> list[inbound.Came]:
    if not same(password(request), carrier_urls.read(url).options.get("inbound", "")):
        raise BadSignature
    return inbound.emails(_view(), request, _raw, _recipients)


def _raw(event: Any) -> bytes | None:
    return inbound.field_bytes(event.esp_event, "email")


def _recipients(event: Any) -> list[str]:
    try:
        to = json.loads(event.esp_event.POST["envelope"])["to"]
    except (KeyError, ValueError, TypeError):
        return []
    return [str(one) for one in to] if isinstance(to, list) else []


class _View(SendGridInboundWebhookView):  # type: ignore[misc]
    warn_if_no_basic_auth = False  # checked above


@lru_cache(maxsize=1)
def _view() -> Any:
    with warnings.catch_warnings():  # see carrier.py
        warnings.simplefilter("ignore", AnymailNotSupportedWarning)
        return _View(webhook_secret=[])
