"""What editors write, and how often pages are looked at. Nothing here is about a resident."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peelian.accounts.models import Staff
from peelian.core.models import StoredFile


class Page(models.Model):
    """A page of the website in one language. What it says is in its versions: the newest is what editors work on,
    `live` what everybody reads."""

    class Kind(models.TextChoices):
        PAGE = "page", "Page"
        NEWS = "news", "News"
        ADVICE = "advice", "Advice (“Your options”)"

    class Section(models.TextChoices):
        """Of advice: the headings under which it is listed, in this order."""

        ABUSE = "abuse", _("Abuse, hate and harm")
        CRIME = "crime", _("If a crime happened to you")
        ROADS = "roads", _("Roads and driving")
        NUISANCE = "nuisance", _("Noise, litter and neighbours")
        PROPERTY = "property", _("Lost, found and stolen")
        OTHER = "other", _("Something else")

    kind = models.CharField(max_length=6, choices=Kind.choices)
    slug = models.SlugField(max_length=80)
    language = models.CharField(max_length=10, default="en-gb")  # of settings.LANGUAGES
    section = models.CharField(max_length=8, choices=Section.choices, blank=True)
    # About abuse: whoever reads it can leave at once, and their browser does not show the way back
    sensitive = models.BooleanField(default=False)
    review_on = models.DateField()  # when somebody is to read it over again
    live = models.ForeignKey("Version", models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)  # for the first time
    changed_at = models.DateTimeField(null=True, blank=True)  # what everybody reads
    search = SearchVectorField(null=True)  # of the live version; null: not published
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kind", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug", "language"], name="an_address_has_one_page_in_a_language"),
            models.CheckConstraint(
                condition=Q(live=None, search=None) | Q(live__isnull=False, published_at__isnull=False),
                name="what_is_live_was_published",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="website_pages_by_word"),
            models.Index(fields=["kind", "-published_at"], name="website_news"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"

    def get_absolute_url(self) -> str:
        folder = {"page": "pages", "news": "news", "advice": "advice"}[self.kind]
        return f"/{folder}/{self.slug}/"


class Picture(models.Model):
    """A picture on a page, made anew without where it was taken. `key` is its address, which cannot be guessed."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="pictures")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    key = models.CharField(max_length=22, unique=True)
    alt = models.CharField(max_length=250)  # what it shows, in words
    width = models.PositiveSmallIntegerField()  # points
    height = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(alt=""), name="a_picture_of_a_page_is_said_in_words")]


class Version(models.Model):
    """What a page said, as somebody saved it. Never changed: to take something back, an earlier one is saved again."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()  # 1, 2, 3 … of its page
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=250)  # one sentence: in lists, in search and where the page is shared
    who = models.CharField(max_length=120, blank=True)  # of advice: who deals with it
    words = models.CharField(max_length=250, blank=True)  # what else people call it, for search
    body = models.TextField()  # Markdown
    picture = models.ForeignKey(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=120, blank=True)  # "As it was in version 3"

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="a_page_has_a_version_once")]


class PageViews(models.Model):
    """How often one page was looked at on one day, by kind of device. Added to in batches; nobody's address, and no
    sign by which somebody could be known again."""

    day = models.DateField()  # on a London calendar
    page = models.CharField(max_length=120)  # "home", "area:W01", "advice:lost-property"
    device = models.CharField(max_length=8)  # visits.DEVICES
    views = models.PositiveIntegerField()
    arrivals = models.PositiveIntegerField()  # of them from elsewhere, not from another page of ours

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "page", "device"], include=["views", "arrivals"], name="a_page_is_counted_once_a_day"
            )
        ]


class Referrals(models.Model):
    """How many came from another website on one day: its name, never the page."""

    day = models.DateField()
    host = models.CharField(max_length=100)  # empty: not said
    arrivals = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "host"], name="a_site_is_counted_once_a_day")]
