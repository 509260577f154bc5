"""What in a text may point at somebody: names with a title, number plates, house numbers, postcodes, telephone numbers
and email addresses. Patterns only: they miss some and find some that are harmless, so they warn and never stop.

Number plates are those of the Driver and Vehicle Licensing Agency's INF104: since 2001 two letters, two digits, three
letters; 1983 to 2001 a letter first; 1963 to 1982 a letter last; Northern Ireland three letters with I or Z.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’\-]+"
_STREET = (
    r"(?:Avenue|Ave|Close|Court|Crescent|Cres|Croft|Drive|Gardens|Green|Grove|Hill|Lane|Mews|Parade|Park|Place|Rise|Road"
    r"|Rd|Row|Square|Street|Terrace|Vale|View|Walk|Way)"
)
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
NAME = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Rev|Reverend|Sir|Dame)\.?\s+(?!(?:{_CAPITAL}\s+)?{_STREET}\b)"
    rf"{_CAPITAL}(?:\s+{_CAPITAL})?"
)
_LETTER = "[A-HJ-PR-Y]"  # neither I, Q nor Z
PLATE = re.compile(
    rf"\b(?:{_LETTER}{{2}}\d{{2}}\s?[A-HJ-PR-Z]{{3}}"  # AB12 CDE
    rf"|{_LETTER}\d{{1,3}}\s?{_LETTER}{{3}}"  # A123 BCD
    rf"|{_LETTER}{{3}}\s?\d{{1,3}}{_LETTER}"  # ABC 123D
    r"|(?:[A-Z]?[IZ][A-Z]|[A-Z]{2}Z)\s?\d{3,4})\b"  # AIG 1234
)
_LOOSE_PLATE = re.compile(rf"\b{_LETTER}{{2}}\d{{2}}\s?[A-HJ-PR-Z]{{3}}\b", re.IGNORECASE)  # in small letters too
HOUSE = re.compile(
    rf"\b(?:\d{{1,4}}[A-Za-z]?,?\s+(?!{_MONTH}\b)(?:{_CAPITAL}\s+){{1,3}}{_STREET}\b|(?:[Ff]lat|[Aa]partment)\s+\d+[A-Za-z]?)"
)
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b")
PHONE = re.compile(r"(?<![\d+])(?:\+44\s?(?:\(0\)\s?)?|0)\d(?:[\s\-()]{0,2}\d){7,9}(?!\d)")
EMAIL = re.compile(r"\b[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+\b")

_OF_ORGANISATIONS = ("03", "080", "084", "087", "09")  # Ofcom: numbers of firms and public bodies
_OF_PUBLIC_BODIES = (".police.uk", ".gov.uk", ".nhs.uk")


class Mark(NamedTuple):
    """Something that may point at somebody: its kind, and the words as written."""

    kind: str  # name, plate, house, postcode, phone, email
    words: str


def marks(plain: str, *, known: frozenset[str] = frozenset()) -> list[Mark]:
    """Everything found in a plain text, once each. KNOWN are contacts that are meant to be read, such as the team's own
    telephone number and address."""
    meant = {_bare(one) for one in known}
    found = [mark for mark in _all(plain) if _bare(mark.words) not in meant]
    return list(dict.fromkeys(found))


def _all(plain: str) -> Iterator[Mark]:
    yield from (Mark("name", one) for one in _found(NAME, plain))
    plates = list(dict.fromkeys(_found(PLATE, plain) + _found(_LOOSE_PLATE, plain)))
    yield from (Mark("plate", one) for one in plates)
    yield from (Mark("house", one) for one in _found(HOUSE, plain))
    yield from (Mark("postcode", one) for one in _found(POSTCODE, plain))
    for one in _found(PHONE, plain):
        digits = re.sub(r"\D", "", one.replace("(0)", "")).removeprefix("44").lstrip("0")
        if 9 <= len(digits) <= 10 and not f"0{digits}".startswith(_OF_ORGANISATIONS):
            yield Mark("phone", one)
    for one in _found(EMAIL, plain):
        if not one.lower().endswith(_OF_PUBLIC_BODIES):
            yield Mark("email", one)


def _found(pattern: re.Pattern[str], plain: str) -> list[str]:
    return [" ".join(match.group().split()) for match in pattern.finditer(plain)]


def _bare(contact: str) -> str:
    """An address, or a number without its spaces and country, to compare with another."""
    bare = re.sub(r"[\s\-()]", "", contact).lower()
    return bare.replace("+44", "0")
