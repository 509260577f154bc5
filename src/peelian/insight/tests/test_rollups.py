"""Rollups are brought up to date each by itself, and say as of when."""

import pytest
from django.db import DataError

from peelian.core import clock
from peelian.insight import queries, rollups
from peelian.insight.models import Refresh
from peelian.insight.rollups import Rollup

pytestmark = pytest.mark.django_db


def test_a_rollup_is_told_up_to_when_it_knows():
    told = []
    rollup = Rollup("test.told", lambda cursor, since: told.append(since))
    before = clock.now()
    rollups.refresh(rollup)
    rollups.refresh(rollup)
    assert told[0] is None
    assert before <= told[1] <= clock.now()
    assert queries.as_of("test.told") > told[1]
    assert queries.as_of("test.told", "test.other") is None


def test_one_that_fails_stops_no_other_and_changes_nothing(monkeypatch):
    def fails(cursor, since):
        cursor.execute("INSERT INTO insight_refresh (name) VALUES ('half')")
        cursor.execute("SELECT 1 / 0")

    ran = []
    two = {
        "test.fails": Rollup("test.fails", fails),
        "test.runs": Rollup("test.runs", lambda cursor, since: ran.append(1)),
    }
    monkeypatch.setattr(rollups, "rollups", two)
    rollups.refresh_all()
    assert ran == [1]
    assert not Refresh.objects.filter(name="half").exists()
    failed = Refresh.objects.get(name="test.fails")
    assert (failed.as_of, failed.problem) == (None, DataError.__name__)


def test_a_name_is_added_once():
    known = rollups._Rollups()
    known.add(Rollup("test.one", lambda cursor, since: None))
    with pytest.raises(ValueError, match=r"test\.one"):
        known.add(Rollup("test.one", lambda cursor, since: None))
