"""The email a sergeant gets on Monday about the week before: what their teams sent, what came back, who waits for an
answer, and what was unusual in the last whole month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.core import clock
from peelian.core.context import force
from peelian.core.messages import EmailParts
from peelian.core.panels import Scope
from peelian.core.periods import Period, last_whole_month
from peelian.insight.models import WeeklyChoice, WeeklyEmail
from peelian.insight.panels import queries
from peelian.insight.panels.figures import Counts
from peelian.insight.panels.queries import Wanted, months_up_to
from peelian.insight.portal import reading, subjects
from peelian.insight.portal.history import histories
from peelian.insight.portal.subjects import Subject

RENDERER = "insight.weekly"


@dataclass(frozen=True)
class TeamWeek:
    subject: Subject
    now: Counts
    before: Counts


@dataclass(frozen=True)
class Unusual:
    subject: Subject
    reading: reading.Reading


@dataclass(frozen=True)
class Week:
    period: Period
    teams: list[TeamWeek]
    unusual: list[Unusual]

    @property
    def is_empty(self) -> bool:
        return not self.teams


def week_before(day: date) -> Period:
    """The last whole week, Monday to Sunday."""
    monday = clock.week_start(day) - timedelta(days=7)
    return Period(monday, monday + timedelta(days=6))


def wants(staff: Staff) -> bool:
    chosen = WeeklyChoice.objects.filter(staff=staff).values_list("wants", flat=True).first()
    return staff.role == Role.SUPERVISOR if chosen is None else chosen


def who_want_it() -> QuerySet[Staff]:
    """Supervisors who did not turn it off, and others who turned it on; only people who work here and may read it."""
    on = WeeklyChoice.objects.filter(wants=True).values("staff")
    off = WeeklyChoice.objects.filter(wants=False).values("staff")
    able = Staff.objects.filter(is_active=True)
    return (able.filter(role=Role.SUPERVISOR) | able.filter(pk__in=on)).exclude(pk__in=off).distinct()


def week_of(staff: Staff, period: Period) -> Week:
    """What the email says, for this person's teams."""
    found = subjects.teams(staff)
    ids = tuple(one.key for one in found)
    now = queries.by_team(Wanted(Scope(period), team_ids=ids))
    before = queries.by_team(Wanted(Scope(period.previous()), team_ids=ids))
    months = months_up_to(last_whole_month(period.end))
    known = histories("team", ids, months)
    odd = [
        Unusual(one, figure) for one in found for figure in reading.readings(known[one.key], months) if figure.unusual
    ]
    weeks = [TeamWeek(one, now.get(one.key, Counts()), before.get(one.key, Counts())) for one in found]
    return Week(period, weeks, odd)


class WeeklyRenderer:
    """An email about one row of WeeklyEmail. There is no text and no call of it."""

    def email(self, object_id: int) -> EmailParts:
        row = WeeklyEmail.objects.select_related("staff").get(pk=object_id)
        week = week_of(row.staff, Period(row.week, row.week + timedelta(days=6)))
        context: dict[str, Any] = {
            **force(HttpRequest()),  # what every page has; nothing of the request is read
            "week": week,
            "subject": f"Your neighbourhoods, {week.period.label()}",
            "url": settings.PEELIAN_BASE_URL + reverse("insight_staff:engagement"),
            "base": settings.PEELIAN_BASE_URL,
        }
        return EmailParts(
            subject=context["subject"],
            text=render_to_string("insight/email/weekly.txt", context),
            html=render_to_string("insight/email/weekly.html", context),
            from_name=settings.PEELIAN_SERVICE_NAME,
        )

    def text(self, object_id: int) -> str:
        raise NotImplementedError("the weekly email is an email")

    voice = text
