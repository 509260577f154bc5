"""The one-time link with which somebody sets up their account.

It is signed and carries no secret of its own: it fits only while the password is the one it was made for, and setting a
password, or making another link, changes that.
"""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from peelian.accounts.errors import BadLink
from peelian.accounts.models import Staff

GOOD_FOR = timedelta(days=7)
_SALT = "accounts.set-up"


def make(staff: Staff) -> str:
    """The whole address to open."""
    token = signing.dumps([staff.pk, _fingerprint(staff)], salt=_SALT)
    return f"{settings.PEELIAN_BASE_URL}{reverse('accounts_staff:set_up', args=[token])}"


def read(token: str, *, lock: bool = False) -> Staff:
    """Whose link it is. Raises BadLink: used, replaced, altered, over a week old, or the account disabled."""
    try:
        pk, fingerprint = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError) as problem:
        raise BadLink from problem
    known = Staff.objects.select_for_update() if lock else Staff.objects.all()
    staff = known.filter(pk=pk, is_active=True).first()
    if staff is None or not staff.pending or _fingerprint(staff) != fingerprint:
        raise BadLink
    return staff


def _fingerprint(staff: Staff) -> str:
    """Of the password's column; while nobody has set one it holds 40 random characters."""
    return hashlib.sha256(staff.password.encode()).hexdigest()[:20]
