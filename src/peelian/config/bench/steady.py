"""Visitors who come at a steady pace, whether or not the server keeps up: an answer's time counts from when it was due,
so that a server that falls behind shows it (no coordinated omission). Run by its path: the standard library is enough.
"""

from __future__ import annotations

import pickle
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_ASK = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0 (Linux; Android 10; K) Mobile\r\n"
    "Accept: text/html\r\nAccept-Encoding: {accepts}\r\nConnection: keep-alive\r\n\r\n"
)


@dataclass(frozen=True)
class Went:
    """Seconds of each answer from when it was due, bytes of the largest, seconds in all, the visitors' own processor
    seconds."""

    times: list[float]
    largest: int
    seconds: float
    processor: float


def run(
    port: int, folder: Path, *, paths: list[str], rate: int, seconds: int, at_once: int = 24, accepts: str = "gzip, br"
) -> Went:
    """RATE requests a second for so many SECONDS, over PATHS in turn. AssertionError where an answer was no page."""
    given = folder / "steady"
    given.write_bytes(pickle.dumps((port, paths, rate, seconds, at_once, accepts)))
    ended = subprocess.run([sys.executable, __file__, str(given)], capture_output=True)
    assert not ended.returncode, ended.stderr.decode()[-2_000:]
    return Went(*pickle.loads(ended.stdout))  # noqa: S301


def _answer(opened: socket.socket) -> int:
    """Read one whole answer; returns its bytes."""
    told = b""
    while b"\r\n\r\n" not in told:
        told += _more(opened)
    head, _, body = told.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    if b" 200 " not in lines[0]:
        raise SystemExit(lines[0].decode())
    lengths = [int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")]
    missing = lengths[0] - len(body)
    while missing > 0:
        missing -= len(_more(opened))
    return len(head) + 4 + lengths[0]


def _more(opened: socket.socket) -> bytes:
    got = opened.recv(65_536)
    if not got:
        raise SystemExit("The server hung up.")
    return got


def _main(given: Path) -> tuple[list[float], int, float, float]:
    port, paths, rate, seconds, at_once, accepts = pickle.loads(given.read_bytes())  # noqa: S301
    asks = [_ASK.format(path=path, accepts=accepts).encode() for path in paths]
    times: list[float] = []
    sizes: list[int] = []
    wrong: list[str] = []
    number = iter(range(rate * seconds))
    taking = threading.Lock()
    begun = time.perf_counter() + 0.2

    def visit() -> None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as opened:
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while not wrong:
                    with taking:
                        mine = next(number, None)
                    if mine is None:
                        return
                    due = begun + mine / rate
                    time.sleep(max(0.0, due - time.perf_counter()))
                    opened.sendall(asks[mine % len(asks)])
                    sizes.append(_answer(opened))
                    times.append(time.perf_counter() - due)
        except (SystemExit, OSError) as problem:
            wrong.append(str(problem))

    threads = [threading.Thread(target=visit) for _ in range(at_once)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if wrong:
        raise SystemExit(wrong[0])
    return times, max(sizes), time.perf_counter() - begun, time.process_time()


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(_main(Path(sys.argv[1]))))
