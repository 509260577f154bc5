"""What Postmark tells us ("Webhooks overview", "Bounce webhook", "Delivery webhook", "Spam complaint webhook", "Bounce
API: bounce types" in its developer documentation). Nothing is signed: it shows the secret that its webhook was set up
with, as the password of basic authentication or in a header X-Webhook-Token."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.http import HttpRequest

from peelian.delivery import carrier_urls
from peelian.delivery.carriers.anymail import events
from peelian.delivery.carriers.webhook import password, same
from peelian.delivery.models import Reason, State
from peelian.delivery.receipts import BadSignature, Meaning, Report

_BOUNCED = Meaning(State.FAILED, Reason.BOUNCED)
_FULL = Meaning(State.FAILED, Reason.FULL)
_BLOCKED = Meaning(State.FAILED, Reason.BLOCKED)
_COMPLAINED = Meaning(State.FAILED, Reason.COMPLAINED)

TABLE: dict[str, Meaning] = {
    "Delivery": Meaning(State.DELIVERED),  # "Delivery webhook": the destination server has accepted it
    "SpamComplaint": _COMPLAINED,  # "Spam complaint webhook"
    # "Bounce API: bounce types"; those that only say it goes on (Transient, DnsError) or are a person's or a program's
    # answer (AutoResponder, AddressChange, Subscribe, ChallengeVerification) are no outcome and not here
    "HardBounce": _BOUNCED,
    "BadEmailAddress": _BOUNCED,
    "SoftBounce": _FULL,
    "Undeliverable": _FULL,
    "Blocked": _BLOCKED,
    "SpamNotification": _BLOCKED,  # refused as spam by the server; the person has not complained
    "VirusNotification": _BLOCKED,
    "DMARCPolicy": _BLOCKED,
    "OpenRelayTest": _BLOCKED,
    "ManuallyDeactivated": Meaning(State.FAILED, Reason.REFUSED),
    "Unsubscribe": Meaning(State.FAILED, Reason.SUPPRESSED),
}


def read(request: HttpRequest, url: str, reference: str = "") -> list[Report]:
    check(request, carrier_urls.read(url).options.get("webhook", ""))
    return events.reports(events.parsed(_view(), request), understand)


def check(request: HttpRequest, secret: str) -> None:
    """Raises BadSignature unless the secret is shown in one of the two ways."""
    if not (same(password(request), secret) or same(_token(request), secret)):
        raise BadSignature


def understand(event: Any) -> tuple[Meaning, str] | None:
    told = event.esp_event
    word = told["RecordType"] if told["RecordType"] != "Bounce" else told["Type"]
    meaning = TABLE.get(word)
    if meaning is None:
        return None
    if word in ("HardBounce", "SoftBounce"):
        return events.by_code("", told.get("Details") or "", meaning, word)
    return meaning, word


def _token(request: HttpRequest) -> str:
    return request.headers.get("X-Webhook-Token", "")


class _View(PostmarkTrackingWebhookView):  # type: ignore[misc]
    warn_if_no_basic_auth = False  # checked above


@lru_cache(maxsize=1)
def _view() -> _View:
    return _View(webhook_secret=[])
