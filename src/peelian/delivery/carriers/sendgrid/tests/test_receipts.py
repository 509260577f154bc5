"""SendGrid's event webhook, in the shapes that its reference shows, signed with a key of our own."""

import base64
import json

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from peelian.delivery.carriers.tests.hooks import Posted, fresh_door  # noqa: F401
from peelian.delivery.models import Channel, Reason, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_door")]
KEY = ec.generate_private_key(ec.SECP256R1())
_DER = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(*_DER)).decode()


@pytest.fixture
def posted(settings):
    return Posted(settings, f"sendgrid://SG.key?webhook={PUBLIC}", Channel.EMAIL, "resident@home.example")


def event(reference: str, kind: str, **more: object) -> dict:
    return {
        "email": "resident@home.example",
        "timestamp": 1763632800,
        "smtp-id": "<7.11.abc@now.peelian.example>",
        "event": kind,
        "sg_event_id": "sg-event",
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001",
        "delivery": reference,
        **more,
    }


def tell(posted, events, key=KEY) -> int:
    body = json.dumps(events).encode()
    timestamp = "1763632801"
    signature = base64.b64encode(key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    return posted.post(
        body,
        **{
            "X-Twilio-Email-Event-Webhook-Signature": signature,
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        },
    )


def test_delivered_once_however_often_it_is_told(posted):
    told = [event(posted.reference, "processed"), event(posted.reference, "delivered", response="250 OK")]
    assert tell(posted, told) == tell(posted, told) == 200
    assert posted.state == (State.DELIVERED, "")


@pytest.mark.parametrize(
    ("kind", "more", "reason", "suppressed"),
    [
        ("bounce", {"type": "bounce", "status": "5.1.1", "reason": "550 unknown"}, Reason.BOUNCED, "bounced"),
        ("bounce", {"type": "bounce", "status": "", "reason": "500 unknown recipient"}, Reason.BOUNCED, "bounced"),
        ("bounce", {"type": "bounce", "status": "5.0.0", "reason": "550 5.2.2 full"}, Reason.FULL, ""),
        ("bounce", {"type": "blocked", "status": "", "reason": "554 refused"}, Reason.BLOCKED, ""),
        ("dropped", {"reason": "Bounced Address"}, Reason.BOUNCED, "bounced"),
        ("dropped", {"reason": "Unsubscribed Address"}, Reason.SUPPRESSED, "stopped"),
        ("dropped", {"reason": "Spam Content (if Spam Checker app is enabled)"}, Reason.BLOCKED, ""),
        ("spamreport", {}, Reason.COMPLAINED, "complained"),
    ],
)
def test_failures(posted, kind, more, reason, suppressed):
    assert tell(posted, [event(posted.reference, kind, **more)]) == 200
    assert posted.state == (State.FAILED, reason)
    assert posted.suppression == suppressed


def test_what_is_no_outcome_changes_nothing(posted):
    kinds = [event(posted.reference, "deferred", response="400 later"), event(posted.reference, "open")]
    assert tell(posted, [*kinds, event("somebody-elses", "delivered"), {"event": "delivered"}]) == 200
    assert posted.state == (State.HANDED_OVER, "")


def test_a_wrong_signature_is_not_heard(posted):
    told = [event(posted.reference, "delivered")]
    assert tell(posted, told, ec.generate_private_key(ec.SECP256R1())) == 403
    assert posted.post(told) == 403
    assert tell(posted, {"no": "list"}) == 400
    assert posted.state == (State.HANDED_OVER, "")
