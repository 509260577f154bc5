"""Tokens that cannot be guessed or altered, and messages nobody can add a header to."""

from __future__ import annotations

import base64
import email
import email.policy
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.messages import TOKEN, EmailParts
from peelian.delivery import headers, references, signing, tokens
from peelian.delivery.carriers.base import WireReady
from peelian.delivery.carriers.smtp.wire import stuffed
from peelian.delivery.errors import BadToken
from peelian.delivery.rendering import EmailTemplate

ids = st.integers(0, tokens.LARGEST_ID)
written = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def message(parts: EmailParts, *, automatic: bool = False, send_id: int = 7, address_id: int = 9) -> bytes:
    return EmailTemplate(parts, send_id=send_id, automatic=automatic).filler()(address_id, "a@home.example")


def read(content: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


@given(ids, ids)
def test_a_token_is_read_back(send_id, address_id):
    token = tokens.make(send_id, address_id)
    assert len(token) == tokens.LENGTH
    assert tokens.read(token) == (send_id, address_id)


@given(ids, ids, st.integers(0, tokens.LENGTH - 1), st.sampled_from("ABCXYZabcxyz0189-_"))
def test_a_token_altered_anywhere_is_refused(send_id, address_id, place, letter):
    token = tokens.make(send_id, address_id)
    altered = token[:place] + letter + token[place + 1 :]
    if altered != token:
        with pytest.raises(BadToken):
            tokens.read(altered)


@given(st.text(max_size=60))
def test_anything_else_is_refused(text):
    with pytest.raises(BadToken):
        tokens.read(text)


def test_tokens_of_another_key_are_refused(settings):
    token = tokens.make(1, 2)
    settings.SECRET_KEY = "another key altogether"
    with pytest.raises(BadToken):
        tokens.read(token)


@given(written, written)
def test_no_wording_adds_a_header(subject, name):
    parts = EmailParts(subject=subject, text="x", html="<p>x</p>", from_name=name, unsubscribe=True)
    content = message(parts)
    found = read(content)
    assert found.keys() == [
        "To", "Message-ID", "From", "Subject", "Date", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
        "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert found["Subject"] == headers.one_line(subject)
    assert found["From"].addresses[0].addr_spec == "alerts@now.peelian.example"
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))


def test_an_injected_header_is_part_of_the_words():
    parts = EmailParts("Vans\r\nBcc: all@home.example", "x", "<p>x</p>", 'Elm "Bridge"\r\nX-Evil: 1')
    found = read(message(parts, automatic=True))
    assert found["Bcc"] is None
    assert found["X-Evil"] is None
    assert found["Subject"] == "Vans Bcc: all@home.example"
    assert found["From"].addresses[0].display_name == 'Elm "Bridge" X-Evil: 1'
    assert found["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("reply_to", ["x@y.example\r\nBcc: z@y.example", "a b@y.example", "x@y.example, z@y.example"])
def test_a_reply_address_that_is_none_stops_the_send(reply_to):
    with pytest.raises(headers.NotAnAddress):
        message(EmailParts("s", "x", "<p>x</p>", "n", reply_to=reply_to))


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: c@d.example", "a@b.example>", "<a@b.example", "a b@c.example", ""]
)
def test_such_a_recipient_gets_nothing(address):
    assert not headers.may_be_recipient(address)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_text_arrives_as_it_was_written(words):
    found = read(message(EmailParts("s", f"{words}\n{TOKEN}{words} \n.", f"<p>{TOKEN}</p>", "n")))
    plain, html = found.iter_parts()
    token = tokens.make(7, 9)
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == f"{words}\n{token}{words} \n."
    assert html.get_content().strip() == f"<p>{token}</p>"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.integers(0, 100))
def test_every_line_fits_and_none_begins_with_a_dot(words, lead):
    content = message(EmailParts("s", "x" * lead + TOKEN + words, f"<p>{'.' * lead}{TOKEN}</p>", "n"))
    body = content.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert max(map(len, body)) <= 76
    assert not any(line.startswith(b".") for line in body)
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_message_id_is_the_same_each_time_and_nobody_elses():
    parts = EmailParts("s", "x", "<p>x</p>", "n")
    own = read(message(parts))["Message-ID"]
    assert own == read(message(parts))["Message-ID"]
    assert own != read(message(parts, address_id=10))["Message-ID"] != read(message(parts, send_id=8))["Message-ID"]
    assert tokens.make(7, 9) not in own


ANSWERABLE = EmailParts("s", f"x {TOKEN}", f"<p>{TOKEN}</p>", 'Elm "Bridge", team', answerable=True)


def test_an_answer_has_an_address_of_its_own():
    found = read(message(ANSWERABLE))
    (to,) = found["Reply-To"].addresses
    assert (to.display_name, to.domain) == ('Elm "Bridge", team', "now.peelian.example")
    assert to.username == f"reply+{tokens.make_reply(7, 9)}"
    assert len(to.username) <= 64  # RFC 5321 4.5.3.1.1
    assert tokens.read_reply(to.username.removeprefix("reply+").upper()) == (7, 9)
    assert read(message(ANSWERABLE, address_id=10))["Reply-To"] != found["Reply-To"]
    assert found.get_body(("plain",)).get_content().strip() == f"x {tokens.make(7, 9)}"


def test_what_nobody_answers_has_none():
    assert read(message(EmailParts("s", "x", "", "n")))["Reply-To"] is None


@given(ids, ids)
def test_an_address_for_answers_is_read_back(send_id, address_id):
    assert tokens.read_reply(tokens.make_reply(send_id, address_id)) == (send_id, address_id)


@given(ids, ids, st.integers(0, 37), st.sampled_from("0123456789abcdef-"))
def test_an_altered_address_for_answers_is_nobodys(send_id, address_id, where, put):
    name = tokens.make_reply(send_id, address_id)
    altered = name[: where % len(name)] + put + name[where % len(name) + 1 :]
    if altered != name:
        with pytest.raises(BadToken):
            tokens.read_reply(altered)


@given(ids, ids)
def test_neither_token_can_be_made_from_the_other(send_id, address_id):
    link = base64.urlsafe_b64decode(tokens.make(send_id, address_id))[10:].hex()
    reply = tokens.make_reply(send_id, address_id).rpartition("-")[2]
    assert reply not in link


@pytest.mark.parametrize("text", ["", "7-9", "07-9-0123456789abcdef", "7-9-0123456789abcdeg", "٣-9-0123456789abcdef"])
def test_these_are_no_addresses_for_answers(text):
    with pytest.raises(BadToken):
        tokens.read_reply(text)


def test_without_html_there_is_one_part():
    found = read(message(EmailParts("s", "Your code is 123456", "", "n"), automatic=True))
    assert found.get_content_type() == "text/plain"
    assert found.get_content().strip() == "Your code is 123456"


@given(st.binary(max_size=64), st.binary(max_size=300))
def test_the_quick_signature_is_hmac(key, words):
    assert signing.keyed(key)(words) == hmac.digest(key, words, "sha256")


@given(ids, ids)
def test_a_reference_is_base32_of_both_ids_and_is_read_back(send_id, address_id):
    reference = references.make(send_id, address_id)
    both = (send_id << 40 | address_id).to_bytes(10, "big")
    assert base64.b32decode(reference.upper())[:10] == both
    assert references.read(reference) == (send_id, address_id)


@given(written, written)
def test_what_goes_without_a_look_would_look_the_same(words, markup):
    content = message(EmailParts(subject="S", text=f".{words}\n.\n{TOKEN}", html=markup, from_name="Team"))
    if type(content) is WireReady:
        assert stuffed(bytes(content)) == content


def test_a_usual_message_goes_without_a_look():
    parts = EmailParts(subject="S", text=f".\n. a {TOKEN}", html="<p>.</p>", from_name="Team")
    assert type(message(parts)) is WireReady
