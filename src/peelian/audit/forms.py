from typing import Any

from django import forms

from peelian.audit.queries import Filter

WHO = [("", "Anybody"), ("staff", "Staff"), ("member", "Residents"), ("system", "Peelian itself")]


class TrailFilter(forms.Form):
    """What to look for in the trail."""

    verb = forms.CharField(label="What happened", max_length=60, required=False, help_text="Or how it begins: alert.")
    actor_kind = forms.ChoiceField(label="Who", choices=WHO, required=False)
    actor_id = forms.IntegerField(label="Their number", min_value=1, required=False)
    object_kind = forms.CharField(label="Kind of thing", max_length=30, required=False)
    object_id = forms.CharField(label="Its reference", max_length=60, required=False)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput)
    until = forms.DateField(label="To", required=False, widget=forms.DateInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", "“To” has to be the same day as “From”, or later")
        return given

    def wanted(self) -> Filter:
        """What was asked for; a field that cannot be read narrows nothing."""
        self.is_valid()
        return Filter(**{name: self.cleaned_data[name] for name in self.fields if self.cleaned_data.get(name)})
