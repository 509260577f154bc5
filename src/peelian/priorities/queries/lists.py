"""Reads of priorities: the lists of sectors, and how old their agreement is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from peelian.accounts.models import Staff
from peelian.accounts.queries import scope_area_ids
from peelian.core import clock
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.priorities.errors import NoSuchList, NoSuchPriority
from peelian.priorities.models import Cycle, Decision, Issue, Priority
from peelian.priorities.models.lists import CYCLE
from peelian.priorities.queries.issues import family, issues_for

# The kinds of areas that lists are for: the first of which the force has any
KINDS = (Area.Kind.SECTOR, Area.Kind.POLICING_AREA, Area.Kind.FORCE, Area.Kind.WARD)
_LISTED, _PROPOSED = Priority.State.LISTED, Priority.State.PROPOSED


def list_kind() -> str:
    """Of which kind the areas are that have a list."""
    there = set(places.current_areas().filter(kind__in=KINDS).values_list("kind", flat=True).distinct())
    return next((kind for kind in KINDS if kind in there), Area.Kind.SECTOR)


def list_of(area: Area) -> Area | None:
    """The area whose list an area is on: itself or the nearest above it."""
    kind = list_kind()
    return next((one for one in [area, *reversed(places.ancestors(area))] if one.kind == kind), None)


def _readable(staff: Staff) -> frozenset[int] | None:
    """The areas whose lists the person reads: those in their scope, and those above, whose list is theirs too."""
    ids = scope_area_ids(staff)
    if ids is None:
        return None
    return ids | {above.pk for root in staff.scope.all() for above in places.ancestors(root)}


@dataclass
class SectorList:
    """The list of one sector as it stands. `age` is how many days ago it was agreed, None where it never was."""

    sector: Area
    listed: int
    proposed: int
    agreed_on: date | None
    today: date
    may_agree: bool = False
    priorities: list[Priority] = field(default_factory=list)

    @property
    def gone(self) -> bool:
        """The sector is no longer current."""
        return self.sector.valid_to is not None

    @property
    def age(self) -> int | None:
        return None if self.agreed_on is None else (self.today - self.agreed_on).days

    @property
    def stale(self) -> bool:
        """Not agreed for over 14 days. Where nothing was ever proposed there is nothing to agree."""
        if self.age is None:
            return bool(self.proposed)
        return self.age > CYCLE.days


def sectors_for(staff: Staff) -> QuerySet[Area]:
    """The areas whose lists the person reads; those that ended too while priorities stand on them."""
    left = Priority.objects.exclude(state=Priority.State.CLOSED).values("sector")
    found = Area.objects.filter(Q(valid_to=None, kind=list_kind()) | Q(pk__in=left)).defer("boundary", "cover")
    ids = _readable(staff)
    return (found if ids is None else found.filter(pk__in=ids)).order_by("name", "code")


def lists_for(staff: Staff) -> list[SectorList]:
    """The lists the person reads, what wants looking at first: of sectors that ended, then stale ones."""
    sectors = list(sectors_for(staff))
    return sorted(_lists(staff, sectors), key=lambda one: (not one.gone, not one.stale, one.sector.name))


def _lists(staff: Staff, sectors: list[Area]) -> list[SectorList]:
    counted = Priority.objects.filter(sector__in=sectors).order_by().values("sector")
    rows = {
        row["sector"]: (row["listed"], row["proposed"])
        for row in counted.annotate(
            listed=Count("pk", filter=Q(state=_LISTED)), proposed=Count("pk", filter=Q(state=_PROPOSED))
        )
    }
    cycles = Cycle.objects.filter(sector__in=sectors).order_by().values_list("sector").annotate(last=Max("last_at"))
    last = {sector: moment.astimezone(clock.LONDON).date() for sector, moment in cycles}
    today, ids, may = clock.today(), scope_area_ids(staff), staff.may("priorities.agree")
    return [
        SectorList(
            one,
            *rows.get(one.pk, (0, 0)),
            agreed_on=last.get(one.pk),
            today=today,
            may_agree=may and (ids is None or one.pk in ids),
        )
        for one in sectors
    ]


def list_for(staff: Staff, pk: int) -> SectorList:
    """One list with its priorities, those on it by rank and those proposed after them; NoSuchList out of scope."""
    ids = _readable(staff)
    sector = Area.objects.filter(pk=pk).defer("boundary", "cover").first()
    known = sector is not None and (
        (sector.valid_to is None and sector.kind == list_kind()) or Priority.objects.filter(sector=sector).exists()
    )
    if sector is None or not known or (ids is not None and pk not in ids):
        raise NoSuchList
    found = _lists(staff, [sector])[0]
    found.priorities = list(open_priorities(sector))
    return found


def open_priorities(sector: Area) -> QuerySet[Priority]:
    rows = Priority.objects.filter(sector=sector).exclude(state=Priority.State.CLOSED)
    return rows.annotate(raised=Count("issues", distinct=True)).order_by("rank", "proposed_at", "pk")


def stale_lists(staff: Staff) -> list[SectorList]:
    """The stale lists that the person may agree, and those of sectors that ended."""
    found = [one for one in lists_for(staff) if one.may_agree and (one.stale or one.gone)]
    return sorted(found, key=lambda one: -(one.age if one.age is not None else 10_000))


def fingerprint(priorities: list[Priority]) -> str:
    """Changes when anything on the list does: for whoever had it open."""
    whole = ",".join(f"{one.pk}:{one.state}:{one.rank}" for one in sorted(priorities, key=lambda one: one.pk))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def next_cycle_begins(sector: Area, today: date) -> date | None:
    """The first day of the cycle that TODAY is in; None before the first was fixed."""
    first = Cycle.objects.filter(sector=sector).order_by("begins").values_list("begins", flat=True).first()
    if first is None:
        return None
    return first + ((today - first).days // CYCLE.days) * CYCLE


def agreed_cycles(sector: Area) -> QuerySet[Cycle]:
    """The cycles in which a sector's list was agreed, with what was decided in each, by rank; for core.keyset."""
    decided = Decision.objects.select_related("priority").order_by("-at", "rank", "pk")
    return Cycle.objects.filter(sector=sector).prefetch_related(Prefetch("decisions", decided))


def priority_for(staff: Staff, ref: str) -> Priority:
    """One priority; NoSuchPriority when its list is out of scope."""
    ids = _readable(staff)
    found = Priority.objects.filter(ref=ref).select_related("sector", "proposed_by").first()
    if found is None or (ids is not None and found.sector_id not in ids):
        raise NoSuchPriority
    return found


def may_agree(staff: Staff, sector: Area) -> bool:
    ids = scope_area_ids(staff)
    return staff.may("priorities.agree") and (ids is None or sector.pk in ids)


def closed_priorities(sector: Area, most: int = 20) -> QuerySet[Priority]:
    return Priority.objects.filter(sector=sector, state=Priority.State.CLOSED).order_by("-closed_on", "-pk")[:most]


def issues_to_link(staff: Staff, sector: Area, most: int = 40) -> list[int]:
    """Ids of the open issues in a sector, the newest first, that the person may see."""
    rows = issues_for(staff, area=sector).order_by("-made_at")
    return list(rows.values_list("pk", flat=True)[:most])


def priorities_of(issue: Issue) -> QuerySet[Priority]:
    """The priorities an issue is linked to, all that is merged into it included."""
    return Priority.objects.filter(issues__in=family([issue.pk])).select_related("sector").distinct().order_by("-pk")


# For residents --------------------------------------------------------------------------------------------------------


def public_priorities(area: Area) -> list[Priority]:
    """What residents read about an area: the agreed priorities of its own list, of all lists below it and, for a
    smaller area, of the list it is on. Title, `doing`, `opened_on`, `reviewed_on` and `sector` may be shown; evidence,
    tactics and who proposed it never are."""
    wanted = set(places.with_descendants([area.pk]))
    if (above := list_of(area)) is not None:
        wanted.add(above.pk)
    found = Priority.objects.filter(state=_LISTED, public=True, sector__in=wanted, sector__valid_to=None)
    return list(found.select_related("sector").defer("evidence").order_by("sector__name", "rank", "pk"))
