"""One cell of a table: its number, its change, and whether it holds two values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from peelian.insight.checker import dates, words
from peelian.insight.checker.figures import number

ARROWS_UP = "▲△↑⬆📈🔺🡅⇧"
ARROWS_DOWN = "▼▽↓⬇📉🔻🡇⇩"
_ARROW = re.compile(
    rf"(?P<up>[{ARROWS_UP}]|\bup\b|\brise\b|\bincrease\b)|(?P<down>[{ARROWS_DOWN}]|\bdown\b|\bfall\b|\bdecrease\b)",
    re.I,
)
_NOTHING = {
    "-",
    "–",
    "—",
    "−",
    "n/a",
    "na",
    "n.a.",
    "nil",
    "none",
    "..",
    "...",
    "…",
    "*",
    "**",
    "x",
    "[x]",
    "[c]",
    "[z]",
    "c",
    "s",
    "tbc",
    "not known",
    "not available",
    "not applicable",
    "suppressed",
    "unknown",
}
_LEFT_OUT = {"-", "–", "—", "−", "n/a", "na", "n.a.", "..", "...", "…", "tbc", "not available", "not known"}
_SMALL = re.compile(r"^(?:<|fewer than|less than|under)\s?\d+$|^\d+\s?[-–]\s?\d+$", re.I)
_PIECE = re.compile(
    r"(?P<open>\()?\s?(?P<sign>[+\-−–±])?\s?(?P<money>[£$€])?\s?(?P<sign2>[+\-−–])?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"\s?(?:(?P<multiple>million|billion|thousand|bn|mn|m|k)\b)?\s?(?P<percent>%|per\s?cent|pp|ppts?"
    r"|percentage points?)?\s?(?P<close>\))?",
    re.I,
)
_TIMES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9}
_LEAD = re.compile(
    r"^(?:c\.?|ca\.?|circa|about|around|approx\.?|approximately|nearly|over|more than|up to|under|~|>|≥|≤"
    r"|est\.?|estimated)\s*(?=[\d£$€])",
    re.I,
)
_TAIL = re.compile(
    r"^(?:hours?|hrs?|days?|minutes?|mins?|weeks?|months?|years?|people|units?|fte|wte|r|p|e|rev|prov\.?"
    r"|provisional|revised|est\.?|estimated|[a-z]|\[[a-z0-9]{1,3}\]|[*†‡§¹²³]+)$",
    re.I,
)
_SIMPLE = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<decimals>\d+))?(?P<percent>%)?")
_THIN = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")  # the spaces that typesetters put between thousands
_MARKS = re.compile(r"[\s;:,()|/\ufe0f]+")
_TELEPHONE = re.compile(r"^(?:\(?0\d{2,4}\)?|\+\d{2,3})[\s-]?\d[\d\s-]{4,}$")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_PAIR = re.compile(r"(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)")
_EITHER = re.compile(
    r"(?<=[\d%])\s(?:or|and)\s(?=[£$€]?\d)", re.I
)  # "412 or 398" is two numbers, and no word of its own
_SCALE = re.compile(r"(?<=\d)\s?/\s?\d+(?:\.\d+)?(?!\d|/|[.,]\d)|(?<=\d)\s?out of\s?(?:a possible\s)?\d+", re.I)


@dataclass(frozen=True)
class Piece:
    """A number inside a cell."""

    value: Decimal
    ulp: Decimal
    unit: str
    signed: bool
    bracketed: bool
    arrow: str  # "up", "down" or "" just before it


@dataclass(frozen=True)
class Cell:
    """A cell as printed. `value` is None where there is no number that could be added up; `blank` where nothing is
    printed.
    """

    text: str
    pieces: tuple[Piece, ...] = ()
    rest: str = ""
    blank: bool = False
    nothing: bool = False
    approximate: bool = False

    @cached_property
    def main(self) -> Piece | None:
        return self.pieces[0] if self.pieces and self.is_number else None

    @property
    def is_left_out(self) -> bool:
        """Whether a dash or "n/a" stands for a number, which is not the mark of one that is kept back."""
        return self.nothing and self.text.casefold() in _LEFT_OUT

    @property
    def is_number(self) -> bool:
        """Only numbers, brackets, arrows and marks: no words of its own."""
        return bool(self.pieces) and not self.rest

    @property
    def value(self) -> Decimal | None:
        return self.main.value if self.main else None

    @property
    def unit(self) -> str:
        return self.main.unit if self.main else ""

    @property
    def ulp(self) -> Decimal:
        return self.main.ulp if self.main else Decimal(1)


@lru_cache(maxsize=20_000)
def read(raw: str) -> Cell:
    """Read a cell. Dates, ranges and words have no number; brackets, arrows and signs after the first number are
    changes.
    """
    if simple := _SIMPLE.fullmatch(raw):
        places = Decimal(1).scaleb(-len(simple["decimals"] or ""))
        return Cell(raw, (Piece(number(raw.rstrip("%")), places, simple["percent"] or "", False, False, ""),))
    text = words.plain(_THIN.sub(",", raw))
    if not text:
        return Cell(text, blank=True)
    bare = words.without_footnote(text)
    if text.casefold() in _NOTHING or bare.casefold() in _NOTHING or not bare or _SMALL.match(bare):
        return Cell(text, nothing=True)
    if _is_date(bare) or _CLOCK.search(bare) or _TELEPHONE.match(bare):
        return Cell(text, rest=bare)
    approximate = bool(_LEAD.match(bare))
    body = without_scale(re.sub(r"\[[a-z0-9]{1,3}\]", "", _LEAD.sub("", bare), flags=re.I))
    pieces, rest = _pieces(_EITHER.sub(" ", body))
    return Cell(text, pieces, rest, approximate=approximate)


def _is_date(text: str) -> bool:
    if re.fullmatch(r"[\d,.%£+\-− ]+", text) and not re.fullmatch(
        r"\d{4}[-/]\d{2}(?:[-/]\d{2})?|\d{1,2}\.\d{1,2}\.\d{2,4}", text
    ):
        return False
    return dates.read(text) is not None or bool(
        re.fullmatch(r"\d{1,2}[:.]\d{2}\s?(?:am|pm)?|\d{1,2}\s?(?:am|pm)", text, re.I)
    )


def _pieces(body: str) -> tuple[tuple[Piece, ...], str]:
    pieces: list[Piece] = []
    rest: list[str] = []
    at = 0
    for match in _PIECE.finditer(body):
        between = body[at : match.start()]
        arrow = ""
        for found in _ARROW.finditer(between):
            arrow = "up" if found["up"] else "down"
        rest.append(_ARROW.sub(" ", between))
        pieces.append(_piece(match, arrow))
        at = match.end()
    tail = _MARKS.sub(" ", _ARROW.sub(" ", body[at:])).strip()
    if not pieces or not _TAIL.match(tail):
        rest.append(tail)
    return tuple(pieces), _MARKS.sub(" ", " ".join(rest)).strip()


def _piece(match: re.Match[str], arrow: str) -> Piece:
    times = Decimal(_TIMES[match["multiple"].casefold()]) if match["multiple"] else Decimal(1)
    value = number(match["number"]) * times
    sign = match["sign"] or match["sign2"] or ""
    if sign in {"-", "−", "–"}:
        value = -value
    unit = "%" if match["percent"] else "£" if match["money"] else ""
    places = len(match["number"].partition(".")[2])
    return Piece(
        value, Decimal(1).scaleb(-places) * times, unit, bool(sign), bool(match["open"] and match["close"]), arrow
    )


def without_scale(text: str) -> str:
    """ "5.39/6" and "5.39 out of a possible 6" are 5.39; "412/398" is more than its scale, and stays two numbers."""
    if (pair := _PAIR.fullmatch(text.strip())) and Decimal(pair[1]) > Decimal(pair[2]):
        return text.replace("/", " / ")
    return _SCALE.sub("", text)


def two_values(cell: Cell) -> tuple[Piece, Piece] | None:
    """Two numbers of one unit in one cell that no sign, bracket or word explains."""
    if not cell.is_number:
        return None
    for unit in ("", "%", "£"):
        same = [p for p in cell.pieces if p.unit == unit and not p.signed and not p.bracketed]
        if len(same) > 1:
            return same[0], same[1]
    return None
