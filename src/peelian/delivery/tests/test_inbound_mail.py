"""Emails that carriers take in and post, in the shapes that each documents: kept once as the bytes they were, refused
when they are not signed, kept for a person when they cannot be taken apart."""

from __future__ import annotations

import base64
import email
import email.policy
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.test import Client

from peelian.contacts.models import Address
from peelian.delivery import hooks, tokens
from peelian.delivery.carriers.ses.tests import test_receipts as sns
from peelian.delivery.carriers.ses.tests.fake import TOPIC, URL
from peelian.delivery.carriers.ses.tests.test_receipts import tell
from peelian.delivery.carriers.tests.hooks import forget
from peelian.delivery.incoming import store
from peelian.delivery.models import Incoming
from peelian.delivery.views import inbound

pytestmark = pytest.mark.django_db
amazon = sns.amazon  # the fixture
DOMAIN = django_settings.PEELIAN_MAIL_DOMAIN
TO = f"reply+{tokens.make_reply(5, 7)}@{DOMAIN}"
RAW = (
    "Message-ID: <a1@home.example>\r\nFrom: Valerie Stöne <valerie@home.example>\r\nTo: Elm Bridge team <"
    + TO
    + ">\r\n"
    "Subject: Re: Vans\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\nI saw a réd van.\r\n"
).encode()
HEADERS = [
    ["Message-Id", "<a1@home.example>"],
    ["From", "Valerie Stöne <valerie@home.example>"],
    ["To", f"Elm Bridge team <{TO}>"],
    ["Subject", "Re: Vans"],
    ["Auto-Submitted", "no"],
]


@pytest.fixture(autouse=True)
def fresh():
    inbound._named.cache_clear()
    yield
    inbound._named.cache_clear()
    forget()


def post(name: str, body: bytes, kind: str, **headers: str) -> int:
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/inbound/{name}/", body, content_type=kind, headers=headers).status_code


def form(fields: dict[str, Any], files: dict[str, tuple[str, str, bytes]] | None = None) -> tuple[bytes, str]:
    parts = []
    for name, value in fields.items():
        data = value if isinstance(value, bytes) else str(value).encode()
        parts.append(b'--xYzZY\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), data))
    for name, (file, kind, data) in (files or {}).items():
        head = f'--xYzZY\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        head += f"Content-Type: {kind}\r\n\r\n"
        parts.append(head.encode() + data + b"\r\n")
    return b"".join(parts) + b"--xYzZY--\r\n", "multipart/form-data; boundary=xYzZY"


def basic(secret: str) -> str:
    return "Basic " + base64.b64encode(f"peelian:{secret}".encode()).decode()


def read(row: Incoming) -> Any:
    return email.message_from_bytes(bytes(row.content), policy=email.policy.default)


# Postmark ("Inbound webhook": JSON) ------------------------------------------------------------------------------


def postmark_told(**more: Any) -> dict[str, Any]:
    return {
        "FromName": "Valerie Stöne",
        "From": "valerie@home.example",
        "FromFull": {"Email": "valerie@home.example", "Name": "Valerie Stöne", "MailboxHash": ""},
        "To": TO,
        "ToFull": [{"Email": TO, "Name": "Elm Bridge team", "MailboxHash": ""}],
        "Cc": "", "CcFull": [], "Bcc": "", "BccFull": [],
        "OriginalRecipient": TO,
        "Subject": "Re: Vans",
        "MessageID": "73e6d360-66eb-11e1-8e72-a8904824019b",
        "ReplyTo": "", "MailboxHash": "",
        "Date": "Fri, 20 Nov 2026 16:45:32 +0000",
        "TextBody": "I saw a réd van.", "HtmlBody": "", "StrippedTextReply": "",
        "Tag": "",
        "Headers": [{"Name": "Return-Path", "Value": "<valerie@home.example>"}]
        + [{"Name": name, "Value": value} for name, value in HEADERS if name not in ("From", "To", "Subject")],
        "Attachments": [],
        **more,
    }  # fmt: skip


def by_postmark(settings: Any, *, whole: bool, file: bytes = b"", secret: str = "secret") -> int:
    settings.PEELIAN_EMAIL_CARRIERS = "postmark://token?webhook=secret"
    more: dict[str, Any] = {"RawEmail": RAW.decode()} if whole else {}
    if file:
        content = base64.b64encode(file).decode()
        more["Attachments"] = [
            {"Name": "a.pdf", "Content": content, "ContentType": "application/pdf", "ContentLength": 1}
        ]
    body = json.dumps(postmark_told(**more)).encode()
    return post("postmark", body, "application/json", Authorization=basic(secret))


# Mailgun ("Routes": forward()) -----------------------------------------------------------------------------------


def by_mailgun(settings: Any, *, whole: bool, file: bytes = b"", secret: str = "signing") -> int:
    settings.PEELIAN_EMAIL_CARRIERS = "mailgun://key@now.peelian.example?webhook=signing"
    stamp, token = "1763632800", "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0"
    fields: dict[str, Any] = {
        "recipient": TO, "sender": "valerie@home.example", "from": "Valerie", "subject": "Re: Vans",
        "timestamp": stamp, "token": token,
        "signature": hmac.new(secret.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest(),
    }  # fmt: skip
    if whole:
        body, kind = form(fields | {"body-mime": RAW})
        return post("mailgun", body, kind)
    fields |= {"message-headers": json.dumps(HEADERS), "body-plain": "I saw a réd van.", "stripped-text": "x"}
    if not file:
        return post("mailgun", urlencode(fields).encode(), "application/x-www-form-urlencoded")
    body, kind = form(fields | {"attachment-count": 1}, {"attachment-1": ("a.pdf", "application/pdf", file)})
    return post("mailgun", body, kind)


# SendGrid ("Inbound Parse") --------------------------------------------------------------------------------------


def by_sendgrid(settings: Any, *, whole: bool, file: bytes = b"", secret: str = "secret") -> int:
    settings.PEELIAN_EMAIL_CARRIERS = "sendgrid://SG.key?inbound=secret"
    fields: dict[str, Any] = {
        "envelope": json.dumps({"to": [TO], "from": "valerie@home.example"}),
        "charsets": json.dumps({"to": "UTF-8", "subject": "UTF-8", "from": "UTF-8", "text": "iso-8859-1"}),
        "SPF": "pass", "dkim": "{@home.example : pass}", "sender_ip": "192.0.2.7", "spam_score": "0.1",
    }  # fmt: skip
    if whole:
        body, kind = form(fields | {"email": RAW})
    else:
        head = "".join(f"{name}: {value}\n" for name, value in HEADERS)
        files, attached = {}, {}
        if file:
            files = {"attachment1": ("a.pdf", "application/pdf", file)}
            attached = {
                "attachment-info": json.dumps({"attachment1": {"filename": "a.pdf", "type": "application/pdf"}})
            }
        words = "I saw a réd van.".encode("iso-8859-1")
        body, kind = form(fields | {"headers": head, "text": words, "attachments": len(files)} | attached, files)
    return post("sendgrid", body, kind, Authorization=basic(secret))


EVERY = [by_postmark, by_mailgun, by_sendgrid]


@pytest.mark.parametrize("by", EVERY)
def test_a_whole_email_is_kept_as_the_bytes_it_was(by, settings):
    assert by(settings, whole=True) == 200

    row = Incoming.objects.get()
    assert (row.recipient, row.problem) == (TO, "")
    assert bytes(row.content) == b"Return-Path: <valerie@home.example>\r\n" + RAW


@pytest.mark.parametrize("by", EVERY)
def test_an_email_in_parts_is_put_together_again(by, settings):
    file = b"%PDF-1.7\n\x00\xff" + bytes(range(256)) * 9_000
    assert by(settings, whole=False, file=file) == 200

    message = read(Incoming.objects.get())
    assert message["Message-ID"] == "<a1@home.example>"
    assert message["Auto-Submitted"] == "no"
    assert message["From"].addresses[0].addr_spec == "valerie@home.example"
    assert message.get_body(("plain",)).get_content().strip() == "I saw a réd van."
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_payload(decode=True)) == ("a.pdf", file)


@pytest.mark.parametrize("by", EVERY)
def test_without_a_file_too(by, settings):
    assert by(settings, whole=False) == 200
    assert read(Incoming.objects.get()).get_body(("plain",)).get_content().strip() == "I saw a réd van."


@pytest.mark.parametrize("by", EVERY)
@pytest.mark.parametrize("whole", [True, False])
def test_what_is_not_signed_is_not_kept(by, whole, settings):
    assert by(settings, whole=whole, secret="another") == 403
    assert Incoming.objects.count() == 0


@pytest.mark.parametrize("by", EVERY)
def test_told_again_it_is_kept_once(by, settings):
    assert [by(settings, whole=True) for _ in range(3)] == [200] * 3
    assert Incoming.objects.count() == 1


@pytest.mark.parametrize("by", EVERY)
def test_the_carriers_own_test_or_nonsense_is_told_so_and_kept(by, settings):
    """Signed and not to be taken apart: for a person."""
    by(settings, whole=True)
    Incoming.objects.all().delete()
    if by is by_postmark:
        body, kind, headers = b'{"Headers": 7, "FromFull": []}', "application/json", {"Authorization": basic("secret")}
    elif by is by_sendgrid:
        (body, kind), headers = form({"nothing": "x"}), {"Authorization": basic("secret")}
    else:
        stamp, token = "1", "t"
        signature = hmac.new(b"signing", f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
        (body, kind), headers = form({"timestamp": stamp, "token": token, "signature": signature}), {}

    assert post(by.__name__.removeprefix("by_"), body, kind, **headers) == 200

    row = Incoming.objects.get()
    assert row.recipient == f"aside:{inbound.NOT_TAKEN_APART}"
    assert bytes(row.content) == body


def test_another_carriers_kind_of_webhook_is_refused(settings):
    settings.PEELIAN_EMAIL_CARRIERS = "postmark://token?webhook=secret"
    body = json.dumps({"RecordType": "Delivery", "MessageID": "x"}).encode()
    assert post("postmark", body, "application/json", Authorization=basic("secret")) == 400
    assert Incoming.objects.count() == 0


def test_to_nobody_of_ours_it_is_kept_as_a_problem(settings):
    settings.PEELIAN_EMAIL_CARRIERS = "postmark://token?webhook=secret"
    body = json.dumps(postmark_told(OriginalRecipient=f"nobody@{DOMAIN}")).encode()
    assert post("postmark", body, "application/json", Authorization=basic("secret")) == 200
    assert Incoming.objects.get().problem == "It names no address of ours."


def test_too_large_for_the_door_and_too_large_to_keep(settings, monkeypatch):
    monkeypatch.setattr(inbound, "LARGEST", 5_000)
    assert by_postmark(settings, whole=False, file=bytes(6_000)) == 413
    monkeypatch.undo()
    monkeypatch.setattr(store, "LARGEST", 5_000)
    assert by_postmark(settings, whole=False, file=bytes(6_000)) == 200
    assert Incoming.objects.get().recipient == "aside:It is too large."


def test_too_many_to_one_address_come_again_later(settings, monkeypatch):
    mailbox = hooks.mailboxes["reply+"]
    monkeypatch.setitem(hooks.mailboxes._items, "reply+", mailbox._replace(most_an_hour=1))
    assert [by_mailgun(settings, whole=True), by_mailgun(settings, whole=True)] == [200, 503]


@pytest.mark.parametrize("name", ["smtp", "nobody", "simulator"])
def test_carriers_that_take_in_nothing(name):
    assert post(name, b"x", "text/plain") == 404


def test_it_is_a_door_for_posts(settings):
    by_postmark(settings, whole=True)
    assert Client().get("/inbound/postmark/").status_code == 405
    assert Client().head("/inbound/postmark/").status_code == 200


def test_a_form_of_a_million_lines_is_not_read(settings):
    settings.PEELIAN_EMAIL_CARRIERS = "mailgun://key@now.peelian.example?webhook=signing"
    body, kind = form({"x": b"\n" * 1_000_000})
    assert post("mailgun", body, kind) == 400


# Amazon SES (a receipt rule with an SNS or an S3 action) -----------------------------------------------------------


class ByAmazon:
    def __init__(self, settings: Any, amazon: Any) -> None:
        settings.PEELIAN_EMAIL_CARRIERS = URL + amazon.api
        self.amazon, self.name = amazon, "ses"

    def post(self, body: Any, **headers: str) -> int:
        return post("ses", json.dumps(body).encode(), "text/plain; charset=UTF-8", **headers)


def received(action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "notificationType": "Received",
        "mail": {"timestamp": "2026-11-20T10:00:00Z", "source": "valerie@home.example", "messageId": "m1"},
        "receipt": {"recipients": [TO], "spamVerdict": {"status": "PASS"}, "action": action},
        **more,
    }  # fmt: skip


@pytest.fixture
def ses(settings, amazon):
    return ByAmazon(settings, amazon)


@pytest.mark.parametrize("encoding", ["UTF-8", "BASE64"])
def test_ses_by_sns(ses, encoding):
    content = base64.b64encode(RAW).decode() if encoding == "BASE64" else RAW.decode()
    assert tell(ses, received({"type": "SNS", "topicArn": TOPIC, "encoding": encoding}, content=content)) == 200
    assert bytes(Incoming.objects.get().content) == b"Return-Path: <valerie@home.example>\r\n" + RAW


def test_ses_by_s3(ses, monkeypatch):
    from peelian.delivery.carriers.tests import faking

    def answer(asked):
        asked_for.append((asked.path, asked.headers.get("authorization", "")[:16]))
        return faking.Reply(200, RAW) if asked.path == "/mail-in/abc" else faking.Reply(404)

    asked_for: list[tuple[str, str]] = []
    with faking.served(answer) as s3:
        monkeypatch.setattr("peelian.delivery.carriers.ses.inbound._s3_address", lambda parts: s3.api)
        action = {"type": "S3", "topicArn": TOPIC, "bucketName": "mail-in", "objectKey": "abc"}
        assert tell(ses, received(action)) == 200
        assert tell(ses, received({**action, "objectKey": "gone"})) == 503  # it is told again
    assert asked_for[0] == ("/mail-in/abc", "AWS4-HMAC-SHA256")
    assert bytes(Incoming.objects.get().content).endswith(RAW)


def test_ses_of_another_key_is_not_kept(ses):
    from cryptography.hazmat.primitives.asymmetric import rsa

    action = {"type": "SNS", "topicArn": TOPIC, "encoding": "UTF-8"}
    other = rsa.generate_private_key(65537, 2048)
    assert tell(ses, received(action, content=RAW.decode()), key=other) == 403
    assert Incoming.objects.count() == 0


def test_ses_of_another_topic_is_not_kept(ses):
    action = {"type": "SNS", "topicArn": TOPIC, "encoding": "UTF-8"}
    assert tell(ses, received(action, content=RAW.decode()), TopicArn="arn:aws:sns:eu-west-2:1:other") == 403


def test_an_address_of_ours_and_one_of_others(settings):
    """SES and SendGrid name every recipient: each of ours is kept."""
    second = f"reply+{tokens.make_reply(5, 8)}@{DOMAIN}"
    settings.PEELIAN_EMAIL_CARRIERS = "sendgrid://SG.key?inbound=secret"
    body, kind = form(
        {"envelope": json.dumps({"to": [TO, "x@home.example", second], "from": "a@b.example"}), "email": RAW}
    )
    assert post("sendgrid", body, kind, Authorization=basic("secret")) == 200
    assert sorted(Incoming.objects.values_list("recipient", flat=True)) == sorted([TO, second])
    assert not Address.objects.exists()
