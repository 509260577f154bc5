"""The log of the street on a phone: what, where, about how many."""

from __future__ import annotations

import math
from typing import Any

from django import forms

from peelian.accounts.models import Team
from peelian.events.models import Spot, StreetContact
from peelian.events.queries import street as queries
from peelian.places.models import Area

HERE = "here"
UNITS = 10_000_000  # per degree


class TapForm(forms.Form):
    """Three taps; the last one, the size, sends it. Places: where the phone is, a spot of the team, or a ward."""

    kind = forms.ChoiceField(
        label="What was it?", choices=StreetContact.Kind.choices, widget=forms.RadioSelect,
        error_messages={"required": "Tap what it was, then where, then how many"},
    )  # fmt: skip
    place = forms.ChoiceField(
        label="Where?", widget=forms.RadioSelect, error_messages={"required": "Tap where it was, then how many"}
    )
    size = forms.ChoiceField(
        label="About how many people?", choices=StreetContact.Size.choices,
        error_messages={"required": "Tap about how many people"},
    )  # fmt: skip
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(self, team: Team, last: StreetContact | None, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.spots = {f"spot-{one.pk}": one for one in queries.spots_of(team)}
        self.wards = {f"area-{one.pk}": one for one in queries.wards_of(team)}
        places: dict[str, Spot | Area] = {**self.spots, **self.wards}
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(HERE, "Where I am"), *((code, str(one)) for code, one in places.items())]
        if last is not None and last.team_id == team.pk:
            known = f"spot-{last.spot_id}" if last.spot_id else f"area-{last.area_id}"
            self.initial = {"kind": last.kind, "place": known if known in places else ""}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        at = given.get("longitude"), given.get("latitude")
        if given.get("place") == HERE and not all(value is not None and math.isfinite(value) for value in at):
            self.add_error("place", "Your phone did not say where you are. Tap a place from the list")
        return given

    def where(self) -> dict[str, Any]:
        """What the action takes."""
        chosen = self.cleaned_data["place"]
        if chosen == HERE:
            x, y = self.cleaned_data["longitude"], self.cleaned_data["latitude"]
            if not (-180 <= x <= 180 and -90 <= y <= 90):
                return {}
            return {"point": (round(x * UNITS), round(y * UNITS))}
        return {"spot": self.spots[chosen]} if chosen in self.spots else {"area": self.wards[chosen]}


class SaidForm(forms.Form):
    said = forms.CharField(
        label="What did they say?", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="In their words. Never a name, an address, or anything that tells who it was.",
    )  # fmt: skip
    place = forms.CharField(
        label="What do you call this place?", required=False, max_length=60,
        help_text="For example Outside the library. Then your team can choose it with one tap.",
    )  # fmt: skip
    kind = forms.ChoiceField(label="What was it?", choices=StreetContact.Kind.choices, required=False)
    size = forms.ChoiceField(label="About how many people?", choices=StreetContact.Size.choices, required=False)

    def __init__(self, contact: StreetContact, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.initial = {"said": contact.said, "kind": contact.kind, "size": contact.size}
        if contact.spot:
            self.initial["place"] = contact.spot.label
        if contact.longitude is None:
            del self.fields["place"]


class TalksForm(forms.Form):
    """Asked with GET."""

    q = forms.CharField(label="Words", required=False, max_length=80)
    mine = forms.BooleanField(label="Only mine", required=False)
