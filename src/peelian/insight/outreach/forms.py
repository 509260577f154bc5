"""What is looked at, by GET, so that every view has an address of its own; and what is planned and recorded."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.insight.outreach.overlay import CRIMES, PARTS, WEIGHT, Choice
from peelian.insight.reach.forms import areas_to_choose
from peelian.places import queries as places
from peelian.places.models import Area

DEFAULT_WEIGHT = 1
ABOVE_WARDS = Area.ADMINISTRATIVE[:-1]


class OverlayForm(forms.Form):
    """The weights and groups of the overlay. `chosen` gives them as the overlay takes them."""

    mark_optional = False
    area = forms.ChoiceField(label="Area")
    crime = forms.ChoiceField(label="Crime", choices=list(CRIMES.items()))
    topic = forms.ChoiceField(label="Groups by")

    def __init__(self, staff: Staff, topic: str, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        area: Any = self.fields["area"]
        area.choices = areas_to_choose(staff, ABOVE_WARDS)
        topics: Any = self.fields["topic"]
        topics.choices = [(one.code, one.label) for one in places.topics()]
        for part in PARTS:
            self.fields[f"w-{part.code}"] = forms.IntegerField(
                label=part.label, min_value=0, max_value=WEIGHT, widget=forms.NumberInput(attrs={"class": "p-weight"})
            )
        self.fields["group"] = forms.MultipleChoiceField(
            label="Groups that count", choices=groups_of(topic), required=False, widget=forms.CheckboxSelectMultiple
        )
        if not topics.choices:
            del self.fields["topic"]
            del self.fields["group"]

    @property
    def weights(self) -> list[Any]:
        return [self[f"w-{part.code}"] for part in PARTS]

    @property
    def chosen(self) -> Choice:
        data = self.cleaned_data
        return Choice(
            {part.code: data[f"w-{part.code}"] for part in PARTS},
            data.get("topic", ""),
            tuple(data.get("group", ())),
            data["crime"],
        )


def groups_of(topic: str) -> list[tuple[str, str]]:
    """The groups of the newest table about a topic."""
    table = next((one for one in places.tables() if one.topic == topic), None)
    return [(code, label) for code, label in table.labels] if table else []


class SaveForm(forms.Form):
    """A name for the weights as they are."""

    name = forms.CharField(label="Save these weights as", max_length=80)


class CoverForm(forms.Form):
    """A file of households under Neighbourhood Watch."""

    file = forms.FileField(label="CSV file", help_text="Two columns: area_code,value. One row for each ward.")
    as_of = forms.DateField(label="As of", widget=forms.DateInput)

    def clean_as_of(self) -> Any:
        day = self.cleaned_data["as_of"]
        if day > clock.today():
            raise forms.ValidationError("That day has not come yet. Give the day that the numbers are of.")
        return day
