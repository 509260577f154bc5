"""peelian import postcodes FILE.csv [--skip-bad FILE]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from peelian.audit.actions import COMMAND_LINE
from peelian.places import actions


class Command(BaseCommand):
    help = "Import postcodes and their positions (columns postcode, latitude, longitude; others are passed over)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--skip-bad", type=Path, metavar="FILE", help="write bad rows to FILE and import the rest")

    def handle(self, *, file: Path, skip_bad: Path | None, **options: Any) -> None:
        done = actions.import_postcodes(file, by=COMMAND_LINE, skip_bad=skip_bad)
        said = f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged"
        bad = f", {done.bad} bad {'row' if done.bad == 1 else 'rows'} in {skip_bad}" if done.bad else ""
        self.stdout.write(f"{said}{bad}.")
