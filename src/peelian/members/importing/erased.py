"""The numbers, in the lists they came from, of people who were erased: a keyed sum of each and nothing beside it, so
that importing a list again brings nobody back. It says nothing of the tombstone, and no number can be read from it
without the installation's key; who has another key has to be told again whom not to bring back."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from django.db import connection
from django.utils.crypto import salted_hmac

from peelian.members.models import ErasedNumber


def note(numbers: Iterable[str | None]) -> None:
    """Keep in mind that whoever has these numbers was erased."""
    rows = [ErasedNumber(digest=digest(number)) for number in numbers if number]
    ErasedNumber.objects.bulk_create(rows, ignore_conflicts=True)


def drop() -> int:
    """Take staged rows of people who were erased out of the import; returns how many there were."""
    if not ErasedNumber.objects.exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM new_member n WHERE encode(sha256(%(key)s || sha256(%(key)s ||"
            " convert_to(n.external_id, 'UTF8'))), 'hex') IN (SELECT digest FROM members_erasednumber)",
            {"key": _key()},
        )
        return int(cursor.rowcount)


def digest(number: str) -> str:
    """Twice with the key, as PostgreSQL can work it out for a million rows: it has SHA-256 and no HMAC."""
    key = _key()
    return sha256(key + sha256(key + number.encode()).digest()).hexdigest()


def _key() -> bytes:
    return salted_hmac("members.erased", "key", algorithm="sha256").digest()
