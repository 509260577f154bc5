"""peelian import severity FILE.csv --weights NAME [--source TEXT]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from peelian.audit.actions import COMMAND_LINE
from peelian.core.wording import plural_count
from peelian.insight.crime import actions


class Command(BaseCommand):
    help = "Import weights of severity (columns crime_type, weight); a version of the same name is replaced."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--weights", required=True, metavar="NAME", help="the version’s name, such as ons-2024")
        parser.add_argument("--source", default="", metavar="TEXT", help="who made them")

    def handle(self, *, file: Path, weights: str, **options: Any) -> None:
        found = actions.import_severity(
            file, version=weights.strip(), by=COMMAND_LINE, source=options["source"].strip()
        )
        self.stdout.write(f"{plural_count(found, 'type')} of crime weighed by {weights}.")
