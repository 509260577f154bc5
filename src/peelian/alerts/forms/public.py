"""What residents fill in about alerts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peelian.alerts.actions.responding import LONGEST_COMMENT
from peelian.alerts.models import Rating
from peelian.alerts.turning_down import Way
from peelian.members.models import Topic


class AlertSearch(forms.Form):
    q = forms.CharField(label=_("Words to look for"), max_length=100, required=False)
    topic = forms.ModelChoiceField(
        label=_("About"), queryset=Topic.objects.all(), to_field_name="slug", required=False, empty_label=_("Anything")
    )

    def wanted(self) -> tuple[str, Topic | None]:
        """Words and type to look for; what cannot be read is left out, the rest still counts."""
        self.is_valid()
        return self.cleaned_data.get("q", ""), self.cleaned_data.get("topic")


class ReplyForm(forms.Form):
    """The length is judged by conversations.actions: it counts a line end as one character, browsers send two."""

    text = forms.CharField(
        label=_("Your message"),
        help_text=_("Say what you know or want to ask. Do not put in anything that others must not read."),
        widget=forms.Textarea,
        error_messages={"required": _("Write your message first")},
    )


class WhyForm(forms.Form):
    """After a rating, if somebody likes: what a low one was about, and anything else. Nothing has to be answered."""

    mark_optional = False

    why = forms.ChoiceField(
        label=_("Why was it not useful?"),
        choices=Rating.Why.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("Choose one of these")},
    )
    comment = forms.CharField(
        label=_("In your own words, if you like"),
        help_text=_("The team reads it and does not see who wrote it, so nobody can answer."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, *given: Any, low: bool, **named: Any) -> None:
        super().__init__(*given, **named)
        if not low:
            del self.fields["why"]

    def clean_comment(self) -> str:
        comment: str = self.cleaned_data["comment"].replace("\r\n", "\n").strip()
        if len(comment) > LONGEST_COMMENT:
            raise forms.ValidationError(
                _("Shorten it to %(most)s characters, or write to the team. It has %(number)s")
                % {"most": LONGEST_COMMENT, "number": len(comment)}
            )
        return comment


class LessForm(forms.Form):
    """One of the ways to get less. After validation `way` is the one chosen."""

    choice = forms.ChoiceField(
        label=_("What would you like?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one"), "invalid_choice": _("Choose one of these")},
    )
    way: Way

    def __init__(self, ways: list[Way], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._ways = {way.slug: way for way in ways}
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(way.slug, way.label) for way in ways]
        field.option_hints = {way.slug: way.hint for way in ways}  # type: ignore[attr-defined]

    def clean_choice(self) -> str:
        slug: str = self.cleaned_data["choice"]
        self.way = self._ways[slug]
        return slug
