"""Forms of groups and of invitations."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts.models import Staff, Team
from peelian.members import queries_groups
from peelian.members.models import Group, Removed

OPEN, CLOSED, NETWORK = "open", "closed", "network"
JOINING = [
    (OPEN, "Residents join by themselves"),
    (CLOSED, "By invitation"),
    (NETWORK, "By invitation: a key individual network"),
]
JOINING_HINTS = {
    OPEN: "They find it under “Your groups”. For example dog walkers",
    CLOSED: "Nobody is in it without having said yes. For example an Independent Advisory Group",
    NETWORK: "People who know a community well, with when you last spoke",
}


class GroupForm(forms.Form):
    name = forms.CharField(
        label="Name", max_length=80, error_messages={"required": "Give it a name that residents understand"}
    )
    about = forms.CharField(
        label="Who is it for?",
        max_length=300,
        widget=forms.Textarea,
        help_text="Residents read this. For example: People who walk a dog in Elm Park.",
        error_messages={"required": "Say who it is for"},
    )
    purpose = forms.CharField(
        label="What will you write to them about?",
        max_length=300,
        widget=forms.Textarea,
        help_text="Residents read this too, before they join.",
        error_messages={"required": "Say what you will write to them about"},
    )
    joins = forms.ChoiceField(label="Who joins?", choices=JOINING, widget=forms.RadioSelect, initial=OPEN)
    communities = forms.CharField(
        label="Communities the network should reach",
        required=False,
        max_length=2_000,
        widget=forms.Textarea,
        help_text="One in each line. For a network alone: those with nobody are shown as gaps.",
    )
    team = forms.ModelChoiceField(Team.objects.none(), label="Team", empty_label=None)
    owner = forms.ModelChoiceField(
        Staff.objects.none(), label="Who looks after it?", required=False, empty_label="I do"
    )
    review_on = forms.DateField(
        label="When will you look whether it is still needed?",
        widget=forms.DateInput,
        error_messages={"required": "Give a day to look at it again, within two years"},
    )
    expires_on = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput,
        help_text="Leave it empty when it has no end. After it nobody joins, and no alert goes to it.",
    )

    def __init__(self, staff: Staff, group: Group | None, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        owners = queries_groups.owners_to_choose(staff).exclude(pk=staff.pk)
        self._pick("team", queries_groups.teams_to_choose(staff))
        self._pick("owner", owners)
        self.fields["owner"].label_from_instance = lambda one: one.name or one.public_title  # type: ignore[attr-defined]
        self.fields["joins"].option_hints = JOINING_HINTS  # type: ignore[attr-defined]  # read by core.fields
        if not staff.may("network.keep"):
            self.fields["joins"].choices = JOINING[:2]  # type: ignore[attr-defined]
            del self.fields["communities"]
        if group is not None:
            del self.fields["joins"]  # people said yes to that
            if not group.network:
                self.fields.pop("communities", None)
            names = ("name", "about", "purpose", "team", "owner", "review_on", "expires_on", "communities")
            self.initial.update({name: getattr(group, name) for name in names})
            if group.owner_id == staff.pk:
                self.initial["owner"] = None
        else:
            self.initial.setdefault("team", queries_groups.teams_to_choose(staff).filter(people=staff).first())
        self.staff, self.group = staff, group

    def _pick(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("expires_on") and given.get("review_on") and given["expires_on"] < given["review_on"]:
            self.add_error("review_on", "Give a day to look at it again that is not after its last day")
        given["owner"] = given.get("owner") or self.staff
        joins = given.pop("joins", None)
        if joins:
            given |= {"open": joins == OPEN, "network": joins == NETWORK}
        return given


class TakeOutForm(forms.Form):
    why = forms.ChoiceField(
        label="Why?",
        choices=Removed.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why. It stands in the audit trail"},
    )


class FindForm(forms.Form):
    """By name; asked with GET."""

    name = forms.CharField(
        label="Last name, or first and last name", max_length=160, required=False, help_text="Each in full."
    )


class InviteForm(forms.Form):
    """By contact point, or somebody who was found (their number)."""

    contact = forms.CharField(
        label="Email address or telephone number",
        max_length=254,
        required=False,
        help_text="As they gave it when they joined. We do not say whether we know it.",
    )
    member = forms.IntegerField(required=False, widget=forms.HiddenInput)
    community = forms.CharField(label="Community they know well", max_length=80)
    role = forms.CharField(
        label="What they do there", max_length=60, help_text="For example faith leader, headteacher, shopkeeper."
    )

    def __init__(self, group: Group, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if not group.network:
            del self.fields["community"], self.fields["role"]
        self.fields["community" if group.network else "contact"].widget.attrs.setdefault("autocomplete", "off")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("contact") and not given.get("member"):
            self.add_error("contact", "Give an email address or telephone number, or choose somebody by name")
        return given
