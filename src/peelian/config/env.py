"""Typed readers of the environment. Each fails with a sentence that names the setting, never with its secret value."""

import os
import re
from collections.abc import Collection
from datetime import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

from peelian.core.translators import url as translator_url
from peelian.delivery import carrier_urls

# Our queries are short: compiling each costs about 200 ms and saves none. Counting 130,000 of 1,000,000 people takes
# 31 ms where the planner thinks of the second core early enough, and 69 ms where it does not.
SHORT_QUERIES = "-c jit=off -c parallel_setup_cost=200 -c min_parallel_index_scan_size=128kB"
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


class ConfigurationError(Exception):
    """The environment asks for something that cannot be; the message says what to change."""


def text(name: str, default: str = "") -> str:
    """The value of NAME, stripped; DEFAULT when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def secret(name: str) -> str:
    """The value of NAME, or the content of the file that NAME_FILE points to; empty when neither is set."""
    value = text(name)
    path = text(f"{name}_FILE")
    if value or not path:
        return value
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise ConfigurationError(f"{name}_FILE names a file that cannot be read: {path}.") from problem


def carriers(name: str, channel: str, *, first: str = "") -> str:
    """Carrier URLs with white space between, as given; each is one of CHANNEL, and their shares come to 100 with the
    one that stands FIRST, of another setting."""
    value = secret(name)
    try:
        carrier_urls.read_all(value, name, channel, first)
    except carrier_urls.Wrong as problem:
        raise ConfigurationError(str(problem)) from None
    return value


def translator(name: str) -> str:
    """The URL of a translator, as given; empty when NAME is unset."""
    value = secret(name)
    try:
        if value:
            translator_url.read(value)
    except translator_url.Wrong as problem:
        raise ConfigurationError(f"{name} cannot be used: {problem}.") from None
    return value


def flag(name: str) -> bool:
    """True for 1, true, yes or on; false for 0, false, no, off or nothing."""
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ConfigurationError(f"{name} should be 1 or 0, not {value!r}.")


def whole_number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number between LEAST and MOST."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise ConfigurationError(f"{name} should be a whole number from {least:,} to {most:,}, not {value!r}.")
    return int(value)


def hours(name: str, default: str) -> tuple[time, time] | None:
    """Hours such as 21:00-08:00, which may span midnight; None for the word none."""
    value = text(name, default)
    if value.lower() == "none":
        return None
    if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", value, re.ASCII) is None:
        raise ConfigurationError(f"{name} should be hours like 21:00-08:00, or none, not {value!r}.")
    begins, ends = value.split("-")
    return time.fromisoformat(begins), time.fromisoformat(ends)


def folder(name: str, default: str) -> Path:
    """An absolute folder path; the folder need not exist yet."""
    return Path(text(name, default)).expanduser().resolve()


def choice(name: str, default: str, among: Collection[str]) -> str:
    """One of a few words."""
    value = text(name, default)
    if value not in among:
        raise ConfigurationError(f"{name} should be one of {', '.join(among)}, not {value!r}.")
    return value


def colour(name: str, default: str) -> str:
    """A colour such as #14406b, on which white words can be read (WCAG 2.2 AA: a contrast of 4.5 to 1)."""
    value = text(name, default).lower()
    if re.fullmatch(r"#[0-9a-f]{6}", value) is None:
        raise ConfigurationError(f"{name} should be a colour like #14406b, not {value!r}.")
    parts = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    if 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) < 4.5:
        raise ConfigurationError(f"{name} is too light: white words on {value} cannot be read. Choose a darker colour.")
    return value


# Of the Common Alerting Protocol 1.2, section 3.2.2
_SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
_CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")


def warnings(name: str) -> dict[str, tuple[str, str]]:
    """Type of alert → severity and certainty, from "missing-person=Severe/Observed …" with white space between."""
    found = {}
    for one in text(name).split():
        slug, _, grades = one.partition("=")
        severity, _, certainty = grades.partition("/")
        if not slug or severity not in _SEVERITIES or certainty not in _CERTAINTIES:
            raise ConfigurationError(
                f"{name} should be types of alerts like missing-person=Severe/Observed, not {one!r}. Severity is one of"
                f" {', '.join(_SEVERITIES)}; certainty one of {', '.join(_CERTAINTIES)}."
            )
        found[slug] = (severity, certainty)
    return found


def domain(name: str, default: str) -> str:
    """A domain such as now.example.org."""
    value = text(name, default)
    if not _DOMAIN.fullmatch(value):
        raise ConfigurationError(f"{name} should be a domain such as now.example.org, not {value!r}.")
    return value


def mail_address(name: str, default: str) -> str:
    """An email address without a name beside it."""
    value = text(name, default)
    person, _, where = value.rpartition("@")
    if not re.fullmatch(r"[^\s@<>,;\"]+", person) or not _DOMAIN.fullmatch(where):
        raise ConfigurationError(f"{name} should be an email address such as alerts@now.example.org, not {value!r}.")
    return value


def listening(name: str) -> str:
    """Where a server listens, "host:port" or "unix:/path"; empty when NAME is unset."""
    return listening_at(text(name), name)


def listening_at(value: str, name: str) -> str:
    """VALUE itself, where a server can listen there."""
    if value.startswith("unix:/") or not value:
        return value
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ConfigurationError(f"{name} should be host:port or unix:/path, as 127.0.0.1:2424 is, not {value!r}.")
    return value


def web_address(name: str, default: str, *, path: bool = True) -> str:
    """An http or https address without a trailing slash; without anything after the host unless PATH."""
    value = text(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        plain = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
        fits = plain and parts.scheme in {"http", "https"}
    except ValueError:
        fits = False
    if not fits:
        raise ConfigurationError(f"{name} should be a web address such as https://now.example.org, not {value!r}.")
    if not path and value != f"{parts.scheme}://{parts.netloc}":
        raise ConfigurationError(f"{name} should end after the host, as https://now.example.org does; it is {value!r}.")
    return value


def database(name: str) -> dict[str, object] | None:
    """Django's connection settings from postgresql://user:password@host:port/name; None when NAME is unset."""
    value = secret(name)
    if not value:
        return None
    try:
        parts = urlsplit(value)
        port, fits = parts.port, parts.scheme in {"postgres", "postgresql"} and len(parts.path) > 1
    except ValueError:  # its words would repeat the password
        fits = False
    if not fits:
        raise ConfigurationError(f"{name} should look like postgresql://name:password@host:5432/database.") from None
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", parts.hostname or "")),
        "PORT": unquote(query.pop("port", str(port or ""))),
        "OPTIONS": {"options": SHORT_QUERIES, **{key: unquote(item) for key, item in query.items()}},
    }
