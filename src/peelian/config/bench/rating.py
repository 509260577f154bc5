"""`peelian bench ratings`: everybody rates an alert at once, by the link in their message."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.urls import reverse

from peelian.config.bench import pages
from peelian.config.bench.engine import query
from peelian.config.bench.report import Result, half_and_most
from peelian.config.bench.scratch import Scratch
from peelian.delivery import tokens

MEMBERS = 20_000
CONNECTIONS = 8
VALUES = 6

# A client that costs little: requests ready as bytes, kept connections, one request at a time on each. What it prints
# is a pickle: seconds in all, and of each request; it stops at the first answer that is not 200
CLIENT = """
import pickle, socket, sys, threading, time
port, connections = int(sys.argv[1]), int(sys.argv[2])
requests = pickle.load(open(sys.argv[3], "rb"))
wrong, times = [], []
def answer(opened):
    told = opened.recv(65536)
    head, _, body = told.partition(b"\\r\\n\\r\\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\\r")[0])
    while len(body) < length:
        body += opened.recv(65536)
    return head
def work(own):
    with socket.create_connection(("127.0.0.1", port)) as opened:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in own:
            begun = time.perf_counter()
            opened.sendall(request)
            head = answer(opened)
            times.append(time.perf_counter() - begun)
            if head[9:12] != b"200":
                wrong.append(head)
                return
threads = [threading.Thread(target=work, args=(requests[n::connections],)) for n in range(connections)]
begun = time.perf_counter()
for one in threads: one.start()
for one in threads: one.join()
assert not wrong, wrong[0]
sys.stdout.buffer.write(pickle.dumps((time.perf_counter() - begun, times)))
"""


def run(scratch: Scratch, members: int = MEMBERS) -> Result:
    """So many ratings, then each again with another number; beside the server's shortest page."""
    send, addresses = pages.sent_to_everybody(scratch, members)
    query("TRUNCATE alerts_rating")
    result = Result(f"ratings: {members:,} of one alert", ("what", "requests", "a second", "p50 ms", "p95 ms"))
    token = tokens.maker(send)
    with tempfile.TemporaryDirectory() as home, pages.server(Path(home)) as port:
        for what, later in (("first ratings", 0), ("each changed", 1)):
            requests = [_rate(token(one).decode(), (one + later) % VALUES + 1) for one in addresses]
            result.rows.append(measured(what, port, Path(home), requests))
            _check(addresses, later)
        result.rows.append(
            measured("/healthz, which asks for nothing", port, Path(home), [_plain("/healthz")] * members)
        )
    result.notes = [
        f"peelian web (gunicorn, 2 processes of 4 threads) on the loopback, {CONNECTIONS} kept connections; the client,"
        " the server and the database share the machine.",
        "Each is a signed link, a row and its entry in the audit trail, on disk before it is answered. All are there"
        " afterwards, each once; a request that fails ends the run.",
    ]
    return result


def measured(what: str, port: int, folder: Path, requests: list[bytes]) -> tuple[Any, ...]:
    """What REQUESTS took: how many, how many a second, and milliseconds each. Raises when one is not answered with
    200."""
    given = folder / "requests"
    given.write_bytes(pickle.dumps(requests))
    command = [sys.executable, "-c", CLIENT, str(port), str(CONNECTIONS), str(given)]
    seconds, times = pickle.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S301
    return (what, len(requests), round(len(requests) / seconds), *half_and_most(times))


def _rate(token: str, value: int) -> bytes:
    return _request("POST", reverse("alerts:rate", args=[token, value]))


def _plain(path: str) -> bytes:
    return _request("GET", path)


def _request(method: str, path: str) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".encode()


def _check(addresses: list[int], later: int) -> None:
    """Everybody's last word stands in the table, once."""
    wrong = query(
        "SELECT count(*) FILTER (WHERE value = (address_id + %s) %% %s + 1), count(*) FROM alerts_rating", later, VALUES
    )[0]
    assert wrong == (len(addresses), len(addresses)), f"{wrong} of {len(addresses)} ratings are right"
