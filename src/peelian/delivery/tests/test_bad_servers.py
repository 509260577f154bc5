"""A mail server that refuses, hangs or drops in the middle of a send: a real worker delays, and nobody is lost."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from peelian.core import database
from peelian.delivery.carriers.smtp.tests.faults import DROP, DROP_IN_BODY, HANG, FaultServer, Moment
from peelian.delivery.models import Delivery, Send, State
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import START, people, send_to, until

PEOPLE = 40
# The worker as it is, but waiting half a second for an answer where it waits one or two minutes
IMPATIENT = (
    "from functools import partial; from peelian.delivery.carriers.smtp import client;"
    " client.SmtpPool = partial(client.SmtpPool, limits=client.Limits(connect=1.0, command=0.5, data=0.5)); "
)


@contextmanager
def serving(script: Callable[[Moment], str | None]) -> Iterator[FaultServer]:
    """A FaultServer with a thread and an event loop of its own."""
    server, loop = FaultServer(script), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(5)
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def once_each(*faults: tuple[str, str]) -> Callable[[Moment], str | None]:
    """Each fault (stage, answer) the first time that a message or connection comes to its stage."""
    left = list(faults)

    def script(moment: Moment) -> str | None:
        found = next((fault for fault in left if fault[0] == moment.stage), None)
        if found is None:
            return None
        left.remove(found)
        return found[1]

    return script


REFUSES = [
    ("greeting", "421 4.7.0 Try again later"),
    ("greeting", "554 5.3.2 No service"),
    ("mail", "550 5.7.1 Sender not allowed yet"),
    ("rcpt", "452 4.5.3 Too many"),
    ("dot", "421 4.3.2 Going down"),
]
HANGS = [("greeting", HANG), ("rcpt", HANG), ("dot", HANG)]
DROPS = [("greeting", DROP), ("data", DROP_IN_BODY), ("data", DROP), ("dot", DROP)]


@pytest.mark.parametrize("faults", [REFUSES, HANGS, DROPS], ids=["refuses", "hangs", "drops"])
def test_everybody_gets_it_once_the_server_is_well_again(ledger, tmp_path, faults):
    send = send_to(people(PEOPLE))
    with serving(once_each(*faults)) as server, (tmp_path / "log").open("wb") as log:
        environment = database.environment() | {"PEELIAN_SMTP_URL": f"smtp://127.0.0.1:{server.port}?tls=none"}
        command = START.replace("import peelian.delivery", IMPATIENT + "import peelian.delivery", 1)
        worker = subprocess.Popen([sys.executable, "-c", command], env=environment, stdout=log, stderr=log)
        try:
            until(lambda: Send.objects.get(pk=send.pk).state == Send.State.SENT, 40)
        finally:
            worker.terminate()
            worker.wait(timeout=120)
        assert server.accepted() == Counter(f"person{number}@home.example" for number in range(PEOPLE))
    assert set(Delivery.objects.filter(send=send).values_list("state", flat=True)) == {State.HANDED_OVER}
    said = (tmp_path / "log").read_text()
    assert "@home.example" not in said
    assert "PEELIAN_SMTP_URL" in said
