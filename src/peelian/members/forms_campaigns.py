"""The form of a campaign."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Staff, Team
from peelian.core import clock
from peelian.members import queries_campaigns
from peelian.members.models_campaigns import Campaign
from peelian.places.models import Area

ABOUT = {
    Campaign.Kind.CAMPAIGN: "A push of some weeks, on posters or online",
    Campaign.Kind.VENUE: "A place where a poster hangs: a library, a surgery, a shop",
    Campaign.Kind.EVENT: "A day on which you meet people",
    Campaign.Kind.OFFICER: "One officer’s card or phone",
}


class _Named(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no parameter when it runs
    """People by their name, without their address."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name or 'No name given'}, {obj.public_title}"


class CampaignForm(forms.Form):
    name = forms.CharField(
        label="What is it?",
        max_length=80,
        help_text="For your colleagues. Residents do not see it. For example: Poster in Elm Bridge library.",
        error_messages={"required": "Say what it is, like “Poster in Elm Bridge library”"},
    )
    kind = forms.ChoiceField(
        label="Kind", choices=Campaign.Kind.choices, widget=forms.RadioSelect, initial=Campaign.Kind.CAMPAIGN
    )
    officer = _Named(
        queryset=Staff.objects.none(),
        label="Whose card is it?",
        required=False,
        empty_label="Mine",
        help_text="For the kind “Officer” alone.",
    )
    team = forms.ModelChoiceField(Team.objects.none(), label="Team", empty_label=None)
    area = forms.ModelChoiceField(Area.objects.none(), label="Area", required=False, empty_label="No area of its own")
    starts = forms.DateField(label="First day", widget=forms.DateInput)
    ends = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput,
        help_text="Leave it empty while you do not know. The link goes on working after it.",
    )

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        teams = queries_campaigns.teams_to_choose(staff)
        for name, choices in (
            ("team", teams),
            ("area", queries_campaigns.areas_to_choose(staff)),
            ("officer", queries_campaigns.officers_to_choose(staff).exclude(pk=staff.pk)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = choices
        self.fields["kind"].option_hints = ABOUT  # type: ignore[attr-defined]  # read by core.fields
        self.initial.setdefault("team", teams.filter(people=staff).first())
        self.initial.setdefault("starts", clock.today())
        self.staff = staff

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("starts") and given.get("ends") and given["ends"] < given["starts"]:
            self.add_error("ends", "Give a last day that is not before the first day")
        given["officer"] = (given.get("officer") or self.staff) if given.get("kind") == Campaign.Kind.OFFICER else None
        return given
