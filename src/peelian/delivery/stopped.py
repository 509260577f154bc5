"""The list of stopped addresses, for staff: who may see which, and stopping and freeing one by hand."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.contacts import actions as contacts
from peelian.contacts import queries as addresses
from peelian.contacts.models import Address
from peelian.core.errors import NotFound
from peelian.delivery.errors import NotOurs, StoppedAlready
from peelian.members.models import Member

KINDS: dict[int, str] = {Address.Kind.EMAIL: "Email", Address.Kind.MOBILE: "Text", Address.Kind.LANDLINE: "Phone call"}
REASONS: dict[str, str] = {
    Address.Suppression.BOUNCED: "Came back",
    Address.Suppression.COMPLAINED: "Reported as spam",
    Address.Suppression.STOPPED: "Asked us to stop",
    Address.Suppression.ADMINISTRATOR: "Stopped by staff",
}
# Why somebody stops or frees an address: a word for the trail, and what it says on the page
WHY_STOP = {
    "asked": "Its owner asked us to stop",
    "not-theirs": "It belongs to somebody else",
    "other": "Another reason, noted elsewhere",
}
WHY_FREE = {
    "asked": "Its owner asked for messages again",
    "works": "It works again",
    "mistake": "It was stopped by mistake",
}


@dataclass(frozen=True)
class Row:
    """How many addresses are stopped for a reason, by kind, in the order of KINDS."""

    label: str
    numbers: list[int]

    @property
    def total(self) -> int:
        return sum(self.numbers)


def stopped_for(staff: Staff) -> QuerySet[Address]:
    """The stopped addresses of residents in the person's areas; all of them for who sees the whole force."""
    return _in_scope(addresses.suppressed(), staff)


def address_for(staff: Staff, pk: int) -> Address:
    """A stopped address; NotFound for one that is not, or is out of the person's areas."""
    found = stopped_for(staff).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def known_to(staff: Staff, text: str) -> Address | None:
    """The address that was typed in full, where we have it and the person may know. Raises BadAddress."""
    kind, value = addresses.read(text)
    return _in_scope(Address.objects.filter(kind=kind, value=value), staff).first()


def counts_for(staff: Staff) -> list[Row]:
    rows = stopped_for(staff).order_by().values_list("kind", "suppression").annotate(n=Count("pk"))
    found = {(kind, reason): n for kind, reason, n in rows}
    return [Row(label, [found.get((kind, reason), 0) for kind in KINDS]) for reason, label in REASONS.items()]


@transaction.atomic
def stop(*, text: str, because: str, by: Staff) -> Address:
    """Send nothing more to an address, whether we know it already or not. Who has areas may stop those of residents
    there. Raises BadAddress, NotOurs and StoppedAlready."""
    found = known_to(by, text)
    if found is None:
        if accounts.scope_area_ids(by) is not None:
            raise NotOurs
        found = contacts.address(*addresses.read(text))
    why = Address.Suppression.STOPPED if because == "asked" else Address.Suppression.ADMINISTRATOR
    if not contacts.suppress(address_ids=[found.pk], why=why, by=by, because=because):
        raise StoppedAlready
    return found


def free(*, address: Address, because: str, by: Staff) -> None:
    """Let messages go to the address again."""
    contacts.lift(address_id=address.pk, by=by, because=because)


def _in_scope(rows: QuerySet[Address], staff: Staff) -> QuerySet[Address]:
    scope = accounts.scope_area_ids(staff)
    if scope is None:
        return rows
    theirs = Member.objects.filter(area_id__in=scope, left_at=None)
    points = ("email_id", "mobile_id", "landline_id")
    uses = [Q(Exists(theirs.filter(**{point: OuterRef("pk")}))) for point in points]
    return rows.filter(uses[0] | uses[1] | uses[2])
