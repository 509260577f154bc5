"""Rows of the audit trail for what the demonstration says happened in the past: the actions write the present alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.db.models import Count

from peelian.core import clock
from peelian.members.actions import MemberActor
from peelian.members.models import GroupInvitation, Member

Who = tuple[str, int | None, str]
Event = tuple[datetime, Who, str, str, object, dict[str, Any]]  # when, by, verb, kind and id of what, data


def write(events: Iterable[Event]) -> None:
    """Months first, then the events in order of time; none of them lies ahead."""
    now = clock.now()
    known = sorted((event for event in events if event[0] <= now), key=lambda event: event[0])
    with connection.cursor() as cursor:
        for month in sorted({event[0].date().replace(day=1) for event in known}):
            cursor.execute("SELECT audit_month(%s)", [month])
        with cursor.copy(
            "COPY audit_event (at, actor_kind, actor_id, actor_label, verb, object_kind, object_id, data, request_id)"
            " FROM STDIN"
        ) as stream:
            for at, by, verb, kind, ref, data in known:
                stream.write_row((at, *by, verb, kind, str(ref), json.dumps(data), ""))


def _noon(day: date) -> datetime:
    return clock.london(day, time(12))


def joined() -> Iterator[Event]:
    """Everybody who joined by themselves, and when they said yes; a list that was imported is one row, of its day."""
    system: Who = ("system", None, "system")
    web = Member.objects.filter(source="web").values_list("pk", "joined_on", "confirmed_at")
    for pk, day, confirmed in web.iterator():
        by = MemberActor(pk).audit_actor
        begun = _noon(day) if confirmed is None else min(confirmed, _noon(day))
        yield begun, by, "member.registered", "member", pk, {"source": "web"}
        if confirmed is not None:
            yield confirmed, by, "member.confirmed", "member", pk, {}
    lists = Member.objects.exclude(source="web").values_list("joined_on").annotate(n=Count("pk")).order_by("joined_on")
    for day, people in lists:
        yield _noon(day), system, "members.imported", "members", "", {"rows": people, "new": people}


def invited() -> Iterator[Event]:
    """Every invitation to a group, and what was answered to which words."""
    for one in GroupInvitation.objects.select_related("invited_by"):
        named = {"member": one.member_id, "invitation": one.pk}
        by = one.invited_by.audit_actor if one.invited_by else ("system", None, "system")
        yield one.invited_at, by, "group.invited", "group", one.group_id, named
        if one.answered_at is not None:
            answered = {"invitation": one.pk, "wording": one.wording_id}
            verb = "group.accepted" if one.accepted else "group.declined"
            yield one.answered_at, MemberActor(one.member_id).audit_actor, verb, "group", one.group_id, answered
