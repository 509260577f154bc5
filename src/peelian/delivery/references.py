"""A delivery's name for the world outside: carriers give it back with their receipts, and it is the local part of the
address that bounces come to. 24 letters and figures, lower case, because mail servers may change the case.

Five bytes for each id, five bytes (40 bits) of an HMAC-SHA256 over both: whoever cannot sign can report on nobody. It
opens nothing: links carry tokens (delivery.tokens), which are keyed apart."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import lru_cache

from django.conf import settings

from peelian.delivery.errors import BadToken

LENGTH = 24  # characters
LARGEST_ID = (1 << 40) - 1
_SHAPE = re.compile(r"[a-z2-7]{24}", re.ASCII)


def make(send_id: int, address_id: int) -> str:
    """The reference of one delivery. Raises ValueError for an id beyond 40 bits."""
    if not (0 <= send_id <= LARGEST_ID and 0 <= address_id <= LARGEST_ID):
        raise ValueError("no such delivery")
    ids = (send_id << 40 | address_id).to_bytes(10, "big")
    return base64.b32encode(ids + _signature(ids)).decode().lower()


def return_path(send_id: int, address_id: int) -> str:
    """The envelope sender of one delivery: what cannot be delivered comes back to it (delivery.incoming)."""
    return f"b-{make(send_id, address_id)}@{settings.PEELIAN_MAIL_DOMAIN}"


def read(reference: str) -> tuple[int, int]:
    """(send id, address id); raises BadToken for anything but a reference of ours, whatever its case."""
    text = reference.lower()
    if not _SHAPE.fullmatch(text):
        raise BadToken
    data = base64.b32decode(text.upper())
    ids, given = data[:10], data[10:]
    if not hmac.compare_digest(given, _signature(ids)):
        raise BadToken
    both = int.from_bytes(ids, "big")
    return both >> 40, both & LARGEST_ID


def _signature(ids: bytes) -> bytes:
    signer = _signer(settings.SECRET_KEY).copy()
    signer.update(ids)
    return signer.digest()[:5]


@lru_cache(maxsize=2)
def _signer(key: str) -> hmac.HMAC:
    derived = hashlib.sha256(b"peelian.delivery.references" + key.encode()).digest()
    return hmac.new(derived, digestmod=hashlib.sha256)
