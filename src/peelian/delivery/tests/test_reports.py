"""What reports of mail systems mean, each system in its own manner; and that garbage is only garbage."""

from __future__ import annotations

import base64
import random

import pytest

from peelian.delivery import status_codes
from peelian.delivery.incoming.reports import Kind, parse
from peelian.delivery.models import Reason
from peelian.delivery.tests.reports import (
    AWAY,
    COMPLAINT,
    EXCHANGE,
    EXIM,
    GMAIL,
    OLD_EXIM,
    POSTFIX,
    made,
)

TO = "b-aaaaaaaaaaaaaaaaaaaaaaaa@now.peelian.example"
CASES = [
    (POSTFIX, "failed", "5.1.1", "550 5.1.1 <sam@home.example>: User unknown", "5.1.1", Reason.BOUNCED),
    (POSTFIX, "failed", "5.2.2", "552 5.2.2 Mailbox is over quota", "5.2.2", Reason.FULL),
    (POSTFIX, "failed", "4.4.1", "connect to mail.home.example: timed out", "4.4.1", Reason.FULL),
    (POSTFIX, "failed", "5.7.1", "554 5.7.1 Listed by a block list", "5.7.1", Reason.BLOCKED),
    (POSTFIX, "failed", "5.1.10", "556 5.1.10 Null MX", "5.1.10", Reason.BOUNCED),
    (POSTFIX, "failed", "5.0.0", "550 no such user", "550", Reason.REFUSED),
    (EXIM, "failed", "", "550 5.1.1 No such mailbox", "5.1.1", Reason.BOUNCED),
    (EXIM, "failed", "", "550-5.2.1 This account has been\n 550 5.2.1 disabled.", "5.2.1", Reason.BOUNCED),
    (EXIM, "failed", "", "550 Rejected by 5.1.1.example", "550", Reason.REFUSED),
    (EXIM, "failed", "", "552 mailbox full", "552", Reason.FULL),
    (EXCHANGE, "failed", "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found", "5.1.10", Reason.BOUNCED),
    (EXCHANGE, "failed", "5.7.133", "550 5.7.133 RESOLVER.RST.SenderNotAuthenticated", "5.7.133", Reason.BLOCKED),
    (EXCHANGE, "failed", "5.2.2", "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception", "5.2.2", Reason.FULL),
    (GMAIL, "failed", "5.1.1", "550-5.1.1 The email account that you tried to reach does", "5.1.1", Reason.BOUNCED),
    (GMAIL, "failed", "4.2.2", "452-4.2.2 The recipient's inbox is out of storage", "4.2.2", Reason.FULL),
]


@pytest.mark.parametrize(("template", "action", "status", "reply", "code", "reason"), CASES)
def test_a_message_that_came_back(template, action, status, reply, code, reason):
    found = parse(made(template, to=TO, action=action, status=status, reply=reply, words="Failure"))

    assert (found.kind, found.code) == (Kind.FAILED, code)
    assert status_codes.reason(found.code) == reason


@pytest.mark.parametrize("template", [POSTFIX, GMAIL])
@pytest.mark.parametrize("action", ["delayed", "relayed", "expanded"])
def test_what_is_not_final_is_of_no_consequence(template, action):
    given = {"to": TO, "status": "4.4.1", "reply": "451 later", "words": "Delay", "action": action}

    assert parse(made(template, **given)).kind is Kind.NOTHING


def test_a_notice_that_it_arrived():
    found = parse(made(POSTFIX, to=TO, action="delivered", status="2.0.0", reply="250 2.0.0 Ok"))

    assert (found.kind, found.code) == (Kind.DELIVERED, "2.0.0")


def test_a_bounce_in_prose_is_not_guessed_at():
    found = parse(made(OLD_EXIM, to=TO))

    assert (found.kind, found.code) == (Kind.FAILED, "")
    assert status_codes.reason("") == Reason.REFUSED


def test_an_answering_machine_says_nothing():
    assert parse(made(AWAY, to=TO)).kind is Kind.NOTHING


def test_a_status_that_came_in_base64():
    fields = b"Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b\nAction: failed\nStatus: 5.1.1\n"
    body = (
        b'Content-Type: multipart/report; boundary="x"\n\n--x\nContent-Type: message/delivery-status\n'
        b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(fields) + b"\n--x--\n"
    )

    assert parse(body)[:2] == (Kind.FAILED, "5.1.1")


REFERENCE = "b-aaaaaaaaaaaaaaaaaaaaaaaa"


@pytest.mark.parametrize(
    ("mail_from", "return_path"), [(f"{REFERENCE}@x.example", "a@b"), ("a@b", f"{REFERENCE.upper()}@x.example")]
)
def test_a_complaint_names_our_message(mail_from, return_path):
    given = made(COMPLAINT, address="complaints@x", kind="abuse", mail_from=mail_from, return_path=return_path)

    found = parse(given)

    assert (found.kind, found.references) == (Kind.COMPLAINT, (REFERENCE[2:],))


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "dmarc"])
def test_not_every_feedback_is_a_complaint(kind):
    assert parse(made(COMPLAINT, address="c@x", kind=kind, mail_from="a@b", return_path="c@d")).kind is Kind.NOTHING


def test_a_message_that_brings_a_report_with_it_is_none():
    """A resident forwards us a bounce of their own: its parts are not ours to believe."""
    inner = made(POSTFIX, to=TO, action="failed", status="5.1.1", reply="550 5.1.1 no").decode()
    outer = f"From: a@b\r\nContent-Type: message/rfc822\r\n\r\n{inner}".encode()

    assert parse(outer).kind is Kind.UNREADABLE


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\0" * 1000,
        b"Content-Type: multipart/report; boundary=\r\n\r\n",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: multipart/report\r\n" * 50 + b"\r\nAction: failed",
        b"Content-Type: message/delivery-status; charset=\xff\xfe\r\n\r\n\xff\r\n\r\n\xff",
        "Content-Type: мультипарт\r\n\r\nПривет".encode(),
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
        + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n" * 500,
    ],
)
def test_garbage_is_unreadable(garbage):
    assert parse(garbage).kind is Kind.UNREADABLE


def test_damaged_reports_never_raise():
    whole = made(EXCHANGE, to=TO, status="5.1.1", reply="550 5.1.1 no")
    chance = random.Random(5)
    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        cut = bytes(damaged[: chance.randrange(len(damaged))])
        assert parse(cut).kind in (Kind.FAILED, Kind.NOTHING, Kind.UNREADABLE)


def test_the_table_of_codes():
    assert [status_codes.reason(code) for code in ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")] == [
        Reason.BOUNCED
    ] * 6
    assert [status_codes.reason(code) for code in ("5.2.2", "4.1.1", "4.2.1", "5.4.7", "450", "552")] == [
        Reason.FULL
    ] * 6
    assert [status_codes.reason(code) for code in ("5.7.1", "4.7.1", "5.7.515", "5.6.0")] == [Reason.BLOCKED] * 4
    assert [status_codes.reason(code) for code in ("", "550", "554", "5.0.0", "5.9.9", "x")] == [Reason.REFUSED] * 6
