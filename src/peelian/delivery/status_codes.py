"""What a mail system's refusal means for the address: from the enhanced status code and, failing that, the reply code.

One table. What is in neither part of it is not guessed: it counts as a passing failure, and an address that fails
again and again is noticed by that (delivery.bounces). Sources: RFC 3463 (enhanced codes), RFC 5321 4.2.3 (reply codes),
RFC 7504 (521 and 556), RFC 7505 (null MX).
"""

from __future__ import annotations

import re

from peelian.delivery.models import Reason

# Subject and detail of a permanent code (5.x.y), its meaning, and where that stands
ENHANCED: dict[str, tuple[Reason, str]] = {
    "1.1": (Reason.BOUNCED, "RFC 3463 3.2: bad destination mailbox address"),
    "1.2": (Reason.BOUNCED, "RFC 3463 3.2: bad destination system address"),
    "1.3": (Reason.BOUNCED, "RFC 3463 3.2: bad destination mailbox address syntax"),
    "1.6": (Reason.BOUNCED, "RFC 3463 3.2: destination mailbox has moved, no forwarding address"),
    "1.7": (Reason.BLOCKED, "RFC 3463 3.2: bad sender's mailbox address syntax; it is ours"),
    "1.8": (Reason.BLOCKED, "RFC 3463 3.2: bad sender's system address; it is ours"),
    "1.10": (Reason.BOUNCED, "RFC 7505 4.2: the recipient's domain says it takes no mail"),
    "2.1": (Reason.BOUNCED, "RFC 3463 3.3: mailbox disabled, not accepting messages"),
    "2.2": (Reason.FULL, "RFC 3463 3.3: mailbox full, said for good or not"),
    "2.3": (Reason.BLOCKED, "RFC 3463 3.3: message length exceeds administrative limit; the message, not the address"),
    "3.1": (Reason.FULL, "RFC 3463 3.4: mail system full"),
    "3.2": (Reason.FULL, "RFC 3463 3.4: system not accepting network messages"),
    "3.4": (Reason.BLOCKED, "RFC 3463 3.4: message too big for system; the message, not the address"),
    "4.1": (Reason.FULL, "RFC 3463 3.5: no answer from host"),
    "4.2": (Reason.FULL, "RFC 3463 3.5: bad connection"),
    "4.5": (Reason.FULL, "RFC 3463 3.5: mail system congestion"),
    "4.7": (Reason.FULL, "RFC 3463 3.5: delivery time expired"),
}
# Whole subjects where no detail above says otherwise
SUBJECTS: dict[str, tuple[Reason, str]] = {
    "6": (Reason.BLOCKED, "RFC 3463 3.7: message content or media; the message, not the address"),
    "7": (Reason.BLOCKED, "RFC 3463 3.8: security or policy; the sender or the message, not the address"),
}
# Where there is no enhanced code, or it says nothing (x.0.0). 550 is not here: it says "no such mailbox", "no access"
# and "for policy reasons" alike (RFC 5321 4.2.3).
REPLIES: dict[str, tuple[Reason, str]] = {
    "551": (Reason.BOUNCED, "RFC 5321 3.4: user not local"),
    "552": (Reason.FULL, "RFC 5321 4.2.3: exceeded storage allocation"),
    "553": (Reason.BOUNCED, "RFC 5321 4.2.3: mailbox name not allowed, syntax incorrect"),
    "556": (Reason.BOUNCED, "RFC 7504 4: the domain does not accept mail"),
}
UNSAID = Reason.REFUSED  # refused, and we do not know why: counted as passing

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")


def reason(code: str) -> Reason:
    """The meaning of a code such as "5.1.1" or "550" for the ledger."""
    if found := _ENHANCED.fullmatch(code):
        kind, subject, detail = found.groups()
        if kind == "4":
            return Reason.BLOCKED if subject == "7" else Reason.FULL
        known = ENHANCED.get(f"{int(subject)}.{int(detail)}") or SUBJECTS.get(str(int(subject)))
        return known[0] if known else UNSAID
    if code.startswith("4"):
        return Reason.FULL
    return REPLIES[code][0] if code in REPLIES else UNSAID


def best(status: str, diagnostic: str) -> str:
    """The code that says most: the status unless it is x.0.0, then the enhanced and the reply code that the other side
    gave. Empty when there is none."""
    stated = _ENHANCED.search(status)
    if stated and stated.group(2, 3) != ("0", "0"):
        return stated.group()
    head = diagnostic[:120]
    reply = _REPLY.search(head)
    given = _ENHANCED.search(head)
    # The code stands right behind the reply code ("550 5.1.1 …", "550-5.1.1 …"); further on it may be anything
    if given and given.group(2, 3) != ("0", "0") and given.start() <= (reply.end() + 2 if reply else 8):
        return given.group()
    if reply:
        return reply.group()
    return stated.group() if stated else ""
