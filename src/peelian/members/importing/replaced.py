"""Addresses that members replaced or took away: they win over a file that still has them.

The old address itself is forgotten when nobody uses it, so that it is known again by a keyed sum alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.utils.crypto import salted_hmac

from peelian.members.models import ReplacedEmail

OTHER = {"mobile": "landline", "landline": "mobile"}


def note(*, member_ids: Iterable[int], old: str, new: str) -> None:
    """These members gave NEW, or nothing, in the place of OLD, both in normal form."""
    members = list(member_ids)
    if new:
        ReplacedEmail.objects.filter(member_id__in=members, digest=_digest(new)).delete()
    rows = [ReplacedEmail(member_id=member, digest=_digest(old)) for member in members]
    ReplacedEmail.objects.bulk_create(rows, ignore_conflicts=True)


def keep() -> None:
    """Staged rows with an address that their member replaced, or with none after that, get the one the member has; so
    do those with a number that they changed or took away."""
    for kind in OTHER:
        _keep_number(kind)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.external_id, n.email, array_agg(r.digest) FROM new_member n"
            " JOIN members_member m ON m.external_id = n.external_id"
            " JOIN members_replacedemail r ON r.member_id = m.id GROUP BY n.external_id, n.email"
        )
        theirs = [row[0] for row in cursor.fetchall() if row[1] is None or _digest(row[1]) in row[2]]
        if theirs:
            cursor.execute(
                "UPDATE new_member n SET email = a.value"
                " FROM members_member m LEFT JOIN contacts_address a ON a.id = m.email_id"
                " WHERE m.external_id = n.external_id AND n.external_id = ANY(%s)"
                " AND coalesce(a.value, n.mobile, n.landline) IS NOT NULL",
                [theirs],
            )


def _keep_number(kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT n.external_id, n.{kind}, array_agg(r.digest) FROM new_member n"
            " JOIN members_member m ON m.external_id = n.external_id"
            f" JOIN members_replacedemail r ON r.member_id = m.id WHERE n.{kind} IS NOT NULL"
            f" GROUP BY n.external_id, n.{kind}"
        )
        theirs = [row[0] for row in cursor.fetchall() if _digest(row[1]) in row[2]]
        if theirs:
            cursor.execute(
                f"UPDATE new_member n SET {kind} = a.value FROM members_member m"
                f" LEFT JOIN contacts_address a ON a.id = m.{kind}_id"
                " WHERE m.external_id = n.external_id AND n.external_id = ANY(%s)"
                f" AND coalesce(a.value, n.email, n.{OTHER[kind]}) IS NOT NULL",  # a row has to reach somebody
                [theirs],
            )


def _digest(email: str) -> str:
    return salted_hmac("members.replaced", email, algorithm="sha256").hexdigest()
