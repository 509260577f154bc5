"""peelian report board --period PERIOD [--areas CODE …] [--out FILE.pdf|FILE.html] [--public] [--json]
peelian report outreach --plan NUMBER [--out FILE.pdf] [--json]"""

import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from peelian.core import clock
from peelian.core.periods import NoSuchPeriod, Period
from peelian.core.wording import plural_count
from peelian.insight.checker import check_text
from peelian.insight.measures import queries as measures
from peelian.insight.outreach import plans, printed
from peelian.insight.papers import build, errors, files, text
from peelian.places import queries as places
from peelian.places.models import Area

KINDS = {".pdf": files.pdf, ".html": files.html}


class Command(BaseCommand):
    help = "Write the headline report of a period, with what the checker finds in it, or a plan of outreach on paper."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["board", "outreach"], help="the headline report, or a plan of outreach")
        parser.add_argument("--period", default="", help="of the headline report: 2018-09, 2018-Q3 or year-to-2018-09")
        parser.add_argument("--plan", type=int, metavar="NUMBER", help="of outreach: its number, as in its address")
        parser.add_argument("--areas", nargs="*", default=[], metavar="CODE", help="none: the whole force")
        parser.add_argument(
            "--out",
            type=Path,
            metavar="FILE",
            help="FILE.pdf or FILE.html (default: board-PERIOD.pdf or outreach-NUMBER.pdf)",
        )
        parser.add_argument("--public", action="store_true", help="hide small numbers and what nobody has signed")
        parser.add_argument("--json", action="store_true", help="print one line of JSON and nothing else")

    def handle(self, *, what: str, out: Path | None = None, **options: Any) -> None:
        if what == "outreach":
            self._outreach(options["plan"], out, options)
        else:
            self._board(options["period"], options.get("areas", []), out, options.get("public", False), options)

    def _outreach(self, number: int | None, out: Path | None, options: dict[str, Any]) -> None:
        began = time.monotonic()
        if number is None:
            raise CommandError("Name the plan with --plan NUMBER. Its number stands in the address of its page.")
        out = out or Path(f"outreach-{number}.pdf")
        if out.suffix.lower() != ".pdf":
            raise CommandError(f"{out} is not .pdf, and a plan of outreach is nothing else.")
        _write(out, printed.pdf(plans.plan_by_number(number), made_at=clock.now()))
        if options["json"]:
            self.stdout.write(json.dumps({"file": str(out), "seconds": round(time.monotonic() - began, 2)}))
        else:
            self.stdout.write(f"{out}: plan {number}.")

    def _board(self, period: str, areas: list[str], out: Path | None, public: bool, options: dict[str, Any]) -> None:
        began = time.monotonic()
        if not period:
            raise CommandError("Name the period with --period, such as 2018-09, 2018-Q3 or year-to-2018-09.")
        chosen, about = _period(period), [_area(code) for code in areas]
        out = out or Path(f"board-{chosen.name}.pdf")
        if out.suffix.lower() not in KINDS:
            raise CommandError(f"{out} is neither .pdf nor .html. Name a file that ends with one of them.")
        if not measures.definitions():
            raise errors.NoFigures
        data = build.build(chosen, [area for area in about if area], public=public, made_at=clock.now())
        _write(out, KINDS[out.suffix.lower()](data))
        words = text.markdown(data)
        found = [replace(one, place=text.where(words, one.line, one.place)) for one in check_text(words, out.name)]
        if options["json"]:
            said = {
                "file": str(out),
                "findings": [one.as_dict() for one in found],
                "seconds": round(time.monotonic() - began, 2),
            }
            self.stdout.write(json.dumps(said))
            return
        for one in found:
            sys.stderr.write(f"{one.as_line()}\n")
        self.stdout.write(f"{out}: {plural_count(len(found), 'contradiction')} found.")


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as problem:
        raise CommandError(f"{out} cannot be written: {problem.strerror}.") from problem


def _period(text_: str) -> Period:
    try:
        return Period.parse(text_)
    except NoSuchPeriod as problem:
        raise CommandError(str(problem)) from None


def _area(code: str) -> Area | None:
    found = places.area(code)
    return None if found.kind == Area.Kind.FORCE else found
