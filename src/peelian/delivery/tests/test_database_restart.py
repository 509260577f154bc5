"""PostgreSQL stopped and started in the middle of a send that has limits and whose receipts come in: the worker waits,
goes on, loses nobody and keeps to the limits."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from peelian.core import postgres
from peelian.core.testing.prepared import copy_home
from peelian.delivery.tests.conftest import START, Mailbox, until
from peelian.delivery.tests.test_pacing import most_in

PREPARE = """
import django; django.setup()
import peelian.delivery.tests.renderer
from peelian.delivery.tests.conftest import people, send_to
send_to(people(1500))
"""
LIMITS = """
from peelian.delivery.carriers import registry
from peelian.delivery.models import Limit
Limit.objects.create(carrier_id=registry.row_ids()["smtp", 1], per_second=300)
Limit.objects.create(mail_domain="home.example", per_second=200)
"""
# A carrier that tells everything twice, for as long as it takes
RECEIPTS = """
import django; django.setup()
import time
from django.db import DatabaseError, InterfaceError, connection
from peelian.core import clock
from peelian.delivery import receipts
from peelian.delivery.models import Delivery, Reason, State
from peelian.delivery.receipts import Report
while True:
    try:
        rows = Delivery.objects.filter(state=State.HANDED_OVER).values_list("send_id", "address_id")
        told = [Report(*row, State.DELIVERED, Reason.NONE, "ok", clock.now()) for row in rows]
        receipts.apply(told * 2, carrier=None)
    except (DatabaseError, InterfaceError):
        connection.close()
    time.sleep(0.05)
"""
STATES = """
import django; django.setup()
from peelian.delivery.models import Delivery, Send
print(Send.objects.get().state, Delivery.objects.filter(state__in=(2, 3)).count())
"""
TALLIES = """
import django; django.setup()
from peelian.delivery.models import Send
from peelian.delivery.tests.conftest import states
for state, n in states(Send.objects.get()).items():
    print(state, n)
"""


@pytest.fixture
def home(tmp_path: Path):
    copy_home(tmp_path / "home")
    postgres.ensure_running(tmp_path / "home")
    yield tmp_path / "home"
    postgres.stop(tmp_path / "home")


def environment_of(home: Path, mailbox: Mailbox) -> dict[str, str]:
    """Of an installation of its own, whose database is in its home."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    own = {"PEELIAN_HOME": str(home), "PEELIAN_SMTP_URL": mailbox.url}
    return environment | own | {"DJANGO_SETTINGS_MODULE": "peelian.config.settings"}


def all_sent(environment: dict[str, str]) -> bool:
    told = subprocess.run([sys.executable, "-c", STATES], env=environment, capture_output=True, text=True)
    return told.stdout.split() == ["sent", "1500"]


def test_the_database_may_go_away_and_come_back(home: Path, mailbox: Mailbox):
    environment = environment_of(home, mailbox)
    subprocess.run([sys.executable, "-c", PREPARE + LIMITS], env=environment, check=True)
    running = [subprocess.Popen([sys.executable, "-c", code], env=environment) for code in (START, RECEIPTS)]
    try:
        until(lambda: len(mailbox.received) > 200)
        postgres.stop(home)
        time.sleep(2)
        postgres.ensure_running(home)
        until(lambda: len(set(mailbox.addresses())) == 1_500, 60)
        until(lambda: all_sent(environment), 40)
        assert [process.poll() for process in running] == [None, None]
        assert len(mailbox.received) - 1_500 <= 250
        assert most_in(mailbox.begun, 1.0) <= 200 + 180  # and what was in hand when the database went
        until(lambda: tallied(environment) == {"3": "1500"}, 20)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=120)


def tallied(environment: dict[str, str]) -> dict[str, str]:
    """State → deliveries, by tallies, after a look that the ledger says the same."""
    told = subprocess.run([sys.executable, "-c", TALLIES], env=environment, capture_output=True, text=True, check=True)
    return dict(line.split() for line in told.stdout.splitlines())
