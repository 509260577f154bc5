"""A list of people as a CSV file: its columns, strictly, and each row read or refused with a sentence. No sentence
repeats who somebody is or how to reach them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from peelian.contacts import normalise
from peelian.contacts.errors import BadAddress
from peelian.contacts.models import Address
from peelian.core import wording
from peelian.surveys.frames import rules
from peelian.surveys.frames.errors import FileRefused
from peelian.surveys.frames.rules import Reason

REQUIRED = ("reference", "crime_type", "date", "safe_to_contact")
CONTACTS = ("email", "mobile")
COLUMNS = (*REQUIRED, *CONTACTS, "area", "age", "child", "domestic_abuse")
LARGEST = 5 * 1024 * 1024  # bytes
MOST_ROWS = 20_000
LONGEST_CRIME, LONGEST_REFERENCE = 60, 60  # characters
OLDEST = 120  # years
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
Contact = tuple[Address.Kind, str]  # the value in normal form


class Wrong(ValueError):
    """What is wrong with a row: the column and a sentence."""


@dataclass(frozen=True)
class Row:
    """A row that can be read. `contacts` are the addresses that a message could go to, email first."""

    line: int
    reference: str
    crime: str
    month: date
    place: str  # code of an area, or a postcode, as written
    contacts: tuple[Contact, ...]
    left_out: Reason | None


def rows(content: bytes, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of the file with their lines. Raises FileRefused for what is no list of people."""
    if len(content) > LARGEST:
        raise FileRefused(f"{name} is larger than {LARGEST // 1024 // 1024} MB. Divide it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise FileRefused(f"{name}, line {line}: this is not UTF-8 text. Save the file as CSV UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, restval="", restkey="")
    try:
        reader.fieldnames = head(reader.fieldnames or [], name)
        for number, row in enumerate(reader, 1):
            if number > MOST_ROWS:
                raise FileRefused(f"{name} has more than {MOST_ROWS:,} rows. Divide it.")
            yield reader.line_num, {key: str(value).strip() for key, value in row.items()}
    except csv.Error as problem:
        raise FileRefused(f"{name}, line {reader.line_num}: this is not CSV ({problem}).") from None


def head(names: Iterable[str], name: str) -> list[str]:
    """The columns. One we do not know is refused: whoever exports the name or the address of people should not."""
    found = ["_".join(column.strip().lower().split()) for column in names]
    if not found:
        raise FileRefused(f"{name} is empty. Its first line names the columns: {', '.join(COLUMNS)}.")
    if missing := [column for column in REQUIRED if column not in found]:
        raise FileRefused(f"{name}, line 1: there is no column named {wording.listed(missing)}.")
    if not set(found) & set(CONTACTS):
        raise FileRefused(f"{name}, line 1: there is no column named email or mobile.")
    if unknown := [column for column in found if column not in COLUMNS]:
        raise FileRefused(
            f"{name}, line 1: no column is called “{unknown[0][:40]}”, and more than is needed is not taken in. There"
            f" are: {', '.join(COLUMNS)}."
        )
    if twice := next((column for column in found if found.count(column) > 1), None):
        raise FileRefused(f"{name}, line 1: the column {twice} stands there twice.")
    return found


def read(line: int, row: Mapping[str, str], today: date) -> Row:
    """Raises Wrong with the column and a sentence."""
    if "" in row:
        raise Wrong(
            "the row has more fields than there are columns. Put a field that holds a comma in quotation marks."
        )
    crime = " ".join(row["crime_type"].split())
    month = _month(row["date"], today)
    reference = _reference(row["reference"])
    contacts = _contacts(row)
    left_out = _left_out(row, crime, bool(contacts))
    return Row(line, reference, crime, month, row.get("area", ""), contacts, left_out)


def _reference(said: str) -> str:
    if not said:
        raise Wrong("reference: there is none. Without it nobody can tell that somebody is in the list twice.")
    if len(said) > LONGEST_REFERENCE or not said.isprintable():
        raise Wrong(f"reference: it has more than {LONGEST_REFERENCE} characters, or some that cannot be printed.")
    return said


def _month(said: str, today: date) -> date:
    for form in _DAYS:
        try:
            day = datetime.strptime(said, form).date()  # noqa: DTZ007  a day of the file
        except ValueError:
            continue
        if day > today:
            raise Wrong(f"date: {said} is still to come.")
        if day.year < today.year - 10:
            raise Wrong(f"date: {said} is more than ten years ago.")
        return day.replace(day=1)
    raise Wrong(f"date: “{said[:20]}” is not a date. Write it as 2026-03-27 or 27/03/2026.")


def _contacts(row: Mapping[str, str]) -> tuple[Contact, ...]:
    found = []
    for column, kind, normal in (
        ("email", Address.Kind.EMAIL, normalise.email), ("mobile", Address.Kind.MOBILE, normalise.mobile)
    ):  # fmt: skip
        try:
            found.append((kind, normal(row[column])))
        except (BadAddress, KeyError):
            continue
    return tuple(found)


def _left_out(row: Mapping[str, str], crime: str, reached: bool) -> Reason | None:
    """The first rule that holds. What is asked about the type of crime comes first, so that a code is never passed over
    because of something else."""
    if not crime:
        raise Wrong("crime_type: there is none.")
    if len(crime) > LONGEST_CRIME or not crime.isprintable():
        raise Wrong(f"crime_type: it has more than {LONGEST_CRIME} characters, or some that cannot be printed.")
    try:
        crime_rule = rules.about(crime)
    except rules.NotInWords as problem:
        raise Wrong(f"crime_type: “{crime}”. {problem}") from None
    young = _is_young(row.get("age", ""))
    if not rules.is_yes(row["safe_to_contact"]):
        return Reason.NOT_SAFE
    if not rules.is_no(row.get("domestic_abuse", "")):
        return Reason.DOMESTIC
    if crime_rule is not None:
        return crime_rule
    if young or not rules.is_no(row.get("child", "")):
        return Reason.CHILD
    return None if reached else Reason.CONTACT


def _is_young(said: str) -> bool:
    if not said:
        return False
    if not re.fullmatch(r"\d{1,3}", said, re.ASCII) or int(said) > OLDEST:
        raise Wrong(f"age: “{said[:10]}” is not an age in whole years.")
    return int(said) < rules.ADULT
