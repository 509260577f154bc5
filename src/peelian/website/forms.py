from django import forms
from django.utils.translation import gettext_lazy as _

from peelian.places.models import Area
from peelian.website import queries

NOT_KNOWN = _("We do not know that postcode or name here. Check it, or look in the list of areas or on the map.")


class PostcodeForm(forms.Form):
    """A resident's postcode, or the name of where they live. Once the form is valid `neighbourhood` is the one it is;
    of a name that several have, or lie in, there is none, and the list is narrowed to them."""

    postcode = forms.CharField(
        label=_("Your postcode, or the name of your area"),
        help_text=_("We do not keep it."),
        max_length=60,
        error_messages={
            "required": _("Type your postcode, like B1 1AA, or the name of your area"),
            "max_length": _("That is too long. Type your postcode, like B1 1AA, or the name of your area"),
        },
    )
    neighbourhood: Area | None = None

    def clean_postcode(self) -> str:
        text: str = self.cleaned_data["postcode"]
        self.neighbourhood = queries.neighbourhood_of(text)
        if self.neighbourhood is None:
            named = queries.neighbourhoods_named(text)
            if not named:
                raise forms.ValidationError(NOT_KNOWN)
            self.neighbourhood = named[0] if len(named) == 1 else None
        return text


class AreaFilter(forms.Form):
    q = forms.CharField(label=_("Part of the name"), max_length=60, required=False)


class SearchForm(forms.Form):
    q = forms.CharField(label=_("What are you looking for?"), max_length=200, required=False)
