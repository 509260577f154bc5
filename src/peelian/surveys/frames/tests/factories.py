"""Lists of people, as a crime system exports them."""

from __future__ import annotations

import itertools
from typing import Any

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.surveys.frames import importing
from peelian.surveys.frames.importing import Outcome
from peelian.surveys.models import Survey
from peelian.surveys.tests.factories import make_officer, make_survey

HEAD = "reference,crime_type,date,safe_to_contact,email,mobile,area,age,child,domestic_abuse"
_numbers = itertools.count(1)


def row(**more: Any) -> dict[str, str]:
    """One person who may be asked."""
    number = next(_numbers)
    given = {
        "reference": f"43/{number}/26", "crime_type": "Residential burglary", "date": "2026-03-27",
        "safe_to_contact": "yes", "email": f"victim{number}@home.example", "mobile": "", "area": "", "age": "",
        "child": "", "domestic_abuse": "",
    }  # fmt: skip
    return given | {key: str(value) for key, value in more.items()}


def as_csv(rows: list[dict[str, str]]) -> bytes:
    return "\n".join([HEAD, *(",".join(one.values()) for one in rows), ""]).encode()


def victims(**more: Any) -> Survey:
    """A survey of victims that is open, for those on a list alone."""
    return make_survey(**{"title": "After your burglary", "open_link": False} | more)


def keeper(survey: Survey) -> Staff:
    return make_officer(survey.team, Role.COMMUNICATIONS)


def bring_in(survey: Survey, rows: list[dict[str, str]], *, dry_run: bool = False, name: str = "may.csv") -> Outcome:
    return importing.import_upload(as_csv(rows), name, survey=survey, by=keeper(survey), dry_run=dry_run)
