"""A connection that has just answered is not asked whether it stands; one that has not is."""

import time

import pytest
from django.db import connection

from peelian.core.engine import base


class Clock:
    """It stands until it is moved."""

    def __init__(self) -> None:
        self.now = time.monotonic()

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr(base, "time", standing)
    return standing


@pytest.fixture
def begin(django_db_blocker, monkeypatch):
    """Begin a request, ask the database something, and say whether the connection was looked at first."""
    looked = []
    is_usable = connection.is_usable
    monkeypatch.setattr(connection, "is_usable", lambda: looked.append(1) or is_usable())

    def ask():
        looked.clear()
        connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return bool(looked)

    with django_db_blocker.unblock():
        connection.close()
        yield ask
        connection.close()


def test_only_a_connection_that_rested_is_asked(begin, clock):
    assert begin() is False  # a new one
    assert begin() is False  # used a moment ago
    clock.now += 2 * base.A_MOMENT
    assert begin() is True
    assert begin() is False


def test_one_that_was_ended_while_it_rested_is_made_anew(begin, clock):
    begin()
    before = connection.connection
    before.close()
    clock.now += 2 * base.A_MOMENT
    assert begin() is True
    assert connection.connection is not before
