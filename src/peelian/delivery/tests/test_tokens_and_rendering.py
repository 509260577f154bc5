"""Tokens that cannot be guessed or altered, and messages nobody can add a header to."""

from __future__ import annotations

import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.core.messages import TOKEN, EmailParts
from peelian.delivery import tokens
from peelian.delivery.errors import BadToken
from peelian.delivery.rendering import EmailTemplate

ids = st.integers(0, 2**63 - 1)


@given(ids, ids)
def test_a_token_is_read_back(send_id, address_id):
    token = tokens.make(send_id, address_id)
    assert len(token) == tokens.LENGTH
    assert tokens.read(token) == (send_id, address_id)


@given(ids, ids, st.integers(0, tokens.LENGTH - 2), st.sampled_from("AZaz09-_"))
def test_an_altered_token_is_refused(send_id, address_id, place, letter):
    token = tokens.make(send_id, address_id)
    altered = token[:place] + letter + token[place + 1 :]
    if altered != token:
        with pytest.raises(BadToken):
            tokens.read(altered)


@given(st.text(max_size=60))
def test_anything_else_is_refused(text):
    with pytest.raises(BadToken):
        tokens.read(text)


@given(st.text(max_size=80), st.text(max_size=80))
def test_headers_stay_as_many_as_they_are(subject, name):
    parts = EmailParts(subject=subject, text="x", html="<p>x</p>", from_name=name, unsubscribe=True)
    content = EmailTemplate(parts, send_id=1, transactional=False).fill(
        recipient="a@home.example", token="t" * tokens.LENGTH, message_id="<1@now.example>"
    )
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert len(message.keys()) == 10
    assert len(list(message.iter_parts())) == 2
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_text_arrives_as_it_was_written(words):
    parts = EmailParts(subject="s", text=f"{words}\n{TOKEN}\n{words}", html="<p></p>", from_name="n")
    token = "t" * tokens.LENGTH
    content = EmailTemplate(parts, send_id=1, transactional=True).fill(
        recipient="a@home.example", token=token, message_id="<1@now.example>"
    )
    assert max(len(line) for line in content.split(b"\r\n")) < 998
    plain = next(iter(email.message_from_bytes(content, policy=email.policy.default).iter_parts()))
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == f"{words}\n{token}\n{words}".rstrip("\n")
