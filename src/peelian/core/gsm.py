"""What a text message is made of: parts, in the alphabet of phones (GSM 03.38) or, where that lacks a sign, in UCS-2.

Source: 3GPP TS 23.038 (alphabet and its extension table) and TS 23.040 (140 bytes a message, 6 of them taken by the
header that joins parts: 160 septets alone or 153 in each part, 70 or 67 units of UCS-2).
"""

from __future__ import annotations

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€\f")  # of the extension table: an escape and a sign
ALONE = {True: 160, False: 70}
JOINED = {True: 153, False: 67}


@dataclass(frozen=True)
class Parts:
    """A text as it is sent and charged: its units (septets, or 16 bits each) and the parts they fill."""

    is_gsm: bool
    units: int
    parts: int


def is_gsm(text: str) -> bool:
    return all(sign in BASIC or sign in TWICE for sign in text)


def units(text: str, *, gsm: bool) -> int:
    """Septets, or UTF-16 units where the text needs UCS-2."""
    if not gsm:
        return len(text.encode("utf-16-be")) // 2
    return sum(2 if sign in TWICE else 1 for sign in text)


def parts(text: str) -> Parts:
    """How the text is sent; an empty one is one part. A sign of two units is never torn apart between two parts."""
    gsm = is_gsm(text)
    total = units(text, gsm=gsm)
    if total <= ALONE[gsm]:
        return Parts(gsm, total, 1)
    room, filled, count = JOINED[gsm], 0, 1
    for sign in text:
        size = units(sign, gsm=gsm)
        if filled + size > room:
            filled, count = 0, count + 1
        filled += size
    return Parts(gsm, total, count)
