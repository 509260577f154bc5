"""Forms of issues."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.core.raising import issue_sources
from peelian.priorities import queries
from peelian.priorities.forms.shared import AreaField, NamesNobody, choose
from peelian.priorities.models import Issue
from peelian.priorities.models.issues import BY_HAND
from peelian.priorities.queries.issues import SHOWN

NEW = "new"
MOST_OFFERED = 20  # issues to merge into
HOW = ["Told to an officer", "By phone", "At a counter", "From a councillor or partner", "On social media"]


class IssueFilter(forms.Form):
    """What the list of issues is narrowed by."""

    q = forms.CharField(label="Words", max_length=100, required=False)
    show = forms.ChoiceField(label="Show", choices=[*SHOWN.items()], required=False)
    area = AreaField("Area", required=False, empty_label="All of mine")
    source = forms.ChoiceField(label="Raised in", required=False)

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choose(self, "area", queries.areas_of(staff))
        known = [(code, source.label) for code, source in issue_sources.items()]
        choices = [("", "Anything"), *known, (BY_HAND, "Told to us by word of mouth")]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]


class IssueForm(NamesNobody):
    """What was raised, in words that name nobody, and where."""

    words = forms.CharField(
        label="What was raised?",
        max_length=500,
        widget=forms.Textarea,
        help_text="In one or two sentences, as a neighbour would say it. Leave out names, house numbers and anything"
        " that points at somebody.",
        error_messages={"required": "Say in a sentence what was raised"},
    )
    area = AreaField("Where?", empty_label="Choose an area")

    def __init__(self, staff: Staff, *given: Any, member_ids: tuple[int, ...] = (), **named: Any) -> None:
        super().__init__(*given, **named)
        choose(self, "area", queries.areas_of(staff))
        self.member_ids = member_ids


class HeardForm(IssueForm):
    """The same for what somebody told us, of which there is no record elsewhere."""

    how = forms.ChoiceField(
        label="How did it come to us?", choices=[(one, one) for one in HOW], widget=forms.RadioSelect
    )
    day = forms.DateField(label="When?", widget=forms.DateInput)
    people = forms.IntegerField(label="About how many people said so?", required=False, min_value=1, max_value=100_000)
    field_order = ("words", "area", "how", "day", "people", "looked")

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > clock.today():
            raise forms.ValidationError("Give a day that is not in the future")
        return day


class SameForm(forms.Form):
    """Whether it is one of the issues there are already."""

    same_as = forms.ChoiceField(label="Is it one of these?", widget=forms.RadioSelect)

    def __init__(self, similar: list[Issue], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choices = [(one.ref, one.words) for one in similar]
        field: Any = self.fields["same_as"]
        field.choices = [*choices, (NEW, "No, it is something new")]
        field.option_hints = {one.ref: f"{one.area}, raised {_times(one)}" for one in similar}
        field.error_messages["required"] = "Say whether it is one of these"


def _times(issue: Issue) -> str:
    number = getattr(issue, "raised", 1)
    return "once" if number == 1 else f"{number} times"


class MergeForm(forms.Form):
    """Which issue it is the same as."""

    into = forms.ModelChoiceField(
        Issue.objects.none(),
        label="Which issue is it the same as?",
        to_field_name="ref",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the issue it is the same as"},
    )

    def __init__(self, staff: Staff, issue: Issue, q: str, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        found = queries.issues_for(staff, q=q).exclude(pk=issue.pk)
        if q:
            ids = list(found.order_by("-made_at").values_list("pk", flat=True)[:MOST_OFFERED])
        else:
            ids = [one.pk for one in queries.similar(staff, issue.words, issue.area, but=issue)]
        choose(self, "into", found.filter(pk__in=ids).order_by("-made_at"))

    @property
    def offers(self) -> int:
        field: Any = self.fields["into"]
        return int(field.queryset.count())


class SearchForm(forms.Form):
    q = forms.CharField(label="Find it by its words", max_length=100, required=False)


class WhyForm(forms.Form):
    """A reason, always asked for."""

    why = forms.CharField(label="Why?", max_length=300, widget=forms.Textarea, error_messages={"required": "Say why"})
