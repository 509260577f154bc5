"""What a broken request means, by what the wire was like when it broke."""

import pytest
import requests

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
