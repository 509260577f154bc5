"""A database that is down: every page says so, what was being sent is not lost, and the setting is named in the log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from peelian.core.testing.ports import free_port

ASK = """
import django, json, sys
from django.conf import settings
# Pages ask for the names that collectstatic gives; here nothing has been collected
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()
from django.test import Client
from peelian.delivery import tokens
found = {}
for signed_in in (False, True):
    client = Client(raise_request_exception=False)
    if signed_in:
        client.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    for path in sys.argv[1:]:
        path = path.replace("TOKEN", tokens.make(1, 1))
        for method in ("get", "post"):
            answer = getattr(client, method)(path, {"text": "I saw it."}, secure=True)
            found[f"{method} {path} {signed_in}"] = (answer.status_code, answer.content.decode())
print("\\n" + json.dumps(found))
"""
PATHS = [
    "/",
    "/alerts/",
    "/alerts/feed.atom",
    "/privacy/",
    "/m/TOKEN/reply/",
    "/m/TOKEN/rate/5/",
    "/unsubscribe/TOKEN/",
]
STAFF = ["/staff/", "/staff/alerts/"]


@pytest.fixture
def without_database(tmp_path: Path) -> dict[str, str]:
    """The settings of an installation whose database server does not answer."""
    port = free_port()
    ours = ("PEELIAN_", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    (tmp_path / "static").mkdir()
    return kept | {
        "PEELIAN_HOME": str(tmp_path),
        "PEELIAN_BASE_URL": "http://testserver",
        "PEELIAN_SECRET_KEY": "k" * 50,
        "DATABASE_URL": f"postgresql://peelian:hush-hush@127.0.0.1:{port}/peelian",
        "DJANGO_SETTINGS_MODULE": "peelian.config.settings",
    }


def ask(environment: dict[str, str], *paths: str) -> tuple[dict[str, tuple[int, str]], str]:
    """Status and page of each path by each method, without and with a session cookie; and the log."""
    ran = subprocess.run([sys.executable, "-c", ASK, *paths], env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    log, _, last = ran.stdout.rstrip().rpartition("\n")
    return json.loads(last), log + ran.stderr


def test_every_page_says_so_and_nobody_loses_what_they_wrote(without_database):
    found, log = ask(without_database, *PATHS)
    for asked, (status, page) in found.items():
        if asked.startswith("post") and status in (403, 405):
            continue  # pages that take nothing, or not without their form
        assert status == 503, asked
        sentence = (
            "Nothing was saved. Go back: what you wrote is still there." if asked.startswith("post") else "Try again"
        )
        assert sentence in page, asked
    assert sum(asked.startswith("post /m/") and status == 503 for asked, (status, _) in found.items()) == 4
    assert "DATABASE_URL" in log
    assert "hush-hush" not in log


def test_staff_with_a_session_are_told_too(without_database):
    found, _ = ask(without_database, *STAFF)
    for asked, (status, page) in found.items():
        if asked.startswith("get") and asked.endswith("True"):
            assert status == 503, asked
            assert "We are out of service for a short while" in page
