"""Carriers as an administrator writes them: one URL each, several in a setting with white space between.

Imports nothing of Django, because the settings are read with it. No sentence repeats any piece of a URL: a secret with
a character that is not percent-encoded is cut in the wrong place, and could turn up anywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from peelian.delivery.carriers.smtp.url import is_loopback, parse_smtp_url

EMAIL, TEXT, VOICE = "email", "text", "voice"
NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
COMMON: Final = ("name", "share", "api")
ENCODING: Final = "The characters / ? # @ : % & in a key are written as %2F %3F %23 %40 %3A %25 %26."


class Shape(NamedTuple):
    """What a kind's URL is made of; `must` and `may` are what stands after its question mark."""

    channels: tuple[str, ...]
    written: str
    user: bool = False
    password: bool = False
    host: bool = False
    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


SHAPES: Final[dict[str, Shape]] = {
    "smtp": Shape((EMAIL,), "smtp://user:password@host:port?tls=none|starttls|implicit"),  # read by smtp/url.py
    "ses": Shape(
        (EMAIL,), "ses://KEY_ID:SECRET@REGION?topic=ARN", True, True, True, may=("topic", "configuration", "inbound")
    ),
    "postmark": Shape((EMAIL,), "postmark://TOKEN?webhook=SECRET", True, may=("webhook", "stream")),
    "mailgun": Shape((EMAIL,), "mailgun://KEY@DOMAIN?webhook=SIGNING_KEY", True, host=True, may=("webhook",)),
    "sendgrid": Shape((EMAIL,), "sendgrid://KEY?webhook=PUBLIC_KEY", True, may=("webhook", "inbound")),
    "notify": Shape(
        (TEXT,), "notify://KEY?template=UUID&callback=BEARER_TOKEN", True, must=("template",), may=("callback",)
    ),
    "twilio": Shape((TEXT, VOICE), "twilio://SID:TOKEN@/?from=+44…", True, True, must=("from",)),
    "outbox": Shape((EMAIL, TEXT, VOICE), "outbox://"),
    "simulator": Shape((EMAIL, TEXT, VOICE), "simulator://"),
}


class CarrierUrl(NamedTuple):
    """A carrier's URL, taken apart and decoded. `url` is as it was given."""

    kind: str
    url: str
    user: str = ""
    password: str = ""
    host: str = ""
    options: dict[str, str] = {}

    @property
    def api(self) -> str:
        """Another base address than the carrier's own, without a trailing slash; usually empty."""
        return self.options.get("api", "").rstrip("/")

    def __repr__(self) -> str:
        return f"CarrierUrl({self.kind!r})"


class Listed(NamedTuple):
    """A carrier of a setting: its name, and its resting share of the channel in per cent."""

    name: str
    share: int
    carrier: CarrierUrl


class Wrong(ValueError):
    """A sentence that says what is wrong with a URL or a setting, and quotes none of it."""


@lru_cache(maxsize=64)
def read(url: str) -> CarrierUrl:
    """Take a URL apart; Wrong with the sentence of what cannot be meant."""
    try:
        parts = urlsplit(url)
        kind = parts.scheme
        if kind not in SHAPES:
            raise Wrong(f"it begins with none of {', '.join(f'{known}://' for known in SHAPES)}")
        if kind == "smtp":
            return _smtp(url, parts)
        return _http(url, parts, SHAPES[kind])
    except Wrong:
        raise
    except ValueError:  # its own words could repeat the secret
        raise Wrong("it is not readable as a URL") from None


def _http(url: str, parts: SplitResult, shape: Shape) -> CarrierUrl:
    user, password, host = _authority(parts, shape)
    if parts.path not in ("", "/") or parts.fragment:
        raise Wrong(f"there is something after the host. It is written {shape.written}. {ENCODING}")
    fits = bool(user) == shape.user and bool(password) == shape.password and bool(host) == shape.host
    if not fits or (host and not re.fullmatch(r"[A-Za-z0-9.-]+", host)):
        raise Wrong(f"it is written {shape.written}. {ENCODING}")
    options = _options(parts.query, (*shape.must, *shape.may, *COMMON), shape)
    if missing := [name for name in shape.must if not options.get(name)]:
        raise Wrong(f"{missing[0]}= is missing after the question mark")
    _check_api(options.get("api", ""))
    return CarrierUrl(parts.scheme, url, user, password, host, options)


def _authority(parts: SplitResult, shape: Shape) -> tuple[str, str, str]:
    """User, password and host; a key alone stands where a host would, in its own upper and lower case."""
    before, at, host = parts.netloc.rpartition("@")
    if not at and shape.user and not shape.host:
        before, host = host, ""
    user, _, password = before.partition(":")
    return unquote(user), unquote(password), host


def _options(query: str, known: tuple[str, ...], shape: Shape) -> dict[str, str]:
    """What stands after the question mark. A plus sign is a plus sign here: numbers and keys have them."""
    options: dict[str, str] = {}
    for pair in query.split("&") if query else ():
        name, equals, value = pair.partition("=")
        if not equals or name not in known or name in options:
            allowed = ", ".join(f"{name}=" for name in known)
            raise Wrong(f"after the question mark only {allowed} may stand, each once. {ENCODING}")
        options[name] = unquote(value)
    if "name" in options and not NAME.fullmatch(options["name"]):
        raise Wrong("its name= should be small letters, figures and hyphens, at most 40, as ses-2 is")
    share = options.get("share")
    if share is not None and not (share.isascii() and share.isdigit() and int(share) <= 100):
        raise Wrong("its share= should be a whole number from 0 to 100")
    return options


def _check_api(address: str) -> None:
    """Another base address may be plain http only on this machine: keys go there."""
    if not address:
        return
    parts = urlsplit(address)
    fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and "@" not in parts.netloc
    if not fits or parts.query or parts.fragment:
        raise Wrong("its api= should be a web address such as https://api.eu.mailgun.net")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise Wrong("its api= has to begin with https:// unless it is on this machine")


def _smtp(url: str, parts: SplitResult) -> CarrierUrl:
    """smtp:// with name= and share= taken out; the rest is read where PEELIAN_SMTP_URL is."""
    pairs = parts.query.split("&") if parts.query else []
    ours = [pair for pair in pairs if pair.startswith(("name=", "share="))]
    options = _options("&".join(ours), ("name", "share"), SHAPES["smtp"])
    plain = parts._replace(query="&".join(pair for pair in pairs if pair not in ours)).geturl()
    try:
        parse_smtp_url(plain)
    except ValueError as problem:  # the sentences of that module repeat nothing either
        raise Wrong(str(problem).removeprefix("PEELIAN_SMTP_URL cannot be used: ").removesuffix(".")) from None
    return CarrierUrl("smtp", plain, options=options)


@lru_cache(maxsize=64)
def read_all(value: str, setting: str, channel: str, first: str = "") -> tuple[Listed, ...]:
    """The carriers that SETTING names, after the FIRST one where there is a PEELIAN_SMTP_URL (which is read elsewhere).

    Raises Wrong with a sentence that names the setting and which of its URLs it is about.
    """
    found = [CarrierUrl("smtp", first)] if first else []
    for number, url in enumerate(value.split(), 1):
        try:
            one = read(url)
            if channel not in SHAPES[one.kind].channels:
                raise Wrong(f"{one.kind} does not carry by {channel}")
        except Wrong as problem:
            which = f"URL {number} in it cannot be used" if len(value.split()) > 1 else "it cannot be used"
            raise Wrong(f"{setting}: {which}: {str(problem).rstrip('.')}.") from None
        found.append(one)
    names = _names(found, setting)
    shares = _shares([one.options.get("share") for one in found], setting)
    return tuple(Listed(*three) for three in zip(names, shares, found, strict=True))


def _names(found: list[CarrierUrl], setting: str) -> list[str]:
    """As given, else the kind, with -2, -3 … where it is there already."""
    given = {one.options["name"] for one in found if "name" in one.options}
    names: list[str] = []
    for one in found:
        name, number = one.options.get("name", ""), 1
        while not name:
            wanted = one.kind if number == 1 else f"{one.kind}-{number}"
            name = "" if wanted in names or wanted in given else wanted
            number += 1
        names.append(name)
    if max(Counter(names).values(), default=0) > 1:
        raise Wrong(f"{setting}: two carriers in it have the same name=.")
    return names


def _shares(given: list[str | None], setting: str) -> list[int]:
    """Shares as given, and the rest of the 100 per cent in equal parts; 51 and 49 for two of which nothing is said."""
    unsaid = given.count(None)
    left = 100 - sum(int(share) for share in given if share is not None)
    if left < 0 or (left and given and not unsaid) or (unsaid and unsaid > left):
        raise Wrong(f"{setting}: the shares in it should come to 100.")
    if len(given) == 2 and unsaid == 2:
        return [51, 49]
    shares = []
    for share in given:
        part = int(share) if share is not None else -(-left // unsaid)
        if share is None:
            left, unsaid = left - part, unsaid - 1
        shares.append(part)
    return shares
