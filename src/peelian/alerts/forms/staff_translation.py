"""A translation beside its original, as whoever reads it over fills it in."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.alerts import translated
from peelian.alerts.actions.translating import LONGEST_PART, LONGEST_TITLE, LONGEST_WHY
from peelian.alerts.models import Translation
from peelian.core.languages import direction, needs_translation
from peelian.members.categories import by_own_name

LABELS = {
    "title": "Title",
    "happening": "What is happening",
    "doing": "What we are doing",
    "can_do": "What you can do",
}


class ReviewForm(forms.Form):
    """The translation, to be mended. `made_at` says which one was read."""

    mark_optional = False

    made_at = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, translation: Translation, data: Any = None) -> None:
        super().__init__(data)
        self.translation = translation
        made_at = translation.made_at
        self.fields["made_at"].initial = made_at.isoformat() if made_at else ""
        for name, label in LABELS.items():
            long = name in translated.PARTS
            field = forms.CharField(
                label=f"{label}, in {translated.language_name(translation.language)}",
                required=bool(getattr(translation.alert, name).strip()),
                initial=getattr(translation, name),
                max_length=LONGEST_PART if long else LONGEST_TITLE,
                widget=forms.Textarea if long else forms.TextInput,
                error_messages={"required": f"Write “{label}” in {translated.language_name(translation.language)}"},
            )
            field.widget.attrs |= {"lang": translation.language, "dir": direction(translation.language)}
            if long:
                field.widget.attrs["rows"] = min(16, 2 + len(getattr(translation.alert, name)) // 50)
            self.fields[name] = field

    def rows(self) -> list[dict[str, Any]]:
        """Each field beside what it translates."""
        alert = self.translation.alert
        return [
            {"field": self[name], "label": label, "original": getattr(alert, name), "long": name in translated.PARTS}
            for name, label in LABELS.items()
            if getattr(alert, name).strip()
        ]

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in LABELS}


class WriteForm(ReviewForm):
    """A translation that a person writes. `of` says which English words stood beside it, and `made_at` is empty where
    there was no translation."""

    of = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, translation: Translation, data: Any = None) -> None:
        super().__init__(translation, data)
        self.fields["made_at"].required = False
        self.fields["of"].initial = translated.fingerprint(translation.alert)
        if translation.made_at is None and data is None:
            self.fields["title"].widget.attrs["autofocus"] = True


class LanguageForm(forms.Form):
    """Another language than those that are asked for."""

    mark_optional = False

    language = forms.ChoiceField(
        label="Another language",
        choices=[("", "Choose one"), *((code, name) for code, name in by_own_name() if needs_translation(code))],
        error_messages={"required": "Choose a language", "invalid_choice": "Choose a language"},
    )


class RejectForm(forms.Form):
    """Beside ReviewForm on its page, so its fields have ids of their own."""

    made_at = forms.CharField(widget=forms.HiddenInput, max_length=40)
    why = forms.CharField(
        label="What is wrong with it?",
        help_text="People who asked for this language get the English words instead.",
        max_length=LONGEST_WHY,
        error_messages={"required": "Say what is wrong with it, so that the next translator knows"},
    )

    def __init__(self, translation: Translation, data: Any = None) -> None:
        super().__init__(data, auto_id="id_reject_%s")
        made_at = translation.made_at
        self.fields["made_at"].initial = made_at.isoformat() if made_at else ""
