"""Whom of a list a message goes to: SQL for `address_id, member_id, channel`, for freezing a send.

Nobody's membership matters here: a member is asked as anybody else is, and nothing on the page of a resident says that
they were. But a member who wants nothing from the sender, or no use of their data, is not asked either.
"""

from __future__ import annotations

from peelian.members.audience import Sql
from peelian.surveys.frames.models import Frame

# Not by member: the ledger is to say that an address was asked, and never that a member was. The kinds of addresses
# that a list has are the bits of their channels: email 1, mobile 2.
_ROWS = """
SELECT a.id AS address_id, NULL::bigint AS member_id, a.kind AS channel
  FROM surveys_frameperson p
  JOIN surveys_framecell c ON c.id = p.cell_id AND c.frame_id = %(frame)s
  JOIN contacts_address a ON a.id = p.address_id AND a.suppression = ''
 WHERE NOT EXISTS (SELECT FROM members_member m
                    WHERE (m.email_id = a.id OR m.mobile_id = a.id) AND m.left_at IS NULL
                      AND (m.restricted_at IS NOT NULL OR m.organisations & %(sender)s = 0))
"""
_NOT_INVITED = """
NOT EXISTS (SELECT FROM surveys_mailing i JOIN delivery d ON d.send_id = i.send_id AND d.address_id = a.id
             WHERE i.survey_id = %(survey)s)
"""


def rows_sql(frame: Frame, which: str = _NOT_INVITED) -> Sql:
    """Those of a list to whom WHICH applies, a condition on their address `a`; else whoever has no invitation to this
    survey yet."""
    values = {"frame": frame.pk, "sender": frame.survey.team.organisation.mask, "survey": frame.survey_id}
    return f"{_ROWS} AND {which}", values
