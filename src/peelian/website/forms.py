from django import forms

from peelian.places.models import Area
from peelian.website import queries


class PostcodeForm(forms.Form):
    """A resident's postcode; `neighbourhood` is where it lies, once the form is valid."""

    postcode = forms.CharField(
        label="Your postcode",
        help_text="We do not keep it.",
        max_length=60,
        error_messages={
            "required": "Type your postcode, like B1 1AA",
            "max_length": "A postcode is shorter than that, like B1 1AA",
        },
    )
    neighbourhood: Area | None = None

    def clean_postcode(self) -> str:
        text: str = self.cleaned_data["postcode"]
        self.neighbourhood = queries.neighbourhood_of(text)
        if self.neighbourhood is None:
            raise forms.ValidationError(
                "We do not know that postcode here. Check it, or find your area by its name in the list of areas."
            )
        return text


class AreaFilter(forms.Form):
    q = forms.CharField(label="Part of the name", max_length=60, required=False)
