"""Webhooks of email carriers, read by django-anymail's views: its signature checks and its way into each payload."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from django.http import HttpRequest

from peelian.core import clock
from peelian.delivery import references, status_codes
from peelian.delivery.carriers.anymail.messages import REFERENCE
from peelian.delivery.errors import BadToken
from peelian.delivery.models import State
from peelian.delivery.receipts import BadSignature, Meaning, Report, Unreadable

# An event's meaning and the carrier's word or code for it; None where it means nothing to the ledger
Understand = Callable[[Any], tuple[Meaning, str] | None]


def parsed(view: Any, request: HttpRequest) -> list[Any]:
    """The events of a request whose signature the view has checked."""
    try:
        view.run_validators(request)
    except AnymailWebhookValidationFailure:
        raise BadSignature from None
    except (AnymailError, ValueError, KeyError, TypeError, AttributeError):
        raise Unreadable from None
    try:
        return list(view.parse_events(request))
    except (AnymailError, ValueError, KeyError, TypeError, AttributeError):
        raise Unreadable from None


def reports(events: list[Any], understand: Understand) -> list[Report]:
    """What the events say of our deliveries. Those of other senders in the same account are nobody's business here."""
    return list(_reports(events, understand))


def _reports(events: list[Any], understand: Understand) -> Iterator[Report]:
    for event in events:
        reference = (event.metadata or {}).get(REFERENCE) if isinstance(event.metadata, dict) else None
        if not isinstance(reference, str):
            continue
        try:
            send_id, address_id = references.read(reference)
        except BadToken:
            continue
        try:
            understood = understand(event)
        except (KeyError, TypeError, AttributeError):
            raise Unreadable from None
        if understood is not None:
            meaning, code = understood
            at = event.timestamp if isinstance(event.timestamp, datetime) else clock.now()
            yield Report(send_id, address_id, meaning.state, meaning.reason, code, at)


def by_code(status: str, words: str, otherwise: Meaning, word: str) -> tuple[Meaning, str]:
    """A bounce by the code in what the other side answered; where it has none that says something, as the table of the
    carrier has it, under the carrier's own word."""
    code = status_codes.best(status, words)
    reason = status_codes.reason(code) if code else status_codes.UNSAID
    if reason is status_codes.UNSAID:
        return otherwise, code or word
    return Meaning(State.FAILED, reason), code
