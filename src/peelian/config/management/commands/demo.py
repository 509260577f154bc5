"""peelian demo [--members N] [--seed S]: the fictional demonstration force, in an empty database."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from peelian.config.demo import filling, staff
from peelian.core import installation


class Command(BaseCommand):
    help = "Fill an empty database with the fictional Heartshire Police, and print who may sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--members", type=int, default=filling.MEMBERS, help="how many residents (default 20,000)")
        parser.add_argument("--seed", type=int, default=filling.SEED, help="the same number gives the same force")
        parser.add_argument(
            "--if-empty", action="store_true", help="where the demonstration is there already, only say who may sign in"
        )

    def handle(self, *, members: int, seed: int, if_empty: bool, **options: Any) -> None:
        if if_empty and installation.is_demo():
            self.stdout.write("The demonstration is there already.\n")
            self._print_sign_ins(staff.first_sign_ins())
            return
        if members < 1 or seed < 0:
            raise CommandError("--members should be at least 1, and --seed 0 or more.")
        if not filling.is_empty():
            raise CommandError(
                "This database is not empty, and the demonstration force goes into an empty one only."
                " Use another PEELIAN_HOME."
            )
        self.stderr.write("Making a fictional force. It takes a minute or two.")
        filled = filling.fill(members=members, seed=seed, tell=lambda step: self.stderr.write(f"  {step} …"))
        self.stdout.write(
            f"Heartshire Police: {filled.members:,} residents, {filled.alerts:,} alerts of the last year.\n"
        )
        self._print_sign_ins(filled.signs_in)

    def _print_sign_ins(self, signs_in: list[tuple[str, str, str]]) -> None:
        rows = [("email", "role", "area"), *signs_in]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        self.stdout.write(f"\nThe password of all of them: {staff.PASSWORD}")
        if home := staff.a_postcode():
            self.stdout.write(f"A postcode to join with, in {home[1]}: {home[0]}")
        if not settings.PEELIAN_DEMO:
            self.stdout.write("This database serves with PEELIAN_DEMO=1 only.")
