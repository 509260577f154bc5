"""peelian backup FILE: everything there is, in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from peelian.audit.actions import COMMAND_LINE, record
from peelian.config import backups


class Command(BaseCommand):
    help = "Write the whole database to FILE while everything goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            size = backups.backup(file)
        except backups.BackupProblem as problem:
            raise CommandError(str(problem)) from problem
        record("backup.made", "backup", "", by=COMMAND_LINE, bytes=size)  # the operations page asks for it
        self.stdout.write(f"Backed up to {file} ({size / 1e6:.1f} MB).")
