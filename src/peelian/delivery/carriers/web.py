"""HTTP as carriers' clients use it: did any of the request leave us, and when may we come again?

Where nothing of a request was written, another carrier may have the message. One that broke after that leaves us not
knowing. `requests` reports both as ConnectionError, so connections note it, behind an HTTP proxy too.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from peelian.core import clock
from peelian.delivery.carriers.base import Fate

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 15.0
TIMEOUT = (CONNECT_SECONDS, ANSWER_SECONDS)
# A connection that was idle for longer may have been closed by the other side just as our request arrives
IDLE_SECONDS = 4.0
LONGEST_REST = 3600.0  # seconds that a carrier may have us wait; its Retry-After could be a mistake

_here = threading.local()


class _Noted:
    """Notes in its thread that something of the request is being written. What opens a connection is none of it: a
    name that is looked up, TLS, a proxy that is asked to connect us."""

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        finally:
            _here.written = False

    def send(self, data: Any) -> None:
        if getattr(self, "sock", None) is None:
            self.connect()
        _here.written = True
        super().send(data)  # type: ignore[misc]


class _Http(_Noted, HTTPConnection):
    pass


class _Https(_Noted, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


_POOLS = {"http": _HttpPool, "https": _HttpsPool}


class _Adapter(HTTPAdapter):
    """Connections that note, and none that was idle for long."""

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self._used_at = 0.0

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        """Of an HTTP proxy: without PySocks, which we do not install, `requests` refuses any other."""
        manager = super().proxy_manager_for(proxy, **named)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(self, *args: Any, **named: Any) -> requests.Response:
        if time.monotonic() - self._used_at > IDLE_SECONDS:
            for manager in (self.poolmanager, *self.proxy_manager.values()):
                manager.clear()
        _here.written = False
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
    """What an OSError of this thread's last request (RequestException is one) means for its message."""
    return Fate.UNKNOWN if getattr(_here, "written", True) else Fate.UNREACHABLE


def sentence_of_failure(who: str) -> str:
    """The same for a check, as a sentence that quotes nothing."""
    return f"{who} cannot be reached." if fate_of_failure() is Fate.UNREACHABLE else f"{who} did not answer properly."


def rest(status: int, headers: Mapping[str, str]) -> float:
    """For how many seconds an answer 429 or 503 wants to see nothing more of us: its Retry-After, in seconds or as a
    date (RFC 9110 10.2.3), an hour at most. 0 where it says nothing. HEADERS by names in small letters, or in any."""
    said = headers.get("retry-after", "").strip() if status in (429, 503) else ""
    if said.isascii() and said.isdigit():
        return min(float(said), LONGEST_REST)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return 0.0
    until = until.replace(tzinfo=until.tzinfo or UTC)  # it gives "-0000" none
    return min(max((until - clock.now()).total_seconds(), 0.0), LONGEST_REST)
