"""Atom feeds of what everybody may read: the newest alerts of the force, and of one area with the areas it lies in."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from peelian.alerts import queries
from peelian.alerts.models import Alert
from peelian.alerts.reading import html_of
from peelian.core.errors import NotFound
from peelian.places import queries as places
from peelian.places.models import Area

NEWEST = 50
FRESH = 30  # seconds


def _absolute(path: str) -> str:
    return f"{settings.PEELIAN_BASE_URL}{path}"


if TYPE_CHECKING:
    Base = Feed[Alert, Area | None]
else:
    Base = Feed


class AlertFeed(Base):
    """The force's newest alerts."""

    feed_type = Atom1Feed
    language = "en-gb"
    description_template = None

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> Area | None:
        return None

    def title(self, obj: Area | None) -> str:
        where = obj.name if obj else settings.PEELIAN_FORCE_NAME
        return f"{settings.PEELIAN_SERVICE_NAME}: alerts for {where}"

    def subtitle(self, obj: Area | None) -> str:
        return f"What neighbourhood teams of {settings.PEELIAN_FORCE_NAME} tell people."

    def author_name(self, obj: Area | None) -> str:
        return settings.PEELIAN_FORCE_NAME

    def link(self, obj: Area | None) -> str:
        return _absolute(f"/areas/{obj.code}/" if obj else reverse("alerts:list"))

    def feed_url(self, obj: Area | None) -> str:
        return _absolute(reverse("alerts:area_feed", args=[obj.code]) if obj else reverse("alerts:feed"))

    def items(self, obj: Area | None) -> QuerySet[Alert]:
        return queries.public_alerts(area=obj)[:NEWEST]

    def item_title(self, item: Alert) -> str:
        return item.title

    def item_description(self, item: Alert) -> str:
        return html_of(item)

    def item_link(self, item: Alert) -> str:
        return _absolute(item.get_absolute_url())

    def item_guid(self, item: Alert) -> str:
        return _absolute(item.get_absolute_url())

    def item_author_name(self, item: Alert) -> str:
        return item.team.name

    def item_pubdate(self, item: Alert) -> datetime | None:
        return item.sent_at

    def item_updateddate(self, item: Alert) -> datetime | None:
        return item.sent_at

    def item_categories(self, item: Alert) -> list[str]:
        return [item.topic.name] if item.topic else []


class AreaFeed(AlertFeed):
    """The alerts of one area and of those it lies in."""

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> Area | None:
        area = places.area(str(kwargs["code"]))
        if area.kind not in Area.ADMINISTRATIVE:  # hotspots and drawn areas are the force's own business
            raise NotFound
        return area


@require_safe
@cache_control(public=True, max_age=FRESH)
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    return AlertFeed()(request)


@require_safe
@cache_control(public=True, max_age=FRESH)
@conditional_page
def area_feed(request: HttpRequest, code: str) -> HttpResponse:
    return AreaFeed()(request, code=code)
