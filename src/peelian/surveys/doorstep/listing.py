"""Reading a list of addresses, and drawing from it. A line is a street and its numbers, "Elm Grove: 1 to 31 odd, 40";
a CSV file has the columns street and number (or numbers). No names; every line that cannot be read is named."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django import forms

from peelian.members.forms_doorstep import doors_in

MOST = 5_000  # addresses of one round
LONGEST_STREET = 80  # characters
TOLD = 10  # bad lines that are named


class BadList(ValueError):
    """What cannot be read, a sentence for each line."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


@dataclass(frozen=True)
class Listed:
    """One address of a list."""

    street: str
    number: str


def read(text: str) -> list[Listed]:
    """The addresses in the order they stand, each once. Raises BadList."""
    rows = _csv(text) if _is_csv(text) else _lines(text)
    found: dict[Listed, None] = {}
    problems = []
    for where, street, numbers in rows:
        try:
            found |= dict.fromkeys(Listed(_street(street), number) for number in _numbers(numbers))
        except forms.ValidationError as problem:
            problems.append(f"{where}: {problem.messages[0]}.")
    if problems:
        more = len(problems) - TOLD
        raise BadList(problems[:TOLD] + ([f"And {more} lines more."] if more > 0 else []))
    if not found:
        raise BadList(["Give at least one address, like Elm Grove: 1 to 31 odd, 40."])
    if len(found) > MOST:
        raise BadList([f"These are {len(found):,} addresses; {MOST:,} at most in one round. Make two rounds of them."])
    return list(found)


def draw(listed: Sequence[Listed], every: int, seed: int) -> tuple[int, list[Listed]]:
    """A systematic sample: every EVERY-th address from a start drawn with SEED, and that start (from 1)."""
    start = random.Random(seed).randint(1, min(every, len(listed)))  # noqa: S311 (to be drawn again by anybody)
    return start, list(listed[start - 1 :: every])


def _is_csv(text: str) -> bool:
    head = text.lstrip("\ufeff").lstrip().partition("\n")[0].lower()
    return "street" in head and "number" in head and ":" not in head


def _csv(text: str) -> Iterator[tuple[str, str, str]]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff").lstrip()), skipinitialspace=True)
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or []}
    street, number = names.get("street"), names.get("number") or names.get("numbers")
    if street is None or number is None:
        raise BadList(["Line 1: name the columns street and number."])
    try:
        for row in reader:
            if any(row.get(name) for name in (street, number)):
                yield f"Line {reader.line_num}", row.get(street) or "", row.get(number) or ""
    except csv.Error as problem:
        raise BadList([f"Line {reader.line_num + 1}: this is not CSV ({problem})."]) from None


def _lines(text: str) -> Iterator[tuple[str, str, str]]:
    for at, line in enumerate(text.splitlines(), 1):
        if line.strip():
            street, _, numbers = line.partition(":")
            yield f"Line {at}", street, numbers


def _street(text: str) -> str:
    name = " ".join(text.replace("\x00", "").split())
    if not name:
        raise forms.ValidationError("It has no street. Write the street, a colon and the numbers")
    if len(name) > LONGEST_STREET:
        raise forms.ValidationError(f"The street has {len(name)} characters; {LONGEST_STREET} at most")
    if re.match(r"\d", name):
        raise forms.ValidationError(f"“{name[:30]}” begins with a number. Write the street first: Elm Grove: 12, 14")
    return name


def _numbers(text: str) -> Iterable[str]:
    try:
        found = doors_in(text)
    except forms.ValidationError as problem:
        raise forms.ValidationError(f"“{' '.join(text.split())[:30]}”: {problem.messages[0]}") from None
    if not found:
        raise forms.ValidationError("It has no number. Write the street, a colon and the numbers, like Elm Grove: 12")
    return found
