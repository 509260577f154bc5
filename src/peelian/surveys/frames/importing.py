"""A list of people becomes a frame: all that can be read or nothing; who is not asked is counted and not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from django.db import connection, transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import Actor, record
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.places import queries as places
from peelian.places.actions import BadRow, refuse_or_set_aside
from peelian.surveys import sealing
from peelian.surveys.frames import reading
from peelian.surveys.frames.errors import FileRefused
from peelian.surveys.frames.models import Frame, FrameCell, FramePerson, Surveyed
from peelian.surveys.frames.reading import Contact, Row, Wrong
from peelian.surveys.frames.rules import NOT_AGAIN, Reason
from peelian.surveys.models import Survey

# One at a time: two lists with the same person would each miss the other's
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7321)"


@dataclass
class Outcome:
    """What an import did. Every row is in one of the three."""

    frame: Frame
    bad: list[BadRow] = field(default_factory=list)

    @property
    def said(self) -> str:
        frame = self.frame
        out = sum(frame.left_out.values())
        return f"{frame.rows:,} rows: {frame.people:,} taken, {out:,} left out by rule"


@transaction.atomic
def import_file(
    path: Path, *, survey: Survey, by: Actor, dry_run: bool = False, skip_bad: Path | None = None
) -> Outcome:
    """From the command line: all rows that can be read or none, unless SKIP_BAD names a file for those that cannot."""
    try:
        with path.open("rb") as file:
            content = file.read(reading.LARGEST + 1)
    except OSError as problem:
        raise FileRefused(f"{path.name} cannot be read: {problem.strerror}.") from problem
    return _import(content, path, survey=survey, by=by, staff=None, dry_run=dry_run, skip_bad=skip_bad)


@transaction.atomic
def import_upload(content: bytes, name: str, *, survey: Survey, by: Staff, dry_run: bool = False) -> Outcome:
    """A file sent from the page: all rows that can be read, or none."""
    return _import(content, Path(name), survey=survey, by=by, staff=by, dry_run=dry_run, skip_bad=None)


def _import(
    content: bytes, path: Path, *, survey: Survey, by: Actor, staff: Staff | None, dry_run: bool, skip_bad: Path | None
) -> Outcome:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
    good, bad = _read(content, path.name)
    refuse_or_set_aside(path, bad, skip_bad)
    taken, left_out = _sorted(good, survey)
    area_ids = _area_ids({row.place for row, _ in taken})
    frame = Frame(
        survey=survey, by=staff, rows=len(good), people=len(taken), left_out=dict(left_out),
        without_area=sum(area_ids.get(row.place) is None for row, _ in taken),
        deleted_on=None if taken else clock.today(),
    )  # fmt: skip
    if not dry_run:
        frame.save()
        _keep(frame, taken, area_ids)
        given = {"frame": frame.pk, "rows": frame.rows, "people": frame.people, "left_out": dict(left_out)}
        record("survey.frame_imported", "survey", survey.ref, by=by, **given)
    return Outcome(frame, bad)


def _read(content: bytes, name: str) -> tuple[list[Row], list[BadRow]]:
    good, bad, today = [], [], clock.today()
    for line, row in reading.rows(content, name):
        try:
            good.append(reading.read(line, row, today))
        except Wrong as problem:
            bad.append(BadRow(line, str(problem), [row.get(column) or "" for column in reading.COLUMNS]))
    if not good and not bad:
        raise FileRefused(f"{name} has no row beneath its first line.")
    return good, bad


def _sorted(found: Sequence[Row], survey: Survey) -> tuple[list[tuple[Row, Contact]], Counter[str]]:
    """Who is taken, each with the address to write to, and why how many are not. One address is asked once, whoever
    uses it."""
    left_out: Counter[str] = Counter(row.left_out.value for row in found if row.left_out)
    able = [row for row in found if row.left_out is None]
    known = _Known(able, survey)
    taken: list[tuple[Row, Contact]] = []
    for row in able:
        contact, reason = known.judge(row)
        if reason is None and contact is not None:
            taken.append((row, contact))
        else:
            left_out[(reason or Reason.CONTACT).value] += 1
    return taken, left_out


class _Known:
    """What is known already of the people of a file."""

    def __init__(self, able: Sequence[Row], survey: Survey) -> None:
        self.survey = survey
        wanted = {contact for row in able for contact in row.contacts}
        values = [value for _, value in wanted]
        rows = Address.objects.filter(value__in=values).values_list("kind", "value", "pk", "suppression")
        self.addresses = {(kind, value): (pk, why) for kind, value, pk, why in rows}
        ids = [pk for pk, _ in self.addresses.values()]
        people = FramePerson.objects.filter(address__in=ids).values_list("survey_id", "address_id")
        self.here = {address for of, address in people if of == survey.pk}
        self.elsewhere = {address for of, address in people if of != survey.pk}
        marks = {reference_mark(survey, row.reference) for row in able}
        self.references = set(
            FramePerson.objects.filter(survey=survey, reference__in=marks).values_list("reference", flat=True)
        )
        since = clock.months_after(clock.today().replace(day=1), -NOT_AGAIN)
        asked = Surveyed.objects.filter(mark__in=[asked_mark(one) for one in wanted], month__gte=since)
        self.asked = set(asked.values_list("mark", flat=True))
        self.seen: set[str | Contact] = set()  # in this file

    def judge(self, row: Row) -> tuple[Contact | None, Reason | None]:
        reference = reference_mark(self.survey, row.reference)
        ids = {self.addresses[one][0] for one in row.contacts if one in self.addresses}
        reason = None
        if reference in self.references or ids & self.here:
            reason = Reason.HERE
        elif reference in self.seen or self.seen & set(row.contacts):
            reason = Reason.TWICE
        elif ids & self.elsewhere or any(asked_mark(one) in self.asked for one in row.contacts):
            reason = Reason.LATELY
        self.seen |= {reference, *row.contacts}
        return (None, reason) if reason else self._reach(row)

    def _reach(self, row: Row) -> tuple[Contact | None, Reason | None]:
        """The first address that nothing stops; one that only came back may be passed over for the next."""
        usable = []
        for contact in row.contacts:
            _, why = self.addresses.get(contact, (0, ""))
            if why not in ("", Address.Suppression.BOUNCED):
                return None, Reason.STOPPED
            usable += [] if why else [contact]
        return (usable[0], None) if usable else (None, Reason.CONTACT)


def _keep(frame: Frame, taken: Sequence[tuple[Row, Contact]], area_ids: dict[str, int | None]) -> None:
    def of(row: Row) -> tuple[str, int | None, date]:
        return row.crime, area_ids.get(row.place), row.month

    counted = Counter(of(row) for row, _ in taken)
    cells = FrameCell.objects.bulk_create(
        FrameCell(frame=frame, crime=crime, area_id=area_id, month=month, people=n)
        for (crime, area_id, month), n in counted.items()
    )
    by_key = {(cell.crime, cell.area_id, cell.month): cell for cell in cells}
    FramePerson.objects.bulk_create(
        FramePerson(
            survey=frame.survey, cell=by_key[of(row)], address=contacts.address(*contact),
            reference=reference_mark(frame.survey, row.reference),
        )
        for row, contact in sorted(taken, key=lambda one: reference_mark(frame.survey, one[0].reference))
    )  # fmt: skip


def reference_mark(survey: Survey, reference: str) -> str:
    return sealing.mark("frame-reference", survey.pk, "".join(reference.split()).casefold().encode())


def asked_mark(contact: Contact) -> str:
    """The same for every survey: who was asked as a victim lately is not asked again in another."""
    kind, value = contact
    return sealing.mark("frame-asked", 0, f"{int(kind)}:{value}".encode())


def _area_ids(said: Iterable[str]) -> dict[str, int | None]:
    """The area of each place: the one of that code, else the smallest administrative one that holds the postcode."""
    wanted = {place for place in said if place}
    codes = dict(places.current_areas().filter(code__in=wanted).values_list("code", "pk"))
    found: dict[str, int | None] = {place: codes[place] for place in wanted if place in codes}
    postcodes = {place: places.postcode(place) for place in sorted(wanted - set(codes))}
    points = [(place, one.longitude, one.latitude) for place, one in postcodes.items() if one is not None]
    if points:
        lowest = places.lowest_areas(np.array([x for _, x, _ in points]), np.array([y for _, _, y in points]))
        found |= {place: int(area) or None for (place, _, _), area in zip(points, lowest, strict=True)}
    return found
