"""Forms of priorities and of agreeing a list."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.places.models import Area
from peelian.priorities import queries
from peelian.priorities.actions.lists import Choice
from peelian.priorities.forms.shared import AreaField, NamesNobody, choose
from peelian.priorities.models import Issue, Priority

KEEP, DROP = "keep", "drop"


class PriorityForm(NamesNobody):
    """What a sector should work on, and what residents read about it."""

    read_by_many = ("title", "doing")
    title = forms.CharField(
        label="Priority",
        max_length=120,
        help_text="As residents would say it. For example: Cars racing on Mill Lane.",
        error_messages={"required": "Say in a few words what it is"},
    )
    source = forms.ChoiceField(label="Whose priority is it?", choices=Priority.Source.choices, widget=forms.RadioSelect)
    evidence = forms.CharField(
        label="What shows that it is one?",
        max_length=3_000,
        widget=forms.Textarea,
        help_text="Figures with where they are from, and what people said. Only staff read this.",
        error_messages={"required": "Say what shows that it is a priority"},
    )
    doing = forms.CharField(
        label="What we do about it",
        max_length=1_000,
        required=False,
        widget=forms.Textarea,
        help_text="Residents read this. Leave out tactics: what, not how, where exactly or when.",
    )
    public = forms.BooleanField(label="Residents may read it once it is agreed", required=False, initial=True)
    issues = forms.ModelMultipleChoiceField(
        Issue.objects.none(),
        label="Issues that it is about",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        to_field_name="ref",
    )

    def __init__(self, staff: Staff, sector: Area, priority: Priority | None, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        linked = list(priority.issues.values_list("pk", flat=True)) if priority else []
        field: Any = self.fields["issues"]
        field.queryset = Issue.objects.filter(pk__in=[*queries.issues_to_link(staff, sector), *linked]).order_by(
            "-made_at"
        )
        if priority:
            names = ("title", "source", "evidence", "doing", "public")
            self.initial.update({name: getattr(priority, name) for name in names})
            self.initial["issues"] = [one.ref for one in priority.issues.all()]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("public") and not found.get("doing"):
            self.add_error("doing", "Say what we do about it: residents read that. Or untick that they may")
        return found


class SectorForm(forms.Form):
    """Which sector's list something is for."""

    sector = AreaField("Which list?", empty_label=None, widget=forms.RadioSelect)

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choose(self, "sector", queries.sectors_for(staff).filter(valid_to=None))
        self.fields["sector"].error_messages["required"] = "Choose the list"


class AgreeForm(forms.Form):
    """Every priority with its place, whether it stays, and why. `choices` is what was chosen."""

    def __init__(self, priorities: list[Priority], first: bool, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.priorities = priorities
        for place, one in enumerate(priorities, 1):
            options = [(KEEP, "Keep it" if one.rank else "Add it"), (DROP, "Drop it" if one.rank else "Do not add it")]
            self.fields[f"do_{one.pk}"] = forms.ChoiceField(
                label="What becomes of it?", choices=options, widget=forms.RadioSelect, initial=KEEP
            )
            self.fields[f"place_{one.pk}"] = forms.IntegerField(
                label="Place on the list", min_value=1, max_value=99, required=False, initial=place
            )
            self.fields[f"why_{one.pk}"] = forms.CharField(
                label="Why?",
                max_length=300,
                error_messages={"required": f"Say why, for “{one.title}”"},
            )
        if first:
            self.fields["starts"] = forms.DateField(
                label="First day of the cycle",
                widget=forms.DateInput,
                initial=clock.week_start(clock.today()),
                help_text="Every cycle after it begins 14 days later. It cannot be changed.",
            )

    @property
    def rows(self) -> list[tuple[Priority, Any, Any, Any]]:
        return [(one, self[f"do_{one.pk}"], self[f"place_{one.pk}"], self[f"why_{one.pk}"]) for one in self.priorities]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        seen: dict[int, str] = {}
        for one in self.priorities:
            if given.get(f"do_{one.pk}") != KEEP:
                continue
            place = given.get(f"place_{one.pk}")
            if place is None and f"place_{one.pk}" not in self.errors:
                self.add_error(f"place_{one.pk}", f"Give “{one.title}” a place on the list")
            elif place in seen:
                self.add_error(f"place_{one.pk}", f"“{one.title}” and “{seen[place]}” have the same place")
            elif place is not None:
                seen[place] = one.title
        return given

    @property
    def choices(self) -> list[Choice]:
        said = self.cleaned_data
        return [
            Choice(
                one.pk,
                said[f"place_{one.pk}"] if said[f"do_{one.pk}"] == KEEP else None,
                " ".join(said[f"why_{one.pk}"].split()),
            )
            for one in self.priorities
        ]
