"""Twilio's webhooks: forms signed as its page on webhook security describes."""

import pytest
from django.http import QueryDict
from django.test import Client

from peelian.contacts.models import Address
from peelian.delivery.carriers.tests.hooks import Posted, fresh_door  # noqa: F401
from peelian.delivery.carriers.twilio import twiml
from peelian.delivery.carriers.twilio.receipts import signature
from peelian.delivery.models import Channel, Reason, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_door")]
URL = "twilio://AC1:hush-token@/?from=+441632960000"
MESSAGE = {"SmsSid": "SM1", "MessageSid": "SM1", "AccountSid": "AC1", "From": "+441632960000", "To": "+447700900123"}
CALL = {
    "CallSid": "CA1",
    "AccountSid": "AC1",
    "From": "+441632960000",
    "To": "+441632960123",
    "Direction": "outbound-api",
}


@pytest.fixture
def posted(settings):
    return Posted(settings, URL, Channel.TEXT, "+447700900123")


@pytest.fixture
def called(settings):
    return Posted(settings, URL, Channel.VOICE, "+441632960123")


def tell(posted, form: dict, path: str | None = None, token: str = "hush-token"):
    where = f"/webhooks/twilio/{posted.reference + '/' if path is None else path}"
    fields = QueryDict(mutable=True)
    fields.update(form)
    signed = signature(f"http://testserver{where}", fields, token)
    return Client().post(where, form, headers={"X-Twilio-Signature": signed})


def test_the_signature_is_the_one_of_twilios_own_example():
    """The worked example of "Webhooks security", whose fields and token are printed there."""
    form = QueryDict(mutable=True)
    form.update(
        {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+14158675309",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
        }
    )
    made = signature("https://mycompany.com/myapp.php?foo=1&bar=2", form, "12345")
    assert made == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("form", "state", "reason", "suppressed"),
    [
        ({"MessageStatus": "queued"}, State.HANDED_OVER, "", ""),
        ({"MessageStatus": "sent"}, State.HANDED_OVER, "", ""),
        ({"MessageStatus": "delivered"}, State.DELIVERED, "", ""),
        ({"MessageStatus": "undelivered", "ErrorCode": "30003"}, State.FAILED, Reason.FULL, ""),
        ({"MessageStatus": "undelivered", "ErrorCode": "30005"}, State.FAILED, Reason.BOUNCED, "bounced"),
        ({"MessageStatus": "undelivered", "ErrorCode": "30007"}, State.FAILED, Reason.BLOCKED, ""),
        ({"MessageStatus": "failed", "ErrorCode": "30008"}, State.FAILED, Reason.REFUSED, ""),
        ({"MessageStatus": "failed", "ErrorCode": "21610"}, State.FAILED, Reason.SUPPRESSED, "stopped"),
    ],
)
def test_texts(posted, form, state, reason, suppressed):
    for _ in range(2):
        answer = tell(posted, MESSAGE | form)
        assert (answer.status_code, answer.content.decode()) == (200, twiml.EMPTY)
    assert posted.state == (state, reason)
    assert posted.suppression == suppressed


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        ("ringing", State.HANDED_OVER, ""),
        ("completed", State.DELIVERED, ""),
        ("busy", State.FAILED, Reason.UNANSWERED),
        ("no-answer", State.FAILED, Reason.UNANSWERED),
        ("canceled", State.FAILED, Reason.UNANSWERED),
        ("failed", State.FAILED, Reason.REFUSED),
    ],
)
def test_calls(called, status, state, reason):
    form = CALL | {"CallStatus": status, "Timestamp": "Fri, 20 Nov 2026 10:00:00 +0000", "SequenceNumber": "0"}
    for _ in range(2):
        assert tell(called, form).status_code == 200
    assert called.state == (state, reason)
    assert called.suppression == ""


def test_nine_stops_the_calls_and_says_so(called):
    form = CALL | {"CallStatus": "in-progress", "msg": "Gather End", "FinishedOnKey": ""}
    answer = tell(called, form | {"Digits": "1"})
    assert (answer["Content-Type"], answer.content.decode()) == ("text/xml; charset=utf-8", twiml.EMPTY)
    assert called.suppression == ""
    answer = tell(called, form | {"Digits": "9"})
    assert twiml.STOPPED in answer.content.decode()
    assert called.suppression == Address.Suppression.STOPPED
    assert called.state == (State.HANDED_OVER, "")
    assert tell(called, CALL | {"CallStatus": "completed"}).status_code == 200
    assert called.state == (State.DELIVERED, "")


def test_stop_and_start_by_text(posted):
    words = {**MESSAGE, "From": "+447700900123", "To": "+441632960000", "NumMedia": "0"}
    answer = tell(posted, words | {"Body": "Stop"}, path="")
    assert answer.content.decode() == twiml.EMPTY  # plain words would be sent as an answer
    assert posted.suppression == Address.Suppression.STOPPED
    tell(posted, words | {"Body": "START"}, path="")
    assert posted.suppression == ""
    tell(posted, words | {"Body": "stop the noise"}, path="")
    assert posted.suppression == ""


def test_what_is_not_signed_is_not_heard(posted):
    assert tell(posted, MESSAGE | {"MessageStatus": "delivered"}, token="other").status_code == 403
    assert tell(posted, MESSAGE | {"Body": "STOP"}, path="", token="other").status_code == 403
    form = MESSAGE | {"MessageStatus": "delivered"}
    assert Client().post(f"/webhooks/twilio/{posted.reference}/", form).status_code == 403
    assert tell(posted, form, path="aaaaaaaaaaaaaaaaaaaaaaaa/").status_code == 400
    assert tell(posted, MESSAGE).status_code == 400
    assert (posted.state, posted.suppression) == ((State.HANDED_OVER, ""), "")
