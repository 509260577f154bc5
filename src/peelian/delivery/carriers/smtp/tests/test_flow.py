"""How the pool takes envelopes and gives outcomes: limits, turns, permits, endings, bytes on the wire."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest

from peelian.core.testing.patience import BUSY
from peelian.delivery.carriers.smtp.client import Envelope, Limits, Outcome, SmtpPool
from peelian.delivery.carriers.smtp.tests.faults import HANG, FaultServer, Moment
from peelian.delivery.carriers.smtp.tests.support import (
    LOOPS,
    SENDER,
    address,
    all_of,
    always,
    chunks_of,
    collect,
    envelope,
    envelopes,
    hand_over_one,
    kinds,
    run,
)

pytestmark = pytest.mark.parametrize("loop", LOOPS)
EVERYTHING = ("PIPELINING", "SIZE 5000", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")


async def stream(count: int) -> AsyncIterator[Envelope]:
    for key in range(count):
        if key % 7 == 0:
            await asyncio.sleep(0)
        yield envelope(key)


@pytest.mark.parametrize("size", [1, 7, 90])
@pytest.mark.parametrize("features", [("PIPELINING",), ()], ids=["pipelining", "stepwise"])
def test_all_arrive_once_and_unaltered(loop: str, size: int, features: tuple[str, ...]) -> None:
    async def conversation() -> None:
        async with FaultServer(features=features) as server, SmtpPool(server.settings) as pool:
            assert kinds(await collect(pool, stream(200), size=size)) == all_of("accepted", 200)
            sent = {one.rcpt_to: one.data for one in envelopes(200)}
            assert {one.rcpt_to: one.data for one in server.taken} == sent
            assert len(server.taken) == 200
            assert {one.mail_from for one in server.taken} == {SENDER}
            assert server.spoke_early == 0
            assert 1 < server.connections <= 8
        assert server.count("QUIT") == server.connections

    run(conversation(), loop)


def test_connections_are_kept_between_calls_and_one_message_needs_one(loop: str) -> None:
    async def conversation() -> None:
        async with FaultServer() as server, SmtpPool(server.settings) as pool:
            for key in range(5):
                assert (await hand_over_one(pool, envelope(key))).kind == "accepted"
            assert server.connections == 1
            outcomes = await asyncio.gather(*(hand_over_one(pool, envelope(key)) for key in range(5, 45)))
            assert [outcome.key for outcome in outcomes] == list(range(5, 45))
            assert server.accepted() == Counter(address(key) for key in range(45))
            assert server.connections <= 8

    run(conversation(), loop)


def test_a_connection_is_left_after_so_many_messages(loop: str) -> None:
    async def conversation() -> None:
        limits = Limits(messages=10)
        async with FaultServer() as server, SmtpPool(server.settings, 1, limits=limits) as pool:
            assert kinds(await collect(pool, envelopes(35))) == all_of("accepted", 35)
            assert Counter(n for n, word in server.heard if word == "MAIL") == {1: 10, 2: 10, 3: 10, 4: 5}
        assert server.count("QUIT") == 4

    run(conversation(), loop)


def test_a_connection_closed_while_idle_costs_nothing(loop: str) -> None:
    async def conversation() -> None:
        async with FaultServer() as server, SmtpPool(server.settings, 2) as pool:
            await collect(pool, envelopes(6))
            for task in list(server._tasks):
                task.cancel()  # the server ends every conversation, as after an idle time
            await asyncio.sleep(0.05)
            assert kinds(await collect(pool, envelopes(6))) == all_of("accepted", 6)
            assert server.accepted() == {address(key): 2 for key in range(6)}

    run(conversation(), loop)


def test_an_idle_connection_says_goodbye(loop: str) -> None:
    async def conversation() -> None:
        limits = Limits(idle=0.1)
        async with FaultServer() as server, SmtpPool(server.settings, 2, limits=limits) as pool:
            await collect(pool, envelopes(6))
            async with asyncio.timeout(10 * BUSY):
                while server.count("QUIT") < server.connections:
                    await asyncio.sleep(0.05)
            assert (await hand_over_one(pool, envelope(7))).kind == "accepted"

    run(conversation(), loop)


def test_size_is_checked_before_anything_is_sent(loop: str) -> None:
    async def conversation() -> None:
        big = b"Subject: big\r\n\r\n" + b"x" * 6000
        async with FaultServer(features=EVERYTHING) as server, SmtpPool(server.settings, 1) as pool:
            outcomes = await collect(pool, [envelope(0), envelope(1, big), envelope(2)])
            assert kinds(outcomes) == all_of("accepted", 3, k1="refused_for_good")
            assert outcomes[1][2:4] == (552, "5.3.4")
            assert "6016 bytes" in outcomes[1].text
            assert server.count("MAIL") == 2
            assert f"SIZE={len(envelope(0).data)}" in server.taken[0].mail_line

    run(conversation(), loop)


@pytest.mark.parametrize("utf8", [True, False])
def test_addresses_beyond_ascii(loop: str, utf8: bool) -> None:
    features = EVERYTHING if utf8 else ("PIPELINING",)

    async def conversation() -> None:
        async with FaultServer(features=features) as server, SmtpPool(server.settings, 1) as pool:
            there = [
                ("zoë@people.example", "text"),
                ("ann@bücher.example", "text"),
                ("bob@people.example", "zoë"),
            ]
            source = [Envelope(n, SENDER, to, words.encode()) for n, (to, words) in enumerate(there)]
            outcomes = await collect(pool, source)
            assert kinds(outcomes) == all_of("accepted", 3, **({} if utf8 else {"k0": "refused_for_good"}))
            if not utf8:
                assert outcomes[0].text.startswith("The part of the address before the @")
                assert "zo" not in outcomes[0].text
            lines = {one.rcpt_to: one.mail_line for one in server.taken}
            assert set(lines) == {"ann@xn--bcher-kva.example", "bob@people.example"} | (
                {"zoë@people.example"} if utf8 else set()
            )
            assert [to for to, line in lines.items() if "SMTPUTF8" in line] == ["zoë@people.example"] * utf8
            assert [to for to, line in lines.items() if "8BITMIME" in line] == ["bob@people.example"] * utf8

    run(conversation(), loop)


BAD = [
    "",
    "nobody",
    "@people.example",
    "a@",
    "a b@c.example",
    "a>@c.example",
    "<a@c.example",
    "a@c.example\r\nDATA",
]
BAD += [
    "a@c.example\n",
    "a\0@c.example",
    "a@c＞.example",
    "a@c\u3000SIZE.example",
    "a\u2028b@c.example",
    "\udc80@c.example",
]


def test_an_address_cannot_carry_a_command(loop: str) -> None:
    async def conversation() -> None:
        async with FaultServer(features=EVERYTHING) as server, SmtpPool(server.settings, 1) as pool:
            source = [Envelope(n, SENDER, to, b"text\r\n") for n, to in enumerate(BAD)]
            senders = [Envelope(100 + n, to, address(1), b"text\r\n") for n, to in enumerate(BAD) if to]
            outcomes = await collect(pool, [*source, *senders, envelope(999)])
            assert {outcome.stage for key, outcome in outcomes.items() if key < 999} == {"envelope"}
            assert {outcome.kind for key, outcome in outcomes.items() if key < 999} == {"refused_for_good"}
            assert len(outcomes) == 2 * len(BAD)
            assert outcomes[999].kind == "accepted"
            assert server.accepted() == {address(999): 1}

    run(conversation(), loop)


def test_an_empty_sender_is_the_null_return_path(loop: str) -> None:
    async def conversation() -> None:
        async with FaultServer() as server, SmtpPool(server.settings, 1) as pool:
            assert (await hand_over_one(pool, Envelope(1, "", address(1), b"x\r\n"))).kind == "accepted"
            assert server.taken[0].mail_line == "MAIL FROM:<>"

    run(conversation(), loop)


BODIES = {
    b".\r\n": b".\r\n",
    b"..\r\n.\r\n": b"..\r\n.\r\n",
    b"a\r\n.\r\nMAIL FROM:<x@y.example>\r\n": b"a\r\n.\r\nMAIL FROM:<x@y.example>\r\n",
    b"no end": b"no end\r\n",
    b"a\n.\nb\r\n": b"a\r\n.\r\nb\r\n",
    b"a\r.\rb\r\n": b"a\r\n.\r\nb\r\n",
    b"a\n.\r\nb\r\n": b"a\r\n.\r\nb\r\n",
    b"a\r\n\n.\n": b"a\r\n\r\n.\r\n",
    b"": b"\r\n",
    "Größe £5 – ok\r\n".encode(): "Größe £5 – ok\r\n".encode(),
}


def test_a_message_ends_where_it_ends(loop: str) -> None:
    """Dots arrive as they were; a dot after a bare line break cannot end the message early."""

    async def conversation() -> None:
        async with FaultServer() as server, SmtpPool(server.settings, 1) as pool:
            source = [envelope(key, data) for key, data in enumerate(BODIES)]
            assert kinds(await collect(pool, source)) == all_of("accepted", len(BODIES))
            assert [one.data for one in server.taken] == list(BODIES.values())

    run(conversation(), loop)


@pytest.mark.parametrize("size", [1, 90])
def test_what_is_no_longer_wanted_stays(loop: str, size: int) -> None:
    async def conversation() -> None:
        async with FaultServer() as server, SmtpPool(server.settings, 4) as pool:
            outcomes = await collect(pool, envelopes(120), wanted=lambda: sum(server.dots().values()) < 50, size=size)
            stopped = [outcome for outcome in outcomes.values() if outcome.stage == "permit"]
            assert {outcome.kind for outcome in stopped} == {"try_later"}
            assert len(outcomes) == 120
            sent = {key for key, outcome in outcomes.items() if outcome.kind == "accepted"}
            assert 50 <= len(sent) <= 50 + 8  # two a connection were on the wire
            assert server.dots() == Counter(address(key) for key in sent)

    run(conversation(), loop)


def test_an_old_permit_is_asked_for_again_before_the_body(loop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recall holds even where the server took its time between RCPT and 354."""
    monkeypatch.setattr("peelian.delivery.carriers.smtp.connection.PERMIT_LASTS", 0.1)
    recalled = False

    async def conversation() -> None:
        nonlocal recalled
        held = asyncio.Event()
        async with FaultServer(data_held=held) as server, SmtpPool(server.settings, 1) as pool:
            work = asyncio.create_task(collect(pool, envelopes(3), wanted=lambda: not recalled))
            while not server.count("DATA"):
                await asyncio.sleep(0.01)
            recalled = True
            await asyncio.sleep(0.2)  # the permit is old by then
            held.set()
            outcomes = await work
            assert kinds(outcomes) == all_of("try_later", 3)
            assert {outcome.stage for outcome in outcomes.values()} == {"permit"}
            assert not server.taken

    run(conversation(), loop)


def test_an_error_of_the_source_comes_after_every_outcome(loop: str) -> None:
    def broken() -> Iterator[Envelope]:
        yield from envelopes(30)
        raise KeyError("template")

    async def conversation() -> None:
        async with FaultServer() as server, SmtpPool(server.settings, 4) as pool:
            seen: list[int] = []
            with pytest.raises(KeyError, match="template"):
                await pool.hand_over(chunks_of(broken()), wanted=always, done=lambda outcome: seen.append(outcome.key))
            assert sorted(seen) == list(range(30))
            assert server.accepted() == Counter(address(key) for key in range(30))
            assert (await hand_over_one(pool, envelope(31))).kind == "accepted"

    run(conversation(), loop)


def test_the_next_chunk_is_asked_for_when_the_one_before_is_nearly_gone(loop: str) -> None:
    taken = given = most = 0

    def counted() -> Iterator[Envelope]:
        nonlocal taken, most
        for one in envelopes(300):
            taken += 1
            most = max(most, taken - given)
            yield one

    def done(_: Outcome) -> None:
        nonlocal given
        given += 1

    async def conversation() -> None:
        async with FaultServer() as server, SmtpPool(server.settings, 4) as pool:
            await pool.hand_over(chunks_of(counted(), 30), wanted=always, done=done)
        assert given == 300
        assert most <= 30 + 4 + 2 * 4  # a chunk, a connection's worth of the last, and two a connection on the wire
        assert server.accepted() == Counter(address(key) for key in range(300))

    run(conversation(), loop)


@pytest.mark.parametrize("size", [1, 90])
def test_a_caller_that_is_cancelled_has_its_outcomes(loop: str, size: int) -> None:
    """What was not on the wire is given up at once, and nothing more is taken."""
    seen: dict[int, Outcome] = {}

    def done(outcome: Outcome) -> None:
        assert outcome.key not in seen
        seen[outcome.key] = outcome

    async def conversation() -> None:
        held = asyncio.Event()
        async with FaultServer(data_held=held) as server, SmtpPool(server.settings, 4) as pool:
            work = asyncio.create_task(pool.hand_over(chunks_of(envelopes(300), size), wanted=always, done=done))
            while server.count("DATA") < 4:
                await asyncio.sleep(0.01)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            given_up = dict(seen)
            assert {outcome.stage for outcome in given_up.values()} <= {"permit"}
            held.set()
            while len(seen) < len(given_up) + 4:
                await asyncio.sleep(0.01)
            assert Counter(outcome.kind.value for key, outcome in seen.items() if key not in given_up) == {
                "accepted": 4
            }
            assert server.accepted() == Counter(address(key) for key in seen if key not in given_up)

    run(conversation(), loop)


def test_a_small_call_does_not_wait_behind_a_large_one(loop: str) -> None:
    def endless() -> Iterator[Envelope]:
        key = 0
        while True:
            yield envelope(key)
            key += 1

    async def conversation() -> None:
        async with FaultServer() as server, SmtpPool(server.settings, 2) as pool:
            large = asyncio.create_task(collect(pool, endless()))
            while sum(server.dots().values()) < 20:
                await asyncio.sleep(0.01)
            async with asyncio.timeout(10 * BUSY):  # behind the large one it would wait for ever
                assert (await hand_over_one(pool, envelope(-1))).kind == "accepted"
            large.cancel()
            await asyncio.gather(large, return_exceptions=True)
            before = sum(server.dots().values())
            await asyncio.sleep(0.05)
            assert sum(server.dots().values()) <= before + 4  # two a connection were on the wire
            assert (await hand_over_one(pool, envelope(-2))).kind == "accepted"

    run(conversation(), loop)


def test_closing_in_the_middle_gives_every_outcome(loop: str) -> None:
    def script(moment: Moment) -> str | None:
        return HANG if moment.stage == "dot" and moment.rcpt in (address(4), address(5)) else None

    async def conversation() -> None:
        async with FaultServer(script) as server:
            pool = SmtpPool(server.settings, 2)
            work = asyncio.create_task(collect(pool, stream(40)))
            while not {address(4), address(5)} <= set(server.dots()):
                await asyncio.sleep(0.01)
            await pool.close()
            outcomes = await work
            assert set(outcomes) >= set(range(6))
            assert {outcomes[4].kind, outcomes[5].kind} == {"unknown"}
            others = Counter(outcome.kind.value for key, outcome in outcomes.items() if key not in (4, 5))
            assert set(others) <= {"accepted", "try_later"}
            assert sum(server.accepted().values()) == others["accepted"]
            with pytest.raises(RuntimeError, match="closed"):
                await collect(pool, envelopes(1))

    run(conversation(), loop)


def test_nothing_to_hand_over(loop: str) -> None:
    async def conversation() -> None:
        async with FaultServer() as server, SmtpPool(server.settings) as pool:
            assert await collect(pool, []) == {}
            assert await collect(pool, stream(0)) == {}
            assert not server.taken

    run(conversation(), loop)
