"""How people joined."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.audit.actions import record
from peelian.core import clock
from peelian.core.csv_files import download
from peelian.core.statistics import Estimate
from peelian.core.suppression import NOT_TOLD
from peelian.members import queries_sources
from peelian.members.queries_sources import PERIODS, Row, Sources

COLUMNS = (
    "part", "name", "registered", "confirmed", "share_confirmed", "share_confirmed_low", "share_confirmed_high",
    "confirmed_30_days_ago", "still_here_after_30_days", "share_still_here", "share_still_here_low",
    "share_still_here_high",
)  # fmt: skip


@require_safe
@needs("campaigns.read")
def sources(request: StaffRequest) -> HttpResponse:
    period = request.GET.get("period", "")
    context = {
        "sources": queries_sources.sources_for(request.user, period),
        "period": period,
        "periods": PERIODS,
    }
    return render(request, "members/campaigns/sources.html", context)


@require_safe
@needs("campaigns.read")
def export(request: StaffRequest) -> StreamingHttpResponse:
    """The same numbers as CSV, the small ones left out as on the page."""
    found = queries_sources.sources_for(request.user, request.GET.get("period", ""))
    record("sources.exported", "sources", "", by=request.user)
    return download(f"joined-{clock.today():%Y-%m-%d}", COLUMNS, _rows(found))


def _rows(found: Sources) -> Iterator[list[object]]:
    for part, _, rows in found.parts():
        yield from (_row(part, row) for row in rows)


def _row(part: str, row: Row) -> list[object]:
    confirming, staying = _interval(row.confirming), _interval(row.staying)
    return [
        part, row.name, _told(row.joined), _told(row.confirmed), *confirming, _told(row.measured),
        _told(row.stayed), *staying,
    ]  # fmt: skip


def _told(number: int | None) -> object:
    return NOT_TOLD if number is None else number


def _interval(share: Estimate | None) -> list[object]:
    return ["", "", ""] if share is None else [round(value, 4) for value in (share.value, share.low, share.high)]
