"""Search over everything that everybody may read: pages, advice, news, areas, alerts, and what programmes publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from peelian.alerts import queries as alerts
from peelian.alerts import reading as alert_words
from peelian.core.languages import ENGLISH, in_address, is_english
from peelian.events import queries as events
from peelian.priorities import queries as priorities
from peelian.website import queries, reading
from peelian.website.models import Page

MOST = 8  # of each kind


@dataclass(frozen=True)
class Found:
    title: str
    url: str
    says: str = ""
    when: date | datetime | None = None
    language: str = ""  # where it is not the page's


@dataclass(frozen=True)
class Group:
    label: str
    found: list[Found]
    more: str = ""
    more_url: str = ""


def search(text: str) -> list[Group]:
    """What has these words, by kind; kinds without any are left out. A postcode finds its area."""
    words = text.replace("\x00", "").strip()[: reading.LONGEST_QUERY]
    if not words:
        return []
    groups = [of(words) for of in KINDS]
    return [group for group in groups if group.found]


def _areas(words: str) -> Group:
    there = queries.neighbourhood_of(words)
    areas = [there] if there else queries.neighbourhoods_named(words)
    found = [Found(one.name, reverse("website:area", args=[one.code]) + in_address()) for one in areas[:MOST]]
    more = f"{reverse('website:areas')}?{urlencode({'q': words})}" if len(areas) > MOST else ""
    return Group(gettext("Areas"), found, gettext("See all areas with that in the name"), more)


def _pages(words: str) -> Group:
    rows = reading.with_words(words).exclude(kind=Page.Kind.NEWS)[:MOST]
    return Group(gettext("Advice and pages"), list(_of_pages(rows)))


def _news(words: str) -> Group:
    rows = reading.with_words(words).filter(kind=Page.Kind.NEWS)[:MOST]
    return Group(gettext("News"), list(_of_pages(rows)))


def _of_pages(rows: Iterable[Page]) -> Iterable[Found]:
    for one in rows:
        assert one.live is not None  # of what is published
        language = ENGLISH if is_english(one.language) else one.language
        when = one.published_at if one.kind == Page.Kind.NEWS else None
        yield Found(one.live.title, one.get_absolute_url() + in_address(), one.live.summary, when, language)


def _alerts(words: str) -> Group:
    rows = list(alerts.public_alerts(q=words)[: MOST + 1])
    found = [
        Found(one.title, one.get_absolute_url() + in_address(), alert_words.first_words(one), one.sent_at, ENGLISH)
        for one in rows[:MOST]
    ]
    more = f"{reverse('alerts:list')}?{urlencode({'q': words})}" if len(rows) > MOST else ""
    return Group(gettext("Alerts"), found, gettext("See all alerts with these words"), more)


def _events(words: str) -> Group:
    """By title, venue or kind: there are hundreds to come at most."""
    rows = events.public_events().filter(Q(title__icontains=words) | Q(venue__icontains=words))[:MOST]
    found = [Found(one.title, one.get_absolute_url() + in_address(), one.venue, one.starts_at, ENGLISH) for one in rows]
    return Group(gettext("Events"), found)


def _promises(words: str) -> Group:
    rows = priorities.public_promises().filter(Q(said__icontains=words) | Q(will_do__icontains=words))[:MOST]
    found = [
        Found(one.said, one.get_absolute_url() + in_address(), one.did or one.will_do, language=ENGLISH) for one in rows
    ]
    return Group(gettext("Promises"), found)


KINDS: list[Callable[[str], Group]] = [_areas, _pages, _alerts, _events, _promises, _news]
