"""Notify's callbacks, in the shapes that its REST API documentation shows."""

import pytest

from peelian.audit.actions import SYSTEM
from peelian.contacts import actions
from peelian.contacts.models import Address
from peelian.delivery.carriers.tests.hooks import Posted, fresh_door  # noqa: F401
from peelian.delivery.models import Channel, Delivery, Reason, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_door")]
GOOD = "Bearer bearer-token"


@pytest.fixture
def posted(settings):
    url = "notify://peelian-a-b?template=t&callback=bearer-token"
    return Posted(settings, url, Channel.TEXT, "+447700900123")


def receipt(reference: str, status: str) -> dict:
    return {
        "id": "740e5834-3a29-46b4-9a6f-16142fde533a",
        "reference": reference,
        "to": "07700900123",
        "status": status,
        "created_at": "2026-11-20T10:00:00.000000Z",
        "completed_at": "2026-11-20T10:00:05.000000Z",
        "sent_at": None,
        "notification_type": "sms",
        "template_id": "f33517ff-2a88-4f6e-b855-c550268ce08a",
        "template_version": 1,
    }


def inbound(words: str, number: str = "447700900123") -> dict:
    return {
        "id": "bea3a5c8-0000-4000-8000-000000000000",
        "source_number": number,
        "destination_number": "07700987654",
        "message": words,
        "date_received": "2026-11-20T10:00:00.000000Z",
    }


@pytest.mark.parametrize(
    ("status", "state", "reason", "suppressed"),
    [
        ("delivered", State.DELIVERED, "", ""),
        ("permanent-failure", State.FAILED, Reason.BOUNCED, "bounced"),
        ("temporary-failure", State.FAILED, Reason.FULL, ""),
        ("technical-failure", State.FAILED, Reason.GAVE_UP, ""),
        ("sending", State.HANDED_OVER, "", ""),
        ("something-new", State.HANDED_OVER, "", ""),
    ],
)
def test_receipts(posted, status, state, reason, suppressed):
    for _ in range(2):
        assert posted.post(receipt(posted.reference, status), authorization=GOOD) == 200
    assert posted.state == (state, reason)
    assert posted.suppression == suppressed


def test_one_that_was_unknown_is_known_again(posted):
    Delivery.objects.update(state=State.UNKNOWN)
    assert posted.post(receipt(posted.reference, "sending"), authorization=GOOD) == 200
    assert posted.state == (State.HANDED_OVER, "")


@pytest.mark.parametrize("words", ["STOP", "stop", " Stop. ", "unsubscribe", "END", "quit", "Cancel"])
def test_stop_stops_the_number(posted, words):
    assert posted.post(inbound(words), authorization=GOOD) == 200
    assert posted.suppression == Address.Suppression.STOPPED
    assert posted.post(inbound("start"), authorization=GOOD) == 200
    assert posted.suppression == ""


def test_other_words_and_other_numbers_stop_nothing(posted):
    for told in (
        inbound("Please stop the vans on Mill Lane"),
        inbound("STOP", "447700900999"),
        inbound("STOP", "Bank"),
    ):
        assert posted.post(told, authorization=GOOD) == 200
    assert posted.suppression == ""


def test_start_lifts_nothing_but_a_stop(posted):
    why = Address.Suppression.ADMINISTRATOR
    actions.suppress(address_ids=[posted.address.pk], why=why, by=SYSTEM)
    assert posted.post(inbound("START"), authorization=GOOD) == 200
    assert posted.suppression == why


def test_without_the_token_nobody_is_heard(posted):
    for headers in ({}, {"authorization": "Bearer other"}, {"authorization": "bearer-token"}):
        assert posted.post(receipt(posted.reference, "delivered"), **headers) == 403
        assert posted.post(inbound("STOP"), **headers) == 403
    for broken in ("{", "[]", "{}"):
        assert posted.post(broken, authorization=GOOD) == 400
    assert posted.post(receipt("somebody-elses", "delivered"), authorization=GOOD) == 200
    assert (posted.state, posted.suppression) == ((State.HANDED_OVER, ""), "")
