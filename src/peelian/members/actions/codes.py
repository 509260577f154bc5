"""Signing in with six figures sent to a contact point, or the link beside them. Neither is stored: they follow from the
row and the key."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from peelian.contacts import actions as contacts
from peelian.contacts import queries as addresses
from peelian.contacts.models import Address
from peelian.core import clock, limits
from peelian.members import queries, tokens
from peelian.members.actions.actor import send
from peelian.members.errors import CodeRefused, NoMoreTries, SignInLinkRefused
from peelian.members.models import Code

GOOD_FOR = timedelta(minutes=10)
MOST_TRIES = 5
CODES_AN_HOUR = 5  # to one address


@transaction.atomic
def ask_for_code(*, contact: str) -> int:
    """Send a code to CONTACT, an email address or telephone number as typed, if it is a member's. Returns the number of
    the code, 0 when none was sent; the page says the same either way."""
    address = addresses.find(contact)
    members = queries.signing_in(address.pk) if address else []
    if address is None or not members:
        return 0
    return send_code(address=address)


@transaction.atomic
def send_code(*, address: Address) -> int:
    """Send a code to an address that another app knows to be somebody's, member or not. Returns its number, 0 when this
    address has had too many."""
    try:
        limits.limit(f"code-address-{address.pk}", most=CODES_AN_HOUR, window=timedelta(hours=1))
    except limits.TooMany:
        return 0
    code = Code.objects.create(address=address, expires_at=clock.now() + GOOD_FOR)
    send("members.sign_in", code.pk, address_id=address.pk, member_id=None)
    return code.pk


@transaction.atomic
def use_link(*, token: str) -> Address:
    """The address that a link beside a code was sent to, for the first time and in time: link and code are one, and
    whichever is used first ends both. Raises SignInLinkRefused."""
    live = Code.objects.filter(pk=tokens.read_sign_in(token), used_at=None, expires_at__gt=clock.now())
    if not live.update(used_at=clock.now()):
        raise SignInLinkRefused
    address = Code.objects.select_related("address").get(pk=tokens.read_sign_in(token)).address
    contacts.verify(address)
    return address


def use_code(*, code_id: int, figures: str) -> Address:
    """The address that a code was sent to, when FIGURES are its own, for the first time and in time. Every try
    counts, also one that fails. Raises CodeRefused or NoMoreTries."""
    live = Code.objects.filter(pk=code_id, used_at=None, tries__lt=MOST_TRIES, expires_at__gt=clock.now())
    if not live.update(tries=F("tries") + 1):
        raise NoMoreTries
    code = Code.objects.select_related("address").get(pk=code_id)
    typed = "".join(figures.split())
    if not constant_time_compare(typed, figures_of(code)):
        raise CodeRefused
    with transaction.atomic():
        if not Code.objects.filter(pk=code_id, used_at=None).update(used_at=clock.now()):
            raise NoMoreTries
        contacts.verify(code.address)
    return code.address


def figures_of(code: Code) -> str:
    """The six figures of a code."""
    row = f"{code.pk}-{code.address_id}-{code.expires_at.timestamp():.6f}"
    digest = salted_hmac("members.code", row, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"
