"""Forms of a World Café."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peelian.events.models import CafeTable, CafeTheme, Event

MOST_ROUNDS, MOST_TABLES = 8, 30


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class SetUpForm(forms.Form):
    questions = forms.CharField(
        label="Questions", widget=forms.Textarea(attrs={"rows": 5}), help_text="One in each line, a round each.",
        error_messages={"required": "Write at least one question"},
    )  # fmt: skip
    hosts = forms.CharField(
        label="Who takes notes at each table", widget=forms.Textarea(attrs={"rows": 6}),
        help_text="A role or an agency, one table in each line. For example PCSO, or Youth service.",
        error_messages={"required": "Name who takes notes, one table in each line"},
    )  # fmt: skip

    def clean_questions(self) -> list[str]:
        found = _lines(self.cleaned_data["questions"])
        if len(found) > MOST_ROUNDS:
            raise forms.ValidationError(f"Ask at most {MOST_ROUNDS} questions. People need time to talk")
        if any(len(one) > 200 for one in found):
            raise forms.ValidationError("Shorten each question to 200 characters")
        return found

    def clean_hosts(self) -> list[str]:
        found = _lines(self.cleaned_data["hosts"])
        if len(found) > MOST_TABLES:
            raise forms.ValidationError(f"Set up at most {MOST_TABLES} tables")
        if any(len(one) > 80 for one in found):
            raise forms.ValidationError("Shorten each line to 80 characters")
        return found


class TableForm(forms.Form):
    """What a host keeps."""

    said = forms.CharField(
        label=_("What was said?"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One thought at a time, in the words it was said in. Never a name."),
        error_messages={"required": _("Write what was said")},
    )  # fmt: skip


class TypedForm(forms.Form):
    number = forms.TypedChoiceField(label="Question", coerce=int)
    table = forms.ModelChoiceField(CafeTable.objects.none(), label="Table", empty_label=None)
    said = forms.CharField(
        label="What was said?", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="Never a name.",
        error_messages={"required": "Write what was said"},
    )  # fmt: skip

    def __init__(self, event: Event, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        number, table = self.fields["number"], self.fields["table"]
        assert isinstance(number, forms.TypedChoiceField)
        assert isinstance(table, forms.ModelChoiceField)
        number.choices = [(one.number, f"{one.number}. {one.question}") for one in event.rounds.all()]
        table.queryset = event.tables.all()
        table.label_from_instance = lambda one: f"Table {one.number}: {one.host}"  # type: ignore[assignment,method-assign]


class SortForm(forms.Form):
    notes = forms.TypedMultipleChoiceField(coerce=int, error_messages={"required": "Tick the notes that you mean"})
    theme = forms.CharField(label="Theme", required=False, max_length=60)

    def __init__(self, event: Event, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["notes"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        rows = event.rounds.values_list("notes__pk", flat=True)
        field.choices = [(pk, pk) for pk in rows if pk]


class InsightForm(forms.Form):
    learned = forms.CharField(
        label="What did we learn?", max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A sentence that those who came recognise.", error_messages={"required": "Write what we learned"},
    )  # fmt: skip
    theme = forms.ModelChoiceField(
        CafeTheme.objects.none(), label="From which theme?", required=False, empty_label="None in particular"
    )

    def __init__(self, event: Event, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["theme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = event.themes.all()


class NextForm(forms.Form):
    story = forms.CharField(
        label="What happens next?", required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What we will do with it, by when, and where people hear of it. Markdown works.",
    )  # fmt: skip
