"""What staff fill in about alerts. A draft may be saved with anything missing; queries.missing says what it lacks."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from peelian.accounts.models import Staff, Team
from peelian.accounts.queries import teams_in_scope, teams_to_write_for
from peelian.alerts import policy, queries
from peelian.alerts.actions.after import LONGEST_REASON
from peelian.alerts.actions.deciding import LONGEST_COMMENT
from peelian.alerts.actions.drafting import FIXED, LONGEST_PART, LONGEST_TITLE
from peelian.alerts.actions.release import Stage
from peelian.alerts.models import Alert
from peelian.core import clock
from peelian.core.wording import in_words
from peelian.members.models import CHANNELS, Topic

TYPED_FROM = 10_000  # above this many people, whoever lets it go types the number
ABOUT_PARTS = {
    "happening": ("What is happening", "What, where and when. Leave out what could point at somebody."),
    "doing": ("What we are doing", "What your team has done and will do, and by when."),
    "can_do": ("What you can do", "One or two things that help, and how to tell you something."),
}


class AlertFilter(forms.Form):
    """The filter above the list. `q` looks for words in title and text."""

    q = forms.CharField(label="Words", max_length=100, required=False)
    state = forms.ChoiceField(label="State", choices=[("", "Any"), *Alert.State.choices], required=False)
    team = forms.ModelChoiceField(
        label="Team", queryset=Team.objects.none(), to_field_name="slug", required=False, empty_label="Any"
    )

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = teams_in_scope(staff).order_by("name")


class NewAlertForm(forms.Form):
    """Whose alert it is, for people in more than one team."""

    team = forms.ModelChoiceField(
        label="Which team is it from?",
        queryset=Team.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose the team it is from"},
    )

    def __init__(self, teams: QuerySet[Team], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = teams


class BeginForm(forms.Form):
    """What an alert begins with, chosen on another page. What cannot be read is left out."""

    template = forms.ModelChoiceField(queryset=queries.templates(), required=False, widget=forms.HiddenInput)
    practice = forms.BooleanField(required=False, widget=forms.HiddenInput)
    day = forms.DateField(required=False, widget=forms.HiddenInput)

    @property
    def chosen(self) -> dict[str, Any]:
        """What actions.create_draft takes; a day that is over counts for nothing."""
        said = self.cleaned_data
        day = said.get("day")
        return {
            "template": said.get("template"),
            "practice": bool(said.get("practice")),
            "planned_for": day if day and day >= clock.today() else None,
        }


class ComposeForm(forms.Form):
    """The writing: all of a draft but its audience.

    A day that is over is refused only when somebody PRESSED a button: a draft that has lain for a while must still save
    itself while they write.
    """

    mark_optional = False

    title = forms.CharField(
        label="Title",
        help_text="What and where, such as “Two sheds broken into on Mill Lane”. It is the subject of the email.",
        max_length=LONGEST_TITLE,
        required=False,
        error_messages={"max_length": f"The title is longer than {LONGEST_TITLE} characters. Shorten it"},
    )
    team = forms.ModelChoiceField(label="From", queryset=Team.objects.none(), empty_label=None)
    topic = forms.ModelChoiceField(
        label="Type",
        help_text="Residents choose which types they want.",
        queryset=Topic.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label="Choose a type",
    )
    priority = forms.ChoiceField(
        label="How urgent is it?",
        help_text="An urgent alert goes before everything else, and a second person has to approve it.",
        choices=[("routine", "Routine"), ("important", "Important"), ("urgent", "Urgent")],
        widget=forms.RadioSelect,
    )
    happening = forms.CharField(required=False, widget=forms.Textarea)
    doing = forms.CharField(required=False, widget=forms.Textarea)
    can_do = forms.CharField(required=False, widget=forms.Textarea)
    channels = forms.MultipleChoiceField(
        label="How should it reach them?",
        help_text="Each person gets it in the ways they chose.",
        choices=[(name, name.capitalize()) for name in CHANNELS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    ends_on = forms.DateField(
        label="Show it on the website until",
        help_text="Leave empty for the usual time of its type. Afterwards the page shows only what came of it.",
        required=False,
        widget=forms.DateInput,
    )
    restricted = forms.BooleanField(label="Do not show this alert on the public website", required=False)

    def __init__(self, alert: Alert, by: Staff, data: Any = None, *, pressed: bool = False) -> None:
        super().__init__(data, initial=initial(alert))
        self.pressed = pressed
        for name, (label, hint) in ABOUT_PARTS.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            assert isinstance(field, forms.CharField)
            field.max_length = LONGEST_PART
            field.widget.attrs["rows"] = 6
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = (teams_to_write_for(by) | Team.objects.filter(pk=alert.team_id)).distinct().order_by("name")
        if alert.relation:
            for name in set(FIXED) & set(self.fields):
                self.fields[name].disabled = True

    def clean_ends_on(self) -> date | None:
        day: date | None = self.cleaned_data["ends_on"]
        if self.pressed and day is not None and day < clock.today():
            raise forms.ValidationError(
                "The last day on the website is over. Give today or a later day, or leave it empty"
            )
        return day

    def clean_channels(self) -> int:
        return sum(CHANNELS[name] for name in self.cleaned_data["channels"])

    def clean(self) -> dict[str, Any]:
        for name, (label, _) in ABOUT_PARTS.items():
            if len(self.cleaned_data.get(name) or "") > LONGEST_PART:
                self.add_error(name, f"“{label}” is longer than {LONGEST_PART:,} characters. Shorten it")
        return self.cleaned_data


def initial(alert: Alert) -> dict[str, Any]:
    """A draft as the form shows it."""
    return {
        "title": alert.title,
        "team": alert.team_id,
        "topic": alert.topic.slug if alert.topic else "",
        "priority": alert.priority,
        "happening": alert.happening,
        "doing": alert.doing,
        "can_do": alert.can_do,
        "channels": [name for name, bit in CHANNELS.items() if alert.channels & bit],
        "ends_on": alert.ends_on,
        "restricted": alert.restricted,
    }


class LetGoForm(forms.Form):
    """What a person says who lets an alert go: the number typed when it is large, in words when it is a large share of
    everybody, and that a repeat is meant."""

    again = forms.BooleanField(label="I mean to send the same alert again", required=False)
    typed = forms.CharField(label="Type the number of people to go on", required=False, max_length=200)

    def __init__(self, people: int, *given: Any, same: bool = False, **named: Any) -> None:
        super().__init__(*given, **named)
        self.people = people
        self.in_words = policy.is_large(people)
        typed = self.fields["typed"]
        if self.in_words:
            typed.label = "Type the number of people in words to go on"
            typed.help_text = f"It goes to {people:,} people, a large share of everybody: {in_words(people)}."
        elif people > TYPED_FROM:
            typed.help_text = f"It goes to {people:,} people. Type {people:,}."
            typed.widget.attrs["inputmode"] = "numeric"
        else:
            del self.fields["typed"]
        if not same and not self.data.get("again"):
            del self.fields["again"]

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if self.in_words:
            if _words(typed) != _words(in_words(self.people)):
                raise forms.ValidationError(f"Type the number of people in words: {in_words(self.people)}")
        elif "".join(letter for letter in typed if letter.isdigit()) != str(self.people):
            raise forms.ValidationError(f"Type the number of people it goes to: {self.people:,}")
        return typed


def _words(said: str) -> list[str]:
    """The words of a number, however they are joined."""
    return [word for word in re.split(r"[^a-z]+", said.lower()) if word not in ("", "and", "people")]


class StageForm(forms.Form):
    """Whether some go first, to see that all is well before everybody gets it."""

    FROM = 200  # people; fewer go at once

    stage = forms.ChoiceField(
        label="Send it to a few first?",
        choices=[
            ("all", "No, to everybody at once"),
            ("look", "To the first 100, then wait until somebody goes on"),
            ("30", "To the first 100, then wait 30 minutes"),
            ("120", "To the first 100, then wait 2 hours"),
        ],
        required=False,
        widget=forms.RadioSelect,
        initial="all",
    )

    def clean_stage(self) -> Stage | None:
        said = self.cleaned_data["stage"]
        return None if said in ("", "all") else Stage(minutes=int(said) if said.isdecimal() else None)


class WhenForm(forms.Form):
    """Now, or at a time on a London clock. Which times exist is known to alerts.actions."""

    when = forms.ChoiceField(
        label="When should it go?",
        choices=[("now", "As soon as possible"), ("later", "At a time I choose")],
        widget=forms.RadioSelect,
        initial="now",
    )
    day = forms.DateField(label="Date", required=False, widget=forms.DateInput)
    time = forms.TimeField(label="Time", required=False, widget=forms.TimeInput)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("when") == "later":
            if not said.get("day") and "day" not in self.errors:
                self.add_error("day", "Give the date it should go on")
            if not said.get("time") and "time" not in self.errors:
                self.add_error("time", "Give the time it should go at, like 18:30")
        return said

    def moment(self) -> datetime | None:
        """The time that was chosen, on a London clock; None: as soon as possible."""
        said = self.cleaned_data
        return datetime.combine(said["day"], said["time"]) if said["when"] == "later" else None


class SendBackForm(forms.Form):
    comment = forms.CharField(
        label="What should change?",
        help_text="The author reads this.",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what should change, so that the author can change it"},
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Why is it withdrawn?",
        help_text="Residents read this where the alert was.",
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why it is withdrawn: the reason stands where the alert was"},
    )


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label="What came of it?",
        help_text="The public page shows this at once. After the end date it shows nothing else.",
        max_length=LONGEST_PART,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    mark_optional = False


class EndDateForm(forms.Form):
    ends_on = forms.DateField(
        label="Show it on the website until", widget=forms.DateInput, error_messages={"required": "Give the last day"}
    )
