"""Forms of the list of stopped addresses."""

from __future__ import annotations

from django import forms

from peelian.contacts import queries as addresses
from peelian.contacts.errors import BadAddress
from peelian.delivery.stopped import KINDS, REASONS, WHY_FREE, WHY_STOP

IN_FULL = "Give an email address in full, like name@example.com, or a telephone number, like 07700 900123"


class AddressField(forms.CharField):
    def __init__(self, **given: object) -> None:
        super().__init__(
            label="Email address or telephone number",
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            error_messages={"required": "Fill in the address"},
            **given,  # type: ignore[arg-type]
        )

    def clean(self, value: object) -> str:
        text = str(super().clean(value))
        try:
            addresses.read(text)
        except BadAddress as problem:
            raise forms.ValidationError(IN_FULL) from problem
        return text


class StoppedFilter(forms.Form):
    kind = forms.ChoiceField(label="Used for", choices=[("", "Everything"), *KINDS.items()], required=False)
    reason = forms.ChoiceField(label="Why", choices=[("", "Any reason"), *REASONS.items()], required=False)

    def narrowing(self) -> dict[str, str]:
        """What to filter by; a field that cannot be read narrows nothing."""
        self.is_valid()
        named = {"kind": "kind", "suppression": "reason"}
        return {column: self.cleaned_data[name] for column, name in named.items() if self.cleaned_data.get(name)}


class FindForm(forms.Form):
    address = AddressField(help_text="In full. It is shown to nobody and kept nowhere.")


class StopForm(forms.Form):
    address = AddressField()
    because = forms.ChoiceField(
        label="Why?",
        choices=list(WHY_STOP.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why"},
    )


class FreeForm(forms.Form):
    because = forms.ChoiceField(
        label="Why?",
        choices=list(WHY_FREE.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why"},
    )
