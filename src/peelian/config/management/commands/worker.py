"""peelian worker: the background work alone."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from peelian.config import processes, serving
from peelian.delivery import worker


class Command(BaseCommand):
    help = "Hand over messages and do the other background work until stopped."

    def handle(self, **options: Any) -> None:
        serving.refuse_wrong_database()
        serving.refuse_wrong_mail_server()
        with processes.noted(settings.PEELIAN_HOME):
            worker.main()
