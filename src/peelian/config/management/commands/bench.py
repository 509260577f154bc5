"""peelian bench NAME [--json] [--members N]: measure, each beside its peer where there is one."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from peelian.config.bench import delivering, insight, report
from peelian.config.bench.runs import BENCHES
from peelian.config.bench.scratch import database, drop_kept

PARTS = {"delivery": tuple(delivering.PARTS), "insight": (*insight.STEPS, "drop"), "website": ("fill",)}


class Command(BaseCommand):
    help = "Measure in a scratch database that is dropped afterwards. NAME is one of: all, " + ", ".join(BENCHES) + "."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=["all", *BENCHES])
        parser.add_argument("--members", type=int, help="how many residents, in place of each benchmark's own size")
        parts = ", ".join(f"{name}: {', '.join(parts)}" for name, parts in PARTS.items())
        parser.add_argument("--part", help=f"only this part. Of {parts}")
        parser.add_argument(
            "--keep",
            action="store_true",
            help="of insight and website: keep the filled database for the next time",
        )
        parser.add_argument("--json", action="store_true", help="one line of JSON and nothing else")

    def handle(self, *, name: str, members: int | None, part: str | None, **options: Any) -> None:
        if not settings.EMBEDDED_DATABASE:
            raise CommandError("peelian bench makes a scratch database in the embedded server: unset DATABASE_URL.")
        if members is not None and members < 100:
            raise CommandError("--members should be at least 100.")
        if part is not None and part not in PARTS.get(name, ()):
            raise CommandError(f"--part is of {' or '.join(f'peelian bench {one}' for one in PARTS)}, and named there.")
        if options["keep"] and name not in ("insight", "website"):
            raise CommandError("--keep is of peelian bench insight and website.")
        if part == "drop":
            drop_kept()
            return
        found = []
        with database(keep=options["keep"]) as scratch:
            for bench in BENCHES if name == "all" else [name]:
                result = BENCHES[bench](scratch, members, part)
                found.append(result)
                if not options["json"]:
                    self.stdout.write(f"{result.as_text()}\n")
                    self.stdout.flush()
            if options["json"]:
                self.stdout.write(json.dumps({"machine": report.machine(), "results": [r.as_data() for r in found]}))
            else:
                self.stdout.write(report.machine_text())
