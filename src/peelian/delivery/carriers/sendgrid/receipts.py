"""What SendGrid tells us ("Event Webhook Reference", "Event Webhook Security Features"), signed with ECDSA."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

from anymail.exceptions import AnymailNotSupportedWarning
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from django.http import HttpRequest

from peelian.delivery import carrier_urls
from peelian.delivery.carriers.anymail import events
from peelian.delivery.models import Reason, State
from peelian.delivery.receipts import BadSignature, Meaning, Report

TABLE: dict[str, Meaning] = {
    # "Event Webhook Reference": deferred and processed are no outcome
    "delivered": Meaning(State.DELIVERED),
    "spamreport": Meaning(State.FAILED, Reason.COMPLAINED),
    "bounce": Meaning(State.FAILED, Reason.BOUNCED),  # type "bounce": refused for good
    "bounce blocked": Meaning(State.FAILED, Reason.BLOCKED),  # type "blocked": refused for now, or as unwanted
    # "dropped" by SendGrid itself, by its reason
    "dropped Bounced Address": Meaning(State.FAILED, Reason.BOUNCED),
    "dropped Invalid": Meaning(State.FAILED, Reason.BOUNCED),
    "dropped Spam Reporting Address": Meaning(State.FAILED, Reason.COMPLAINED),
    "dropped Unsubscribed Address": Meaning(State.FAILED, Reason.SUPPRESSED),
    "dropped": Meaning(State.FAILED, Reason.BLOCKED),  # anything else: spam content, over quota, …
}


def read(request: HttpRequest, url: str, reference: str = "") -> list[Report]:
    key = carrier_urls.read(url).options.get("webhook", "")
    if not key:
        raise BadSignature
    return events.reports(events.parsed(_view(key), request), understand)


def understand(event: Any) -> tuple[Meaning, str] | None:
    told = event.esp_event
    word = str(told["event"])
    if word == "dropped":
        word = f"dropped {told.get('reason', '')}"
        return (TABLE[word], word) if word in TABLE else (TABLE["dropped"], "dropped")
    if word != "bounce":
        return (TABLE[word], word) if word in TABLE else None
    if told.get("type") == "blocked":
        return events.by_code(str(told.get("status", "")), "", TABLE["bounce blocked"], "bounce blocked")
    return events.by_code(str(told.get("status", "")), str(told.get("reason", "")), TABLE["bounce"], "bounce")


@lru_cache(maxsize=4)
def _view(key: str) -> Any:
    with warnings.catch_warnings():  # see carrier.py
        warnings.simplefilter("ignore", AnymailNotSupportedWarning)
        return SendGridTrackingWebhookView(tracking_webhook_verification_key=key, webhook_secret=[])
