"""A resident says stop to a number of ours: by a text of one word, by a key during a call, or to the carrier itself."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from peelian.audit.actions import SYSTEM
from peelian.contacts import actions as contacts
from peelian.contacts import normalise
from peelian.contacts.errors import BadAddress
from peelian.contacts.models import Address

# What Twilio itself listens for by default, so that what it does and what we do is the same (its page "Support for
# opt-out keywords (SMS STOP filtering)"), and REMOVE, which people write too
STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REMOVE"}
START = {"START", "UNSTOP"}
PHONES = (Address.Kind.MOBILE, Address.Kind.LANDLINE)


def heard(number: str, words: str) -> str:
    """Do what a text from NUMBER asks for, if it is one of these words alone: returns "stop", "start" or nothing."""
    said = words.strip().strip(".!\"'").upper()
    if said in STOP:
        stop(_of(number))
        return "stop"
    if said in START:
        start(_of(number))
        return "start"
    return ""


def stop(address_ids: Iterable[int]) -> int:
    """Send nothing more there; returns how many were not suppressed before."""
    return contacts.suppress(address_ids=list(address_ids), why=Address.Suppression.STOPPED, by=SYSTEM)


@transaction.atomic
def start(address_ids: Iterable[int]) -> int:
    """Let messages go there again where a stop was all that kept them; returns of how many that was true."""
    stopped = Address.objects.select_for_update().filter(
        pk__in=list(address_ids), suppression=Address.Suppression.STOPPED
    )
    return sum(contacts.lift(address_id=address_id, by=SYSTEM) for address_id in stopped.values_list("pk", flat=True))


def _of(number: str) -> list[int]:
    """The ids of the rows of a number in whatever form: "+44…", "44…" or "07…". Letters, as senders have: none."""
    digits = "".join(number.split())
    international = f"+{digits}" if digits.isdigit() and not digits.startswith("0") else digits
    for read in (normalise.mobile, normalise.landline):
        try:
            value = read(international)
        except BadAddress:
            continue
        return list(Address.objects.filter(kind__in=PHONES, value=value).values_list("pk", flat=True))
    return []
