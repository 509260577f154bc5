"""Local servers that speak as LibreTranslate and DeepL document it, and break when they are told to."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest

KEY = "a-key/with+signs"


class Reply(NamedTuple):
    status: int = 200
    body: Any = None
    after: float = 0.0  # seconds
    drop: bool = False  # hang up without a word


class Served:
    """`instead` come first, one for each request that translates."""

    def __init__(self) -> None:
        self.instead: deque[Reply] = deque()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.languages = ["ar", "fr", "pl", "ur", "zh"]
        self.say: Callable[[str, str], str] = upside_down
        self.address = ""

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def translated(self) -> list[dict[str, Any]]:
        return [body for path, body in self.asked if "translate" in path]


def upside_down(html: str, to: str) -> str:
    """A language in which every word outside elements that stay is itself in capitals between « and »."""
    kept = re.split(r"(<code .*?</code>|<[^>]+>|&\w+;)", html)
    return "".join(
        one if one[:1] in ("<", "&") else re.sub(r"[^\W\d_][\w']*", lambda w: f"«{w[0].upper()}»", one) for one in kept
    )


def libretranslate(served: Served, path: str, headers: dict[str, str], body: dict[str, Any]) -> Reply:
    if path == "/languages":
        rows = [{"code": "en", "name": "English", "targets": ["en", *served.languages]}]
        return Reply(body=rows + [{"code": one, "name": one, "targets": ["en"]} for one in served.languages])
    if body.get("api_key") != KEY:
        return Reply(403, {"error": "Please contact the server operator to get an API key"})
    if path == "/detect":
        urdu = any("\u0600" <= sign <= "\u06ff" for sign in body["q"])
        return Reply(body=[{"confidence": 92.0, "language": "ur" if urdu else "en"}])
    if body["target"] not in ["en", *served.languages]:
        return Reply(400, {"error": f"{body['target']} is not supported"})
    assert body["format"] in ("text", "html")
    # It resolves entities in what it gives back, of HTML too
    return Reply(body={"translatedText": [unescape(served.say(one, body["target"])) for one in body["q"]]})


def deepl(served: Served, path: str, headers: dict[str, str], body: dict[str, Any]) -> Reply:
    if headers.get("authorization") != f"DeepL-Auth-Key {KEY}":
        return Reply(403, "")
    if path == "/v2/languages?type=target":
        rows = [{"language": one.upper(), "name": one, "supports_formality": False} for one in served.languages]
        return Reply(body=[*rows, {"language": "EN-GB", "name": "English (British)"}])
    if len(body["text"]) > 50 or body["target_lang"] != body["target_lang"].upper():
        return Reply(400, {"message": "Value for 'target_lang' not supported."})
    urdu = any("\u0600" <= sign <= "\u06ff" for one in body["text"] for sign in one)
    found = body.get("source_lang") or ("UR" if urdu else "EN")
    said = [{"detected_source_language": found, "text": served.say(one, body["target_lang"])} for one in body["text"]]
    return Reply(body={"translations": said})


@contextmanager
def serving(speaks: Callable[[Served, str, dict[str, str], dict[str, Any]], Reply]) -> Iterator[Served]:
    served = Served()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(served, speaks))
    server.daemon_threads = True
    served.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def _handler(served: Served, speaks: Any) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def work(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(raw) if raw else {}
            served.asked.append((self.path, body))
            headers = {name.lower(): value for name, value in self.headers.items()}
            instead = served.instead.popleft() if served.instead and self.command == "POST" else None
            reply = instead or speaks(served, self.path, headers, body)
            time.sleep(reply.after)
            if reply.drop:
                self.close_connection = True
                return
            content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = work

        def handle(self) -> None:
            with suppress(ConnectionError):
                super().handle()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@pytest.fixture
def libre() -> Iterator[Served]:
    with serving(libretranslate) as one:
        yield one


@pytest.fixture
def deep() -> Iterator[Served]:
    with serving(deepl) as one:
        yield one
