"""Reads of conversations. Staff see those of teams in their scope; what lies outside is not found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from peelian.accounts.models import Staff, Team
from peelian.accounts.queries import scope_area_ids, teams_in_scope
from peelian.accounts.roles import PERMISSIONS
from peelian.conversations import promise
from peelian.conversations.inbound import queries as inbound
from peelian.conversations.inbound.queries import Beneath
from peelian.conversations.models import (
    DutyContact,
    Handover,
    Message,
    MessageTranslation,
    PassedOn,
    Raised,
    SavedAnswer,
    Tag,
    Thread,
    Trigger,
)
from peelian.core import clock, keyset
from peelian.core.errors import NotFound
from peelian.members.models import Member
from peelian.places import queries as places
from peelian.places.models import Area

FILTERS = {
    "waiting": "Waiting for us",
    "unread": "Not read yet",
    "mine": "Mine",
    "unassigned": "Nobody's",
    "resident": "Waiting for the resident",
    "closed": "Closed",
    "all": "All",
}
AGES = ("1", "3", "7", "28")  # days since the last word
SNIPPET = 240  # characters of the latest message in the list: more than the two lines that are shown of it


class NoSuchThread(NotFound):
    """There is no such conversation, or it is another team's."""


class NoSuchSavedAnswer(NotFound):
    """There is no such saved answer, or it is another team's."""


@dataclass(frozen=True)
class Said:
    """One message as a page shows it. `who` is a team and role, or a name where that is public."""

    text: str
    who: str
    ours: bool
    unverified: bool
    closing: bool
    at: datetime
    pk: int = 0
    translation: MessageTranslation | None = None
    how: str = ""  # where that is worth knowing: how the words came
    beneath: Beneath | None = None  # what came with them by email
    elsewhere: str = ""  # where it was said in another thread: its address
    notice: bool = False  # sent by itself


def threads_of(staff: Staff) -> QuerySet[Thread]:
    """Every conversation that the person may read."""
    return Thread.objects.filter(team__in=teams_in_scope(staff).values("pk"))


def inbox(
    staff: Staff,
    *,
    show: str = "waiting",
    cursor: str = "",
    tag: Tag | None = None,
    area: Area | None = None,
    older_than: int = 0,
) -> keyset.Slice[Thread]:
    """A page of conversations; those that wait for us come first due first, all others newest first.

    TAG, AREA (with all below it) and OLDER_THAN (days since the last word) narrow it. Each row carries `latest`, the
    beginning of what was last said, `is_raised`, and its tags.
    """
    rows = _rows(threads_of(staff).filter(_shown(staff, show)))
    if tag is not None:
        rows = rows.filter(tags=tag)
    if area is not None:
        rows = rows.filter(area__in=places.with_descendants([area.pk]))
    if older_than:
        rows = rows.filter(last_at__lt=clock.now() - timedelta(days=older_than))
    if show in ("waiting", "unread"):
        return keyset.page(rows, "due_at", cursor, oldest_first=True)
    return keyset.page(rows, "last_at", cursor)


def _rows(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    raised = Exists(Raised.objects.filter(thread=OuterRef("pk"), seen_at=None))
    return (
        threads.select_related("team", "assigned_to", "area")
        .prefetch_related("tags")
        .annotate(latest=_latest(), is_raised=raised)
    )


def _latest() -> Subquery:
    """The beginning of what was last said in a conversation."""
    said = Message.objects.filter(thread=OuterRef("pk")).exclude(how=Message.How.NOTICE).order_by("-at", "-pk")
    return Subquery(said.annotate(start=Left("text", SNIPPET)).values("start")[:1])


def _shown(staff: Staff, show: str) -> Q:
    unanswered = Q(state=Thread.State.WAITING_FOR_US)
    known = {
        "waiting": unanswered,
        "unread": unanswered & Q(seen_at=None),
        "mine": Q(assigned_to=staff) & ~Q(state=Thread.State.CLOSED),
        "unassigned": Q(assigned_to=None) & ~Q(state=Thread.State.CLOSED),
        "resident": Q(state=Thread.State.WAITING_FOR_RESIDENT),
        "closed": Q(state=Thread.State.CLOSED),
    }
    return known.get(show, Q())


def numbers(staff: Staff) -> dict[str, int]:
    """How many conversations are in each list that somebody has to look through; one statement, over what is open."""
    shown = ("waiting", "unread", "mine", "unassigned", "resident")
    found = threads_of(staff).exclude(state=Thread.State.CLOSED)
    return found.aggregate(**{name: Count("pk", filter=_shown(staff, name), distinct=True) for name in shown})


def raised_rows(staff: Staff, most: int = keyset.ROWS) -> list[Thread]:
    """The conversations that a supervisor is to look at and nobody has, the longest first."""
    since = Raised.objects.filter(thread=OuterRef("pk"), seen_at=None).order_by("at").values("at")[:1]
    rows = _rows(threads_of(staff).filter(Exists(Raised.objects.filter(thread=OuterRef("pk"), seen_at=None))))
    return list(rows.annotate(raised_at=Subquery(since)).order_by("raised_at", "pk")[:most])


def raised_of(thread: Thread) -> list[Raised]:
    """Why the thread is on the supervisors' list now; empty when it is not."""
    return list(Raised.objects.filter(thread=thread, seen_at=None).order_by("at"))


def raised_for(staff: Staff, *, cursor: str = "") -> keyset.Slice[Raised]:
    """What was raised in the person's teams and nobody has looked at, the oldest first."""
    found = Raised.objects.filter(seen_at=None, thread__in=threads_of(staff).values("pk"))
    return keyset.page(found.select_related("thread__team", "thread__area"), "at", cursor, oldest_first=True)


def raised_seen(staff: Staff, most: int = 10) -> list[Raised]:
    """What somebody looked at last."""
    found = Raised.objects.filter(thread__in=threads_of(staff).values("pk"), seen_at__isnull=False)
    return list(found.select_related("thread__team", "seen_by").order_by("-seen_at")[:most])


def one_raised(staff: Staff, pk: int) -> Raised:
    """NoSuchThread when it is out of scope."""
    found = Raised.objects.filter(pk=pk, thread__in=threads_of(staff).values("pk")).first()
    if found is None:
        raise NoSuchThread
    return found


def raised_team(pk: int) -> str:
    """The name of the team that something was raised in; NoSuchThread when it is gone."""
    found = Raised.objects.filter(pk=pk).values_list("thread__team__name", flat=True).first()
    if found is None:
        raise NoSuchThread
    return found


def with_clocks(rows: Iterable[Thread]) -> list[Thread]:
    """The rows, each with `due`: its clock in words."""
    found, now = list(rows), clock.now()
    for row in found:
        row.due = promise.due_in_words(row.due_at, now) if row.due_at else None  # type: ignore[attr-defined]
    return found


def waiting_for(staff: Staff) -> QuerySet[Thread]:
    """What waits for an answer from the person's teams, first due first; each with `latest`, as in the inbox."""
    waiting = threads_of(staff).filter(state=Thread.State.WAITING_FOR_US)
    return waiting.select_related("team").annotate(latest=_latest()).order_by("due_at", "pk")


def thread_for(staff: Staff, pk: int) -> Thread:
    """One conversation; NoSuchThread when it is out of scope."""
    found = (
        threads_of(staff).select_related("team__desk", "address", "assigned_to", "area", "member").filter(pk=pk).first()
    )
    if found is None:
        raise NoSuchThread
    return found


def said_in(thread: Thread) -> list[Said]:
    """What was said in one thread, the oldest first."""
    return _all_said(thread.messages.all(), thread)


def said_about(staff: Staff, thread: Thread) -> list[Said]:
    """What was said with this resident about this thing, the oldest first: in this thread, and in others of theirs (by
    another address) as far as the person may read those."""
    threads = [thread.pk]
    if thread.about and thread.member_id:
        others = threads_of(staff).filter(about=thread.about, member=thread.member_id).exclude(pk=thread.pk)
        threads += others.values_list("pk", flat=True)
    return _all_said(Message.objects.filter(thread__in=threads), thread)


def _all_said(messages: QuerySet[Message], thread: Thread) -> list[Said]:
    found = list(messages.select_related("by", "thread__team", "translation").order_by("at", "pk"))
    beneath = inbound.beneath([message.pk for message in found])
    return [
        Said(
            text=message.text,
            who=who_said(message, message.thread),
            ours=message.is_ours,
            unverified=message.how in (Message.How.LINK, Message.How.OTHER),
            closing=message.closing,
            at=message.at,
            pk=message.pk,
            translation=getattr(message, "translation", None),
            how="" if message.is_ours else str(message.get_how_display()),
            beneath=beneath.get(message.pk),
            elsewhere="" if message.thread_id == thread.pk else message.thread.get_absolute_url(),
            notice=message.how == Message.How.NOTICE,
        )
        for message in found
    ]


def who_said(message: Message, thread: Thread) -> str:
    """The resident is never named. Staff appear by role and team; by name where the force and the person allow it."""
    if not message.is_ours:
        return "Resident"
    if message.by is None or message.how == Message.How.NOTICE:
        return thread.team.name
    role = message.by.public_title
    named = settings.PEELIAN_SHOW_OFFICER_NAMES and message.by.show_name and message.by.name
    return f"{message.by.name}, {role}, {thread.team.name}" if named else f"{role}, {thread.team.name}"


def message_for(staff: Staff, pk: int) -> Message:
    """One message of a resident, for the team; NoSuchThread when it is out of scope."""
    rows = Message.objects.filter(thread__in=threads_of(staff)).exclude(how__in=Message.OURS)
    found = rows.select_related("thread").filter(pk=pk).first()
    if found is None:
        raise NoSuchThread
    return found


def with_last_message(rows: QuerySet[Thread]) -> QuerySet[Thread]:
    """Each with `last_message`, the number of what was said last."""
    newest = Message.objects.filter(thread=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return rows.annotate(last_message=Subquery(newest))


def last_message_id(thread: Thread) -> int | None:
    return thread.messages.order_by("-pk").values_list("pk", flat=True).first()


def message(pk: int) -> Message:
    """A message of ours for its email, with thread, team and writer. NoSuchThread when it has been erased."""
    found = Message.objects.select_related("thread__team", "by", "translation").filter(pk=pk).first()
    if found is None:
        raise NoSuchThread
    return found


def thread_answered(message_id: int, address_id: int) -> Thread:
    """The thread to which our message belongs, for the address it went to; NoSuchThread for any other."""
    found = Thread.objects.select_related("team").filter(messages=message_id, address_id=address_id).first()
    if found is None:
        raise NoSuchThread
    return found


# For one thread ------------------------------------------------------------------------------------------------------


def handovers(thread: Thread) -> list[Handover]:
    """From team to team, the first first."""
    return list(Handover.objects.filter(thread=thread).select_related("from_team", "to_team", "by"))


def addresses_of(thread: Thread) -> list[int]:
    """The ids of every address by which its resident can be reached."""
    member = thread.member
    points = [thread.address_id, *([member.email_id, member.mobile_id, member.landline_id] if member else [])]
    return sorted({point for point in points if point is not None})


def teams_to_hand_to(thread: Thread) -> QuerySet[Team]:
    """The other teams of the organisation that the resident wrote to."""
    return Team.objects.filter(organisation=thread.team.organisation_id).exclude(pk=thread.team_id)


def receivers(thread: Thread) -> QuerySet[Staff]:
    """Who may receive intelligence of the thread's team: by role, and with the team in their scope."""
    by_role = Staff.objects.filter(role__in=PERMISSIONS["intelligence.receive"], is_active=True)
    areas = {area.pk for area in thread.team.areas.all()}
    above = set(areas)
    for area in thread.team.areas.all():
        above |= {one.pk for one in places.ancestors(area)}
    return by_role.filter(Q(scope=None) | Q(scope__in=above) | Q(teams=thread.team_id)).distinct()


def to_receive(staff: Staff) -> QuerySet[PassedOn]:
    """Intelligence that waits for a receiver, the longest first; what the person marked themselves is others' to
    receive."""
    waiting = PassedOn.objects.filter(received_at=None, taken_back_at=None, thread__in=threads_of(staff).values("pk"))
    return waiting.select_related("thread__team", "asked_by", "receiver").order_by("asked_at")


def areas_of(staff: Staff) -> QuerySet[Area]:
    """The areas by which the person may narrow a list, by name."""
    ids = scope_area_ids(staff)
    found = places.current_areas().filter(kind__in=Area.ADMINISTRATIVE)
    return (found if ids is None else found.filter(pk__in=ids)).order_by("name", "code")


def tags_of(staff: Staff) -> QuerySet[Tag]:
    return Tag.objects.filter(team__in=teams_in_scope(staff).values("pk")).select_related("team")


def saved_answers(staff: Staff) -> QuerySet[SavedAnswer]:
    """Those of the teams that the person may answer for."""
    return SavedAnswer.objects.filter(team__in=teams_in_scope(staff).values("pk")).select_related("team")


def saved_answer(staff: Staff, pk: int) -> SavedAnswer:
    """NoSuchThread when it is another team's."""
    found = saved_answers(staff).filter(pk=pk).first()
    if found is None:
        raise NoSuchSavedAnswer
    return found


# For the resident ----------------------------------------------------------------------------------------------------


def threads_of_resident(address_id: int, member: Member | None) -> QuerySet[Thread]:
    """The conversations of whoever signed in with an address: those of the address that are no other member's, and
    those of the member."""
    mine = Q(address=address_id, member=None) | (Q(member=member) if member else Q(pk=None))
    return Thread.objects.filter(mine, emptied_at=None).select_related("team").order_by("-last_at", "-pk")


def thread_of_resident(address_id: int, member: Member | None, pk: int) -> Thread:
    found = threads_of_resident(address_id, member).select_related("team__desk").filter(pk=pk).first()
    if found is None:
        raise NoSuchThread
    return found


# What is set up ------------------------------------------------------------------------------------------------------


def triggers() -> QuerySet[Trigger]:
    return Trigger.objects.order_by("language", "words")


def trigger(pk: int) -> Trigger:
    found = Trigger.objects.filter(pk=pk).first()
    if found is None:
        raise NoSuchThread
    return found


def duty_contacts(team: Team | None) -> QuerySet[DutyContact]:
    """Of one team, or of the force, in order."""
    return DutyContact.objects.filter(team=team).select_related("address")


def teams_without_duty(staff: Staff) -> list[Team]:
    """The teams in the person's scope of which nobody is told outside their hours, by name."""
    if DutyContact.objects.filter(team=None).exists():
        return []
    return list(teams_in_scope(staff).exclude(pk__in=DutyContact.objects.values("team")).order_by("name"))


def duty_contact(staff: Staff, pk: int) -> DutyContact:
    """One of a team in scope; those of the force are for people of the whole force."""
    mine = Q(team__in=teams_in_scope(staff).values("pk"))
    if scope_area_ids(staff) is None:
        mine |= Q(team=None)
    found = DutyContact.objects.filter(mine, pk=pk).select_related("team").first()
    if found is None:
        raise NoSuchThread
    return found


@dataclass(frozen=True)
class Received:
    """That somebody wrote: which message, in which thread, to which team; `alert` is the ref it is about, if any. No
    words."""

    pk: int
    thread_id: int
    team_id: int
    team: str
    alert: str | None
    at: datetime


def received_since(moment: datetime) -> list[Received]:
    """What residents wrote since then, oldest first."""
    rows = Message.objects.filter(at__gte=moment).exclude(how__in=Message.OURS).order_by("at", "pk")
    found = rows.values_list("pk", "thread_id", "thread__team_id", "thread__team__slug", "thread__about", "at")
    return [
        Received(pk, thread, team_id, team, about.removeprefix("alert:") if about.startswith("alert:") else None, at)
        for pk, thread, team_id, team, about, at in found
    ]
