"""What is looked at, by GET, so that every view has an address of its own; and what is planned and recorded."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from peelian.accounts.models import Staff, Team
from peelian.core import clock
from peelian.insight.models import OutreachPlace, OutreachShape
from peelian.insight.outreach import shapes
from peelian.insight.outreach.overlay import CRIMES, PARTS, WEIGHT, Choice
from peelian.insight.outreach.planner import Place
from peelian.insight.reach.dimensions import TOPICS
from peelian.insight.reach.forms import areas_to_choose
from peelian.members import queries_campaigns as campaigns
from peelian.members.models import DoorstepSignUp
from peelian.places import queries as places
from peelian.places.geometry import GeometryError, drawn_polygon
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


# Planning -------------------------------------------------------------------------------------------------------------

LONGEST = 24.0  # hours of a session
MOST_HOURS = 500.0  # at one place, of all officers together


class PlannerForm(forms.Form):
    """What is ordered, and by what."""

    mark_optional = False
    area = forms.ChoiceField(label="Area")
    kind = forms.ChoiceField(label="Places", choices=OutreachPlace.Kind.choices)
    source = forms.ChoiceField(label="How people are signed up", choices=DoorstepSignUp.Source.choices)
    topic = forms.ChoiceField(label="Groups by")
    # Where nobody recorded the time; the page says so beneath, with how many sessions that were
    hours = forms.FloatField(label="Hours a session lasts", min_value=0.25, max_value=LONGEST)
    shape = forms.ModelChoiceField(
        OutreachShape.objects.none(), label="Within a drawn shape", required=False, empty_label="All of the area"
    )

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        area: Any = self.fields["area"]
        area.choices = areas_to_choose(staff, Area.ADMINISTRATIVE)
        topics: Any = self.fields["topic"]
        topics.choices = topics_to_choose()
        shape: Any = self.fields["shape"]
        shape.queryset = shapes.shapes_for(staff)
        if not shape.queryset.exists():
            del self.fields["shape"]


def topics_to_choose() -> list[tuple[str, str]]:
    return [(one.code, one.label) for one in places.topics() if one.code in TOPICS]


MOST_SHAPES = 20
LARGEST_SHAPE = 1024 * 1024  # bytes


class ShapeForm(forms.Form):
    """A shape to plan within: drawn on the map, or as a file where nothing can be drawn."""

    name = forms.CharField(label="Name of the shape", max_length=80)
    team = forms.ModelChoiceField(Team.objects.none(), label="Team")
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label="Or a file", required=False,
        help_text="GeoJSON, 1 MB at most. It counts where nothing is drawn.",
    )  # fmt: skip

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        team: Any = self.fields["team"]
        team.queryset = campaigns.teams_to_choose(staff).order_by("name")
        self.parts: list[Any] = []

    def clean(self) -> dict[str, Any]:
        """Leaves the shapes in `parts`."""
        said = super().clean() or {}
        file = said.get("file")
        if said.get("drawn"):
            self._read(self._of_map(said["drawn"]))
        elif file and file.size > LARGEST_SHAPE:
            self.add_error("file", "The file is larger than 1 MB. Use a simpler shape")
        elif file:
            self._read([file.read()], "file")
        elif "file" not in self.errors:
            self.add_error("file", "Draw a shape on the map, or choose a file")
        return said

    def _of_map(self, text: str) -> list[Any]:
        try:
            found = [one["geometry"] for one in json.loads(text)]
        except (ValueError, TypeError, KeyError):
            found = []
        if not 1 <= len(found) <= MOST_SHAPES:
            self.add_error(None, f"What was drawn could not be read. Draw 1 to {MOST_SHAPES} shapes")
            return []
        return found

    def _read(self, given: list[Any], field: str | None = None) -> None:
        for number, one in enumerate(given, 1):
            try:
                self.parts.append(drawn_polygon(one))
            except GeometryError as problem:
                self.add_error(field, f"Shape {number}: {problem}" if len(given) > 1 else str(problem))


class _People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # takes no parameter when it runs
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name or 'No name given'}, {obj.get_role_display()}"


class PlanForm(forms.Form):
    """Who goes, when, and how long to each place."""

    team = forms.ModelChoiceField(Team.objects.none(), label="Team")
    day = forms.DateField(label="Day", widget=forms.DateInput)
    officers = _People(Staff.objects.none(), label="Who goes", widget=forms.CheckboxSelectMultiple)

    def __init__(self, staff: Staff, chosen: list[Place], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.chosen = chosen
        team: Any = self.fields["team"]
        team.queryset = campaigns.teams_to_choose(staff).order_by("name")
        officers: Any = self.fields["officers"]
        officers.queryset = campaigns.officers_to_choose(staff).order_by("name", "pk")
        for place in chosen:
            self.fields[f"h-{place.key}"] = forms.FloatField(
                label=f"Officer hours: {place.label}", min_value=0.25, max_value=MOST_HOURS, initial=2.0
            )

    @property
    def hours(self) -> list[Any]:
        return [self[f"h-{place.key}"] for place in self.chosen]

    @property
    def places(self) -> list[tuple[Place, float]]:
        return [(place, self.cleaned_data[f"h-{place.key}"]) for place in self.chosen]


class OutcomeForm(forms.Form):
    """How many officer hours were spent at each place of a plan."""

    def __init__(self, places: list[OutreachPlace], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for place in places:
            first = place.hours if place.hours_spent is None else place.hours_spent
            self.fields[f"h-{place.pk}"] = forms.FloatField(
                label=f"Hours spent: {place.label}", min_value=0, max_value=MOST_HOURS, initial=first
            )

    @property
    def spent(self) -> dict[int, float]:
        return {int(name.removeprefix("h-")): hours for name, hours in self.cleaned_data.items()}
