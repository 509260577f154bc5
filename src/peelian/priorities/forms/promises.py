"""Forms of promises."""

from __future__ import annotations

from typing import Any

from django import forms

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.core import clock
from peelian.places.models import Area
from peelian.priorities import queries
from peelian.priorities.forms.shared import AreaField, NamesNobody, choose
from peelian.priorities.models import Issue, Priority, Promise, PromiseChange
from peelian.priorities.queries.promises import SHOWN

_What = PromiseChange.What
WHILE_OPEN = (_What.PROGRESS, _What.KEPT, _What.PARTLY, _What.COULD_NOT, _What.LATER)
HINTS = {
    _What.PROGRESS: "The promise stays open",
    _What.KEPT: "We did all of it",
    _What.PARTLY: "We did some of it, and no more will come",
    _What.COULD_NOT: "Say why",
    _What.LATER: "Say why, and by when instead",
    _What.REOPENED: "More is to be done. Say what, and by when",
}


class PromiseFilter(forms.Form):
    show = forms.ChoiceField(label="Show", choices=[*SHOWN.items()], required=False)
    area = AreaField("Area", required=False, empty_label="All of mine")
    mine = forms.BooleanField(label="Mine alone", required=False)

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choose(self, "area", queries.areas_of(staff))


class PromiseForm(NamesNobody):
    """What was said, what we will do, and by when. Residents read all of it but the owner."""

    read_by_many = ("said", "will_do")
    said = forms.CharField(
        label="What was said?",
        max_length=600,
        widget=forms.Textarea,
        help_text="As neighbours would say it. Never who said it.",
        error_messages={"required": "Say what was said"},
    )
    channel = forms.CharField(
        label="Where was it said?",
        max_length=80,
        help_text="For example: At the ward meeting in May, or In messages to the team.",
        error_messages={"required": "Say where it was said"},
    )
    area = AreaField("Which area is it about?", empty_label="Choose an area")
    will_do = forms.CharField(
        label="What will we do?",
        max_length=600,
        widget=forms.Textarea,
        help_text="Something that one can see has been done. Leave out tactics.",
        error_messages={"required": "Say what we will do"},
    )
    due_on = forms.DateField(
        label="By when?",
        widget=forms.DateInput,
        help_text="Residents hold us to this day. If it passes, the promise is shown as overdue.",
        error_messages={"required": "A promise needs a day: say by when we will do it"},
    )
    owner = forms.ModelChoiceField(
        Staff.objects.none(), label="Who sees to it?", required=False, empty_label="I do", help_text="Never shown."
    )
    priority = forms.ModelChoiceField(
        Priority.objects.none(), label="Priority", required=False, empty_label="None", to_field_name="ref"
    )
    issues = forms.ModelMultipleChoiceField(
        Issue.objects.none(),
        label="Issues that it answers",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        to_field_name="ref",
        help_text="Whoever raised them is told at each change.",
    )

    def __init__(self, staff: Staff, linked: list[Issue], *given: Any, promise: Promise | None, **named: Any) -> None:
        super().__init__(*given, **named)
        self.staff = staff
        choose(self, "area", queries.areas_of(staff))
        owners = Staff.objects.filter(teams__in=accounts.teams_in_scope(staff), is_active=True).distinct()
        choose(self, "owner", owners.exclude(pk=staff.pk).order_by("name", "pk"))
        self.fields["owner"].label_from_instance = lambda one: one.name or one.public_title  # type: ignore[attr-defined]
        sectors = queries.sectors_for(staff)
        choose(self, "priority", Priority.objects.filter(sector__in=sectors).exclude(state="closed"))
        recent = queries.issues_for(staff).order_by("-made_at").values_list("pk", flat=True)[:25]
        offered = Issue.objects.filter(pk__in=[*recent, *(one.pk for one in linked)])
        choose(self, "issues", offered.order_by("-made_at"))
        if promise is not None:
            names = ("said", "channel", "will_do", "due_on")
            self.initial.update({name: getattr(promise, name) for name in names})
            self.initial.update(area=promise.area.code, issues=[one.ref for one in promise.issues.all()])
            self.initial["owner"] = None if promise.owner_id == staff.pk else promise.owner_id
            self.initial["priority"] = promise.priority.ref if promise.priority else None

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day < clock.today():
            raise forms.ValidationError("That day has passed. Promise a day that is still to come")
        return day

    @property
    def told(self) -> dict[str, Any]:
        """What the actions take."""
        said = self.cleaned_data
        area: Area = said["area"]
        return {
            "area": area,
            "said": " ".join(said["said"].split()),
            "channel": " ".join(said["channel"].split()),
            "will_do": said["will_do"].strip(),
            "due_on": said["due_on"],
            "owner": said["owner"] or self.staff,
            "priority": said["priority"],
            "issues": list(said["issues"]),
        }


class ChangeForm(NamesNobody):
    """What became of a promise, as residents will read it."""

    read_by_many = ("text", "alt", "title")
    what = forms.ChoiceField(label="What became of it?", widget=forms.RadioSelect)
    text = forms.CharField(
        label="What did we do, or why not?",
        max_length=1_000,
        widget=forms.Textarea,
        help_text="Residents read this, and whoever raised it gets it. Say what shows it: figures, dates, who helped.",
        error_messages={"required": "Say what we did, or why not"},
    )
    due_on = forms.DateField(
        label="By when instead?",
        required=False,
        widget=forms.DateInput,
        help_text="Only where it takes longer. The first day stays on the page.",
    )
    photo = forms.FileField(
        label="A photograph",
        required=False,
        help_text="JPEG, HEIC, PNG, GIF or WebP, 10 MB at most. Nobody who can be recognised, and no number plates."
        " Where it was taken is removed.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/heic,image/png,image/gif,image/webp"}),
    )
    alt = forms.CharField(label="What the photograph shows, in words", required=False, max_length=250)
    paper = forms.FileField(
        label="A PDF",
        required=False,
        help_text="10 MB at most. It is kept as it is: look for names in it, and in its properties.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    title = forms.CharField(
        label="What the PDF is", required=False, max_length=100, help_text="For example: Speed checks in May."
    )
    paper_public = forms.BooleanField(
        label="Residents may have the PDF. I have read it: it names nobody and no tactics", required=False
    )

    def __init__(self, promise: Promise, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        offered = WHILE_OPEN if promise.state == Promise.State.OPEN else (_What.REOPENED,)
        field: Any = self.fields["what"]
        field.choices = [(one.value, one.label) for one in offered]
        field.option_hints = {one.value: HINTS[one] for one in offered}
        if len(offered) == 1:
            self.initial["what"] = offered[0].value

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        day = given.get("due_on")
        if given.get("what") in PromiseChange.WITH_A_DAY:
            if day is None and "due_on" not in self.errors:
                self.add_error("due_on", "A promise needs a day: say by when we will do it")
            elif day is not None and day < clock.today():
                self.add_error("due_on", "That day has passed. Promise a day that is still to come")
        if given.get("photo") and not given.get("alt"):
            self.add_error("alt", "Say in words what the photograph shows. Then choose the file again")
        if given.get("paper") and not given.get("title"):
            self.add_error("title", "Say what the PDF is, in a few words. Then choose the file again")
        if given.get("paper_public") and not given.get("paper") and "paper" not in self.errors:
            self.add_error("paper", "Choose the PDF that residents may have, or take out the tick")
        return given


class PublicFilter(forms.Form):
    """Whose promises residents read."""

    area = forms.CharField(required=False, max_length=40)
