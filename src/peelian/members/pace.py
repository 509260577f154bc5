"""How often and when a member hears from us, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from itertools import groupby

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peelian.core import wording
from peelian.members.models import CHANNELS, ChannelHours, Member, Pace

ENDS = time(23, 59)  # from then on an end is said as midnight
WAYS = {"email": (_("Emails"), _("email")), "text": (_("Texts"), _("text")), "voice": (_("Calls"), _("phone call"))}
FROM = {2: _("only what is important or urgent"), 3: _("only what is urgent")}
DAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
EVERY_DAY, WORKING_DAYS, WEEKEND = 127, 31, 96
KNOWN_DAYS = {EVERY_DAY: _("every day"), WORKING_DAYS: _("Monday to Friday"), WEEKEND: _("Saturday and Sunday")}


def sentences(member: Member, usual: tuple[time, time] | None) -> list[str]:
    """What the member has chosen, and what holds without a choice. USUAL: the installation's quiet hours."""
    pace = Pace.objects.filter(member=member).first() or Pace(member=member)
    found = [_limit(pace), *_quiet(pace, usual), *_thresholds(pace)]
    rows = member.channel_hours.order_by("channel", "weekdays", "opens")
    found += [_hours(list(alike)) for _key, alike in groupby(rows, key=lambda row: (row.channel, row.weekdays))]
    if not pace.urgent_passes:
        found.append(gettext("Urgent ones keep to all of this too."))
    elif pace.weekly_limit is not None or len(found) > 1:
        found.append(gettext("Urgent ones may come at any time, and on top of the number."))
    return found


def _limit(pace: Pace) -> str:
    when = gettext("every day at 5pm") if pace.digest == Pace.Digest.DAILY else gettext("on Fridays at 5pm")
    if pace.weekly_limit is None:
        return gettext("As many messages as there are.")
    if pace.weekly_limit == 0:
        return gettext("All messages together %(when)s.") % {"when": when}
    if pace.weekly_limit == 1:
        return gettext("At most 1 message a week, and the rest together %(when)s.") % {"when": when}
    many = gettext("At most %(number)s messages a week, and the rest together %(when)s.")
    return many % {"number": pace.weekly_limit, "when": when}


def _quiet(pace: Pace, usual: tuple[time, time] | None) -> Iterator[str]:
    if pace.quiet_from is not None and pace.quiet_until is not None:
        if pace.quiet_from != pace.quiet_until:
            hours = {"since": clock_time(pace.quiet_from), "until": clock_time(pace.quiet_until)}
            yield gettext("Nothing from %(since)s to %(until)s.") % hours
    elif usual:
        hours = {"since": clock_time(usual[0]), "until": clock_time(usual[1])}
        yield gettext("No texts and calls from %(since)s to %(until)s.") % hours


def _thresholds(pace: Pace) -> Iterator[str]:
    for word, (_many, by) in WAYS.items():
        if least := FROM.get(getattr(pace, f"{word}_from")):
            yield gettext("By %(way)s %(least)s.") % {"way": by, "least": least}


def _hours(rows: list[ChannelHours]) -> str:
    """Of one channel on the same days."""
    names = {bit: word for word, bit in CHANNELS.items()}
    said = gettext("from %(since)s to %(until)s")
    times = [said % {"since": clock_time(row.opens), "until": clock_time(row.closes)} for row in rows]
    ways, days = WAYS[names[rows[0].channel]][0], _days(rows[0].weekdays)
    return gettext("%(ways)s only %(days)s %(times)s.") % {"ways": ways, "days": days, "times": wording.listed(times)}


def _days(bits: int) -> str:
    if bits in KNOWN_DAYS:
        return str(KNOWN_DAYS[bits])
    days = wording.listed([str(day) for n, day in enumerate(DAYS) if bits >> n & 1])
    return gettext("on %(days)s") % {"days": days}


def clock_time(at: time) -> str:
    """10pm, 7:30am, midnight, midday."""
    return gettext("midnight") if at >= ENDS else wording.time_of_day(at)
