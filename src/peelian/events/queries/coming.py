"""Reads of who comes: places taken and left, one's own sign-up, the list for the team, whom to remind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet, Sum

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.errors import NotFound
from peelian.delivery import queries as deliveries
from peelian.delivery.errors import BadToken
from peelian.events import tokens
from peelian.events.errors import LinkRefused
from peelian.events.models import Event, SignUp
from peelian.members.models import EMAIL, TEXT, VOICE, Member

BOOKED, WAITING = SignUp.State.BOOKED, SignUp.State.WAITING


@dataclass(frozen=True)
class Taken:
    """How many people have a place, how many wait for one, and how many more there is room for (None: no limit).
    `in_turn` are those waiting before whom nobody gets a place: not a party that is larger than all places together,
    which waits since there were more of them."""

    booked: int
    waiting: int
    in_turn: int
    capacity: int | None

    @property
    def left(self) -> int | None:
        return None if self.capacity is None else max(0, self.capacity - self.booked)

    @property
    def is_full(self) -> bool:
        """Whether the next who asks waits: also where somebody waits for more places than are left."""
        return self.left == 0 or self.in_turn > 0


def taken(event: Event) -> Taken:
    waiting = Q(state=WAITING)
    sums = event.sign_ups.aggregate(
        booked=Sum("people", filter=Q(state=BOOKED)),
        waiting=Sum("people", filter=waiting),
        in_turn=Sum("people", filter=waiting if event.capacity is None else waiting & Q(people__lte=event.capacity)),
    )
    return Taken(sums["booked"] or 0, sums["waiting"] or 0, sums["in_turn"] or 0, event.capacity)


def coming(event: Event) -> QuerySet[SignUp]:
    """Everybody with a place or on the waiting list, in turn."""
    found = event.sign_ups.filter(state__in=(BOOKED, WAITING)).select_related("member", "address")
    return found.order_by("state", "placed_at", "pk")


# What reached_at looks at
REACHED = ("member__email", "member__mobile", "member__landline", "address")


def told_of_changes(event: Event) -> QuerySet[SignUp]:
    return event.sign_ups.filter(state__in=(BOOKED, WAITING)).select_related(*REACHED).order_by("pk")


def to_tell_back(event: Event) -> QuerySet[SignUp]:
    """Those who had a place and asked to hear what came of it."""
    return event.sign_ups.filter(state=BOOKED, wants_back=True).select_related(*REACHED).order_by("pk")


def sign_up(pk: int, address_id: int) -> SignUp:
    """Behind a link. LinkRefused when it is gone."""
    found = (
        SignUp.objects.select_related("event__area", "event__team", "address", "member")
        .filter(pk=pk, address=address_id)
        .first()
    )
    if found is None:
        raise LinkRefused
    return found


def behind(token: str) -> SignUp:
    """Whose place a link is about: their own link, or that of a message that went to all who signed up (a household’s
    shared address gets one copy, and its link is about the one it names). LinkRefused when it is gone or altered."""
    if "." in token:
        return sign_up(*tokens.read(token))
    try:
        whose = deliveries.recipient(token)
    except (BadToken, NotFound):
        raise LinkRefused from None
    rows = SignUp.objects.filter(event__tellings__send=whose.send_id, member=whose.member_id)
    rows = rows if whose.member_id else rows.filter(address=whose.address_id)
    found = rows.values_list("pk", "address_id").first()
    if found is None:
        raise LinkRefused
    return sign_up(*found)


def sign_up_of(event: Event, member: Member) -> SignUp | None:
    return SignUp.objects.filter(event=event, member=member).select_related("address").first()


def of_member(member_id: int) -> QuerySet[SignUp]:
    """What a member has signed up for that is not over, the next first."""
    found = SignUp.objects.filter(member=member_id, state__in=(BOOKED, WAITING), event__ends_at__gt=clock.now())
    return found.select_related("event__area", "event__team").order_by("event__starts_at", "pk")


def turn(row: SignUp) -> int:
    """How many people are before somebody on the waiting list."""
    before = SignUp.objects.filter(event=row.event_id, state=WAITING)
    before = before.filter(Q(placed_at__lt=row.placed_at) | Q(placed_at=row.placed_at, pk__lt=row.pk))
    return before.aggregate(n=Sum("people"))["n"] or 0


def to_remind(now: datetime) -> QuerySet[SignUp]:
    """Those with a place at an event of tomorrow, who signed up before today and were not reminded."""
    today = now.astimezone(clock.LONDON).date()
    midnight = datetime.min.time()
    begins, ends = (clock.london(today + timedelta(days=n), midnight) for n in (1, 2))
    found = SignUp.objects.filter(
        state=BOOKED, reminded_at=None, event__state=Event.State.PUBLISHED, placed_at__lt=clock.london(today, midnight),
        event__starts_at__gte=begins, event__starts_at__lt=ends,
    )  # fmt: skip
    return found.select_related("event", "member__pace", *REACHED)


def reached_at(row: SignUp) -> Address | None:
    """Where a message about the event goes: for a member the first channel they chose whose address works, else where
    they signed up; None where nothing may go."""
    member = row.member
    if member is None:
        return row.address if not row.address.suppression else None
    if member.left_at or member.restricted_at:
        return None
    for address in [*_chosen(member), row.address]:
        if not address.suppression:
            return address
    return None


def _chosen(member: Member) -> Iterator[Address]:
    for bit, address in ((EMAIL, member.email), (TEXT, member.mobile), (VOICE, member.landline)):
        if address is not None and (member.channels == 0 or member.channels & bit):
            yield address


def languages_read(addresses: Sequence[Address]) -> dict[int, str]:
    """By address the language its reader asked for: as a member, else when they last signed up for an event."""
    found = dict(SignUp.objects.filter(address__in=addresses).order_by("pk").values_list("address_id", "language"))
    members = Member.objects.filter(email__in=addresses, left_at=None).order_by("-pk")
    return {**found, **{pk: said for pk, said in members.values_list("email_id", "language") if pk is not None}}


def language_of(row: SignUp) -> str:
    return row.member.language if row.member else row.language
