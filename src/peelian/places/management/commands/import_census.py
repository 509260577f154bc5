"""peelian import census FILE.csv --topic T [--vintage V] [--boundary-vintage B] [--source TEXT] [--skip-bad FILE]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from peelian.audit.actions import COMMAND_LINE
from peelian.core import wording
from peelian.places import actions, topics
from peelian.places.census_files import TOLERANCE


class Command(BaseCommand):
    help = "Import a table about the people of areas; one of the same topic and vintage is replaced."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--topic", required=True, metavar="T", help=f"{', '.join(topics.KINDS)}, or a name of your own"
        )
        parser.add_argument("--vintage", default="", metavar="V", help="the year of the figures, such as 2021")
        parser.add_argument("--boundary-vintage", default="", metavar="B", help="the year of the areas’ borders")
        parser.add_argument("--source", default="", metavar="TEXT", help="who published it, as pages say it")
        parser.add_argument("--code", metavar="FIELD", help="the column that holds the areas’ codes")
        parser.add_argument(
            "--tolerance", type=int, default=TOLERANCE, metavar="N",
            help=f"how many people a total may differ from its parts ({TOLERANCE})",
        )  # fmt: skip
        parser.add_argument("--skip-bad", type=Path, metavar="FILE", help="write bad rows to FILE and import the rest")

    def handle(self, *, file: Path, topic: str, **options: Any) -> None:
        done = actions.import_census(
            file,
            topic=topic,
            by=COMMAND_LINE,
            vintage=options["vintage"].strip(),
            boundary_vintage=options["boundary_vintage"].strip(),
            source=options["source"].strip(),
            code_field=options["code"],
            tolerance=options["tolerance"],
            skip_bad=options["skip_bad"],
        )
        for warning in done.warnings:
            self.stderr.write(warning)
        if done.passed_over:
            self.stderr.write(f"Columns that are no category of {topic}, passed over: {', '.join(done.passed_over)}.")
        counted = f" of {wording.plural_count(done.areas, 'area')}" if done.areas else ""
        people = f", {wording.number(done.people)} people" if done.people else ""
        bad = f", {wording.plural_count(done.bad, 'bad row')} in {options['skip_bad']}" if done.bad else ""
        before = " They take the place of those there were." if done.replaced else ""
        self.stdout.write(f"{wording.plural_count(done.rows, 'row')}{counted}{people}{bad}.{before}")
