"""Mailgun's webhooks, in the shapes that its documentation shows ("Webhooks: payload", "Event structure")."""

import hashlib
import hmac

import pytest

from peelian.delivery.carriers.tests.hooks import Posted, fresh_door  # noqa: F401
from peelian.delivery.models import Channel, Reason, Receipt, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_door")]


@pytest.fixture
def posted(settings):
    return Posted(settings, "mailgun://key@now.peelian.example?webhook=signing", Channel.EMAIL, "resident@home.example")


def signed(event: dict, reference: str, key: str = "signing") -> dict:
    timestamp, token = "1763632800", "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0"
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "id": "CPgfbmQMTCKtHW6uIWtuVe",
        "timestamp": 1763632800.534,
        "recipient": "resident@home.example",
        "user-variables": {"delivery": reference},
        "message": {"headers": {"message-id": "7.11.abc@now.peelian.example", "to": "resident@home.example"}},
        "tags": [],
    }
    return {
        "signature": {"timestamp": timestamp, "token": token, "signature": signature},
        "event-data": data | event,
    }


DELIVERED = {"event": "delivered", "delivery-status": {"code": 250, "message": "OK", "description": ""}}


def failed(reason: str, severity: str = "permanent", **status: object) -> dict:
    return {"event": "failed", "severity": severity, "reason": reason, "delivery-status": status}


def test_delivered_once_however_often_it_is_told(posted):
    for _ in range(2):
        assert posted.post(signed(DELIVERED, posted.reference)) == 200
    assert posted.state == (State.DELIVERED, "")
    assert Receipt.objects.get().at.year == 2025


@pytest.mark.parametrize(
    ("event", "reason", "suppressed"),
    [
        (failed("bounce", code=550, message="5.1.1 The email account does not exist."), Reason.BOUNCED, "bounced"),
        (failed("bounce", code=550, message="5.7.1 Refused by policy"), Reason.BLOCKED, ""),
        (failed("bounce", **{"code": 552, "enhanced-code": "5.2.2", "message": "Full"}), Reason.FULL, ""),
        (
            failed("suppress-bounce", code=605, description="Not delivering to previously bounced"),
            Reason.BOUNCED,
            "bounced",
        ),
        (failed("suppress-complaint", code=607), Reason.COMPLAINED, "complained"),
        (failed("suppress-unsubscribe", code=606), Reason.SUPPRESSED, "stopped"),
        (failed("old", code=602, message="Too old"), Reason.FULL, ""),
        (failed("something-new"), Reason.REFUSED, ""),
        ({"event": "complained"}, Reason.COMPLAINED, "complained"),
        ({"event": "rejected", "reject": {"reason": "Sandbox"}}, Reason.BLOCKED, ""),
    ],
)
def test_failures(posted, event, reason, suppressed):
    assert posted.post(signed(event, posted.reference)) == 200
    assert posted.state == (State.FAILED, reason)
    assert posted.suppression == suppressed


def test_what_is_no_outcome_changes_nothing(posted):
    for event in (failed("generic", "temporary", code=451), {"event": "opened"}, {"event": "clicked", "url": "x"}):
        assert posted.post(signed(event, posted.reference)) == 200
    assert posted.post(signed(DELIVERED, "somebody-elses")) == 200
    assert posted.state == (State.HANDED_OVER, "")


def test_a_wrong_signature_is_not_heard(posted):
    assert posted.post(signed(DELIVERED, posted.reference, key="other")) == 403
    assert posted.post({"event-data": DELIVERED}) == 403
    assert posted.post("{") == 403
    broken = signed(DELIVERED, posted.reference)
    del broken["event-data"]["event"]
    assert posted.post(broken) == 400
    assert posted.state == (State.HANDED_OVER, "")
