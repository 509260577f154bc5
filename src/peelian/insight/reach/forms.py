"""What is looked at: chosen by GET, so that every view has an address of its own."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.core.wording import uk_date
from peelian.insight.reach.dimensions import TOPICS
from peelian.insight.reach.representation import STAGES
from peelian.insight.reach.signups import SIGN_UP_TOPICS, frozen_choices
from peelian.places import queries as places
from peelian.places.models import Area

KINDS = (*Area.ADMINISTRATIVE, Area.Kind.IMPACT_AREA, Area.Kind.HOTSPOT, Area.Kind.DRAWN)


def areas_to_choose(staff: Staff, kinds: tuple[Area.Kind, ...] = KINDS) -> list[tuple[str, list[tuple[str, str]]]]:
    """The areas in the person's scope by kind, the largest kind first: for a list with headings."""
    rows = places.current_areas(within=accounts.scope_area_ids(staff)).filter(kind__in=kinds)
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in kinds}
    for kind, code, name in rows.order_by("name", "code").values_list("kind", "code", "name"):
        found[kind].append((code, name))
    return [(Area.Kind(kind).label, areas) for kind, areas in found.items() if areas]


class RepresentationForm(forms.Form):
    """The three choices of the representation page. What is not chosen is the first there is."""

    area = forms.ChoiceField(label="Area")
    topic = forms.ChoiceField(label="Compared by")
    stage = forms.ChoiceField(label="Members who are", choices=[(one.code, one.label) for one in STAGES.values()])
    mark_optional = False

    def __init__(self, staff: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["area"]
        areas.choices = areas_to_choose(staff)
        topics: Any = self.fields["topic"]
        topics.choices = [(one.code, one.label) for one in places.topics() if one.code in TOPICS]


class SignUpForm(forms.Form):
    """The choices of the sign-ups page."""

    area = forms.ChoiceField(label="Area")
    topic = forms.ChoiceField(label="Groups by")
    frozen = forms.ChoiceField(label="Under-represented on")
    mark_optional = False

    def __init__(self, staff: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["area"]
        areas.choices = areas_to_choose(staff, Area.ADMINISTRATIVE)
        topics: Any = self.fields["topic"]
        topics.choices = [(one.code, one.label) for one in places.topics() if one.code in SIGN_UP_TOPICS]
        frozen: Any = self.fields["frozen"]
        frozen.choices = [(day.isoformat(), uk_date(day)) for day in frozen_choices()]


class WardsForm(forms.Form):
    """The choices of the wards page: an area that may have wards in it."""

    area = forms.ChoiceField(label="Area")
    stage = forms.ChoiceField(
        label="Members who are", choices=[(one.code, one.label) for one in STAGES.values() if not one.missing]
    )
    mark_optional = False

    def __init__(self, staff: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["area"]
        areas.choices = areas_to_choose(staff, Area.ADMINISTRATIVE[:-1])
