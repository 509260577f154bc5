"""Paragraphs about an area that a community profile begins with (core.panels.prefills): plain text, each figure with
its base and as of when; empty where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable

from peelian.conversations import figures
from peelian.core import clock, wording
from peelian.core.panels import Prefill, prefills
from peelian.core.periods import Period
from peelian.insight.crime import queries as crime
from peelian.insight.crime import types
from peelian.insight.reach.representation import representation
from peelian.places import queries as places
from peelian.places.models import Area

NAMED = 4  # categories in a sentence
POPULATION = ("age", "ethnic-group-5", "main-language", "religion", "households")
REACH = ("ethnic-group-5", "age")


def population(area_id: int) -> str:
    """Who lives there, by the newest loaded tables, the largest groups first."""
    area = _area(area_id)
    return "\n".join(filter(None, (_residents(area, topic) for topic in POPULATION))) if area else ""


def _residents(area: Area, topic: str) -> str:
    people = places.population(area.pk, topic)
    if people is None or not people.total:
        return ""
    largest = sorted(people.categories, key=lambda one: -one.people)[:NAMED]
    shares = wording.listed([f"{one.label} {wording.share(one.people, people.total)}" for one in largest])
    source = people.source or "the loaded table"
    if people.vintage and people.vintage not in source:
        source = f"{source}, {people.vintage}"
    fitted = f" {people.estimated:.0%} of it rests on best fit." if people.estimated >= 0.005 else ""
    return f"{people.label}: {shares}, of {people.total:,} ({source}).{fitted}"


def reach(area_id: int) -> str:
    """Which groups are members more and less often than they live there."""
    area = _area(area_id)
    return "\n".join(filter(None, (_reached(area, topic) for topic in REACH))) if area else ""


def _reached(area: Area, topic: str) -> str:
    shown = representation(area, topic, "registered")
    if shown.refused or shown.table is None or shown.told is None or shown.told.base is None:
        return ""
    as_of = f", as of {wording.uk_date(shown.as_of)}" if shown.as_of else ""
    base = f"{shown.told.base:,} members who told us"
    return f"{shown.label}, {base} beside residents ({shown.residents_from}){as_of}: {shown.summary}"


def conversation(area_id: int) -> str:
    """How those who wrote to us were answered."""
    area = _area(area_id)
    found = figures.of_area(area) if area else None
    if found is None or found.share is None:
        return ""
    today = wording.uk_date(clock.today())
    return (
        f"In the {figures.DAYS} days to {today}, {found.said} of what residents wrote was answered in the time we"
        f" promise. The first answer took {found.median_said} (median)."
    )


def recorded_crime(area_id: int) -> str:
    """The twelve months that were published last, the commonest types first, beside the twelve before."""
    newest = crime.newest_month()
    if newest is None:
        return ""
    year = Period.year_to(newest.year, newest.month)
    now, before = (crime.crime_counts(area_id, None, period) for period in (year, year.year_before()))
    if now.total is None:
        return ""
    commonest = sorted(now.by_kind.items(), key=lambda pair: -pair[1])[:NAMED]
    named = wording.listed([f"{types.LABELS[kind].lower()} {n:,}" for kind, n in commonest if n])
    then = f" The twelve months before: {before.total:,}." if before.total is not None else ""
    return (
        f"{now.total:,} crimes were recorded in the {year.label()}: {named} were the commonest.{then} Places on the"
        " published map stand for several addresses; people do not report everything."
    )


def _area(area_id: int) -> Area | None:
    return Area.objects.filter(pk=area_id).defer("boundary", "cover").first()


FILLED: tuple[tuple[str, str, Callable[[int], str]], ...] = (
    ("population", "Who lives here", population),
    ("reach", "Whom we reach", reach),
    ("conversation", "How we answer", conversation),
    ("crime", "Recorded crime", recorded_crime),
)
for _code, _label, _text in FILLED:
    prefills.add(_code, Prefill(_code, _label, _text))
