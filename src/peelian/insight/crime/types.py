"""The types of crime that data.police.uk publishes. It has changed them twice, so that a series over a change compares
what cannot be compared: each month belongs to a list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class TypeList:
    """The types from one month on; code → as the files write it."""

    version: str
    since: date
    types: dict[str, str]


def code_of(label: str) -> str:
    """ "Theft from the person" → theft-from-the-person."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:60]


def _list(version: str, *labels: str) -> TypeList:
    return TypeList(version, date.fromisoformat(f"{version}-01"), {code_of(label): label for label in labels})


LISTS = (
    _list(
        "2010-12",
        "Anti-social behaviour", "Burglary", "Other crime", "Robbery", "Vehicle crime", "Violent crime",
    ),
    _list(
        "2011-09",
        "Anti-social behaviour", "Burglary", "Criminal damage and arson", "Drugs", "Other crime", "Other theft",
        "Public disorder and weapons", "Robbery", "Shoplifting", "Vehicle crime", "Violent crime",
    ),
    _list(
        "2013-05",
        "Anti-social behaviour", "Bicycle theft", "Burglary", "Criminal damage and arson", "Drugs", "Other crime",
        "Other theft", "Possession of weapons", "Public order", "Robbery", "Shoplifting", "Theft from the person",
        "Vehicle crime", "Violence and sexual offences",
    ),
)  # fmt: skip
LABELS = {code: label for one in LISTS for code, label in one.types.items()}
# C21 ¶35: burglary, robbery, vehicle crime and theft from the person; it took the place of "serious acquisitive crime"
NEIGHBOURHOOD = ("burglary", "robbery", "vehicle-crime", "theft-from-the-person")
# Published beside crime, and not a crime
NOT_CRIME = "anti-social-behaviour"


def of_month(month: date) -> TypeList:
    """The list that a month's files go by; the first for what is older."""
    return next((one for one in reversed(LISTS) if one.since <= month), LISTS[0])


def of_types(codes: Iterable[str], month: date) -> TypeList:
    """The list that has all these types: the month's own where it does, since the change of a list can be a month off
    in a file published later."""
    found = set(codes)
    wanted = of_month(month)
    return wanted if found <= set(wanted.types) else next((one for one in LISTS if found <= set(one.types)), wanted)


def label(code: str) -> str:
    return LABELS.get(code) or code.replace("-", " ").capitalize()
