from typing import Any

from django import forms

from peelian.accounts.models import Staff, Team
from peelian.accounts.queries import teams_in_scope
from peelian.contacts import queries as addresses
from peelian.contacts.errors import BadAddress
from peelian.contacts.revealing import REASONS
from peelian.conversations import actions, promise, queries, sorting
from peelian.conversations.forms_public import languages
from peelian.conversations.models import SavedAnswer, Tag, Thread
from peelian.places.models import Area

AGES = [(days, f"Over {days} day{'' if days == '1' else 's'} ago") for days in queries.AGES]


class InboxFilter(forms.Form):
    """What narrows a list; which list it is stays."""

    show = forms.CharField(required=False, widget=forms.HiddenInput)
    tag = forms.ModelChoiceField(Tag.objects.none(), label="Tag", required=False, empty_label="Any")
    area = forms.ModelChoiceField(Area.objects.none(), label="Area", required=False, empty_label="Any")
    age = forms.ChoiceField(label="Last word", choices=[("", "At any time"), *AGES], required=False)

    def __init__(self, staff: Staff, *given: Any) -> None:
        super().__init__(*given)
        tags: Any = self.fields["tag"]
        tags.queryset = queries.tags_of(staff)
        areas: Any = self.fields["area"]
        areas.queryset = queries.areas_of(staff)


class AnswerForm(forms.Form):
    """The length is the action's to judge: it counts a line end as one character, browsers send two."""

    text = forms.CharField(
        label="Your answer",
        help_text="The resident gets it by email, from the team. Their own words are not repeated in it.",
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": "Write your answer first"},
    )
    read_up_to = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CloseForm(forms.Form):
    reason = forms.CharField(
        label="Why are you closing it?",
        help_text="The resident gets this reason by email.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, so that the resident knows"},
    )
    longest = actions.LONGEST_REASON


class AssignForm(forms.Form):
    """Choose one of the team, or hand the conversation back to all."""

    to = forms.ModelChoiceField(
        label="Who sees to it", queryset=Staff.objects.none(), required=False, empty_label="Anybody in the team"
    )

    def __init__(self, thread: Thread, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.initial["to"] = thread.assigned_to_id
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = thread.team.people.filter(is_active=True)


class TagsForm(forms.Form):
    tags = forms.ModelMultipleChoiceField(
        Tag.objects.none(), label="Tags", required=False, widget=forms.CheckboxSelectMultiple
    )
    new = forms.CharField(label="A new tag", max_length=sorting.LONGEST_TAG, required=False)

    def __init__(self, thread: Thread, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field: Any = self.fields["tags"]
        field.queryset = Tag.objects.filter(team=thread.team_id)
        self.initial["tags"] = list(thread.tags.values_list("pk", flat=True))


class SavedChoice(forms.Form):
    """Which saved answer to put in the box."""

    saved = forms.ModelChoiceField(
        SavedAnswer.objects.none(), label="Saved answer", required=False, empty_label="Choose"
    )

    def __init__(self, thread: Thread, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field: Any = self.fields["saved"]
        field.queryset = SavedAnswer.objects.filter(team=thread.team_id)


class SavedForm(forms.Form):
    team = forms.ModelChoiceField(Team.objects.none(), label="Team", empty_label=None)
    title = forms.CharField(label="Title", help_text="For the list. Residents never see it.", max_length=80)
    text = forms.CharField(
        label="Answer",
        help_text="Leave a mark like [street] where something has to be filled in. Nobody can send it word for word.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field: Any = self.fields["team"]
        field.queryset = teams_in_scope(staff)


class HandOverForm(forms.Form):
    to_team = forms.ModelChoiceField(Team.objects.none(), label="To which team", empty_label="Choose a team")
    note = forms.CharField(
        label="A note for them",
        help_text="Why it is theirs, and what you have done. The resident does not see it.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write a note, so that they know why it comes to them"},
    )

    def __init__(self, thread: Thread, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field: Any = self.fields["to_team"]
        field.queryset = queries.teams_to_hand_to(thread)


class PassOnForm(forms.Form):
    receiver = forms.ModelChoiceField(Staff.objects.none(), label="Who receives it", empty_label="Choose somebody")

    def __init__(self, thread: Thread, by: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field: Any = self.fields["receiver"]
        field.queryset = queries.receivers(thread).exclude(pk=by.pk)


class ReceiveForm(forms.Form):
    reference = forms.CharField(
        label="Its reference in the intelligence system", max_length=40, required=False, help_text="A number, no words."
    )
    sure = forms.BooleanField(
        label="I have all of it. Delete the words here for good.",
        error_messages={"required": "Tick the box when you have it: nothing is deleted before"},
    )


class RevealForm(forms.Form):
    why = forms.ChoiceField(label="Why do you need them?", choices=[("", "Choose a reason"), *REASONS.items()])


class TriggerForm(forms.Form):
    language = forms.ChoiceField(label="Language", choices=languages())
    words = forms.CharField(
        label="Word or words",
        max_length=80,
        help_text="Whole words alone. List each form by itself, such as “gun” and “guns”.",
    )
    out_of_hours = forms.BooleanField(
        label="Tell the duty contact too, when the team is not at work", required=False, initial=True
    )


class DeskForm(forms.Form):
    days = forms.IntegerField(label="Working days to an answer", min_value=1, max_value=20)
    weekdays = forms.MultipleChoiceField(
        label="Days the team works",
        choices=[(str(1 << number), name) for number, name in enumerate(promise.DAYS)],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day"},
    )
    opens = forms.TimeField(label="From", widget=forms.TimeInput(format="%H:%M"))
    closes = forms.TimeField(label="Until", widget=forms.TimeInput(format="%H:%M"))
    bank_holidays = forms.BooleanField(label="Works on bank holidays", required=False)
    minutes = forms.IntegerField(label="Minutes until the duty contact is told again", min_value=5, max_value=240)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("opens") and given.get("closes") and given["opens"] >= given["closes"]:
            self.add_error("closes", "The team cannot go home before it comes")
        return given


class DutyForm(forms.Form):
    name = forms.CharField(label="Name of the duty", max_length=80, help_text="Such as “Force control room”.")
    contact = forms.CharField(label="Email address or mobile number", max_length=254)

    def clean_contact(self) -> str:
        try:
            addresses.read(self.cleaned_data["contact"])
        except BadAddress as problem:
            raise forms.ValidationError(str(problem)) from problem
        return str(self.cleaned_data["contact"])
