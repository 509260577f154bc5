"""The form at the door, and those of the streets to visit."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from peelian.accounts.models import Staff, Team
from peelian.contacts import normalise
from peelian.contacts.errors import BadAddress
from peelian.members import categories, queries, queries_campaigns, queries_doorstep
from peelian.members.actions.doorstep import Given
from peelian.members.errors import UnknownPostcode
from peelian.members.forms import InterestsField, OrganisationsField
from peelian.members.models import EVERY_TOPIC, Campaign, Door, DoorstepSignUp, Street, Topic, Wording

ALL, CRIME, SOME = "all", "crime", "some"

WHERE = [
    (DoorstepSignUp.Source.DOOR, "At their door"),
    (DoorstepSignUp.Source.STREET, "In the street"),
    (DoorstepSignUp.Source.EVENT, "At an event"),
    (DoorstepSignUp.Source.SOCIAL_MEDIA, "Social media"),
    (DoorstepSignUp.Source.QR, "QR code"),
]
NOT_KEPT = {"autocomplete": "off"}  # no browser may offer one resident's address to the next
# Said by the page too, when there is no signal
SENTENCES = {
    "contact": "Give an email address, a mobile number or a landline number. One is enough",
    "email": "Give the email address in full, like name@example.com",
    "mobile": "Give a mobile number, like 07700 900123",
    "landline": "Give a landline number with its area code, like 01632 960123",
    "postcode": "Give their postcode, or choose the street you are working in",
    "organisations": "Tick each organisation that they named",
    "topics": "Tick at least one kind, or choose “Everything”",
    "agreed": "Read the words out, and tick when they have said yes",
}


class SignUpForm(forms.Form):
    """Somebody signed up at the door, in the order in which one speaks."""

    mark_optional = False
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    wording = forms.ModelChoiceField(Wording.objects.none(), widget=forms.HiddenInput)
    first_name = forms.CharField(label="First name", required=False, max_length=80)
    email = forms.CharField(label="Email", required=False, max_length=254, widget=forms.EmailInput)
    mobile = forms.CharField(label="Mobile", required=False, max_length=20)
    landline = forms.CharField(label="Landline", required=False, max_length=20)
    street = forms.ModelChoiceField(
        Street.objects.none(), label="Street you are working in", required=False, empty_label="None of these"
    )
    postcode = forms.CharField(label="Postcode", required=False, max_length=10)
    hears = forms.ChoiceField(
        label="What do they want to hear about?",
        choices=[(ALL, "Everything near them"), (CRIME, "Crime near them"), (SOME, "Only some kinds")],
        initial=ALL,
        widget=forms.RadioSelect,
    )
    topics = InterestsField(label="Which kinds?", required=False)
    organisations = OrganisationsField(
        label="Who may write to them?",
        help_text="Ask about each one. Tick only those they say yes to.",
        error_messages={"required": SENTENCES["organisations"]},
    )
    language = forms.ChoiceField(
        label="Language they like to read",
        choices=categories.by_own_name(),
        initial="en",
    )
    young = forms.BooleanField(label="They are 13 to 17", required=False)
    source = forms.ChoiceField(
        label="Where did you meet?",
        choices=WHERE,
        initial=DoorstepSignUp.Source.DOOR,
        widget=forms.RadioSelect,
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="Campaign it counts for", required=False, empty_label="None of these"
    )
    place = forms.CharField(label="Name of the event or place", required=False, max_length=80)
    agreed = forms.BooleanField(
        label="I read this out and they said yes", error_messages={"required": SENTENCES["agreed"]}
    )

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.said = queries.wording("doorstep")
        self._topics = [one for one in queries.topics() if one.purpose == Topic.Purpose.PUBLIC_TASK]
        self._pick("wording").queryset = Wording.objects.filter(kind="doorstep")
        self._pick("street").queryset = queries_doorstep.streets_for(staff, lately_too=self.is_bound)
        self._pick("campaign").queryset = queries_campaigns.campaigns_at_the_door(staff, over_too=self.is_bound)
        interests, organisations = self.fields["topics"], self.fields["organisations"]
        assert isinstance(interests, InterestsField)
        assert isinstance(organisations, OrganisationsField)
        interests.offer(self._topics)
        interests.option_hints = {}  # there is no time at the door for examples
        organisations.offer(list(queries.organisations()))
        self.interests, self.organisations = interests, organisations
        self.initial.setdefault("wording", self.said.pk)
        self.initial.setdefault("id", uuid4())
        for name in ("first_name", "email", "mobile", "landline", "postcode", "place"):
            self.fields[name].widget.attrs |= NOT_KEPT

    def _pick(self, name: str) -> forms.ModelChoiceField[Any]:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field

    def clean_email(self) -> str:
        return self._address("email")

    def clean_mobile(self) -> str:
        return self._address("mobile")

    def clean_landline(self) -> str:
        return self._address("landline")

    def _address(self, name: str) -> str:
        typed = str(self.cleaned_data[name]).strip()
        try:
            return getattr(normalise, name)(typed) if typed else ""
        except BadAddress as problem:
            raise forms.ValidationError(SENTENCES[name]) from problem

    def clean_postcode(self) -> str:
        postcode = str(self.cleaned_data["postcode"])
        try:
            queries.position(postcode)
        except UnknownPostcode as problem:
            raise forms.ValidationError(str(problem)) from problem
        return postcode

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        contacts = ("email", "mobile", "landline")
        if not any(given.get(name) or name in self.errors for name in contacts):
            self.add_error("email", SENTENCES["contact"])
        at_home = given.get("source") == DoorstepSignUp.Source.DOOR
        if at_home and not (given.get("postcode") or given.get("street") or "postcode" in self.errors):
            self.add_error("postcode", SENTENCES["postcode"])
        if given.get("hears") == SOME and not given.get("topics"):
            self.add_error("topics", SENTENCES["topics"])
        return given

    def given(self) -> Given:
        """What was said, for the action."""
        said = self.cleaned_data
        same = ("wording", "source", "email", "mobile", "landline", "first_name", "postcode", "language", "place")
        return Given(
            **{name: said[name] for name in same},
            organisations=self.organisations.bits(said["organisations"]),
            interests=self._interests(),
            young=bool(said["young"]),
            street=said["street"],
            campaign=said["campaign"],
        )

    def _interests(self) -> int:
        hears = self.cleaned_data["hears"]
        if hears == ALL:
            return EVERY_TOPIC
        if hears == CRIME:
            return sum(topic.mask for topic in self._topics if topic.about_crime)
        return self.interests.bits(self.cleaned_data["topics"])


class NumberForm(forms.Form):
    """A telephone number and the six figures that came to it."""

    mark_optional = False
    number = forms.CharField(
        label=_("Mobile or landline number"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", **NOT_KEPT}),
        error_messages={"required": _("Fill in the number that got the code")},
    )
    code = forms.CharField(
        label=_("Six-figure code"), max_length=12, widget=forms.TextInput(attrs=NOT_KEPT),
        error_messages={"required": _("Fill in the six figures")},
    )  # fmt: skip


# Streets to visit ----------------------------------------------------------------------------------------------------

_NUMBER = re.compile(
    r"(?:(?:flat|apt|unit|room|block) [0-9]{0,3}[a-z]?,? )?[0-9]{1,4}[a-z]?(?:[/-][0-9]{1,4}[a-z]?)?", re.I
)
_SPAN = re.compile(r"(\d{1,4})\s*(?:-|to)\s*(\d{1,4})(?:\s+(odd|even))?", re.I)
NUMBER = "Give the number alone, like 12, 12a or Flat 3, 12. No names"
MOST_DOORS = 400


def door_number(text: str) -> str:
    """A door's number as it is kept. ValidationError for anything that could be a name."""
    tidy = " ".join(text.split())
    if len(tidy) > 12 or not _NUMBER.fullmatch(tidy):
        raise forms.ValidationError(NUMBER)
    return tidy[:1].upper() + tidy[1:].lower()


def doors_in(text: str) -> list[str]:
    """The doors of a list like "1 to 31 odd, 40, 42a". ValidationError for anything that could be a name."""
    found: list[str] = []
    for part in re.split(r"[,;\n]+", text):
        span = _SPAN.fullmatch(part.strip())
        if span:
            found += _span(int(span[1]), int(span[2]), (span[3] or "").lower())
        elif part.strip():
            found.append(door_number(part))
    return found


class StreetForm(forms.Form):
    name = forms.CharField(
        label="Name of the street", max_length=80, error_messages={"required": "Fill in the name of the street"}
    )
    postcode = forms.CharField(
        label="Any postcode in it",
        max_length=10,
        help_text="So that we know where the street is.",
        error_messages={"required": "Fill in any postcode in the street"},
    )
    doors = forms.CharField(
        label="Numbers to visit",
        required=False,
        max_length=300,
        help_text="Leave it empty to visit every door. For example: 1 to 31 odd, 40, 42a.",
    )
    team = forms.ModelChoiceField(Team.objects.none(), label="Team", empty_label=None)

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        teams = queries_doorstep.teams_for(staff)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = teams
        self.initial.setdefault("team", teams.filter(people=staff).first() or teams.first())
        self.one_team = teams.count() == 1
        if self.one_team:
            field.widget = forms.HiddenInput()

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if any(sign.isdigit() for sign in name.split(" ")[0]):
            raise forms.ValidationError("Give the street alone. Numbers of doors go in the box below")
        return name

    def clean_postcode(self) -> str:
        postcode = str(self.cleaned_data["postcode"])
        try:
            queries.position(postcode)
        except UnknownPostcode as problem:
            raise forms.ValidationError(str(problem)) from problem
        return postcode

    def clean_doors(self) -> list[str]:
        found = doors_in(str(self.cleaned_data["doors"]))
        if len(found) > MOST_DOORS:
            raise forms.ValidationError(f"Give at most {MOST_DOORS} doors at a time")
        return found


def _span(first: int, last: int, which: str) -> list[str]:
    if not first <= last <= first + 2 * MOST_DOORS:
        raise forms.ValidationError("Give numbers from the lower to the higher, like 1 to 31")
    step = 2 if which else 1
    if which:
        first += (first % 2 == 0) == (which == "odd")
    return [str(number) for number in range(first, last + 1, step)]


class KnockForm(forms.Form):
    """A door and what came of it."""

    mark_optional = False
    number = forms.CharField(
        label="Door number",
        max_length=20,
        widget=forms.TextInput(attrs=NOT_KEPT),
        error_messages={"required": "Fill in the door’s number"},
    )
    note = forms.CharField(label="Note", required=False, max_length=200, widget=forms.TextInput(attrs=NOT_KEPT))
    outcome = forms.ChoiceField(choices=Door.Outcome.choices)

    def clean_number(self) -> str:
        return door_number(str(self.cleaned_data["number"]))
