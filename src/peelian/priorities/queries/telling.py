"""Who is told of a promise: everybody who raised what it is about, once, by their own channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from peelian.accounts.models import Organisation
from peelian.contacts.models import Address
from peelian.members.audience import Clause, Selection
from peelian.members.models import EMAIL, TEXT, VOICE
from peelian.priorities.models import Promise
from peelian.priorities.queries.issues import family

# Who raised it, as members and as addresses. An address that is a member's now stands for that member, the first of
# several; one whose members have all left stands for nobody. Of a conversation that has become sensitive, or was passed
# on as intelligence, nobody is told
BUT_SENSITIVE = """NOT EXISTS (
    SELECT FROM conversations_thread t WHERE p.source = 'conversations.thread' AND t.id = p.source_id
       AND (t.sensitive OR t.emptied_at IS NOT NULL))"""
_WHO = f"""
WITH raised AS (
    SELECT DISTINCT r.member_id, r.address_id
      FROM priorities_raiser r JOIN priorities_issuereport p ON p.id = r.report_id
     WHERE p.issue_id = ANY(%(issues)s) AND r.stopped_at IS NULL
       AND {BUT_SENSITIVE}
), owned AS (
    SELECT a.address_id, m.id AS member_id, m.left_at IS NULL AS here FROM raised a
      JOIN members_member m ON a.address_id IN (m.email_id, m.mobile_id, m.landline_id) WHERE a.address_id IS NOT NULL
)
SELECT member_id, NULL::bigint FROM raised WHERE member_id IS NOT NULL
 UNION SELECT min(member_id), NULL FROM owned WHERE here GROUP BY address_id
 UNION SELECT NULL, address_id FROM raised
        WHERE address_id IS NOT NULL AND address_id NOT IN (SELECT address_id FROM owned)
"""
# An address once, then a person once: by the first channel that reaches them
_ROWS = """
SELECT DISTINCT ON (coalesce(member_id, -address_id)) address_id, member_id, channel FROM (
    SELECT DISTINCT ON (address_id) * FROM (
        SELECT address_id, member_id, channel FROM ({members}) m
        UNION ALL
        SELECT a.id, NULL::bigint,
               CASE a.kind WHEN %(kind_email)s THEN %(email)s WHEN %(kind_mobile)s THEN %(text)s ELSE %(voice)s END
          FROM contacts_address a WHERE a.id = ANY(%(bare)s) AND a.suppression = ''
    ) both_kinds ORDER BY address_id, member_id NULLS LAST, channel
) once ORDER BY coalesce(member_id, -address_id), channel
"""


@dataclass(frozen=True)
class Audience:
    """Members and bare addresses who raised it; none of them is shown anywhere."""

    member_ids: list[int]
    address_ids: list[int]
    organisation: Organisation

    def rows_sql(self) -> tuple[str, Mapping[str, Any]]:
        """SQL for `address_id, member_id, channel` of everybody who can be told now."""
        clause = Clause("include", "members", members_sql=("SELECT unnest(%s::bigint[])", [self.member_ids]))
        sql, values = Selection([clause], None, self.organisation, EMAIL | TEXT | VOICE).rows_sql()
        own: dict[str, Any] = {"email": EMAIL, "text": TEXT, "voice": VOICE, "bare": self.address_ids}
        own |= {"kind_email": Address.Kind.EMAIL.value, "kind_mobile": Address.Kind.MOBILE.value}
        return _ROWS.replace("{members}", sql), {**values, **own}

    def count(self) -> int:
        """How many people would be told now."""
        if not self.member_ids and not self.address_ids:
            return 0
        sql, values = self.rows_sql()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) q", values)
            return int(cursor.fetchone()[0])


def audience_of(promise: Promise) -> Audience:
    """Whoever raised the promise's issues, all that is merged into them included, and has not asked us to stop."""
    issues = family(list(promise.issues.values_list("pk", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute(_WHO, {"issues": issues})
        rows = cursor.fetchall()
    members = sorted({row[0] for row in rows if row[0] is not None})
    addresses = sorted({row[1] for row in rows if row[1] is not None})
    return Audience(members, addresses, promise.team.organisation)
