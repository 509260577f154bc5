"""The weekly email: chosen by each person, sent once a week."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import SYSTEM, record
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock, jobs
from peelian.insight.models import WeeklyChoice, WeeklyEmail
from peelian.insight.portal import subjects, weekly


@transaction.atomic
def choose_weekly(*, on: bool, by: Staff) -> None:
    """One's own choice."""
    WeeklyChoice.objects.update_or_create(staff=by, defaults={"wants": on})
    record("insight.weekly_chosen", "staff", by.pk, by=by, on=on)


def send_weekly() -> int:
    """An email about the last whole week to each who wants it and has not had it. Safe to run twice; returns how many
    were enqueued."""
    period = weekly.week_before(clock.today())
    had = WeeklyEmail.objects.filter(week=period.start).values("staff")
    return sum(_send(staff, period.start) for staff in weekly.who_want_it().exclude(pk__in=had).order_by("pk"))


@transaction.atomic
def _send(staff: Staff, week: date) -> bool:
    row, is_new = WeeklyEmail.objects.get_or_create(staff=staff, week=week)
    if not is_new or not staff.may("insight.read") or not subjects.teams(staff):
        return False
    address = contacts.address(Address.Kind.EMAIL, staff.email)
    jobs.enqueue(
        "delivery.transactional",
        queue=jobs.TRANSACTIONAL,
        renderer=weekly.RENDERER,
        object_id=row.pk,
        address_id=address.pk,
        member_id=None,
    )
    record("insight.weekly_sent", "staff", staff.pk, by=SYSTEM)
    return True
