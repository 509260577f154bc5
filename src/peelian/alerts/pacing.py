"""What residents' own settings would make of an alert, before it is sent. A forecast: the claim decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connection

from peelian.alerts import audience, dose
from peelian.alerts.actions.sending import PRIORITIES
from peelian.alerts.models import Alert
from peelian.core import clock, wording
from peelian.delivery.models import Priority
from peelian.delivery.queries import at_home_sql
from peelian.members.models import EMAIL, TEXT, VOICE


@dataclass(frozen=True)
class Pacing:
    """Of an audience: people over their weekly limit, those of them who get the alert in a digest, people whose quiet
    hours it is, people who want only more urgent ones by every channel, and people on holiday on the day it goes, for
    whom nobody at home takes it in. Each is counted once."""

    over: int
    digest: int
    quiet: int
    below: int
    away: int = 0
    doses: dose.Doses | None = field(default=None, compare=False)  # where they were asked for

    @property
    def sentences(self) -> list[str]:
        found = []
        if self.over:
            rest = "They get it in a digest." if self.digest == self.over else f"{self._digest()} get it in a digest."
            found.append(f"{_people(self.over)} had as many this week as they want. {rest}")
        if self.quiet:
            found.append(f"{_people(self.quiet)} do not want to be disturbed now. They get it later.")
        if self.below:
            found.append(f"{_people(self.below)} want only more urgent ones, so they do not get it.")
        if self.away:
            found.append(f"{_people(self.away)} are on holiday when it goes. They do not get it, then or later.")
        return found

    def _digest(self) -> str:
        return f"{_people(self.digest)} of them" if self.digest else "None of them"


def _people(number: int) -> str:
    said = wording.people(number)
    return f"{said[:1].upper()}{said[1:]}"


# Of somebody on holiday, the channels by which somebody at home takes it in: the claim asks the same
_TAKEN_IN = f"""
SELECT coalesce(bit_or(c.bit), 0) FROM members_member m
 CROSS JOIN LATERAL (VALUES ({EMAIL}, m.email_id), ({TEXT}, m.mobile_id),
                            ({VOICE}, coalesce(m.landline_id, m.mobile_id))) c(bit, address_id)
 WHERE m.id = q.member_id
   AND {at_home_sql(address="c.address_id", member="m.id", mask="%(organisation)s", topic="%(topic)s::int")}
"""
# Of each person the channels (bits) that may bring this alert at all, and those of them that may do so now
_PACED = f"""
SELECT q.channels, a.bits = 0 AS away, w.sends, p.weekly_limit, {{alerts}} AS alerts,
       %(urgent)s AND coalesce(p.urgent_passes, true) AS passes,
       a.bits & ~(CASE WHEN %(priority)s < p.email_from THEN {EMAIL} ELSE 0 END
                | CASE WHEN %(priority)s < p.text_from THEN {TEXT} ELSE 0 END
                | CASE WHEN %(priority)s < p.voice_from THEN {VOICE} ELSE 0 END) AS wanted,
       CASE WHEN {clock.sql_within("%(clock)s::time", "p.quiet_from", "p.quiet_until")} THEN {EMAIL | TEXT | VOICE}
            WHEN %(quiet)s AND p.quiet_from IS NULL THEN {TEXT | VOICE} & ~coalesce(h.given, 0)
            ELSE 0 END | coalesce(h.given & ~h.open, 0) AS shut
  FROM ({{people}}) q
  LEFT JOIN members_holiday v ON v.member_id = q.member_id AND %(today)s::date BETWEEN v.first_day AND v.last_day
                             AND NOT (%(urgent)s AND v.urgent_passes)
 CROSS JOIN LATERAL (SELECT CASE WHEN v.member_id IS NULL THEN q.bits ELSE q.bits & ({_TAKEN_IN}) END AS bits) a
  LEFT JOIN members_pace p ON p.member_id = q.member_id
  LEFT JOIN delivery_memberweek w ON w.member_id = q.member_id AND w.week = %(week)s AND p.weekly_limit IS NOT NULL
  LEFT JOIN (SELECT member_id, bit_or(channel::int) AS given,
                    coalesce(bit_or(channel::int) FILTER (
                        WHERE weekdays & %(weekday)s <> 0 AND %(clock)s >= opens AND %(clock)s < closes), 0) AS open
               FROM members_channelhours GROUP BY member_id) h ON h.member_id = q.member_id
  {{doses}}
"""
_FORECAST_PACE = f"""
SELECT count(*) FILTER (WHERE over), count(*) FILTER (WHERE over AND channels & {EMAIL | TEXT} <> 0),
       count(*) FILTER (WHERE wanted <> 0 AND NOT over AND NOT passes AND wanted & ~shut = 0),
       count(*) FILTER (WHERE wanted = 0 AND NOT away), count(*) FILTER (WHERE away), {dose.COUNTED}
  FROM (SELECT *, wanted <> 0 AND NOT passes AND weekly_limit IS NOT NULL
               AND cardinality(coalesce(sends, '{{{{}}}}')) >= weekly_limit AS over FROM ({_PACED}) one) o
"""
_WITH_DOSES = ("had.alerts", "LEFT JOIN alerts_dose had ON had.member_id = q.member_id")


def forecast(alert: Alert, now: datetime | None = None, *, with_doses: bool = False) -> Pacing:
    """As if it went NOW, asked in one statement; of holidays, as on the day it is to go. Raises AudienceProblem."""
    people, values = audience.selection(alert).ways_sql()
    here = (now or clock.now()).astimezone(clock.LONDON)
    quiet = settings.PEELIAN_QUIET_HOURS
    goes = max(here, alert.scheduled_for.astimezone(clock.LONDON)) if alert.scheduled_for else here
    priority = PRIORITIES[Alert.Priority(alert.priority)]
    asked = {
        "clock": here.time(),
        "week": clock.week_start(here.date()),
        "weekday": clock.weekday_bit(here.date()),
        "priority": int(priority),
        "today": goes.date(),
        "organisation": alert.team.organisation.mask,
        "topic": alert.topic.bit if alert.topic else None,
        "urgent": priority == Priority.URGENT,
        "quiet": quiet is not None and clock.within(here.time(), *quiet),
    }
    alerts, doses = _WITH_DOSES if with_doses else ("0", "")
    with connection.cursor() as cursor:
        cursor.execute(_FORECAST_PACE.format(people=people, alerts=alerts, doses=doses), values | asked)
        over, digest, quiet, below, away, *had = cursor.fetchone()
    return Pacing(over, digest, quiet, below, away, dose.Doses(*had) if with_doses else None)
