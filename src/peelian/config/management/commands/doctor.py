"""peelian doctor: what is wrong with this installation, in words."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from peelian.config import doctor


class Command(BaseCommand):
    help = "Say what is wrong with this installation; exit code 1 if anything is."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        wrong = 0
        for check in doctor.CHECKS:
            problems = check()
            wrong += len(problems)
            for problem in problems:
                self.stdout.write(f"✗ {problem}")
            if not problems:
                self.stdout.write(f"✓ {(check.__doc__ or '').strip().splitlines()[0]}")
        self.stdout.write("Nothing is wrong." if not wrong else f"{wrong} thing{'' if wrong == 1 else 's'} to mend.")
        if wrong:
            sys.exit(1)
