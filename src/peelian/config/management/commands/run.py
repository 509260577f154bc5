"""peelian run: the web server and the background work in one go."""

import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from peelian.config import processes, serving


class Command(BaseCommand):
    help = "Serve the pages and do the background work until stopped (Ctrl-C)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")

    def handle(self, *, port: int, host: str, **options: Any) -> None:
        serving.refuse_wrong_database()
        serving.refuse_taken_port(host, port)
        serving.refuse_wrong_mail_server()
        base = [sys.executable, "-m", "peelian.config.cli"]
        with processes.noted(settings.PEELIAN_HOME):
            children = [
                subprocess.Popen([*base, *words], env=_environment(port))
                for words in (["web", "--port", str(port), "--host", host], ["worker"])
            ]
            if settings.PEELIAN_LMTP_LISTEN:
                children.append(subprocess.Popen([*base, "lmtp"]))
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            try:
                while all(child.poll() is None for child in children):
                    time.sleep(0.2)
            except KeyboardInterrupt:
                pass
            finally:
                _end(children)
        if any(child.returncode not in (0, -signal.SIGTERM, -signal.SIGINT) for child in children):
            sys.exit(1)


def _environment(port: int) -> dict[str, str]:
    """Where nobody said at which address residents find us, it is this machine at the port that is served: or the links
    in every email and poster would lead to another."""
    address = os.environ.get("PEELIAN_BASE_URL") or f"http://localhost:{port}"
    return {**os.environ, "PEELIAN_BASE_URL": address}


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
