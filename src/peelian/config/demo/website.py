"""The website of the demonstration force: its pages with who wrote them, photographs of teams that are drawn, and a
year of visits."""

from __future__ import annotations

import io
from datetime import date, time, timedelta

import numpy as np
from PIL import Image, ImageDraw

from peelian.accounts import actions as accounts
from peelian.accounts.models import Staff
from peelian.config.demo import website_words as words
from peelian.config.demo.staff import Roster
from peelian.config.demo.writing import copy, settle_ids
from peelian.core import clock
from peelian.places.models import Area
from peelian.website import actions
from peelian.website.actions import Words
from peelian.website.models import Page, PageViews, Referrals

DAYS = 400
PHOTOGRAPHED = 6  # teams
SHARES = (("phone", 0.70), ("computer", 0.24), ("tablet", 0.06))
HOSTS = (("", 0.38), ("google.com", 0.30), ("facebook.com", 0.17), ("bing.com", 0.06), ("nextdoor.co.uk", 0.05),
         ("heartshire-council.example", 0.04))  # fmt: skip
SKIES = ("#9cc3d5", "#e9c9a1", "#b7c9e2", "#d8d3bb", "#a8cfc0", "#c9b8d0")


def write(seed: int, roster: Roster) -> None:
    rng = np.random.default_rng([seed, 6])
    editor = roster.communications[0]
    _advice(editor)
    _pages(editor)
    _photographs(roster, editor)
    _visits(rng)


def _advice(editor: Staff) -> None:
    today = clock.today()
    for number, one in enumerate(words.ADVICE):
        said = Words(one.title, one.summary, one.body, one.who, one.words)
        _published(Page.Kind.ADVICE, one.slug, said, editor, today - timedelta(days=40 + 13 * number),
                   section=one.section, sensitive=one.sensitive)  # fmt: skip
    _kind, slug, title, who, summary, body = words.URDU
    _published(Page.Kind.ADVICE, slug, Words(title, summary, body, who), editor, today - timedelta(days=20),
               section="abuse", sensitive=True, language="ur")  # fmt: skip
    # Two that somebody should have read over, and one with changes that wait
    overdue = Page.objects.filter(slug__in=["fines", "yellow-lines"])
    overdue.update(review_on=today - timedelta(days=9))
    bikes = Page.objects.get(slug="bikes")
    newest = bikes.versions.first()
    assert newest is not None
    again = Words(newest.title, newest.summary, f"{newest.body}\n\nMarking is free.", newest.who, newest.words)
    actions.save(page=bikes, seen=1, words=again, review_on=bikes.review_on, section=bikes.section, by=editor)


def _pages(editor: Staff) -> None:
    today = clock.today()
    for number, one in enumerate(words.PAGES):
        said = Words(one.title, one.summary, one.body)
        _published(Page.Kind.PAGE, one.slug, said, editor, today - timedelta(days=100 + number))
    for number, one in enumerate(words.NEWS):
        said = Words(one.title, one.summary, one.body)
        page = _published(Page.Kind.NEWS, one.slug, said, editor, today - timedelta(days=4 + 23 * number))
        if number == 0:
            alt = "Drawing: roofs under a morning sky"
            actions.put_picture(page=page, content=_drawn(2, 1_280, 640), alt=alt, by=editor)
            actions.publish(page=page, by=editor)


def _published(
    kind: str, slug: str, said: Words, editor: Staff, day: date, *, language: str = "en-gb", section: str = "",
    sensitive: bool = False,
) -> Page:  # fmt: skip
    """Published on a day that is past; to be read over a year later."""
    review = max(day + timedelta(days=365), clock.today() + timedelta(days=30))
    page = actions.make_page(
        kind=kind, slug=slug, language=language, words=said, review_on=review, by=editor, section=section,
        sensitive=sensitive,
    )  # fmt: skip
    actions.publish(page=page, by=editor)
    at = clock.london(day, time(10, 20))
    Page.objects.filter(pk=page.pk).update(published_at=at, changed_at=at)
    page.versions.update(at=at)
    return page


def _photographs(roster: Roster, editor: Staff) -> None:
    """Of the first few teams: drawn, since nobody of the demonstration exists."""
    for number, one in enumerate(roster.teams[:PHOTOGRAPHED]):
        alt = f"Drawing: the roofs of {one.sector.name.removesuffix(' sector')}"
        for team in (one.team, one.ward_team):
            accounts.put_photo(subject=team, content=_drawn(number, 480, 360), alt=alt, by=editor)
        host = one.team.slug.replace("-", "")[:24]
        one.team.social = f"https://www.facebook.com/{host}.example\nhttps://x.com/{host[:14]}"
        one.team.save(update_fields=["social"])


def _drawn(number: int, width: int, height: int) -> bytes:
    """Roofs of a street under the sky, another for each number."""
    rng = np.random.default_rng(number)
    picture = Image.new("RGB", (width, height), SKIES[number % len(SKIES)])
    draw = ImageDraw.Draw(picture)
    sun = (width * (0.2 + 0.1 * number), height * 0.18)
    draw.ellipse([sun[0], sun[1], sun[0] + height * 0.16, sun[1] + height * 0.16], fill="#fff6df")
    for depth, colour in enumerate(("#6f8899", "#3f5c72", "#14406b")):
        left, foot = -40.0, height * (0.62 + 0.14 * depth)
        while left < width:
            wide, tall = rng.uniform(0.10, 0.19) * width, rng.uniform(0.14, 0.26) * height
            draw.rectangle([left, foot - tall, left + wide, height], fill=colour)
            roof = [(left - 6, foot - tall), (left + wide / 2, foot - tall * 1.45), (left + wide + 6, foot - tall)]
            draw.polygon(roof, fill=colour)
            if depth == 2:
                pane = wide / 5
                for at in (left + pane, left + 3 * pane):
                    draw.rectangle([at, foot - tall * 0.75, at + pane, foot - tall * 0.4], fill="#f2d48a")
            left += wide * 1.06
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _visits(rng: np.random.Generator) -> None:
    """More on weekdays, more each month; the home page most, then a long tail of areas."""
    codes = list(Area.objects.filter(kind="ward", valid_to=None).order_by("code").values_list("code", flat=True))
    pages = ["home", "areas", "news", "advice", "search", "statistics", "privacy"]
    pages += [f"advice:{one.slug}" for one in words.ADVICE] + [f"news:{one.slug}" for one in words.NEWS]
    weights = [30.0, 9, 8, 7, 4, 1, 0.3] + [1.2] * len(words.ADVICE) + [1.5] * len(words.NEWS)
    tail = 1 / np.arange(1, len(codes) + 1)
    pages += [f"area:{code}" for code in codes]
    mean = np.concatenate([weights, 30 * tail / tail.sum()]) / 60
    today, views, hosts = clock.today(), [], []
    for ago in range(DAYS, 0, -1):
        day = today - timedelta(days=ago)
        busy = (420 - 0.5 * ago) * (1.0 if day.weekday() < 5 else 0.7)
        arrived = 0
        for device, share in SHARES:
            seen = rng.poisson(mean * busy * share)
            came = rng.binomial(seen, 0.62)
            arrived += int(came.sum())
            views += [(day, pages[at], device, int(seen[at]), int(came[at])) for at in np.flatnonzero(seen)]
        found = rng.multinomial(arrived, [share for _, share in HOSTS])
        hosts += [(day, host, int(n)) for (host, _), n in zip(HOSTS, found, strict=True) if n]
    copy(PageViews, ("day", "page", "device", "views", "arrivals"), views)
    copy(Referrals, ("day", "host", "arrivals"), hosts)
    settle_ids(PageViews, Referrals)
