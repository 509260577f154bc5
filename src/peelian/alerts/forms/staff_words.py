"""The list of jargon, as its keepers fill it in."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.alerts.models import Jargon


class JargonForm(forms.Form):
    """Words that residents may not know, and what to write instead."""

    words = forms.CharField(
        label="Words or abbreviation",
        help_text="An abbreviation in capitals is looked for in capitals only.",
        max_length=60,
        error_messages={"required": "Give the words, such as RTC"},
    )
    instead = forms.CharField(
        label="What to write instead",
        help_text="It is said after “write”: the words in quotation marks, such as “a crash”, or what to tell.",
        max_length=120,
        error_messages={"required": "Give what to write instead, such as “a crash”"},
    )

    def __init__(self, entry: Jargon | None = None, data: Any = None) -> None:
        self.entry = entry
        super().__init__(data, initial={"words": entry.words, "instead": entry.instead} if entry else None)

    def clean_words(self) -> str:
        words = " ".join(self.cleaned_data["words"].split())
        others = Jargon.objects.filter(words__iexact=words)
        if self.entry is not None:
            others = others.exclude(pk=self.entry.pk)
        if others.exists():
            raise forms.ValidationError(f"“{words}” is in the list already. Change that entry")
        return words
