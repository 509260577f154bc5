"""The force's news as an Atom feed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from peelian.alerts.markdown import to_html
from peelian.website import reading
from peelian.website.models import Page

NEWEST = 30

if TYPE_CHECKING:
    Base = Feed[Page, None]
else:
    Base = Feed


class NewsFeed(Base):
    feed_type = Atom1Feed
    description_template = None

    def title(self) -> str:
        return _("%(service)s: news") % {"service": settings.PEELIAN_SERVICE_NAME}

    def subtitle(self) -> str:
        return _("News from %(force)s.") % {"force": settings.PEELIAN_FORCE_NAME}

    def author_name(self) -> str:
        return settings.PEELIAN_FORCE_NAME

    def link(self) -> str:
        return settings.PEELIAN_BASE_URL + reverse("website:news")

    def feed_url(self) -> str:
        return settings.PEELIAN_BASE_URL + reverse("website:news_feed")

    def items(self) -> QuerySet[Page]:
        return reading.news()[:NEWEST]

    def item_title(self, item: Page) -> str:
        return item.live.title if item.live else ""

    def item_description(self, item: Page) -> str:
        return to_html(item.live.body) if item.live else ""

    def item_link(self, item: Page) -> str:
        return settings.PEELIAN_BASE_URL + item.get_absolute_url()

    def item_guid(self, item: Page) -> str:
        return self.item_link(item)

    def item_pubdate(self, item: Page) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Page) -> datetime | None:
        return item.changed_at
