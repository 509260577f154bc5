"""Writes of measures: what they mean, what named people say about them, and who signed it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from peelian.accounts.models import Staff
from peelian.audit import actions as audit
from peelian.core import clock
from peelian.core.measures import Measure as Registered
from peelian.core.measures import measures as registered
from peelian.core.periods import Period
from peelian.insight.measures import errors
from peelian.insight.models import Aim, Commentary, Measure, MeasureDefinition
from peelian.places.models import Area

# What a definition says; of these, the force decides the last group also for measures that Peelian computes
TEXTS = ("name", "definition", "unit", "numerator", "denominator", "source", "source_url")
SHAPE = ("per", "places", "adds_up", "base_adds_up", "frequency", "good")
OWN = (
    "target", "target_by", "group_name", "nation_name", "baseline_start", "baseline_end", "limits_from", "limits_to",
)  # fmt: skip


# Definitions --------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_measure(*, by: Staff | None, code: str, aim: str, **given: Any) -> Measure:
    """A measure with its first definition. Raises CodeTaken."""
    if Measure.objects.filter(code=code).exists():
        raise errors.CodeTaken
    position = (Measure.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    measure = Measure.objects.create(code=code, position=position)
    MeasureDefinition.objects.create(measure=measure, aim=aim_called(aim), made_by=by, **given)
    if by is not None:
        audit.record("measure.made", "measure", code, by=by)
    return measure


def aim_called(title: str) -> Aim:
    last = Aim.objects.aggregate(last=Max("position"))["last"] or 0
    return Aim.objects.get_or_create(title=title.strip(), defaults={"position": last + 1})[0]


@transaction.atomic
def redefine(*, measure: Measure, by: Staff, reason: str, aim: str | None = None, **given: Any) -> MeasureDefinition:
    """A new version of a measure's definition, with GIVEN changed; observations keep the one they were measured by."""
    before = MeasureDefinition.objects.select_for_update().select_related("aim").get(measure=measure, current=True)
    made = _next(before, aim_called(aim) if aim is not None else before.aim, by, reason, given)
    audit.record("measure.redefined", "measure", measure.code, by=by, version=made.version)
    return made


def _next(
    before: MeasureDefinition, aim: Aim, by: Staff | None, reason: str, given: dict[str, Any]
) -> MeasureDefinition:
    said = {name: getattr(before, name) for name in (*TEXTS, *SHAPE, *OWN)} | given
    before.current = False
    before.save(update_fields=["current"])
    return MeasureDefinition.objects.create(
        measure_id=before.measure_id, aim=aim, version=before.version + 1, reason=reason, made_by=by, **said
    )


@transaction.atomic
def keep_registered() -> int:
    """A row for each measure that Peelian computes (core.measures), and a new version of the definition where a new
    version of Peelian defines it otherwise. Targets and baselines stay. Returns how many changed."""
    changed = 0
    there = {row.code: row for row in Measure.objects.filter(code__in=list(registered))}
    current = MeasureDefinition.objects.filter(current=True, measure__in=there.values()).select_related("aim")
    by_code = {row.measure_id: row for row in current}
    for code, one in registered.items():
        measure = there.get(code)
        if measure is None:
            made = make_measure(by=None, code=code, aim=one.aim, **_said(one))
            Measure.objects.filter(pk=made.pk).update(computed=True)
            changed += 1
            continue
        before, said = by_code[measure.pk], _said(one)
        if before.aim.title != one.aim or any(getattr(before, name) != value for name, value in said.items()):
            _next(before, aim_called(one.aim), None, "Peelian defines it anew", said)
            changed += 1
    return changed


def _said(one: Registered) -> dict[str, Any]:
    known = {field.name for field in fields(one)}
    return {name: getattr(one, name) or "" for name in TEXTS if name in known} | {
        "per": one.per, "places": one.places, "adds_up": one.adds_up, "base_adds_up": one.base_adds_up,
        "frequency": one.frequency, "good": one.good or "",
    }  # fmt: skip


# Commentary and response --------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for(
    *, kind: str, measure: Measure, area: Area | None, period: Period, author: Staff, due_on: date, by: Staff
) -> Commentary:
    """Ask a person to write by a day, or give what was asked of one to another. Not once it is signed."""
    found = {"kind": kind, "measure": measure, "area": area, "start": period.start, "end": period.end}
    row = Commentary.objects.select_for_update().filter(**found).first()
    if row is not None and row.signed_by_id:
        raise errors.SignedAlready
    if row is None:
        row = Commentary.objects.create(**found, author=author, due_on=due_on, asked_by=by)
    else:
        row.author, row.due_on, row.asked_by, row.asked_at = author, due_on, by, clock.now()
        row.save(update_fields=["author", "due_on", "asked_by", "asked_at"])
    audit.record("commentary.asked", "commentary", row.pk, by=by, author=author.pk, due=due_on)
    return row


@transaction.atomic
def write(*, commentary: Commentary, text: str, by: Staff) -> None:
    """Keep what its author wrote, as Markdown; pages and papers clean it when they show it. Writing again before it is
    signed replaces it."""
    row = Commentary.objects.select_for_update().get(pk=commentary.pk)
    if row.signed_by_id:
        raise errors.SignedAlready
    if row.author_id != by.pk:
        raise errors.NotYours
    row.text, row.written_at = text.strip(), clock.now()
    row.save(update_fields=["text", "written_at"])
    audit.record("commentary.written", "commentary", row.pk, by=by, letters=len(row.text))


@transaction.atomic
def sign(*, commentary: Commentary, by: Staff) -> None:
    """Sign what somebody else wrote."""
    row = Commentary.objects.select_for_update().get(pk=commentary.pk)
    if row.author_id == by.pk:
        raise errors.OwnWords
    if not row.written:
        raise errors.NothingWritten
    if row.signed_by_id:
        raise errors.SignedAlready
    row.signed_by, row.signed_at = by, clock.now()
    row.save(update_fields=["signed_by", "signed_at"])
    audit.record("commentary.signed", "commentary", row.pk, by=by)
