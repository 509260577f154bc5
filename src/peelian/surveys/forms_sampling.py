"""Whether everybody of an audience is invited or a sample of them, and how it is drawn."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.members import queries_groups
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.surveys import sampling
from peelian.surveys.sampling import Plan

LARGEST_SEED = 999_999_999


class SampleForm(forms.Form):
    mark_optional = False
    size = forms.IntegerField(
        label="How many people, drawn by lot", required=False, min_value=1, max_value=sampling.MOST,
        help_text="Empty: everybody is invited.",
        error_messages={"min_value": "Choose one person or more, or leave it empty", "invalid": "Give a whole number"},
    )  # fmt: skip
    area = forms.ChoiceField(label="Strata by where they live", required=False)
    group = forms.ChoiceField(label="Strata by how they take part", required=False)
    allocation = forms.ChoiceField(
        label="How many of each stratum", widget=forms.RadioSelect, required=False,
        choices=[
            (sampling.PROPORTIONAL, "In proportion: everybody has the same chance"),
            (sampling.EQUAL, "As many of each: for comparing them; results are weighted back"),
        ],
    )  # fmt: skip
    seed = forms.IntegerField(
        label="Seed", required=False, min_value=0, max_value=LARGEST_SEED,
        help_text="The same audience and seed give the same people.",
        error_messages={"invalid": "Give a whole number"},
    )  # fmt: skip

    def __init__(self, plan: Plan | None, data: Any = None) -> None:
        first = plan or Plan(0, sampling.new_seed())
        initial = {name: getattr(first, name) for name in ("area", "group", "allocation", "seed")}
        super().__init__(data, initial=initial | {"size": first.size or None})
        there = set(places.current_areas().order_by().values_list("kind", flat=True).distinct())
        kinds = [kind for kind in Area.ADMINISTRATIVE if kind in there and kind != Area.Kind.FORCE]
        self.fields["area"].choices = [("", "None"), *((str(kind), kind.label) for kind in kinds)]  # type: ignore[attr-defined]
        taken = [first.group.removeprefix(sampling.GROUP)] if first.group.startswith(sampling.GROUP) else []
        groups = [
            (f"{sampling.GROUP}{slug}", f"In {name}, or not")
            for slug, name in queries_groups.offered_to_alerts(taken).items()
        ]
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            ("", "None"), (sampling.LANGUAGE, "The language they read"), (sampling.SINCE, "How long they are with us"),
            *([("Groups", groups)] if groups else []),
        ]  # fmt: skip

    @property
    def plan(self) -> Plan | None:
        """None where everybody is invited."""
        given = self.cleaned_data
        if not given["size"]:
            return None
        seed = given["seed"] if given["seed"] is not None else sampling.new_seed()
        return Plan(given["size"], seed, given["area"], given["group"], given["allocation"] or sampling.PROPORTIONAL)
