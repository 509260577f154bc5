"""One thread's client of an email carrier: a django-anymail backend, made of our own URL and of no global setting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
import structlog
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused

from peelian.delivery import references
from peelian.delivery.carriers import web
from peelian.delivery.carriers.base import Fate, Message
from peelian.delivery.carriers.hands import Answer

log = structlog.get_logger("peelian.delivery")

# (content, recipient, our reference) → what the backend sends
Compose = Callable[[bytes, str, str], Any]
# The status and text of an answer that is no success → its fate
Judge = Callable[[int, str], Fate]


def usual(status: int, text: str) -> Fate:
    """What an HTTP status means where the carrier documents nothing else."""
    if status == 429:
        return Fate.LATER
    if status in (401, 402, 403, 404):
        return Fate.UNREACHABLE  # our key, bill or domain: the message may go by another carrier
    if status in (500, 503):
        return Fate.LATER
    return Fate.REFUSED if 400 <= status < 500 else Fate.UNKNOWN  # 502 and 504 come from something in between


class AnymailClient:
    """`give` over a backend that has `open`, `send_messages` and `close`; check is the carrier's own."""

    def __init__(self, backend: Any, compose: Compose, judge: Judge, check: Callable[[], str]) -> None:
        self._backend, self._compose, self._judge, self.check = backend, compose, judge, check
        self._backend.open()

    def give(self, send_id: int, message: Message) -> Answer:
        reference = references.make(send_id, message.key.address_id)
        try:
            composed = self._compose(message.content, message.recipient, reference)
            self._backend.send_messages([composed])
        except AnymailRecipientsRefused:
            return Answer(Fate.REFUSED)
        except AnymailAPIError as problem:
            return self._failed(problem)
        except AnymailError as problem:  # it could not be put into the carrier's form: another try is no better
            log.warning("message not composed", esp=self._backend.esp_name, error=type(problem).__name__)
            return Answer(Fate.REFUSED)
        except OSError:
            return Answer(web.fate_of_failure())
        response = composed.anymail_status.esp_response
        taken = not isinstance(response, requests.Response) or response.ok
        return Answer(Fate.TAKEN if taken else Fate.REFUSED)

    def _failed(self, problem: AnymailAPIError) -> Answer:
        response = problem.response
        if not isinstance(response, requests.Response):
            return Answer(web.fate_of_failure())
        status = response.status_code
        if 200 <= status < 300:
            return Answer(Fate.UNKNOWN)  # taken, it seems, in words that we cannot read
        return Answer(self._judge(status, response.text), rest=web.rest(status, response.headers))

    def close(self) -> None:
        self._backend.close()


def check(who: str, request: Callable[[requests.Session], requests.Response], fine: Callable[[int], bool]) -> str:
    """Ask something harmless. The sentence says what is wrong and quotes nothing."""
    with web.prepare(requests.Session()) as session:
        try:
            status = request(session).status_code
        except requests.RequestException:
            return web.sentence_of_failure(who)
    if fine(status):
        return ""
    if status in (401, 403):
        return f"{who} refuses our key."
    return f"{who} answers with status {status}."
