"""The shapes of /api/v1/. A field is never added to what is sent in without a default, nor taken from what is sent
out."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00/?#]+$")]
Slug = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[a-zA-Z0-9_-]+$")]
Cursor = Annotated[str, Field(max_length=60)]


def _text(value: str) -> str:
    if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise ValueError("It holds a character that no text has")
    return value


def _near(value: date) -> date:
    """What is centuries away is a slip, and no clock can be asked about it."""
    if not 2000 <= value.year <= 2200:
        raise ValueError("That is not a day we know anything of")
    return value


def _soon(value: datetime) -> datetime:
    """The same of a moment."""
    if not 2000 <= value.year <= 2200:
        raise ValueError("That is not a time it can be sent at")
    return value


Day = Annotated[date, AfterValidator(_near)]
Degrees = Annotated[float, Field(ge=-180, le=180)]
Position = Annotated[list[Degrees], Field(min_length=2, max_length=2, description="Longitude, latitude")]
Text = Annotated[str, AfterValidator(_text)]


AreaKind = Literal["force", "policing-area", "sector", "ward"]
ThreadState = Literal["waiting-for-us", "waiting-for-resident", "closed"]
Words = Annotated[Text, Field(max_length=200)]


class Sent(Schema):
    """What a program sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Force(Schema):
    name: str
    service: str
    website: str
    report_online: str
    languages: list[str]


class AreaBrief(Schema):
    code: str
    name: str


class Area(AreaBrief):
    kind: str
    parent: str | None = Field(description="Code of the area it lies in")
    longitude: float = Field(description="Of a point inside, for a label")
    latitude: float
    page: str


class AreaPage(Schema):
    items: list[Area]
    next: str | None = Field(description="Address of the next page; null on the last")


class Team(Schema):
    slug: str
    name: str
    organisation: str
    about: str
    email: str | None
    phone: str | None
    areas: list[AreaBrief] = Field(description="None: the whole force")


class TeamPage(Schema):
    items: list[Team]
    next: str | None


class AlertType(Schema):
    slug: str
    name: str


class Alert(Schema):
    ref: str
    title: str
    type: AlertType | None
    priority: Literal["routine", "important", "urgent"]
    team: str
    areas: list[AreaBrief] = Field(description="What a sender drew is never told: it could point at a house")
    sent_at: datetime | None
    ends_on: date | None
    relation: Literal["", "update", "correction"]
    first: str | None = Field(description="Ref of the alert that it updates or corrects")
    recalled: bool
    happening: str | None = Field(description="Markdown; null once it has ended")
    doing: str | None
    can_do: str | None
    outcome: str | None
    html: str
    languages: list[str] = Field(description="In which its page can be read too, with ?lang=")
    page: str


class AlertPage(Schema):
    items: list[Alert]
    next: str | None


class Event(Schema):
    ref: str
    title: str
    kind: str
    state: Literal["published", "cancelled"]
    summary: str = Field(description="Markdown")
    starts_at: datetime
    ends_at: datetime
    team: str
    area: AreaBrief
    venue: str | None
    address: str | None
    postcode: str | None
    longitude: float | None
    latitude: float | None
    access: list[str]
    online: str | None
    languages: str | None
    takes_sign_ups: bool
    page: str
    calendar: str = Field(description="iCalendar file")


class EventPage(Schema):
    items: list[Event]
    next: str | None


class Priority(Schema):
    ref: str
    title: str
    doing: str | None
    area: AreaBrief
    since: date | None
    reviewed: date | None


class PriorityPage(Schema):
    items: list[Priority]
    next: None = None


class Promise(Schema):
    ref: str
    said: str = Field(description="What was said to us; never by whom")
    channel: str
    will_do: str
    due_on: date
    first_due_on: date | None = Field(description="The day that was promised at first")
    state: Literal["open", "kept", "partly", "could-not"]
    overdue_days: int
    did: str | None
    ended_on: date | None
    in_time: bool
    area: AreaBrief
    team: str
    published_at: datetime
    page: str


class PromisePage(Schema):
    items: list[Promise]
    next: str | None


# Staff ---------------------------------------------------------------------------------------------------------------


class Me(Schema):
    token: str
    role: str
    scopes: list[str]
    areas: list[AreaBrief] = Field(description="None: the whole force")
    teams: list[str] = Field(description="In whose name it may write")
    expires_on: date


State = Literal["draft", "waiting", "scheduled", "sending", "paused", "sent", "recalled", "withdrawn"]


class OwnAlert(Schema):
    ref: str
    title: str
    state: State
    type: str | None
    priority: Literal["routine", "important", "urgent"]
    team: str
    practice: bool
    version: int
    people: int | None = Field(description="As counted when it was asked for or sent; null before, and from 1 to 4")
    scheduled_for: datetime | None
    sent_at: datetime | None
    saved_at: datetime
    missing: list[str] = Field(default=[], description="What a draft still needs, in sentences")


class OwnAlertPage(Schema):
    items: list[OwnAlert]
    next: str | None


class Results(Schema):
    ref: str
    state: State
    people: int | None = Field(description="Numbers from 1 to 4 are null")
    recipients: int | None
    by_channel: dict[str, int | None]
    handed_over: int | None
    delivered: int | None
    failed: int | None
    replies: int | None
    left: int | None
    visits: int
    rating: float | None = Field(description="Mean, 1 to 6; null under five ratings")
    ratings: int | None


class Thread(Schema):
    id: int
    team: str
    state: Literal["waiting-for-us", "waiting-for-resident", "closed"]
    about: str | None = Field(description="The alert it began with, if any")
    area: str | None
    opened_at: datetime
    last_at: datetime
    waiting_since: datetime | None
    due_at: datetime | None
    last_message: int | None = Field(description="Number of what was said last, for read_up_to of an answer")
    tags: list[str]


class ThreadPage(Schema):
    items: list[Thread]
    next: str | None


class Polygon(Sent):
    type: Literal["Polygon"]
    coordinates: list[Annotated[list[Position], Field(min_length=4, max_length=10_000)]] = Field(
        min_length=1, max_length=100
    )


class Clause(Sent):
    effect: Literal["include", "exclude", "must"]
    kind: Literal["areas", "polygon", "groups", "languages", "received", "everybody"]
    values: list[Annotated[Text, Field(min_length=1, max_length=80)]] = Field(default=[], max_length=2000)
    polygon: Polygon | None = Field(default=None, description="GeoJSON, for kind polygon")


class Audience(Sent):
    clauses: list[Clause] = Field(min_length=1, max_length=50)


class NewAlert(Sent):
    team: Slug
    title: Annotated[Text, Field(max_length=120)] = ""
    type: Slug | None = Field(default=None, description="One of /api/v1/alert-types")
    priority: Literal["routine", "important", "urgent"] = "routine"
    happening: Annotated[Text, Field(max_length=5000)] = Field(default="", description="Markdown")
    doing: Annotated[Text, Field(max_length=5000)] = ""
    can_do: Annotated[Text, Field(max_length=5000)] = ""
    audience: Audience | None = None
    channels: list[Literal["email", "text", "voice"]] = Field(default=["email"], max_length=3)
    restricted: bool = Field(default=False, description="No public page and no feed")
    ends_on: date | None = None


class Sending(Sent):
    at: Annotated[datetime, AfterValidator(_soon)] | None = Field(
        default=None, description="Not before then; without a zone on a London clock"
    )
    again: bool = Field(default=False, description="Although the same went within the hour")
    people: int | None = Field(
        default=None, ge=0, le=2**31, description="As many as you expect; needed for a large audience"
    )


class Going(Schema):
    ref: str
    state: State
    people: int | None
    reasons: list[str] = Field(description="Why somebody else has to approve it first; none: it goes")


class NewEvent(Sent):
    team: Slug
    area: Code
    kind: Literal["pact", "ward", "surgery", "cafe", "school", "stall", "scrutiny", "advisory", "forum", "other"]
    title: Annotated[Text, Field(min_length=1, max_length=120)]
    summary: Annotated[Text, Field(max_length=3000)] = Field(default="", description="Markdown")
    day: Day
    starts: time = Field(description="On a London clock")
    ends: time
    again: Literal["", "first", "second"] = Field(default="", description="Which, where the clocks show it twice")
    public: bool = True
    venue: Annotated[Text, Field(max_length=120)] = ""
    address: Annotated[Text, Field(max_length=200)] = ""
    postcode: Annotated[Text, Field(max_length=10)] = ""
    access: list[Literal["step-free", "hearing-loop", "toilets", "parking", "quiet-space"]] = []
    online_url: Annotated[Text, Field(max_length=200)] = ""
    offered: Annotated[Text, Field(max_length=300)] = ""
    languages: Annotated[Text, Field(max_length=200)] = ""
    partners: Annotated[Text, Field(max_length=300)] = ""
    takes_sign_ups: bool = False
    capacity: int | None = Field(default=None, ge=1, le=10_000)


Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


class NewAnswer(Sent):
    text: Annotated[Text, Field(min_length=1, max_length=20_000)] = Field(
        description="Made for this resident: a saved answer word for word is refused"
    )
    read_up_to: Number = Field(description="Number of the last message that its writer read")


class Answered(Schema):
    thread: int
    message: int
    state: Literal["waiting-for-resident"]
    page: str = Field(description="Where staff read the conversation")


class NewPromise(Sent):
    area: Code
    said: Annotated[Text, Field(min_length=1, max_length=600)] = Field(description="In words that name nobody")
    channel: Annotated[Text, Field(min_length=1, max_length=80)] = Field(description="Where it was said")
    will_do: Annotated[Text, Field(min_length=1, max_length=600)]
    due_on: Day | None = Field(default=None, description="A promise has a day")


class Drafted(Schema):
    ref: str
    state: Literal["draft"]
    page: str = Field(description="Where a member of staff reads it over and publishes it")
