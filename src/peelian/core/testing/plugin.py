"""Pytest plugin: a real PostgreSQL for the tests, demo mode off, and a plain word when browser tests were skipped."""

import os
import shutil
import sys
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest

PROJECT = Path(__file__).resolve().parents[4]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

# Each process that a test starts would compile the project anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
os.environ["PEELIAN_HOME"] = os.environ.get("PEELIAN_TEST_HOME", str(PROJECT / "build" / "test-home"))
os.environ.setdefault("PEELIAN_BASE_URL", "http://testserver")
os.environ.setdefault("PEELIAN_TEST_DATA", str(PROJECT.parent / "shared" / "data"))
os.environ["PEELIAN_QUIET_HOURS"] = "none"  # or tests would end otherwise at night
CARRIERS = ("PEELIAN_EMAIL_CARRIERS", "PEELIAN_TEXT_CARRIERS", "PEELIAN_VOICE_CARRIERS")
for name in ("PEELIAN_DEMO", "PEELIAN_SMTP_URL", *CARRIERS):
    os.environ.pop(name, None)


def pytest_configure(config: pytest.Config) -> None:
    # How long an example takes says how busy the machine is
    hypothesis.settings.register_profile(
        "peelian", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("peelian")
    Path(os.environ["PEELIAN_HOME"], "static").mkdir(
        parents=True, exist_ok=True
    )  # WhiteNoise warns where it is missing
    if "DATABASE_URL" not in os.environ:
        from peelian.core.postgres import ensure_running
        from peelian.core.testing.prepared import without_waiting_for_the_disk

        cluster = ensure_running(Path(os.environ["PEELIAN_HOME"]))
        if not hasattr(config, "workerinput"):
            without_waiting_for_the_disk(cluster.dsn())


@pytest.fixture(autouse=True, scope="session")
def _quick_settings() -> None:
    """Passwords cost a tenth of a second on purpose, but protect nobody here; static files need not be listed for each
    client that a test opens."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True


def pytest_unconfigure(config: pytest.Config) -> None:
    if "DATABASE_URL" not in os.environ and not hasattr(config, "workerinput"):
        from peelian.core.postgres import stop

        stop(Path(os.environ["PEELIAN_HOME"]))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM or os.environ.get("CI") == "true":
        return  # under CI a missing browser is a failure, not a skip
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium: run make setup-browser"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if "no Chromium" in str(r.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} browser tests were skipped; make setup-browser installs Chromium.")


@pytest.fixture(autouse=True)
def _windows_of_limits_begin_with_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or some hour, or minute, would end in the middle of a test that counts in it. A test that moves the clock out of
    that window has the windows of everybody."""
    from peelian.core import clock, limits

    begun, of_everybody = int(clock.now().timestamp()), limits.window_start

    def window_start(window: timedelta) -> int:
        there = begun <= clock.now().timestamp() < begun + window.total_seconds()
        return begun if there else of_everybody(window)

    monkeypatch.setattr(limits, "window_start", window_start)


@pytest.fixture(autouse=True)
def _no_leftover_request_id() -> None:
    import structlog

    structlog.contextvars.clear_contextvars()
