"""The forms of the registration pages and of the member's own pages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peelian.accounts.models import Organisation
from peelian.contacts import normalise
from peelian.contacts import queries as addresses
from peelian.contacts.errors import BadAddress
from peelian.core import wording
from peelian.members import categories, queries
from peelian.members.errors import UnknownPostcode
from peelian.members.models import CHANNELS, EVERY_TOPIC, Member, Topic
from peelian.places.models import Postcode

AS_USUAL = ""
CHANNEL_WORDS = {"email": _("Email"), "text": _("Text message"), "voice": _("Phone call")}


class PostcodeMixin(forms.Form):
    found: Postcode | None = None
    postcode = forms.CharField(
        label=_("Postcode"),
        required=False,
        max_length=10,
        help_text=_("So that you hear what happens near you. Without it you only hear what concerns everybody."),
    )

    def clean_postcode(self) -> str:
        postcode = str(self.cleaned_data["postcode"])
        try:
            self.found = queries.known_postcode(postcode)  # for who asks then where it is
        except UnknownPostcode as problem:
            raise forms.ValidationError(
                _("%(problem)s You can also leave the box empty.") % {"problem": problem}
            ) from problem
        return postcode


class InterestsField(forms.TypedMultipleChoiceField):
    """Tick boxes for types of alert, each with an example. Its value is bits; with every box ticked also types to
    come."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, topics: Sequence[Topic]) -> None:
        self.masks = {topic.slug: topic.mask for topic in topics}
        self.choices = [(topic.slug, _(topic.name)) for topic in topics]
        self.option_hints = {
            topic.slug: _("Such as: “%(example)s”") % {"example": gettext(topic.example)}
            for topic in topics
            if topic.example
        }

    def bits(self, slugs: list[str]) -> int:
        return EVERY_TOPIC if len(slugs) == len(self.masks) else reduce(or_, (self.masks[slug] for slug in slugs), 0)


class OrganisationsField(forms.TypedMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def offer(self, organisations: Sequence[Organisation]) -> None:
        self.masks = {each.slug: each.mask for each in organisations}
        self.choices = [(each.slug, each.name) for each in organisations]
        # The organisations' own words, which need not run as the page does
        self.option_hints = {
            each.slug: format_html("<bdi>{}</bdi>", each.about) for each in organisations if each.about
        }

    def bits(self, slugs: list[str]) -> int:
        return reduce(or_, (self.masks[slug] for slug in slugs), 0)


# The member's own pages ----------------------------------------------------------------------------------------------


class SignInForm(forms.Form):
    contact = forms.CharField(
        label=_("Email address or telephone number"),
        max_length=254,
        help_text=_("One that we send your messages to. We send a code there; to a landline, a call says it."),
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": _("Fill in your email address or telephone number")},
    )

    def clean_contact(self) -> str:
        try:
            return addresses.read(str(self.cleaned_data["contact"]))[1]
        except BadAddress as problem:
            raise forms.ValidationError(
                _("Give an email address in full, like name@example.com, or a telephone number, like 07700 900123")
            ) from problem


class AskAgainForm(SignInForm):
    """Where a message to confirm by did not arrive."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["contact"].help_text = _("The one you gave when you joined.")


class NewEmailForm(forms.Form):
    email = forms.CharField(
        label=_("Your new email address"),
        max_length=254,
        widget=forms.EmailInput,
        help_text=_("We send six figures there, and you type them on the next page."),
        error_messages={"required": _("Fill in your email address")},
    )

    def clean_email(self) -> str:
        try:
            return normalise.email(str(self.cleaned_data["email"]))
        except BadAddress as problem:
            raise forms.ValidationError(_("Give an email address in full, like name@example.com")) from problem


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Six-figure code"), max_length=12, error_messages={"required": _("Fill in the six figures")}
    )


class WhoForm(forms.Form):
    member = forms.TypedChoiceField(
        label=_("Who are you?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who you are")},
    )

    def __init__(self, members: list[Member], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["member"]
        assert isinstance(field, forms.TypedChoiceField)
        nobody = _("Somebody who gave no name, since %(since)s")
        field.choices = [
            (member.pk, member.first_name or nobody % {"since": f"{member.joined_on:%-d %B %Y}"}) for member in members
        ]


class MessagesForm(forms.Form):
    """Types of alert and how they come."""

    channels = forms.MultipleChoiceField(
        label=_("How should messages come?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick nothing and we choose: email, else text message, else phone call."),
    )
    interests = InterestsField(
        label=_("What do you want to hear about?"), required=False, help_text=_("Untick what you do not want.")
    )
    mark_optional = False

    def __init__(self, member: Member, *given: Any, **named: Any) -> None:
        topics = queries.topics_in(EVERY_TOPIC)
        named["initial"] = {
            "channels": [word for word, bit in CHANNELS.items() if member.channels & bit],
            "interests": [topic.slug for topic in queries.topics_in(member.interests)],
        }
        super().__init__(*given, **named)
        self.topics = topics
        self.usable = usable_channels(member)
        interests, channels = self.fields["interests"], self.fields["channels"]
        assert isinstance(interests, InterestsField)
        assert isinstance(channels, forms.MultipleChoiceField)
        interests.offer(topics)
        channels.choices = [(word, CHANNEL_WORDS[word]) for word in self.usable]
        own = dict(member.topic_channels.values_list("topic_id", "channels"))
        for topic in topics:
            self.fields[f"how_{topic.slug}"] = forms.TypedChoiceField(
                label=_(topic.name),
                required=False,
                coerce=int,
                initial=own.get(topic.pk, AS_USUAL),
                choices=[(AS_USUAL, _("As usual")), *_ways(self.usable)],
            )

    def own_ways(self) -> list[forms.BoundField]:
        """The fields for single types; none where there is one channel only."""
        return [self[f"how_{topic.slug}"] for topic in self.topics] if len(self.usable) > 1 else []

    def chosen(self) -> dict[str, Any]:
        given = self.cleaned_data
        interests = self.fields["interests"]
        assert isinstance(interests, InterestsField)
        own = {topic.pk: given.get(f"how_{topic.slug}") or 0 for topic in self.topics}
        return {
            "interests": interests.bits(given["interests"]),
            "channels": sum(CHANNELS[word] for word in given["channels"]),
            "topic_channels": {pk: bits for pk, bits in own.items() if bits},
        }


def usable_channels(member: Member) -> list[str]:
    """The channels for which the member has a contact point."""
    has = {
        "email": member.email_id,
        "text": member.mobile_id,
        "voice": member.mobile_id or member.landline_id,
    }
    return [word for word, address in has.items() if address]


def _ways(words: list[str]) -> list[tuple[int, str]]:
    """Each channel alone and every two or three of them together."""
    ways = []
    for bits in range(1, 8):
        among = [word for word in CHANNELS if CHANNELS[word] & bits]
        if set(among) <= set(words):
            said = wording.listed([CHANNEL_WORDS[word].lower() for word in among]).capitalize()
            ways.append((bits, said))
    return ways


class DetailsForm(forms.Form):
    first_name = forms.CharField(label=_("First name"), required=False, max_length=80)
    last_name = forms.CharField(label=_("Last name"), required=False, max_length=80)
    language = forms.ChoiceField(
        label=_("Language you like to read"),
        choices=categories.by_own_name(),
        help_text=_("Most of our messages are in English. We use this when we have one in your language."),
    )

    def __init__(self, *given: Any, young: bool = False, **named: Any) -> None:
        super().__init__(*given, **named)
        if young:
            del self.fields["first_name"], self.fields["last_name"]


class AgreementsForm(forms.Form):
    organisations = OrganisationsField(
        label=_("Who may write to you?"),
        required=False,
        help_text=_("Untick an organisation and it stops writing to you."),
    )
    promotion = forms.BooleanField(
        label=_("They may also write to me about fundraising and offers from others"), required=False
    )
    mark_optional = False

    def __init__(self, member: Member, *given: Any, **named: Any) -> None:
        every = list(queries.organisations())
        named["initial"] = {
            "organisations": [each.slug for each in every if each.mask & member.organisations],
            "promotion": member.promotion,
        }
        super().__init__(*given, **named)
        if member.young or not queries.topics().filter(purpose=Topic.Purpose.PROMOTION).exists():
            del self.fields["promotion"]
        self.field = self.fields["organisations"]
        assert isinstance(self.field, OrganisationsField)
        self.field.offer(every)

    def chosen(self) -> dict[str, Any]:
        assert isinstance(self.field, OrganisationsField)
        chosen: dict[str, Any] = {"organisations": self.field.bits(self.cleaned_data["organisations"])}
        if "promotion" in self.fields:
            chosen["promotion"] = self.cleaned_data["promotion"]
        return chosen


class PlaceForm(forms.Form):
    label = forms.CharField(
        label=_("What is it to you?"),
        max_length=40,
        help_text=_("For example: work, my mum's home."),
        error_messages={"required": _("Say what the place is to you, like “work”")},
    )
    postcode = forms.CharField(
        label=_("Its postcode"), max_length=10, error_messages={"required": _("Fill in its postcode")}
    )


class GroupsForm(forms.Form):
    groups = forms.TypedMultipleChoiceField(
        label=_("Which groups do you want to be in?"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    mark_optional = False

    def __init__(self, member: Member, *given: Any, **named: Any) -> None:
        self.offered = offered = list(queries.open_groups())
        named["initial"] = {"groups": list(member.memberships.values_list("group_id", flat=True))}
        super().__init__(*given, **named)
        field = self.fields["groups"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(group.pk, group.name) for group in offered]
        field.option_hints = {str(group.pk): f"{group.about} {group.purpose}".strip() for group in offered}  # type: ignore[attr-defined]
