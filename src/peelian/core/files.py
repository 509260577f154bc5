"""File bytes in the database, by SHA-256: the same picture in ten messages is one row, and one backup holds it all.

Whoever wants a file to stay points to it with a foreign key. What nothing points to any more is deleted in the night.
A file's type is what the caller has found its bytes to be; names belong to those who point here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Exists, Model, OuterRef
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from peelian.core import pictures
from peelian.core.errors import RuleBroken
from peelian.core.models import StoredFile
from peelian.core.personal_data import PUBLIC_TASK, Declaration, register

LARGEST = 10 * 1024 * 1024  # bytes
FREE_FOR = timedelta(days=1)  # how long a file may wait for somebody to point to it


class TooLarge(RuleBroken):
    """That file is larger than 10 MB. Make it smaller and try again."""


class Empty(RuleBroken):
    """That file is empty. Choose another one."""


class NotAPicture(RuleBroken):
    """That is no picture we can read. Choose a JPEG, HEIC, PNG, GIF or WebP file."""


@dataclass(frozen=True)
class KeptPicture:
    file: StoredFile
    width: int  # points
    height: int


def keep_picture(content: bytes, longest: int) -> KeptPicture:
    """The row of a picture made anew (core.pictures), LONGEST points at most. Raises NotAPicture, TooLarge, Empty."""
    if len(content) > LARGEST:
        raise TooLarge
    if not content:
        raise Empty
    try:
        made, media_type = pictures.remade(content, longest)
    except pictures.Unreadable:
        raise NotAPicture from None
    except pictures.TooManyPoints:
        raise NotAPicture("That picture has too many points. Make it smaller and add it again.") from None
    return KeptPicture(keep(made, media_type), *pictures.size(made))


def show(picture: StoredFile) -> HttpResponse:
    """A picture to look at in a page; opened by itself it can do nothing."""
    answer = HttpResponse(bytes(picture.content), content_type=picture.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def keep(content: bytes, media_type: str) -> StoredFile:
    """The row of these bytes, made if they are new. Raises TooLarge and Empty."""
    if len(content) > LARGEST:
        raise TooLarge
    if not content:
        raise Empty
    digest = hashlib.sha256(content).hexdigest()
    found = {"media_type": media_type, "size": len(content), "content": content}
    return StoredFile.objects.get_or_create(sha256=digest, defaults=found)[0]


def download(file: StoredFile, name: str) -> HttpResponse:
    """The file as something to save, never to open in the page: a browser neither guesses its type nor runs it."""
    answer = HttpResponse(bytes(file.content), content_type=file.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


def delete_unused(now: datetime) -> int:
    """Delete files that nothing points to; returns how many."""
    unused = StoredFile.objects.filter(made_at__lt=now - FREE_FOR)
    for model, field in _pointing():
        unused = unused.exclude(Exists(model._base_manager.filter(**{field: OuterRef("pk")})))
    return unused.delete()[0]


def _pointing() -> list[tuple[type[Model], str]]:
    """Every foreign key to a file, those without a name of their own on this side included."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is StoredFile
    ]


register.add(
    "core.StoredFile",
    Declaration(
        purpose="Pictures and papers that residents send us, and those in messages",
        lawful_basis=PUBLIC_TASK,
        retention="A day longer than what points to it",
        export="Not exported by itself: with what points to it",
        erase="Deleted once nothing points to it",
        expire=delete_unused,
    ),
)
