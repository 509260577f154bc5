"""peelian staff add EMAIL --role ROLE: an account, and the one-time link with which it is set up."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.core.validators import validate_email

from peelian.accounts import actions, links, queries
from peelian.accounts.errors import NoSuchRole
from peelian.accounts.roles import Role
from peelian.audit.actions import COMMAND_LINE
from peelian.core.errors import RuleBroken
from peelian.core.wording import listed
from peelian.places import queries as places


class Command(BaseCommand):
    help = "Add a staff account and print its one-time set-up link, good for seven days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--role", required=True, help=listed(Role.values))
        parser.add_argument("--area", action="append", default=[], metavar="CODE", help="repeatable; none: the force")
        parser.add_argument("--team", metavar="NAME", help="by default the force's team")
        parser.add_argument("--name", default="", help="the person's name")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *, email: str, role: str, area: list[str], team: str | None, name: str, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as problem:
            raise RuleBroken(f"{email} is not an email address.") from problem
        if role not in Role.values:
            raise NoSuchRole(f"There is no role {role!r}. There are: {listed(Role.values)}.")
        staff = actions.add_staff(
            email=email,
            role=role,
            name=name,
            areas=[places.area(code) for code in area],
            teams=[queries.team_named(team) if team else queries.force_team()],
            by=COMMAND_LINE,
        )
        link = links.make(staff)
        if options["json"]:
            said = {"email": staff.email, "role": staff.role, "areas": area, "link": link, "days": links.GOOD_FOR.days}
            self.stdout.write(json.dumps(said))
            return
        self.stdout.write(f"Added {staff.email} as {staff.get_role_display().lower()}.")
        self.stdout.write(f"To set up the account, open this once within {links.GOOD_FOR.days} days:\n{link}")
