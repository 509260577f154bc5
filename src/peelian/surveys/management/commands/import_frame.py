"""peelian import frame FILE.csv --survey REF [--dry-run] [--skip-bad FILE]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from peelian.audit.actions import COMMAND_LINE
from peelian.core.wording import plural_count
from peelian.surveys.errors import NoSuchSurvey
from peelian.surveys.frames import importing
from peelian.surveys.frames.rules import WORDS, Reason
from peelian.surveys.models import Survey


class Command(BaseCommand):
    help = "Import the people of a survey of victims (docs/how-to/victim-survey.md names the columns). Sends nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--survey", required=True, metavar="REF", help="the survey, as its address names it")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--skip-bad", type=Path, metavar="FILE", help="write bad rows to FILE and import the rest")

    def handle(self, *, file: Path, survey: str, dry_run: bool, skip_bad: Path | None, **options: Any) -> None:
        found = Survey.objects.select_related("team").filter(ref=survey).first()
        if found is None:
            raise NoSuchSurvey(f"There is no survey {survey[:20]}. Its address on the staff pages ends with its name.")
        done = importing.import_file(file, survey=found, by=COMMAND_LINE, dry_run=dry_run, skip_bad=skip_bad)
        for reason in Reason:
            if number := done.frame.left_out.get(reason):
                self.stdout.write(f"{number:>7,}  left out: {WORDS[reason]}")
        bad = f"; {plural_count(len(done.bad), 'bad row')} in {skip_bad}" if done.bad else ""
        self.stdout.write(f"{done.said}{bad}.{' That was a trial: nothing was kept.' if dry_run else ''}")
