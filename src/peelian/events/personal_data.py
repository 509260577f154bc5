"""What this app declares in the register of personal data (core.personal_data)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from peelian.core.personal_data import EMPLOYER, PUBLIC_TASK, Declaration, Person, Rows, register
from peelian.events.models import Attendee, SignUp, StreetContact
from peelian.members.queries import addresses_on_hold

NEEDS_KEPT = timedelta(days=30)  # after the event
NAMES_KEPT = timedelta(days=365)
UNCONFIRMED_KEPT = timedelta(days=30)
STAFF_KEPT = timedelta(days=2 * 365)
COPY = "In the answer to a subject access request"


def forget_sign_ups(now: datetime) -> int:
    """Empty what people need 30 days after the event; delete sign-ups nobody confirmed after 30 days, and all a year
    after the event."""
    free = SignUp.objects.exclude(member__legal_hold=True).exclude(address__in=addresses_on_hold())
    over = free.filter(event__ends_at__lt=now - NEEDS_KEPT).exclude(needs="")
    emptied = over.update(needs="")
    stale = Q(state=SignUp.State.ASKED, asked_at__lt=now - UNCONFIRMED_KEPT) | Q(event__ends_at__lt=now - NAMES_KEPT)
    return emptied + free.filter(stale).delete()[0]


def forget_attendees(now: datetime) -> int:
    """Delete names a year after the event."""
    old = Attendee.objects.filter(event__ends_at__lt=now - NAMES_KEPT)
    return old.exclude(address__in=addresses_on_hold()).delete()[0]


def forget_who_talked(now: datetime) -> int:
    """After two years a talk in the street is the team's alone, and of the place only the area is kept."""
    old = StreetContact.objects.filter(at__lt=now - STAFF_KEPT, staff__isnull=False)
    return old.update(staff=None, longitude=None, latitude=None)


def sign_ups_of(person: Person) -> QuerySet[SignUp]:
    """A member's own, and those by an address that nobody else uses."""
    return SignUp.objects.filter(Q(member=person.member_id) | Q(member=None, address__in=person.alone_ids))


def sign_up_rows(person: Person) -> Rows:
    return [
        {
            "event": row.event.title,
            "on": row.event.starts_at,
            "state": row.get_state_display(),
            "name": row.name,
            "what you need": row.needs,
            "people": row.people,
            "hears what came of it": row.wants_back,
            "signed up": row.asked_at,
        }
        for row in sign_ups_of(person).select_related("event").order_by("pk")
    ]


def attendee_rows(person: Person) -> Rows:
    return [
        {"event": row.event.title, "on": row.event.starts_at, "name": row.name, "agreed to": row.wording, "at": row.at}
        for row in attendees_of(person).select_related("event").order_by("pk")
    ]


def attendees_of(person: Person) -> QuerySet[Attendee]:
    return Attendee.objects.filter(address__in=person.alone_ids)


def remove_sign_ups(person: Person) -> int:
    return sign_ups_of(person).delete()[0]


def remove_attendees(person: Person) -> int:
    return attendees_of(person).delete()[0]


register.add(
    "events.SignUp",
    Declaration(
        "Keeping a place for somebody at an event, and telling them when it changes",
        PUBLIC_TASK,
        "A year after the event; what they need to take part 30 days; 30 days where it was never confirmed",
        COPY,
        "Deleted",
        forget_sign_ups,
        called="Events you signed up for",
        rows=sign_up_rows,
        remove=remove_sign_ups,
    ),
)
register.add(
    "events.Attendee",
    Declaration(
        "Knowing who took part in an event, by name where they said yes",
        "Consent (Article 6(1)(a)), with the words that were read out",
        "A year after the event",
        COPY,
        "Deleted",
        forget_attendees,
        called="Events where you gave your name",
        rows=attendee_rows,
        remove=remove_attendees,
    ),
)
register.add(
    "events.Event",
    Declaration(
        "Who planned an event",
        EMPLOYER,
        "As long as the event",
        "Not exported: it is about the event, and names staff only as their work",
        "The name goes with the account",
    ),
)
register.add(
    "events.Action",
    Declaration(
        "Who said they would do something after an event",
        EMPLOYER,
        "As long as the event",
        "Not exported: it is about the event, and names staff only as their work",
        "The name goes with the account",
    ),
)
register.add(
    "events.StreetContact",
    Declaration(
        "What residents say to officers in the street, and how often officers talk with them",
        EMPLOYER,
        "Who logged it and the exact place two years, the rest as long as the force keeps its reports",
        "Not exported: nobody who was talked to is in it, and staff only as their work",
        "The name goes with the account",
        forget_who_talked,
    ),
)
register.add(
    "events.Profile",
    Declaration(
        "Who is responsible for a neighbourhood's profile and plan",
        EMPLOYER,
        "As long as the profile",
        "Not exported: it is about a place, and names staff only as their work",
        "The name goes with the account",
    ),
)
register.add(
    "events.ProfileVersion",
    Declaration(
        "Who refreshed a neighbourhood's profile and plan, and when",
        EMPLOYER,
        "As long as the profile",
        "Not exported: it is about a place, and names staff only as their work",
        "The name goes with the account",
    ),
)
register.add(
    "events.CafeNote",
    Declaration(
        "What was said at a table, in words of no name, and who typed it from paper",
        EMPLOYER,
        "As long as the event",
        "Not exported: nobody who said it is in it, and staff only as their work",
        "The name goes with the account",
    ),
)
