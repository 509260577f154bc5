from typing import Any

from django import forms

from peelian.accounts.models import Staff
from peelian.conversations import actions, queries
from peelian.conversations.models import Thread


class InboxFilter(forms.Form):
    show = forms.ChoiceField(label="Show", choices=list(queries.FILTERS.items()), required=False)


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
