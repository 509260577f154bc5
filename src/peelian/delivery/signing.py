"""HMAC-SHA256 (RFC 2104) keyed once: a message has two signatures, and keying anew costs three times the signing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

_BLOCK = 64  # bytes that SHA-256 takes at a time


def keyed(key: bytes) -> Callable[[bytes], bytes]:
    """A function of a message that gives its HMAC-SHA256 by KEY, of 64 bytes at most: hmac.digest, sooner."""
    if len(key) > _BLOCK:
        raise ValueError("the key is longer than a block")
    padded = key.ljust(_BLOCK, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ mask for byte in padded)) for mask in (0x36, 0x5C))

    def sign(message: bytes) -> bytes:
        first, second = inner.copy(), outer.copy()
        first.update(message)
        second.update(first.digest())
        return second.digest()

    return sign
