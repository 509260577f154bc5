"""Forms of a key individual."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Staff
from peelian.members import queries_groups
from peelian.members.models import KeyIndividual

REASONS = [
    ("keeping-in-touch", "To keep in touch"),
    ("tension", "To ask about tension or worry in their community"),
    ("event", "To ask them to something"),
    ("correction", "To put their details right"),
]


class LookForm(forms.Form):
    reason = forms.ChoiceField(label="Why do you need it?", choices=REASONS, widget=forms.RadioSelect)


class KeyForm(forms.Form):
    community = forms.CharField(label="Community they know well", max_length=80)
    role = forms.CharField(label="What they do there", max_length=60)
    keeper = forms.ModelChoiceField(
        Staff.objects.none(), label="Who keeps in touch?", required=False, empty_label="Nobody yet"
    )
    every_days = forms.IntegerField(
        label="Speak every so many days", min_value=7, max_value=730, help_text="From 7 to 730."
    )

    def __init__(self, staff: Staff, key: KeyIndividual, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["keeper"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries_groups.owners_to_choose(staff)
        field.label_from_instance = lambda obj: str(obj.name or obj.public_title)  # type: ignore[method-assign]
        for name in ("community", "role", "keeper", "every_days"):
            self.initial[name] = getattr(key, name)
