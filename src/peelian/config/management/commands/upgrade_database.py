"""peelian upgrade-database: bring the embedded database over to the PostgreSQL that this installation runs."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from peelian.config import upgrade


class Command(BaseCommand):
    help = "Bring the embedded database over from an older PostgreSQL; the old directory is kept under another name."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        if not settings.EMBEDDED_DATABASE:
            raise CommandError("DATABASE_URL names a server of your own: upgrade it with its own tools.")
        done = upgrade.upgrade(settings.PEELIAN_HOME)
        if done is None:
            self.stdout.write("There is nothing to bring over: no database of an older PostgreSQL is here.")
            return
        self.stdout.write(
            f"The database is now PostgreSQL {done.after}'s. The old one, PostgreSQL {done.before}'s, is kept in"
            f" {done.kept}: remove it once you are content."
        )
