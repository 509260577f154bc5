"""How a message is signed, as Standard Webhooks have it: HMAC-SHA256 over id, time and body; how keys are kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet
from django.conf import settings

PREFIX = "whsec_"


def new_secret() -> str:
    """24 random bytes, as the standard writes them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def signature(secret: str, uid: str, at: int, body: bytes) -> str:
    """The header webhook-signature: "v1," and the HMAC in base64. AT is the time of the try, in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.digest(key, f"{uid}.{at}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(signed).decode()}"


def sealed(secret: str) -> str:
    """For the database: whoever has a copy of it cannot sign."""
    return _box().encrypt(secret.encode()).decode()


def opened(kept: str) -> str:
    """Raises cryptography.fernet.InvalidToken when the installation's secret key is another."""
    return _box().decrypt(kept.encode()).decode()


def _box() -> Fernet:
    derived = hashlib.sha256(b"peelian.webhooks\x00" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(derived))
