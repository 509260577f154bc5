"""The forms of papers."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Staff
from peelian.core import clock, periods
from peelian.insight.measures import queries
from peelian.insight.measures.forms import PeriodField
from peelian.places.models import Area


class PaperForm(forms.Form):
    """About when and what."""

    period = PeriodField(label="Period")
    areas = forms.MultipleChoiceField(
        label="Areas", required=False, widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="None: the whole force. Hold Ctrl to choose several.",
    )  # fmt: skip
    public = forms.BooleanField(
        label="For the public", required=False,
        help_text="Small numbers are hidden, names of authors become roles, and what is not signed is left out.",
    )  # fmt: skip

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.by_code = {area.code: area for area in queries.areas_for(staff)}
        self.whole_force = not staff.scope.exists()
        field = self.fields["areas"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (code, f"{area.name} ({area.get_kind_display().lower()})") for code, area in self.by_code.items()
        ]
        self.initial.setdefault("period", periods.last_whole_month(clock.today()).name)

    def clean_areas(self) -> list[Area]:
        found = [self.by_code[code] for code in self.cleaned_data["areas"]]
        if not found and not self.whole_force:
            raise forms.ValidationError("Choose at least one area: the whole force is not in yours")
        return found


class AcceptForm(forms.Form):
    reason = forms.CharField(label="Why does it stand?", max_length=300)
