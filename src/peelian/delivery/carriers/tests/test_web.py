"""What a broken request means, by what the wire was like when it broke; and how long a carrier is left alone."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from peelian.core import clock
from peelian.delivery.carriers import web
from peelian.delivery.carriers.base import Fate
from peelian.delivery.carriers.tests import faking


@pytest.fixture
def fake():
    with faking.served(lambda asked: faking.Reply(200, "{}")) as one:
        yield one


@pytest.fixture
def session():
    with web.prepare(requests.Session()) as one:
        yield one


def broken(session, address: str) -> Fate:
    with pytest.raises(requests.RequestException):
        session.post(address, data={"a": "b"}, timeout=(0.5, 0.5))
    return web.fate_of_failure()


def test_a_connection_is_kept_while_it_is_in_use_and_not_after(fake, session, monkeypatch):
    for _ in range(3):
        session.post(fake.api, timeout=5)
    assert fake.connections == 1
    monkeypatch.setattr(web, "IDLE_SECONDS", -1.0)
    session.post(fake.api, timeout=5)
    assert fake.connections == 2


def test_nothing_was_sent_where_no_connection_was_opened(fake, session, unused_tcp_port):
    assert broken(session, f"http://127.0.0.1:{unused_tcp_port}/") is Fate.UNREACHABLE
    assert broken(session, fake.api.replace("http:", "https:")) is Fate.UNREACHABLE  # no TLS there
    assert broken(session, "https://nowhere.invalid/") is Fate.UNREACHABLE
    assert fake.orders == []


def test_a_proxy_is_on_the_way_and_no_more(fake, session, unused_tcp_port):
    """Forces often stand behind one. What is said to it before our request is none of the message."""
    session.proxies = dict.fromkeys(("http", "https"), f"http://127.0.0.1:{unused_tcp_port}")
    assert broken(session, "http://carrier.example/") is Fate.UNREACHABLE
    assert broken(session, "https://carrier.example/") is Fate.UNREACHABLE
    session.proxies = dict.fromkeys(("http", "https"), fake.api)
    assert broken(session, "https://carrier.example/") is Fate.UNREACHABLE  # it does not know CONNECT
    assert fake.orders == []
    fake.instead.append(faking.DROPPED)
    assert broken(session, "http://carrier.example/") is Fate.UNKNOWN
    assert len(fake.orders) == 1


def test_what_fails_before_a_connection_is_tried_has_sent_nothing(fake, session, monkeypatch):
    session.post(fake.api, timeout=5)
    with pytest.raises(OSError, match="CA certificate"):
        session.post(fake.api.replace("http:", "https:"), timeout=5, verify="/nowhere")
    assert web.fate_of_failure() is Fate.UNREACHABLE


def test_how_long_a_carrier_wants_to_be_left_alone(monkeypatch):
    now = datetime(2026, 11, 20, 10, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)

    def rest(said: str, status: int = 429) -> float:
        return web.rest(status, {"retry-after": said})

    assert (rest("2"), rest("90", 503), rest("90", 500), rest("999999")) == (2, 90, 0, 3600)
    assert rest(format_datetime(now + timedelta(seconds=45), usegmt=True)) == 45
    assert rest(format_datetime(now - timedelta(seconds=45), usegmt=True)) == 0
    assert rest(format_datetime(now + timedelta(days=2))) == 3600
    assert rest("Fri, 20 Nov 2026 10:00:30 -0000") == 30
    for nothing in ("", "soon", "-5", "²", "1.5"):
        assert rest(nothing) == 0
    assert web.rest(429, {}) == 0


def test_after_that_nobody_knows(fake, session):
    for reply in (faking.DROPPED, faking.SLOW):
        session.post(fake.api, timeout=5)  # the connection is there
        fake.instead.append(reply)
        assert broken(session, fake.api) is Fate.UNKNOWN
    assert len(fake.orders) == 4  # none was sent again by itself


def test_no_password_of_the_machine_takes_the_place_of_our_key(fake, session, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    session.post(fake.api, headers={"Authorization": "Bearer ours"}, timeout=5)
    assert fake.orders[0].headers["authorization"] == "Bearer ours"
