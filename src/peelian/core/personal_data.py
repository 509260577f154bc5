"""The register of personal data: every model that holds or points to a person says why, on what basis, for how
long, and
what happens to it when the person asks. docs/reference/personal-data.md is made from it (a test compares)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peelian.core.registries import Registry


@dataclass(frozen=True)
class Person:
    """Whose data is asked for: a member's number, the addresses that are theirs or were, and those of them that nobody
    else uses. What is kept by address alone is only theirs where nobody shares the address."""

    member_id: int
    address_ids: tuple[int, ...] = ()
    alone_ids: tuple[int, ...] = ()
    sent_since: date | None = None  # before then, or where it is None, nothing went to them but codes


Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Declaration:
    """What the force can answer about one model.

    `expire` deletes (or empties) what is past its retention at a given moment and returns how many rows that were;
    it runs every night and skips people under a legal hold. None where retention follows another model's.

    `rows` gives what is kept about a person, for the copy of their data: plain values under plain names, staff as their
    team, nothing of other people. `called` is its heading there. None only where `export` says "Not exported" and why,
    or for what is about staff. `remove` deletes what is about a person and returns how many rows that were; None where
    it goes with the member.

    `holds` is SQL for the ids of addresses (contacts) that this model still needs, though no member uses them: the
    night forgets none of these. For apps above members, which asks its own tables.
    """

    purpose: str
    lawful_basis: str
    retention: str
    export: str
    erase: str
    expire: Callable[[datetime], int] | None = None
    called: str = ""
    rows: Callable[[Person], Rows] | None = None
    remove: Callable[[Person], int] | None = None
    holds: str = ""


# Keyed by model label, "members.Member"; filled by each app's personal_data module from ready()
register: Registry[Declaration] = Registry("personal_data")


@dataclass(frozen=True)
class Section:
    """One part of the copy of somebody's data."""

    label: str
    called: str
    purpose: str
    kept: str
    rows: Rows


def gather(person: Person) -> list[Section]:
    """Everything that is kept about a person, in the order in which apps declare it."""
    return [
        Section(label, one.called or label, one.purpose, one.retention, one.rows(person))
        for label, one in register.items()
        if one.rows is not None
    ]


def remove(person: Person) -> int:
    """Delete what is about a person beside the member's own row, upper apps first. Returns how many rows."""
    return sum(one.remove(person) for _, one in reversed(register.items()) if one.remove is not None)


PUBLIC_TASK = "Public task (UK GDPR Article 6(1)(e)): policing by engagement with neighbourhoods"
LEGAL_DUTY = "Legal obligation (UK GDPR Article 6(1)(c)): data protection law and the courts"
EXPLICIT = "Explicit consent (Article 9(2)(a)); read in aggregate only"
EMPLOYER = "Public task: running the force's own staff accounts"
