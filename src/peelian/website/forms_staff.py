"""Pages as editors write them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.text import slugify

from peelian.website import actions
from peelian.website.actions import Words
from peelian.website.errors import AlreadyReviewed
from peelian.website.models import Page

MARKDOWN = "Markdown: ## for a heading, - for a list, **bold**, [words](address) for a link."


class WordsForm(forms.Form):
    """What a page says, and how it is kept. `seen` is the version that the writer began from."""

    title = forms.CharField(label="Title", max_length=120, help_text="The question people come with, or the news.")
    summary = forms.CharField(
        label="In one sentence",
        max_length=250,
        help_text="Shown in lists, in search and where the page is shared.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    who = forms.CharField(
        label="Who deals with it",
        max_length=120,
        required=False,
        help_text="Such as “Your council, not the police”. Stands first on advice.",
    )
    body = forms.CharField(
        label="The page", max_length=30_000, help_text=MARKDOWN, widget=forms.Textarea(attrs={"rows": 18})
    )
    words = forms.CharField(
        label="What else people call it",
        max_length=250,
        required=False,
        help_text="Words people may search for, which do not stand on the page.",
    )
    section = forms.ChoiceField(
        label="Listed under", error_messages={"required": "Choose the heading under which people find it"}
    )
    sensitive = forms.BooleanField(
        label="This page is about abuse",
        required=False,
        help_text="It gets a way to leave at once, and the browser does not show the way back.",
    )
    review_on = forms.DateField(
        label="Read over again by",
        widget=forms.DateInput(),
        help_text="On that day it is on the list of pages to look at again.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        sections = [(str(code), str(label)) for code, label in Page.Section.choices]
        self.fields["section"].choices = [("", "Choose a heading"), *sections]  # type: ignore[attr-defined]
        if kind != Page.Kind.ADVICE:
            for name in ("section", "who"):
                del self.fields[name]

    def said(self) -> Words:
        given = self.cleaned_data
        return Words(given["title"], given["summary"], given["body"], given.get("who", ""), given["words"])

    def kept(self) -> dict[str, Any]:
        """What is the page's and not the version's."""
        given = self.cleaned_data
        return {
            "section": given.get("section", ""), "sensitive": given["sensitive"], "review_on": given["review_on"]
        }  # fmt: skip


class NewPageForm(WordsForm):
    slug = forms.CharField(
        label="Address",
        max_length=80,
        required=False,
        help_text="The end of the page’s address: small letters and hyphens. Empty: made from the title. It stays.",
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "Use small letters, digits and hyphens alone")],
    )
    language = forms.ChoiceField(label="Language", choices=settings.LANGUAGES, initial=settings.LANGUAGE_CODE)
    field_order = ["title", "slug", "language", "section", "summary", "who", "body", "words", "sensitive", "review_on"]

    def clean_review_on(self) -> date:
        """With the other mistakes, and not after them."""
        day: date = self.cleaned_data["review_on"]
        try:
            actions.check_review(day)
        except AlreadyReviewed as refused:
            raise forms.ValidationError(str(refused)) from refused
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("slug") and "slug" not in self.errors and given.get("title"):
            given["slug"] = slugify(given["title"])[:80].strip("-")
            if not given["slug"]:
                self.add_error("slug", "Give the page an address: none can be made from this title")
        return given


class PageFilter(forms.Form):
    kind = forms.ChoiceField(label="Kind", choices=[("", "All kinds"), *Page.Kind.choices], required=False)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "All"), ("overdue", "To read over"), ("published", "Published"),
            ("changed", "Published, with changes not yet published"), ("draft", "Not published"),
        ],
    )  # fmt: skip


class ReviewForm(forms.Form):
    next_on = forms.DateField(label="Read over again by", widget=forms.DateInput())


class PictureForm(forms.Form):
    file = forms.FileField(
        label="Picture",
        help_text="JPEG, HEIC, PNG, GIF or WebP, 10 MB at most. It is made smaller, and where it was taken is removed.",
        error_messages={"required": "Choose a file", "empty": "That file is empty. Choose another one"},
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/heic,image/png,image/gif,image/webp"}),
    )
    alt = forms.CharField(
        label="What it shows, in words",
        help_text="Read out to people who do not see it, and shown where pictures are switched off.",
        max_length=250,
        error_messages={"required": "Say in words what the picture shows"},
    )


class PeriodForm(forms.Form):
    period = forms.CharField(
        label="Period", max_length=40, required=False, help_text="Such as 2026-10, 2026-Q3 or year-to-2026-10."
    )
