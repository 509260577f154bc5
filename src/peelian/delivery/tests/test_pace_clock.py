"""When what waits may go: the statement's answer beside one found minute by minute, around changes of the clocks."""

from __future__ import annotations

import datetime as dt
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.core import clock
from peelian.delivery.models import Channel, State
from peelian.delivery.tests.test_pace import resident, send_to, take
from peelian.members.models import ChannelHours, Pace

MINUTE = dt.timedelta(minutes=1)
CHANGES = [dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC), dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC)]
moments = st.builds(
    lambda change, minutes: change + minutes * MINUTE, st.sampled_from(CHANGES), st.integers(-2 * 1440, 2 * 1440)
)
quarters = st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
hours = st.lists(
    st.tuples(st.integers(1, 127), quarters, quarters).filter(lambda given: given[1] < given[2]), max_size=2
)
numbers = count()
quiet_hours = st.none() | st.tuples(quarters, quarters)


def is_open(moment, quiet, opened):
    shown = moment.astimezone(clock.LONDON)
    if quiet and clock.within(shown.time(), *quiet):
        return False
    bit = clock.weekday_bit(shown.date())
    return not opened or any(days & bit and begins <= shown.time() < ends for days, begins, ends in opened)


def first_open(moment, quiet, opened):
    """The first whole minute after MOMENT, within eight days."""
    for n in range(1, 8 * 1440):
        if is_open(moment + n * MINUTE, quiet, opened):
            return moment + n * MINUTE
    return None


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(moments, quiet_hours, hours)
def test_it_goes_when_its_hours_open_and_not_before(moment, quiet, opened):
    one = resident(next(numbers))
    Pace.objects.create(member=one, quiet_from=quiet and quiet[0], quiet_until=quiet and quiet[1])
    for days, begins, ends in opened:
        ChannelHours.objects.create(member=one, channel=Channel.EMAIL, weekdays=days, opens=begins, closes=ends)
    [(state, again_at)] = take(send_to(one), moment)
    if is_open(moment, quiet, opened):
        assert (state, again_at) == (State.CLAIMED, None)
        return
    expected = first_open(moment, quiet, opened)
    if expected is None:
        assert state == State.NOT_SENT or again_at - moment > dt.timedelta(days=7, hours=22)
        return
    assert state == State.QUEUED
    assert again_at > moment
    # In the hour that comes twice or not at all it may be asked again up to an hour late, never too early for good
    assert expected <= again_at + 61 * MINUTE
    near = any(abs(expected - change) <= dt.timedelta(hours=2) for change in CHANGES)
    assert again_at <= expected + (61 * MINUTE if near else dt.timedelta(0))
    assert near or again_at == expected
