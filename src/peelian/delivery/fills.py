"""What makes each recipient's message: one template for a whole send, one for each language in it, or one of their own
for each member."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from peelian.delivery import desk as desks
from peelian.delivery.database import in_thread
from peelian.delivery.desk import Desk, Made
from peelian.delivery.models import Lane


class Recipient(Protocol):
    """Of a claimed row, what decides what it is sent."""

    @property
    def member_id(self) -> int | None: ...

    @property
    def language(self) -> str | None: ...


class Fills:
    """Of one run over a batch by one channel."""

    def __init__(self, desk: Desk, send_id: int, renderer: str, object_id: int, lane: Lane, channel: int) -> None:
        self._desk, self._what = desk, (send_id, renderer, object_id)
        self._lane, self._channel = lane, channel
        self._personal, self._translated = desks.is_personal(renderer), desks.is_translated(renderer)
        self._same: Made | None = None
        self._by_language: dict[str | None, Made] = {}
        self._kept: desks.Kept = {}

    @classmethod
    async def of(cls, desk: Desk, send_id: int, renderer: str, object_id: int, lane: Lane, channel: int) -> Fills:
        fills = cls(desk, send_id, renderer, object_id, lane, channel)
        if not fills._personal and not fills._translated:
            fills._same = await fills._template("")
        return fills

    async def fill(self, recipients: Sequence[Recipient]) -> Callable[[Recipient], Made | None]:
        """A function of a recipient that gives what makes their message; None where there is nothing for them."""
        same = self._same
        if same is not None:
            return lambda _: same
        if self._personal:
            return await self._own([one.member_id for one in recipients if one.member_id is not None])
        by_language = self._by_language
        for language in {one.language for one in recipients}.difference(by_language):
            by_language[language] = await self._template(language or "")
        return lambda one: by_language[one.language]

    async def _own(self, member_ids: list[int]) -> Callable[[Recipient], Made | None]:
        own = await in_thread(desks.render_each, *self._what, self._channel, member_ids, self._kept)
        return lambda one: own.get(one.member_id) if one.member_id is not None else None

    async def _template(self, language: str) -> Made:
        return await self._desk.template(*self._what, self._lane, self._channel, language)
