"""A wire between browser and server that can be cut, and that can lose one answer on the way."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

BLANK = b"\r\n\r\n"


class Wire:
    """Passes bytes on, both ways. `cut()` ends every connection and takes no new one; `mend()` takes them again.
    `lose_answer_to(start)` lets the next request that begins so reach the server, waits for the whole answer there and
    ends the connection once its head has been passed on. (Where nothing at all comes back, Chromium asks again by
    itself.)"""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._whole = True
        self._lose = b""
        self.lost = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        self._whole = False
        with self._lock:
            for one in list(self._open):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._whole = True

    def lose_answer_to(self, start: bytes) -> None:
        self._lose = start

    def close(self) -> None:
        self.cut()
        self._listening.close()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if self._whole:
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()
            else:
                near.close()

    def _connect(self, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", self._to)) as far:
            with self._lock:
                self._open |= {near, far}
            losing = threading.Event()
            back = threading.Thread(target=self._pass_back, args=(far, near, losing), daemon=True)
            back.start()
            with contextlib.suppress(OSError):
                while data := near.recv(65536):
                    if self._lose and data.startswith(self._lose):
                        self._lose = b""
                        losing.set()
                    far.sendall(data)
                far.shutdown(socket.SHUT_WR)
            back.join()
            with self._lock:
                self._open -= {near, far}

    def _pass_back(self, far: socket.socket, near: socket.socket, losing: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := far.recv(65536):
                if losing.is_set():
                    near.sendall(data.partition(BLANK)[0] + BLANK)
                    _to_the_end(far)
                    self.lost += 1
                    break
                near.sendall(data)
        with contextlib.suppress(OSError):
            near.shutdown(socket.SHUT_RDWR)


def _to_the_end(far: socket.socket) -> None:
    """Read on until nothing more comes: what the request did is done."""
    far.settimeout(1)
    with contextlib.suppress(TimeoutError):
        while far.recv(65536):
            pass


@contextlib.contextmanager
def wire_to(base: str) -> Iterator[Wire]:
    """A wire to the server at BASE (http://localhost:PORT)."""
    wire = Wire(int(base.rpartition(":")[2]))
    try:
        yield wire
    finally:
        wire.close()
