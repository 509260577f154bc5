"""What Mailgun tells us ("Webhooks", "Events: event structure" and "Tracking failures" in its documentation), signed
with the webhook signing key."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from django.http import HttpRequest

from peelian.delivery import carrier_urls
from peelian.delivery.carriers.anymail import events
from peelian.delivery.models import Reason, State
from peelian.delivery.receipts import BadSignature, Meaning, Report, Unreadable

TABLE: dict[str, Meaning] = {
    "delivered": Meaning(State.DELIVERED),  # "Events": accepted by the recipient's server
    "complained": Meaning(State.FAILED, Reason.COMPLAINED),  # "Events"
    # "Tracking failures": a failure is permanent or temporary; a temporary one is tried again and is no outcome.
    # The second word is the event's reason
    "failed bounce": Meaning(State.FAILED, Reason.BOUNCED),
    "failed suppress-bounce": Meaning(State.FAILED, Reason.BOUNCED),  # bounced before, so it was not tried
    "failed suppress-complaint": Meaning(State.FAILED, Reason.COMPLAINED),
    "failed suppress-unsubscribe": Meaning(State.FAILED, Reason.SUPPRESSED),
    "failed old": Meaning(State.FAILED, Reason.FULL),  # not taken for eight hours
    "failed generic": Meaning(State.FAILED, Reason.REFUSED),
    "failed espblock": Meaning(State.FAILED, Reason.BLOCKED),
    "rejected": Meaning(State.FAILED, Reason.BLOCKED),  # "Events": Mailgun rejected the request to send
}
_TRIED = ("failed bounce", "failed generic", "failed old")  # the other side gave a code


def read(request: HttpRequest, url: str, reference: str = "") -> list[Report]:
    key = carrier_urls.read(url).options.get("webhook", "")
    if not key:
        raise BadSignature
    if request.content_type != "application/json":
        raise Unreadable
    return events.reports(events.parsed(_view(key), request), understand)


def understand(event: Any) -> tuple[Meaning, str] | None:
    told = event.esp_event["event-data"]
    word = str(told["event"])
    if word != "failed":
        return (TABLE[word], word) if word in TABLE else None
    if told.get("severity") != "permanent":
        return None
    word = f"failed {told.get('reason', 'generic')}"
    meaning = TABLE.get(word, TABLE["failed generic"])
    if word not in _TRIED and word in TABLE:
        return meaning, word
    said = told.get("delivery-status") or {}
    words = f"{said.get('code', '')} {said.get('message') or said.get('description') or ''}"
    return events.by_code(str(said.get("enhanced-code") or ""), words.strip(), meaning, word)


@lru_cache(maxsize=4)
def _view(key: str) -> Any:
    return MailgunTrackingWebhookView(webhook_signing_key=key, webhook_secret=[])
