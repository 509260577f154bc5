"""Pages of a list by keyset: stable while rows come and go, and as quick on page 400 as on page 1."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
ROWS = 25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(?P<way>[np])(?P<microseconds>\d{1,17})-(?P<pk>\d{1,18})")


@dataclass(frozen=True)
class Slice(Generic[M]):
    """The rows of one page; `previous` and `next` are the cursors of its neighbours, empty where there is none."""

    rows: list[M]
    previous: str
    next: str

    def links(self, kept: Mapping[str, object]) -> dict[str, str]:
        """For components/pagination.html: the addresses of its neighbours in a list that is narrowed by KEPT."""
        cursors = {"previous_url": self.previous, "next_url": self.next}
        return {name: f"?{urlencode({**kept, 'page': at})}" if at else "" for name, at in cursors.items()}


def is_cursor(text: str) -> bool:
    """Whether TEXT is a cursor of ours, for those who refuse what is not."""
    return _CURSOR.fullmatch(text) is not None


def page(rows: QuerySet[M], moment: str, cursor: str = "", *, oldest_first: bool = False, size: int = ROWS) -> Slice[M]:
    """One page of ROWS in the order of the field MOMENT (never null), then of the key. What is not a cursor of ours
    gives the first page."""
    found = _CURSOR.fullmatch(cursor)
    backwards = found is not None and found["way"] == "p"
    ascending = oldest_first != backwards
    if found:
        at, pk = _EPOCH + timedelta(microseconds=int(found["microseconds"])), int(found["pk"])
        way = "gt" if ascending else "lt"
        rows = rows.filter(
            Q(**{f"{moment}__{way}e": at}), ~Q(**{moment: at}) | Q(**{f"pk__{way}": pk})
        )  # the first condition is the one an index can follow
    sign = "" if ascending else "-"
    got = list(rows.order_by(f"{sign}{moment}", f"{sign}pk")[: size + 1])
    more, got = len(got) > size, got[:size]
    if backwards:
        got.reverse()
    before, after = (more, True) if backwards else (found is not None, more)
    return Slice(
        got,
        _cursor("p", got[0], moment) if got and before else "",
        _cursor("n", got[-1], moment) if got and after else "",
    )


def _cursor(way: str, row: Any, moment: str) -> str:
    return f"{way}{(getattr(row, moment) - _EPOCH) // timedelta(microseconds=1)}-{row.pk}"
