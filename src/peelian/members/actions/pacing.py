"""How often and when a member wants to hear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any, NamedTuple

from django.db import transaction

from peelian.audit.actions import Actor, record
from peelian.core import clock
from peelian.members.actions.standing_still import must_be_in_use
from peelian.members.models import ChannelHours, Member, Pace

FIELDS = (
    "weekly_limit",
    "digest",
    "quiet_from",
    "quiet_until",
    "urgent_passes",
    "email_from",
    "text_from",
    "voice_from",
)


class Hours(NamedTuple):
    """By CHANNEL (bit) only on WEEKDAYS (bits, Monday 1) from OPENS until CLOSES, on a London clock."""

    channel: int
    weekdays: int
    opens: time
    closes: time


@transaction.atomic
def change_pace(
    *, member: Member, by: Actor, changes: Mapping[str, Any], hours: Sequence[Hours] | None = None
) -> list[str]:
    """Change fields of a member's Pace; what CHANGES does not name stays. HOURS replaces all hours of channels, None
    keeps them. Returns the names of what is different now. Raises Restricted."""
    must_be_in_use(member)
    Member.objects.select_for_update().get(pk=member.pk)
    pace = Pace.objects.filter(member=member).first() or Pace(member=member)
    changed = [name for name in FIELDS if name in changes and changes[name] != getattr(pace, name)]
    for name in changed:
        setattr(pace, name, changes[name])
    if changed or pace._state.adding:
        pace.save()
    if hours is not None and _replace(member, hours):
        changed.append("hours")
    Member.objects.filter(pk=member.pk).update(chosen_at=clock.now())
    record("member.pace_changed", "member", member.pk, by=by, changed=changed)
    return changed


def _replace(member: Member, hours: Sequence[Hours]) -> bool:
    before = set(member.channel_hours.values_list("channel", "weekdays", "opens", "closes"))
    if before == {tuple(each) for each in hours}:
        return False
    member.channel_hours.all().delete()
    ChannelHours.objects.bulk_create(ChannelHours(member=member, **each._asdict()) for each in dict.fromkeys(hours))
    return True
