"""What one person's day begins with, gathered from the apps below."""

from dataclasses import dataclass
from datetime import timedelta
from math import cos, radians

from django.db.models import Count, Q

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.alerts import queries as alerts
from peelian.alerts.models import Alert
from peelian.conversations import queries as conversations
from peelian.conversations.models import Thread
from peelian.core import clock
from peelian.events import queries as events
from peelian.events.models import Event, Profile
from peelian.events.queries import profiles as event_profiles
from peelian.insight.measures import queries as measures
from peelian.insight.models import Commentary
from peelian.members import queries_groups as groups
from peelian.members import queries_network as network
from peelian.members.models import Group, KeyIndividual
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.priorities import queries as priorities
from peelian.priorities.models import Profile as ProblemProfile
from peelian.priorities.models import Promise, PromiseChange
from peelian.priorities.queries.lists import SectorList
from peelian.surveys import queries as surveys
from peelian.surveys.models import Mailing

SHOWN = 5  # of each list; the rest is one link away
RECENT = timedelta(days=28)
WIDTH = 320  # of the picture, in its own units
MOST_AREAS = 400  # a force of wards; beyond, the picture is of nothing one can see


@dataclass(frozen=True)
class Waiting:
    """Some things that wait for the person, and how many there are."""

    rows: list[Alert] | list[Thread]
    number: int


@dataclass(frozen=True)
class Today:
    raised: list[Thread]  # for whoever supervises: brought up by a word, or by somebody under 18
    replies: Waiting | None  # None: not this role's work
    approvals: Waiting | None
    drafts: Waiting | None
    reviews: list[Group]  # the person looks after them, and they want looking at
    contacts: list[KeyIndividual]  # of a network: we meant to speak to them by now
    commentaries: list[Commentary]  # the person was asked to write about a measure
    promises: list[Promise]  # the person sees to them: overdue, or due within a week
    to_publish: list[PromiseChange]  # what others wrote about promises, for whoever publishes
    lists: list[SectorList]  # of priorities: the person agrees them, and they are stale
    problems: list[ProblemProfile]  # profiles of problems that the person owns: to be looked at again
    uncounted: list[Event]  # of the person's teams: over, and nobody has said how many came
    profiles: list[Profile]  # of neighbourhoods: to be refreshed, and overdue
    invitations: list[Mailing]  # to surveys: the person may approve them
    happened: list[Alert]

    @property
    def waits(self) -> int:
        counted = sum(part.number for part in (self.replies, self.approvals, self.drafts) if part)
        return (
            counted
            + len(self.raised)
            + len(self.reviews)
            + len(self.contacts)
            + len(self.commentaries)
            + len(self.uncounted)
            + len(self.profiles)
            + len(self.lists)
            + len(self.problems)
            + len(self.promises)
            + len(self.to_publish)
            + len(self.invitations)
        )


@dataclass(frozen=True)
class PatchArea:
    """One neighbourhood of the picture: an SVG path and how many alerts went there lately."""

    name: str
    path: str
    alerts: int
    shade: int  # 0 none to 4 most


@dataclass(frozen=True)
class Patch:
    areas: list[PatchArea]
    width: int
    height: int
    total: int


def today(staff: Staff) -> Today:
    """What waits for the person, oldest first, and what went out last in their teams and areas."""
    replies = conversations.waiting_for(staff) if staff.may("conversations.answer") else None
    approvals = alerts.waiting_for(staff) if staff.may("alerts.approve") else None
    drafts = alerts.drafts_of(staff) if staff.may("alerts.write") else None
    out = alerts.alerts_for(staff).filter(state__in=Alert.OUT, practice=False).order_by("-sent_at", "-pk")
    return Today(
        raised=conversations.raised_rows(staff, SHOWN) if staff.may("conversations.supervise") else [],
        replies=None if replies is None else Waiting(conversations.with_clocks(replies[:SHOWN]), replies.count()),
        approvals=None if approvals is None else Waiting(list(approvals[:SHOWN]), approvals.count()),
        drafts=None if drafts is None else Waiting(list(drafts[:SHOWN]), drafts.count()),
        reviews=list(groups.reviews_due(staff)[:SHOWN]),
        contacts=list(network.contacts_due(staff)[:SHOWN]) if staff.may("network.keep") else [],
        commentaries=measures.to_write(staff)[:SHOWN],
        promises=list(priorities.promises_due(staff)[:SHOWN]) if staff.may("priorities.write") else [],
        to_publish=list(priorities.changes_to_publish(staff)[:SHOWN]) if staff.may("promises.publish") else [],
        problems=list(priorities.profiles_to_review(staff)[:SHOWN]) if staff.may("priorities.write") else [],
        uncounted=list(events.without_figures(staff)[:SHOWN]) if staff.may("events.write") else [],
        profiles=event_profiles.overdue_for(staff)[:SHOWN] if staff.may("profiles.write") else [],
        lists=priorities.stale_lists(staff)[:SHOWN] if staff.may("priorities.agree") else [],
        invitations=list(surveys.to_approve(staff)[:SHOWN]) if staff.may("alerts.approve") else [],
        happened=list(out[:SHOWN]),
    )


def patch(staff: Staff) -> Patch | None:
    """The neighbourhoods in the person's scope with the alerts of the last 28 days; None when there are none."""
    ids = accounts.scope_area_ids(staff)
    areas = places.neighbourhoods()
    if ids is not None:
        areas = areas.filter(pk__in=ids)
    found = list(areas.order_by("name", "code")[:MOST_AREAS])
    if not found:
        return None
    counts = _alerts_in([area.pk for area in found])
    most = max(counts.values(), default=0)
    west, south = min(area.west for area in found), min(area.south for area in found)
    east, north = max(area.east for area in found), max(area.north for area in found)
    frame = _Frame(west, south, east, north)
    drawn = [
        PatchArea(area.name, frame.path(area), counts.get(area.pk, 0), _shade(counts.get(area.pk, 0), most))
        for area in found
    ]
    return Patch(drawn, WIDTH, frame.height, sum(counts.values()))


def _alerts_in(area_ids: list[int]) -> dict[int, int]:
    """Area id → how many alerts about it went out in the last 28 days."""
    since = clock.now() - RECENT
    recent = Q(areas__area__in=area_ids, sent_at__gte=since, state__in=Alert.OUT)
    rows = Alert.objects.filter(recent).values_list("areas__area").annotate(n=Count("pk")).order_by()
    return {area: n for area, n in rows if area in set(area_ids)}


def _shade(number: int, most: int) -> int:
    return 0 if not number else min(4, 1 + 4 * (number - 1) // max(most, 1))


class _Frame:
    """Degrees to the picture's units; a degree of longitude is cos(latitude) as long as one of latitude."""

    def __init__(self, west: int, south: int, east: int, north: int) -> None:
        self.west, self.north = west / 1e7, north / 1e7
        self.narrow = cos(radians((south + north) / 2e7))
        self.scale = WIDTH / max((east - west) / 1e7 * self.narrow, 1e-6)
        self.height = max(1, round((north - south) / 1e7 * self.scale))

    def path(self, area: Area) -> str:
        outline = area.outline
        polygons = outline["coordinates"] if outline["type"] == "MultiPolygon" else [outline["coordinates"]]
        return "".join(self._ring(ring) for polygon in polygons for ring in polygon)

    def _ring(self, ring: list[list[float]]) -> str:
        wide = self.narrow * self.scale
        points = (f"{(x - self.west) * wide:.1f} {(self.north - y) * self.scale:.1f}" for x, y in ring)
        return f"M{'L'.join(points)}Z"
