"""Practice: a real alert through the real composer and the real delivery, to addresses that only the simulator knows.

The alert is marked from its first minute and can never become a real one; its send is marked too, so that delivery
takes the simulator whatever carriers there are. Thirty days later it is gone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from peelian.alerts.models import Alert
from peelian.audit.actions import SYSTEM, record
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import actions as delivery
from peelian.delivery.models import Channel, Lane, Send

KEPT = timedelta(days=30)
# Addresses of the simulator's whose messages are delivered (delivery/carriers/simulator/README.md)
STAND_INS: dict[Channel, tuple[str, ...]] = {
    Channel.EMAIL: tuple(f"delivered+practice{number}@simulator.peelian.example" for number in range(1, 9)),
    Channel.TEXT: ("07700900997",),
    Channel.VOICE: ("01632960997",),
}
_KINDS = {Channel.EMAIL: Address.Kind.EMAIL, Channel.TEXT: Address.Kind.MOBILE, Channel.VOICE: Address.Kind.LANDLINE}
_ROWS = """
SELECT * FROM unnest(%(addresses)s::bigint[], %(members)s::bigint[], %(channels)s::smallint[])
           AS r (address_id, member_id, channel)
"""


def open_send(alert: Alert) -> Send:
    """Start the send of a practice alert: to the stand-ins of its channels, and to nobody else."""
    rows = [
        (contacts.address(_KINDS[channel], value).pk, int(channel))
        for channel, values in STAND_INS.items()
        if alert.channels & channel
        for value in values
    ]
    addresses, channels = [row[0] for row in rows], [row[1] for row in rows]
    given = {"addresses": addresses, "members": [None] * len(rows), "channels": channels}
    return delivery.open_send(
        renderer="alerts.practice", object_id=alert.pk, lane=Lane.ROUTINE, rows=(_ROWS, given), practice=True
    )


def by_channel(send: Send) -> dict[str, int]:
    """How many of the stand-ins get it by which channel."""
    emails = send.recipients - send.texts - send.calls
    found = {"email": emails, "text": send.texts, "voice": send.calls}
    return {name: number for name, number in found.items() if number}


def delete_practice(now: datetime | None = None) -> int:
    """Delete practice alerts 30 days after they were begun, with all that was sent; returns how many."""
    old = Alert.objects.filter(practice=True, created_at__lt=(now or clock.now()) - KEPT)
    return sum(_delete(alert) for alert in old.order_by("pk"))


@transaction.atomic
def _delete(alert: Alert) -> bool:
    send_id = alert.send_id
    record("alert.practice_deleted", "alert", alert.ref, by=SYSTEM)
    alert.delete()
    if send_id is not None:
        delivery.delete_practice(send_id=send_id)
    return True
