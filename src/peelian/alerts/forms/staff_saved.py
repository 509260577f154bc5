"""Templates and snippets, as their keepers fill them in."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.alerts.actions.drafting import LONGEST_PART, LONGEST_TITLE
from peelian.alerts.forms.staff import ABOUT_PARTS
from peelian.alerts.models import SavedText
from peelian.members.models import Topic

BRACES = "Put what has to be filled in each time in braces: {street}, {date}."
NAME = {"required": "Give it a name that writers find it by"}


class _SavedForm(forms.Form):
    mark_optional = False
    kind: str
    fields_of: tuple[str, ...]

    name = forms.CharField(label="Name", max_length=80, error_messages=NAME)
    topic = forms.ModelChoiceField(
        label="For which type?",
        queryset=Topic.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label="Every type",
    )

    def __init__(self, entry: SavedText | None = None, data: Any = None) -> None:
        initial = {name: getattr(entry, name) for name in self.fields_of} if entry else {}
        if entry and entry.topic:
            initial["topic"] = entry.topic.slug
        super().__init__(data, initial=initial)

    @property
    def chosen(self) -> dict[str, Any]:
        """What actions.keep_text takes."""
        return {"kind": self.kind} | {name: self.cleaned_data[name] for name in self.fields_of}


class TemplateForm(_SavedForm):
    kind = SavedText.Kind.TEMPLATE
    fields_of = ("name", "topic", "title", *ABOUT_PARTS)

    title = forms.CharField(label="Title", help_text=BRACES, max_length=LONGEST_TITLE, required=False)
    happening = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 5}))
    doing = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 5}))
    can_do = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, entry: SavedText | None = None, data: Any = None) -> None:
        super().__init__(entry, data)
        for name, (label, hint) in ABOUT_PARTS.items():
            self.fields[name].label, self.fields[name].help_text = label, hint

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        for name, (label, _) in ABOUT_PARTS.items():
            if len(said.get(name) or "") > LONGEST_PART:
                self.add_error(name, f"“{label}” is longer than {LONGEST_PART:,} characters. Shorten it")
        if not any(said.get(name) for name in ("title", *ABOUT_PARTS)) and not self.errors:
            self.add_error("happening", "Write at least one of the parts")
        return said


class SnippetForm(_SavedForm):
    kind = SavedText.Kind.SNIPPET
    fields_of = ("name", "topic", "part", "text")

    part = forms.ChoiceField(
        label="Which part does it go into?",
        choices=SavedText.Part.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the part it goes into"},
    )
    text = forms.CharField(
        label="What it says",
        help_text=BRACES,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write what it says"},
    )


FORMS: dict[str, type[TemplateForm] | type[SnippetForm]] = {
    SavedText.Kind.TEMPLATE: TemplateForm,
    SavedText.Kind.SNIPPET: SnippetForm,
}
