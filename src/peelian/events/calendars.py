"""Events as iCalendar (RFC 5545), for phones and calendar programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from icalendar import Calendar, vText
from icalendar import Event as Entry

from peelian.alerts.markdown import to_text
from peelian.core import clock
from peelian.events.models import Event

PRODUCT = "-//Peelian//Events//EN"
OFTEN = timedelta(hours=4)  # how often a calendar should ask again


def calendar(events: Iterable[Event], name: str = "") -> bytes:
    """A whole calendar of EVENTS, with the rules of London's clock in it. An event keeps its UID for ever; its SEQUENCE
    rises with each change, so that a calendar that has it already moves or strikes it."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    if name:
        made.add("name", name)
        made.add("x-wr-calname", name)
        made.add("refresh-interval", OFTEN, parameters={"VALUE": "DURATION"})
    for event in events:
        made.add_component(_entry(event))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def uid(event: Event) -> str:
    return f"{event.ref}@{settings.PEELIAN_MAIL_DOMAIN}"


def _entry(event: Event) -> Entry:
    entry = Entry()
    cancelled = event.state == Event.State.CANCELLED
    url = f"{settings.PEELIAN_BASE_URL}{event.get_absolute_url()}"
    entry.add("uid", uid(event))
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.changed_at)
    entry.add("last-modified", event.changed_at)
    entry.add("dtstart", event.starts_at.astimezone(clock.LONDON))
    entry.add("dtend", event.ends_at.astimezone(clock.LONDON))
    entry.add("summary", event.title)
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    entry.add("categories", [str(event.get_kind_display())])
    entry.add("url", url)
    entry.add("description", "\n\n".join(part for part in _told(event, url) if part))
    if where := ", ".join(part for part in (event.venue, event.address, shown_postcode(event)) if part):
        entry.add("location", vText(where))
    if event.longitude is not None and event.latitude is not None:
        entry.add("geo", (event.latitude / 1e7, event.longitude / 1e7))
    return entry


def _told(event: Event, url: str) -> Iterable[str]:
    if event.state == Event.State.CANCELLED:
        yield event.cancelled_because
    yield to_text(event.summary)
    yield f"{event.team.name}, {settings.PEELIAN_FORCE_NAME}"
    yield url


def shown_postcode(event: Event) -> str:
    """As people write it."""
    return f"{event.postcode[:-3]} {event.postcode[-3:]}" if event.postcode else ""
