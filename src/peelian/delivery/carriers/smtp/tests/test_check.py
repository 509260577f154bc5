"""The minute's check of a mail server: a conversation in which nothing is sent."""

from __future__ import annotations

import asyncio

import pytest

from peelian.delivery.carriers.smtp import carrier
from peelian.delivery.carriers.smtp.carrier import Smtp
from peelian.delivery.carriers.smtp.tests.faults import DROP, HANG, FaultServer


def check(server: FaultServer) -> str:
    async def work() -> str:
        async with server:
            one = Smtp(f"smtp://127.0.0.1:{server.port}?tls=none", 1)
            try:
                return await asyncio.wait_for(one.check(), 5)
            finally:
                await one.close()

    return asyncio.run(work())


def test_it_greets_asks_for_nothing_and_says_goodbye():
    server = FaultServer()
    assert check(server) == ""
    assert [command for _, command in server.heard] == ["EHLO", "NOOP", "QUIT"]
    assert server.connections == 1


def test_hanging_up_at_the_goodbye_is_no_trouble():
    assert check(FaultServer(script=lambda moment: DROP if moment.stage == "quit" else None)) == ""


@pytest.mark.parametrize(
    ("stage", "answer", "sentence"),
    [
        ("greeting", "421 4.3.2 not now", "The mail server answered the greeting with 421 4.3.2 not now"),
        ("ehlo", DROP, "The mail server closed the connection."),
        ("helo", "451 4.3.0 disk full", "The mail server answered NOOP with 451 4.3.0 disk full"),
        ("helo", DROP, "The mail server closed the connection."),
        ("helo", HANG, "The mail server did not answer in time."),
    ],
)
def test_what_is_wrong_is_a_sentence(monkeypatch, stage, answer, sentence):
    monkeypatch.setattr(carrier, "CHECK_SECONDS", 0.3)
    assert check(FaultServer(script=lambda moment: answer if moment.stage == stage else None)) == sentence


def test_nobody_there(unused_tcp_port):
    async def work() -> str:
        return await Smtp(f"smtp://127.0.0.1:{unused_tcp_port}?tls=none", 1).check()

    assert asyncio.run(work()) == "The mail server cannot be reached: Connection refused."
