"""Whether an address may be asked whether it is somebody's: once, until it answers, and three times more where somebody
says that nothing came or another of the household joins. Whoever types the address of somebody else can have four
messages sent there in thirty days and no more."""

from __future__ import annotations

from datetime import timedelta

from django.utils.crypto import salted_hmac

from peelian.contacts.models import Address
from peelian.core import limits

ONCE_IN = timedelta(days=30)  # as long as the link in it works; what was given is deleted by then
AGAIN = 3  # times more in as long
APART = timedelta(minutes=10)  # between two for the same person: the first may still be on its way
REMINDED_A_DAY = 3  # messages to an address that has answered before: "you have joined already"


def _key(address: Address) -> str:
    """A name that does not tell the address, and that stays the same when its row is made anew."""
    return f"asked-{salted_hmac('members.asking', address.value, algorithm='sha256').hexdigest()[:24]}"


def _again(address: Address) -> list[str]:
    return [f"{_key(address)}-{number}" for number in range(AGAIN)]


def may_ask(address: Address) -> bool:
    """Whether the address was not asked yet, or has answered; from now on it counts as asked. The caller holds the
    address's row."""
    return limits.first_time(_key(address), lasts=ONCE_IN)


def may_ask_again(address: Address, member_id: int | None = None) -> bool:
    """Whether an address that was asked and has not answered may be asked once more, for this member, or for one who is
    new; from now on it counts so. The caller holds the address's row."""
    free = next((key for key in (_key(address), *_again(address)) if not limits.is_remembered(key)), None)
    if free is None or (member_id is not None and limits.is_remembered(_for(address, member_id))):
        return False
    limits.remember(free, lasts=ONCE_IN)
    if member_id is not None:
        note(address, member_id)
    return True


def note(address: Address, member_id: int) -> None:
    """A message to the address for this member is on its way: no second for a while."""
    limits.remember(_for(address, member_id), lasts=APART)


def _for(address: Address, member_id: int) -> str:
    return f"{_key(address)}-for-{member_id}"


def answered(address: Address) -> None:
    for key in (_key(address), *_again(address)):
        limits.forget(key)


def may_remind(address: Address) -> bool:
    """Whether an address that has answered may get one more message that somebody caused by typing it."""
    return limits.count(f"re{_key(address)}", window=timedelta(days=1)) <= REMINDED_A_DAY
