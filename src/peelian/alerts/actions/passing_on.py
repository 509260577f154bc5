"""A household shares an address and gets one copy, which carries one name. When that one leaves, or turns something
off, before it has gone, it falls to another of the household whom the audience finds."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from peelian.alerts import audience
from peelian.alerts.actions.sending import RENDERER
from peelian.alerts.errors import AudienceProblem
from peelian.alerts.models import Alert
from peelian.delivery import actions as delivery
from peelian.delivery import queries as sends
from peelian.delivery.queries import Waiting
from peelian.members import queries as members


def pass_on(member_ids: Sequence[int]) -> None:
    """In the transaction in which these members stop, so that the claim needs to ask nothing. The ledger has one row
    for the address as before: nothing goes twice."""
    for copy in sends.waiting_for(member_ids, renderer=RENDERER):
        others = [pk for pk in members.sharing(copy.address_id, since=copy.frozen_at) if pk != copy.member_id]
        to = _next(copy, others) if others else None
        if to is not None:
            delivery.pass_on(copy=copy, to=to)


def _next(copy: Waiting, others: Sequence[int]) -> int | None:
    """Whose it is now: nobody else's while the member still gets it."""
    alert = Alert.objects.select_related("team__organisation", "topic").filter(pk=copy.object_id).first()
    try:
        if alert is None or _reached(alert, copy, [copy.member_id]) is not None:
            return None
        return _reached(alert, copy, others)
    except AudienceProblem:  # such as a group that has ended since
        return None


def _reached(alert: Alert, copy: Waiting, only: Sequence[int]) -> int | None:
    """The first of ONLY these members whom the audience finds by the copy's address and channel."""
    rows, values = audience.selection(alert, only).rows_sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT member_id FROM ({rows}) r WHERE address_id = %(address)s AND channel = %(channel)s",
            dict(values) | {"address": copy.address_id, "channel": copy.channel},
        )
        found = cursor.fetchone()
    return found[0] if found else None
