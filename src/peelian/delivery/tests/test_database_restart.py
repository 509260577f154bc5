"""PostgreSQL stopped and started in the middle of a send: the worker waits, goes on, and loses nobody."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from peelian.core import postgres
from peelian.delivery.tests.conftest import START, Mailbox, until

PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
import peelian.delivery.tests.renderer
from peelian.delivery.tests.conftest import people, send_to
send_to(people(1500))
"""
STATES = """
import django; django.setup()
from peelian.delivery.models import Delivery, Send
print(Send.objects.get().state, Delivery.objects.filter(state=2).count())
"""


@pytest.fixture
def home(tmp_path: Path):
    postgres.ensure_running(tmp_path)
    yield tmp_path
    postgres.stop(tmp_path)


def test_the_database_may_go_away_and_come_back(home: Path, mailbox: Mailbox):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "PEELIAN_HOME": str(home),
        "PEELIAN_SMTP_URL": mailbox.url,
        "DJANGO_SETTINGS_MODULE": "peelian.config.settings",
    }
    subprocess.run([sys.executable, "-c", PREPARE], env=environment, check=True)
    mailbox.pause = 0.01
    worker = subprocess.Popen([sys.executable, "-c", START], env=environment)
    try:
        until(lambda: len(mailbox.received) > 200)
        postgres.stop(home)
        time.sleep(2)
        postgres.ensure_running(home)
        mailbox.pause = 0
        until(lambda: len(set(mailbox.addresses())) == 1_500, 60)

        def ended() -> bool:
            told = subprocess.run([sys.executable, "-c", STATES], env=environment, capture_output=True, text=True)
            return told.stdout.split() == ["sent", "1500"]

        until(ended, 40)
        assert worker.poll() is None
        assert len(mailbox.received) - 1_500 <= 250
    finally:
        worker.terminate()
        worker.wait(timeout=20)
