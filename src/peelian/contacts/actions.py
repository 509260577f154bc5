"""Writes of addresses: found or made, verified, suppressed."""

from collections.abc import Iterable

from django.db import connection, transaction

from peelian.audit.actions import Actor, record
from peelian.contacts import hooks, normalise
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.database import prepared

_NORMAL = {
    Address.Kind.EMAIL: normalise.email,
    Address.Kind.MOBILE: normalise.mobile,
    Address.Kind.LANDLINE: normalise.landline,
}


# Nothing where it is there, or is being made by somebody else at this moment, for whom this waits
_COLUMNS = ["id", "kind", "value", "verified_at", "suppression", "suppressed_at"]
_NEW = f"""
INSERT INTO contacts_address (kind, value, suppression) VALUES (%s, %s, '') ON CONFLICT (kind, value) DO NOTHING
RETURNING {", ".join(_COLUMNS)}
"""


def address(kind: Address.Kind, value: str) -> Address:
    """The one row of this address, made if it is new. Raises BadAddress with a sentence."""
    return found_or_made(kind, value)[0]


def found_or_made(kind: Address.Kind, value: str) -> tuple[Address, bool]:
    """The same, and whether it is new: then nobody uses it, and until the transaction ends nobody else sees it. Raises
    BadAddress with a sentence."""
    normal = _NORMAL[Address.Kind(kind)](value)
    with prepared() as cursor:
        cursor.execute(_NEW, [int(kind), normal])
        made = cursor.fetchone()
    if made is None:
        return Address.objects.get(kind=kind, value=normal), False
    return Address.from_db(connection.alias, _COLUMNS, made), True


def verify(address: Address) -> None:
    """Somebody has shown that messages to this address reach them."""
    if address.verified_at is None:
        address.verified_at = clock.now()
        address.save(update_fields=["verified_at"])


@transaction.atomic
def suppress(*, address_ids: Iterable[int], why: Address.Suppression, by: Actor, because: str = "") -> int:
    """Send nothing more to these addresses, whoever uses them; those suppressed already keep their reason.

    BECAUSE is a word for the trail where a person decided it. Returns how many were changed.
    """
    if not why:
        raise ValueError("A suppression needs a reason; lift() ends one.")
    free = Address.objects.select_for_update().filter(pk__in=list(address_ids), suppression="").order_by("pk")
    ids = list(free.values_list("pk", flat=True))
    if ids:
        Address.objects.filter(pk__in=ids).update(suppression=why, suppressed_at=clock.now())
        _tell(ids)
        one = ids[0] if len(ids) == 1 else ""
        said = {"because": because} if because else {}
        record("address.suppressed", "address", one, by=by, why=str(why), addresses=ids[:1000], count=len(ids), **said)
    return len(ids)


@transaction.atomic
def lift(*, address_id: int, by: Actor, because: str = "") -> bool:
    """Let messages go to this address again; BECAUSE as above. Returns whether it was suppressed."""
    changed = Address.objects.filter(pk=address_id).exclude(suppression="")
    was = changed.values_list("suppression", flat=True).first()
    if was is None or not changed.update(suppression="", suppressed_at=None):
        return False
    _tell([address_id])
    said = {"because": because} if because else {}
    record("address.suppression_lifted", "address", address_id, by=by, why=was, **said)
    return True


def _tell(address_ids: list[int]) -> None:
    for hook in hooks.suppression_changed.values():
        hook(address_ids)
