"""Forms of administrators: requests by right, corrections, legal holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from peelian.contacts import normalise
from peelian.contacts import queries as addresses
from peelian.contacts.errors import BadAddress
from peelian.core import clock
from peelian.members import categories, queries
from peelian.members.errors import UnknownPostcode
from peelian.members.models import Member, RightsRequest

LATEST_REVIEW = 12  # months


def _day(label: str, hint: str = "", **more: Any) -> forms.DateField:
    return forms.DateField(label=label, help_text=hint, widget=forms.DateInput(attrs={"type": "date"}), **more)


class OneOfThem(forms.ChoiceField):
    """Who of a household. The page asks again who uses the address, and takes nobody else."""

    def valid_value(self, value: Any) -> bool:
        return str(value).isdigit()


class FindForm(forms.Form):
    """The one way to a person: an address or number of theirs in full."""

    contact = forms.CharField(
        label="Their email address or telephone number",
        max_length=254,
        help_text="In full, as they gave it. Looking is written into the audit trail, with what for.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Fill in an address or number of theirs"},
    )
    member = OneOfThem(label="Who of them?", required=False, widget=forms.RadioSelect)

    def clean_contact(self) -> str:
        text = str(self.cleaned_data["contact"])
        try:
            addresses.read(text)
        except BadAddress as problem:
            raise forms.ValidationError(
                "Give an email address in full, like name@example.com, or a telephone number, like 07700 900123"
            ) from problem
        return text

    def offer(self, members: list[Member]) -> None:
        """A household: who of them it is, by first name and day of joining."""
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (each.pk, f"{each.first_name or 'Gave no name'}, joined {each.joined_on:%-d %B %Y}") for each in members
        ]


class RequestForm(FindForm):
    kind = forms.ChoiceField(
        label="What do they ask for?",
        choices=RightsRequest.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they ask for"},
    )
    received_on = _day("When did it come?", "It is due a calendar month later.")
    how = forms.ChoiceField(label="How did it come?", choices=RightsRequest.How.choices)
    asked_by = forms.CharField(
        label="Who asked?",
        max_length=120,
        initial="The person",
        help_text="Where somebody asks for them: who, and on what authority.",
    )
    identity_check = forms.CharField(
        label="How do you know that it is them?",
        max_length=300,
        required=False,
        help_text="Like “called back on the number we hold”. You can add it later; nothing is handed out before.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    nothing_held = forms.BooleanField(
        label="Keep the request although we have nobody with that address",
        required=False,
        help_text="To show that it was answered.",
    )
    field_order = ("kind", "contact", "member", "nothing_held", "received_on", "how", "asked_by", "identity_check")

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError("Choose a day that is not in the future")
        return day


class IdentityForm(forms.Form):
    identity_check = forms.CharField(
        label="How do you know that it is them?", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class ExtendForm(forms.Form):
    because = forms.CharField(
        label="Why does it take longer?",
        max_length=300,
        help_text="Two months more, once, when it is complex. Tell the person within the first month.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=[pair for pair in RightsRequest.Outcome.choices if pair[0]],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it ended"},
    )
    note = forms.CharField(
        label="What was done, or why not",
        max_length=500,
        required=False,
        help_text="For the record. A refusal needs its reason.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("outcome") == RightsRequest.Outcome.REFUSED and not given.get("note"):
            self.add_error("note", "Write down why it was refused")
        return given


class CorrectForm(forms.Form):
    """What is filled in replaces what there is; what stays empty stays as it is."""

    mark_optional = False
    first_name = forms.CharField(label="First name", required=False, max_length=80)
    last_name = forms.CharField(label="Last name", required=False, max_length=80)
    postcode = forms.CharField(label="Postcode", required=False, max_length=10)
    email = forms.CharField(label="Email address", required=False, max_length=254)
    mobile = forms.CharField(label="Mobile number", required=False, max_length=30)
    landline = forms.CharField(label="Landline", required=False, max_length=30)
    language = forms.ChoiceField(
        label="Language",
        required=False,
        choices=[("", "As it is"), *sorted(categories.LANGUAGES.items(), key=lambda pair: pair[1])],
    )

    def clean_postcode(self) -> str:
        try:
            queries.position(str(self.cleaned_data["postcode"]))
        except UnknownPostcode as problem:
            raise forms.ValidationError(str(problem)) from problem
        return str(self.cleaned_data["postcode"])

    def clean_email(self) -> str:
        return self._address("email", normalise.email, "Give an email address in full, like name@example.com")

    def clean_mobile(self) -> str:
        return self._address("mobile", normalise.mobile, "Give a mobile number, like 07700 900123")

    def clean_landline(self) -> str:
        return self._address("landline", normalise.landline, "Give a landline number, like 01632 960123")

    def _address(self, name: str, read: Any, wanted: str) -> str:
        text = str(self.cleaned_data[name])
        try:
            return str(read(text)) if text else ""
        except BadAddress as problem:
            raise forms.ValidationError(wanted) from problem

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not self.changes():
            raise forms.ValidationError("Fill in what is to be put right")
        return given

    def changes(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class ToldForm(forms.Form):
    """Before a restriction ends the person is told, which is on a day that has come."""

    told_on = _day(
        "When did we tell them, or they us, that it ends?",
        "The law wants them to know before their data is used again.",
        error_messages={"required": "Fill in the day on which they were told"},
    )

    def clean_told_on(self) -> date:
        day: date = self.cleaned_data["told_on"]
        if day > clock.today():
            raise forms.ValidationError("Choose a day that has come. Tell them first")
        return day


class ReviewForm(forms.Form):
    review_on = _day("When is it to be looked at again?", "Within a year.")

    def clean_review_on(self) -> date:
        day: date = self.cleaned_data["review_on"]
        if not clock.today() < day <= clock.months_after(clock.today(), LATEST_REVIEW):
            raise forms.ValidationError("Choose a day within the coming year")
        return day


class HoldForm(FindForm, ReviewForm):
    reason = forms.CharField(
        label="Why must nothing be erased?",
        max_length=300,
        help_text="The case or inquiry by its number, without names.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("contact", "member", "reason", "review_on")
