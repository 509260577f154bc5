from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Staff
from peelian.conversations import queries
from peelian.conversations.inbound import aside
from peelian.conversations.inbound import queries as inbound_queries
from peelian.conversations.models import Inbound, Thread

ANOTHER = "another"


class ListForm(forms.Form):
    show = forms.ChoiceField(label="Show", choices=list(inbound_queries.LISTS.items()), required=False)


class AttachForm(forms.Form):
    """One of the conversations with whoever the message says to be from, or another by its number."""

    thread = forms.ChoiceField(
        label="Which conversation does it belong in?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a conversation", "invalid_choice": "Choose a conversation of the list"},
    )
    number = forms.IntegerField(
        label="Number of the conversation",
        help_text="It stands at the end of the address of the conversation’s page.",
        required=False,
        min_value=1,
        max_value=2**62,
        error_messages={"invalid": "Write the number in figures"},
    )

    def __init__(self, staff: Staff, inbound: Inbound, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.found: Thread | None = None
        self._staff = staff
        self._known = {str(one.pk): one for one in inbound_queries.threads_to_attach_to(staff, inbound)}
        field = self.fields["thread"]
        assert isinstance(field, forms.ChoiceField)
        listed = [(pk, f"{one.subject} ({one.team.name}, {one.pk})") for pk, one in self._known.items()]
        field.choices = [*listed, (ANOTHER, "Another, by its number")]
        if not listed:
            field.initial = ANOTHER

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        chosen = given.get("thread")
        if chosen == ANOTHER:
            self._by_number(given.get("number"))
        elif chosen:
            self.found = self._known[chosen]
        return given

    def _by_number(self, number: int | None) -> None:
        if number is None:
            if "number" not in self.errors:
                self.add_error("number", "Write the number of the conversation")
            return
        self.found = queries.threads_of(self._staff).filter(pk=number).first()
        if self.found is None:
            self.add_error("number", "There is no conversation of that number, or it is another team’s")


class DiscardForm(forms.Form):
    reason = forms.CharField(
        label="Why does it belong in no conversation?",
        help_text="For example: advertising, sent to us by mistake, answered by telephone.",
        max_length=aside.LONGEST_REASON,
        error_messages={"required": "Say why it belongs nowhere", "max_length": "Use 300 characters or fewer"},
    )
