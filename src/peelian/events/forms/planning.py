"""Forms of staff for planning an event and for what comes after it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from peelian.accounts.models import Staff, Team
from peelian.core import clock
from peelian.events import moments
from peelian.events.models import Event, Series
from peelian.events.queries import staff as queries
from peelian.places import queries as places
from peelian.places.cells import from_units, to_units
from peelian.places.models import Area

FURTHEST = timedelta(days=2 * 365)
LONGEST = timedelta(hours=12)  # else somebody took the wrong half of the day
FIRST, SECOND = "first", "second"
PIN = ("longitude", "latitude")
BEFORE_IT_BEGINS = (
    "It ends before it begins. Give a later time; one after midnight is of the next day, 12 hours later at most"
)


class EventForm(forms.Form):
    kind = forms.ChoiceField(label="What kind of event is it?", choices=Event.Kind.choices)
    title = forms.CharField(
        label="Title", max_length=120, error_messages={"required": "Give it a title that residents understand"}
    )
    summary = forms.CharField(
        label="What is it about?",
        required=False,
        max_length=3_000,
        widget=forms.Textarea,
        help_text="Who it is for, what happens there, what people can bring up. Markdown works.",
    )
    day = forms.DateField(label="Day", widget=forms.DateInput, error_messages={"required": "Give the day of the event"})
    starts = forms.TimeField(
        label="Begins at", widget=forms.TimeInput, error_messages={"required": "Give the time it begins, like 18:30"}
    )
    ends = forms.TimeField(
        label="Ends at", widget=forms.TimeInput, error_messages={"required": "Give the time it ends, like 20:00"}
    )
    again = forms.ChoiceField(
        label="That time comes twice that night. Which one?",
        required=False,
        choices=[(FIRST, "Before the clocks go back (summer time)"), (SECOND, "After the clocks have gone back")],
        widget=forms.RadioSelect,
    )
    team = forms.ModelChoiceField(Team.objects.none(), label="Team", empty_label=None)
    area = forms.ModelChoiceField(
        Area.objects.none(),
        label="Area it is for",
        empty_label="Choose an area",
        error_messages={"required": "Choose the area it is for"},
    )
    public = forms.BooleanField(
        label="Show it to the public",
        required=False,
        initial=True,
        help_text="An Independent Advisory Group’s meetings are never shown, whatever you choose here.",
    )
    venue = forms.CharField(label="Venue", required=False, max_length=120, help_text="For example Elm Park Library")
    address = forms.CharField(label="Address", required=False, max_length=200)
    postcode = forms.CharField(
        label="Postcode", required=False, max_length=10, help_text="It puts the venue on the map."
    )
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    access = forms.MultipleChoiceField(
        label="What the venue has", required=False, choices=Event.Access.choices, widget=forms.CheckboxSelectMultiple
    )
    online_url = forms.URLField(
        label="Link to take part online", required=False, assume_scheme="https",
        error_messages={"invalid": "Give the whole link, like https://example.com/meeting"},
    )  # fmt: skip
    offered = forms.CharField(
        label="What is offered", required=False, max_length=300, help_text="For example tea, or a room to play in"
    )
    languages = forms.CharField(
        label="Languages and interpreters", required=False, max_length=200,
        help_text="For example Urdu, and British Sign Language if you ask a week before",
    )  # fmt: skip
    partners = forms.CharField(
        label="Partner agencies", required=False, max_length=300, help_text="For example the council, Citizens Advice"
    )
    takes_sign_ups = forms.BooleanField(label="People can sign up", required=False)
    capacity = forms.IntegerField(
        label="Places", required=False, min_value=1, max_value=10_000,
        help_text="Leave it empty when there is room for all. When it is full, people go on a waiting list.",
        error_messages={"min_value": "Give at least one place, or leave it empty"},
    )  # fmt: skip

    def __init__(self, staff: Staff, event: Event | None, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.staff, self.event = staff, event
        self._pick("team", queries.teams_to_plan_for(staff).order_by("name"))
        self._pick("area", queries.areas_to_plan_in(staff).order_by("name"))
        if event is not None:
            self.initial.update(_initial(event))
        else:
            mine = queries.teams_to_plan_for(staff).filter(people=staff).first()
            self.initial.setdefault("team", mine)
            self.initial.setdefault("area", mine.areas.first() if mine else None)
        self.asks_again = bool(self.data.get("again")) or (event is not None and bool(self.initial.get("again")))

    def _pick(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices

    def clean_postcode(self) -> str:
        text: str = self.cleaned_data["postcode"]
        if text and places.postcode(text) is None:
            raise forms.ValidationError("We do not know this postcode. Check it, or leave it empty")
        return places.postcode_code(text)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if abs(day - clock.today()) > FURTHEST:
            raise forms.ValidationError("Give a day within two years from today")
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if {"day", "starts", "ends"} <= set(given):
            self._find_moments(given)
        hidden = [name for name in PIN if self.errors.pop(name, None)]
        if hidden or (given.get("longitude") is None) != (given.get("latitude") is None):
            self.add_error("postcode", "The pin on the map was not whole. Put it there again, or give a postcode")
        return given

    def _find_moments(self, given: dict[str, Any]) -> None:
        """`starts_at` and `ends_at`, which may be on the next day; a sentence where a time does not exist that night, a
        question where it comes twice."""
        which = given.get("again", "")
        days = {"starts": given["day"], "ends": moments.last_day(given["day"], given["starts"], given["ends"])}
        found = {name: moments.moments(day, given[name]) for name, day in days.items()}
        for name, those in found.items():
            if not those:
                self.add_error(name, moments.skipped(days[name], given[name]))
        if self.errors:
            return
        twice = next((name for name, those in found.items() if len(those) > 1), None)
        if twice and not which:
            self.asks_again = True
            self.add_error("again", moments.twice(days[twice], given[twice]))
            return
        at = -1 if which == SECOND else 0
        given["starts_at"] = found["starts"][at] if len(found["starts"]) > 1 else found["starts"][0]
        later = [moment for moment in found["ends"] if moment > given["starts_at"]]
        overnight = days["ends"] > days["starts"]
        if not later or (overnight and later[at] - given["starts_at"] > LONGEST):
            self.add_error("ends", BEFORE_IT_BEGINS)
            return
        given["ends_at"] = later[at]

    def fields_of_event(self) -> dict[str, Any]:
        """What the actions take."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("day", "starts", "ends")}
        given.pop("again")
        known = places.postcode(given["postcode"]) if given["postcode"] else None
        if given["longitude"] is not None:  # the pin says more than the postcode
            given["longitude"], given["latitude"] = to_units(given["longitude"], given["latitude"])
        else:
            given["longitude"], given["latitude"] = (known.longitude, known.latitude) if known else (None, None)
        return given


def _initial(event: Event) -> dict[str, Any]:
    names = (
        "kind", "title", "summary", "team", "area", "public", "venue", "address", "access", "online_url", "offered",
        "languages", "partners", "takes_sign_ups", "capacity",
    )  # fmt: skip
    starts, ends = (moment.astimezone(clock.LONDON) for moment in (event.starts_at, event.ends_at))
    known = places.postcode(event.postcode) if event.postcode else None
    pin: tuple[float | None, float | None] = (None, None)
    if event.longitude is not None and event.latitude is not None:
        placed = known is not None and (known.longitude, known.latitude) == (event.longitude, event.latitude)
        pin = pin if placed else from_units(event.longitude, event.latitude)
    twice = next((one for one in (starts, ends) if len(moments.moments(one.date(), one.time())) > 1), None)
    return {
        **{name: getattr(event, name) for name in names},
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "again": (SECOND if twice.fold else FIRST) if twice else "",
        "postcode": known.shown if known else event.postcode,
        "longitude": pin[0],
        "latitude": pin[1],
    }


class NewEventForm(EventForm):
    """With how often it comes again."""

    every = forms.ChoiceField(
        label="Does it come again?",
        required=False,
        choices=[
            ("", "No, once"), *Series.Every.choices,
        ],
        help_text="A month’s follow the same weekday: the first Tuesday, the last Friday.",
    )  # fmt: skip
    until = forms.DateField(
        label="Until",
        required=False,
        widget=forms.DateInput,
        help_text="The last day it may be. Without it, half a year ahead is always there until you end the series.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("until") and given.get("day"):
            if given["until"] <= given["day"]:
                self.add_error("until", "Give a day after the first one")
            elif given["until"] - given["day"] > timedelta(days=366):
                self.add_error("until", "Give a day within a year of the first one")
        return given

    def fields_of_event(self) -> dict[str, Any]:
        given = super().fields_of_event()
        for name in ("every", "until"):
            given.pop(name, None)
        return given


class FollowingForm(forms.Form):
    """Which events of a series are meant."""

    which = forms.ChoiceField(
        label="Which events?",
        choices=[("one", "Only this one"), ("following", "This one and all that follow")],
        initial="one",
        widget=forms.RadioSelect,
        required=False,
    )

    def wants_following(self) -> bool:
        return self.is_valid() and self.cleaned_data["which"] == "following"


class CancelForm(forms.Form):
    because = forms.CharField(
        label="Why does it not take place?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Residents read this.",
        error_messages={"required": "Say why, in a sentence that residents may read"},
    )


class FilterForm(forms.Form):
    """Asked with GET."""

    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All kinds"), *Event.Kind.choices])
    team = forms.ModelChoiceField(Team.objects.none(), label="Team", required=False, empty_label="All teams")

    def __init__(self, staff: Staff, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries.teams_to_plan_for(staff).order_by("name")
