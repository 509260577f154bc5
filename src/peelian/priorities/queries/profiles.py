"""Reads of problem management profiles, and of the figures they work towards."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchVector
from django.db.models import F, Q, QuerySet

from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.core.measures import measures, newest
from peelian.core.wording import number
from peelian.priorities.errors import NoSuchPriority, NoSuchProfile
from peelian.priorities.models import Profile, ProfileMeasure
from peelian.priorities.models.profiles import PARTS, SHARED
from peelian.priorities.queries.lists import priority_for, sectors_for

WORDS = SearchVector(*PARTS, "tactics", "partners", "learned", config="english")
SHARED_WORDS = SearchVector(*SHARED, config="english")


def profiles_for(staff: Staff, *, q: str = "", closed: bool = False) -> QuerySet[Profile]:
    """The profiles that are open in the person's sectors; CLOSED: those of the whole force that ended, which are there
    to be learned from. Q is looked for in the title and in their words: of what ended only in those that everybody may
    read, so that no search tells what stands in the others."""
    if closed:
        rows = Profile.objects.filter(closed_on__isnull=False).order_by("-closed_on", "-pk")
    else:
        rows = Profile.objects.filter(closed_on=None, priority__sector__in=_sectors(staff)).order_by("review_on", "pk")
    if q:
        query = SearchQuery(q, config="english", search_type="websearch")
        rows = rows.annotate(found=SHARED_WORDS if closed else WORDS)
        rows = rows.filter(Q(found=query) | Q(priority__title__icontains=q))
        rows = rows.annotate(shown=SearchHeadline("learned", query, start_sel="", stop_sel="", max_words=40))
    return rows.select_related("priority__sector", "owner")


def _sectors(staff: Staff) -> list[int]:
    return list(sectors_for(staff).values_list("pk", flat=True))


def reads_whole(staff: Staff, profile: Profile) -> bool:
    """Whether its sector's list is the person's to read: others read of a closed one what is SHARED."""
    try:
        priority_for(staff, profile.priority.ref)
    except NoSuchPriority:
        return False
    return True


def profile_for(staff: Staff, ref: str) -> Profile:
    """The profile of a priority by its ref: of the person's sectors or, once closed, of any; else NoSuchProfile. What
    of it they read, `reads_whole` says."""
    found = Profile.objects.filter(priority__ref=ref).select_related("priority__sector", "owner").first()
    if found is None:
        raise NoSuchProfile
    if found.closed_on is None and not reads_whole(staff, found):
        raise NoSuchProfile
    return found


def profiles_to_review(staff: Staff) -> QuerySet[Profile]:
    """Open profiles of the person's own whose review day has come, the longest first."""
    own = Profile.objects.filter(owner=staff, closed_on=None, review_on__lte=clock.today())
    return own.select_related("priority__sector").order_by(F("review_on").asc(), "pk")


@dataclass(frozen=True)
class Standing:
    """A measure of a profile with how it stands. `value` is None where there is no figure yet."""

    measure: ProfileMeasure
    value: float | None
    now: str
    of: str
    reached: bool | None

    @property
    def baseline(self) -> str:
        return plainly(self.measure.baseline) + self.percent

    @property
    def target(self) -> str:
        return plainly(self.measure.target) + self.percent

    @property
    def percent(self) -> str:
        """The sign, after a share that the force keeps."""
        kept = measures.get(self.measure.code)
        return "%" if kept is not None and kept.unit == "%" else ""

    @property
    def state(self) -> str:
        """In words: there is no figure yet, the target is reached, or it is not."""
        if self.reached is None:
            return "No figure yet"
        return "Target reached" if self.reached else "Not yet"


def plainly(value: float) -> str:
    return number(value, 0 if value == int(value) else 1)


def standing(profile: Profile) -> list[Standing]:
    """Its measures, each with its newest figure. A target above its baseline is reached from below, else from above."""
    return [_standing(one) for one in profile.measures.select_related("area")]


def _standing(one: ProfileMeasure) -> Standing:
    value, now, of = one.latest, "", one.latest_of
    if one.code:
        kept = newest(one.code, one.area_id)
        value = kept.value if kept else None
        now = kept.said if kept else ""
        of = f"{kept.period}{', provisional' if kept.provisional else ''}" if kept else ""
    elif value is not None:
        now = plainly(value)
    reached = None
    if value is not None:
        reached = value >= one.target if one.target >= one.baseline else value <= one.target
    return Standing(one, value, now, of, reached)
