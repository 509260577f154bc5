"""peelian import measures FILE.csv [--skip-bad FILE]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from peelian.audit.actions import COMMAND_LINE
from peelian.core.wording import plural_count
from peelian.insight.measures import importing


class Command(BaseCommand):
    help = "Import observations of measures (docs/reference/measures.md names the columns)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--skip-bad", type=Path, metavar="FILE", help="write bad rows to FILE and import the rest")

    def handle(self, *, file: Path, skip_bad: Path | None, **options: Any) -> None:
        done = importing.import_file(file, by=COMMAND_LINE, skip_bad=skip_bad)
        for remark in done.remarks:
            self.stderr.write(remark)
        bad = f", {plural_count(len(done.bad), 'bad row')} in {skip_bad}" if done.bad else ""
        self.stdout.write(f"{done.said}{bad}.")
