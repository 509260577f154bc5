"""What Amazon SES tells us by SNS ("Amazon SNS notification contents for Amazon SES" and "Contents of event data that
Amazon SES publishes to Amazon SNS" in its developer guide)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from django.http import HttpRequest

from peelian.delivery import carrier_urls
from peelian.delivery.carriers.anymail import events
from peelian.delivery.carriers.anymail.messages import REFERENCE
from peelian.delivery.carriers.ses import sns
from peelian.delivery.carriers.webhook import body
from peelian.delivery.models import Reason, State
from peelian.delivery.receipts import Meaning, Report

_BOUNCED = Meaning(State.FAILED, Reason.BOUNCED)
_FULL = Meaning(State.FAILED, Reason.FULL)
_BLOCKED = Meaning(State.FAILED, Reason.BLOCKED)

TABLE: dict[str, Meaning] = {
    "Delivery": Meaning(State.DELIVERED),  # the recipient's server has accepted it
    "Complaint": Meaning(State.FAILED, Reason.COMPLAINED),
    "Reject": _BLOCKED,  # SES found a virus in it
    "Rendering Failure": _BLOCKED,
    # "Bounce types": type and subtype
    "Bounce Undetermined Undetermined": Meaning(State.FAILED, Reason.REFUSED),
    "Bounce Permanent General": _BOUNCED,
    "Bounce Permanent NoEmail": _BOUNCED,
    "Bounce Permanent Suppressed": _BOUNCED,  # on the list of addresses that bounced with somebody
    "Bounce Permanent OnAccountSuppressionList": _BOUNCED,  # … with this account
    "Bounce Permanent UnsubscribedRecipient": Meaning(State.FAILED, Reason.SUPPRESSED),
    "Bounce Transient General": _FULL,
    "Bounce Transient MailboxFull": _FULL,
    "Bounce Transient MessageTooLarge": _BLOCKED,
    "Bounce Transient ContentRejected": _BLOCKED,
    "Bounce Transient AttachmentRejected": _BLOCKED,
    "Bounce Transient CustomTimeoutExceeded": _FULL,
}
_UNSAID = ("General", "Undetermined")  # subtypes that say less than the other side's code does


def read(request: HttpRequest, url: str, reference: str = "") -> list[Report]:
    message, parts = body(request), carrier_urls.read(url)
    kind = sns.verify(message, parts)
    if kind == "SubscriptionConfirmation":
        sns.subscribe(message, parts)
    if kind != "Notification":
        return []
    found = events.parsed(_view(), request)
    for event in found:
        tags = event.esp_event.get("mail", {}).get("tags", {}) if isinstance(event.esp_event, dict) else {}
        if REFERENCE not in (event.metadata or {}) and tags.get(REFERENCE):
            event.metadata = {REFERENCE: tags[REFERENCE][0]}
    return events.reports(found, understand)


def understand(event: Any) -> tuple[Meaning, str] | None:
    told = event.esp_event
    word = str(told.get("eventType") or told["notificationType"])
    if word == "Bounce":
        bounce = told["bounce"]
        sort, subsort = str(bounce["bounceType"]), str(bounce["bounceSubType"])
        word = f"Bounce {sort} {subsort}"
        meaning = TABLE.get(word) or TABLE.get(f"Bounce {sort} General", TABLE["Bounce Undetermined Undetermined"])
        if subsort in _UNSAID:
            one = bounce["bouncedRecipients"][0]
            return events.by_code(str(one.get("status", "")), str(one.get("diagnosticCode", "")), meaning, word)
        return meaning, word
    if word == "Complaint" and told["complaint"].get("complaintFeedbackType") == "not-spam":
        return None  # "Complaint object": the recipient took it out of the spam folder
    return (TABLE[word], word) if word in TABLE else None


class _View(AmazonSESTrackingWebhookView):  # type: ignore[misc]
    warn_if_no_basic_auth = False  # the signature is checked above


@lru_cache(maxsize=1)
def _view() -> _View:
    return _View(auto_confirm_sns_subscriptions=False, webhook_secret=[], session_params={}, client_params={})
