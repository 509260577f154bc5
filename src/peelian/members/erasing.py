"""What becomes of somebody whose data has to go: everything that any app declares about them, and the member's own row
but for a tombstone of ward, joined and left. That the number they had in a list is not imported again is kept apart
from it (members.importing.erased)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from peelian.core import personal_data
from peelian.members import queries, sources
from peelian.members.importing import erased
from peelian.members.models import EVERY_TOPIC, KeyIndividual, Member
from peelian.members.placing import refresh

_GOES = (
    "place", "topicchannel", "groupmembership", "equalityanswers", "consent", "replacedemail", "pace", "channelhours",
    "groupinvitation", "holiday", "pasthome", "formeraddress", "newcontact", "helper",
)  # fmt: skip


@transaction.atomic
def erase(member: Member) -> int:
    """Delete or empty everything about a member who has left, in every app. Returns how many rows beside their
    own."""
    sources.note_erased([member.pk])  # before anything of theirs goes
    removed = personal_data.remove(queries.person(member))
    _empty([member.pk])
    return removed


@transaction.atomic
def empty(ids: Sequence[int]) -> None:
    """The members' own tables, of many at once, whose joining stays in the numbers."""
    sources.note_erased(ids)
    _empty(ids)


def _empty(ids: Sequence[int]) -> None:
    erased.note(Member.objects.filter(pk__in=ids).values_list("external_id", flat=True))
    KeyIndividual.objects.filter(member__in=ids).delete()  # with when we spoke
    with connection.cursor() as cursor:
        for table in _GOES:
            cursor.execute(f"DELETE FROM members_{table} WHERE member_id = ANY(%s)", [list(ids)])
    Member.objects.filter(pk__in=ids).update(
        external_id=None, answers_taken_back=False,
        first_name="", last_name="", email=None, mobile=None, landline=None, street_address="", postcode="",
        longitude=None, latitude=None, cell=None, language="en", interests=EVERY_TOPIC, channels=0, organisations=0,
        promotion=False, young=False, source="", confirmed_at=None, confirm_asked_at=None, chosen_at=None,
        restricted_at=None, campaign=None,
    )  # fmt: skip
    refresh(ids)
