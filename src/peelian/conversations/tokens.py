"""Links to read a sensitive thread and to confirm a letter. Signed, and nothing is stored."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from peelian.conversations.errors import LinkRefused

READ, LETTER = "conversations.read", "conversations.letter"


def make(object_id: int, address_id: int, *, salt: str = READ) -> str:
    return Signer(salt=salt, sep=".").sign(f"{object_id}-{address_id}")


def read(token: str, *, salt: str = READ) -> tuple[int, int]:
    """(id of the object, id of the address). Raises LinkRefused."""
    try:
        signed = Signer(salt=salt, sep=".").unsign(token)
    except BadSignature:
        raise LinkRefused from None
    object_id, _, address_id = signed.partition("-")
    return int(object_id), int(address_id)
