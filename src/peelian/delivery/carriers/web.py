"""HTTP as carriers' clients use it: did the request leave us, or not?

A connection that cannot be opened has carried nothing, so another carrier may have the message. One that breaks after
the request went out leaves us not knowing. `requests` reports both as ConnectionError, so connections note it.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from peelian.delivery.carriers.base import Fate

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 15.0
TIMEOUT = (CONNECT_SECONDS, ANSWER_SECONDS)
# A connection that was idle for longer may have been closed by the other side just as our request arrives
IDLE_SECONDS = 4.0

_here = threading.local()


class _Noted:
    """Notes in its thread while a connection is being opened: until that is over, nothing can have been sent."""

    def connect(self) -> None:
        _here.opening = True
        super().connect()  # type: ignore[misc]
        _here.opening = False


class _Http(_Noted, HTTPConnection):
    pass


class _Https(_Noted, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Adapter(HTTPAdapter):
    """Connections that note, and none that was idle for long."""

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self._used_at = 0.0

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}

    def send(self, *args: Any, **named: Any) -> requests.Response:
        if time.monotonic() - self._used_at > IDLE_SECONDS:
            self.poolmanager.clear()
        _here.opening = False
        try:
            return super().send(*args, **named)
        finally:
            self._used_at = time.monotonic()


def prepare(session: requests.Session) -> requests.Session:
    """Make a session one of ours. It belongs to one thread."""
    for start in ("https://", "http://"):
        session.mount(start, _Adapter())
    session.auth = _as_it_is
    session.max_redirects = 0  # a message that was redirected would be sent twice
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No password from a .netrc of the machine takes the place of our key."""
    return request


def fate_of_failure() -> Fate:
    """What an exception in this thread's last request means for its message."""
    return Fate.UNREACHABLE if getattr(_here, "opening", False) else Fate.UNKNOWN


def sentence_of_failure(who: str) -> str:
    """The same for a check, as a sentence that quotes nothing."""
    return f"{who} cannot be reached." if fate_of_failure() is Fate.UNREACHABLE else f"{who} did not answer properly."
