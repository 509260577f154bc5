"""A clamd of the tests: it speaks the protocol over a real socket, and can be told to go wrong."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# The harmless file that every scanner finds (eicar.org), put together so that no scanner finds it in here
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner(socketserver.BaseRequestHandler):
    server: Any

    def handle(self) -> None:
        self.file = self.request.makefile("rb")
        command = b""
        while not command.endswith(b"\0"):
            command += self.file.read(1) or b"\0"
        self.server.commands.append(command)
        if command == b"zPING\0":
            self.request.sendall(b"PONG\0")
        elif command == b"zINSTREAM\0":
            self._scan()

    def _scan(self) -> None:
        found = b""
        while length := struct.unpack("!I", self.file.read(4))[0]:
            assert length <= 1 << 20
            found += self.file.read(length)
        self.server.scanned.append(found)
        how = self.server.how
        if how == "silent":
            self.file.read(1)  # until the other side hangs up
        elif how == "hangs-up":
            return
        elif how == "limit":
            self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        elif b"EICAR-STANDARD" in found:
            self.request.sendall(b"stream: Eicar-Signature FOUND\0")
        else:
            self.request.sendall(b"stream: ")
            self.request.sendall(b"OK\0")  # in two pieces, as networks have it


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def running(path: str = "") -> Iterator[Any]:
    """A scanner on loopback, or on a socket at PATH; `where` is how PEELIAN_CLAMD names it."""
    server: Any = _Unix(path, Scanner) if path else _Tcp(("127.0.0.1", 0), Scanner)
    server.how, server.scanned, server.commands = "", [], []
    server.where = f"unix:{path}" if path else f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
