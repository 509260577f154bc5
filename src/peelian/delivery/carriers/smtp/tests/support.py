"""What the SMTP tests share: envelopes, and running a conversation to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable
from typing import Any

import uvloop

from peelian.core.testing.patience import BUSY
from peelian.delivery.carriers.smtp.client import Envelope, Limits, Outcome, SmtpPool

SENDER = "bounces+7@heartshire.example"
QUICK = Limits(connect=1.0, command=1.0, data=1.0)  # a busy machine stands still for a part of a second
LOOPS = ["asyncio", "uvloop"]


def run(coroutine: Coroutine[Any, Any, None], loop: str = "asyncio") -> None:
    """Run a test's conversation; one that never ends is a failure, not a hang."""

    async def bounded() -> None:
        await asyncio.wait_for(coroutine, 12 * BUSY)

    if loop == "uvloop":
        uvloop.run(bounded())
    else:
        asyncio.run(bounded())


def address(key: int) -> str:
    return f"resident{key}@people.example"


def envelope(key: int, data: bytes | None = None) -> Envelope:
    words = data if data is not None else b"Subject: Message %d\r\n\r\n.Dots\r\n..more\r\nend\r\n" % key
    return Envelope(key, SENDER, address(key), words)


def envelopes(count: int) -> list[Envelope]:
    return [envelope(key) for key in range(count)]


Some = Iterable[Envelope] | AsyncIterable[Envelope]


async def chunks_of(source: Some, size: int = 1) -> AsyncIterator[list[Envelope]]:
    """The source in shares of SIZE, as the pool takes it."""
    share: list[Envelope] = []
    if isinstance(source, AsyncIterable):
        async for one in source:
            share.append(one)
            if len(share) == size:
                yield share
                share = []
    else:
        for one in source:
            share.append(one)
            if len(share) == size:
                yield share
                share = []
    if share:
        yield share


def always() -> bool:
    return True


async def collect(
    pool: SmtpPool, source: Some, *, wanted: Callable[[], bool] = always, size: int = 1
) -> dict[int, Outcome]:
    """The outcome of each key; a second outcome for a key fails."""
    outcomes: dict[int, Outcome] = {}

    def done(outcome: Outcome) -> None:
        assert outcome.key not in outcomes, f"two outcomes for {outcome.key}"
        outcomes[outcome.key] = outcome

    await pool.hand_over(chunks_of(source, size), wanted=wanted, done=done)
    return outcomes


async def hand_over_one(pool: SmtpPool, one: Envelope) -> Outcome:
    return (await collect(pool, [one]))[one.key]


def kinds(outcomes: dict[int, Outcome]) -> dict[int, str]:
    return {key: outcome.kind.value for key, outcome in sorted(outcomes.items())}


def all_of(kind: str, count: int, **others: str) -> dict[int, str]:
    """Every key of `count` with one kind, but for those named as `k3="unknown"`."""
    return {key: others.get(f"k{key}", kind) for key in range(count)}
