"""What django-anymail's backends over `requests` get from us: a session that knows whether anything was sent."""

from __future__ import annotations

from typing import Any

import requests

from peelian.delivery.carriers import web

# Every setting that could be read from a global ANYMAIL is given here
EXPLICIT: dict[str, Any] = {
    "ignore_unsupported_features": False,
    "ignore_recipient_status": False,
    "debug_api_requests": False,
    "send_defaults": {},
    "idna_encoder": "idna2008",
    "timeout": web.TIMEOUT,
}


class Prepared:
    """Mixed in before a backend."""

    def create_session(self) -> requests.Session:
        session: requests.Session = super().create_session()  # type: ignore[misc]
        return web.prepare(session)
