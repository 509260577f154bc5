"""Words that bring a message to a supervisor, found whole and in any script. Nothing is guessed: a word that changes
its ending is listed in each form that counts (Polish "broń" and "bronią"), and a part of another word never counts.
"""

from __future__ import annotations

import unicodedata

from peelian.conversations.desks import Trigger

ENGLISH = "en"
LONGEST = 80


def plain(text: str) -> str:
    """The words of a text and nothing else, one space between them.

    Case, compatibility forms, invisible joiners, Arabic vowel signs and the stretching of letters make no difference,
    and neither do Arabic and Urdu keyboards' different yeh, kaf and heh. Marks that are part of letters stay.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_SAME)
    return " ".join("".join(c if _in_word(c) else " " for c in folded).split())


_VOWEL_SIGNS = [*range(0x064B, 0x0653), 0x0670, 0x0640]
_UNSEEN = [0x200B, 0x200C, 0x200D, 0x2060, 0x00AD, 0xFEFF]
_LETTERS = {
    "ي": "ی",
    "ى": "ی",
    "ك": "ک",
    "ه": "ہ",
    "ة": "ہ",
    "ۀ": "ہ",
    "أ": "ا",
    "إ": "ا",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
}
_SAME: dict[int, str | None] = {**dict.fromkeys([*_VOWEL_SIGNS, *_UNSEEN]), **{ord(a): b for a, b in _LETTERS.items()}}


def _in_word(character: str) -> bool:
    """Letters, their marks and figures. An apostrophe is not: "gun's" holds "gun"."""
    return unicodedata.category(character)[0] in "LMN"


def found(text: str, language: str, listed: list[Trigger]) -> list[Trigger]:
    """The triggers of LISTED in a text. Which lists count: English, that of the thread's language, and those in another
    script than Latin; all of them where the language is not known. German "Gift" does not raise an English "gift"."""
    words = f" {plain(text)} "
    return [one for one in listed if _counts(one, language) and f" {one.words} " in words]


def _counts(trigger: Trigger, language: str) -> bool:
    known = language.partition("-")[0]
    return not known or trigger.language.partition("-")[0] in (ENGLISH, known) or not _is_latin(trigger.words)


def _is_latin(words: str) -> bool:
    return all(unicodedata.name(c, "").startswith("LATIN") for c in words if c.isalpha())
