"""Counters and what is kept in mind."""

from datetime import timedelta

import pytest

from peelian.core import limits

pytestmark = pytest.mark.django_db


def test_the_first_time_is_once_until_it_is_over_or_forgotten():
    assert [limits.first_time("asked", lasts=timedelta(days=30)) for _ in range(3)] == [True, False, False]
    assert limits.is_remembered("asked")
    assert limits.first_time("other", lasts=timedelta(days=30))
    limits.forget("asked")
    assert limits.first_time("asked", lasts=timedelta(seconds=-1))
    assert limits.first_time("asked", lasts=timedelta(days=1))  # what was kept is over
    assert not limits.first_time("asked", lasts=timedelta(days=1))
