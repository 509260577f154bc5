"""peelian import areas FILE --kind KIND [--code FIELD] [--name FIELD] [--parent-code FIELD] [--vintage V]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from peelian.audit.actions import COMMAND_LINE
from peelian.places import actions
from peelian.places.models import Area
from peelian.places.readers import FileProblem


class Command(BaseCommand):
    help = "Import areas of one kind from GeoJSON, KML or GeoPackage; all or nothing, kept by code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=Area.Kind.values)
        parser.add_argument("--code", metavar="FIELD", help="the field that holds the code")
        parser.add_argument("--name", metavar="FIELD", help="the field that holds the name")
        parser.add_argument("--parent-code", metavar="FIELD", help="the field that holds the code of the area above")
        parser.add_argument("--vintage", default="", help="the year of the boundaries, as in the tables made for them")
        either = parser.add_mutually_exclusive_group()  # an area that cannot be read has not ended
        either.add_argument("--replace", action="store_true", help="end today the areas that the file lacks")
        either.add_argument("--skip-bad", type=Path, metavar="FILE", help="write bad features to FILE, import the rest")

    def handle(self, *, file: Path, kind: str, **options: Any) -> None:
        try:
            done = actions.import_areas(
                file,
                kind=kind,
                code_field=options["code"],
                name_field=options["name"],
                parent_field=options["parent_code"],
                replace=options["replace"],
                vintage=options["vintage"],
                skip_bad=options["skip_bad"],
                by=COMMAND_LINE,
            )
        except FileProblem as problem:
            raise CommandError(str(problem)) from problem
        for repair in done.repaired:
            self.stderr.write(f"Repaired {repair}")
        said = f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged"
        self.stdout.write(f"{said}, {done.bad} bad features in {options['skip_bad']}." if done.bad else f"{said}.")
