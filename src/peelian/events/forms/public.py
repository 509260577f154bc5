"""Forms that residents fill in."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from peelian.events import queries
from peelian.events.errors import MoreThanPlaces
from peelian.events.models import Event
from peelian.places.models import Area

MOST_TOGETHER = 6


class FindForm(forms.Form):
    """Events near a postcode, of one kind; asked with GET."""

    postcode = forms.CharField(label=_("Your postcode"), required=False, max_length=10)
    kind = forms.ChoiceField(
        label=_("Kind of event"), required=False,
        choices=[("", _("All kinds")), *[one for one in Event.Kind.choices if one[0] not in Event.RESTRICTED]],
    )  # fmt: skip
    mark_optional = False

    @cached_property
    def neighbourhood(self) -> Area | None:
        text = self.cleaned_data.get("postcode", "").strip()
        return queries.neighbourhood_of(text) if text else None

    def clean_postcode(self) -> str:
        text = str(self.cleaned_data["postcode"]).strip()
        if text and queries.neighbourhood_of(text) is None:
            raise forms.ValidationError(_("We do not know this postcode. Check it, or leave it empty"))
        return text


class SignUpForm(forms.Form):
    """`known`: a member who is signed in, whose address we have. `places`: how many the event has in all."""

    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        help_text=_("We send you a link. You have a place when you have used it."),
        error_messages={"required": _("Give your email address, so that we can send you the link")},
    )
    name = forms.CharField(
        label=_("Your name"), required=False, max_length=80, help_text=_("So that we can greet you. You need not.")
    )
    people = forms.TypedChoiceField(
        label=_("How many of you are coming?"), coerce=int, initial=1,
        help_text=_("You and those you bring, children too."),
    )  # fmt: skip
    needs = forms.CharField(
        label=_("Is there anything you need to take part?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "For example a seat near the front, or an interpreter. The team reads it; we delete it 30 days after "
            "the event."
        ),
    )
    wants_back = forms.BooleanField(label=_("Tell me afterwards what came of it"), required=False)

    def __init__(self, *given: Any, known: bool = False, places: int | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        most = MOST_TOGETHER if places is None else min(places, MOST_TOGETHER)
        people = cast(forms.TypedChoiceField, self.fields["people"])
        people.choices = [(number, str(number)) for number in range(1, most + 1)]
        people.error_messages["invalid_choice"] = _(MoreThanPlaces.__doc__ or "")
        if known:
            del self.fields["email"]
