"""Reads of community profiles: of the neighbourhoods in somebody's scope."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.events.errors import NoSuchEvent
from peelian.events.models import Profile, ProfileVersion
from peelian.places import queries as places
from peelian.places.models import Area


@dataclass(frozen=True)
class Row:
    """A neighbourhood, and its profile where it has one."""

    area: Area
    profile: Profile | None

    @property
    def state(self) -> str:
        """none, draft (begun and never finished), fresh, soon or overdue."""
        if self.profile is None:
            return "none"
        if self.profile.is_overdue:
            return "overdue"
        if self.profile.refreshed_on is None:
            return "draft"
        return "soon" if self.profile.is_due_soon else "fresh"


ORDER = ("overdue", "none", "soon", "draft", "fresh")


def neighbourhoods_of(staff: Staff) -> QuerySet[Area]:
    ids = accounts.scope_area_ids(staff)
    found = places.neighbourhoods()
    return found.filter(pk__in=ids) if ids is not None else found


def rows_for(staff: Staff) -> list[Row]:
    """The neighbourhoods in the person's scope: overdue ones first, then those without a profile."""
    areas = list(neighbourhoods_of(staff).defer("boundary", "cover", "outline").order_by("name", "code"))
    known = {one.area_id: one for one in Profile.objects.filter(area__in=areas).select_related("owner", "team")}
    rows = [Row(area, known.get(area.pk)) for area in areas]
    return sorted(rows, key=lambda row: (ORDER.index(row.state), row.area.name, row.area.code))


def area_for(staff: Staff, code: str) -> Area:
    """A neighbourhood in the person's scope; NoSuchEvent otherwise."""
    found = neighbourhoods_of(staff).filter(code=code).first()
    if found is None:
        raise NoSuchEvent
    return found


def profile_of(area: Area) -> Profile | None:
    return Profile.objects.filter(area=area).select_related("owner", "team", "area").first()


def profile_for(staff: Staff, code: str) -> Profile:
    """A neighbourhood's profile in the person's scope; NoSuchEvent where there is none."""
    found = profile_of(area_for(staff, code))
    if found is None:
        raise NoSuchEvent
    return found


def version(profile: Profile, number: int | None = None) -> ProfileVersion | None:
    """One version, or the newest."""
    rows = profile.versions.select_related("by")
    return rows.filter(number=number).first() if number else rows.first()


def overdue_for(staff: Staff) -> list[Profile]:
    """Those that the person is responsible for, or nobody is and it is their team's, and that are overdue."""
    ids = accounts.scope_area_ids(staff)
    found = Profile.objects.select_related("area", "owner").defer("area__boundary", "area__cover", "area__outline")
    found = found.filter(team__people=staff) if ids is None else found.filter(team__people=staff, area__in=ids)
    long_ago = clock.months_after(clock.today(), -12)
    mine = found.filter(owner=staff) | found.filter(owner=None)
    rows = mine.filter(refreshed_on__lt=long_ago) | mine.filter(refreshed_on=None)
    return [one for one in rows.distinct().order_by("refreshed_on", "pk") if one.is_overdue]
