"""What our own mail server found out about who an email is from (Authentication-Results, RFC 8601), as far as it says
so itself: PEELIAN_AUTHSERV_ID is the name under which it writes.

Only a failed DMARC (RFC 7489) counts: the domain in From says that mail by others is not its own, and neither SPF nor
DKIM speaks for this one. Somebody who adds such a field to their own mail gains nothing: a forged pass hides no fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from django.conf import settings

_METHOD = re.compile(r"\s*(dmarc|spf|dkim)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)
_NAME = re.compile(r'\s*"?([^\s;"]+)')


def why_not(message: Message) -> str:
    """A sentence why these may not be the words of whoever From names; empty where nothing says so."""
    found = results(message)
    if "fail" not in found.get("dmarc", ()):
        return ""
    others = ", ".join(
        f"{name} {' and '.join(sorted(found[key]))}" for key, name in (("spf", "SPF"), ("dkim", "DKIM")) if key in found
    )
    return f"The domain it says to be from disowns it (DMARC fail{f'; {others}' if others else ''})."


def results(message: Message) -> dict[str, set[str]]:
    """The results by method, all in small letters, of the fields that our own mail server wrote."""
    found: dict[str, set[str]] = {}
    ours = settings.PEELIAN_AUTHSERV_ID.lower()
    for field in message.get_all("Authentication-Results") or [] if ours else []:
        server, *said = _without_comments(str(field)).split(";")
        name = _NAME.match(server)
        if name is None or name[1].lower() != ours:
            continue
        for each in said:
            if result := _METHOD.match(each):
                found.setdefault(result[1].lower(), set()).add(result[2].lower())
    return found


def _without_comments(field: str) -> str:
    """Without what stands in brackets, which may lie in one another (RFC 5322 3.2.2), and in quotation marks."""
    return "".join(_plain(field))


def _plain(field: str) -> Iterator[str]:
    depth, quoted, escaped = 0, False, False
    for sign in field:
        if escaped:
            escaped = False
            continue
        if sign == "\\":
            escaped = True
        elif sign == '"' and not depth:
            quoted = not quoted
        elif not quoted and sign == "(":
            depth += 1
        elif not quoted and sign == ")" and depth:
            depth -= 1
        elif not depth and not (quoted and sign == ";"):
            yield sign
