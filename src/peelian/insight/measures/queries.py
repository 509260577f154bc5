"""Reads of measures, scoped to who asks: people with areas see those, others the whole force and every area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from peelian.accounts.models import Staff
from peelian.accounts.queries import scope_area_ids
from peelian.accounts.roles import PERMISSIONS
from peelian.core import clock
from peelian.core.errors import NotFound
from peelian.core.periods import Period
from peelian.core.wording import uk_date
from peelian.insight.measures import series
from peelian.insight.measures.errors import NoSuchCommentary, NoSuchMeasure
from peelian.insight.models import Aim, Commentary, Measure, MeasureDefinition, Observation
from peelian.places import queries as places
from peelian.places.models import Area

# Tables of the population whose total is everybody, in the order in which they are asked
PEOPLE_BY = ("age", "sex", "ethnic-group-5", "ethnic-group-19")


def definition(code: str) -> MeasureDefinition:
    """The current definition of a measure, with its aim. Raises NoSuchMeasure."""
    found = (
        MeasureDefinition.objects.filter(current=True, measure__code=code)
        .select_related("measure", "aim", "made_by")
        .first()
    )
    if found is None:
        raise NoSuchMeasure
    return found


def definitions() -> list[MeasureDefinition]:
    """All current definitions, in the order of the aims and of the measures under them."""
    rows = MeasureDefinition.objects.filter(current=True, measure__retired_at=None).select_related("measure", "aim")
    return list(rows.order_by("aim__position", "aim__title", "measure__position", "measure__code"))


def aims() -> list[Aim]:
    """All aims of the plan, those without a measure among them."""
    return list(Aim.objects.all())


def versions(measure: Measure) -> list[MeasureDefinition]:
    return list(measure.definitions.select_related("made_by", "aim").order_by("-version"))


# Areas --------------------------------------------------------------------------------------------------------------


def area_for(staff: Staff, code: str) -> Area | None:
    """The area of that code, in the person's scope; without a code the whole force, or the person's own area where they
    have one. Raises NotFound for one out of scope."""
    ids = scope_area_ids(staff)
    if not code:
        return None if ids is None else _shown().filter(pk__in=staff.scope.values("pk")).first()
    found = _shown().filter(code__iexact=code).first()
    if found is None or (ids is not None and found.pk not in ids):
        raise NotFound
    return None if found.kind == Area.Kind.FORCE else found


def areas_for(staff: Staff) -> list[Area]:
    """The administrative areas to choose from, the largest first."""
    ids = scope_area_ids(staff)
    rows = _shown().exclude(kind=Area.Kind.FORCE)
    order = list(Area.ADMINISTRATIVE)
    found = rows if ids is None else rows.filter(pk__in=ids)
    return sorted(found, key=lambda area: (order.index(Area.Kind(area.kind)), area.name))


def _shown() -> QuerySet[Area]:
    rows = Area.objects.filter(valid_to=None, kind__in=Area.ADMINISTRATIVE)
    return rows.only("pk", "code", "name", "kind", "parent_id", "valid_from")


def same_place(area: Area | None) -> list[int]:
    """The ids an area has had: a boundary that changes makes a new row under the same code."""
    return [] if area is None else list(Area.objects.filter(code=area.code).values_list("pk", flat=True))


def boundary_changes(area: Area | None) -> list[str]:
    """A sentence for each change of the area's boundary: figures before and after are not of the same place."""
    if area is None:
        return []
    days = Area.objects.filter(code=area.code, valid_from__isnull=False).exclude(valid_from=None)
    earlier = Area.objects.filter(code=area.code).count() > 1
    return [
        f"The boundary of {area.name} changed on {uk_date(day)}: figures before and after are not of the same place."
        for day in days.order_by("valid_from").values_list("valid_from", flat=True)
        if day is not None and earlier
    ]


# Observations -------------------------------------------------------------------------------------------------------


def observations(measure: Measure, area: Area | None, *, until: Period | None = None) -> list[series.Point]:
    """The current figures of a measure in an area, in order of time; those of periods that end with UNTIL or before."""
    rows = Observation.objects.filter(measure=measure, current=True).select_related("definition")
    rows = rows.filter(area=None) if area is None else rows.filter(area__in=same_place(area))
    if until is not None:
        rows = rows.filter(end__lte=until.end)
    return series.points(rows)


def all_observations(
    measures: Sequence[Measure], area: Area | None, *, until: Period | None = None
) -> dict[int, list[series.Point]]:
    """The same for several measures in one statement, by the measure's id."""
    rows = Observation.objects.filter(measure__in=measures, current=True).select_related("definition")
    rows = rows.filter(area=None) if area is None else rows.filter(area__in=same_place(area))
    if until is not None:
        rows = rows.filter(end__lte=until.end)
    found: dict[int, list[Observation]] = {}
    for row in rows:
        found.setdefault(row.measure_id, []).append(row)
    return {key: series.points(value) for key, value in found.items()}


def history(measure: Measure, area: Area | None) -> list[Observation]:
    """Every figure that was changed, with what took its place: newest period first, then by revision."""
    rows = Observation.objects.filter(measure=measure)
    rows = rows.filter(area=None) if area is None else rows.filter(area__in=same_place(area))
    again = rows.filter(current=False, start=OuterRef("start"), end=OuterRef("end"))
    changed = rows.filter(Exists(again)).select_related("entered_by", "definition")
    return list(changed.order_by("-end", "-start", "revision")[:200])


def of_areas(measure: Measure, areas: Sequence[Area], period: Period) -> dict[int, Observation]:
    """The current figures of several areas in one period."""
    rows = Observation.objects.filter(
        measure=measure, current=True, area__in=[area.pk for area in areas], start=period.start, end=period.end
    )
    return {row.area_id: row for row in rows if row.area_id is not None}


# Commentary ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """Commentary and response about a measure in an area and period; None where nobody was asked."""

    commentary: Commentary | None
    response: Commentary | None

    @property
    def rows(self) -> list[Commentary]:
        return [row for row in (self.commentary, self.response) if row is not None]


def said(measure: Measure, area: Area | None, period: Period) -> Said:
    rows = Commentary.objects.filter(measure=measure, area=area, start=period.start, end=period.end)
    kinds = {row.kind: row for row in rows.select_related("author", "signed_by", "measure", "area")}
    return Said(kinds.get(Commentary.Kind.COMMENTARY), kinds.get(Commentary.Kind.RESPONSE))


def all_said(measures: Sequence[Measure], area: Area | None, period: Period) -> dict[int, Said]:
    """The same for several measures, by the measure's id."""
    rows = Commentary.objects.filter(measure__in=measures, area=area, start=period.start, end=period.end)
    found: dict[int, dict[str, Commentary]] = {}
    for row in rows.select_related("author", "signed_by"):
        found.setdefault(row.measure_id, {})[row.kind] = row
    kinds = Commentary.Kind
    return {pk: Said(each.get(kinds.COMMENTARY), each.get(kinds.RESPONSE)) for pk, each in found.items()}


def commentaries_of(staff: Staff) -> QuerySet[Commentary]:
    """What the person may read: of their areas, and what they were asked for themselves."""
    ids = scope_area_ids(staff)
    rows = Commentary.objects.select_related("measure", "area", "author", "signed_by")
    return rows if ids is None else rows.filter(Q(area__in=ids) | Q(author=staff))


def commentary_for(staff: Staff, pk: int) -> Commentary:
    """One; NoSuchCommentary when it is out of scope."""
    found = commentaries_of(staff).filter(pk=pk).first()
    if found is None:
        raise NoSuchCommentary
    return found


def asked_of(staff: Staff, pk: int) -> Commentary:
    """What the person was asked to write themselves, whatever their role opens; NoSuchCommentary else."""
    found = Commentary.objects.select_related("measure", "area", "author", "signed_by").filter(author=staff, pk=pk)
    row = found.first()
    if row is None:
        raise NoSuchCommentary
    return row


def to_write(staff: Staff) -> list[Commentary]:
    """What the person was asked to write and has not, the earliest day first; each with the measure's `name`."""
    rows = Commentary.objects.filter(
        author=staff, written_at=None, measure__definitions__current=True
    ).select_related("measure", "area")  # fmt: skip
    return list(rows.annotate(name=F("measure__definitions__name")).order_by("due_on", "pk"))


def waiting(staff: Staff) -> dict[str, list[Commentary]]:
    """What the person is to write, what waits to be signed by somebody else than its author, and what is overdue."""
    rows = commentaries_of(staff)
    mine = rows.filter(author=staff, written_at=None).order_by("due_on")
    to_sign = rows.filter(written_at__isnull=False, signed_at=None).exclude(author=staff).order_by("due_on")
    overdue = rows.filter(written_at=None, due_on__lt=clock.today()).exclude(author=staff).order_by("due_on")
    may_sign = staff.may("insight.manage")
    return {"mine": list(mine[:50]), "to_sign": list(to_sign[:50]) if may_sign else [], "overdue": list(overdue[:50])}


def authors() -> QuerySet[Staff]:
    """Who may be asked to write: everybody who has a Today, where it stands. Officers too, though these pages are
    closed to them: they get a page with the figures that it is about."""
    return Staff.objects.filter(is_active=True, role__in=PERMISSIONS["today.read"]).order_by("name", "email")


def commentary_states(measures: Sequence[Measure], area: Area | None) -> dict[int, str]:
    """For a list: the worst state of the newest period that anything was asked about, by the measure's id."""
    rows = Commentary.objects.filter(measure__in=measures, area=area).order_by("measure_id", "-end", "kind")
    newest: dict[int, list[Commentary]] = {}
    for row in rows:
        there = newest.setdefault(row.measure_id, [])
        if not there or there[0].end == row.end:
            there.append(row)
    order = ["Overdue", "To be written", "Waiting to be signed", "Signed"]
    return {pk: min((row.state for row in each), key=order.index) for pk, each in newest.items()}


def areas_below(staff: Staff, area: Area | None) -> list[Area]:
    """The areas directly below one, in the person's scope; below the force the largest there are."""
    ids = scope_area_ids(staff)
    if area is None:
        rows = _shown().filter(kind=Area.Kind.POLICING_AREA)
        rows = rows if rows.exists() else _shown().filter(kind=Area.Kind.WARD)
    else:
        rows = _shown().filter(parent=area)
    return list((rows if ids is None else rows.filter(pk__in=ids)).order_by("name"))


def people_in(area: Area | None) -> float | None:
    """How many people live there, from the newest table of the population that is loaded; None without one."""
    place = area or places.force()
    if place is None:
        return None
    found = (places.population(place.pk, topic) for topic in PEOPLE_BY)
    return next((float(one.total) for one in found if one is not None and one.total), None)


def children(area: Area | None) -> list[Area]:
    """The areas directly below one, whoever asks: for papers."""
    if area is not None:
        return list(_shown().filter(parent=area).order_by("name"))
    rows = _shown().filter(kind=Area.Kind.POLICING_AREA)
    return list((rows if rows.exists() else _shown().filter(kind=Area.Kind.WARD)).order_by("name"))


def newest_of_areas(measure: Measure, areas: Sequence[Area], until: Period) -> dict[int, Observation]:
    """The figures of several areas in the newest period, up to UNTIL, that any of them has one for."""
    rows = Observation.objects.filter(
        measure=measure, current=True, area__in=[area.pk for area in areas], end__lte=until.end, value__isnull=False
    )
    last = rows.order_by("-end", "start").values("start", "end").first()
    if last is None:
        return {}
    return {row.area_id: row for row in rows.filter(**last) if row.area_id is not None}
