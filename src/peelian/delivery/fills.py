"""What makes each recipient's message: one template for a whole send, or one of their own for each member."""

from __future__ import annotations

from collections.abc import Callable

from peelian.delivery import desk as desks
from peelian.delivery.database import in_thread
from peelian.delivery.desk import Desk, Fill
from peelian.delivery.models import Lane

Made = tuple[Fill, str]  # a function of (address id, address), and the subject


class Fills:
    """Of one run over a batch by one channel."""

    def __init__(self, send_id: int, renderer: str, object_id: int, channel: int, same: Made | None) -> None:
        self._send_id, self._renderer, self._object_id, self._channel = send_id, renderer, object_id, channel
        self._same = same
        self._kept: desks.Kept = {}

    @classmethod
    async def of(cls, desk: Desk, send_id: int, renderer: str, object_id: int, lane: Lane, channel: int) -> Fills:
        personal = desks.is_personal(renderer)
        same = None if personal else await desk.template(send_id, renderer, object_id, lane, channel)
        return cls(send_id, renderer, object_id, channel, same)

    async def fill(self, member_ids: list[int | None]) -> Callable[[int | None], Made | None]:
        """A function of a member's id that gives what makes their message; None where there is nothing for them."""
        same = self._same
        if same is not None:
            return lambda _: same
        ids = [member for member in member_ids if member is not None]
        what = (self._send_id, self._renderer, self._object_id, self._channel)
        own = await in_thread(desks.render_each, *what, ids, self._kept)
        return lambda member: own.get(member) if member is not None else None
