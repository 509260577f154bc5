"""What keeps an anonymous answer from being tied to a person: keyed marks and sealed boxes.

A mark is an HMAC-SHA256 under a key derived from the secret key: whoever holds the list of the invited, the whole
database and every log, and not the secret key, cannot make one. A box is AES-256-GCM with its own random nonce, bound
to its survey. What goes into a box is filled up to 1 KB or a doubling of it, so that its length does not tell how much
somebody wrote.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12  # bytes
TOGETHER = 10  # answers that leave the box at once, and that a day needs to be kept
SMALLEST = 1_024  # bytes of a box


class CannotOpen(Exception):
    """Sealed under another secret key, or changed."""


def mark(use: str, survey_id: int, identity: bytes) -> str:
    """128 bits in hex that say "this one again" for one use, and nothing else."""
    return marker(use, survey_id)(identity)


def marker(use: str, survey_id: int) -> Callable[[bytes], str]:
    """Makes marks for one use in one survey."""
    key, lead = _key(use), b"%d:" % survey_id
    return lambda identity: hmac.digest(key, lead + identity, "sha256").hex()[:32]


def seal(content: Any, survey_id: int, identity: bytes = b"") -> bytes:
    """CONTENT (JSON) in a box; with an IDENTITY, one that only the same identity opens."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_box_key(identity)).encrypt(nonce, _filled(content), b"%d" % survey_id)


def unseal(box: bytes | memoryview, survey_id: int, identity: bytes = b"") -> Any:
    """What is in a box. Raises CannotOpen."""
    box = bytes(box)
    for secret in _secrets():
        try:
            opened = AESGCM(_box_key(identity, secret)).decrypt(box[:NONCE], box[NONCE:], b"%d" % survey_id)
        except InvalidTag:
            continue
        length = int.from_bytes(opened[:4], "big")
        return json.loads(zlib.decompress(opened[4 : 4 + length]))
    raise CannotOpen


def _filled(content: Any) -> bytes:
    body = zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
    size = SMALLEST
    while size < len(body) + 4:
        size *= 2
    return (len(body).to_bytes(4, "big") + body).ljust(size, b"\0")


def _box_key(identity: bytes, secret: str = "") -> bytes:
    return hmac.digest(_key("box", secret), identity, "sha256")


def _key(use: str, secret: str = "") -> bytes:
    return hashlib.sha256(b"peelian.surveys." + use.encode() + b":" + (secret or settings.SECRET_KEY).encode()).digest()


def _secrets() -> Iterator[str]:
    """The key in use, then those it replaced."""
    yield settings.SECRET_KEY
    yield from map(str, settings.SECRET_KEY_FALLBACKS)
