"""The link that confirms a member: which member and which address, signed, and for a month. Nothing is stored."""

from datetime import timedelta

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

from peelian.members.errors import LinkRefused, LinkTooOld

GOOD_FOR = timedelta(days=30)
_SALT = "members.confirm"


def make(member_id: int, address_id: int) -> str:
    return TimestampSigner(salt=_SALT, sep=".").sign(f"{member_id}-{address_id}")


def read(token: str) -> tuple[int, int]:
    """(member id, address id). Raises LinkTooOld or LinkRefused with a sentence."""
    try:
        signed = TimestampSigner(salt=_SALT, sep=".").unsign(token, max_age=GOOD_FOR)
    except SignatureExpired:
        raise LinkTooOld from None
    except BadSignature:
        raise LinkRefused from None
    member_id, _, address_id = signed.partition("-")
    return int(member_id), int(address_id)
