"""Where carriers tell us what became of a message. Nobody signs in here; each request is signed as its carrier does."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from peelian.delivery import receipts
from peelian.delivery.carriers import registry
from peelian.delivery.models import Channel
from peelian.delivery.receipts import BadSignature, Unreadable

log = structlog.get_logger("peelian.delivery")


@csrf_exempt
def receive(request: HttpRequest, name: str, reference: str = "") -> HttpResponse:
    """Receipts of the carrier of that name: 200 once they are kept; a carrier that hears nothing tells us again."""
    found = _named(name)
    if not found:
        return said(404, "No carrier of that name is set up here.")
    if request.method != "POST":
        return said(405, "Receipts are posted here.")
    if _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return said(413, "That is too much at once.")
    for one in found:
        try:
            reports = one[1].read(request, one[0].url, reference)
        except BadSignature:
            continue
        except Unreadable:
            return said(400, "That is not what this carrier sends.")
        # Of one account that carries texts and calls, the ledger knows which of the two a message went by
        receipts.apply(reports, carrier=_row_id(name, one[0].channel) if len(found) == 1 else None)
        answer = getattr(one[1], "answer", None)  # of carriers that act upon what they hear
        return answer(request) if answer else said(200, "Taken.")
    log.warning("receipt refused", carrier=name)
    return said(403, "That is not signed as this carrier signs.")


@lru_cache(maxsize=16)
def _named(name: str) -> tuple[tuple[Any, Any], ...]:
    """The configured carriers of a name, each with its kind's module; the environment is read once for a process."""
    every = (one for channel in Channel for one in registry.configured(channel))
    return tuple((one, _receipts_of(one.kind)) for one in every if one.name == name and _receipts_of(one.kind))


@lru_cache(maxsize=16)
def _receipts_of(kind: str) -> Any:
    try:
        return import_module(f"peelian.delivery.carriers.{kind}.receipts")
    except ModuleNotFoundError as problem:
        if problem.name != f"peelian.delivery.carriers.{kind}.receipts":
            raise
        return None  # a carrier that tells us all it knows when it takes a message


@lru_cache(maxsize=32)
def _row_id(name: str, channel: int) -> int | None:
    return registry.row_ids().get((name, channel))


def _length(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isdecimal() else 0


def said(status: int, sentence: str) -> HttpResponse:
    """A plain answer for a program."""
    body = f"{sentence}\n".encode()
    length = {"Content-Length": str(len(body))}  # no middleware adds it, and without it each answer ends a connection
    return HttpResponse(body, content_type="text/plain; charset=utf-8", status=status, headers=length)
