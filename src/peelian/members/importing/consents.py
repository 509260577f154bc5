"""The ledger of consent for members of a file: whom the list says that they agreed to hear from. The wording they saw
stands with whoever asked them; ours says so."""

from django.db import connection

from peelian.members import queries

# Whoever chose for themselves keeps that, and so do those whose agreements the file does not change
_ENDED = """
UPDATE members_consent c SET withdrawn_at = now()
  FROM written w JOIN members_member m ON m.id = w.member_id, accounts_organisation o
 WHERE NOT w.new AND c.member_id = m.id AND c.organisation_id = o.id AND c.withdrawn_at IS NULL
   AND m.organisations & (1 << o.bit) = 0
"""
_BEGUN = """
INSERT INTO members_consent (member_id, wording_id, organisation_id, how, given_at)
SELECT m.id, %s, o.id, 'import', coalesce(m.confirmed_at, m.joined_on::timestamp AT TIME ZONE 'Europe/London')
  FROM written w JOIN members_member m ON m.id = w.member_id
  JOIN accounts_organisation o ON m.organisations & (1 << o.bit) <> 0
 WHERE w.new OR NOT EXISTS (SELECT 1 FROM members_consent c
                             WHERE c.member_id = m.id AND c.organisation_id = o.id AND c.withdrawn_at IS NULL)
"""


def keep() -> None:
    """Add what begins and mark what ends, for everybody that the file has made or changed."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDED)
        cursor.execute(_BEGUN, [queries.wording("import").pk])
