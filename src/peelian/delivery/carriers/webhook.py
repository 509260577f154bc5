"""What the readers of webhooks share, whoever asks."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from typing import Any

from django.http import HttpRequest

from peelian.delivery.receipts import Unreadable


def same(given: str, secret: str) -> bool:
    """Whether a secret was given, in constant time; where none is set, nothing is."""
    return bool(secret) and hmac.compare_digest(given.encode(), secret.encode())


def body(request: HttpRequest) -> Any:
    try:
        return json.loads(request.body)
    except ValueError:
        raise Unreadable from None


def password(request: HttpRequest) -> str:
    """Of basic authentication; "user:password" where the secret was given as both."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
