"""A text message carries the recipient's own link, like an email does."""

import pytest
from asgiref.sync import async_to_sync

from peelian.alerts.tests import factories as make
from peelian.contacts.models import Address
from peelian.core.messages import TOKEN
from peelian.delivery import actions, handover, tokens
from peelian.delivery.models import Lane, Outgoing


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_text_holds_the_recipients_own_link():
    alert = make.make_draft(make.make_force())
    address = Address.objects.create(kind=2, value="+447700900001")
    rows = (
        "SELECT %(a)s::bigint AS address_id, NULL::bigint AS member_id, 2 AS channel",
        {"a": address.pk},
    )
    send = actions.open_send(renderer="alerts.alert", object_id=alert.pk, lane=Lane.ROUTINE, rows=rows)

    async def go() -> None:
        try:
            await handover.hand_over((await send.batches.aget()).pk)
        finally:
            await handover.close_desk()

    async_to_sync(go)()
    said = bytes(Outgoing.objects.get(send=send).content).decode()
    assert TOKEN not in said
    assert tokens.make(send.pk, address.pk) in said
