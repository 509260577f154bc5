"""peelian restore FILE: bring a backup back into an empty database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from peelian.config import backups


class Command(BaseCommand):
    help = "Bring a backup back into an empty database; refuses to overwrite one that holds anything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, metavar="KEYFILE", help="the age key of an encrypted backup")

    def handle(self, *, file: Path, identity: Path | None, **options: Any) -> None:
        try:
            backups.restore(file, identity=identity)
        except backups.BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"Restored from {file}.")
