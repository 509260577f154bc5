"""Forms for what comes after an event."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.events.models import Event
from peelian.events.queries import staff as queries
from peelian.places.models import Area

# Code → what staff and the public read. About how many: nobody is asked
BANDS = {
    "under-18": "Under 18",
    "18-34": "18 to 34",
    "35-64": "35 to 64",
    "65-over": "65 or over",
    "women": "Women and girls",
    "men": "Men and boys",
    "minority": "From ethnic minorities",
    "disabled": "Disabled people",
}


class FiguresForm(forms.Form):
    attended = forms.IntegerField(
        label="About how many people came?", min_value=0, max_value=100_000,
        help_text="Residents, without staff and partners. 0 when nobody came.",
        error_messages={"required": "Say about how many came. 0 when nobody did"},
    )  # fmt: skip

    def __init__(self, event: Event, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.initial["attended"] = event.attended
        for code, words in BANDS.items():
            self.fields[f"band-{code}"] = forms.IntegerField(
                label=words, required=False, min_value=0, initial=event.bands.get(code)
            )

    def bands(self) -> dict[str, int]:
        found = {code: self.cleaned_data.get(f"band-{code}") for code in BANDS}
        return {code: number for code, number in found.items() if number is not None}

    def band_fields(self) -> list[Any]:
        return [self[f"band-{code}"] for code in BANDS]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        came = given.get("attended")
        for code in BANDS:
            if came is not None and (given.get(f"band-{code}") or 0) > came:
                self.add_error(f"band-{code}", f"“{BANDS[code]}” is more than the {came} who came")
        return given


class AttendeeForm(forms.Form):
    name = forms.CharField(
        label="Their name", max_length=80, error_messages={"required": "Write down the name they gave"}
    )
    email = forms.EmailField(label="Email address", required=False)
    wants_back = forms.BooleanField(label="They want to hear what comes of it", required=False)
    agreed = forms.BooleanField(
        label="I have read this to them, and they said yes",
        error_messages={"required": "Read the words to them first. Without a yes nobody’s name is kept"},
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("wants_back") and not given.get("email") and "email" not in self.errors:
            self.add_error("email", "Give their email address, or they cannot hear what comes of it")
        return given


class MinutesForm(forms.Form):
    text = forms.CharField(
        label="Minutes", required=False, max_length=30_000, widget=forms.Textarea(attrs={"rows": 16}),
        help_text="What was said and decided, without residents’ names. Markdown works.",
    )  # fmt: skip


class RaisedForm(forms.Form):
    said = forms.CharField(
        label="What was raised?", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In the words it was said in. Never a name, nor anything that tells who said it.",
        error_messages={"required": "Say what was raised"},
    )  # fmt: skip
    people = forms.IntegerField(
        label="About how many people said so?", required=False, min_value=1, max_value=10_000,
        error_messages={"min_value": "Give at least one person, or leave it empty"},
    )  # fmt: skip
    area = forms.ModelChoiceField(
        Area.objects.none(), label="Where is it?", empty_label=None,
        error_messages={"required": "Choose the area it is about"},
    )  # fmt: skip

    def __init__(self, staff: Staff, event: Event, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = (
            queries.areas_to_plan_in(staff) | Area.objects.filter(pk=event.area_id)
        ).order_by("name")  # fmt: skip
        self.initial.setdefault("area", event.area_id)


class ActionForm(forms.Form):
    text = forms.CharField(
        label="What will be done?", max_length=300, error_messages={"required": "Say what will be done"}
    )
    owner = forms.ModelChoiceField(
        Staff.objects.none(), label="By whom?", required=False, empty_label="A partner agency"
    )
    partner = forms.CharField(label="Which partner agency?", required=False, max_length=80)
    due_on = forms.DateField(
        label="By when?", widget=forms.DateInput, error_messages={"required": "Give the day it will be done by"}
    )

    def __init__(self, staff: Staff, event: Event, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = event.team.people.filter(is_active=True).order_by("name", "email")
        field.label_from_instance = lambda one: one.name or one.public_title  # type: ignore[assignment,method-assign]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("owner") and not given.get("partner"):
            self.add_error("partner", "Say who does it: choose one of the team, or name the agency")
        if given.get("due_on") and given["due_on"] < clock.today():
            self.add_error("due_on", "Give a day that is still to come")
        return given
