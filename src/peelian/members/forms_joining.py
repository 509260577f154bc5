"""Three of the forms of the four pages on which somebody joins; forms_reach has the fourth. What is posted is kept in
the session as it is, and read again at the end; nothing is asked twice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peelian.core import clock
from peelian.members import categories, queries
from peelian.members.forms import InterestsField, PostcodeMixin
from peelian.members.forms_offer import OfferForm
from peelian.members.queries_joining import Offer
from peelian.places import queries as places
from peelian.places.models import Area

UNDER_13, TEENAGER, ADULT = "under-13", "13-17", "18-or-over"


def _named(names: dict[str, str]) -> list[tuple[str, Any]]:
    """Words to choose from, in the language of the page (members.known_words)."""
    return [(slug, _(name)) for slug, name in names.items()]


PREFER_NOT = ("", _("Prefer not to say"))
EDGES = (-9.5, 49.5, 2.5, 61.5)  # degrees: west, south, east, north of the United Kingdom


class WhereForm(PostcodeMixin, OfferForm):
    """Where somebody lives, as exactly as they like: an address, a postcode, a pin, a neighbourhood, or nothing."""

    street_address = forms.CharField(
        label=_("House number or name, and street"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    neighbourhood = forms.ChoiceField(
        label=_("Choose your neighbourhood"),
        required=False,
        error_messages={"invalid_choice": _("Choose a neighbourhood from the list")},
    )
    # Filled by the map alone: nobody is asked for figures
    longitude = forms.FloatField(required=False, min_value=EDGES[0], max_value=EDGES[2], widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, min_value=EDGES[1], max_value=EDGES[3], widget=forms.HiddenInput)
    age = forms.ChoiceField(
        label=_("How old are you?"),
        choices=[(UNDER_13, _("Under 13")), (TEENAGER, _("13 to 17")), (ADULT, _("18 or over"))],
        widget=forms.RadioSelect,
        help_text=_("The law protects children, so we ask for less when you are under 18."),
        error_messages={"required": _("Choose how old you are")},
    )
    mark_optional = False

    @classmethod
    def put_in(cls, fields: dict[str, Any], offer: Offer) -> None:
        fields["postcode"].help_text = _("So that you hear what happens near you, and not everything.")
        fields["neighbourhood"].choices = [("", _("I would rather not say")), *offer.neighbourhoods]

    @property
    def elsewhere(self) -> bool:
        """Whether the other ways to say where are in use."""
        return any(self[name].value() or self[name].errors for name in ("neighbourhood", "longitude"))

    def clean(self) -> dict[str, Any]:
        """A pin that a program set outside the country counts as none."""
        given = super().clean() or self.cleaned_data
        for name in ("longitude", "latitude"):
            if self.errors.pop(name, None):
                given[name] = None
        return given

    def where(self) -> dict[str, Any]:
        """Columns of Member: of the postcode, else of the pin, else of the neighbourhood."""
        given = self.cleaned_data
        if given["postcode"].strip():
            return queries.position_of(self.found)
        if given.get("longitude") is not None and given.get("latitude") is not None:
            return queries.position_at(given["longitude"], given["latitude"])
        area = _neighbourhood(given.get("neighbourhood") or "")
        return queries.position_in(area) if area else queries.position("")


def _neighbourhood(code: str) -> Area | None:
    return places.neighbourhoods().filter(code=code).first() if code else None


class CareForm(OfferForm):
    """What somebody wants to hear about."""

    interests = InterestsField(
        label=_("What do you want to hear about?"),
        help_text=_("Untick what you do not want. You can change this at any time."),
        error_messages={"required": _("Tick at least one kind of message")},
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.initial.setdefault("interests", [topic.slug for topic in self.offer.topics])

    @classmethod
    def put_in(cls, fields: dict[str, Any], offer: Offer) -> None:
        fields["interests"].offer(offer.topics)

    @property
    def _field(self) -> InterestsField:
        field = self.fields["interests"]
        assert isinstance(field, InterestsField)
        return field

    def bits(self) -> int:
        return self._field.bits(self.cleaned_data["interests"])


class AboutForm(OfferForm):
    """Names, and the equality questions, of adults; each free to leave."""

    mark_optional = False
    first_name = forms.CharField(
        label=_("First name"),
        required=False,
        max_length=80,
        help_text=_("To greet you, and to tell who is who at home."),
    )
    last_name = forms.CharField(label=_("Last name"), required=False, max_length=80)
    birth_year = forms.IntegerField(
        label=_("Year you were born"),
        required=False,
        help_text=_("For example, 1984. Empty if you prefer not to say."),
    )
    sex = forms.ChoiceField(
        label=_("Your sex"), required=False, choices=[PREFER_NOT, *_named(categories.SEX)], widget=forms.RadioSelect
    )
    ethnic_group = forms.ChoiceField(
        label=_("Your ethnic group"),
        required=False,
        choices=[PREFER_NOT, *((_(group), _named(names)) for group, names in categories.ETHNIC_GROUPS.items())],
        widget=forms.Select,
    )
    disability = forms.ChoiceField(
        label=_("Does a long-lasting condition or illness limit what you can do day to day?"),
        required=False,
        choices=[PREFER_NOT, *_named(categories.DISABILITY)],
        widget=forms.RadioSelect,
    )

    def clean_birth_year(self) -> int | None:
        year, now = self.cleaned_data["birth_year"], clock.today().year
        if year is not None and not now - 120 <= year <= now - 18:
            raise forms.ValidationError(
                _("Give the year you were born as four figures, like 1984, or leave the box empty")
            )
        return int(year) if year is not None else None

    def answers(self) -> dict[str, Any]:
        """To the equality questions."""
        names = ("birth_year", "sex", "ethnic_group", "disability")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}
