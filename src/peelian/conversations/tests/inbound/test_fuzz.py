"""Whatever comes in: nothing breaks, nothing is lost, and the same thing twice is one.

Each message that the door has taken is afterwards in exactly one of three states: in a conversation, a report, or kept
aside for a person; and nothing waits in the store.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from peelian.conversations.inbound import attachments, letter, trimming
from peelian.conversations.models import Attachment, Inbound, Message
from peelian.conversations.tests.inbound import support
from peelian.core.models import StoredFile
from peelian.delivery.incoming import store
from peelian.delivery.models import Incoming

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))

CHARSETS = [
    "utf-8",
    "us-ascii",
    "iso-8859-1",
    "utf-16",
    "utf-7",
    "x-unknown",
    "base64",
    "rot13",
    "idna",
    "punycode",
    "hz",
    "undefined",
    "zlib",
    "",
    "\x00",
    "utf-8; x",
    "'",
    "euc-kr",
    "cp037",
]
ENCODINGS = ["7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode", "nonsense", "", "BASE64 "]
TYPES = [
    "text/plain",
    "text/html",
    "image/jpeg",
    "application/pdf",
    "multipart/mixed",
    "multipart/alternative",
    "text",
    "message/rfc822",
    "multipart/report",
    "message/delivery-status",
    "text/calendar",
    "/",
    "application/octet-stream",
    "multipart/signed",
    "message/partial",
    "message/external-body",
    "text/plain; charset",
]
NAMES = [
    "From",
    "Subject",
    "Message-ID",
    "Date",
    "To",
    "Reply-To",
    "Auto-Submitted",
    "List-Id",
    "Return-Path",
    "Content-ID",
    "Content-Disposition",
    "Content-Type",
    "Precedence",
    "MIME-Version",
    "References",
    "X-\xe9",
    "",
    "Bcc",
]

anything = st.text(st.characters(codec="utf-8"), max_size=120)
values = st.one_of(
    anything,
    st.sampled_from(
        [
            "<a@b.example>",
            "Valerie <valerie.stone@home.example>",
            "=?utf-8?b?!!!?=",
            "=?idna?q?x?=",
            "<>",
            ",,,@",
            "attachment; filename*=utf-16''%ff",
            'attachment; filename="a\r\n b"',
            "inline",
            "no",
            "auto-replied",
            "\r\n folded",
            "x" * 5_000,
            "=?utf-8?q?=00=ff?=",
            "attachment; filename*0*=x''%; filename*1=b",
        ]
    ),
)
fields = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=6)
words = st.one_of(
    anything.map(lambda text: text.encode()),
    st.binary(max_size=300),
    st.sampled_from(
        [
            b"I saw a red van.\r\n\r\nOn Fri wrote:\r\n> x",
            b"<p>I saw</p>" * 9,
            b"\xff\xd8\xff\xe0",
            b"%PDF-1.4",
            b"\0",
            b"\r",
            b".\r\n.",
            b"=00=FF=",
            b"////",
            b"GIF89a",
            b"On " * 400,
            b"> " * 500,
            b"",
        ]
    ),
)


@st.composite
def parts(draw: Any, depth: int = 3) -> bytes:
    """A MIME part, often a wrong one."""
    kind, charset = draw(st.sampled_from(TYPES)), draw(st.sampled_from(CHARSETS))
    head = [f"{name}: {value}" for name, value in draw(fields)]
    if depth and kind.startswith("multipart"):
        boundary = draw(st.sampled_from(["b", "=_x", "", "a b", "b"]))
        inner = draw(st.lists(parts(depth=depth - 1), max_size=3))
        end = draw(st.sampled_from(["--", "", "-"]))
        head.append(f'Content-Type: {kind}; boundary="{boundary}"')
        marked = [b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in inner]
        body = b"preamble\r\n" + b"".join(marked) + f"--{boundary}{end}\r\n".encode()
    else:
        head += [
            f'Content-Type: {kind}; charset="{charset}"',
            f"Content-Transfer-Encoding: {draw(st.sampled_from(ENCODINGS))}",
        ]
        body = draw(parts(depth=0)) if depth and kind == "message/rfc822" else draw(words)
    return "\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def states() -> int:
    """How many messages are somewhere, after a look that each is where its state says."""
    assert not Incoming.objects.exists(), Incoming.objects.values_list("problem", flat=True)
    for row in Inbound.objects.all():
        assert (row.state == Inbound.State.TAKEN) == (row.message_id is not None)
        assert row.state == Inbound.State.TAKEN or row.reason
        assert row.raw is not None
    return Inbound.objects.count()


@contextmanager
def once() -> Iterator[support.World]:
    """An example in a world of its own, in which one message came."""
    with transaction.atomic():
        yield support.make_world()
        assert states() == 1
        transaction.set_rollback(True)


def taken(content: bytes, to: str) -> None:
    for _ in range(2):
        store.keep([to], content)
        store.read_all()


@SLOW
@given(parts(), st.booleans())
@example(b"", False)
@example(b"\r\n\r\n", True)
@example(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" * 40, False)
@example(b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(90)), True)
@example(b"Content-Type: message/rfc822\r\n\r\n" * 2_000, True)
@example(b"Content-Type: a" + b";" * 200_000 + b"\r\n\r\nx", True)
@example(b"From: " + b"(" * 100_000 + b"\r\n\r\nwords", True)
@example(b"From: a@b.example\r\nSubject: " + b"=?utf-8?q?x?= " * 30_000 + b"\r\n\r\nwords", True)
@example(b"Subject: x\r\n" * 20_000 + b"\r\nwords", True)
@example(b"\n" * 700_000, True)
@example("Content-Type: text/plain; charset=utf-8\r\n\r\n\ud800".encode("utf-8", "surrogatepass"), True)
def test_any_mime(db: None, content: bytes, answer: bool) -> None:
    with once() as world:
        taken(content, world.reply_to if answer else f"alerts@{support.DOMAIN}")


@SLOW
@given(st.binary(max_size=400))
def test_any_bytes(db: None, content: bytes) -> None:
    with once() as world:
        taken(content, world.reply_to)


@SLOW
@given(parts())
def test_files_are_shown_or_refused(db: None, content: bytes) -> None:
    with once() as world:
        taken(content, world.reply_to)
        for row in Attachment.objects.all():
            assert attachments.check(row.pk) in (Attachment.State.SHOWN, Attachment.State.REFUSED)
        for file in StoredFile.objects.all():
            assert file.media_type in {"image/jpeg", "image/png", "application/pdf", "text/plain"}


@SLOW
@given(
    st.dictionaries(st.sampled_from(["from", "to", "words", "carrier", "id", "heard", "pictures", "x"]), anything),
    st.sampled_from([support.NUMBER, "447700900123", "07700 900123", "+447700900999", "", "Police", "٠٧٧"]),
)
def test_any_text(db: None, told: dict[str, str], number: str) -> None:
    with once():
        for _ in range(2):
            store.keep_text({**told, "from": number})
            store.read_all()


@SLOW
@given(st.one_of(st.binary(max_size=100), st.recursive(st.none() | st.integers() | anything, st.lists).map(json.dumps)))
def test_what_is_no_text_at_all(db: None, content: bytes | str) -> None:
    with once():
        for _ in range(2):
            store.keep(["texts"], content if isinstance(content, bytes) else content.encode())
            store.read_all()
        assert not Message.objects.exists()


@SLOW
@given(anything, st.binary(max_size=200))
def test_what_is_kept_aside_by_the_door(db: None, reason: str, content: bytes) -> None:
    reason = letter.clean(reason) or "x"
    with once():
        for _ in range(2):
            store.keep_aside(reason, content)
            store.read_all()


@MANY
@given(parts())
def test_a_letter_is_read_or_refused(content: bytes) -> None:
    try:
        found = letter.read(content)
    except letter.Unreadable:
        return
    assert "\0" not in found.text + found.sender
    found.text.encode()  # no half of a pair
    for file in found.files:
        assert file.name
        assert not set(file.name) & set('/\\\0\n"')


@MANY
@given(st.text(max_size=600), st.sampled_from(["\n", "\r\n", "\r"]))
def test_trimming_never_loses_everything(whole: str, end: str) -> None:
    found = trimming.said(whole.replace("\n", end))
    assert bool(found) == bool(whole.strip()) or not whole.strip()


@pytest.mark.parametrize("number", range(3))
def test_the_key_of_a_message_is_that_of_its_body(number: int) -> None:
    body = b"Message-ID: <a@b>\r\n\r\nwords"
    hops = [b"", b"Received: from a\r\n", b"Return-Path: <x@y>\r\nReceived: from b\r\n by c\r\n"]
    assert letter.key("r", hops[number] + body) == letter.key("r", body)
    assert letter.key("r", body + b"!") != letter.key("r", body)
    assert letter.key("s", body) != letter.key("r", body)
