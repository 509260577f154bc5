"""The token in each recipient's links: which send, which address, and a signature. 38 characters, safe in a URL."""

import base64
import hashlib
import hmac
import struct
from functools import lru_cache

from django.conf import settings

from peelian.delivery.errors import BadToken

_IDS = struct.Struct(">QQ")
_SIGNATURE_BYTES = 12
LENGTH = 38  # characters for 28 bytes, without padding


@lru_cache(maxsize=2)
def _signer(key: str) -> "hmac.HMAC":
    derived = hashlib.sha256(b"peelian.delivery.tokens" + key.encode()).digest()
    return hmac.new(derived, digestmod=hashlib.sha256)


def make(send_id: int, address_id: int) -> str:
    """The token of one delivery."""
    ids = _IDS.pack(send_id, address_id)
    return base64.urlsafe_b64encode(ids + _sign(ids)).rstrip(b"=").decode()


def message_id(token: str) -> str:
    """The Message-ID of one delivery, always the same. It follows from the token and does not give it away: servers log
    Message-IDs and answers quote them."""
    return f"<{hashlib.sha256(token.encode()).hexdigest()[:32]}@{settings.PEELIAN_MAIL_DOMAIN}>"


def read(token: str) -> tuple[int, int]:
    """(send id, address id); raises BadToken for anything but a token of ours."""
    try:
        data = base64.b64decode(token + "==", altchars=b"-_", validate=True) if len(token) == LENGTH else b""
    except ValueError:
        data = b""
    ids, signature = data[: _IDS.size], data[_IDS.size :]
    if not data or not hmac.compare_digest(signature, _sign(ids)):
        raise BadToken
    send_id, address_id = _IDS.unpack(ids)
    return send_id, address_id


def _sign(ids: bytes) -> bytes:
    signer = _signer(settings.SECRET_KEY).copy()
    signer.update(ids)
    return signer.digest()[:_SIGNATURE_BYTES]
