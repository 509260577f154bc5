"""Read PEELIAN_SMTP_URL, the one setting that says which mail server takes our email."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Final, Literal, cast
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

Tls = Literal["none", "starttls", "implicit"]

PORTS: Final[dict[str, int]] = {"none": 25, "starttls": 587, "implicit": 465}
SHAPE: Final = "smtp://user:password@host:port?tls=none|starttls|implicit"
HOST_NAME: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?")


@dataclass(frozen=True)
class SmtpSettings:
    """The server that takes our mail. `name` is what we call ourselves in EHLO (empty: our address)."""

    host: str
    port: int
    tls: Tls
    username: str = ""
    password: str = field(default="", repr=False)
    name: str = ""


def parse_smtp_url(url: str) -> SmtpSettings:
    """Settings from the URL; ValueError with a sentence about the part that is wrong.

    No sentence repeats any piece of the URL: a password with an unescaped `/`, `?`, `#` or `@` is cut in the
    wrong place and could turn up as the port, the path or the query.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise _wrong("the host is not readable") from None
    if parts.scheme.lower() != "smtp":
        raise _wrong("it has to begin with smtp://")
    host = _host(parts)
    tls = _tls(parts, host)
    username, password = _credentials(parts)
    return SmtpSettings(host, _port(parts) or PORTS[tls], tls, username, password)


def is_loopback(host: str) -> bool:
    """Whether the host can only be this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _wrong(what: str) -> ValueError:
    return ValueError(
        f"PEELIAN_SMTP_URL cannot be used: {what}. It is written {SHAPE};"
        " the characters / ? # @ : % in a user name or password are written as %2F %3F %23 %40 %3A %25."
    )


def _host(parts: SplitResult) -> str:
    if parts.path not in ("", "/") or parts.fragment:
        raise _wrong("there is a path or fragment after the host")
    host = parts.hostname or ""
    if not host:
        raise _wrong("the host is missing")
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            raise _wrong("the host is not an IPv6 address") from None
    elif not HOST_NAME.fullmatch(host):
        raise _wrong("the host is not a name or address")
    return host


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        raise _wrong("the port is not a number from 1 to 65535") from None
    if port == 0:
        raise _wrong("the port is not a number from 1 to 65535")
    return port


def _tls(parts: SplitResult, host: str) -> Tls:
    """Encryption as asked for; unasked, only mail that stays on this machine goes in the clear."""
    options = parse_qsl(parts.query, keep_blank_values=True)
    if [name for name, _ in options] not in ([], ["tls"]) or (parts.query and not options):
        raise _wrong("after the question mark only tls= may stand, once")
    if not options:
        return "none" if is_loopback(host) else "starttls"
    if options[0][1] not in PORTS:
        raise _wrong("tls is none of: none, starttls, implicit")
    return cast(Tls, options[0][1])


def _credentials(parts: SplitResult) -> tuple[str, str]:
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(username) != bool(password):
        raise _wrong("the user name and the password have to be given together")
    if "\0" in username + password:
        raise _wrong("the user name or the password holds a zero byte")
    return username, password
