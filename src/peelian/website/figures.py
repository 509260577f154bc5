"""How the website is used, as the board paper of November 2017 prints it (N17 L250-259): views and visits, by page, by
kind of device, by where people came from, by day and month. Every ratio with what it is of.

A view is a page that we sent; what a browser or a network showed again from its own memory within the minute is none.
A visit is an arrival: a view that did not come from another page of ours. Nobody can be counted without being followed,
so there are no people here. Robots, as far as they say so, are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Sum

from peelian.alerts.models import Alert
from peelian.core import clock, wording
from peelian.core.periods import Period
from peelian.core.suppression import SMALL
from peelian.places.models import Area
from peelian.website.models import Page, PageViews, Referrals
from peelian.website.visits import DEVICES

FEWER: Final = "Seen fewer than 5 times each"
PEOPLE: Final = ("phone", "tablet", "computer")
NAMES: Final = {
    "home": "Home", "areas": "Find your area", "areas:map": "Find your area on a map", "news": "News",
    "advice": "Your options (advice)", "search": "Search", "statistics": "How we are doing", "privacy": "Privacy",
    "accessibility": "Accessibility", "alerts": "Alerts", "events": "Events", "promises": "You said, we did",
    "join": "Join", "write": "Write to the team",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    name: str
    views: int
    of: int  # all views

    @property
    def share(self) -> str:
        return wording.share(self.views, self.of)


@dataclass(frozen=True)
class Use:
    """How the website was used over some days. `pages`, `devices` and `hosts` are pairs of a name and a number."""

    views: int
    visits: int
    days: int
    pages: list[tuple[str, int]] = field(default_factory=list)
    devices: list[tuple[str, int]] = field(default_factory=list)
    hosts: list[tuple[str, int]] = field(default_factory=list)
    robots: int = 0

    @property
    def views_a_visit(self) -> float | None:
        return self.views / self.visits if self.visits else None

    @property
    def views_a_day(self) -> float | None:
        return self.views / self.days if self.days else None

    @property
    def share_of_phones(self) -> float | None:
        """Of views whose device is known; tablets are not phones."""
        known = sum(n for _, n in self.devices)
        return dict(self.devices).get("phone", 0) / known if known else None

    @property
    def of_the_pages(self) -> tuple[int, str]:
        """The views of the pages that are named, and their share of all."""
        named = sum(n for name, n in self.pages if name != FEWER)
        return named, f"{100 * named / self.views:.1f}%" if self.views else "0%"

    @property
    def by_page(self) -> list[Row]:
        return [Row(name, n, self.views) for name, n in self.pages]

    @property
    def by_device(self) -> list[Row]:
        known = sum(n for _, n in self.devices)
        return [Row(DEVICES.get(code, code), n, known) for code, n in self.devices]

    @property
    def by_host(self) -> list[Row]:
        return [Row(host or "Not said by the browser", n, self.visits) for host, n in self.hosts]


def use(period: Period) -> Use:
    """Of a period. What was seen fewer than five times is one line: a page that nobody else looked at could point at
    who did."""
    rows = PageViews.objects.filter(day__range=(period.start, period.end))
    ours = rows.exclude(device="robot")
    sums = ours.aggregate(views=Sum("views"), arrivals=Sum("arrivals"))
    by_page = ours.values_list("page").annotate(n=Sum("views"))
    by_device = dict(ours.values_list("device").annotate(n=Sum("views")))
    by_host = Referrals.objects.filter(day__range=(period.start, period.end)).values_list("host").annotate(
        n=Sum("arrivals")
    )  # fmt: skip
    return Use(
        views=sums["views"] or 0,
        visits=sums["arrivals"] or 0,
        days=len(days_so_far(period)),
        pages=_named(pooled(by_page)),
        devices=[(code, by_device[code]) for code in PEOPLE if by_device.get(code)],
        hosts=pooled(by_host),
        robots=rows.filter(device="robot").aggregate(n=Sum("views"))["n"] or 0,
    )


def pooled(rows: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """The most first; those under five together in one line, into which the smallest of the others falls too where the
    line itself would be under five."""
    most = sorted(rows, key=lambda row: (-row[1], row[0]))
    shown = [row for row in most if row[1] >= SMALL]
    rest = [row for row in most if row[1] < SMALL]
    while rest and shown and sum(n for _, n in rest) < SMALL:
        rest.append(shown.pop())
    together = sum(n for _, n in rest)
    return shown + ([(FEWER, together)] if together else [])


def _named(rows: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The pages as staff know them: of areas the name, of what editors write the title."""
    keys = [key for key, _ in rows]
    codes = [key.removeprefix("area:") for key in keys if key.startswith("area:")]
    areas = dict(Area.objects.filter(code__in=codes, valid_to=None).values_list("code", "name"))
    slugs = [key.partition(":")[2] for key in keys if key.partition(":")[0] in Page.Kind.values]
    titles = {
        f"{kind}:{slug}": title
        for kind, slug, title in Page.objects.filter(slug__in=slugs).values_list("kind", "slug", "live__title")
        if title
    }

    refs = [key.partition(":")[2] for key in keys if key.startswith("alert:")]
    titles |= {
        f"alert:{ref}": f"Alert: {title}"
        for ref, title in Alert.objects.filter(ref__in=refs).values_list("ref", "title")
    }

    def name(key: str) -> str:
        if key.startswith("area:"):
            code = key.removeprefix("area:")
            return f"Area: {areas.get(code, code)}"
        return NAMES.get(key) or titles.get(key) or key

    return [(name(key), n) for key, n in rows]


def days_so_far(period: Period) -> list[date]:
    """The days of a period, today among them, and none to come: nobody has looked at anything on those yet."""
    last = min(period.end, clock.today())
    return [date.fromordinal(n) for n in range(period.start.toordinal(), last.toordinal() + 1)]


def by_day(period: Period) -> list[tuple[date, int | None, int | None]]:
    """Each day until today with its views and visits; None where the day had fewer than five, and not none."""
    rows = PageViews.objects.filter(day__range=(period.start, period.end)).exclude(device="robot")
    sums = {day: (views, arrivals) for day, views, arrivals in rows.values_list("day").annotate(
        views_=Sum("views"), arrivals_=Sum("arrivals"))}  # fmt: skip
    return [(day, *map(_told, sums.get(day, (0, 0)))) for day in days_so_far(period)]  # type: ignore[misc]


def by_month(periods: list[Period]) -> list[tuple[Period, int | None, int | None]]:
    """The same of months that follow each other."""
    whole = Period(periods[0].start, periods[-1].end)
    rows = PageViews.objects.filter(day__range=(whole.start, whole.end)).exclude(device="robot")
    sums: dict[str, list[int]] = {}
    for day, views, arrivals in rows.values_list("day").annotate(v=Sum("views"), a=Sum("arrivals")):
        month = sums.setdefault(Period.month_of(day).name, [0, 0])
        month[0] += views
        month[1] += arrivals
    return [(one, *map(_told, sums.get(one.name, (0, 0)))) for one in periods]  # type: ignore[misc]


def _told(number: int) -> int | None:
    return None if 0 < number < SMALL else number
