"""Reads of a World Café: the table behind a link, notes by round, and what is given back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, QuerySet

from peelian.core import clock
from peelian.events.errors import TableClosed
from peelian.events.models import CafeInsight, CafeNote, CafeRound, CafeTable, CafeTheme, Event

OPENS, CLOSES = timedelta(hours=2), timedelta(hours=24)  # before it begins, after it ends


def table(key: str) -> CafeTable:
    """The table of a host's link. TableClosed where there is none, or the link is not open now."""
    found = CafeTable.objects.select_related("event").filter(key=key).first()
    if found is None or not is_open(found.event):
        raise TableClosed
    return found


def is_open(event: Event) -> bool:
    """Whether hosts may take notes: from two hours before until a day after, unless it does not take place."""
    now = clock.now()
    return event.state == Event.State.PUBLISHED and event.starts_at - OPENS <= now < event.ends_at + CLOSES


def notes(event: Event) -> QuerySet[CafeNote]:
    found = CafeNote.objects.filter(round__event=event).select_related("round", "table").prefetch_related("themes")
    return found.order_by("round__number", "table__number", "pk")


@dataclass(frozen=True)
class Back:
    """What participants and the public read of it."""

    questions: list[CafeRound]
    themes: list[CafeTheme]  # with how many notes, the most first
    insights: list[CafeInsight]
    notes: int


def back(event: Event) -> Back | None:
    """None where nothing is published."""
    if event.cafe_published_at is None:
        return None
    themes = event.themes.annotate(n=Count("notes")).filter(n__gt=0).order_by("-n", "title")
    count = CafeNote.objects.filter(round__event=event).count()
    return Back(list(event.rounds.all()), list(themes), list(event.insights.select_related("theme")), count)
