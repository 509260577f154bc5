"""What an app says when it wants something sent: the parts of a message, with a mark where the recipient's token
belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from peelian.core.registries import Registry

# Stands in links wherever the recipient's own token goes; delivery replaces it for each recipient
TOKEN = "0recipient0token0here0"  # noqa: S105


@dataclass(frozen=True)
class EmailParts:
    """An email before it is addressed: complete text and HTML. `unsubscribe` adds the one-click headers (RFC 8058)."""

    subject: str
    text: str
    html: str
    from_name: str
    reply_to: str = ""
    unsubscribe: bool = False


class Renderer(Protocol):
    """Turns the id of an app's own object into what is sent by each channel."""

    def email(self, object_id: int) -> EmailParts: ...

    def text(self, object_id: int) -> str: ...

    def voice(self, object_id: int) -> str: ...


class PersonalRenderer(Protocol):
    """Turns the id of an app's own object into what each member is sent, such as a digest. Somebody who is missing in
    the answer gets nothing: there is nothing for them any more."""

    personal: bool  # always true

    def emails(self, object_id: int, member_ids: list[int]) -> dict[int, EmailParts]: ...

    def texts(self, object_id: int, member_ids: list[int]) -> dict[int, str]: ...


renderers: Registry[Renderer | PersonalRenderer] = Registry("renderers")
