"""Atom feeds of what everybody may read: the newest alerts of the force, and of one area with the areas it lies in."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from peelian.alerts import queries, translated
from peelian.alerts.cap import MEDIA_TYPE
from peelian.alerts.enclosed import enclosures
from peelian.alerts.models import Alert
from peelian.alerts.reading import html_in, html_of
from peelian.alerts.translated import Said
from peelian.core.errors import NotFound
from peelian.core.for_everybody import for_everybody
from peelian.core.languages import ENGLISH
from peelian.members import queries as members
from peelian.members.models import Topic
from peelian.places import queries as places
from peelian.places.models import Area

NEWEST = 50


def _absolute(path: str) -> str:
    return f"{settings.PEELIAN_BASE_URL}{path}"


if TYPE_CHECKING:
    Base = Feed[Alert, Area | None]
else:
    Base = Feed


class Feed1(Atom1Feed):
    """Atom in which an entry says its own language, where it can be read in others, and where an urgent alert's CAP
    message is."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for code, address in item.get("languages", ()):
            handler.addQuickElement("link", "", {"rel": "alternate", "hreflang": code, "href": address})
        if address := item.get("cap"):
            handler.addQuickElement("link", "", {"rel": "alternate", "type": MEDIA_TYPE, "href": address})

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {**super().item_attributes(item), "xml:lang": item.get("language", ENGLISH)}


class AlertFeed(Base):
    """The force's newest alerts; with ?type= those of one type, with ?lang= those that were translated into it in that
    language."""

    feed_type = Feed1
    language = None  # of the page: the address says which
    wanted = ""
    topic: Topic | None = None
    description_template = None

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> Area | None:
        self.wanted = request.GET.get("lang", "")
        if slug := request.GET.get("type", ""):
            self.topic = members.topics().filter(slug=slug.replace("\x00", "")).first()
            if self.topic is None:
                raise NotFound
        return None

    def title(self, obj: Area | None) -> str:
        where = obj.name if obj else settings.PEELIAN_FORCE_NAME
        said = _("%(service)s: alerts for %(where)s") % {"service": settings.PEELIAN_SERVICE_NAME, "where": where}
        return f"{said}: {self.topic.name}" if self.topic else said

    def subtitle(self, obj: Area | None) -> str:
        return _("What neighbourhood teams of %(force)s tell people.") % {"force": settings.PEELIAN_FORCE_NAME}

    def author_name(self, obj: Area | None) -> str:
        return settings.PEELIAN_FORCE_NAME

    def link(self, obj: Area | None) -> str:
        return _absolute(f"/areas/{obj.code}/" if obj else reverse("alerts:list"))

    def feed_url(self, obj: Area | None) -> str:
        found = reverse("alerts:area_feed", args=[obj.code]) if obj else reverse("alerts:feed")
        return _absolute(f"{found}?type={self.topic.slug}" if self.topic else found)

    def items(self, obj: Area | None) -> QuerySet[Alert]:
        return queries.public_alerts(area=obj, topic=self.topic).prefetch_related("translations", enclosures())[:NEWEST]

    def item_title(self, item: Alert) -> str:
        said = self._said(item)
        return said.title if said else item.title

    def item_description(self, item: Alert) -> str:
        said = self._said(item)
        return html_in(said, item) if said else html_of(item)

    def item_extra_kwargs(self, item: Alert) -> dict[str, Any]:
        said = self._said(item)
        where = _absolute(item.get_absolute_url())
        others = [(one.language, f"{where}?lang={one.language}") for one in translated.shown(item)]
        found: dict[str, Any] = {"language": said.language if said else ENGLISH, "languages": others}
        if item.priority == Alert.Priority.URGENT:
            found["cap"] = _absolute(reverse("alerts:cap", args=[item.ref]))
        return found

    def _said(self, item: Alert) -> Said | None:
        """The alert in the language asked for, where its page offers it."""
        offered = {one.language for one in translated.shown(item)} if self.wanted else set()
        return translated.said_in(item, self.wanted) if self.wanted in offered else None

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
        super().get_object(request)
        area = places.area(str(kwargs["code"]))
        if area.kind not in Area.ADMINISTRATIVE:  # hotspots and drawn areas are the force's own business
            raise NotFound
        return area


@for_everybody
def feed(request: HttpRequest) -> HttpResponse:
    return AlertFeed()(request)


@for_everybody
def area_feed(request: HttpRequest, code: str) -> HttpResponse:
    return AreaFeed()(request, code=code)
