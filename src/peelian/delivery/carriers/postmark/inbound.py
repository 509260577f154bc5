"""Emails that Postmark takes in ("Inbound webhook" in its developer documentation). Nothing is signed: the secret of
the webhook is shown as for receipts. With "include raw email content" the bytes come as they were."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from anymail.webhooks.postmark import PostmarkInboundWebhookView
from django.http import HttpRequest

from peelian.delivery import carrier_urls
from peelian.delivery.carriers.anymail import inbound
from peelian.delivery.carriers.postmark import receipts


def read(request: HttpRequest, url: str) -> list[inbound.Came]:
    receipts.check(request, carrier_urls.read(url).options.get("webhook", ""))
    return inbound.emails(_view(), request, _raw, lambda event: [])


def _raw(event: Any) -> bytes | None:
    raw = event.esp_event.get("RawEmail")
    return raw.encode("utf-8", "replace") if isinstance(raw, str) and raw else None


class _View(PostmarkInboundWebhookView):  # type: ignore[misc]
    warn_if_no_basic_auth = False  # checked above


@lru_cache(maxsize=1)
def _view() -> _View:
    return _View(webhook_secret=[])
