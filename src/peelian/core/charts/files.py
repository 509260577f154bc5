"""The figures of a chart as a file, at the page's own address with `?csv=` and the chart's key."""

from __future__ import annotations

from django.http import Http404, HttpRequest, StreamingHttpResponse

from peelian.core import csv_files
from peelian.core.charts.model import Chart


def csv_asked_for(request: HttpRequest, *charts: Chart) -> StreamingHttpResponse | None:
    """The file, or None where the page itself is asked for. A key that no chart has is not found."""
    key = request.GET.get("csv")
    if key is None:
        return None
    for chart in charts:
        if chart.key == key:
            return csv_files.download(chart.key, chart.table.heads, chart.table.raw)
    raise Http404("no such chart")
