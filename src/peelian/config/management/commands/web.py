"""peelian web: the web server alone."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from peelian.config import processes, serving


class Command(BaseCommand):
    help = "Serve the pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--workers", type=int, default=2, help="processes, each with four threads")

    def handle(self, *, port: int, host: str, workers: int, **options: Any) -> None:
        serving.refuse_wrong_database()
        serving.refuse_taken_port(host, port)
        serving.collect_static_files()
        shown = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host  # noqa: S104
        self.stdout.write(f"{settings.PEELIAN_SERVICE_NAME} is at http://{shown}:{port}/")
        self.stdout.flush()
        with processes.noted(settings.PEELIAN_HOME):
            serving.Server({"bind": f"{host}:{port}", "workers": workers, "threads": 4}).run()
