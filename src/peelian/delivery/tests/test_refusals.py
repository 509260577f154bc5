"""What a mail server says at RCPT or after the message means the same as in a message that comes back."""

from __future__ import annotations

import pytest

import peelian.delivery.tests.renderer  # noqa: F401 (registers it)
from peelian.contacts.models import Address
from peelian.delivery.incoming.store import mailbox_of
from peelian.delivery.models import Delivery, Reason, Receipt, SoftBounce, State
from peelian.delivery.tests.conftest import people, send_to, states, work_here

CASES = [
    ("550 5.1.1 No such person", Reason.BOUNCED, "5.1.1", "bounced", 0),
    ("550 5.7.1 Your host is listed", Reason.BLOCKED, "5.7.1", "", 0),
    ("552 5.2.2 Over quota", Reason.FULL, "5.2.2", "", 1),
    ("550 Go away", Reason.REFUSED, "550", "", 1),
    ("553 Not allowed", Reason.BOUNCED, "553", "bounced", 0),
]


@pytest.mark.parametrize(("answer", "reason", "code", "suppression", "counted"), CASES)
def test_a_refusal_in_our_own_conversation(ledger, mailbox, settings, answer, reason, code, suppression, counted):
    settings.PEELIAN_SMTP_URL = mailbox.url
    one, other = people(2)
    mailbox.answer = lambda address: answer if address == one.value else "250 OK"
    send = send_to([one, other])

    work_here(send)

    assert states(send) == {State.FAILED: 1, State.HANDED_OVER: 1}
    assert Delivery.objects.get(send=send, address=one).reason == reason
    assert list(Receipt.objects.values_list("address_id", "code")) == [(one.pk, code)]
    assert Address.objects.get(pk=one.pk).suppression == suppression
    assert SoftBounce.objects.count() == counted
    Receipt.objects.all().delete()


def test_each_delivery_has_a_return_path_of_its_own(ledger, mailbox, settings):
    settings.PEELIAN_SMTP_URL = mailbox.url
    senders: list[str] = []

    async def handle_MAIL(server, session, envelope, address, options):
        senders.append(address)
        envelope.mail_from = address
        return "250 OK"

    mailbox.handle_MAIL = handle_MAIL  # found by name when a conversation begins
    send = send_to(people(3))

    work_here(send)

    assert states(send) == {State.HANDED_OVER: 3}
    assert len(set(senders)) == 3
    assert all(sender.startswith("b-") and mailbox_of(sender) for sender in senders)
