"""Texts and calls by Twilio. Source: its "Messages resource", "Calls resource" and "Error and warning dictionary". No
key makes a repeated request harmless there, so what is not known to have been refused is never sent again."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from django.conf import settings
from django.urls import reverse

from peelian.core import clock
from peelian.delivery import carrier_urls, references, tokens
from peelian.delivery.carrier_urls import CarrierUrl
from peelian.delivery.carriers import web
from peelian.delivery.carriers.base import Fate, Given, Message
from peelian.delivery.carriers.hands import Answer, Hands
from peelian.delivery.carriers.smtp.url import is_loopback
from peelian.delivery.carriers.twilio import receipts, twiml
from peelian.delivery.database import in_thread
from peelian.delivery.models import Channel
from peelian.delivery.receipts import Report
from peelian.delivery.voices import USUAL

API = "https://api.twilio.com"
RING_SECONDS = 45
# Around the moment at which we last wrote down a message of unknown fate: it was ordered before that, or just after
BEFORE, AFTER = timedelta(minutes=2), timedelta(seconds=30)

# "Error and warning dictionary": what a 400 says of the recipient, with the code that means the same for email
RECIPIENT: dict[int, Answer] = {
    21211: Answer(Fate.REFUSED, "5.1.3"),  # invalid To number
    21214: Answer(Fate.REFUSED, "5.1.1"),  # To number cannot be reached
    21217: Answer(Fate.REFUSED, "5.1.3"),  # the number does not appear to be valid
    21614: Answer(Fate.REFUSED, "5.1.1"),  # not a mobile number
    21610: Answer(Fate.REFUSED, stopped=True),  # has replied STOP
}
# … and of us, so that another carrier may have the message: From is none of ours, or cannot send texts, or not there;
# a callback address that Twilio does not take; the account is suspended or out of money
OURS = {20003, 20005, 21212, 21603, 21606, 21609, 21659, 21660, 30002, 30039, 63038}
BY_STATUS: dict[int, Fate] = {
    401: Fate.UNREACHABLE,
    403: Fate.UNREACHABLE,
    404: Fate.UNREACHABLE,  # of the account itself
    429: Fate.LATER,  # error 20429: not processed, safe to send again
    503: Fate.LATER,  # error 20503: service unavailable, not processed
}  # 500, 502 and 504 may come after the order was taken: nobody knows


class TwilioClient:
    def __init__(self, url: CarrierUrl, name: str, channel: int) -> None:
        self._url, self._name, self._channel = url, name, channel
        self._session = web.prepare(requests.Session())
        self._session.auth = (url.user, url.password)
        self._account = f"{url.api or API}/2010-04-01/Accounts/{quote(url.user)}"

    def give(self, send_id: int, message: Message) -> Answer:
        callback = self._callback(references.make(send_id, message.key.address_id))
        words = message.content.decode()
        order = {"To": message.recipient, "From": self._url.options["from"]}
        if self._channel == Channel.VOICE:
            where = f"{self._account}/Calls.json"
            spoken = twiml.call(words, keypad=callback, language=message.language or USUAL)
            order |= {"Twiml": spoken, "Timeout": str(RING_SECONDS)}
        else:
            where = f"{self._account}/Messages.json"
            order["Body"] = words
        if callback:
            order["StatusCallback"] = callback
        try:
            answer = self._session.post(where, data=order, timeout=web.TIMEOUT)
            return _answer(answer)._replace(rest=web.rest(answer.status_code, answer.headers))
        except OSError:
            return Answer(web.fate_of_failure())

    def check(self) -> str:
        try:
            answer = self._session.get(f"{self._account}.json", timeout=web.TIMEOUT)
            if answer.status_code in (401, 403, 404):
                return "Twilio refuses our key."
            if answer.status_code != 200:
                return f"Twilio answers with status {answer.status_code}."
            status = answer.json().get("status")
        except (OSError, AttributeError):
            return web.sentence_of_failure("Twilio")
        return "" if status == "active" else "Our account with Twilio is not active."

    def find(self, send_id: int, address_id: int, recipient: str, since: datetime, alone: bool) -> Report:
        """What Twilio has of one of our texts or calls to RECIPIENT at about that time ("Read multiple Message
        resources", "… Call resources"). Raises requests.RequestException.

        It cannot be asked for a reference of ours. A text is known by the token in its words; a call, or a text without
        a token, only by recipient and time, where it stands ALONE: no other of ours went there at about that time, so
        that no record counts for two. Somebody may still have used our number by hand in these minutes. None that fits,
        or more than one, says nothing: LookupError."""
        kind, begun = ("calls", "StartTime") if self._channel == Channel.VOICE else ("messages", "DateSent")
        first = since - BEFORE
        wanted = {"To": recipient, "From": self._url.options["from"], f"{begun}>": first.strftime("%Y-%m-%d")}
        answer = self._session.get(f"{self._account}/{kind.title()}.json", params=wanted, timeout=web.TIMEOUT)
        answer.raise_for_status()
        found = [one for one in answer.json()[kind] if first <= _created(one) <= since + AFTER]
        token = tokens.make(send_id, address_id)
        by_token = [one for one in found if token in str(one.get("body"))]
        if by_token or not alone:
            found = by_token
        if len(found) != 1:
            raise LookupError("Twilio has none of it, or several.")
        meaning = receipts.meaning(self._channel, found[0])
        if meaning is None:
            raise LookupError("Twilio has it, in a state that we do not know.")
        return Report(send_id, address_id, *meaning, clock.now())

    def close(self) -> None:
        self._session.close()

    def _callback(self, reference: str) -> str:
        """Where Twilio tells us what became of one message; empty on a machine that it could not reach."""
        base = settings.PEELIAN_BASE_URL
        if is_loopback(urlsplit(base).hostname or "") and not self._url.api:
            return ""
        return f"{base}{reverse('delivery:webhook_of_one', args=[self._name, reference])}"


class Twilio(Hands):
    def __init__(self, given: Given) -> None:
        self._make = partial(TwilioClient, carrier_urls.read(given.url), given.name, given.channel)
        super().__init__(given.name, given.lane, self._make)

    async def find(self, send_id: int, address_id: int, recipient: str, since: datetime, alone: bool) -> Report | None:
        """For messages of which we do not know whether they were taken: a report as its callback would bring it. Raises
        LookupError where Twilio cannot say; it never says for certain that it had none."""

        def ask() -> Report:
            client = self._make()
            try:
                return client.find(send_id, address_id, recipient, since, alone)
            except (requests.RequestException, KeyError, TypeError, ValueError):
                raise LookupError("Twilio cannot say now.") from None
            finally:
                client.close()

        return await in_thread(ask)


def make(given: Given) -> Twilio:
    return Twilio(given)


def _created(told: dict[str, Any]) -> datetime:
    return parsedate_to_datetime(str(told["date_created"]))


def _answer(answer: requests.Response) -> Answer:
    try:
        told: Any = answer.json()
    except requests.JSONDecodeError:
        told = None
    told = told if isinstance(told, dict) else {}
    if answer.ok:
        if not told.get("sid"):
            return Answer(Fate.UNKNOWN)  # taken, it seems, in words that we cannot read
        return Answer(Fate.REFUSED if told.get("status") in ("failed", "undelivered", "canceled") else Fate.TAKEN)
    code = told.get("code")
    if code in RECIPIENT:
        return RECIPIENT[code]
    if code in OURS:
        return Answer(Fate.UNREACHABLE)
    usual = Fate.REFUSED if 400 <= answer.status_code < 500 else Fate.UNKNOWN
    return Answer(BY_STATUS.get(answer.status_code, usual))
