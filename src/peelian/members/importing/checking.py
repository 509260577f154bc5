"""One record checked: what is good goes on as a line for COPY, what is bad with its column and reason.

Runs in worker processes beside each other and needs no database, so it imports nothing of Django. Lists that the
database knows (types of alert, organisations, groups) come in `Known`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from peelian.contacts import normalise
from peelian.contacts.errors import BadAddress
from peelian.members import categories
from peelian.members.importing.columns import COLUMNS, CONTACTS, NOTES

# In the order of the staging table; what is not a column of the file is worked out here
STAGED = ("line", *COLUMNS, "young", "problems")
ABSENT = r"\N"
YOUNGEST, ADULT = 13, 18
UNITS_PER_DEGREE = 10_000_000
_LONGEST = {
    "external_id": 64, "first_name": 80, "last_name": 80, "address": 200, "source": 40, "origin_code": 40,
}  # fmt: skip
# Signs that a spreadsheet would take for a formula; a file of ours puts an apostrophe before them
FORMULA_SIGNS = "=+-@"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}")


@dataclass(frozen=True)
class Known:
    """What the database knows, by the words of the file: bits to add up, or ids. CHANNELS, TOPICS and PROVIDERS are
    bits."""

    topics: dict[str, int]
    channels: dict[str, int]
    providers: dict[str, int]
    groups: dict[str, int]
    today: date


class Bad(ValueError):
    """What is wrong with one value, as a sentence; file, line and column are said before it."""


@dataclass
class Checker:
    """Checks records of a file with this header. Not safe between threads; each process makes its own."""

    header: list[str]
    known: Known
    _plan: list[tuple[int, str, int, Callable[[str], str]]] = field(init=False)

    def __post_init__(self) -> None:
        place = {name: at for at, name in enumerate(STAGED)}
        self._plan = [
            (at, name, place[name], self._reader_of(name)) for at, name in enumerate(self.header) if name not in NOTES
        ]

    def lines(self, block: list[tuple[int, list[str]]]) -> bytes:
        """The records as lines for COPY … FROM STDIN (text format), one for each record, good or bad."""
        return "".join([self._line(line, fields) for line, fields in block]).encode()

    def _line(self, line: int, fields: list[str]) -> str:
        out = [ABSENT] * len(STAGED)
        out[0] = str(line)
        problems: list[tuple[str, str]] = []
        if len(fields) != len(self.header):
            problems.append(("", f"this row has {_count(len(fields))}, the header has {len(self.header)}."))
        elif (found := _CONTROL.search("\n".join(fields))) is not None:
            problems.append(self._with_control_character(fields, found.group()))
        else:
            self._read(fields, out, problems)
            self._together(out, problems)
        if problems:
            out[-1] = json.dumps(problems, ensure_ascii=False)
        text = "\t".join(out)
        if "\\" in text:
            text = "\t".join([value if value == ABSENT else value.replace("\\", "\\\\") for value in out])
        return text + "\n"

    def _read(self, fields: list[str], out: list[str], problems: list[tuple[str, str]]) -> None:
        for at, name, place, read in self._plan:
            given = fields[at]
            if not given:
                continue
            value = " ".join(given.split())
            if value[:1] == "'" and value[1:2] in FORMULA_SIGNS:
                value = value[1:]
            if value:
                try:
                    out[place] = read(value)
                except (Bad, BadAddress) as problem:
                    problems.append((name, str(problem)))

    def _together(self, out: list[str], problems: list[tuple[str, str]]) -> None:
        """What several columns say together, and what must be there."""
        wrong = {name for name, _ in problems}
        if out[_AT["external_id"]] == ABSENT and "external_id" not in wrong:
            problems.append(("external_id", "every row needs one."))
        if all(out[_AT[name]] == ABSENT for name in CONTACTS) and not wrong & set(CONTACTS):
            problems.append(("email", "there is no email address, mobile or landline. A member needs at least one."))
        placed = [name for name in ("latitude", "longitude") if out[_AT[name]] != ABSENT]
        if len(placed) == 1 and not wrong & {"latitude", "longitude"}:
            other = "longitude" if placed == ["latitude"] else "latitude"
            problems.append((other, f"there is a {placed[0]} but no {other}."))
        if (born := out[_AT["birth_year"]]) != ABSENT:
            # By the year alone somebody may still be a year younger: then the more private answer holds
            out[_AT["young"]] = "t" if self.known.today.year - int(born) <= ADULT else "f"
        else:
            out[_AT["young"]] = "f"

    def _with_control_character(self, fields: list[str], found: str) -> tuple[str, str]:
        at = next(at for at, value in enumerate(fields) if found in value)
        kind = "a NUL byte" if found == "\0" else "a control character"
        return self.header[at], f"there is {kind} in it."

    def _reader_of(self, name: str) -> Callable[[str], str]:
        """The function that reads a column: from what was given, without spaces around it, to what is staged."""
        known = self.known
        readers: dict[str, Callable[[str], str]] = {
            "email": normalise.email,
            "mobile": normalise.mobile,
            "landline": normalise.landline,
            "postcode": _postcode,
            "latitude": lambda value: _degrees(value, 90),
            "longitude": lambda value: _degrees(value, 180),
            "language": _language,
            "interests": lambda value: _bits(value, known.topics, "type of alert"),
            "channels": lambda value: _bits(value, known.channels, "channel"),
            "providers": lambda value: _bits(value, known.providers, "organisation"),
            "groups": lambda value: _ids(value, known.groups),
            "joined_on": lambda value: _day(value, known.today),
            "confirmed_on": lambda value: _day(value, known.today),
            "birth_year": lambda value: _birth_year(value, known.today.year),
            "sex": lambda value: _category(value, categories.SEX, "sex"),
            "ethnic_group": lambda value: _category(value, categories.ETHNIC_GROUP, "ethnic group"),
            "disability": lambda value: _category(value, categories.DISABILITY, "answer on disability"),
        }
        if name in _LONGEST:
            return lambda value: _short(value, _LONGEST[name])
        read = readers[name]
        # Few different values in a column of many: remember what each came to
        return read if name in (*CONTACTS, "latitude", "longitude") else lru_cache(maxsize=4096)(read)


_AT = {name: at for at, name in enumerate(STAGED)}


def _count(fields: int) -> str:
    return "1 field" if fields == 1 else f"{fields} fields"


def _short(value: str, most: int) -> str:
    if len(value) > most:
        raise Bad(f"this has {len(value)} characters; {most} fit.")
    return value


def _postcode(value: str) -> str:
    code = value.replace(" ", "").upper()
    if not _POSTCODE.fullmatch(code):
        raise Bad(f"{value[:20]!r} is not a postcode.")
    return code


def _degrees(value: str, most: int) -> str:
    try:
        number = float(value)
    except ValueError:
        raise Bad(f"{value[:20]!r} is not a number of degrees, like 52.4862.") from None
    if not math.isfinite(number) or abs(number) > most:
        raise Bad(f"{value[:20]} is outside {-most} to {most} degrees.")
    return str(round(number * UNITS_PER_DEGREE))


def _language(value: str) -> str:
    code = categories.language(value)
    if code is None:
        raise Bad(f"{value[:20]!r} is not a language we know. Give its BCP 47 code, like en, ur or pl.")
    return code


def _words(value: str) -> list[str]:
    return [word for word in (part.strip().lower() for part in value.split(";")) if word]


def _bits(value: str, known: dict[str, int], what: str) -> str:
    total = 0
    for word in _words(value):
        if word not in known:
            raise Bad(f"{word[:40]!r} is not {_a(what)} we know.")
        total |= known[word]
    return str(total) if total else ABSENT


def _ids(value: str, known: dict[str, int]) -> str:
    words = _words(value)
    unknown = next((word for word in words if word not in known), None)
    if unknown is not None:
        raise Bad(f"{unknown[:40]!r} is not a group we know.")
    return "{" + ",".join(str(known[word]) for word in words) + "}"


def _day(value: str, today: date) -> str:
    try:
        day = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        raise Bad(f"{value[:20]!r} is not a date. Write it as 2026-03-27.")
    if day > today:
        raise Bad(f"{value} is still to come.")
    if day.year < 1900:
        raise Bad(f"{value} is too long ago.")
    return day.isoformat()


def _birth_year(value: str, this_year: int) -> str:
    if not re.fullmatch(r"[0-9]{4}", value) or not this_year - 120 <= int(value) <= this_year:
        raise Bad(f"{value[:20]!r} is not a year of birth.")
    if this_year - int(value) < YOUNGEST:
        raise Bad(f"nobody under {YOUNGEST} can be a member.")
    return value


def _category(value: str, known: dict[str, str], what: str) -> str:
    slug = value.lower()
    if slug not in known:
        raise Bad(f"{value[:40]!r} is not {_a(what)} we know. Those we know: {', '.join(known)}.")
    return slug


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


# In a worker process: one checker, made when the process starts -------------------------------------------------------

_checker: Checker | None = None


def start_process(header: list[str], known: Known) -> None:
    global _checker
    _checker = Checker(header, known)


def check_block(block: list[tuple[int, list[str]]]) -> bytes:
    assert _checker is not None
    return _checker.lines(block)
