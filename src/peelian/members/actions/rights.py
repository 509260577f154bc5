"""What administrators do when somebody uses a right over their data, and legal holds. Each is in the trail by numbers
alone; what was asked and done stands in the request."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from peelian.accounts.models import Staff
from peelian.audit.actions import Actor, record
from peelian.contacts import actions as contacts
from peelian.core import clock
from peelian.members import audience, erasing, queries
from peelian.members.actions.account import leave, move_house
from peelian.members.actions.contacting import POINTS, put_contact
from peelian.members.actions.copying import Copy, copy_data
from peelian.members.actions.helping import begin_to_help
from peelian.members.actions.settings import change_details, change_preferences
from peelian.members.errors import ExtendedAlready, IdentityNotChecked, OnHold, RequestClosed
from peelian.members.models import LegalHold, Member, RightsRequest

MONTHS, MONTHS_EXTENDED = 1, 3  # after a request came (UK GDPR Article 12(3))


@transaction.atomic
def open_request(
    *, kind: str, member: Member | None, asked_by: str, how: str, received_on: date, identity_check: str, by: Staff
) -> RightsRequest:
    """Keep what somebody asked. It is due a calendar month after it came; a due day on a weekend is not put off, which
    is stricter than the law. MEMBER is None where we hold nothing about them."""
    made = RightsRequest.objects.create(
        kind=kind, member=member, asked_by=asked_by, how=how, received_on=received_on, identity_check=identity_check,
        due_on=clock.months_after(received_on, MONTHS), opened_by=by,
    )  # fmt: skip
    record("rights.opened", "rights_request", made.pk, by=by, right=kind, member=member.pk if member else None)
    return made


@transaction.atomic
def note_identity(*, request: RightsRequest, identity_check: str, by: Staff) -> None:
    """Write down how we know that it is them."""
    found = _open(request)
    found.identity_check = identity_check
    found.save(update_fields=["identity_check"])
    record("rights.identity_checked", "rights_request", found.pk, by=by)


@transaction.atomic
def extend(*, request: RightsRequest, because: str, by: Staff) -> None:
    """Two months more, once, for a reason that the person is told. Raises ExtendedAlready."""
    found = _open(request)
    if found.extended_on is not None:
        raise ExtendedAlready
    found.due_on = clock.months_after(found.received_on, MONTHS_EXTENDED)
    found.extended_on, found.extended_because = clock.today(), because
    found.save(update_fields=["due_on", "extended_on", "extended_because"])
    record("rights.extended", "rights_request", found.pk, by=by, due=found.due_on)


@transaction.atomic
def close_request(*, request: RightsRequest, outcome: str, note: str, by: Staff) -> None:
    found = _open(request)
    found.outcome, found.outcome_note, found.closed_at, found.closed_by = outcome, note, clock.now(), by
    found.save(update_fields=["outcome", "outcome_note", "closed_at", "closed_by"])
    record("rights.closed", "rights_request", found.pk, by=by, outcome=outcome)


@transaction.atomic
def copy_for(*, request: RightsRequest, by: Staff) -> Copy:
    """The copy of a member's data, to be handed to them."""
    member = _checked(_open(request))
    record("rights.copied", "rights_request", request.pk, by=by)
    return copy_data(member=member, by=by)


@transaction.atomic
def correct(*, request: RightsRequest, changes: dict[str, Any], by: Staff) -> list[str]:
    """Put a member's details right: first_name, last_name, language, postcode, email, mobile, landline; what CHANGES
    does not name stays. Returns the names of what was changed. Raises UnknownPostcode and BadAddress."""
    member = _checked(_open(request))
    names = {name: changes.get(name, getattr(member, name)) for name in ("first_name", "last_name")}
    if {"first_name", "last_name"} & changes.keys():
        change_details(member=member, by=by, **names)
    if "language" in changes:
        change_preferences(member=member, by=by, language=changes["language"])
    if "postcode" in changes:
        move_house(member=member, by=by, where=queries.position(changes["postcode"]))
    for name, kind in POINTS.items():
        if name in changes:
            member = Member.objects.select_related("email", "mobile", "landline").get(pk=member.pk)
            put_contact(member=member, kind=kind, address=contacts.address(kind, changes[name]), by=by)
    record("rights.corrected", "rights_request", request.pk, by=by, changed=sorted(changes))
    return sorted(changes)


@transaction.atomic
def erase_now(*, request: RightsRequest, by: Staff) -> int:
    """Erase the member at once and not after thirty days, and close the request as done. Returns how many rows went
    besides their own. Raises OnHold."""
    member = _checked(_open(request))
    member = Member.objects.select_for_update().get(pk=member.pk)
    if member.legal_hold:
        raise OnHold
    leave(member=member, by=by)
    removed = erasing.erase(member)
    record("rights.erased", "member", member.pk, by=by, request=request.pk, rows=removed)
    close_request(request=request, outcome=RightsRequest.Outcome.DONE, note="", by=by)
    return removed


@transaction.atomic
def restrict(*, request: RightsRequest, by: Staff) -> None:
    """Keep the member's data and use it for nothing: no audience finds them, nothing is sent, no import changes it."""
    member = _checked(_open(request))
    if Member.objects.filter(pk=member.pk, restricted_at=None).update(restricted_at=clock.now()):
        audience.refresh([member.pk])
        audience.stopped([member.pk])
        record("rights.restricted", "member", member.pk, by=by, request=request.pk)


@transaction.atomic
def unrestrict(*, request: RightsRequest, told_on: date, by: Staff) -> None:
    """Use the member's data again, also after the request was closed. They were told on that day: before it ends, as UK
    GDPR Article 18(3) has it."""
    if request.member is not None:
        _use_again(request.member, by, request=request.pk, told=told_on)


@transaction.atomic
def use_again(*, member: Member, by: Actor) -> None:
    """The member lets us use their data again: with their consent we may (UK GDPR Article 18(2))."""
    _use_again(member, by)


def _use_again(member: Member, by: Actor, **noted: Any) -> None:
    if not Member.objects.filter(pk=member.pk).exclude(restricted_at=None).update(restricted_at=None):
        return
    member.restricted_at = None
    begin_to_help(member, by=by)
    audience.refresh([member.pk])
    record("rights.unrestricted", "member", member.pk, by=by, **noted)


def _open(request: RightsRequest) -> RightsRequest:
    found = RightsRequest.objects.select_for_update().get(pk=request.pk)
    if found.closed_at is not None:
        raise RequestClosed
    return found


def _checked(request: RightsRequest) -> Member:
    if not request.identity_check:
        raise IdentityNotChecked
    return queries.account(request.member_id or 0)


# Legal holds ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_hold(*, member: Member, reason: str, review_on: date, by: Staff) -> LegalHold:
    """From now on nothing of the member's is erased, whoever asks and whatever the night job finds."""
    hold = LegalHold.objects.create(
        member=member, reason=reason, begun_on=clock.today(), review_on=review_on, begun_by=by
    )
    Member.objects.filter(pk=member.pk).update(legal_hold=True)
    record("legal_hold.begun", "legal_hold", hold.pk, by=by, member=member.pk, review=review_on)
    return hold


@transaction.atomic
def review_hold(*, hold: LegalHold, review_on: date, by: Staff) -> None:
    """It stands, and is looked at again then."""
    if LegalHold.objects.filter(pk=hold.pk, ended_on=None).update(review_on=review_on):
        record("legal_hold.reviewed", "legal_hold", hold.pk, by=by, review=review_on)


@transaction.atomic
def end_hold(*, hold: LegalHold, by: Staff) -> None:
    """What should have been erased meanwhile goes the next night, unless another hold stands."""
    if not LegalHold.objects.filter(pk=hold.pk, ended_on=None).update(ended_on=clock.today(), ended_by=by):
        return
    standing = LegalHold.objects.filter(member=hold.member_id, ended_on=None).exists()
    Member.objects.filter(pk=hold.member_id).update(legal_hold=standing)
    record("legal_hold.ended", "legal_hold", hold.pk, by=by, member=hold.member_id)


def note_look(*, by: Staff, because: str, found: int, member_ids: list[int]) -> None:
    """Somebody was looked for by an address or number of theirs. The trail says by whom, why and whom it found."""
    record("member.looked_for", "member", member_ids[0] if found == 1 else "", by=by, because=because, found=found)


def note_opened(*, request: RightsRequest, by: Staff) -> None:
    """The page of a request was opened, which shows whose it is."""
    record("rights.read", "rights_request", request.pk, by=by, member=request.member_id)
