"""Messages that wait for the morning of a night in which the clocks change go once, as their hours open."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery.carriers.notify.tests import fake as notify
from peelian.delivery.carriers.tests import faking
from peelian.delivery.models import Channel, Send, State
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import ended, states, work_here
from peelian.delivery.tests.test_pace import resident, send_to
from peelian.members.models import ChannelHours, Pace

pytestmark = pytest.mark.usefixtures("ledger")
NIGHTS = [dt.date(2026, 3, 29), dt.date(2026, 10, 25)]
MOBILE = (Address.Kind.EMAIL, Address.Kind.MOBILE)


class Night:
    """The clock of this process, on the evening before DAY."""

    def __init__(self, day: dt.date, monkeypatch: Any) -> None:
        self.now = clock.london(day - dt.timedelta(days=1), dt.time(23, 30))
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def send_on(self, send: Send) -> list[dt.datetime]:
        """Work the send whenever it asks to be; when it was, the first and the last time."""
        worked = []
        while not ended(send):
            worked.append(self.now)
            (pause,) = work_here(send) or [0.0]
            self.now += dt.timedelta(seconds=pause or 0.0)
            assert len(worked) < 40
        return worked


@pytest.mark.parametrize("day", NIGHTS)
def test_texts_of_a_night_in_which_the_clocks_change_go_once_at_eight(day, settings, monkeypatch):
    settings.PEELIAN_QUIET_HOURS = (dt.time(21), dt.time(8))
    told, night = notify.Notify(), Night(day, monkeypatch)
    with faking.served(told) as served:
        settings.PEELIAN_TEXT_CARRIERS = notify.URL + served.api
        send = send_to(*(resident(number, kinds=MOBILE, channels=3) for number in range(20, 30)), channel=Channel.TEXT)
        worked = night.send_on(send)
    assert worked[-1] == clock.london(day, dt.time(8))
    assert len({one["reference"] for one in told.kept}) == len(told.kept) == 10
    assert states(send) == {State.HANDED_OVER: 10}


@pytest.mark.parametrize("day", NIGHTS)
def test_quiet_hours_that_end_in_the_hour_of_the_change(day, monkeypatch):
    """At half past one: that hour is skipped in spring, and comes twice in autumn."""
    night, one = Night(day, monkeypatch), resident(31)
    Pace.objects.create(member=one, quiet_from=dt.time(22), quiet_until=dt.time(1, 30))
    ChannelHours.objects.create(member=one, channel=1, opens=dt.time(0), closes=dt.time(23, 59))
    send = send_to(one)
    last = night.send_on(send)[-1]
    assert states(send) == {State.HANDED_OVER: 1}
    first_open = clock.london(day, dt.time(0)) + dt.timedelta(hours=1 if day == NIGHTS[0] else 1.5)
    assert first_open <= last <= first_open + dt.timedelta(hours=1)
