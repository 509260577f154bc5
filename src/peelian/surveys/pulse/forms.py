"""What staff fill in about the pulse: how it is asked, and the decision of an ethics body."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from peelian.accounts.models import Staff, Team
from peelian.accounts.queries import teams_in_scope
from peelian.alerts import holdout
from peelian.alerts.actions.withholding import problems
from peelian.core import clock
from peelian.members.models import Topic
from peelian.surveys.pulse.models import PulseProgramme


def _whole(label: str, low: int, high: int, **more: Any) -> forms.IntegerField:
    """A whole number, refused with a sentence that names the field and what it may be."""
    said = f"{label}: type a whole number from {low} to {high:,}"
    codes = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, error_messages=dict.fromkeys(codes, said), **more
    )  # fmt: skip


class SettingsForm(forms.Form):
    mark_optional = False
    on = forms.BooleanField(
        label="Ask after alerts", required=False,
        help_text="From when you switch it on. Nobody is asked about an alert from before.",
    )  # fmt: skip
    team = forms.ModelChoiceField(
        label="Who asks", queryset=Team.objects.none(), empty_label=None, help_text="Stands under the message."
    )
    topics = forms.ModelMultipleChoiceField(
        label="After alerts of these types", queryset=Topic.objects.order_by("bit"),
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose at least one type"},
        help_text="Never after urgent, restricted and practice alerts, updates and corrections.",
    )  # fmt: skip
    most = _whole(
        "Most people to ask after an alert", 20, 1_000,
        help_text="Drawn at random from those it went to. Where it was withheld from some, as many of either.",
    )  # fmt: skip
    hours = _whole(
        "Hours after the last message went out", 2, 96,
        help_text="24 gives people a day to read it. Quiet hours are kept besides.",
    )  # fmt: skip
    rest_days = _whole("Days until somebody may be asked again", 30, 365)

    def __init__(self, by: Staff, kept: PulseProgramme | None, data: Any = None) -> None:
        first = PulseProgramme()
        at = kept or first
        initial: dict[str, Any] = {name: getattr(at, name) for name in ("on", "most", "hours", "rest_days")}
        initial["topics"] = list(kept.topics.all()) if kept else list(Topic.objects.filter(about_crime=True))
        super().__init__(data, initial=initial)
        teams = teams_in_scope(by).order_by("name")
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["team"].initial = kept.survey.team_id if kept else teams.filter(areas=None).first() or teams.first()


class DecisionForm(forms.Form):
    mark_optional = False
    body = forms.CharField(
        label="Who decided",
        max_length=120,
        help_text="The body, not a person: “Ethics Committee of the force and PCC”.",
    )
    decided_on = forms.DateField(label="Day of the decision", widget=forms.DateInput)
    reference = forms.CharField(label="Reference", max_length=60, help_text="Of the minutes or the paper.")
    text = forms.CharField(
        label="What was decided", max_length=4_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="In its own words, with its conditions. It stands on the page for everybody who sees results.",
    )  # fmt: skip
    percent = _whole(
        "Share of an audience, in %", 1, 10, initial=2,
        help_text=f"Of alerts to {holdout.FEWEST} people or more.",
    )  # fmt: skip
    topics = forms.ModelMultipleChoiceField(
        label="Alerts of these types", queryset=Topic.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the types that were decided on"},
        help_text="Types that warn of a danger or look for somebody are not offered: they are never withheld.",
    )  # fmt: skip
    until = forms.DateField(label="Last day", widget=forms.DateInput, help_text="A year after the decision at most.")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["topics"].queryset = holdout.may_be_named().order_by("bit")  # type: ignore[attr-defined]
        self.fields["until"].initial = clock.today() + timedelta(days=180)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("decided_on", "until", "percent", "topics")
        if all(given.get(name) for name in names):
            for found in problems(**{name: given[name] for name in names}):
                self.add_error("decided_on" if "day of the decision" in found else "until", found)
        return given
