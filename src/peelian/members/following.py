"""What members do when something below them changes; apps.py registers it."""

from django.db import connection

from peelian.members import audience


def addresses_changed(address_ids: list[int]) -> None:
    """Addresses were suppressed, or may be used again: make the audience rows of everybody who uses one anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM members_member WHERE email_id = ANY(%(ids)s) UNION"
            " SELECT id FROM members_member WHERE mobile_id = ANY(%(ids)s) UNION"
            " SELECT id FROM members_member WHERE landline_id = ANY(%(ids)s)",
            {"ids": address_ids},
        )
        members = [row[0] for row in cursor.fetchall()]
    if members:
        audience.refresh(members)
