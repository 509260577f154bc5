"""Where events hear what people raise, for whoever makes an issue of it (core.raising)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from peelian.core import clock
from peelian.core.raising import IssueSource, Raised
from peelian.events import queries
from peelian.events.models import RaisedIssue
from peelian.events.queries import street


def _read(staff: Any, pk: int) -> Raised:
    found = queries.raised_for(staff, pk)
    return Raised(
        said=found.said,
        on=found.at.astimezone(clock.LONDON).date() if not found.event.has_begun else found.event.day,
        area_id=found.area_id,
        people=found.people,
    )


def _url(pk: int) -> str:
    ref = RaisedIssue.objects.filter(pk=pk).values_list("event__ref", flat=True).first()
    return f"{reverse('events_staff:event', args=[ref])}#raised" if ref else ""


RAISED = IssueSource("events.raised", "Raised at a meeting", _read, _url)


def _read_street(staff: Any, pk: int) -> Raised:
    found = street.contact_for(staff, pk)
    return Raised(
        said=found.said or f"{found.get_kind_display()}: nothing was written down",
        on=found.at.astimezone(clock.LONDON).date(),
        area_id=found.area_id,
        people=found.people,
    )


STREET = IssueSource(
    "events.street", "Said to an officer in the street", _read_street, lambda pk: reverse("events_staff:street_list")
)
