"""What a member may still change while their data is kept and not used (UK GDPR Article 18).

Storing is all that we do meanwhile, and what they ask for themselves: they may put right who they are, where they live
and where they are reached, read and copy everything, take back, end and leave whatever they agreed to, close the
account, and have their data used again. What would begin something, or say how to write to them, stays as it was.
"""

from __future__ import annotations

from peelian.members.errors import Restricted
from peelian.members.models import Member


def must_be_in_use(member: Member) -> None:
    """Raise Restricted where the member asked us not to use their data. In the caller's transaction."""
    if Member.objects.filter(pk=member.pk).exclude(restricted_at=None).exists():
        raise Restricted
