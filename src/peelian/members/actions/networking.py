"""Keeping in touch with key individuals."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import record
from peelian.core import clock
from peelian.members.models import KeyIndividual, NetworkContact


@transaction.atomic
def log_contact(*, key: KeyIndividual, how: str, by: Staff) -> None:
    """We spoke today. The next time is due after as many days as are usual with this person."""
    today = clock.today()
    NetworkContact.objects.create(key=key, on=today, how=how, staff=by)
    KeyIndividual.objects.filter(pk=key.pk).update(
        last_contact=today, next_contact=today + timedelta(days=key.every_days)
    )
    record("network.contact_logged", "key individual", key.pk, by=by, how=how)


@transaction.atomic
def change_key(
    *, key: KeyIndividual, community: str, role: str, keeper: Staff | None, every_days: int, by: Staff
) -> None:
    """Change whom somebody knows and as what, who keeps in touch and how often."""
    since = key.last_contact or clock.today()
    KeyIndividual.objects.filter(pk=key.pk).update(
        community=community,
        role=role,
        keeper=keeper,
        every_days=every_days,
        next_contact=since + timedelta(days=every_days) if every_days != key.every_days else key.next_contact,
    )
    record("network.changed", "key individual", key.pk, by=by, keeper=keeper.pk if keeper else None, days=every_days)


def note_look(*, key: KeyIndividual, reason: str, by: Staff) -> None:
    """Somebody looks at how to reach a key individual; the page shows it after this has been written."""
    record("network.contact_details_seen", "key individual", key.pk, by=by, member=key.member_id, reason=reason)
