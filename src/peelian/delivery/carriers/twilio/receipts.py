"""What Twilio tells us: status callbacks of texts and calls, keys pressed in a call, texts that people write to us.

Sources: "Track outbound message status", "Calls resource: StatusCallback", "Webhooks security: validating signatures"
and the "Error and warning dictionary"."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from peelian.core import clock
from peelian.delivery import carrier_urls, references
from peelian.delivery.carriers import stop_words
from peelian.delivery.carriers.twilio import twiml
from peelian.delivery.carriers.webhook import same
from peelian.delivery.errors import BadToken
from peelian.delivery.incoming import store
from peelian.delivery.models import Channel, Reason, State
from peelian.delivery.receipts import BadSignature, Meaning, Report, Unreadable

_FULL = Meaning(State.FAILED, Reason.FULL)
_BOUNCED = Meaning(State.FAILED, Reason.BOUNCED)
_BLOCKED = Meaning(State.FAILED, Reason.BLOCKED)
_UNANSWERED = Meaning(State.FAILED, Reason.UNANSWERED)

TABLE: dict[str, Meaning] = {
    # "Message status values"; before "sent" it is only on its way through Twilio
    "text sent": Meaning(State.HANDED_OVER),
    "text delivered": Meaning(State.DELIVERED),
    "text read": Meaning(State.DELIVERED),
    "text undelivered": Meaning(State.FAILED, Reason.REFUSED),
    "text failed": Meaning(State.FAILED, Reason.REFUSED),
    "text canceled": Meaning(State.FAILED, Reason.GAVE_UP),
    # "Call status values"
    "call completed": Meaning(State.DELIVERED),
    "call busy": _UNANSWERED,
    "call no-answer": _UNANSWERED,
    "call canceled": _UNANSWERED,
    "call failed": Meaning(State.FAILED, Reason.REFUSED),  # could not be connected: most likely no such number
    # "Error and warning dictionary", of texts that were undelivered or failed
    "30001": Meaning(State.FAILED, Reason.GAVE_UP),  # Twilio's queue overflowed
    "30002": Meaning(State.FAILED, Reason.GAVE_UP),  # our account was suspended
    "30003": _FULL,  # phone switched off or out of reach
    "30004": _BLOCKED,  # message blocked
    "30005": _BOUNCED,  # unknown number
    "30006": _BOUNCED,  # landline, or a network that cannot be reached
    "30007": _BLOCKED,  # filtered
    "21610": Meaning(State.FAILED, Reason.SUPPRESSED),  # has replied STOP
}


def read(request: HttpRequest, url: str, reference: str = "") -> list[Report]:
    form = _signed_form(request, carrier_urls.read(url).password)
    if "Body" in form:  # a text to our number
        _keep_text(form)
        return []
    try:
        send_id, address_id = references.read(reference)
    except BadToken:
        raise Unreadable from None
    if "Digits" in form:
        if form["Digits"] == twiml.KEY:
            stop_words.stop([address_id])
        return []
    if "MessageStatus" in form:
        word, code = f"text {form['MessageStatus']}", form.get("ErrorCode", "")
    elif "CallStatus" in form:
        word, code = f"call {form['CallStatus']}", form.get("SipResponseCode", "")
    else:
        raise Unreadable
    meaning = TABLE.get(word)
    if meaning is None:
        return []
    if meaning.state == State.FAILED and code in TABLE:
        meaning, word = TABLE[code], code
    return [Report(send_id, address_id, meaning.state, meaning.reason, word.partition(" ")[2] or word, _at(form))]


def _keep_text(form: QueryDict) -> None:
    """Keep what somebody texted to our number; STOP and START act at once. With `OptOutType` Twilio has answered the
    word itself ("Advanced opt-out")."""
    number, words = str(form.get("From", "")), str(form["Body"])
    told = {"carrier": "twilio", "id": str(form.get("MessageSid", "")), "from": number, "to": str(form.get("To", ""))}
    told |= {"words": words, "heard": stop_words.heard(number, words), "pictures": str(form.get("NumMedia", "0"))}
    store.keep_text(told | ({"answered": "yes"} if form.get("OptOutType") else {}))


def meaning(channel: int, told: dict[str, Any]) -> tuple[State, Reason, str] | None:
    """What an entry of the list of messages or calls says, with its word or code; None where it says nothing yet."""
    word = str(told.get("status"))
    if word in ("accepted", "scheduled", "queued", "sending", "initiated", "ringing", "in-progress"):
        return State.HANDED_OVER, Reason.NONE, word
    found = TABLE.get(f"{'call' if channel == Channel.VOICE else 'text'} {word}")
    code = str(told.get("error_code") or "")
    if found is not None and found.state == State.FAILED and code in TABLE:
        return *TABLE[code], code
    return None if found is None else (*found, word)


def answer(request: HttpRequest) -> HttpResponse:
    """What Twilio does next. Plain words would be read out in the call, or sent as a text."""
    said = twiml.farewell() if request.POST.get("Digits") == twiml.KEY else twiml.EMPTY
    return HttpResponse(said, content_type="text/xml; charset=utf-8")


def signature(address: str, form: QueryDict, token: str) -> str:
    """HMAC-SHA1 over the address and every field with its values, in order of the names."""
    fields = "".join(name + value for name in sorted(form) for value in sorted(set(form.getlist(name))))
    made = hmac.new(token.encode(), (address + fields).encode(), hashlib.sha1)
    return base64.b64encode(made.digest()).decode()


def _signed_form(request: HttpRequest, token: str) -> QueryDict:
    """The form, if it is signed. What was signed is our address as the world sees it, whatever proxy stands before."""
    address = f"{settings.PEELIAN_BASE_URL}{request.get_full_path()}"
    if not same(request.headers.get("X-Twilio-Signature", ""), signature(address, request.POST, token)):
        raise BadSignature
    return request.POST


def _at(form: QueryDict) -> datetime:
    try:
        return parsedate_to_datetime(str(form["Timestamp"]))  # of calls
    except (KeyError, ValueError):
        return clock.now()
