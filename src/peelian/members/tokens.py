"""The links that members get: what confirms them, and what lets them give a new email address. Nothing is stored."""

import base64
import re
from datetime import timedelta

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.crypto import constant_time_compare, salted_hmac

from peelian.core import clock
from peelian.members.errors import (
    ContactLinkUsed,
    HelperLinkRefused,
    InvitationRefused,
    LinkRefused,
    LinkTooOld,
    RepairRefused,
    RepairTooOld,
    SignInLinkRefused,
)

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


# The link beside a sign-in code, and the one that a new email address is confirmed by: the number of a row that says
# whether it may still be used
SIGN_IN_GOOD_FOR = timedelta(minutes=10)
NEW_EMAIL_GOOD_FOR = timedelta(days=7)


def make_sign_in(code_id: int) -> str:
    return TimestampSigner(salt="members.sign-in", sep=".").sign(str(code_id))


def read_sign_in(token: str) -> int:
    """The number of the code. Raises SignInLinkRefused."""
    try:
        return int(TimestampSigner(salt="members.sign-in", sep=".").unsign(token, max_age=SIGN_IN_GOOD_FOR))
    except BadSignature:  # which one that is too old is too
        raise SignInLinkRefused from None


def make_new_email(asked_id: int, address_id: int) -> str:
    return TimestampSigner(salt="members.new-email", sep=".").sign(f"{asked_id}-{address_id}")


def read_new_email(token: str) -> tuple[int, int]:
    """(number of the NewContact, address id). Raises ContactLinkUsed."""
    try:
        signed = TimestampSigner(salt="members.new-email", sep=".").unsign(token, max_age=NEW_EMAIL_GOOD_FOR)
    except BadSignature:
        raise ContactLinkUsed from None
    asked_id, _, address_id = signed.partition("-")
    return int(asked_id), int(address_id)


def make_helper(helper_id: int) -> str:
    return TimestampSigner(salt="members.helper", sep=".").sign(str(helper_id))


def read_helper(token: str) -> int:
    """The number of the Helper, whose row says what the link may still do: one who helps ends it by the same link.
    Raises HelperLinkRefused."""
    try:
        return int(TimestampSigner(salt="members.helper", sep=".").unsign(token))
    except BadSignature:
        raise HelperLinkRefused from None


INVITATION_GOOD_FOR = timedelta(days=30)


def make_invitation(invitation_id: int) -> str:
    return TimestampSigner(salt="members.invitation", sep=".").sign(str(invitation_id))


def read_invitation(token: str) -> int:
    """The number of the invitation. Raises InvitationRefused."""
    try:
        return int(TimestampSigner(salt="members.invitation", sep=".").unsign(token, max_age=INVITATION_GOOD_FOR))
    except BadSignature:  # which one that is too old is too
        raise InvitationRefused from None


# The link in a text that asks for a new email address: which mobile number and which address that died, the day, and 72
# bits of an HMAC. 21 bytes are 28 characters, because a text has 160.
REPAIR_GOOD_FOR = timedelta(days=14)
_ID, _DAY, _SIGNATURE = 5, 2, 9  # bytes
_SHAPE = re.compile(r"[A-Za-z0-9_-]{28}", re.ASCII)
_EPOCH_DAY = 18_262  # 1 January 2020


def make_repair(mobile_id: int, email_id: int) -> str:
    body = mobile_id.to_bytes(_ID, "big") + email_id.to_bytes(_ID, "big") + _today().to_bytes(_DAY, "big")
    return base64.urlsafe_b64encode(body + _signed(body)).decode()


def read_repair(token: str) -> tuple[int, int]:
    """(id of the mobile number, id of the email address). Raises RepairTooOld or RepairRefused with a sentence."""
    if not _SHAPE.fullmatch(token):
        raise RepairRefused
    data = base64.urlsafe_b64decode(token)
    body, given = data[:-_SIGNATURE], data[-_SIGNATURE:]
    if not constant_time_compare(given.hex(), _signed(body).hex()):
        raise RepairRefused
    if _today() - int.from_bytes(body[2 * _ID :], "big") > REPAIR_GOOD_FOR.days:
        raise RepairTooOld
    return int.from_bytes(body[:_ID], "big"), int.from_bytes(body[_ID : 2 * _ID], "big")


def _today() -> int:
    """Days since 1 January 2020."""
    return int(clock.now().timestamp() // 86_400) - _EPOCH_DAY


def _signed(body: bytes) -> bytes:
    return salted_hmac("members.repair", body, algorithm="sha256").digest()[:_SIGNATURE]
