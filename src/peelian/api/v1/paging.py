"""Pages of a list by cursor: `?cursor=` of the page before, in `next` of each answer."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from peelian.api.errors import BadCursor
from peelian.core import keyset

M = TypeVar("M", bound=Model)
SIZE = 50


def by_time(
    request: HttpRequest, rows: QuerySet[M], moment: str, cursor: str, *, oldest_first: bool = False
) -> tuple[list[M], str | None]:
    """A page, newest first unless said otherwise, and the address of the next. Raises BadCursor."""
    if cursor and not keyset.is_cursor(cursor):
        raise BadCursor
    page = keyset.page(rows, moment, cursor, oldest_first=oldest_first, size=SIZE)
    return page.rows, _address(request, page.next)


def by_key(request: HttpRequest, rows: QuerySet[M], cursor: str) -> tuple[list[M], str | None]:
    """A page in the order in which the rows were made. Raises BadCursor."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise BadCursor
    got = list(rows.filter(pk__gt=int(cursor or 0)).order_by("pk")[: SIZE + 1])
    more, got = len(got) > SIZE, got[:SIZE]
    return got, _address(request, str(got[-1].pk) if more else "")


def _address(request: HttpRequest, cursor: str) -> str | None:
    """Of the next page, with the same question."""
    if not cursor:
        return None
    asked = {name: value for name, value in request.GET.items() if name != "cursor"}
    return f"{settings.PEELIAN_BASE_URL}{request.path}?{urlencode(asked | {'cursor': cursor})}"
