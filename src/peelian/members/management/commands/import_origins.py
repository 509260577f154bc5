"""peelian import origins FILE.csv [--skip-bad FILE]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from peelian.audit.actions import COMMAND_LINE
from peelian.core.wording import number, plural_count
from peelian.members import vendor_codes


class Command(BaseCommand):
    help = "Import a vendor's codes of members (columns external_id, origin_code). Seen in aggregate only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--skip-bad", type=Path, metavar="FILE", help="write bad rows to FILE and import the rest")

    def handle(self, *, file: Path, skip_bad: Path | None, **options: Any) -> None:
        done = vendor_codes.import_origins(file, by=COMMAND_LINE, skip_bad=skip_bad)
        bad = f", {plural_count(done.bad, 'bad row')} in {skip_bad}" if done.bad else ""
        self.stdout.write(f"{plural_count(done.rows, 'row')}, {number(done.changed)} changed{bad}.")
