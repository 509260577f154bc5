"""PEELIAN_SMTP_URL: what it may say, and what is said when it is wrong."""

from __future__ import annotations

import pytest

from peelian.delivery.carriers.smtp.url import SmtpSettings, parse_smtp_url


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://localhost", "localhost", 25, "none"),
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, "none"),
        ("smtp://127.9.9.9/", "127.9.9.9", 25, "none"),
        ("smtp://[::1]:26", "::1", 26, "none"),
        ("SMTP://Relay.Example", "relay.example", 587, "starttls"),
        ("smtp://192.0.2.7", "192.0.2.7", 587, "starttls"),
        ("smtp://[2001:db8::7]", "2001:db8::7", 587, "starttls"),
        ("smtp://127.0.0.1.evil.example", "127.0.0.1.evil.example", 587, "starttls"),
        ("smtp://relay.example?tls=implicit", "relay.example", 465, "implicit"),
        ("smtp://relay.example?tls=none", "relay.example", 25, "none"),
        ("smtp://localhost?tls=starttls", "localhost", 587, "starttls"),
        (" smtp://relay.example:1025?tls=implicit ", "relay.example", 1025, "implicit"),
    ],
)
def test_host_port_and_encryption(url: str, host: str, port: int, tls: str) -> None:
    assert parse_smtp_url(url) == SmtpSettings(host, port, tls)  # type: ignore[arg-type]


def test_user_and_password_are_unescaped_and_never_shown() -> None:
    settings = parse_smtp_url("smtp://force%40relay:s%2Fe%3Ac%23ret%25@relay.example")
    assert (settings.username, settings.password) == ("force@relay", "s/e:c#ret%")
    assert "ret" not in repr(settings)


SECRET = "hunter2"


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("", "begin with smtp://"),
        (f"smtps://u:{SECRET}@relay.example", "begin with smtp://"),
        (f"u:{SECRET}@relay.example", "begin with smtp://"),
        (f"smtp://u:{SECRET}@", "host is missing"),
        ("smtp://:25", "host is missing"),
        (f"smtp://u:{SECRET}@[::1", "host is not readable"),
        (f"smtp://u:{SECRET}@re lay.example", "host is not a name"),
        (f"smtp://u:{SECRET}@relay.example:abc", "port"),
        (f"smtp://u:{SECRET}@relay.example:0", "port"),
        (f"smtp://u:{SECRET}@relay.example:65536", "port"),
        (f"smtp://u:{SECRET}/x@relay.example", "path"),
        (f"smtp://u:x#{SECRET}@relay.example", "path or fragment"),
        (f"smtp://relay:12/{SECRET}@relay.example", "path or fragment"),
        (f"smtp://u:12?{SECRET}@relay.example", "question mark"),
        (f"smtp://u:{SECRET}@relay.example?tls=ssl", "tls is none of"),
        (f"smtp://u:{SECRET}@relay.example?tls=", "tls is none of"),
        (f"smtp://u:{SECRET}@relay.example?tls=none&tls=starttls", "question mark"),
        (f"smtp://u:{SECRET}@relay.example?verify=no", "question mark"),
        ("smtp://u@relay.example", "given together"),
        (f"smtp://:{SECRET}@relay.example", "given together"),
        (f"smtp://u:{SECRET}%00@relay.example", "zero byte"),
    ],
)
def test_a_wrong_part_is_named_and_the_password_is_not(url: str, part: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_smtp_url(url)
    sentence = str(caught.value)
    assert sentence.startswith("PEELIAN_SMTP_URL")
    assert part in sentence
    assert SECRET not in sentence
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
