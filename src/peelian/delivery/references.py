"""A delivery's name for the world outside: carriers give it back with their receipts, and it is the local part of the
address that bounces come to. 24 letters and figures, lower case, because mail servers may change the case.

Five bytes for each id, five bytes (40 bits) of an HMAC-SHA256 over both: whoever cannot sign can report on nobody. It
opens nothing: links carry tokens (delivery.tokens), which are keyed apart."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings

from peelian.delivery import signing
from peelian.delivery.errors import BadToken

LENGTH = 24  # characters
LARGEST_ID = (1 << 40) - 1
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648 section 6, in lower case
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)  # ten bits each
_SHAPE = re.compile(r"[a-z2-7]{24}", re.ASCII)


def make(send_id: int, address_id: int) -> str:
    """The reference of one delivery. Raises ValueError for an id beyond 40 bits."""
    return maker(send_id)(address_id)


def maker(send_id: int) -> Callable[[int], str]:
    """Makes the references of one send, address by address: about three microseconds each.

    Five bytes are eight letters of base32 with nothing over: the send's are the same for all."""
    if not 0 <= send_id <= LARGEST_ID:
        raise ValueError("no such delivery")
    send, prefix, sign, two = _letters(send_id), send_id << 40, _signer(settings.SECRET_KEY), _PAIRS

    def reference(address_id: int) -> str:
        if not 0 <= address_id <= LARGEST_ID:
            raise ValueError("no such delivery")
        n = address_id << 40 | int.from_bytes(sign((prefix | address_id).to_bytes(10, "big"))[:5], "big")
        own = f"{two[n >> 70]}{two[n >> 60 & 1023]}{two[n >> 50 & 1023]}{two[n >> 40 & 1023]}"
        return f"{send}{own}{two[n >> 30 & 1023]}{two[n >> 20 & 1023]}{two[n >> 10 & 1023]}{two[n & 1023]}"

    return reference


def return_paths(send_id: int) -> Callable[[int], str]:
    """Makes the envelope senders of a send's deliveries: what cannot be delivered comes back to them
    (delivery.incoming)."""
    reference, end = maker(send_id), f"@{settings.PEELIAN_MAIL_DOMAIN}"
    return lambda address_id: f"b-{reference(address_id)}{end}"


def return_path(send_id: int, address_id: int) -> str:
    """The envelope sender of one delivery."""
    return return_paths(send_id)(address_id)


def read(reference: str) -> tuple[int, int]:
    """(send id, address id); raises BadToken for anything but a reference of ours, whatever its case."""
    text = reference.lower()
    if not _SHAPE.fullmatch(text):
        raise BadToken
    data = base64.b32decode(text.upper())
    ids, given = data[:10], data[10:]
    if not hmac.compare_digest(given, _signer(settings.SECRET_KEY)(ids)[:5]):
        raise BadToken
    both = int.from_bytes(ids, "big")
    return both >> 40, both & LARGEST_ID


def _letters(five_bytes: int) -> str:
    return "".join(_PAIRS[five_bytes >> shift & 1023] for shift in (30, 20, 10, 0))


@lru_cache(maxsize=2)
def _signer(key: str) -> Callable[[bytes], bytes]:
    return signing.keyed(hashlib.sha256(b"peelian.delivery.references" + key.encode()).digest())
