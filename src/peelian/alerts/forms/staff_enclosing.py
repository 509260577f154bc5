"""Pictures and papers, as a writer adds them."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.alerts.actions.enclosing import DAYS, LONGEST_ALT, LONGEST_NAME

FILE = {"required": "Choose a file", "empty": "That file is empty. Choose another one"}


class PictureForm(forms.Form):
    prefix = "picture"
    file = forms.FileField(
        label="Picture",
        help_text="JPEG, HEIC, PNG, GIF or WebP, 10 MB at most. It is made smaller, and where it was taken is removed.",
        error_messages=FILE,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/heic,image/png,image/gif,image/webp"}),
    )
    alt = forms.CharField(
        label="What it shows, in words",
        help_text="Read out to people who do not see it, and shown where pictures are switched off.",
        max_length=LONGEST_ALT,
        error_messages={"required": "Say in words what the picture shows"},
    )


class PaperForm(forms.Form):
    prefix = "paper"
    file = forms.FileField(
        label="File",
        help_text="PDF, 10 MB at most.",
        error_messages=FILE,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )
    title = forms.CharField(
        label="What is in it",
        help_text="The words of the link, such as “How to mark your bicycle”.",
        max_length=LONGEST_NAME,
        error_messages={"required": "Give the file a title that says what is in it"},
    )
    days = forms.TypedChoiceField(
        label="How long does the link work?",
        choices=[(days, f"{days} days after the alert went out") for days in DAYS],
        coerce=int,
        initial=DAYS[1],
        widget=forms.RadioSelect,
    )


def content_of(form: Any) -> bytes:
    return bytes(form.cleaned_data["file"].read())
