"""How often and when a member hears from us, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from itertools import groupby

from peelian.core import wording
from peelian.members.models import CHANNELS, ChannelHours, Member, Pace

ENDS = time(23, 59)  # from then on an end is said as midnight
WAYS = {"email": ("Emails", "email"), "text": ("Texts", "text"), "voice": ("Calls", "phone call")}
FROM = {2: "only what is important or urgent", 3: "only what is urgent"}
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
EVERY_DAY, WORKING_DAYS, WEEKEND = 127, 31, 96


def sentences(member: Member, usual: tuple[time, time] | None) -> list[str]:
    """What the member has chosen, and what holds without a choice. USUAL: the installation's quiet hours."""
    pace = Pace.objects.filter(member=member).first() or Pace(member=member)
    found = [_limit(pace), *_quiet(pace, usual), *_thresholds(pace)]
    rows = member.channel_hours.order_by("channel", "weekdays", "opens")
    found += [_hours(list(alike)) for _, alike in groupby(rows, key=lambda row: (row.channel, row.weekdays))]
    if not pace.urgent_passes:
        found.append("Urgent ones keep to all of this too.")
    elif pace.weekly_limit is not None or len(found) > 1:
        found.append("Urgent ones may come at any time, and on top of the number.")
    return found


def _limit(pace: Pace) -> str:
    when = "every day at 5pm" if pace.digest == Pace.Digest.DAILY else "on Fridays at 5pm"
    if pace.weekly_limit is None:
        return "As many messages as there are."
    if pace.weekly_limit == 0:
        return f"All messages together {when}."
    return f"At most {wording.plural_count(pace.weekly_limit, 'message')} a week, and the rest together {when}."


def _quiet(pace: Pace, usual: tuple[time, time] | None) -> Iterator[str]:
    if pace.quiet_from is not None and pace.quiet_until is not None:
        if pace.quiet_from != pace.quiet_until:
            yield f"Nothing from {clock_time(pace.quiet_from)} to {clock_time(pace.quiet_until)}."
    elif usual:
        yield f"No texts and calls from {clock_time(usual[0])} to {clock_time(usual[1])}."


def _thresholds(pace: Pace) -> Iterator[str]:
    for word, (_, by) in WAYS.items():
        if least := FROM.get(getattr(pace, f"{word}_from")):
            yield f"By {by} {least}."


def _hours(rows: list[ChannelHours]) -> str:
    """Of one channel on the same days."""
    names = {bit: word for word, bit in CHANNELS.items()}
    times = wording.listed([f"from {clock_time(row.opens)} to {clock_time(row.closes)}" for row in rows])
    return f"{WAYS[names[rows[0].channel]][0]} only {_days(rows[0].weekdays)} {times}."


def _days(bits: int) -> str:
    known = {EVERY_DAY: "every day", WORKING_DAYS: "Monday to Friday", WEEKEND: "Saturday and Sunday"}
    return known.get(bits) or f"on {wording.listed([day for n, day in enumerate(DAYS) if bits >> n & 1])}"


def clock_time(at: time) -> str:
    """10pm, 7:30am, midnight, midday."""
    if at >= ENDS or at == time(0):
        return "midnight"
    if at == time(12):
        return "midday"
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"
