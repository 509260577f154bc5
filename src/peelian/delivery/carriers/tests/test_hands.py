"""Blocking clients in threads: every message gets its fate once, whatever ends the hand-over."""

import asyncio
import threading
import time
from types import SimpleNamespace

import pytest

from peelian.core.testing.patience import BUSY
from peelian.delivery.carriers.base import Fate, Key, Message
from peelian.delivery.carriers.hands import SIZES, Answer, Hands
from peelian.delivery.models import Lane


class Client:
    """A carrier of our own that takes a while. `bad` messages break it."""

    def __init__(self, seconds: float = 0.0, together: int = 1) -> None:
        self.seconds, self.given, self.closed = seconds, [], 0
        self.all_there = threading.Barrier(together, timeout=10 * BUSY)
        self.threads: set[int] = set()
        self.most = self.now = 0
        self.lock = threading.Lock()

    def give(self, send_id, message):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            is_first = threading.get_ident() not in self.threads
            self.threads.add(threading.get_ident())
        if is_first:
            self.all_there.wait()
        time.sleep(self.seconds)
        with self.lock:
            self.now -= 1
            self.given.append(message.key.address_id)
        if message.content == b"bad":
            raise RuntimeError(message.recipient)
        return Answer(Fate.TAKEN)

    def check(self):
        return ""

    def close(self):
        self.closed += 1


def messages(count, start=0):
    return [Message(Key(number, 0), f"+4477009{number:05}", b"words") for number in range(start, start + count)]


async def work(hands, source, told, wanted=lambda: True):
    await hands.hand_over(7, source, wanted=wanted, done=lambda key, fate, code="": told.append((key[0], fate)))


async def of(*chunks):
    for chunk in chunks:
        yield chunk


def test_a_few_at_a_time_and_each_once():
    client, told = Client(0.01, together=SIZES[Lane.ROUTINE]), []

    async def go():
        hands = Hands("test", Lane.ROUTINE, lambda: client)
        await asyncio.gather(work(hands, of(messages(60)), told), work(hands, of(messages(60, 60)), told))
        await hands.close()

    asyncio.run(go())
    assert sorted(told) == [(number, Fate.TAKEN) for number in range(120)]
    assert client.most == len(client.threads) == SIZES[Lane.ROUTINE]


def test_what_breaks_is_unknown_and_says_nothing_of_whom(capsys):
    client, told = Client(), []

    async def go():
        hands = Hands("test", Lane.URGENT, lambda: client)
        await work(hands, of([Message(Key(1, 0), "+447700900123", b"bad"), *messages(1, 2)]), told)
        await hands.close()

    asyncio.run(go())
    assert sorted(told) == [(1, Fate.UNKNOWN), (2, Fate.TAKEN)]
    out = capsys.readouterr()
    assert "447700900123" not in out.out + out.err


def test_recalled_ones_are_held():
    client, told = Client(0.01), []

    async def go():
        hands = Hands("test", Lane.TRANSACTIONAL, lambda: client)
        await work(hands, of(messages(20)), told, wanted=lambda: len(client.given) < 4)
        await hands.close()

    asyncio.run(go())
    assert len(told) == 20
    assert sum(fate is Fate.TAKEN for _, fate in told) == len(client.given) <= 6


def test_a_source_that_fails_is_heard_of_after_the_answers():
    client, told = Client(0.05), []

    async def source():
        yield messages(3)
        raise OSError("the database went")

    async def go():
        hands = Hands("test", Lane.ROUTINE, lambda: client)
        with pytest.raises(OSError, match="the database went"):
            await work(hands, source(), told)
        await hands.close()

    asyncio.run(go())
    assert sorted(told) == [(number, Fate.TAKEN) for number in range(3)]


def test_closing_does_not_wait_for_answers_that_never_come():
    client, told = Client(30.0), []

    async def go():
        hands = Hands("test", Lane.TRANSACTIONAL, lambda: client)
        handing = asyncio.create_task(work(hands, of(messages(5)), told))
        while client.now < 2:
            await asyncio.sleep(0.01)
        await hands.close()
        await handing
        assert client.now == 2, "both still wait for their answers"

    asyncio.run(go())
    assert sorted(fate.value for _, fate in told) == ["held"] * 3 + ["unknown"] * 2


def test_a_client_that_cannot_be_made_has_sent_nothing():
    """And nobody waits for its answer for ever."""
    told = []

    def broken():
        raise OSError("no certificates")

    async def go():
        hands = Hands("test", Lane.TRANSACTIONAL, broken)
        handing = asyncio.create_task(work(hands, of(messages(5)), told))
        await asyncio.wait({handing}, timeout=5 * BUSY)
        await hands.close()
        await handing

    asyncio.run(go())
    assert sorted(told) == [(number, Fate.UNREACHABLE) for number in range(5)]


def test_a_carrier_that_wants_to_rest_is_given_nothing_until_then(monkeypatch):
    """Neither what was claimed for it, nor what comes meanwhile: all that waits as it was."""
    told, later = [], []

    class Busy(Client):
        def give(self, send_id, message):
            super().give(send_id, message)
            return Answer(Fate.LATER, rest=59.2)

    client = Busy(0.05)

    async def go():
        hands = Hands("test", Lane.TRANSACTIONAL, lambda: client)
        assert hands.rest() == 0
        await work(hands, of(messages(20), messages(5, 100)), told)
        assert 30 < hands.rest() <= 60  # whole seconds, rounded up
        await work(hands, of(messages(5, 200)), later)
        later_then = SimpleNamespace(monotonic=lambda: time.monotonic() + 60)
        monkeypatch.setattr("peelian.delivery.carriers.hands.time", later_then)
        assert hands.rest() == 0
        await work(hands, of(messages(1, 300)), later)
        await hands.close()

    asyncio.run(go())
    size = SIZES[Lane.TRANSACTIONAL]
    assert [fate for _, fate in told].count(Fate.LATER) <= 2 * size
    assert {fate for number, fate in told if number >= 2 * size} == {Fate.HELD}
    assert [number for number, _ in told if number >= 100] == []  # not even asked for
    assert later == [(300, Fate.LATER)]
