"""Links to one's own place at an event. Signed, and nothing is stored."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from peelian.events.errors import LinkRefused

_SALT = "events.place"


def make(sign_up_id: int, address_id: int) -> str:
    return Signer(salt=_SALT, sep=".").sign(f"{sign_up_id}-{address_id}")


def read(token: str) -> tuple[int, int]:
    """(id of the sign-up, id of the address). Raises LinkRefused."""
    try:
        signed = Signer(salt=_SALT, sep=".").unsign(token)
    except BadSignature:
        raise LinkRefused from None
    sign_up_id, _, address_id = signed.partition("-")
    return int(sign_up_id), int(address_id)
