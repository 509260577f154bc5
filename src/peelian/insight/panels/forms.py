"""What a panel is asked for, in its address. What cannot be read is said, and the page answers as if it was not
asked."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Organisation, Staff, Team
from peelian.accounts.queries import organisations, teams_in_scope
from peelian.core import clock
from peelian.core.panels import Scope
from peelian.core.periods import NoSuchPeriod, Period, clean, last_whole_month
from peelian.insight.panels.queries import Wanted, areas_for, months_up_to
from peelian.members.models import Topic
from peelian.places.models import Area

OFFERED = 24  # months in the list


class PanelForm(forms.Form):
    area = forms.ChoiceField(label="Area", required=False)
    period = forms.Field()  # made in __init__: what is offered depends on the day
    team = forms.ModelChoiceField(
        label="Team", queryset=Team.objects.none(), to_field_name="slug", required=False, empty_label="All teams"
    )
    type = forms.ModelChoiceField(
        label="Type of alert", queryset=Topic.objects.all(), to_field_name="slug", required=False,
        empty_label="All types",
    )  # fmt: skip
    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), to_field_name="slug", required=False,
        empty_label="All organisations",
    )  # fmt: skip

    def __init__(self, staff: Staff, data: Any) -> None:
        self.areas = areas_for(staff)
        self.newest = last_whole_month(clock.today())
        given = data.copy()
        given.setdefault("period", self.newest.name)
        super().__init__(given)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)
        area.choices = [(one.code, f"{one.name}, {one.get_kind_display().lower()}") for one in self.areas]
        self.fields["period"] = _period_field(self.newest, str(given["period"]))
        self._offer("team", teams_in_scope(staff).order_by("name"))
        self._offer("organisation", organisations())
        self.is_valid()

    def _offer(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    @property
    def span(self) -> Period:
        """The period asked for, or the newest whole month."""
        found = self.cleaned_data.get("period")
        return found if isinstance(found, Period) else self.newest

    @property
    def about(self) -> Area | None:
        """The area asked for, or the largest the person may see."""
        wanted = self.cleaned_data.get("area")
        return next((one for one in self.areas if one.code == wanted), self.areas[0] if self.areas else None)

    @property
    def wanted(self) -> Wanted:
        found = self.cleaned_data
        team, topic, organisation = found.get("team"), found.get("type"), found.get("organisation")
        area = self.about  # the whole force holds also what is about no area of its own
        part = area if area is not None and area.kind != Area.Kind.FORCE else None
        scope = Scope(self.span, part.pk if part else None, team.pk if team else None)
        return Wanted(scope, topic.pk if topic else None, organisation.pk if organisation else None)


class _PeriodField(forms.ChoiceField):
    """One of the periods offered, or any other by its name (core.periods)."""

    def valid_value(self, value: str) -> bool:
        return True

    def clean(self, value: Any) -> Period | None:
        return clean(str(value)) if value else None


def _period_field(newest: Period, given: str) -> forms.ChoiceField:
    months = list(reversed(months_up_to(newest, OFFERED)))
    this = Period.month_of(newest.after)
    quarters = [Period.quarter(one.start.year, (one.start.month + 2) // 3) for one in months[::3]]
    years = [Period.year_to(newest.end.year, newest.end.month)]
    choices = [
        (this.name, f"{this.label()}, so far"),
        *((one.name, one.label()) for one in months),
        *((one.name, one.label()) for one in dict.fromkeys(quarters)),
        *((one.name, one.label().capitalize()) for one in years),
    ]
    try:
        asked = Period.parse(given)
        if asked.name not in dict(choices):
            choices.append((asked.name, asked.label()))
    except NoSuchPeriod:
        pass  # said beside the field
    return _PeriodField(label="Period", choices=choices, required=False, initial=newest.name)
