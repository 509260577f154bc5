"""A real server on a real port in the middle of a test: it shares the test's connection, so it sees the test's rows
and goes with them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def staying_open() -> Iterator[None]:
    """Requests leave the connection as it is, which otherwise would be closed in the middle of a test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@contextmanager
def served() -> Iterator[str]:
    """Its address, "http://127.0.0.1:40123". One request at a time; the test asks nothing of the database
    meanwhile."""
    ours, handler = connections["default"], WSGIHandler()

    def application(environ: Any, start: Any) -> Any:
        connections["default"] = ours  # of the server's thread
        return handler(environ, start)

    server = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
    ours.inc_thread_sharing()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        with staying_open():
            yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        ours.dec_thread_sharing()
