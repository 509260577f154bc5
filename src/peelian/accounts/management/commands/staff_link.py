"""peelian staff link EMAIL: a new set-up link, for an administrator whom no other administrator can help."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from peelian.accounts import actions, links
from peelian.accounts.errors import NoSuchStaff
from peelian.accounts.models import Staff
from peelian.audit.actions import COMMAND_LINE


class Command(BaseCommand):
    help = "Print a new one-time set-up link; the password and second step of the account end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *, email: str, **options: Any) -> None:
        staff = Staff.objects.filter(email=email.lower()).first()
        if staff is None:
            raise NoSuchStaff(f"Nobody has an account with the address {email}.")
        link = actions.make_link(staff=staff, by=COMMAND_LINE)
        self.stdout.write(f"Open this once within {links.GOOD_FOR.days} days:\n{link}")
