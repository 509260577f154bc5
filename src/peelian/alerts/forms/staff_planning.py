"""What the planner and the quality panel are asked for. What cannot be read counts as not asked."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Staff, Team
from peelian.accounts.queries import teams_in_scope, teams_to_write_for
from peelian.alerts.quality.panel import Quarter, quarters

NEAR = (1, 3, 7, 14)  # days
USUAL = 3


class TeamForm(forms.Form):
    """A team in scope; without one, the person's own. Where `all_offered`, an empty answer means all of them."""

    all_offered = False

    team = forms.ModelChoiceField(
        label="Team", queryset=Team.objects.none(), to_field_name="slug", required=False, empty_label=None
    )

    def __init__(self, staff: Staff, data: Any) -> None:
        given = data.copy()
        self.teams = list(teams_in_scope(staff).order_by("name"))
        own = set(teams_to_write_for(staff).values_list("pk", flat=True))
        first = next((team for team in self.teams if team.pk in own), self.teams[0] if self.teams else None)
        allowed = {team.slug for team in self.teams} | ({""} if self.all_offered and len(self.teams) > 1 else set())
        if first is not None and data.get("team") not in allowed:
            given["team"] = first.slug
        super().__init__(given)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Team.objects.filter(pk__in=[team.pk for team in self.teams]).order_by("name")
        self.chosen = next((team for team in self.teams if team.slug == given.get("team")), None)
        self.may_write = self.chosen is not None and self.chosen.pk in own


class QualityForm(TeamForm):
    all_offered = True
    quarter = forms.ChoiceField(label="Quarter", required=False)

    def __init__(self, staff: Staff, data: Any) -> None:
        super().__init__(staff, data)
        self.offered = {one.slug: one for one in quarters()}
        field = self.fields["quarter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(slug, one.short) for slug, one in self.offered.items()]
        teams = self.fields["team"]
        assert isinstance(teams, forms.ModelChoiceField)
        if len(self.teams) > 1:
            teams.empty_label = "All teams in your area"
        self.all = len(self.teams) > 1 and data.get("team") == ""

    @property
    def wanted(self) -> tuple[list[Team], Quarter]:
        """One team, or all in the person's area; none where there is none."""
        newest = next(iter(self.offered.values()))
        teams = self.teams if self.all else [self.chosen] if self.chosen else []
        return teams, self.offered.get(self.data.get("quarter", ""), newest)


class PlannerForm(TeamForm):
    near = forms.ChoiceField(
        label="Warn of the same area and type within",
        choices=[(str(days), "1 day" if days == 1 else f"{days} days") for days in NEAR],
        required=False,
        initial=str(USUAL),
    )

    def __init__(self, staff: Staff, data: Any) -> None:
        given = data.copy()
        if data.get("near") not in {str(days) for days in NEAR}:
            given["near"] = str(USUAL)
        super().__init__(staff, given)

    @property
    def days(self) -> int:
        return int(self.data["near"])
