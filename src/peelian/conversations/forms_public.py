"""What residents fill in to write to a team."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peelian.contacts import normalise
from peelian.contacts.errors import BadAddress
from peelian.conversations import actions
from peelian.members.categories import by_own_name

_FIRST = [
    "en",
    "cy",
    "pl",
    "ro",
    "ur",
    "pa",
    "bn",
    "gu",
    "ar",
    "so",
    "pt",
    "uk",
]  # what is read most; then all the rest
ENGLISH = "en"


def languages() -> list[tuple[str, str]]:
    """By their own names, those that are read most first."""
    rows = by_own_name()
    return sorted(rows, key=lambda row: _FIRST.index(row[0]) if row[0] in _FIRST else len(_FIRST))


class MessageForm(forms.Form):
    """The length is the action's to judge: it counts a line end as one character, browsers send two."""

    text = forms.CharField(
        label=_("Your message"),
        help_text=_("Write in any language. Say where and when, as well as you can."),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write your message first")},
    )
    language = forms.ChoiceField(
        label=_("The language you want our answer in"), choices=languages(), initial=ENGLISH, required=False
    )
    longest = actions.LONGEST

    def clean_language(self) -> str:
        return str(self.cleaned_data["language"] or ENGLISH)


class LetterForm(MessageForm):
    """From somebody without an account: how to answer them, and a box that only programs fill in."""

    email = forms.CharField(
        label=_("Your email address"),
        help_text=_("We send you a link to confirm it, and later our answer. Nothing else."),
        max_length=254,
        error_messages={"required": _("Give your email address, so that we can answer")},
    )
    website = forms.CharField(label=_("Leave this empty"), required=False)
    field_order = ["text", "email", "language"]

    def clean_email(self) -> str:
        try:
            return normalise.email(self.cleaned_data["email"])
        except BadAddress as problem:
            raise forms.ValidationError(_("Give your email address in full, like name@example.com")) from problem


class AgainForm(forms.Form):
    text = forms.CharField(
        label=_("Write again"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write your message first")},
    )
    longest = actions.LONGEST


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The six figures"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("Type the six figures we sent you")},
    )
