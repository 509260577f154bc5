"""peelian lmtp: the door for mail that comes back, and for complaints."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from peelian.config import env, processes, serving
from peelian.delivery.incoming import lmtp


class Command(BaseCommand):
    help = "Take in mail for the mail domain by LMTP until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--listen", default="", help="host:port or unix:/path; without it PEELIAN_LMTP_LISTEN")

    def handle(self, *, listen: str, **options: Any) -> None:
        serving.refuse_wrong_database()
        where = env.listening_at(listen, "--listen") or settings.PEELIAN_LMTP_LISTEN
        if not where:
            raise CommandError("Say where to listen: --listen 127.0.0.1:2424, or PEELIAN_LMTP_LISTEN.")
        with processes.noted(settings.PEELIAN_HOME):
            try:
                lmtp.main(where)
            except OSError as problem:
                raise CommandError(f"It cannot listen at {where}: {problem.strerror}.") from problem
