"""Whom and what the words of a command name, and the three commands that act on an alert that is out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from peelian.accounts.models import Staff
from peelian.alerts import actions, queries
from peelian.alerts.management.commands._said import as_json, as_text
from peelian.alerts.models import Alert
from peelian.core.errors import NotFound, PeelianError


def named_staff(email: str, option: str) -> Staff:
    """An active account, set up or not."""
    found = Staff.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise CommandError(f"{option}: there is no active staff account {email}.")
    return found


class OnAlert(BaseCommand):
    """Does one thing to an alert, under the same rules as the pages; then says where the alert is."""

    act: ClassVar[Callable[..., Any]]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ref", metavar="REF", help="the alert's reference, as in /alerts/REF/")
        parser.add_argument("--as", dest="by", metavar="EMAIL", required=True, help="in whose name")
        parser.add_argument("--json", action="store_true", help="print one line of JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        by = named_staff(options["by"], "--as")
        try:
            with actions.at_command_line():
                type(self).act(alert=queries.alert_for(by, options["ref"]), by=by)
        except NotFound:
            raise CommandError(f"There is no alert {options['ref']} that {options['by']} may see.") from None
        except PeelianError as problem:
            raise CommandError(str(problem)) from None
        alert = Alert.objects.select_related("send", "topic").get(ref=options["ref"])
        self.stdout.write(json.dumps(as_json(alert)) if options["json"] else as_text(alert))
