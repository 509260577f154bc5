"""A plan of outreach as its page and its paper have it: who goes, where on the map, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from peelian.accounts.models import Staff
from peelian.core import charts, clock, printing, wording
from peelian.core.charts import Chart, Column, Spot, Table, Unit
from peelian.core.context import the_force
from peelian.core.statistics import Estimate
from peelian.core.suppression import told
from peelian.insight.models import OutreachOfficer, OutreachPlace, OutreachPlan
from peelian.insight.outreach import plans
from peelian.insight.outreach.plans import Outcome
from peelian.insight.printing import TEMPLATES, chart_data, table_data
from peelian.places import queries as places
from peelian.places.models import Area

Data = dict[str, Any]
KINDS = {"place": charts.Kind("Place of the plan", "step-2"), "ward": charts.Kind("Its neighbourhood", "surface")}
HOURS = Unit(name="officer hours", places=1)
TO_FILL_IN = "Write down the officer hours spent at each place, 0 where nobody went, and record them on the plan’s page"
COUNTED = "Sign-ups are not written down: they are counted from the officers’ own records of that day."
READING = (
    "Members expected is what our own records of two years make likely for those hours; 95 of 100 outcomes lie in its"
    " interval if the forecast is right. It is kept as it was when the plan was made.",
    "Places stand by the gain of an hour: members expected × how much a member there does for the groups that are"
    " under-represented.",
)


@dataclass(frozen=True)
class Line:
    """A place with its number on the map, what was expected in the planned hours, and what came."""

    number: int
    place: OutreachPlace
    expected: Estimate
    outcome: Outcome | None


def lines(plan: OutreachPlan) -> list[Line]:
    """The largest gain of an hour first."""
    found = sorted(plan.places.all(), key=lambda one: -one.forecast.estimate().value * one.worth)
    return [
        Line(at, one, one.forecast.expected(one.hours), plans.outcome(one)) for at, one in enumerate(found, 1)
    ]  # fmt: skip


def officers(plan: OutreachPlan) -> list[Staff]:
    rows = OutreachOfficer.objects.filter(plan=plan).select_related("staff").order_by("staff__name", "pk")
    return [one.staff for one in rows]


# The map --------------------------------------------------------------------------------------------------------------


def picture(plan: OutreachPlan, shown: Sequence[Line]) -> Chart:
    """The places of a plan by their numbers, in the neighbourhoods that they lie in."""
    ids = {one.place.area_id for one in shown} | {one.place.small_area_id for one in shown}
    found = {area.pk: area for area in places.current_areas().filter(pk__in=ids)}
    streets = {
        one.pk: one.street for one in plan.places.select_related("street") if one.street
    }  # fmt: skip
    wards = [found[pk] for pk in dict.fromkeys(one.place.area_id for one in shown) if pk in found]
    small = [
        one.place for one in shown
        if one.place.kind == OutreachPlace.Kind.SMALL_AREA and one.place.small_area_id in found
    ]  # fmt: skip
    areas = [charts.Area(ward.name, ward.outline, kind="ward") for ward in wards]
    areas += [charts.Area(one.label, found[one.small_area_id].outline, kind="place", named=False) for one in small]
    marks: dict[tuple[float, float], list[Line]] = {}
    for one in shown:
        street = streets.get(one.place.pk)
        at = (street.longitude / 1e7, street.latitude / 1e7) if street else _middle(one.place, found)
        if at is not None:
            marks.setdefault(at, []).append(one)
    spots = [
        Spot(wording.listed([one.place.label for one in here]), *at, sum(one.place.hours for one in here),
             ", ".join(str(one.number) for one in here))
        for at, here in marks.items()
    ]  # fmt: skip
    return charts.area_map(
        "map", "Where", areas, kinds=KINDS, spots=spots, unit=HOURS, noun="Place", finding=_finding(shown),
        note="The numbers are those of the list.", table=_places(shown),
    )  # fmt: skip


def _middle(place: OutreachPlace, found: Mapping[int, Area]) -> tuple[float, float] | None:
    area = found.get(place.small_area_id) if place.kind == OutreachPlace.Kind.SMALL_AREA else None
    area = area or found.get(place.area_id)
    return (area.longitude, area.latitude) if area else None


def _finding(shown: Sequence[Line]) -> str:
    named = wording.listed([f"{one.number} {one.place.label}" for one in shown])
    return f"{wording.plural_count(len(shown), 'place').capitalize()}: {named}."


# Tables ---------------------------------------------------------------------------------------------------------------


def _between(of: Estimate) -> str:
    return f"{of.value:.1f} ({of.low:.0f} to {of.high:.0f})"


def _label(one: Line) -> str:
    return f"{one.number}. {one.place.label}"


def _places(shown: Sequence[Line], *, box: bool = False) -> Table:
    """What is planned; with BOX a column to be filled in by hand."""
    columns: list[Column | str] = [charts.words("Place"), Column("Officer hours", Unit(places=1))]
    columns += [charts.words("Members expected")] + ([charts.words("Hours spent")] if box else [])
    blank = [""] if box else []
    rows: list[list[str | float]] = [
        [_label(one), one.place.hours, _between(one.expected), *blank] for one in shown
    ]  # fmt: skip
    return Table("Places, the largest gain of an hour first", columns, rows)


def _came(shown: Sequence[Line], elsewhere: int | None) -> Table:
    columns: list[Column | str] = [charts.words("Place"), Column("Hours spent", Unit(places=1))]
    columns += [charts.words("Expected in those"), charts.words("Signed up")]
    rows: list[list[str | float | None]] = []
    for one in shown:
        if one.outcome is None:
            rows.append([_label(one), 0.0, "Nobody went", ""])
        else:
            rows.append([_label(one), one.place.hours_spent, _between(one.outcome.forecast), told(one.outcome.came)])
    note = f"In none of these places: {told(elsewhere)} of their sign-ups that day." if elsewhere else ""
    return Table("Hours spent, and who joined", columns, rows, note)


# The paper ------------------------------------------------------------------------------------------------------------


def data(plan: OutreachPlan, *, made_at: datetime) -> Data:
    """Everything that the paper says. Made twice of the same plan it is the same but for its date line."""
    shown = lines(plan)
    day = made_at.astimezone(clock.LONDON)
    hours = sum(one.place.hours for one in shown)
    where = f", {plan.area}" if plan.area else ""
    recorded = plan.recorded_at is not None
    page = f"{settings.PEELIAN_BASE_URL}{plan.get_absolute_url()}"
    return {
        "title": "Outreach plan",
        "lang": "en",
        "force": the_force().name,
        "name": str(plan),
        "day": wording.uk_date(plan.day),
        "about": f"{wording.uk_date(plan.day)}{where}. {wording.plural_count(len(shown), 'place')}, {hours:g} officer"
        f" {'hour' if hours == 1 else 'hours'}.",
        "made": f"Printed on {wording.uk_datetime(made_at)}",
        "made_on": [day.year, day.month, day.day],
        "as_of": f"Planned on {wording.uk_datetime(plan.made_at)}.",
        "officers": [one.name or "No name given" for one in officers(plan)],
        "map": chart_data(picture(plan, shown)),
        "places": table_data(_places(shown, box=not recorded), numeric=(2,)),
        "boxes": [] if recorded else [3],
        "fill_in": "" if recorded else f"{TO_FILL_IN} ({page}). {COUNTED}",
        "came": table_data(_came(shown, plan.elsewhere), numeric=(2, 3)) if recorded else None,
        "reading": [*READING, f"A session without recorded time was taken to last {plan.session_hours:g} hours."],
    }


def pdf(plan: OutreachPlan, *, made_at: datetime) -> bytes:
    """Tagged PDF (PDF/UA-1) of A4 pages."""
    return printing.pdf(TEMPLATES / "plan.typ", data(plan, made_at=made_at))
