"""The third page of joining: how and when messages come, and from whom."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from peelian.contacts import normalise
from peelian.contacts.errors import BadAddress
from peelian.members import categories
from peelian.members.actions.contacting import POINTS
from peelian.members.forms import AS_USUAL, CHANNEL_WORDS, OrganisationsField, _ways
from peelian.members.forms_helping import HelperMixin
from peelian.members.forms_offer import OfferForm
from peelian.members.forms_pace import LIMITS, NO_LIMIT, OWN, PRIORITIES, USUAL, _choices, _read
from peelian.members.models import CHANNELS, Pace, Topic
from peelian.members.pace import clock_time
from peelian.members.queries_joining import Offer

NEEDS = {"email": ("email",), "text": ("mobile",), "voice": ("mobile", "landline")}
IN_FULL = {
    "email": _("Give your email address in full, like name@example.com"),
    "mobile": _("Give a mobile number, like 07700 900123"),
    "landline": _("Give a landline number, like 01632 960123"),
}
READ = {"email": normalise.email, "mobile": normalise.mobile, "landline": normalise.landline}


class PaceMixin(forms.Form):
    """When and how often, in few words; the page of one's own has every choice."""

    weekly_limit = forms.TypedChoiceField(
        label=_("How many messages in a week?"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("What is over comes together on Friday."),
        choices=[
            (NO_LIMIT, _("As many as there are")),
            *((n, format_lazy(_("At most {number}"), number=n)) for n in LIMITS),
            (0, _("None at once: all together on Friday")),
        ],
    )
    least = forms.TypedChoiceField(
        label=_("Which may come by text or phone call?"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=PRIORITIES,
    )
    quiet = forms.ChoiceField(
        label=_("When do you want quiet?"), required=False, widget=forms.RadioSelect, choices=[(USUAL, ""), (OWN, "")]
    )
    quiet_from = forms.ChoiceField(
        label=_("Quiet from"), required=False, choices=_choices(0, 23, None), initial="22:00"
    )
    quiet_until = forms.ChoiceField(label=_("Until"), required=False, choices=_choices(0, 23, None), initial="07:00")
    urgent_passes = forms.BooleanField(
        label=_("Urgent messages may come at any time"),
        required=False,
        initial=True,
        help_text=_("Like somebody in danger near you, or a fire. They are rare."),
    )

    def pace(self) -> dict[str, Any]:
        """The fields of Pace that differ from what holds without a choice."""
        given = self.cleaned_data
        least = given.get("least") or 1
        wanted: dict[str, Any] = {
            "weekly_limit": given.get("weekly_limit"),
            "urgent_passes": given["urgent_passes"],
            "text_from": least,
            "voice_from": least,
        }
        if given.get("quiet") == OWN:
            wanted |= {"quiet_from": _read(given["quiet_from"]), "quiet_until": _read(given["quiet_until"])}
        usual = Pace()
        return {name: value for name, value in wanted.items() if value != getattr(usual, name)}


def _quiet(usual: tuple[time, time] | None) -> list[tuple[str, Any]]:
    ours: Any = _("No quiet hours")
    if usual:
        hours = {"since": clock_time(usual[0]), "until": clock_time(usual[1])}
        ours = _("No texts or calls from %(since)s to %(until)s") % hours
    return [(USUAL, ours), (OWN, _("My own quiet hours, for email too"))]


class ReachForm(HelperMixin, PaceMixin, OfferForm):
    """How and when messages come, and from whom."""

    email = forms.CharField(label=_("Email address"), required=False, max_length=254, widget=forms.EmailInput)
    mobile = forms.CharField(label=_("Mobile number"), required=False, max_length=30)
    landline = forms.CharField(
        label=_("Landline number"), required=False, max_length=30, help_text=_("A voice reads our messages to you.")
    )
    organisations = OrganisationsField(
        label=_("Who may write to you?"),
        help_text=_("Nobody writes to you unless you tick them."),
        error_messages={"required": _("Tick at least one, or you will get no messages")},
    )
    promotion = forms.BooleanField(
        label=_("You may also write to me about fundraising and offers from others"), required=False
    )
    language = forms.ChoiceField(
        label=_("Language you like to read"),
        required=False,
        choices=categories.by_own_name(),
    )
    # A trap for programs that fill in every box; people do not see it
    website = forms.CharField(
        label=_("Leave this box empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    mark_optional = False

    def __init__(self, offer: Offer, *given: Any, young: bool = False, **named: Any) -> None:
        super().__init__(offer, *given, **named)
        self.topics = offer.topics
        self.initial.setdefault("quiet", USUAL)
        if young or not offer.promotes:
            del self.fields["promotion"]
        if young:
            for name in ("helper_name", "helper_contact", "helper_agreed"):
                del self.fields[name]

    @classmethod
    def put_in(cls, fields: dict[str, Any], offer: Offer) -> None:
        fields["organisations"].offer(offer.organisations)
        fields["quiet"].choices = _quiet(offer.usual_quiet)
        ways = [(AS_USUAL, _("As usual")), *_ways(list(CHANNELS))]
        for topic in offer.topics:
            fields[f"how_{topic.slug}"] = forms.TypedChoiceField(
                label=_(topic.name), required=False, coerce=int, choices=ways
            )

    @property
    def _organisations(self) -> OrganisationsField:
        field = self.fields["organisations"]
        assert isinstance(field, OrganisationsField)
        return field

    def own_ways(self) -> list[forms.BoundField]:
        return [self[f"how_{topic.slug}"] for topic in self.topics]

    def _used(self, *names: str) -> bool:
        """Whether a part of the page that is folded away has something in it."""
        return any(self[name].errors or self[name].value() not in (None, "", False) for name in names)

    @property
    def landline_open(self) -> bool:
        return self._used("landline")

    @property
    def when_open(self) -> bool:
        changed = any(self[name].errors for name in ("weekly_limit", "least", "quiet", "quiet_from", "quiet_until"))
        own = self._used("weekly_limit") or self["quiet"].value() == OWN
        return changed or own or str(self["least"].value() or 1) != "1" or not self["urgent_passes"].value()

    @property
    def ways_open(self) -> bool:
        return self._used(*(f"how_{topic.slug}" for topic in self.topics))

    @property
    def helper_open(self) -> bool:
        return "helper_contact" in self.fields and self._used("helper_name", "helper_contact", "helper_agreed")

    def _point(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        try:
            return READ[name](text) if text.strip() else ""
        except BadAddress as problem:
            raise forms.ValidationError(IN_FULL[name]) from problem

    def clean_email(self) -> str:
        return self._point("email")

    def clean_mobile(self) -> str:
        return self._point("mobile")

    def clean_landline(self) -> str:
        return self._point("landline")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not any(given.get(name) or self.has_error(name) for name in POINTS):
            self.add_error("email", _("Give an email address, a mobile number or a landline: one is enough"))
        for topic in self.topics:
            self._check_way(topic, given)
        if given.get("quiet") == OWN and given.get("quiet_from") == given.get("quiet_until"):
            self.add_error("quiet_until", _("Quiet hours end at another time than they begin. Choose a later one."))
        self._check_helper(given)
        return given

    def _check_way(self, topic: Topic, given: dict[str, Any]) -> None:
        bits = given.get(f"how_{topic.slug}") or 0
        for word, bit in CHANNELS.items():
            if bits & bit and not any(given.get(point) or self.has_error(point) for point in NEEDS[word]):
                if word == "email":
                    wrong = _("To hear of “%(topic)s” by %(by)s, give an email address above")
                else:
                    wrong = _("To hear of “%(topic)s” by %(by)s, give a number for that above")
                self.add_error(f"how_{topic.slug}", wrong % {"topic": topic.name, "by": CHANNEL_WORDS[word].lower()})

    def _check_helper(self, given: dict[str, Any]) -> None:
        contact, agreed = given.get("helper_contact"), given.get("helper_agreed")
        if contact and not agreed:
            self.add_error("helper_agreed", _("Tick that they may get your messages, or leave their address empty"))
        if agreed and not contact and not self.has_error("helper_contact"):
            self.add_error("helper_contact", _("Fill in the address or number of who helps you"))
        if contact and contact in (given.get("email"), given.get("mobile")):
            self.add_error("helper_contact", _("That is your own. Give theirs, or leave the box empty"))
        own = given.get("email") if contact and "@" in contact else given.get("mobile")
        if contact and own and not self.has_error("helper_contact"):
            if "@" in contact:
                wrong = _("Messages go to one email address: yours or theirs. Leave one of them empty")
            else:
                wrong = _("Messages go to one mobile number: yours or theirs. Leave one of them empty")
            self.add_error("helper_contact", wrong)

    def points(self) -> dict[str, str]:
        """Where somebody can be reached: kind of contact point → normal form."""
        return {name: self.cleaned_data[name] for name in POINTS if self.cleaned_data.get(name)}

    def chosen(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "organisations": self._organisations.bits(given["organisations"]),
            "promotion": bool(given.get("promotion")),
            "language": given.get("language") or "en",
            "topic_channels": {
                topic.pk: given[f"how_{topic.slug}"] for topic in self.topics if given.get(f"how_{topic.slug}")
            },
            "pace": self.pace(),
        }

    def helper(self) -> tuple[str, str] | None:
        """(first name, address) of who helps."""
        contact = self.cleaned_data.get("helper_contact")
        return (self.cleaned_data.get("helper_name", ""), contact) if contact else None
