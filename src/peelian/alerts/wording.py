"""How easily an alert reads, while it is written: pure functions over plain text.

Reading ease is Flesch's formula (R. Flesch, "A new readability yardstick", Journal of Applied Psychology 32, 1948),
the grade is Kincaid's for school years in the United States (J. P. Kincaid and others, Navy Research Branch Report
8-75, 1975); the reading age is the grade and five, as somebody in the first grade is six. Both formulas count
syllables; we count the larger of two estimates: the pieces into which pyphen's British patterns hyphenate a word, and
its groups of vowels without a silent e. Either alone is often one short ("area", "idea").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import pyphen

from peelian.alerts.markdown import to_text

LEAST_WORDS = 30  # below this the formulas say little
LONG_SENTENCE = 25  # words; GOV.UK's content guidance asks for no more

_WORD = re.compile(r"[A-Za-z0-9\u00c0-\u024f]+(?:['’\-][A-Za-z0-9\u00c0-\u024f]+)*")
_LATIN_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SENTENCE_END = re.compile(r"[.!?…۔؟।]+(?=\s|$)|[。！？]+|\n\s*\n|\n(?=- |\d+\. )")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|St|Rd|Ave|No|PC|a\.m|p\.m)\.(?=\s+\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Measure:
    """Counts of a text. `ease` (higher is easier, 60 and more is plain) and `grade` are None under 30 words."""

    words: int
    sentences: int
    syllables: int
    longest_sentence: int  # words
    ease: float | None
    grade: float | None

    @property
    def said(self) -> str:
        """The reading ease in a few words."""
        if self.ease is None:
            return "Too short to say how easily it reads"
        bands = [(80, "Very easy to read"), (60, "Plain English"), (50, "Fairly hard to read"), (30, "Hard to read")]
        return next((words for least, words in bands if self.ease >= least), "Very hard to read")

    @property
    def said_within(self) -> str:
        """The same inside a sentence."""
        return f"{self.said[0].lower()}{self.said[1:]}"

    @property
    def age(self) -> int | None:
        """The reading age in years, from 6 to 19; 19 stands for all above."""
        return None if self.grade is None else min(19, max(6, round(self.grade) + 5))

    @property
    def age_said(self) -> str:
        """9, or "over 18"."""
        return "" if self.age is None else "over 18" if self.age > 18 else str(self.age)


def measure(*texts: str) -> Measure:
    """Measure parts of an alert, written in Markdown, as one text. Nothing is counted in one that is mostly in another
    script, Urdu say: the formulae know English alone, and the English words in it are not its length."""
    plain = "\n\n".join(to_text(text) for text in texts if text.strip())
    if 2 * len(_LATIN_LETTER.findall(plain)) < sum(letter.isalpha() for letter in plain):
        return Measure(0, 0, 0, 0, None, None)
    lengths = [len(_WORD.findall(sentence)) for sentence in sentences(plain)]
    found = _WORD.findall(plain)
    spoken = sum(syllables(word) for word in found)
    ease = grade = None
    if len(found) >= LEAST_WORDS:
        ease = reading_ease(len(found), len(lengths), spoken)
        grade = reading_grade(len(found), len(lengths), spoken)
    return Measure(len(found), len(lengths), spoken, max(lengths, default=0), ease, grade)


def reading_ease(words: int, sentences: int, syllables: int) -> float:
    """Flesch 1948: 206.835 - 1.015 × words per sentence - 84.6 × syllables per word."""
    return 206.835 - 1.015 * words / sentences - 84.6 * syllables / words


def reading_grade(words: int, sentences: int, syllables: int) -> float:
    """Kincaid 1975: 0.39 × words per sentence + 11.8 × syllables per word - 15.59, in years of school in the USA."""
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def sentences(plain: str) -> list[str]:
    """A plain text cut into sentences that hold at least one word; items of a list are sentences of their own."""
    kept = _ABBREVIATION.sub(lambda match: match.group().replace(".", ""), plain)
    return [part.strip() for part in _SENTENCE_END.split(kept) if any(sign.isalnum() for sign in part)]


@lru_cache(maxsize=10_000)
def syllables(word: str) -> int:
    """How many syllables a word has, at least one; digits count as one each up to three."""
    if word[0].isdigit():
        return min(3, len(word))
    pieces = re.split(r"['’\-]", word.lower())
    return max(1, sum(max(_hyphenated(piece), _vowel_groups(piece)) for piece in pieces if len(piece) > 1))


@lru_cache(maxsize=1)
def _patterns() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_GB", left=1, right=1)


def _hyphenated(word: str) -> int:
    return len(_patterns().positions(word)) + 1


def _vowel_groups(word: str) -> int:
    """Groups of vowels. A last e is silent but in -le after a consonant, and so is the e of -ed but after t or d,
    and of -es but after a hiss; two vowels that are said apart count as two groups."""
    stem = re.sub(r"(?<=[^aeiouytd])ed$|(?<=[^aeiouyszxcgh])es$", "", word)
    if stem == word and len(word) > 2 and re.search(r"[^aeiouy]e$", word) and not re.search(r"[^aeiouy]le$", word):
        stem = word[:-1]
    apart = re.findall(r"(?<=[rdl])eas?$|eo$|ia(?!l|n|ge)|io(?!u|n)|iu|[aeiou]ing$|uou", stem)
    return max(1, len(re.findall(r"[aeiouy]+", stem)) + len(apart))
