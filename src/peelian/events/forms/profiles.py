"""The form of a community profile and engagement plan."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Staff
from peelian.events.models import Profile
from peelian.events.sections import BY_CODE, PLAN, PROFILE, SECTIONS

LONGEST = 5_000


class ProfileForm(forms.Form):
    edit = forms.IntegerField(widget=forms.HiddenInput)
    owner = forms.ModelChoiceField(
        Staff.objects.none(), label="Who is responsible?", required=False, empty_label="Nobody yet"
    )

    def __init__(self, profile: Profile, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        people = profile.team.people.filter(is_active=True)
        field.queryset = (people | Staff.objects.filter(pk=profile.owner_id or 0)).distinct().order_by("name", "email")
        field.label_from_instance = lambda one: one.name or one.public_title  # type: ignore[assignment,method-assign]
        self.initial = {"edit": profile.edit, "owner": profile.owner_id}
        for section in SECTIONS:
            self.fields[section.code] = forms.CharField(
                label=section.title, help_text=section.hint, required=False, max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 6}), initial=profile.draft.get(section.code, ""),
            )  # fmt: skip

    def parts(self) -> list[tuple[str, list[Any]]]:
        """The boxes under the heading of their part."""
        return [
            (part, [self[section.code] for section in SECTIONS if section.part == part]) for part in (PROFILE, PLAN)
        ]

    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in BY_CODE}
