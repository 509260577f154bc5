"""Words of papers: labels made comparable, and what a label says about its numbers."""

from __future__ import annotations

import re
from functools import lru_cache

_TAG = re.compile(r"</?(?:b|i|em|strong|small|sup|sub|u|span|p|br|ol|ul|li|a)\b[^>]*>", re.IGNORECASE)
_MARKS = re.compile(r"\*\*|__|(?<![A-Za-z0-9])[*_](?=\S)|(?<=\S)[*_](?![A-Za-z0-9])|`")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_FOOTNOTE = re.compile(
    r"(?:\[\^?\w{1,3}\]|<sup>\s*\w{1,3}\s*</sup>|[\u00b9\u00b2\u00b3\u2070-\u2079\u2020\u2021*\u00a7]+)\s*$"
)

STOP = frozenset(
    [
        "a",
        "about",
        "across",
        "after",
        "all",
        "also",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "before",
        "being",
        "between",
        "both",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "each",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "may",
        "more",
        "most",
        "much",
        "must",
        "no",
        "nor",
        "not",
        "of",
        "on",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "per",
        "she",
        "should",
        "since",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "under",
        "until",
        "up",
        "upon",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "will",
        "with",
        "within",
        "without",
        "would",
        "you",
        "your",
    ]
)
# What such a label names is not added up
_RATE = re.compile(
    r"\b(?:average|avg|mean|median|mode|per|rate|rates|ratio|percent|percentage|proportion|share|index"
    r"|score|rating|rank|"
    r"age|ages|year|code|id|minimum|maximum|min|max|range|decile|quintile|change|difference|gap|variance|baseline|"
    r"growth|interval|satisfaction|probability|latitude|longitude|postcode|(?:tele)?phone (?:number|no)|"
    r"reference|speed|temperature|price|unit cost|density|concentration)\b|%"
    r"|\b(?:lower|upper)(?:\s(?:limit|bound|ci|end|confidence)\b.*)?$",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\b(?:share|percentage|percent|per cent|proportion)\b|^\s*%|%\s*$|\(%\)", re.IGNORECASE)
_AVERAGE = re.compile(
    r"^(?:average|avg|mean|median|rate|ratio|percentage|per cent|%|share|proportion|change|difference"
    r"|variance)\b|%\s*$|\baverage$",
    re.I,
)
_OF_WHICH = re.compile(
    r"^\s*(?:of which|of whom|of these|including|includes|incl\.?|o/w|which includes|[-–—•>]\s*\S)", re.IGNORECASE
)
_TOTAL = re.compile(r"^(?:grand[ -]?totals?|totals?|all)$")
_TOTAL_OF = re.compile(
    r"^(?:grand[ -]?total|sub[ -]?total|totals?)\b|\b(?:sub[ -]?|grand[ -]?)?total$"
    r"|^all (?:persons|people|(?:usual )?residents|members|staff|officers|ages|sexes|groups|areas|wards|types)$"
)
_SUBTOTAL = re.compile(r"^sub[ -]?total")
_SELECTION = re.compile(
    r"\b(?:includ\w+|such as|top|main|most|largest|highest|lowest|example|examples|among|amongst|some"
    r"|selected|selection|"
    r"principal|leading|commonest|for instance|e\.g\.?)\b",
    re.IGNORECASE,
)
OTHER = re.compile(
    r"^(?:all\s+)?(?:other|others|remaining|remainder|rest|the rest|everything else|miscellaneous|unknown|not known)\b"
)


@lru_cache(maxsize=50_000)  # a paper says the same few words in thousands of comparisons
def plain(text: str) -> str:
    """Without HTML tags, Markdown marks and doubled spaces."""
    text = _LINK.sub(r"\1", text)
    text = _TAG.sub(" ", text).replace("&nbsp;", " ").replace("&amp;", "&").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", _MARKS.sub("", text)).strip()


def without_footnote(text: str) -> str:
    """ "Total¹", "Total [a]" and "Total*" are "Total"."""
    while (cut := _FOOTNOTE.sub("", text).strip()) != text:
        text = cut
    return text


@lru_cache(maxsize=50_000)
def label(text: str) -> str:
    """A label as it is compared: lower case, without marks, footnotes, brackets of explanation and final colon."""
    text = without_footnote(plain(text)).casefold()
    text = re.sub(r"\s*\([^)]*\)\s*$", "", text) or text
    return text.strip(" :.;,-–—")


def is_total(text: str) -> bool:
    """Whether a label is exactly "total", "grand total" or "all"."""
    return bool(_TOTAL.match(label(text)))


def is_total_of(text: str) -> bool:
    """Whether a label names a total of something: "Total officers", "Sub-total", "Force total"."""
    return is_total(text) or bool(_TOTAL_OF.search(label(text)))


def is_subtotal(text: str) -> bool:
    return bool(_SUBTOTAL.match(label(text)))


def is_grand(text: str) -> bool:
    return label(text).startswith("grand")


def is_rate(text: str) -> bool:
    """Whether what the label names is an average, a rate, a code: something that is never added up."""
    return bool(_RATE.search(plain(text)))


def is_share(text: str) -> bool:
    """Whether the label names parts of a whole in per cent, which add up to 100."""
    return bool(_SHARE.search(plain(text)))


def is_other(text: str) -> bool:
    """Whether a label is the rest: "Other", "Everything else"."""
    return bool(OTHER.match(label(text)))


def is_average(text: str) -> bool:
    """Whether a row of counts is none: "Average", "% of force", "Change on last year"."""
    return bool(_AVERAGE.search(label(text)))


def is_part_of_the_row_above(text: str) -> bool:
    """ "of which: …": already counted in the row above."""
    return bool(_OF_WHICH.match(plain(text)))


def is_selection(text: str) -> bool:
    """Whether words say that a list is a choice ("the main reasons were"), so that it need not add up."""
    return bool(_SELECTION.search(text))


def stem(word: str) -> str:
    """A rough stem: enough that "sign-ups", "signup" and "signed up" meet, and "reductions" and "reduction"."""
    word = word.casefold().replace("’", "'").removesuffix("'s").replace("-", "").replace("'", "")
    for ending in (
        "ations",
        "ation",
        "ings",
        "ing",
        "ies",
        "ied",
        "ions",
        "ion",
        "ment",
        "ments",
        "ers",
        "er",
        "ed",
        "es",
        "s",
        "e",
        "y",
    ):
        if len(word) - len(ending) >= 4 and word.endswith(ending):
            return word[: -len(ending)]
    return word


def stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order."""
    found = re.findall(r"[A-Za-z][A-Za-z'’-]*", plain(text))
    return [stem(word) for word in found if word.casefold() not in STOP and len(word) > 1]
