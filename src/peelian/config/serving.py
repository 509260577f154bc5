"""What the long-running commands share: the web server, the static files, and the refusal of a wrong database."""

import hashlib
import socket
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from peelian.core import garbage, installation
from peelian.delivery import ask_carriers


class Log(Logger):  # type: ignore[misc]
    """Gunicorn's own news go where ours go and in the same form (core.logging); requests it does not log at all."""

    def setup(self, cfg: Any) -> None:
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel("WARNING")
        self.access_log.disabled = True

    def access(self, *_: Any) -> None:
        """Not even the question whether to."""


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our options and without its own log lines: requests are logged by core.middleware."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = {"worker_class": "gthread", "graceful_timeout": 10, "logger_class": Log, **options}
        super().__init__()

    def load_config(self) -> None:
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        from peelian.config.wsgi import application

        garbage.settle()
        return application


def refuse_wrong_database() -> None:
    """A demo database serves only in demo mode, and demo mode serves nothing else: neither is taken for the other."""
    demo = installation.is_demo()
    if demo and not settings.PEELIAN_DEMO:
        raise CommandError(
            "This database holds the demonstration force. Set PEELIAN_DEMO=1, or use another PEELIAN_HOME."
        )
    if settings.PEELIAN_DEMO and not demo:
        raise CommandError(
            "PEELIAN_DEMO=1 serves demonstration databases only, and this one is not. Run peelian demo on an empty one."
        )


def refuse_wrong_mail_server() -> None:
    """A mail server that cannot be meant is said now, not when the first alert fails."""
    if wrong := ask_carriers.smtp_problem():
        raise CommandError(wrong)


def refuse_taken_port(host: str, port: int) -> None:
    """Say so at once when another program listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise CommandError(
                f"Port {port} cannot be used: {problem.strerror}. Choose another with --port."
            ) from problem


def collect_static_files() -> None:
    """Copy and compress the static files when any has changed since the last time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(f"{name}{storage.get_modified_time(name)}".encode())
    stamp = settings.STATIC_ROOT / ".stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(digest.hexdigest())
