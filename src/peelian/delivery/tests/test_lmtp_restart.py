"""`peelian lmtp` itself, with PostgreSQL stopped and started under it: what was answered 250 is there, and nothing else
was."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
from pathlib import Path

from peelian.core import postgres
from peelian.delivery.tests.conftest import until
from peelian.delivery.tests.test_database_restart import PREPARE, home  # noqa: F401 (a fixture)

ADDRESS = """
import django; django.setup()
from peelian.delivery import references
from peelian.delivery.models import Delivery
for row in Delivery.objects.order_by("address_id")[:1]: print(references.return_path(row.send_id, row.address_id))
"""
KEPT = "import django; django.setup()\nfrom peelian.delivery.models import Incoming; print(Incoming.objects.count())"


def offer(path: Path, recipient: str, number: int) -> int:
    with smtplib.LMTP(str(path), 0) as client:
        client.ehlo()
        client.mail("")
        code, _ = client.rcpt(recipient)
        return client.data(f"Subject: {number}\r\n\r\nIt came back.")[0] if code == 250 else code


def test_nothing_is_lost_when_the_database_stops(home: Path, unused_tcp_port: int):  # noqa: F811
    path = home / "lmtp"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"PEELIAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "peelian.config.settings"}

    def told(code: str) -> str:
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    told(PREPARE)
    recipient = told(ADDRESS)
    command = [sys.executable, "-m", "peelian.config.cli", "lmtp", "--listen", f"unix:{path}"]
    server = subprocess.Popen(command, env=environment)
    try:
        until(path.exists)
        assert [offer(path, recipient, number) for number in range(3)] == [250, 250, 250]
        postgres.stop(home)
        assert [offer(path, recipient, number) for number in range(3, 6)] == [451, 451, 451]
        postgres.ensure_running(home)
        assert [offer(path, recipient, number) for number in range(3, 5)] == [250, 250]
        assert told(KEPT) == "5"
    finally:
        server.terminate()
        assert server.wait(timeout=120) == 0
