"""What is looked at, by GET, so that every view has an address of its own."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Staff
from peelian.insight.crime import types
from peelian.insight.reach.forms import areas_to_choose

ALL, NEIGHBOURHOOD = "all", "neighbourhood"
KINDS = {
    ALL: "All crime",
    NEIGHBOURHOOD: "Neighbourhood crime",
    **{code: types.LABELS[code] for code in sorted(types.LISTS[-1].types)},
}


class CrimeForm(forms.Form):
    mark_optional = False
    area = forms.ChoiceField(label="Area")
    kind = forms.ChoiceField(label="Crime", choices=list(KINDS.items()))

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        area: Any = self.fields["area"]
        area.choices = areas_to_choose(staff)
