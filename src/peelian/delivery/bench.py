"""How fast messages are handed over, beside Postfix's `smtp-source` to the same sink in the same run."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from peelian.contacts.models import Address
from peelian.core import database
from peelian.core.messages import TOKEN, EmailParts
from peelian.delivery import actions, queries
from peelian.delivery.hooks import renderers
from peelian.delivery.models import Lane, Send
from peelian.delivery.rendering import EmailTemplate

START = "import django; django.setup(); import peelian.delivery.bench; from peelian.delivery.worker import main; main()"
PROGRAMS = "/usr/sbin:/sbin:/usr/bin"
PARAGRAPH = "Two vans were opened on Mill Lane between Monday and Tuesday. Tools were taken from both of them. "


class Sample:
    """An alert of about 12,000 bytes on the wire, text and HTML, with six personal links."""

    def email(self, object_id: int) -> EmailParts:
        links = "".join(f'<a href="https://now.example/m/{TOKEN}/rate/{n}/">{n}</a>' for n in range(1, 7))
        return EmailParts(
            subject="Vans opened on Mill Lane",
            text=PARAGRAPH * 45 + f"\nhttps://now.example/m/{TOKEN}/\n",
            html=f"<html><body><p>{PARAGRAPH * 60}</p>{links}</body></html>",
            from_name="Elm Bridge team",
            unsubscribe=True,
        )

    def text(self, object_id: int) -> str:
        return PARAGRAPH

    def voice(self, object_id: int) -> str:
        return PARAGRAPH


if "delivery.bench" not in renderers:
    renderers.add("delivery.bench", Sample())


def hand_over(members: int = 100_000) -> dict[str, Any]:
    """Freeze MEMBERS deliveries and hand them to a local sink with one worker. Figures with their bases."""
    size = message_size()
    start = Address.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    Address.objects.bulk_create(
        (Address(kind=1, value=f"bench{start + n}@home.example") for n in range(members)), batch_size=5_000
    )
    frozen, send = _timed(lambda: _freeze(start))
    with sink() as port:
        beside = peer(port, size, members)
        seconds, peak = _work(port, send)
    figures = {
        "messages": members,
        "bytes a message": size,
        "freeze seconds": round(frozen, 2),
        "hand-over seconds": round(seconds, 2),
        "messages a second": round(members / seconds),
        "worker peak MB": round(peak / 1e3),
        "smtp-source messages a second": round(beside) if beside else None,
    }
    return figures | ({"ratio": round(members / seconds / beside, 2)} if beside else {})


def message_size() -> int:
    """Bytes of one message on the wire."""
    template = EmailTemplate(Sample().email(1), send_id=1, automatic=False)
    return len(template.filler()(1, "bench1@home.example"))


def _freeze(after: int) -> Send:
    rows = (
        "SELECT id AS address_id, NULL::bigint AS member_id, 1 AS channel FROM contacts_address WHERE id > %(after)s",
        {"after": after},
    )
    return actions.open_send(renderer="delivery.bench", object_id=1, lane=Lane.ROUTINE, rows=rows)


def _timed(act: Any) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = act()
    return time.perf_counter() - begun, result


def _work(port: int, send: Send) -> tuple[float, int]:
    """Seconds from the first delivery handed over to the last one recorded, and the worker's peak memory in kB."""
    environment = database.environment() | {"PEELIAN_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none"}
    worker = subprocess.Popen([sys.executable, "-c", START], env=environment)
    try:
        while not queries.outcomes(send.pk).handed_over:
            time.sleep(0.01)
        begun, already = time.perf_counter(), queries.outcomes(send.pk).handed_over
        while Send.objects.values_list("state", flat=True).get(pk=send.pk) != Send.State.SENT:
            time.sleep(0.05)
        seconds = time.perf_counter() - begun
        peak = int(
            next(
                line for line in Path(f"/proc/{worker.pid}/status").read_text().splitlines() if "VmHWM" in line
            ).split()[1]
        )
    finally:
        worker.terminate()
        worker.wait(timeout=20)
    return seconds * send.recipients / (send.recipients - already), peak


@contextmanager
def sink() -> Iterator[int]:
    """Postfix's smtp-sink on a free port of loopback; a sentence where it is not installed."""
    program = shutil.which("smtp-sink", path=PROGRAMS)
    if program is None:
        raise SystemExit("This needs smtp-sink and smtp-source: apt-get install postfix.")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    sink = subprocess.Popen([program, "-u", "nobody", f"127.0.0.1:{port}", "1000"], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    try:
        yield port
    finally:
        sink.kill()
        sink.wait()


def peer(port: int, size: int, messages: int) -> float | None:
    """Messages a second of `smtp-source -s 8 -d`: a C program that keeps no ledger and renders nothing."""
    program = shutil.which("smtp-source", path=PROGRAMS)
    if program is None:
        return None
    command = [program, "-s", "8", "-d", "-l", str(size), "-m", str(messages), f"127.0.0.1:{port}"]
    seconds, _ = _timed(lambda: subprocess.run(command, check=True, capture_output=True))
    return messages / seconds


def clean_up() -> None:
    """Empty what a run left; for the scratch database of a benchmark only."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE delivery, delivery_batch, delivery_tally, delivery_send, procrastinate_jobs CASCADE")
