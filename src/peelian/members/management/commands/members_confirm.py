"""peelian members confirm"""

from typing import Any

from django.core.management.base import BaseCommand

from peelian.audit.actions import COMMAND_LINE
from peelian.core.wording import plural_count
from peelian.members import actions


class Command(BaseCommand):
    help = (
        "Ask every member who has not confirmed, once, whether messages may come. Run again, it asks only who is new."
    )

    def handle(self, **options: Any) -> None:
        asked = actions.ask_everybody_to_confirm(by=COMMAND_LINE)
        said = f"Asked {plural_count(asked, 'member')} to confirm. The worker sends the emails."
        self.stdout.write(said if asked else "There is nobody left to ask.")
