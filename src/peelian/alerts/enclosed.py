"""Pictures and papers of an alert as residents get them: links to our own server, and always in words too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext

from peelian.alerts import errors
from peelian.alerts.models import Alert, Enclosure
from peelian.core import clock, wording

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
EMAIL_WIDTH = 536  # pixels of a message's column


@dataclass(frozen=True)
class Shown:
    """`said` is all of it in words: what a picture shows, or a paper's title, kind, size and last day."""

    key: str
    is_picture: bool
    url: str
    said: str
    width: int | None
    height: int | None
    scanned: bool  # a paper, by a virus scanner

    @property
    def shown_width(self) -> int:
        return min(self.width or EMAIL_WIDTH, EMAIL_WIDTH)

    @property
    def plain(self) -> str:
        return f"{gettext('Picture') if self.is_picture else gettext('File')}: {self.said}\n{self.url}"


def enclosed(alert: Alert) -> list[Shown]:
    """What goes with an alert, pictures first; a paper whose link has ended is left out. Reads `enclosures` and their
    files' sizes in one query, or what was prefetched."""
    if "enclosures" not in getattr(alert, "_prefetched_objects_cache", {}):
        prefetch_related_objects([alert], enclosures())
    shown = Enclosure.State.SHOWN
    rows = [one for one in alert.enclosures.all() if one.state == shown and not has_ended(one, alert)]
    return [_shown(one, alert) for one in sorted(rows, key=lambda one: one.kind != Enclosure.Kind.PICTURE)]


def enclosures() -> Prefetch[str, QuerySet[Enclosure], str]:
    """For lists of alerts: everything but the bytes."""
    return Prefetch("enclosures", Enclosure.objects.select_related("file").defer("file__content"))


def _shown(one: Enclosure, alert: Alert) -> Shown:
    assert one.file is not None  # of what is shown
    ending = ENDINGS[one.file.media_type]
    is_picture = one.kind == Enclosure.Kind.PICTURE
    url = settings.PEELIAN_BASE_URL + reverse("alerts:enclosure", args=[one.key, f"{name_of(one)}.{ending}"])
    said = one.alt
    if not is_picture:
        last = last_day(one, alert)
        kind = {
            "title": one.title,
            "kind": ending.upper(),
            "size": filesizeformat(one.file.size).replace(chr(160), " "),
        }
        if last:
            said = gettext("%(title)s (%(kind)s, %(size)s, until %(day)s)") % (kind | {"day": wording.uk_date(last)})
        else:
            said = gettext("%(title)s (%(kind)s, %(size)s, for %(days)s days)") % (kind | {"days": one.days})
    return Shown(one.key, is_picture, url, said, one.width, one.height, one.scanned)


def name_of(one: Enclosure) -> str:
    return slugify(one.title) or one.kind


def last_day(one: Enclosure, alert: Alert) -> date | None:
    """The last day of a paper's link, on a London calendar; None of a picture, and before the alert went out."""
    if one.days is None or alert.sent_at is None:
        return None
    return alert.sent_at.astimezone(clock.LONDON).date() + timedelta(days=one.days)


def has_ended(one: Enclosure, alert: Alert) -> bool:
    last = last_day(one, alert)
    return last is not None and last < clock.today()


def opened(key: str) -> Enclosure:
    """What a link is for, with its bytes. Raises NoSuchEntry, AlertGone after a withdrawal, PaperGone."""
    found = Enclosure.objects.select_related("alert", "file").filter(key=key, state=Enclosure.State.SHOWN).first()
    if found is None:
        raise errors.NoSuchEntry
    if found.alert.state == Alert.State.WITHDRAWN:
        raise errors.AlertGone(found.alert.withdrawn_reason, found.alert.withdrawn_at)
    if has_ended(found, found.alert):
        raise errors.PaperGone
    return found


def html_of(shown: list[Shown]) -> SafeString:
    """For a feed or a digest: plain elements without styles."""
    pictures = format_html_join(
        "\n",
        '<p><img src="{}" alt="{}" width="{}" height="{}"></p>',
        ((one.url, one.said, one.width, one.height) for one in shown if one.is_picture),
    )
    papers = format_html_join(
        "\n", '<p><a href="{}">{}</a></p>', ((one.url, one.said) for one in shown if not one.is_picture)
    )
    return format_html("{}\n{}", pictures, papers) if shown else SafeString("")
