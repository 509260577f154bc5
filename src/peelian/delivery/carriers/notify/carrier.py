"""Texts by GOV.UK Notify, with its own client. What answers mean stands in its REST API documentation: "General
errors", and the errors of "Send a text message". It asks to go by status codes and error types, never by the words."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial
from typing import Any

import requests
from notifications_python_client.errors import APIError, HTTPError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient

from peelian.delivery import carrier_urls, references
from peelian.delivery.carrier_urls import CarrierUrl
from peelian.delivery.carriers import web
from peelian.delivery.carriers.base import Fate, Given, Message
from peelian.delivery.carriers.hands import Answer, Hands
from peelian.delivery.carriers.notify import receipts
from peelian.delivery.database import in_thread
from peelian.delivery.receipts import Report

BRITISH = "+44"
PLACEHOLDER = "message"  # the template's text is ((message)) and nothing else
logging.getLogger("notifications_python_client").setLevel(logging.ERROR)  # a warning for each answer that is no success

FATES: dict[tuple[int, str], Fate] = {
    (400, "ValidationError"): Fate.REFUSED,  # the number is none, or not British
    # Trial mode, a team-only key, a template that is not there: only words tell them apart. It goes again, by another
    # carrier if there is one, and ends as given up
    (400, "BadRequestError"): Fate.LATER,
    (429, "RateLimitError"): Fate.LATER,
    (429, "TooManyRequestsError"): Fate.LATER,  # the day's limit
}
BY_STATUS: dict[int, Fate] = {
    400: Fate.REFUSED,
    401: Fate.UNREACHABLE,
    403: Fate.UNREACHABLE,  # our key or our clock
    404: Fate.UNREACHABLE,
    413: Fate.REFUSED,
    429: Fate.LATER,
    500: Fate.LATER,  # "Notify was unable to process the request, resend your notification"
    503: Fate.LATER,  # the client's own errors.py: failed requests that should be retried
}  # anything else, 502 and 504 above all: somebody in between answered, and nobody knows


class NotifyClient:
    def __init__(self, url: CarrierUrl) -> None:
        where = {"base_url": url.api} if url.api else {}
        library: Any = NotificationsAPIClient
        self._client = library(url.user, timeout=web.TIMEOUT, **where)
        web.prepare(self._client.request_session)
        self._template = url.options["template"]

    def give(self, send_id: int, message: Message) -> Answer:
        try:
            self._client.send_sms_notification(
                phone_number=message.recipient,
                template_id=self._template,
                personalisation={PLACEHOLDER: message.content.decode()},
                reference=references.make(send_id, message.key.address_id),
            )
        except APIError as problem:
            fate, response = fate_of(problem), problem.response
            if fate is Fate.LATER and _is_abroad(problem, message.recipient):
                fate = Fate.DEFERRED
            return Answer(fate, rest=0.0 if response is None else web.rest(response.status_code, response.headers))
        except OSError:
            return Answer(web.fate_of_failure())
        return Answer(Fate.TAKEN)

    def check(self) -> str:
        """Whether our key is good and our template is one for texts that holds the message."""
        try:
            template = self._client.get_template(self._template)
        except APIError as problem:
            status = _status(problem)
            if not status:
                return web.sentence_of_failure("GOV.UK Notify")
            known = {401: "refuses our key", 403: "refuses our key", 404: "does not know our template"}
            return f"GOV.UK Notify {known.get(status, f'answers with status {status}')}."
        if template.get("type") != "sms" or f"(({PLACEHOLDER}))" not in template.get("body", ""):
            return f"The template in GOV.UK Notify is not a text message that holds (({PLACEHOLDER}))."
        return ""

    def find(self, send_id: int, address_id: int) -> Report | None:
        """What Notify says of one of our messages; None where it has never heard of it. Raises APIError."""
        reference = references.make(send_id, address_id)
        for told in self._client.get_all_notifications(reference=reference)["notifications"]:
            if (found := receipts.report(told)) is not None:
                return found
        return None

    def close(self) -> None:
        self._client.request_session.close()


class Notify(Hands):
    def __init__(self, given: Given) -> None:
        self._make = partial(NotifyClient, carrier_urls.read(given.url))
        super().__init__(given.name, given.lane, self._make)

    async def find(self, send_id: int, address_id: int, recipient: str, since: datetime, alone: bool) -> Report | None:
        """For messages of which we do not know whether they were taken: a report as its callback would bring it, None
        where it was never taken. Our reference is enough to know. Raises LookupError where Notify cannot say now."""

        def ask() -> Report | None:
            client = self._make()
            try:
                return client.find(send_id, address_id)
            except (APIError, KeyError, TypeError):
                raise LookupError("GOV.UK Notify cannot say now.") from None
            finally:
                client.close()

        return await in_thread(ask)


def make(given: Given) -> Notify:
    return Notify(given)


def fate_of(problem: APIError) -> Fate:
    if isinstance(problem, InvalidResponse):
        return Fate.UNKNOWN  # taken, it seems, in words that we cannot read
    status = _status(problem)
    if not status:
        return web.fate_of_failure()
    assert problem.response is not None
    return FATES.get((status, _error_type(problem.response))) or BY_STATUS.get(status, Fate.UNKNOWN)


def _is_abroad(problem: APIError, recipient: str) -> bool:
    """Whether a BadRequestError may be about a number abroad: services have to ask to send there."""
    return _status(problem) == 400 and not recipient.startswith(BRITISH)


def _status(problem: APIError) -> int:
    """Of the answer; 0 where there was none, for which the client itself would say 503."""
    if isinstance(problem, HTTPError) and problem.response is not None:
        return int(problem.response.status_code)
    return 0


def _error_type(response: requests.Response) -> str:
    try:
        return str(response.json()["errors"][0]["error"])
    except (ValueError, KeyError, IndexError, TypeError):
        return ""
