"""peelian stop: end everything that runs from this PEELIAN_HOME, its database too."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from peelian.config import processes
from peelian.core import postgres


class Command(BaseCommand):
    help = "End everything that runs from this PEELIAN_HOME, its embedded database too."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        ended = processes.stop_all(settings.PEELIAN_HOME)
        database = settings.EMBEDDED_DATABASE and postgres.stop(settings.PEELIAN_HOME)
        parts = [f"{ended} process{'' if ended == 1 else 'es'} ended"] if ended else []
        parts += ["the database stopped"] if database else []
        self.stdout.write(" and ".join(parts).capitalize() + "." if parts else "Nothing was running.")
