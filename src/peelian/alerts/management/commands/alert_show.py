import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from peelian.alerts.management.commands._said import as_text, more_as_json
from peelian.alerts.models import Alert


class Command(BaseCommand):
    help = "Say where an alert is: its state, what was handed over, its rating and replies."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ref", metavar="REF", help="the alert's reference, as in /alerts/REF/")
        parser.add_argument("--json", action="store_true", help="print one line of JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        alert = Alert.objects.select_related("send", "topic").filter(ref=options["ref"]).first()
        if alert is None:
            raise CommandError(f"There is no alert {options['ref']}.")
        self.stdout.write(json.dumps(more_as_json(alert)) if options["json"] else as_text(alert))
