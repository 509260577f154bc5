"""What residents fill in to write to a team."""

from django import forms

from peelian.contacts import normalise
from peelian.contacts.errors import BadAddress
from peelian.conversations import actions
from peelian.members.categories import LANGUAGES

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
    first = [(code, LANGUAGES[code]) for code in _FIRST if code in LANGUAGES]
    return first + sorted(((c, n) for c, n in LANGUAGES.items() if c not in _FIRST), key=lambda pair: pair[1])


class MessageForm(forms.Form):
    """The length is the action's to judge: it counts a line end as one character, browsers send two."""

    text = forms.CharField(
        label="Your message",
        help_text="Write in any language. Say where and when, as well as you can.",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Write your message first"},
    )
    language = forms.ChoiceField(
        label="The language you want our answer in", choices=languages(), initial=ENGLISH, required=False
    )
    longest = actions.LONGEST

    def clean_language(self) -> str:
        return str(self.cleaned_data["language"] or ENGLISH)


class LetterForm(MessageForm):
    """From somebody without an account: how to answer them, and a box that only programs fill in."""

    email = forms.CharField(
        label="Your email address",
        help_text="We send you a link to confirm it, and later our answer. Nothing else.",
        max_length=254,
        error_messages={"required": "Give your email address, so that we can answer"},
    )
    website = forms.CharField(label="Leave this empty", required=False)
    field_order = ["text", "email", "language"]

    def clean_email(self) -> str:
        try:
            return normalise.email(self.cleaned_data["email"])
        except BadAddress as problem:
            raise forms.ValidationError(str(problem)) from problem


class AgainForm(forms.Form):
    text = forms.CharField(
        label="Write again",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write your message first"},
    )
    longest = actions.LONGEST


class CodeForm(forms.Form):
    code = forms.CharField(
        label="The six figures",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "Type the six figures we sent you"},
    )
