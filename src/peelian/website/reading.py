"""Reads of what editors write: for everybody what is published, for editors all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import get_language

from peelian.core import clock
from peelian.core.models import StoredFile
from peelian.website.errors import NoSuchPage
from peelian.website.models import Page, Picture, Version

LONGEST_QUERY = 200  # letters


def _languages() -> list[str]:
    """Of pages, as the reader would have them: the language of this page first, then English."""
    return list(dict.fromkeys([get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE]))


def published(kind: str = "") -> QuerySet[Page]:
    """What everybody may read, each page once: in the reader's language where there is it, else in English."""
    first, *others = _languages()
    rows = Page.objects.filter(live__isnull=False, language__in=[first, *others])
    if others:
        ours = Page.objects.filter(live__isnull=False, language=first, kind=OuterRef("kind"), slug=OuterRef("slug"))
        rows = rows.exclude(language=others[0], pk__in=rows.filter(language=others[0], slug__in=ours.values("slug")))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related("live__picture")


def page(kind: str, slug: str) -> Page:
    """One published page, in the reader's language or English. NoSuchPage."""
    rows = Page.objects.filter(kind=kind, slug=slug, live__isnull=False, language__in=_languages())
    found = {one.language: one for one in rows.select_related("live__picture")}
    best = next((found[code] for code in _languages() if code in found), None)
    if best is None:
        raise NoSuchPage
    return best


def news() -> QuerySet[Page]:
    return published(Page.Kind.NEWS).order_by("-published_at", "-pk")


@dataclass(frozen=True)
class Section:
    code: str
    label: str
    pages: list[Page]


def advice() -> list[Section]:
    """Advice under its headings; a heading without any is left out."""
    found = list(published(Page.Kind.ADVICE).order_by("live__title"))
    sections = [(str(code), str(label)) for code, label in Page.Section.choices]
    listed = [Section(code, label, [one for one in found if one.section == code]) for code, label in sections]
    return [section for section in listed if section.pages]


def with_words(text: str) -> QuerySet[Page]:
    """Published pages in which the words are, the best first."""
    words = text.replace("\x00", "").strip()[:LONGEST_QUERY]
    query = SearchQuery(words, config="english", search_type="websearch") | SearchQuery(
        words, config="simple", search_type="websearch"
    )
    rows = published().filter(search=query).annotate(rank=SearchRank(F("search"), query))
    return rows.order_by("-rank", "live__title")


def picture(key: str) -> StoredFile:
    """A picture of a published page. NoSuchPage for any other."""
    found = Picture.objects.filter(key=key, page__live__picture=F("pk")).select_related("file").first()
    if found is None:
        raise NoSuchPage
    return found.file


# For editors ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Show:
    """What the list of pages is narrowed to."""

    kind: str = ""
    state: str = ""  # published, changed, draft, overdue


def pages(show: Show) -> QuerySet[Page]:
    """Every page with the title of its newest version, what is overdue for review first."""
    newest = Version.objects.filter(page=OuterRef("pk")).order_by("-number")
    rows = Page.objects.annotate(
        title=Subquery(newest.values("title")[:1]), newest_id=Subquery(newest.values("pk")[:1]),
        saved_at=Subquery(newest.values("at")[:1]), saved_by=Subquery(newest.values("by__name")[:1]),
        overdue=Case(When(live__isnull=False, review_on__lte=clock.today(), then=Value(1)), default=Value(0),
                     output_field=IntegerField()),
    )  # fmt: skip
    if show.kind:
        rows = rows.filter(kind=show.kind)
    if show.state == "draft":
        rows = rows.filter(live=None)
    elif show.state == "published":
        rows = rows.filter(live__isnull=False)
    elif show.state == "changed":
        rows = rows.filter(live__isnull=False).exclude(live=F("newest_id"))
    elif show.state == "overdue":
        rows = rows.filter(overdue=1)
    return rows.order_by("-overdue", "kind", "title", "pk")


def overdue() -> int:
    """How many published pages somebody should have read over by now."""
    return Page.objects.filter(live__isnull=False, review_on__lte=clock.today()).count()


def to_edit(pk: int) -> Page:
    """One page, published or not. NoSuchPage."""
    found = Page.objects.filter(pk=pk).select_related("live").first()
    if found is None:
        raise NoSuchPage
    return found


def newest(of: Page) -> Version:
    return of.versions.select_related("picture", "by").order_by("-number")[0]


def history(of: Page) -> list[Version]:
    """Every version, the newest first."""
    return list(of.versions.select_related("by").order_by("-number"))


def version(of: Page, number: int) -> Version:
    found = of.versions.filter(number=number).select_related("picture", "by").first()
    if found is None:
        raise NoSuchPage
    return found


def picture_to_edit(of: Page, key: str) -> StoredFile:
    """A picture of any version, for editors."""
    found = Picture.objects.filter(key=key, page=of).select_related("file").first()
    if found is None:
        raise NoSuchPage
    return found.file


def suggested_review(today: date) -> date:
    """A year from now."""
    return clock.months_after(today, 12)
