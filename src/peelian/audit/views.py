"""The trail, for auditors."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peelian.audit import actions, queries
from peelian.audit.door import needs
from peelian.audit.forms import TrailFilter
from peelian.audit.models import Event
from peelian.core import clock
from peelian.core.csv_files import download

COLUMNS = ["at", "actor_kind", "actor_id", "actor_label", "verb", "object_kind", "object_id", "data", "request_id"]


@require_safe
@needs("audit.read")
def trail(request: HttpRequest) -> HttpResponse:
    form = TrailFilter(request.GET)
    found = queries.page(form.wanted(), request.GET.get("page", ""))
    asked = request.GET.copy()
    asked.pop("page", None)
    base = asked.urlencode()
    context = {
        "form": form,
        "rows": found.rows,
        "asked": base,
        "narrowed": any(asked.values()),
        "previous_url": f"?{base}&page={found.previous}" if found.previous else "",
        "next_url": f"?{base}&page={found.next}" if found.next else "",
        "seal": queries.last_seal(),
    }
    return render(request, "audit/trail.html", context)


@require_safe
@needs("audit.read")
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All the events asked for as CSV, streamed; that somebody took them away is an event itself."""
    form = TrailFilter(request.GET)
    wanted = form.wanted()
    staff: Any = request.user
    asked = {name: value for name, value in vars(wanted).items() if value}
    actions.record("audit.exported", "audit", "trail", by=staff, asked=asked)
    return download(f"audit-{clock.today():%Y-%m-%d}", COLUMNS, _rows(queries.events(wanted)))


def _rows(events: Any) -> Iterator[list[object]]:
    event: Event
    for event in events.iterator(chunk_size=2_000):
        data = json.dumps(event.data, sort_keys=True, ensure_ascii=False)
        values = [event.at.isoformat(), event.actor_kind, event.actor_id, event.actor_label, event.verb]
        yield [*values, event.object_kind, event.object_id, data, event.request_id]
