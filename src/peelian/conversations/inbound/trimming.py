"""What somebody wrote anew, out of an email that quotes ours: without the message it answers and without a signature.

The library mail-parser-reply knows how mail programs announce what they quote, in a dozen languages and in Outlook's
style. Of it we use that alone: its rules for signatures cut off everything after a line that begins with "Thanks," or
with a hyphen, and a resident's words are worth more than a tidy page. Two rules of our own know no language. The whole
email is kept beside, for whoever reads the conversation.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from mailparser_reply.parser import EmailMessage

LONGEST: Final = 60_000  # characters that are looked at; nobody writes more by hand above what they quote
_LONGEST_LINE: Final = 300  # a line that announces a quotation is shorter; a longer one is not shown to the patterns
_LANGUAGES: Final = ["en", "fr", "de", "es", "it", "nl", "pl", "sv", "da", "cs"]
CUT: Final = "-----Original Message-----"  # what html_text writes where a mail program has marked the quotation

# Mail programs' own signatures, at the end: "Sent from my iPhone", "Get Outlook for Android", in languages of our towns
_SENT_FROM = re.compile(
    r"^(sent from (my |the |outlook|yahoo|mail for|samsung|proton)|get outlook for |envoyé depuis|envoyé de mon"
    r"|gesendet von|enviado desde|enviado do meu|inviato da|wysłan[oe] z|trimis (de pe|din)|verzonden vanaf|anfonwyd o)"
    r".{0,80}$",
    re.IGNORECASE,
)
_DELIMITER = re.compile(r"^-- ?$")  # RFC 3676 section 4.3
_FIELD = re.compile(r"^\s*\*?[^\W\d_][\w' -]{0,24}:\*?\s?\S", re.UNICODE)
_OUTLOOK = re.compile(r"^\s*[_-]{10,}\s*$")


def said(whole: str) -> str:
    """The new words of an email. Where everything seems to be quoted, or nothing, the whole of it."""
    text = whole.replace("\r\n", "\n").replace("\r", "\n")[:LONGEST]
    begins = _quotation(text)
    above, below = (text, "") if begins is None else (text[:begins], text[begins:])
    words = _joined(_unsigned(_unquoted(above)), _unsigned(_between(below)))
    return words or whole.strip()


def _quotation(text: str) -> int | None:
    """Where the quoted message begins: at the line that announces it, in any of the ways we know."""
    found = [place for place in (_announced(text), _before_signs(text), _block_of_fields(text)) if place is not None]
    return min(found) if found else None


def _announced(text: str) -> int | None:
    """By the library's patterns, in which a long line cannot take part: some of them take its length squared."""
    shown = "\n".join(line if len(line) <= _LONGEST_LINE else "x" * len(line) for line in text.split("\n"))
    shown = re.sub(r"[^\S\n]", " ", shown)
    found = _pattern().search(shown)
    return found.start() if found else None


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    # Polish alone would take a single line "Data:" or "Do:" for the head of a quoted message
    announced = [one for one in _LANGUAGES if one != "pl"]
    found: re.Pattern[str] = EmailMessage(text="", languages=announced).HEADER_REGEX
    return found


def _before_signs(text: str) -> int | None:
    """In any language: a line, or two that a mail program has broken, ends with a colon, and what follows has ">"
    before it."""
    place, lines = 0, text.split("\n")
    starts = []
    for number, line in enumerate(lines):
        starts.append(place)
        place += len(line) + 1
        if not line.lstrip().startswith(">"):
            continue
        above = number - 1
        while above >= 0 and not lines[above].strip():
            above -= 1
        if above >= 0 and number - above <= 3 and lines[above].rstrip().endswith((":", "：")):
            broken = above > 0 and lines[above - 1].strip() and "@" in lines[above] and "@" not in lines[above - 1]
            short = broken and not re.search(r"[.!?]$", lines[above - 1].strip()) and re.search(r"\d", lines[above - 1])
            return starts[above - 1] if short else starts[above]
        return None
    return None


def _block_of_fields(text: str) -> int | None:
    """In any language, as Outlook writes it: three or more lines of "Word: something" together, an address in one of
    the first two, and a rule or nothing above them."""
    place, lines = 0, text.split("\n")
    for number, line in enumerate(lines):
        fields = lines[number : number + 4]
        if (
            sum(1 for one in fields if len(one) <= _LONGEST_LINE and _FIELD.match(one)) >= 3
            and _FIELD.match(line[:_LONGEST_LINE])
            and any("@" in one for one in fields[:2])
            and (number == 0 or not lines[number - 1].strip() or _OUTLOOK.match(lines[number - 1]))
        ):
            has_rule = number > 0 and _OUTLOOK.match(lines[number - 1])
            return place - len(lines[number - 1]) - 1 if has_rule else place
        place += len(line) + 1
    return None


def _between(below: str) -> str:
    """What somebody wrote below or between quoted lines; nothing where the program does not mark these."""
    lines = below.split("\n")
    first = next((number for number, line in enumerate(lines) if line.lstrip().startswith(">")), None)
    if first is None:
        return ""
    return _unquoted("\n".join(lines[first:]))


def _unquoted(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))


def _unsigned(text: str) -> str:
    """Without a signature after its delimiter, and without what a telephone adds at the end."""
    lines = text.strip().split("\n")
    for number, line in enumerate(lines):
        if _DELIMITER.match(line) and number:
            lines = lines[:number]
            break
    while lines and (not lines[-1].strip() or _SENT_FROM.match(lines[-1].strip()[:200]) or _OUTLOOK.match(lines[-1])):
        lines.pop()
    return "\n".join(line.rstrip() for line in lines).strip()


def _joined(above: str, below: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(part for part in (above, below) if part)).strip()
