"""Many browsers at once, in a process of their own that costs little: requests are bytes, answers are searched and not
parsed. Run by its path (`run` does): the standard library is all it needs.

A visitor is one browser: a connection that is kept, a cookie jar, a network of their own, and the headers that browsers
send. They open a page, read the form's token in it, post what is filled in and follow where it leads. The first answer
that is not the expected one ends the run.
"""

from __future__ import annotations

import pickle
import re
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

TOKEN = re.compile(rb'csrfmiddlewaretoken" value="(\w+)"')
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: ([^=]+)=([^;\r]*)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: ([^\r]*)", re.IGNORECASE)
BROWSER = (
    "Host: localhost\r\nUser-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36\r\n"
    "Accept: text/html,application/xhtml+xml\r\nAccept-Language: en-GB,en;q=0.9\r\nAccept-Encoding: gzip\r\n"
    "Connection: keep-alive\r\n"
)
Step = tuple[str, list[tuple[str, str]], str]  # path, what is filled in ({n} is the visitor's number), where it leads


class Unexpected(Exception):
    """An answer that is not the expected one."""


@dataclass
class Visit:
    """One browser."""

    port: int
    number: int
    cookies: dict[bytes, bytes] = field(default_factory=dict)

    def __enter__(self) -> Visit:
        self.opened = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        n = self.number
        self.headers = f"{BROWSER}X-Forwarded-For: {20 + (n >> 16)}.{n >> 8 & 255}.{n & 255}.1\r\n".encode()
        return self

    def __exit__(self, *_: object) -> None:
        self.opened.close()

    def ask(self, method: str, path: str, fields: list[tuple[str, str]] | None = None) -> tuple[int, bytes, bytes]:
        """(status, head, body)."""
        body = urlencode(fields).encode() if fields is not None else b""
        parts = [f"{method} {path} HTTP/1.1\r\n".encode(), self.headers]
        if self.cookies:
            parts += [b"Cookie: ", b"; ".join(b"%s=%s" % pair for pair in self.cookies.items()), b"\r\n"]
        if method == "POST":
            kind = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n"
            parts.append(kind % len(body))
        self.opened.sendall(b"".join([*parts, b"\r\n", body]))
        head, text = self._answer()
        self.cookies.update(COOKIE.findall(head))
        return int(head[9:12]), head, text

    def _answer(self) -> tuple[bytes, bytes]:
        told = b""
        while b"\r\n\r\n" not in told:
            told += self._more()
        head, _, text = told.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        pieces, missing = [text], int(length[1]) - len(text) if length else 0
        while missing > 0:
            pieces.append(self._more())
            missing -= len(pieces[-1])
        return head, b"".join(pieces)

    def _more(self) -> bytes:
        got = self.opened.recv(65536)
        if not got:
            raise Unexpected("The server hung up.")
        return got

    def go_through(self, steps: list[Step]) -> None:
        """Every page: opened, filled in, posted; and the page that the last one leads to."""
        for path, fields, leads_to in steps:
            status, _, text = self.ask("GET", path)
            token = TOKEN.search(text)
            if status != 200 or not token:
                raise Unexpected(f"{path}: {status}")
            given = [(name, value.format(n=self.number)) for name, value in fields]
            status, head, text = self.ask("POST", path, [*given, ("csrfmiddlewaretoken", token[1].decode())])
            to = LOCATION.search(head)
            if status != 302 or not to or to[1].decode() != leads_to:
                wrong = text[text.find(b"govuk-error-summary") :][:600].decode(errors="replace")
                raise Unexpected(f"POST {path}: {status} {wrong}")
        self._expect_a_page("GET", steps[-1][2])

    def _expect_a_page(self, method: str, path: str) -> None:
        status = self.ask(method, path)[0]
        if status != 200:
            raise Unexpected(f"{method} {path}: {status}")

    def press(self, requests: list[tuple[str, str]], times: list[float]) -> None:
        """(method, path), one after the other, each a page; TIMES gets the seconds of each."""
        for method, path in requests:
            begun = time.perf_counter()
            self._expect_a_page(method, path)
            times.append(time.perf_counter() - begun)


@dataclass(frozen=True)
class Went:
    """How it went: seconds in all and of each, and the visitors' own processor seconds."""

    seconds: float
    times: list[float]
    processor: float


def run(port: int, at_once: int, folder: Path, **work: Any) -> Went:
    """So many visitors AT_ONCE, in another process: `steps` and the numbers of the `people` who go through them, or
    `requests`.
    AssertionError with what was answered when anything else than the expected was."""
    given = folder / "visitors"
    given.write_bytes(pickle.dumps(work))
    ended = subprocess.run([sys.executable, __file__, str(port), str(at_once), str(given)], capture_output=True)
    assert not ended.returncode, ended.stderr.decode()[-2_000:]
    return Went(*pickle.loads(ended.stdout))  # noqa: S301


def _main(port: int, at_once: int, work: dict[str, Any]) -> tuple[float, list[float], float]:
    times: list[float] = []
    wrong: list[str] = []

    def join(number: int) -> None:
        begun = time.perf_counter()
        with Visit(port, number) as one:
            one.go_through(work["steps"])
        times.append(time.perf_counter() - begun)

    def visit(first: int) -> None:
        try:
            if "people" not in work:
                with Visit(port, first) as one:
                    one.press(work["requests"][first::at_once], times)
                return
            for number in work["people"][first::at_once]:
                if wrong:
                    return
                join(number)
        except (Unexpected, OSError) as problem:
            wrong.append(str(problem))

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(at_once)]
    begun = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if wrong:
        raise SystemExit(wrong[0])
    return time.perf_counter() - begun, times, time.process_time()


if __name__ == "__main__":
    with Path(sys.argv[3]).open("rb") as asked:
        found = _main(int(sys.argv[1]), int(sys.argv[2]), pickle.load(asked))  # noqa: S301
    sys.stdout.buffer.write(pickle.dumps(found))
