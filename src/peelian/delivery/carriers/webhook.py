"""What the readers of webhooks share, whoever asks."""

from __future__ import annotations

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
