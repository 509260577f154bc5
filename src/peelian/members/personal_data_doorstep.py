"""What joining at the door keeps about people, and what the nightly job takes away."""

from datetime import datetime

from peelian.core.personal_data import EMPLOYER, PUBLIC_TASK, Declaration, Person, Rows, register
from peelian.members import doorstep
from peelian.members.models import Door, DoorstepKey, DoorstepSignUp, Street

NOBODY = {"member": None, "place": "", "street": None}


def forget_places_of_sign_ups(now: datetime) -> int:
    """Take from sign-ups at the door who it was and where exactly, once the member has been erased."""
    gone = DoorstepSignUp.objects.filter(
        member__email=None, member__mobile=None, member__landline=None, member__left_at__isnull=False
    )
    return gone.filter(member__isnull=False).update(**NOBODY)


def forget_person(person: Person) -> int:
    """The same when somebody is erased at their word."""
    return DoorstepSignUp.objects.filter(member_id=person.member_id).update(**NOBODY)


def sign_ups(person: Person) -> Rows:
    made = DoorstepSignUp.objects.filter(member_id=person.member_id).select_related("street", "hotspot")
    return [
        {
            "how we met": one.get_source_display(),
            "place": one.place,
            "street": str(one.street or ""),
            "hotspot of a trial": str(one.hotspot or ""),
            "you said yes at": one.agreed_at,
            "written down by": "an officer",
        }
        for one in made.order_by("agreed_at")
    ]


def forget_doors(now: datetime) -> int:
    """Empty notes about doors after 30 days; delete doors nobody knocked at for a year, and streets finished then."""
    notes = Door.objects.filter(note_at__lt=now - doorstep.NOTES_KEPT).update(note="", note_at=None)
    doors = Door.objects.filter(at__lt=now - doorstep.DOORS_KEPT).delete()[0]
    return int(notes + doors + Street.objects.filter(finished_at__lt=now - doorstep.STREETS_KEPT).delete()[0])


def delete_old_doorstep_keys(now: datetime) -> int:
    """Delete keys a day after they were made: what is still sealed with them opens no more."""
    return DoorstepKey.objects.filter(made_at__lt=now - doorstep.KEPT).delete()[0]


register.add(
    "members.DoorstepSignUp",
    Declaration(
        "Who signed a person up at the door, where, how they met, and in which hotspot of a trial",
        PUBLIC_TASK,
        "As long as the member; then how they met, the hotspot and the hour stay, and name nobody",
        "In the answer to a subject access request",
        "Member, place and street are taken out when the member is erased",
        forget_places_of_sign_ups,
        "When an officer signed you up",
        sign_ups,
        forget_person,
    ),
)
register.add(
    "members.Door",
    Declaration(
        "Not knocking again where nobody is in or somebody said no: a door's number and what came of it, and no name",
        PUBLIC_TASK,
        "A note 30 days; a door a year after somebody last knocked",
        "Not exported: it is kept by the number of a door, and names nobody",
        "Deleted; a note can be taken away at once",
        forget_doors,
    ),
)
register.add(
    "members.Street",
    Declaration(
        "Which streets a team visits, and which officer put them on the list",
        EMPLOYER,
        "While on the list, and a year after",
        "Not exported: it is about a street",
        "With the year; the officer is taken out with their account",
    ),
)
register.add(
    "members.DoorstepKey",
    Declaration(
        "Opening the sign-ups that waited on an officer's phone for a signal",
        EMPLOYER,
        "Until they sign out on that phone, at most a day",
        "Not exported: it is of no use",
        "Deleted",
        delete_old_doorstep_keys,
    ),
)
