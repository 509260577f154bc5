"""Postmark's webhooks, in the shapes that its developer documentation shows."""

import base64
import json

import pytest

from peelian.delivery.carriers.postmark.receipts import TABLE
from peelian.delivery.carriers.tests.hooks import Posted, fresh_door  # noqa: F401
from peelian.delivery.models import Channel, Reason, Receipt, State

AT = "2026-11-20T10:00:00Z"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_door")]


def basic(secret: str) -> str:
    return "Basic " + base64.b64encode(f"peelian:{secret}".encode()).decode()


@pytest.fixture
def posted(settings):
    return Posted(settings, "postmark://token?webhook=hook-secret", Channel.EMAIL, "resident@home.example")


def delivery(reference: str) -> dict:
    return {
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Recipient": "resident@home.example",
        "DeliveredAt": AT,
        "Details": "250 2.0.0 Ok",
        "Tag": "",
        "ServerID": 23,
        "Metadata": {"delivery": reference},
        "RecordType": "Delivery",
        "MessageStream": "broadcast",
    }


def bounce(reference: str, kind: str, details: str = "") -> dict:
    return {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": kind,
        "TypeCode": 1,
        "Name": kind,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {"delivery": reference},
        "Description": "The server was unable to deliver your message.",
        "Details": details,
        "Email": "resident@home.example",
        "BouncedAt": AT,
        "Inactive": True,
        "CanActivate": True,
    }


def test_delivered_once_however_often_it_is_told(posted):
    for _ in range(2):
        assert posted.post(delivery(posted.reference), authorization=basic("hook-secret")) == 200
    assert posted.state == (State.DELIVERED, "")
    receipt = Receipt.objects.get()
    assert (receipt.code, receipt.at.isoformat()) == ("Delivery", "2026-11-20T10:00:00+00:00")


@pytest.mark.parametrize(
    ("kind", "details", "state", "suppressed"),
    [
        ("HardBounce", "smtp;550 5.1.1 The email account does not exist.", Reason.BOUNCED, "bounced"),
        ("HardBounce", "smtp;550 5.7.1 Message rejected due to policy", Reason.BLOCKED, ""),
        ("HardBounce", "no such thing", Reason.BOUNCED, "bounced"),
        ("SoftBounce", "", Reason.FULL, ""),
        ("Blocked", "", Reason.BLOCKED, ""),
        ("SpamNotification", "", Reason.BLOCKED, ""),
    ],
)
def test_bounces(posted, kind, details, state, suppressed):
    told = bounce(posted.reference, kind, details)
    assert posted.post(told, **{"X-Webhook-Token": "hook-secret"}) == 200
    assert posted.state == (State.FAILED, state)
    assert posted.suppression == suppressed


def test_a_complaint_after_a_delivery(posted):
    posted.post(delivery(posted.reference), authorization=basic("hook-secret"))
    told = bounce(posted.reference, "SpamComplaint") | {"RecordType": "SpamComplaint"}
    assert posted.post(told, authorization=basic("hook-secret")) == 200
    assert posted.state == (State.FAILED, Reason.COMPLAINED)
    assert posted.suppression == "complained"


def test_what_is_no_outcome_changes_nothing(posted):
    for kind in ("Transient", "DnsError", "AutoResponder", "Subscribe"):
        assert posted.post(bounce(posted.reference, kind), authorization=basic("hook-secret")) == 200
    opened = {"RecordType": "Open", "Metadata": {"delivery": posted.reference}, "ReceivedAt": AT}
    assert posted.post(opened, authorization=basic("hook-secret")) == 200
    other = delivery("somebody-elses")
    assert posted.post(other, authorization=basic("hook-secret")) == 200
    assert posted.state == (State.HANDED_OVER, "")


def test_without_the_secret_nobody_is_heard(posted, settings):
    for headers in ({}, {"authorization": basic("wrong")}, {"authorization": "Basic ???"}, {"X-Webhook-Token": "x"}):
        assert posted.post(delivery(posted.reference), **headers) == 403
    for broken in ("{", "[]", json.dumps({"RecordType": "Bounce"})):
        assert posted.post(broken, authorization=basic("hook-secret")) in (200, 400)
    assert posted.post("{", authorization=basic("hook-secret")) == 400
    assert posted.state == (State.HANDED_OVER, "")


def test_where_no_secret_is_set_nobody_is_heard(settings):
    posted = Posted(settings, "postmark://token", Channel.EMAIL, "resident@home.example")
    assert posted.post(delivery(posted.reference), authorization=basic("")) == 403


def test_the_table_says_nothing_of_what_goes_on():
    assert {"Transient", "DnsError", "AutoResponder", "Open", "Click"} & set(TABLE) == set()
