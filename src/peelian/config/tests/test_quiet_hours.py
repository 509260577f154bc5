"""The setting of the installation's quiet hours."""

from datetime import time

import pytest

from peelian.config import env


@pytest.mark.parametrize(
    ("value", "hours"),
    [
        ("", (time(21), time(8))),
        ("22:30-06:45", (time(22, 30), time(6, 45))),
        ("none", None),
    ],
)
def test_hours_are_read(monkeypatch, value, hours):
    monkeypatch.setenv("PEELIAN_QUIET_HOURS", value)
    assert env.hours("PEELIAN_QUIET_HOURS", "21:00-08:00") == hours


@pytest.mark.parametrize("value", ["21:00", "9pm-8am", "25:00-08:00", "21:00-08:00-09:00", "21:00+01:00-08:00"])
def test_what_is_no_hours_is_said(monkeypatch, value):
    monkeypatch.setenv("PEELIAN_QUIET_HOURS", value)
    with pytest.raises(env.ConfigurationError, match="hours like 21:00-08:00, or none"):
        env.hours("PEELIAN_QUIET_HOURS", "21:00-08:00")
