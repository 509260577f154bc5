"""What GOV.UK Notify tells us (REST API documentation, "Callbacks": delivery receipts and received text messages). Its
requests show the bearer token that was set up with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from peelian.core import clock
from peelian.delivery import carrier_urls, references
from peelian.delivery.carriers import stop_words
from peelian.delivery.carriers.webhook import body, same
from peelian.delivery.errors import BadToken
from peelian.delivery.incoming import store
from peelian.delivery.models import Reason, State
from peelian.delivery.receipts import BadSignature, Meaning, Report, Unreadable

_TAKEN = Meaning(State.HANDED_OVER)

TABLE: dict[str, Meaning] = {  # "Text message status descriptions"
    "created": _TAKEN,
    "sending": _TAKEN,
    "pending": _TAKEN,
    "sent": _TAKEN,  # to a number abroad: no more is heard
    "delivered": Meaning(State.DELIVERED),
    "permanent-failure": Meaning(State.FAILED, Reason.BOUNCED),  # the number is wrong or the network rejects it
    "temporary-failure": Meaning(State.FAILED, Reason.FULL),  # phone off, no signal, inbox full
    "technical-failure": Meaning(State.FAILED, Reason.GAVE_UP),  # between Notify and the network; not the number
}


def read(request: HttpRequest, url: str, reference: str = "") -> list[Report]:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not same(token, carrier_urls.read(url).options.get("callback", "")):
        raise BadSignature
    told = body(request)
    if not isinstance(told, dict):
        raise Unreadable
    if "source_number" in told:
        _keep_text(told)
        return []
    if "status" not in told:
        raise Unreadable
    found = report(told)
    return [] if found is None else [found]


def _keep_text(told: dict[str, Any]) -> None:
    """Keep what somebody texted to our number ("Received text messages"); STOP and START act at once."""
    number, words = str(told["source_number"]), str(told.get("message") or "")
    kept = {"carrier": "notify", "id": str(told.get("id") or ""), "from": number, "words": words}
    store.keep_text(kept | {"to": str(told.get("destination_number") or ""), "heard": stop_words.heard(number, words)})


def report(told: dict[str, Any]) -> Report | None:
    """What a receipt, or an entry of the list of messages, says of a delivery; None where it is not ours."""
    meaning = TABLE.get(str(told.get("status")))
    try:
        send_id, address_id = references.read(str(told.get("reference")))
    except BadToken:
        return None
    if meaning is None:
        return None
    return Report(send_id, address_id, meaning.state, meaning.reason, str(told["status"]), _at(told))


def _at(told: dict[str, Any]) -> datetime:
    for field in ("completed_at", "sent_at", "created_at"):
        try:
            if found := parse_datetime(str(told.get(field) or "")):
                return found if found.tzinfo else found.replace(tzinfo=UTC)
        except ValueError:
            continue
    return clock.now()
