"""peelian import crime FILE.csv… [--reported-by FORCE] [--skip-bad FILE]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from peelian.audit.actions import COMMAND_LINE
from peelian.core.wording import number, plural_count
from peelian.insight.crime import actions


class Command(BaseCommand):
    help = "Count street crime, outcomes or stop and search of data.police.uk by area, type and month."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--reported-by", default="", metavar="FORCE", help="where the file does not say it")
        parser.add_argument("--skip-bad", type=Path, metavar="FILE", help="write bad rows to FILE and count the rest")

    def handle(self, *, files: list[Path], **options: Any) -> None:
        skip_bad = options["skip_bad"]
        done = actions.import_crime(
            files, by=COMMAND_LINE, reported_by=options["reported_by"].strip(), skip_bad=skip_bad
        )
        for file in done.files:
            said = (
                f"{file.month:%Y-%m}, {file.reported_by}: {plural_count(file.rows, 'row')}, {number(file.counted)} in"
                f" the force’s area, {number(file.outside)} outside, {number(file.without_place)} without a place."
            )
            self.stdout.write(said)
        parts = [plural_count(len(done.files) - done.unchanged - done.replaced, "new month")]
        parts += [f"{done.replaced} replaced"] if done.replaced else []
        parts += [f"{done.unchanged} unchanged"] if done.unchanged else []
        parts += [f"{plural_count(done.bad, 'bad row')} in {skip_bad}"] if done.bad else []
        self.stdout.write(f"{', '.join(parts)}.")
