"""Receipts by webhook to one web process: carriers' requests as they come, single and many at once, each told twice."""

from __future__ import annotations

import base64
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from peelian.config.bench import pages
from peelian.config.bench.engine import query
from peelian.delivery import references

RECEIPTS = 20_000
TOGETHER = 100  # events of one request, of carriers that collect them
CONNECTIONS = 4
NOTIFY = "notify://peelian-00000000-0000-4000-8000-000000000000-00000000-0000-4000-8000-000000000001?template=t&callback=bench"

# A client that costs little: requests ready as bytes, kept connections, one request at a time on each
_CLIENT = """
import pickle, socket, sys, threading, time
port, connections = int(sys.argv[1]), int(sys.argv[2])
requests = pickle.load(open(sys.argv[3], "rb"))
wrong = []
def work(own):
    with socket.create_connection(("127.0.0.1", port)) as opened:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in own:
            opened.sendall(request)
            answer = opened.recv(65536)
            while not answer.endswith(b"Taken.\\n") and answer[9:12] == b"200":
                answer += opened.recv(65536)
            if answer[9:12] != b"200":
                wrong.append(answer)
                return
threads = [threading.Thread(target=work, args=(requests[n::connections],)) for n in range(connections)]
begun = time.perf_counter()
for one in threads: one.start()
for one in threads: one.join()
assert not wrong, wrong[0]
print(time.perf_counter() - begun)
"""


def measure(send_id: int, first: int) -> list[tuple[str, Any]]:
    """Receipts for the deliveries of a send that was handed over, from one address id on."""
    key = ec.generate_private_key(ec.SECP256R1())
    shown = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    carriers = {
        "PEELIAN_TEXT_CARRIERS": NOTIFY,
        "PEELIAN_EMAIL_CARRIERS": f"sendgrid://SG.key?webhook={base64.b64encode(shown).decode()}",
        "PEELIAN_SMTP_URL": "",
    }
    named, found = references.maker(send_id), []
    with tempfile.TemporaryDirectory() as home, pages.server(Path(home), "--workers", "1", **carriers) as port:
        single = [_notify(named(address)) for address in range(first, first + RECEIPTS)]
        start = first + RECEIPTS
        together = [
            _sendgrid([named(address) for address in range(at, at + TOGETHER)], key)
            for at in range(start, start + RECEIPTS, TOGETHER)
        ]
        for what, requests, each in (("single", single, 1), (f"{TOGETHER} a request", together, TOGETHER)):
            before = _arrived(send_id)
            for time_told in ("", ", told again"):
                seconds = _run(port, Path(home), requests)
                found.append((f"receipts a second, {what}{time_told}", round(len(requests) * each / seconds)))
                assert _arrived(send_id) - before == RECEIPTS, "a receipt was lost or counted twice"
    return found


def _arrived(send_id: int) -> int:
    """By the ledger; the tally has to agree."""
    ledger = query("SELECT count(*) FROM delivery WHERE send_id = %s AND state = 3", send_id)[0][0]
    tally = query("SELECT coalesce(sum(n), 0) FROM delivery_tally WHERE send_id = %s AND state = 3", send_id)[0][0]
    assert ledger == tally, f"{ledger} in the ledger, {tally} in the tally"
    return int(ledger)


def _run(port: int, home: Path, requests: list[bytes]) -> float:
    given = home / "requests"
    given.write_bytes(pickle.dumps(requests))
    command = [sys.executable, "-c", _CLIENT, str(port), str(CONNECTIONS), str(given)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _notify(reference: str) -> bytes:
    told = {
        "id": "740e5834-3a29-46b4-9a6f-16142fde533a", "reference": reference, "to": "07700900123",
        "status": "delivered", "created_at": "2026-11-20T10:00:00.000000Z",
        "completed_at": "2026-11-20T10:00:05.000000Z", "sent_at": None, "notification_type": "sms",
    }  # fmt: skip
    return _request("notify", json.dumps(told).encode(), "Authorization: Bearer bench")


def _sendgrid(named: list[str], key: ec.EllipticCurvePrivateKey) -> bytes:
    at = str(int(time.time()))
    same = {"email": "a@home.example", "timestamp": int(at), "event": "delivered", "sg_event_id": "e",
            "sg_message_id": "m", "response": "250 OK"}  # fmt: skip
    body = json.dumps([same | {"delivery": one} for one in named]).encode()
    signed = base64.b64encode(key.sign(at.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    prefix = "X-Twilio-Email-Event-Webhook"
    return _request("sendgrid", body, f"{prefix}-Signature: {signed}", f"{prefix}-Timestamp: {at}")


def _request(name: str, body: bytes, *headers: str) -> bytes:
    return b"\r\n".join([*(line.encode() for line in _lines(name, len(body), headers)), b"", body])


def _lines(name: str, length: int, headers: tuple[str, ...]) -> Iterator[str]:
    yield f"POST /webhooks/{name}/ HTTP/1.1"
    yield "Host: localhost"
    yield "Content-Type: application/json"
    yield f"Content-Length: {length}"
    yield from headers
