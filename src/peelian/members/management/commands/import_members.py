"""peelian import members FILE.csv [--dry-run] [--skip-bad FILE] [--json]"""

import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from peelian.audit.actions import COMMAND_LINE
from peelian.members.importing import importer


class Command(BaseCommand):
    help = "Import members from a CSV file; all or nothing, kept by external_id. Sends nothing to anybody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--skip-bad", type=Path, metavar="FILE", help="write bad rows to FILE and import the rest")
        parser.add_argument("--json", action="store_true", help="print one line of JSON and nothing else")

    def handle(self, *, file: Path, dry_run: bool, skip_bad: Path | None, **options: Any) -> None:
        began = time.monotonic()
        try:
            done = self._run(file, dry_run, skip_bad)
        except importer.BadRows as problem:
            if options["json"]:
                self._print_json(problem.outcome, dry_run, began)
            raise
        for warning in done.warnings:
            self.stderr.write(warning)
        if options["json"]:
            self._print_json(done, dry_run, began)
        else:
            self.stdout.write(_sentence(done, dry_run, skip_bad))

    def _run(self, file: Path, dry_run: bool, skip_bad: Path | None) -> importer.Outcome:
        if not sys.stderr.isatty():
            return importer.run(file, by=COMMAND_LINE, dry_run=dry_run, skip_bad=skip_bad)
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Reading")

            def show(said: str, done: int, of: int) -> None:
                bar.update(task, description=said, completed=done, total=of)

            return importer.run(file, by=COMMAND_LINE, dry_run=dry_run, skip_bad=skip_bad, progress=show)

    def _print_json(self, done: importer.Outcome, dry_run: bool, began: float) -> None:
        said = asdict(done) | {"dry_run": dry_run, "seconds": round(time.monotonic() - began, 2)}
        said.pop("warnings")
        self.stdout.write(json.dumps(said))


def _sentence(done: importer.Outcome, dry_run: bool, skip_bad: Path | None) -> str:
    said = f"{done.new:,} new, {done.changed:,} changed, {done.unchanged:,} unchanged"
    if done.bad:
        said += f", {done.bad:,} bad {'row' if done.bad == 1 else 'rows'} in {skip_bad}"
    return f"{said}. That was a trial: nothing was kept." if dry_run else f"{said}."
