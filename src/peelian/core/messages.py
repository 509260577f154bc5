"""What an app says when it wants something sent: the parts of a message, with a mark where the recipient's token
belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from peelian.core.registries import Registry

# Stands in links wherever the recipient's own token goes; delivery replaces it for each recipient
TOKEN = "0recipient0token0here0"  # noqa: S105
REPLY = "reply+"  # how an address begins that answers by email come to, at the mail domain


@dataclass(frozen=True)
class EmailParts:
    """An email before it is addressed: complete text and HTML. `unsubscribe` adds the one-click headers (RFC 8058);
    `answerable` has answers come to an address of each recipient's own, by which we know what they answer."""

    subject: str
    text: str
    html: str
    from_name: str
    reply_to: str = ""
    unsubscribe: bool = False
    answerable: bool = False


class Renderer(Protocol):
    """Turns the id of an app's own object into what is sent by each channel."""

    def email(self, object_id: int) -> EmailParts: ...

    def text(self, object_id: int) -> str: ...

    def voice(self, object_id: int) -> str: ...


class Spoken(str):
    """Words for a call, with the language that they are in (BCP 47), so that a voice of that language says them."""

    language: str

    def __new__(cls, words: str, language: str) -> Spoken:
        made = super().__new__(cls, words)
        made.language = language
        return made


class TranslatedRenderer(Protocol):
    """A renderer whose object may be said in the language that its recipient asked for (BCP 47; empty: not known)."""

    translated: bool  # always true

    def email(self, object_id: int, language: str = "") -> EmailParts: ...

    def text(self, object_id: int, language: str = "") -> str: ...

    def voice(self, object_id: int, language: str = "") -> str: ...


class PersonalRenderer(Protocol):
    """Turns the id of an app's own object into what each member is sent, such as a digest. Somebody who is missing in
    the answer gets nothing: there is nothing for them any more."""

    personal: bool  # always true

    def emails(self, object_id: int, member_ids: list[int]) -> dict[int, EmailParts]: ...

    def texts(self, object_id: int, member_ids: list[int]) -> dict[int, str]: ...


@dataclass(frozen=True)
class Topic:
    """What somebody writes about who answers a message: whose it is to read, and a plain reference to the thing
    (`about`). `counted_by` is a job that is told, with the object's id, that there was an answer."""

    team_id: int
    subject: str
    about: str
    counted_by: str = ""


@runtime_checkable
class Answerable(Protocol):
    """A renderer whose messages people answer by email or text, and that knows what such an answer is about."""

    def topic(self, object_id: int) -> Topic | None: ...


renderers: Registry[Renderer | TranslatedRenderer | PersonalRenderer] = Registry("renderers")
