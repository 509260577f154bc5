"""A server that refuses, hangs, drops or contradicts itself: every envelope has one outcome, none doubled."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable

import pytest

from peelian.core.testing.ports import free_port
from peelian.delivery.carriers.smtp.client import Kind, Limits, SmtpPool
from peelian.delivery.carriers.smtp.tests.faults import DROP, DROP_IN_BODY, HANG, FaultServer, Moment
from peelian.delivery.carriers.smtp.tests.support import (
    LOOPS,
    QUICK,
    address,
    all_of,
    collect,
    envelope,
    envelopes,
    kinds,
    run,
)
from peelian.delivery.carriers.smtp.url import SmtpSettings

PIPELINING = ("PIPELINING", "ENHANCEDSTATUSCODES")
STEPWISE = ("ENHANCEDSTATUSCODES",)
pytestmark = pytest.mark.parametrize("loop", LOOPS)
both_ways = pytest.mark.parametrize("features", [PIPELINING, STEPWISE], ids=["pipelining", "stepwise"])


@pytest.fixture(autouse=True)
def short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second between attempts is for servers; the order of things is the same at a fifth."""
    monkeypatch.setattr("peelian.delivery.carriers.smtp.client.FIRST_PAUSE", 0.2)


def once(stage: str, key: int, answer: str) -> Callable[[Moment], str | None]:
    """The answer at this stage of this message, the first time it comes."""
    left = [answer]
    return lambda m: left.pop() if left and m.stage == stage and m.rcpt == address(key) else None


def always(stage: str, key: int, answer: str) -> Callable[[Moment], str | None]:
    return lambda m: answer if m.stage == stage and m.rcpt == address(key) else None


def mail_of(order: int, answer: str) -> Callable[[Moment], str | None]:
    """The answer to the MAIL command with this number, counted from 0 over all connections."""
    seen = [0]

    def script(moment: Moment) -> str | None:
        if moment.stage != "mail":
            return None
        seen[0] += 1
        return answer if seen[0] == order + 1 else None

    return script


@both_ways
@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize("code", [452, 550])
def test_a_refusal_at_any_stage_concerns_one_message(
    loop: str, stage: str, code: int, features: tuple[str, ...]
) -> None:
    answer = f"{code} {code // 100}.7.1 not this one"

    async def conversation() -> None:
        script = mail_of(3, answer) if stage == "mail" else always(stage, 3, answer)
        async with FaultServer(script, features) as server, SmtpPool(server.settings, 1) as pool:
            outcomes = await collect(pool, envelopes(8))
            kind = "refused_for_good" if code >= 500 else "try_later"
            assert kinds(outcomes) == all_of("accepted", 8, k3=kind)
            assert outcomes[3][2:] == (code, f"{code // 100}.7.1", "not this one", stage)
            assert server.accepted() == Counter(address(key) for key in range(8) if key != 3)
            assert server.dots()[address(3)] == (1 if stage == "dot" else 0)
            assert all(one.data for one in server.taken)
            assert server.connections == 1
            assert server.spoke_early == 0

    run(conversation(), loop)


@both_ways
def test_everything_refused_goes_on_to_the_end(loop: str, features: tuple[str, ...]) -> None:
    async def conversation() -> None:
        def script(moment: Moment) -> str | None:
            return "550 5.1.1 nobody here" if moment.stage == "rcpt" else None

        async with FaultServer(script, features) as server, SmtpPool(server.settings, 3) as pool:
            outcomes = await collect(pool, envelopes(60))
            assert kinds(outcomes) == all_of("refused_for_good", 60)
            assert not server.taken

    run(conversation(), loop)


@pytest.mark.parametrize("answer", ["354 go on then", "554 5.5.1 no valid recipients", "503 5.5.1 RCPT first"])
def test_data_after_a_refused_recipient(loop: str, answer: str) -> None:
    """RFC 2920, 3.1: a 354 then asks for a lone dot, and nothing of the message goes out."""

    def script(moment: Moment) -> str | None:
        if moment.rcpt != address(2):
            return None
        return {"rcpt": "550 5.1.1 unknown", "data": answer, "dot": "554 5.5.1 no recipients"}.get(moment.stage)

    async def conversation() -> None:
        async with FaultServer(script) as server, SmtpPool(server.settings, 1) as pool:
            outcomes = await collect(pool, envelopes(5))
            assert kinds(outcomes) == all_of("accepted", 5, k2="refused_for_good")
            assert (outcomes[2].code, outcomes[2].stage) == (550, "rcpt")
            assert [one.data for one in server.taken if not one.accepted] == [b""] * answer.startswith("354")
            assert server.accepted() == Counter(address(key) for key in (0, 1, 3, 4))

    run(conversation(), loop)


def test_a_refused_sender_and_a_354_never_becomes_an_empty_message(loop: str) -> None:
    script_mail = mail_of(1, "550 5.7.1 not you")

    def script(moment: Moment) -> str | None:
        if moment.rcpt == address(1) and moment.stage in ("rcpt", "data"):
            return "250 2.1.5 fine" if moment.stage == "rcpt" else "354 go on"
        return script_mail(moment)

    async def conversation() -> None:
        async with FaultServer(script) as server, SmtpPool(server.settings, 1) as pool:
            outcomes = await collect(pool, envelopes(4))
            assert kinds(outcomes) == all_of("accepted", 4, k1="refused_for_good")
            assert server.dots() == server.accepted() == Counter(address(key) for key in (0, 2, 3))

    run(conversation(), loop)


@both_ways
@pytest.mark.parametrize("stage", ["rcpt", "dot"])
def test_a_server_that_hangs_loses_one_message_and_no_time(loop: str, stage: str, features: tuple[str, ...]) -> None:
    async def conversation() -> None:
        script = always(stage, 2, HANG)
        async with (
            FaultServer(script, features) as server,
            SmtpPool(server.settings, 2, limits=QUICK) as pool,
        ):
            outcomes = await collect(pool, envelopes(12))
            assert outcomes[2].kind == ("unknown" if stage == "dot" else "try_later")
            assert outcomes[2].stage == stage
            others = {kind for key, kind in kinds(outcomes).items() if key != 2}
            # A message pipelined behind the one that hangs may be told to come back; it was not sent.
            assert others <= {"accepted", "try_later"}
            accepted = Counter(address(key) for key, kind in kinds(outcomes).items() if kind == "accepted")
            assert server.accepted() == accepted
            assert sum(accepted.values()) >= 10

    run(conversation(), loop)


@pytest.mark.parametrize("stage", ["greeting", "ehlo"])
@pytest.mark.parametrize("answer", [HANG, DROP, "421 4.3.2 closing", "554 5.3.2 no service", "hello", "250-x"])
def test_a_connection_that_never_begins(loop: str, stage: str, answer: str) -> None:
    async def conversation() -> None:
        def script(moment: Moment) -> str | None:
            return answer if moment.stage == stage else None

        limits = QUICK if answer in (HANG, "250-x") else Limits()
        async with FaultServer(script) as server, SmtpPool(server.settings, 4, limits=limits) as pool:
            outcomes = await collect(pool, envelopes(20))
            if (stage, answer) == ("ehlo", "554 5.3.2 no service"):  # then HELO does it
                assert kinds(outcomes) == all_of("accepted", 20)
                return
            assert kinds(outcomes) == all_of("try_later", 20)
            assert {outcome.stage for outcome in outcomes.values()} == {"connect"}
            code = int(answer[:3]) if answer[:3] in ("421", "554") else 0
            assert {outcome.code for outcome in outcomes.values()} == {code}
            assert not server.taken

    run(conversation(), loop)


def test_connection_refused_then_there_again(loop: str) -> None:
    async def conversation() -> None:
        port = free_port()
        async with SmtpPool(SmtpSettings("127.0.0.1", port, "none"), 8) as pool:
            outcomes = await collect(pool, envelopes(1_000))
            assert kinds(outcomes) == all_of("try_later", 1_000)
            assert "refused" in outcomes[0].text
            async with FaultServer(port=port) as server:
                for _ in range(40):  # the pause before a new attempt
                    await asyncio.sleep(0.25)
                    told = kinds(await collect(pool, envelopes(30)))
                    if told != all_of("try_later", 30):
                        break
                assert told == all_of("accepted", 30)
                assert server.accepted() == Counter(address(key) for key in range(30))
                assert 1 <= server.connections <= 8

    run(conversation(), loop)


def test_a_server_that_allows_only_three_connections(loop: str) -> None:
    async def conversation() -> None:
        def script(moment: Moment) -> str | None:
            return "421 4.7.0 too many" if moment.stage == "greeting" and moment.connection > 3 else None

        async with FaultServer(script) as server, SmtpPool(server.settings, 8) as pool:
            outcomes = await collect(pool, envelopes(300))
            assert kinds(outcomes) == all_of("accepted", 300)
            assert server.accepted() == Counter(address(key) for key in range(300))
            assert server.connections <= 8  # those turned away are not tried again and again

    run(conversation(), loop)


@both_ways
@pytest.mark.parametrize("answer", [DROP, "421 4.3.2 going down"])
@pytest.mark.parametrize("stage", ["rcpt", "data", "dot"])
@pytest.mark.parametrize("key", [0, 3])
def test_a_server_that_leaves_in_the_middle(
    loop: str, stage: str, answer: str, key: int, features: tuple[str, ...]
) -> None:
    """On a connection that had already worked, a message not yet sent gets one more, and then is taken."""

    async def conversation() -> None:
        script = once(stage, key, answer)
        async with FaultServer(script, features) as server, SmtpPool(server.settings, 1) as pool:
            outcomes = await collect(pool, envelopes(8))
            if stage == "dot":
                kind = "unknown" if answer == DROP else "try_later"
            else:
                kind = "accepted" if key else "try_later"
            # With nothing finished on the connection, one that waited behind the first has the same fate.
            behind = {"k1": kinds(outcomes)[1]} if key == 0 and stage == "dot" else {}
            assert kinds(outcomes) == all_of("accepted", 8, **{f"k{key}": kind, **behind})
            assert set(behind.values()) <= {"accepted", "try_later"}
            if answer != DROP and kind == "try_later":
                assert outcomes[key][2:] == (421, "4.3.2", "going down", stage)
            accepted = Counter(address(k) for k, kind in kinds(outcomes).items() if kind == "accepted")
            assert server.accepted() == accepted
            assert server.dots()[address(key)] == 1 if stage == "dot" else server.dots() == accepted
            assert server.connections == 2

    run(conversation(), loop)


@both_ways
def test_a_message_that_always_ends_the_connection_is_not_tried_for_ever(loop: str, features: tuple[str, ...]) -> None:
    tries = [0]

    def script(moment: Moment) -> str | None:
        if moment.stage == "data" and moment.rcpt == address(90):
            tries[0] += 1
            return DROP
        return None

    async def conversation() -> None:
        async with FaultServer(script, features) as server, SmtpPool(server.settings, 4) as pool:
            outcomes = await collect(pool, envelopes(300))
            assert kinds(outcomes) == all_of("accepted", 300, k90="try_later")
            assert server.accepted() == Counter(address(key) for key in range(300) if key != 90)
            assert tries == [2]

    run(conversation(), loop)


@pytest.mark.parametrize("size", [20_000, 30_000_000])
def test_dropped_within_the_message(loop: str, size: int) -> None:
    """A small message is in the kernel, dot and all, so it is unknown; of a big one the dot never left us."""
    data = b"Subject: long\r\n\r\n" + b"x" * 70 + b"\r\n"
    data += (b"y" * 70 + b"\r\n") * (size // 72)

    async def conversation() -> None:
        async with (
            FaultServer(once("data", 1, DROP_IN_BODY)) as server,
            SmtpPool(server.settings, 1) as pool,
        ):
            outcomes = await collect(pool, [envelope(0), envelope(1, data), envelope(2), envelope(3)])
            kind = "try_later" if size > 1_000_000 else "unknown"
            assert kinds(outcomes) == all_of("accepted", 4, k1=kind)
            assert server.accepted() == Counter(address(key) for key in (0, 2, 3))

    run(conversation(), loop)


@pytest.mark.parametrize("stage", ["mail", "data", "dot"])
@pytest.mark.parametrize("answer", ["what?", "999 no", "250", "334 go", "25", "220-" + "x" * 70_000, "\x00\xff\xfe"])
def test_an_answer_that_is_not_smtp(loop: str, stage: str, answer: str) -> None:
    async def conversation() -> None:
        script = mail_of(1, answer) if stage == "mail" else once(stage, 1, answer)
        async with FaultServer(script) as server, SmtpPool(server.settings, 1) as pool:
            outcomes = await collect(pool, envelopes(3))
            if answer == "250" and stage != "data":  # a bare code is one (RFC 5321, 4.2)
                assert kinds(outcomes) == all_of("accepted", 3)
                return
            assert outcomes[1].kind == ("unknown" if stage == "dot" else "try_later")
            assert server.dots()[address(1)] == (1 if stage == "dot" else 0)
            for key in (0, 2):
                assert server.accepted()[address(key)] == (outcomes[key].kind is Kind.ACCEPTED)

    run(conversation(), loop)


@both_ways
def test_answers_of_many_lines_byte_by_byte(loop: str, features: tuple[str, ...]) -> None:
    def script(moment: Moment) -> str | None:
        if moment.stage == "rcpt" and moment.rcpt == address(4):
            return "550-5.1.1 The address\r\n550-5.1.1 is not\r\n550 5.1.1 known."
        if moment.stage == "greeting":
            return "220-One\n220-\n220 three"
        return "250-2.0.0 line one\r\n250 2.0.0 line two" if moment.stage in ("mail", "rcpt", "dot") else None

    async def conversation() -> None:
        async with FaultServer(script, features, slowly=True) as server, SmtpPool(server.settings, 3) as pool:
            outcomes = await collect(pool, envelopes(12))
            assert kinds(outcomes) == all_of("accepted", 12, k4="refused_for_good")
            assert outcomes[4].text.split("\n") == ["The address", "5.1.1 is not", "5.1.1 known."]
            assert server.accepted() == Counter(address(key) for key in range(12) if key != 4)

    run(conversation(), loop)


def test_an_answer_that_drips_for_ever_is_a_hang(loop: str) -> None:
    """Bytes alone are no progress: only a whole reply moves the deadline."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 x\r\n")
        await reader.readline()
        try:
            while True:
                writer.write(b"250-x\r\n")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            writer.transport.abort()

    async def conversation() -> None:
        server = await asyncio.start_server(drip, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with SmtpPool(SmtpSettings("127.0.0.1", port, "none"), 1, limits=QUICK) as pool:
            assert kinds(await collect(pool, envelopes(2))) == all_of("try_later", 2)
        server.close()

    run(conversation(), loop)


def test_logs_hold_no_address_and_no_words(loop: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def script(moment: Moment) -> str | None:
        if moment.stage == "greeting" and moment.connection % 2:
            return f"421 not you, {address(1)}"
        return f"550 no such {moment.rcpt}" if moment.stage == "rcpt" else None

    async def conversation() -> None:
        async with FaultServer(script) as server, SmtpPool(server.settings, 1) as pool:
            first = await collect(pool, envelopes(4))
            await asyncio.sleep(0.25)
            second = await collect(pool, envelopes(4))
            assert kinds(first) == all_of("try_later", 4)
            assert kinds(second) == all_of("refused_for_good", 4)
            for shown in (repr(envelope(1)), repr(second[1])):
                assert "@" not in shown

    run(conversation(), loop)
    assert "mail server could not be used (code 421" in caplog.text
    assert "@" not in caplog.text
    assert "resident" not in caplog.text


@both_ways
def test_whatever_goes_wrong_outcomes_tell_what_the_server_has(loop: str, features: tuple[str, ...]) -> None:
    chance = random.Random(len(features))
    faults = {
        "mail": ["450 4.0.0 later", "550 5.0.0 no", "421 4.0.0 bye", DROP],
        "rcpt": ["452 4.0.0 full", "550 5.0.0 no", "421 4.0.0 bye", DROP],
        "data": ["451 4.0.0 later", "554 5.0.0 no", "421 4.0.0 bye", DROP, "354 go on"],
        "dot": ["452 4.0.0 later", "554 5.0.0 no", "421 4.0.0 bye", DROP, HANG],
    }

    def script(moment: Moment) -> str | None:
        if moment.stage in faults and chance.random() < 0.04:
            return chance.choice(faults[moment.stage])
        return None

    async def conversation() -> None:
        limits = Limits(command=0.5, data=0.08, messages=20)
        async with (
            FaultServer(script, features) as server,
            SmtpPool(server.settings, 8, limits=limits) as pool,
        ):
            outcomes = await collect(pool, envelopes(400))
            assert sorted(outcomes) == list(range(400))
            accepted, dots = server.accepted(), server.dots()
            for key, outcome in outcomes.items():
                if outcome.kind is not Kind.UNKNOWN:
                    assert accepted[address(key)] == (outcome.kind is Kind.ACCEPTED), outcome
                assert dots[address(key)] <= 1
            assert sum(outcome.kind is Kind.ACCEPTED for outcome in outcomes.values()) > 250

    run(conversation(), loop)
