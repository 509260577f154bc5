"""A translator as an administrator writes it: one URL in PEELIAN_TRANSLATOR.

Imports nothing of Django, because the settings are read with it. No sentence repeats any piece of the URL: there is a
key in it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import Final, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

LIBRETRANSLATE, DEEPL = "libretranslate", "deepl"
WRITTEN: Final = {
    LIBRETRANSLATE: "libretranslate://host:port?key=KEY&personal=yes&tls=none",
    DEEPL: "deepl://KEY?personal=yes",
}
ENCODING: Final = "The characters / ? # @ % & in a key are written as %2F %3F %23 %40 %25 %26."
FREE_KEY: Final = ":fx"  # "Authentication" in DeepL's documentation: how a key of the free plan ends


class TranslatorUrl(NamedTuple):
    """A translator's URL, taken apart. `api` is its base address without a trailing slash; `personal`: an administrator
    has approved it for what residents write."""

    kind: str
    api: str
    key: str
    personal: bool

    def __repr__(self) -> str:
        return f"TranslatorUrl({self.kind!r})"


class Wrong(ValueError):
    """A sentence that says what is wrong, and quotes none of it."""


@lru_cache(maxsize=16)
def read(url: str) -> TranslatorUrl:
    """Take a URL apart; Wrong with what cannot be meant."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in WRITTEN:
            raise Wrong(f"it begins with none of {', '.join(f'{kind}://' for kind in WRITTEN)}")
        return _libretranslate(parts) if parts.scheme == LIBRETRANSLATE else _deepl(parts)
    except Wrong:
        raise
    except ValueError:  # its own words could repeat the key
        raise Wrong("it is not readable as a URL") from None


def _libretranslate(parts: SplitResult) -> TranslatorUrl:
    options = _options(parts, ("key", "personal", "tls"))
    host = parts.hostname or ""
    if not host or "@" in parts.netloc or parts.fragment or parts.port == 0:
        raise Wrong(f"it is written {WRITTEN[LIBRETRANSLATE]}. {ENCODING}")
    if options.get("tls", "none") != "none":
        raise Wrong("its tls= can only be none; without it the connection is encrypted")
    plain = _is_here(host) or "tls" in options
    personal = _personal(options)
    if personal and plain and not _is_here(host):
        raise Wrong("it cannot have personal=yes with tls=none: what residents write would cross the network in clear")
    address = f"{'http' if plain else 'https'}://{parts.netloc}{parts.path.rstrip('/')}"
    return TranslatorUrl(LIBRETRANSLATE, address, options.get("key", ""), personal)


def _deepl(parts: SplitResult) -> TranslatorUrl:
    options = _options(parts, ("personal", "api"))
    key = unquote(parts.netloc)
    if not re.fullmatch(r"[\x21-\x7e]{8,200}", key) or parts.path not in ("", "/") or parts.fragment:
        raise Wrong(f"it is written {WRITTEN[DEEPL]}. {ENCODING}")
    personal = _personal(options)
    if personal and key.endswith(FREE_KEY):
        raise Wrong("it cannot have personal=yes with a key of DeepL’s free plan, which keeps the texts it is sent")
    usual = "https://api-free.deepl.com" if key.endswith(FREE_KEY) else "https://api.deepl.com"
    api = options.get("api", usual).rstrip("/")
    where = urlsplit(api)
    if where.scheme not in ("http", "https") or not where.hostname or where.query or "@" in where.netloc:
        raise Wrong("its api= should be a web address such as https://api.deepl.com")
    if where.scheme == "http" and not _is_here(where.hostname):
        raise Wrong("its api= has to begin with https:// unless it is on this machine")
    return TranslatorUrl(DEEPL, api, key, personal)


def _options(parts: SplitResult, known: tuple[str, ...]) -> dict[str, str]:
    """What stands after the question mark. A plus sign is a plus sign here: keys have them."""
    options: dict[str, str] = {}
    for pair in parts.query.split("&") if parts.query else ():
        name, equals, value = pair.partition("=")
        if not equals or name not in known or name in options:
            allowed = ", ".join(f"{one}=" for one in known)
            raise Wrong(f"after the question mark only {allowed} may stand, each once. {ENCODING}")
        options[name] = unquote(value)
    return options


def _personal(options: dict[str, str]) -> bool:
    said = options.get("personal", "no")
    if said not in ("yes", "no"):
        raise Wrong("its personal= should be yes or no")
    return said == "yes"


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
