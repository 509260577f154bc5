"""Where carriers post emails that they took in for us. Nobody signs in here; each request is signed as its carrier
does.

An email is kept before it is answered for. What is signed and cannot be taken apart is kept too, for a person.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from peelian.core.limits import TooMany
from peelian.delivery.carriers import registry
from peelian.delivery.carriers.anymail.inbound import Came, NotWhole, plain
from peelian.delivery.incoming import store
from peelian.delivery.models import Channel
from peelian.delivery.receipts import BadSignature, Later, Unreadable
from peelian.delivery.views.webhooks import said

log = structlog.get_logger("peelian.delivery")
LARGEST = 36_000_000  # bytes of a request: Postmark takes in 35 MB, the others less
NOT_TAKEN_APART = "A carrier brought it in a form that could not be taken apart."


@csrf_exempt
def receive(request: HttpRequest, name: str) -> HttpResponse:
    """Emails by the carrier of that name: 200 once they are kept; a carrier that hears nothing posts them again."""
    found = _named(name)
    if not found:
        return said(404, "No carrier of that name that takes in emails is set up here.")
    if request.method == "HEAD":  # some ask like this whether the address is right
        return said(200, "")
    if request.method != "POST":
        return said(405, "Emails are posted here.")
    body = _body(request)
    if body is None:
        return said(413, "That is too much at once.")
    for url, module in found:
        try:
            _keep(module.read(plain(request, body), url))
        except BadSignature:
            continue
        except Unreadable:
            return said(400, "That is not what this carrier sends.")
        except NotWhole:
            log.warning("inbound email kept aside", carrier=name)
            store.keep_aside(NOT_TAKEN_APART, body[: store.LARGEST])
        except (Later, TooMany):
            return said(503, "Not now; please come again.")
        return said(200, "Taken.")
    log.warning("inbound email refused", carrier=name)
    return said(403, "That is not signed as this carrier signs.")


def _keep(emails: list[Came]) -> None:
    for came in emails:
        content = store.return_path(came.sender) + came.content
        ours = [address for address in came.recipients if store.mailbox_of(address)]
        if len(came.content) > store.LARGEST:
            store.keep_aside("It is too large.", content[: store.HEADER_KEPT])
        elif ours:
            store.keep(ours, content)
        else:
            store.keep([f"unknown@{settings.PEELIAN_MAIL_DOMAIN}"], content, problem="It names no address of ours.")


def _body(request: HttpRequest) -> bytes | None:
    given = request.META.get("CONTENT_LENGTH") or "0"
    if not given.isdecimal() or int(given) > LARGEST:
        return None
    try:
        body: bytes = request.read(LARGEST + 1)
    except (UnreadablePostError, OSError):
        return None
    return body if len(body) <= LARGEST else None


@lru_cache(maxsize=16)
def _named(name: str) -> tuple[tuple[str, Any], ...]:
    every = registry.configured(Channel.EMAIL)
    return tuple((one.url, _inbound_of(one.kind)) for one in every if one.name == name and _inbound_of(one.kind))


@lru_cache(maxsize=16)
def _inbound_of(kind: str) -> Any:
    try:
        return import_module(f"peelian.delivery.carriers.{kind}.inbound")
    except ModuleNotFoundError as problem:
        if problem.name != f"peelian.delivery.carriers.{kind}.inbound":
            raise
        return None
