"""Emails that Mailgun takes in ("Receiving, forwarding and storing messages": a route with forward()), signed with the
webhook signing key. An address that ends in "mime" is given the bytes as they were."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from anymail.webhooks.mailgun import MailgunInboundWebhookView
from django.http import HttpRequest

from peelian.delivery import carrier_urls
from peelian.delivery.carriers.anymail import inbound
from peelian.delivery.receipts import BadSignature


def read(request: HttpRequest, url: str) -> list[inbound.Came]:
    key = carrier_urls.read(url).options.get("webhook", "")
    if not key:
        raise BadSignature
    return inbound.emails(_view(key), request, _raw, _recipients)


def _raw(event: Any) -> bytes | None:
    return inbound.field_bytes(event.esp_event, "body-mime")


def _recipients(event: Any) -> list[str]:
    return str(event.esp_event.POST.get("recipient", "")).split(",")


@lru_cache(maxsize=4)
def _view(key: str) -> Any:
    return MailgunInboundWebhookView(webhook_signing_key=key, webhook_secret=[])
