from django import forms
from django.utils.translation import gettext_lazy as _

from peelian.places.models import Area
from peelian.website import queries


class PostcodeForm(forms.Form):
    """A resident's postcode; `neighbourhood` is where it lies, once the form is valid."""

    postcode = forms.CharField(
        label=_("Your postcode"),
        help_text=_("We do not keep it."),
        max_length=60,
        error_messages={
            "required": _("Type your postcode, like B1 1AA"),
            "max_length": _("A postcode is shorter than that, like B1 1AA"),
        },
    )
    neighbourhood: Area | None = None

    def clean_postcode(self) -> str:
        text: str = self.cleaned_data["postcode"]
        self.neighbourhood = queries.neighbourhood_of(text)
        if self.neighbourhood is None:
            raise forms.ValidationError(
                _("We do not know that postcode here. Check it, or find your area by its name in the list of areas.")
            )
        return text


class AreaFilter(forms.Form):
    q = forms.CharField(label=_("Part of the name"), max_length=60, required=False)
