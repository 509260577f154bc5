"""What an email of ours holds for its reader alone, taken out of what comes back with an answer: tokens in links and
the address for answers. Whoever has them can rate, leave and write in the resident's name; staff shall not."""

from __future__ import annotations

import re
from typing import Final

_LINK: Final = re.compile(r"(/(?:m|unsubscribe)/)[A-Za-z0-9_=\r\n-]{28,32}(?=[/\s\"'<>)\]]|$)")
_ADDRESS: Final = re.compile(r"\b(reply(?:\+|=2B|%2B))[0-9a-f=\r\n-]{20,48}(?=@|=40|%40)", re.IGNORECASE)
_RETURN: Final = re.compile(r"\bb-[a-z2-7]{24}(?=@)", re.IGNORECASE)


def without_tokens(text: str) -> str:
    """The text with "…" where a token of ours stood."""
    return _RETURN.sub("b-…", _ADDRESS.sub(r"\1…", _LINK.sub(r"\1…", text)))


def masked(address: str) -> str:
    """Enough of an address for whoever knows it, as contacts.queries.masked has it."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}" if at else address[:3] + "…"
