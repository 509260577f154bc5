"""The door for receipts: whoever signs may report, once or ten times; everybody else learns nothing and changes
nothing. What each carrier signs and sends is tested in its own folder; here a carrier of the tests stands in."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime

import pytest
from django.http import HttpRequest
from django.test import Client

from peelian.delivery import references
from peelian.delivery.models import Carrier, Reason, Receipt, State
from peelian.delivery.receipts import BadSignature, Report, Unreadable
from peelian.delivery.tests.conftest import states
from peelian.delivery.tests.test_receipts import handed_over
from peelian.delivery.views import webhooks

SECRET = b"of the tests"


class Reader:
    """Signs with an HMAC of the body, and says `delivered` of a list of references, or of the one in the address."""

    @staticmethod
    def read(request: HttpRequest, url: str, reference: str = "") -> list[Report]:
        signed = hmac.new(SECRET, request.body, "sha256").hexdigest()
        if not hmac.compare_digest(signed, request.headers.get("X-Signature", "")):
            raise BadSignature
        try:
            names = [reference] if reference else json.loads(request.body)
        except ValueError:
            raise Unreadable from None
        at = datetime(2026, 11, 17, 9, tzinfo=UTC)
        return [Report(*references.read(name), State.DELIVERED, Reason.NONE, "ok", at) for name in names]


@pytest.fixture(autouse=True)
def carrier(monkeypatch):
    monkeypatch.setattr(webhooks, "_receipts_of", lambda kind: Reader if kind in ("outbox", "simulator") else None)
    for cached in (webhooks._named, webhooks._row_id):
        cached.cache_clear()
    yield
    for cached in (webhooks._named, webhooks._row_id):
        cached.cache_clear()


def post(body: bytes, where: str = "/webhooks/outbox/", sign: bytes = SECRET):
    signature = hmac.new(sign, body, "sha256").hexdigest()
    return Client(enforce_csrf_checks=True).post(
        where, body, content_type="application/json", headers={"X-Signature": signature}
    )


def test_receipts_by_the_hundred(db):
    send, addresses = handed_over(100)
    body = json.dumps([references.make(send.pk, address.pk) for address in addresses]).encode()

    answers = [post(body) for _ in range(3)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"Taken.\n")] * 3
    assert states(send) == {State.DELIVERED: 100}
    assert set(Receipt.objects.values_list("carrier", flat=True)) == {Carrier.objects.get(name="outbox").pk}


def test_a_reference_in_the_address(db):
    send, (one,) = handed_over()

    answer = post(b"", f"/webhooks/simulator/{references.make(send.pk, one.pk)}/")

    assert answer.status_code == 200
    assert states(send) == {State.DELIVERED: 1}
    assert Receipt.objects.get().carrier is None  # simulator carries texts and calls: the ledger knows which


def test_nothing_of_a_page_is_done_for_a_receipt(db):
    send, (one,) = handed_over()

    answer = post(json.dumps([references.make(send.pk, one.pk)]).encode())

    assert not answer.cookies
    assert sorted(answer.headers) == ["Content-Length", "Content-Type"]


@pytest.mark.parametrize(
    ("body", "where", "sign", "status", "sentence"),
    [
        (b"[]", "/webhooks/outbox/", b"another", 403, "That is not signed as this carrier signs."),
        (b"{", "/webhooks/outbox/", SECRET, 400, "That is not what this carrier sends."),
        (b"[]", "/webhooks/nobody/", SECRET, 404, "No carrier of that name is set up here."),
        (b" " * 1_000_001, "/webhooks/outbox/", SECRET, 413, "That is too much at once."),
        (b"[]", "/webhooks/outbox/", SECRET, 200, "Taken."),
    ],
)
def test_refusals_are_a_sentence(db, body, where, sign, status, sentence):
    answer = post(body, where, sign)

    assert (answer.status_code, answer.content.decode()) == (status, f"{sentence}\n")


def test_looking_is_not_posting(db):
    assert Client().get("/webhooks/outbox/").status_code == 405
    assert Client().get("/webhooks/outbox/a/b/").status_code == 404


def test_the_log_names_nobody(db, caplog):
    send, (one,) = handed_over()
    reference = references.make(send.pk, one.pk)

    with caplog.at_level("DEBUG"):
        post(json.dumps([reference]).encode())
        post(json.dumps([reference]).encode(), sign=b"another")

    assert reference not in caplog.text
    assert one.value not in caplog.text
