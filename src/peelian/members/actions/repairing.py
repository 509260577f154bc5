"""An email address has died, and there is a mobile number: the member is asked once for a new address, and the account
mends itself. The address that died is noted, so that a list from elsewhere does not bring it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import transaction

from peelian.audit.actions import SYSTEM, record
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock, jobs, limits
from peelian.members import audience, tokens
from peelian.members.actions.actor import MemberActor, send
from peelian.members.actions.codes import GOOD_FOR, use_code
from peelian.members.errors import RepairRefused, SameAddress
from peelian.members.importing import replaced
from peelian.members.models import Code, FormerAddress, Member

CODES_A_LINK = 5  # an hour
# On a London clock: an email may bounce at any hour, and nobody is woken for it
TEXTS_FROM, TEXTS_UNTIL = time(9), time(20)


@transaction.atomic
def ask_for_new_email(*, address_ids: Iterable[int]) -> int:
    """Text everybody who lost their email by these addresses and has a mobile number that works, once a number; in the
    daytime. Returns how many. To be called once, when the addresses are suppressed."""
    lost = (
        Member.objects.filter(email_id__in=list(address_ids), mobile__suppression="", left_at=None, restricted_at=None)
        .exclude(confirmed_at=None)
        .order_by("email_id", "mobile_id", "pk")
        .distinct("email_id", "mobile_id")
    )
    at = daytime(clock.now())
    asked = 0
    for member_id, mobile_id in lost.values_list("pk", "mobile_id"):
        jobs.enqueue(
            "delivery.transactional",
            queue=jobs.TRANSACTIONAL,
            at=at,
            renderer="members.repair",
            object_id=member_id,
            address_id=mobile_id,
            member_id=member_id,
        )
        record("member.asked_for_email", "member", member_id, by=SYSTEM)
        asked += 1
    return asked


@transaction.atomic
def begin_repair(*, token: str, email: str) -> int:
    """The link in the text was followed and an address given: send a code there. Returns the number of the code.
    Raises RepairRefused, SameAddress, BadAddress and TooMany."""
    _, email_id = tokens.read_repair(token)
    if not _members(token):
        raise RepairRefused
    limits.limit(f"repair-{token}", most=CODES_A_LINK, window=timedelta(hours=1))
    address = contacts.address(Address.Kind.EMAIL, email)
    if address.pk == email_id:
        raise SameAddress
    code = Code.objects.create(address=address, expires_at=clock.now() + GOOD_FOR)
    send("members.code", code.pk, address_id=address.pk, member_id=None)
    return code.pk


def finish_repair(*, token: str, code_id: int, figures: str) -> int:
    """The code came back: the new address takes the place of the one that died, for everybody who shared both that and
    the mobile number. What they agreed to stays as it is. Returns how many members.

    Raises CodeRefused, NoMoreTries and RepairRefused."""
    _, email_id = tokens.read_repair(token)
    address = use_code(code_id=code_id, figures=figures)
    with transaction.atomic():
        members = _members(token)
        if not members:
            raise RepairRefused
        old = Address.objects.get(pk=email_id)
        Member.objects.filter(pk__in=members).update(email=address)
        former = [FormerAddress(member_id=pk, address=old, until=clock.now()) for pk in members]
        FormerAddress.objects.bulk_create(former, ignore_conflicts=True)
        replaced.note(member_ids=members, old=old.value, new=address.value)
        audience.refresh(members)
        for member_id in members:
            record("member.email_changed", "member", member_id, by=MemberActor(member_id, "by link"))
    return len(members)


def _members(token: str) -> list[int]:
    """Whose email it was; nobody once it has been changed. Locked until the end of the transaction."""
    mobile_id, email_id = tokens.read_repair(token)
    found = Member.objects.select_for_update().filter(mobile_id=mobile_id, email_id=email_id, left_at=None)
    return list(found.order_by("pk").values_list("pk", flat=True))


def daytime(now: datetime) -> datetime | None:
    """When a text may go; None: now."""
    local = now.astimezone(clock.LONDON)
    if TEXTS_FROM <= local.time() < TEXTS_UNTIL:
        return None
    day = local.date() if local.time() < TEXTS_FROM else local.date() + timedelta(days=1)
    return clock.london(day, TEXTS_FROM)
