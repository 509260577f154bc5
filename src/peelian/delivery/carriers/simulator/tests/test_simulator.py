"""Magic addresses and numbers: what becomes of each, and receipts that come by themselves."""

import asyncio
import re
from pathlib import Path

import pytest

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery.carriers import registry
from peelian.delivery.carriers.base import Fate, Key, Message
from peelian.delivery.carriers.simulator import carrier as simulator
from peelian.delivery.carriers.tests.faking import named
from peelian.delivery.database import Connections
from peelian.delivery.models import Channel, Delivery, Lane, Outgoing, Reason, Receipt, Send, State

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def handed(channel: int, values: list[str], *, wait: float) -> tuple[Send, dict[str, Fate]]:
    """Hand a message over to each, wait so many seconds before closing, and give the fates by value."""
    kind = Address.Kind.EMAIL if channel == Channel.EMAIL else Address.Kind.MOBILE
    send = Send.objects.create(renderer="delivery.test", object_id=1, lane="routine", recipients=len(values))
    rows = {Address.objects.create(kind=kind, value=value).pk: value for value in values}
    for pk in rows:
        Delivery.objects.create(send=send, address_id=pk, channel=channel, state=1, changed_at=clock.now())
    fates: dict[str, Fate] = {}

    async def chunks():
        yield [Message(Key(pk, 0), value, b"words", "subject") for pk, value in rows.items()]

    async def work() -> None:
        connections = Connections()
        carrier = registry.make(named("simulator://", channel), Lane.ROUTINE, connections)
        assert await carrier.check() == ""
        await carrier.hand_over(
            send.pk, chunks(), wanted=lambda: True, done=lambda key, fate, code="": fates.update({rows[key[0]]: fate})
        )
        await asyncio.sleep(wait)
        await carrier.close()
        await connections.close()

    asyncio.run(work())
    return send, fates


def states(send: Send) -> dict[str, tuple[int, str]]:
    found = Delivery.objects.filter(send=send).values_list("address__value", "state", "reason")
    return {re.split(r"[+@]", value.removeprefix("+"))[0]: (state, reason) for value, state, reason in found}


def at(name: str) -> str:
    return f"{name}@simulator.peelian.example"


def test_email(monkeypatch):
    monkeypatch.setattr(simulator, "REPORT_SECONDS", 0.05)
    values = [at(name) for name in simulator.MAILBOXES] + [at("delivered+2"), "person@home.example"]
    send, fates = handed(Channel.EMAIL, values, wait=0.5)
    assert fates[at("refused")] is Fate.REFUSED
    assert fates[at("later")] is Fate.LATER
    assert fates[at("deferred")] is Fate.DEFERRED
    assert fates[at("unknown")] is Fate.UNKNOWN
    assert fates[at("unreachable")] is Fate.UNREACHABLE
    assert fates[at("bounced")] is fates["person@home.example"] is Fate.TAKEN
    failed = State.FAILED
    assert states(send) == {
        "delivered": (State.DELIVERED, ""),
        "bounced": (failed, Reason.BOUNCED),
        "late-bounced": (failed, Reason.BOUNCED),
        "complained": (failed, Reason.COMPLAINED),
        "full": (failed, Reason.FULL),
        "blocked": (failed, Reason.BLOCKED),
        "slow": (State.DELIVERED, ""),
        **dict.fromkeys(("refused", "later", "deferred", "unknown", "unreachable", "person"), (State.CLAIMED, "")),
    }
    assert Receipt.objects.filter(state=State.DELIVERED).count() == 5
    assert Address.objects.get(value=at("bounced")).suppression == "bounced"
    assert Address.objects.get(value=at("complained")).suppression == "complained"
    assert Outgoing.objects.count() == len(values) - 5


def test_texts_and_calls():
    numbers = [f"+44770090{end}" for end in simulator.ENDINGS] + ["+447700900123"]
    send, fates = handed(Channel.TEXT, numbers, wait=0.0)
    told = {value[-4:]: fate for value, fate in fates.items()}
    assert (told["0990"], told["0991"], told["0992"]) == (Fate.ARRIVED, Fate.REFUSED, Fate.LATER)
    assert (told["0993"], told["0994"]) == (Fate.UNKNOWN, Fate.UNREACHABLE)
    assert (told["0995"], told["0996"], told["0123"]) == (Fate.TAKEN, Fate.ARRIVED, Fate.TAKEN)
    found = {value[-4:]: state for value, state in states(send).items()}  # closing told what was not due yet
    assert found["0997"] == (State.DELIVERED, "")
    assert found["0998"] == (State.FAILED, Reason.BOUNCED)
    assert found["0999"] == (State.FAILED, Reason.BLOCKED)
    assert found["0987"] == (State.FAILED, Reason.UNANSWERED)
    assert Address.objects.get(value="+447700900998").suppression == "bounced"


def test_every_magic_word_is_documented():
    page = (Path(simulator.__file__).parent / "README.md").read_text()
    assert set(re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.M)) == {*simulator.MAILBOXES, *simulator.ENDINGS}
