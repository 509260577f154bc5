"""Forms of problem management profiles."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.core.measures import measures
from peelian.priorities.forms.shared import NamesNobody, choose
from peelian.priorities.models import Profile, ProfileMeasure
from peelian.priorities.models.profiles import SHARED
from peelian.priorities.naming import what_points_at_somebody

LONG = 5_000


def _part(label: str, help_text: str, *, required: bool = False) -> forms.CharField:
    errors = {"required": f"Fill in “{label}”"}
    return forms.CharField(
        label=label,
        max_length=LONG,
        required=required,
        widget=forms.Textarea,
        help_text=help_text,
        error_messages=errors,
    )


class ProfileForm(forms.Form):
    """OSARA, with who does what and when it is looked at again."""

    objectives = _part("Objectives", "What should be different, by how much and by when?", required=True)
    scanning = _part("Scanning", "What happens, where, when, to whom, how often? Where do you know it from?")
    analysis = _part("Analysis", "Why here? Offender, victim, place; what was tried before?")
    response = _part("Response", "What will be done about the causes?")
    tactics = _part("Tactics", "How it is done. Only staff read this.")
    assessment = _part("Assessment", "Did it work, and how do you know?")
    partners = forms.CharField(
        label="Partners",
        max_length=2_000,
        required=False,
        widget=forms.Textarea,
        help_text="One organisation in each line, with what it does.",
    )
    owner = forms.ModelChoiceField(Staff.objects.none(), label="Owner", required=False, empty_label="I am")
    review_on = forms.DateField(
        label="Look at it again on",
        widget=forms.DateInput,
        error_messages={"required": "Give a day to look at it again"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, staff: Staff, profile: Profile | None, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.staff = staff
        people = Staff.objects.filter(teams__in=accounts.teams_in_scope(staff), is_active=True).distinct()
        choose(self, "owner", people.exclude(pk=staff.pk).order_by("name", "pk"))
        self.fields["owner"].label_from_instance = lambda one: one.name or one.public_title  # type: ignore[attr-defined]
        if profile is not None:
            self.initial.update({name: getattr(profile, name) for name in self.fields if name != "owner"})
            self.initial["owner"] = None if profile.owner_id == staff.pk else profile.owner_id

    @property
    def told(self) -> dict[str, Any]:
        said = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return said | {"owner": said["owner"] or self.staff}


class TaskForm(forms.Form):
    what = forms.CharField(label="What is to be done?", max_length=200)
    who = forms.CharField(label="By whom?", max_length=80, help_text="A role or an organisation.")
    due_on = forms.DateField(label="By when?", widget=forms.DateInput)


class MeasureForm(forms.Form):
    """What shows whether it works: one of the force's measures, or something of one's own."""

    kind = forms.ChoiceField(label="What is it?", choices=ProfileMeasure.Kind.choices, widget=forms.RadioSelect)
    code = forms.ChoiceField(label="Measure", required=False)
    name = forms.CharField(
        label="Or in your own words", max_length=120, required=False, help_text="For example: Speed checks a week."
    )
    baseline = forms.FloatField(label="Where did it start?")
    baseline_of = forms.CharField(label="When was that?", max_length=60, help_text="For example: May 2026.")
    target = forms.FloatField(label="Where should it get to?")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choices = [(one.code, one.name) for one in measures.values()]
        self.fields["code"].choices = [("", "None of these"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        known = measures.get(given.get("code") or "")
        if known is None and not given.get("name"):
            self.add_error("name", "Choose one of the force's measures, or say in your own words what is measured")
        if known is not None:
            given["name"] = known.name[:120]
        return given


class LatestForm(forms.Form):
    latest = forms.FloatField(label="Newest figure")
    of = forms.CharField(label="When is it of?", max_length=60)


class ReviewForm(forms.Form):
    found = forms.CharField(
        label="What did you find?",
        max_length=2_000,
        widget=forms.Textarea,
        error_messages={"required": "Say what you found"},
    )
    review_on = forms.DateField(label="Look at it again on", widget=forms.DateInput)

    def clean_review_on(self) -> Any:
        day = self.cleaned_data["review_on"]
        if day <= clock.today():
            raise forms.ValidationError("Give a day that is still to come")
        return day


class LearnedForm(NamesNobody):
    """What the whole force reads from now on: what is written here, and of the profile what is SHARED of it."""

    read_by_many = ("learned",)
    learned = forms.CharField(
        label="What was learned?",
        max_length=LONG,
        widget=forms.Textarea,
        help_text="What worked, what did not, what you would do again. Everybody in the force finds it by these words.",
        error_messages={"required": "Say what was learned: others search for it when they have the same problem"},
    )

    def __init__(self, profile: Profile, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.profile = profile

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        for name in SHARED:
            if name != "learned" and (said := what_points_at_somebody(getattr(self.profile, name))):
                self.asks_again = True
                if not given.get("looked"):
                    self.add_error(None, f"{name.capitalize()}: {said[0].lower()}{said[1:]}")
        return given


class KnowledgeForm(forms.Form):
    q = forms.CharField(label="Words", max_length=100, required=False)
