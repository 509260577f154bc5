"""What a supervisor or an administrator sets for conversations: promises and hours, duty contacts, trigger words."""

from __future__ import annotations

from datetime import time

from django.db import transaction

from peelian.accounts.models import Staff, Team
from peelian.audit.actions import record
from peelian.contacts import actions as contacts
from peelian.contacts import queries as addresses
from peelian.conversations import errors, triggers
from peelian.conversations.models import Desk, DutyContact, Trigger


@transaction.atomic
def set_desk(
    *,
    team: Team,
    days: int,
    weekdays: int,
    opens: time,
    closes: time,
    bank_holidays: bool,
    minutes: int,
    by: Staff,
) -> Desk:
    """How the team works from now on. What waits keeps the time it was promised."""
    given = {"days": days, "weekdays": weekdays, "opens": opens, "closes": closes}
    given |= {"bank_holidays": bank_holidays, "minutes": minutes}
    desk, _ = Desk.objects.update_or_create(team=team, defaults=given)
    record("desk.set", "team", team.pk, by=by, **given)
    return desk


@transaction.atomic
def add_contact(*, team: Team | None, name: str, contact: str, by: Staff) -> DutyContact:
    """The next to be told outside the team's hours; without a team, for all that have nobody. Raises BadAddress."""
    kind, value = addresses.read(contact)
    row = DutyContact.objects.create(
        team=team,
        name=" ".join(name.split())[:80],
        address=contacts.address(kind, value),
        position=DutyContact.objects.filter(team=team).count() + 1,
    )
    record("duty_contact.added", "duty_contact", row.pk, by=by, team=team.pk if team else None)
    return row


@transaction.atomic
def remove_contact(*, contact: DutyContact, by: Staff) -> None:
    record("duty_contact.removed", "duty_contact", contact.pk, by=by, team=contact.team_id)
    contact.delete()


@transaction.atomic
def add_trigger(*, language: str, words: str, out_of_hours: bool, by: Staff) -> Trigger:
    """From now on messages with these words come to a supervisor. Raises NothingWritten for what has no letter."""
    plain = triggers.plain(words)[: triggers.LONGEST].strip()
    if not plain:
        raise errors.NothingWritten("Write a word of letters or figures.")
    row, _ = Trigger.objects.update_or_create(language=language, words=plain, defaults={"out_of_hours": out_of_hours})
    record("trigger.added", "trigger", row.pk, by=by, language=language)
    return row


@transaction.atomic
def remove_trigger(*, trigger: Trigger, by: Staff) -> None:
    record("trigger.removed", "trigger", trigger.pk, by=by, language=trigger.language)
    trigger.delete()
