"""Settings: what is given is read or refused with a sentence, and what is not given is safe."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from peelian.config import env
from peelian.places.models import Area

SHOWN = """
import json
from peelian.config import settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()}, default=str))
"""


def loaded(home: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """The settings as a process of its own reads them."""
    ours = ("PEELIAN_", "DATABASE_URL", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment = kept | {"PEELIAN_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)} | given
    return subprocess.run([sys.executable, "-c", SHOWN], env=environment, capture_output=True, text=True, timeout=120)


def settings_of(home: Path, **given: str) -> dict:
    ran = loaded(home, **given)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PEELIAN_CAP_TYPES", "missing-person=Dire/Observed"),
        ("PEELIAN_BASE_URL", "http://[::1"),
        ("PEELIAN_BASE_URL", "https://now.example.org:99999"),
        ("PEELIAN_BASE_URL", "https://now.example.org/alerts"),
        ("PEELIAN_BASE_URL", "https://somebody:hush@now.example.org"),
        ("PEELIAN_NEIGHBOURHOOD_KIND", "village"),
        ("PEELIAN_MAIL_DOMAIN", "now example org"),
        ("PEELIAN_MAIL_FROM", "alerts"),
        ("PEELIAN_MAIL_FROM", "Alerts <alerts@now.example.org>"),
        ("DATABASE_URL", "postgresql://peelian:hush@db:port/peelian"),
        ("DATABASE_URL", "postgresql://db"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(tmp_path, name, value):
    ran = loaded(tmp_path, **{name: value})
    last = ran.stderr.strip().splitlines()[-1]
    assert ran.returncode
    assert last.startswith("peelian.config.env.ConfigurationError: " + name), last
    assert name == "PEELIAN_BASE_URL" or "hush" not in ran.stderr


def test_a_home_that_is_a_file_is_named(tmp_path):
    home = tmp_path / "home"
    home.write_text("")
    assert f"PEELIAN_HOME ({home}) cannot be written to: " in loaded(home).stderr


def test_the_key_is_made_once_and_readable_by_us_alone(tmp_path):
    first, second = settings_of(tmp_path)["SECRET_KEY"], settings_of(tmp_path)["SECRET_KEY"]
    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
    (tmp_path / "given").write_text("k" * 50 + "\n")
    assert settings_of(tmp_path, PEELIAN_SECRET_KEY_FILE=str(tmp_path / "given"))["SECRET_KEY"] == "k" * 50


def test_behind_tls_cookies_are_secure_and_browsers_told_to_stay(tmp_path):
    found = settings_of(tmp_path, PEELIAN_BASE_URL="https://now.example.org")
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["ALLOWED_HOSTS"] == ["now.example.org", "localhost", "127.0.0.1"]
    assert not found["DEBUG"]


def test_only_demo_mode_serves_any_host(tmp_path):
    assert "*" not in settings_of(tmp_path)["ALLOWED_HOSTS"]
    demo = settings_of(tmp_path, PEELIAN_DEMO="1")
    assert demo["ALLOWED_HOSTS"] == ["*"]
    assert not demo["DEBUG"]


def test_the_kinds_of_area_are_those_of_places():
    for kind in Area.Kind.values:
        assert env.choice("NO_SUCH_SETTING", kind, settings_kinds()) == kind
    assert len(settings_kinds()) == len(Area.Kind.values)


def settings_kinds() -> tuple[str, ...]:
    from peelian.config import settings

    return settings._KINDS


@pytest.mark.parametrize("path", ["/", "/alerts/", "/register/", "/staff/account/login/"])
def test_every_page_forbids_what_is_not_ours(client, db, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
