from dataclasses import dataclass
from datetime import datetime

from peelian.core import jobs


@dataclass(frozen=True)
class MemberActor:
    """A member acting, as the audit trail keeps it. `how` is "by link" or "signed in": mail is forwarded, not so
    codes."""

    member_id: int
    how: str = "by link"

    @property
    def audit_actor(self) -> tuple[str, int | None, str]:
        return ("member", self.member_id, self.how)


def send(renderer: str, object_id: int, *, address_id: int, member_id: int | None, at: datetime | None = None) -> None:
    """Have one message sent, not before AT, that does not wait behind any alert; in the caller's transaction."""
    jobs.enqueue(
        "delivery.transactional",
        queue=jobs.TRANSACTIONAL,
        at=at,
        renderer=renderer,
        object_id=object_id,
        address_id=address_id,
        member_id=member_id,
    )
