"""Places at an event: asked for, confirmed, given in turn, given back, reminded of. A place is given while the event's
row is held, so that two who ask at once do not both get the last."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from peelian.audit.actions import SYSTEM, Actor, record
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock, limits
from peelian.events import errors
from peelian.events.actions import telling
from peelian.events.models import Event, SignUp, Telling
from peelian.events.queries import coming
from peelian.members.models import Member, Pace

State = SignUp.State
MESSAGES_A_DAY = 3  # to one address, however often somebody types it
FROM_A_NETWORK, AN_HOUR = 20, timedelta(hours=1)
REMIND_FROM, REMIND_UNTIL = time(9), time(20)  # on a London clock


@transaction.atomic
def ask(
    *, event: Event, email: str, network: str, name: str = "", needs: str = "", people: int = 1,
    wants_back: bool = False, language: str = "en",
) -> None:  # fmt: skip
    """Somebody wrote an address on the page: one link goes there, and nothing is booked before it is used. What happens
    here looks the same for every address. Raises BadAddress, NoSignUp, SignUpClosed, MoreThanPlaces and TooMany."""
    _must_be_open(event)
    _must_fit(event, people)
    limits.limit(f"events-network-{network}", most=FROM_A_NETWORK, window=AN_HOUR)
    address = contacts.address(Address.Kind.EMAIL, email)
    given = {"name": name, "needs": needs, "people": people, "wants_back": wants_back, "language": language}
    row, is_new = SignUp.objects.select_for_update().get_or_create(
        event=event, address=address, member=None, defaults={**given, "asked_at": clock.now()}
    )
    if not is_new and row.state in (State.ASKED, State.CANCELLED):  # else somebody else could change what they said
        SignUp.objects.filter(pk=row.pk).update(**given, state=State.ASKED, asked_at=clock.now())
    if limits.count(_key(address), window=timedelta(days=1)) <= MESSAGES_A_DAY:
        telling.send(telling.SIGN_UP, row, address.pk)
    record("event.asked_for_place", "event", event.ref, by=SYSTEM, sign_up=row.pk)


def _key(address: Address) -> str:
    return f"events-{salted_hmac('events.asking', address.value, algorithm='sha256').hexdigest()[:24]}"


@transaction.atomic
def book_member(
    *, event: Event, member: Member, address_id: int, by: Actor, name: str = "", needs: str = "", people: int = 1,
    wants_back: bool = False,
) -> SignUp:  # fmt: skip
    """A member who is signed in comes. Raises NoSignUp, SignUpClosed and MoreThanPlaces."""
    held = _held(event)
    row = coming.sign_up_of(held, member) or SignUp(event=held, member=member, asked_at=clock.now())
    if row.state not in (State.BOOKED, State.WAITING):
        _must_fit(held, people)
        row.address_id, row.name, row.needs, row.people = address_id, name, needs, people
        row.wants_back, row.language = wants_back, member.language
        row.save()
        _place(row, held, by)
    return row


@transaction.atomic
def confirm(*, token: str) -> SignUp:
    """The button behind the link was pressed. Raises LinkRefused, SignUpClosed, and MoreThanPlaces where there were
    more places when they asked."""
    row = coming.behind(token)
    if row.state != State.ASKED:
        return row
    held = _held(row.event)
    row = coming.behind(token)  # pressed twice, the first has given a place meanwhile
    if row.state == State.ASKED:
        _must_fit(held, row.people)
        contacts.verify(row.address)
        _place(row, held, SYSTEM)
    return row


def _held(event: Event) -> Event:
    """The event as it is now, which nobody else gives places of or changes until we are through. Raises NoSignUp,
    SignUpClosed."""
    held = Event.objects.select_for_update().get(pk=event.pk)
    _must_be_open(held)
    return held


def _place(row: SignUp, event: Event, by: Actor) -> None:
    """A place, or the end of the waiting list. EVENT is held."""
    taken = coming.taken(event)
    fits = taken.in_turn == 0 and (taken.left is None or row.people <= taken.left)
    row.state = State.BOOKED if fits else State.WAITING
    row.placed_at, row.cancelled_at = clock.now(), None
    row.save()
    telling.send(telling.SIGN_UP, row, row.address_id)
    record("event.place_given" if fits else "event.put_on_list", "event", event.ref, by=by, sign_up=row.pk)


def _must_be_open(event: Event) -> None:
    if not event.takes_sign_ups:
        raise errors.NoSignUp
    if event.state != Event.State.PUBLISHED or event.has_begun:
        raise errors.SignUpClosed


def _must_fit(event: Event, people: int) -> None:
    """Whoever could never get a place would wait for nothing, and everybody after them too."""
    if event.capacity is not None and people > event.capacity:
        raise errors.MoreThanPlaces


@transaction.atomic
def cancel_place(*, row: SignUp, by: Actor) -> None:
    """They do not come; whoever is next on the list gets the place and is told."""
    event = Event.objects.select_for_update().get(pk=row.event_id)
    open_ = SignUp.objects.filter(pk=row.pk).exclude(state=State.CANCELLED)
    if open_.update(state=State.CANCELLED, cancelled_at=clock.now()):
        record("event.place_cancelled", "event", event.ref, by=by, sign_up=row.pk)
        move_up(event)


def move_up(event: Event) -> int:
    """Give what places there are to those who wait, strictly in turn: nobody overtakes a larger party, unless it is
    larger than all places since there are fewer. In the caller's transaction. Returns how many sign-ups moved."""
    if event.state != Event.State.PUBLISHED or event.has_begun:
        return 0
    moved, left = 0, coming.taken(event).left
    waiting = event.sign_ups.filter(state=State.WAITING).select_related("address", "member")
    if event.capacity is not None:
        waiting = waiting.filter(people__lte=event.capacity)
    for row in waiting.order_by("placed_at", "pk").select_for_update(of=("self",)):
        if left is not None and row.people > left:
            break
        left = None if left is None else left - row.people
        row.state, row.moved_up_at = State.BOOKED, clock.now()
        row.save(update_fields=["state", "moved_up_at"])
        if address := coming.reached_at(row):
            telling.send(telling.SIGN_UP, row, address.pk)
        record("event.moved_up", "event", event.ref, by=SYSTEM, sign_up=row.pk)
        moved += 1
    return moved


def remind(now: datetime | None = None) -> int:
    """Remind those who have a place tomorrow, in the daytime and outside of their own quiet hours; whoever is asleep
    now is asked again in an hour. Safe to run twice; returns how many."""
    moment = now or clock.now()
    at = moment.astimezone(clock.LONDON).time()
    if not REMIND_FROM <= at < REMIND_UNTIL:
        return 0
    awake = [row for row in coming.to_remind(moment) if not _is_quiet(row.member, at)]
    awake.sort(key=lambda row: row.event_id)
    return sum(_remind(list(rows), moment) for _, rows in groupby(awake, key=lambda row: row.event_id))


@transaction.atomic
def _remind(rows: list[SignUp], now: datetime) -> int:
    """Those of one event, in one send."""
    still = SignUp.objects.filter(pk__in=[row.pk for row in rows], reminded_at=None, state=State.BOOKED)
    mine = set(still.select_for_update().values_list("pk", flat=True))
    SignUp.objects.filter(pk__in=mine).update(reminded_at=now)
    return telling.tell(rows[0].event, Telling.What.REMINDER, [row for row in rows if row.pk in mine])


def _is_quiet(member: Member | None, at: time) -> bool:
    """Their own hours, else the installation's."""
    pace: Pace | None = getattr(member, "pace", None) if member else None
    if pace is not None and pace.quiet_from is not None and pace.quiet_until is not None:
        return clock.within(at, pace.quiet_from, pace.quiet_until)
    usual = settings.PEELIAN_QUIET_HOURS
    return usual is not None and clock.within(at, *usual)
