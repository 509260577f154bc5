"""Whether an address may be asked whether it is somebody's: once, until it answers. Whoever types the address of
somebody else can have one message sent there and no more."""

from __future__ import annotations

from datetime import timedelta

from django.utils.crypto import salted_hmac

from peelian.contacts.models import Address
from peelian.core import limits

ONCE_IN = timedelta(days=30)  # as long as the link in it works; what was given is deleted by then
REMINDED_A_DAY = 3  # messages to an address that has answered before: "you have joined already"


def _key(address: Address) -> str:
    """A name that does not tell the address, and that stays the same when its row is made anew."""
    return f"asked-{salted_hmac('members.asking', address.value, algorithm='sha256').hexdigest()[:24]}"


def may_ask(address: Address) -> bool:
    """Whether the address was not asked yet, or has answered; from now on it counts as asked. The caller holds the
    address's row."""
    key = _key(address)
    if limits.is_remembered(key):
        return False
    limits.remember(key, lasts=ONCE_IN)
    return True


def answered(address: Address) -> None:
    limits.forget(_key(address))


def may_remind(address: Address) -> bool:
    """Whether an address that has answered may get one more message that somebody caused by typing it."""
    return limits.count(f"re{_key(address)}", window=timedelta(days=1)) <= REMINDED_A_DAY
