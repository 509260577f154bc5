"""A year of meetings, stalls and panels of the demonstration force, those to come, who signed up, talks in the street,
and the neighbourhoods' profiles and plans: some fresh, some overdue."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from peelian.config.demo.staff import Roster, SectorTeam
from peelian.core import clock
from peelian.core.references import LENGTH, LETTERS
from peelian.events import moments
from peelian.events.models import (
    Action,
    CafeInsight,
    CafeNote,
    CafeRound,
    CafeTable,
    CafeTheme,
    Event,
    Profile,
    ProfileVersion,
    RaisedIssue,
    Series,
    SignUp,
    Spot,
    StreetContact,
)
from peelian.members.models import Member
from peelian.places.models import Area

LAST_YEAR, AHEAD = 365, 90  # days
TALKS_A_WEEK = 4  # an officer
VENUES = (
    "Library",
    "Community Centre",
    "Church Hall",
    "Mosque Hall",
    "Primary School",
    "Leisure Centre",
    "Market Hall",
)
# Kind → how a sector's team holds it: (every, which month's weekday or step, time, hours, title, summary)
REGULAR: tuple[tuple[str, str, int, time, float, str, str], ...] = (
    ("pact", "month", 1, time(18, 30), 1.5, "{place} PACT meeting",
     "Bring what worries you. We agree what the team works on until next time, and say what came of the last."),
    ("surgery", "fortnight", 3, time(10), 2, "Police surgery at {venue}",
     "No appointment, no agenda. **Come and talk to us** about anything, or bring your bike to be marked."),
)  # fmt: skip
SINGLE = (
    ("stall", time(9, 30), 5, "Stall at {place} market", "Free bike marking and shed alarms. Come and say hello."),
    ("school", time(13, 30), 1.5, "Visit to {place} Primary School", "Road safety with years 5 and 6."),
    ("forum", time(19), 2, "{place} community forum", "With the council and the health centre: what has changed."),
    ("cafe", time(18), 2, "World Café: feeling safe in {place}", "Small tables, three questions, tea and samosas."),
    ("ward", time(19), 1.5, "{place} ward meeting", "With your councillors. Parking, speed and lights."),
)
RAISED = (
    "Cars race along {street} after ten at night", "Bins behind the shops are set on fire", "The canal path is dark",
    "Parking at school time blocks the crossing", "Motorbikes on the playing field at weekends",
    "Nobody sees an officer on {street} any more", "Parcels go missing from doorsteps", "Fireworks every night",
    "People are asked for money at the cash machine", "Vans parked on the pavement by the station",
)  # fmt: skip
DONE = (
    "Ask the council for a speed survey",
    "Walk the route with residents",
    "Speak with the shops",
    "Write an alert about it",
)
SAID = (
    "Glad to see somebody on foot", "Worried about the lads with the bikes", "Wants to know what came of the break-ins",
    "Asked how to join the alerts", "The new crossing helps", "Cannot sleep for the exhausts", "", "", "", "",
)  # fmt: skip
SPOTS = ("Outside the library", "Bus station", "School gate", "By the mosque", "Market square")
STREETS = ("Mill Lane", "Station Road", "Chapel Street", "Heath Road", "Canal Walk")
OFFERED = ("Tea and cake", "Tea, and a room to play in", "", "Fruit and water")
LANGUAGES = ("", "Urdu and Punjabi spoken", "", "British Sign Language if you ask a week before", "Polish spoken")
PARTNERS = ("Heartshire Council", "", "Heartshire Fire and Rescue", "Heartshire Council, Citizens Advice", "")
PROFILE = {
    "communities": "Families who have been here for generations, and since 2022 people from Hong Kong and Ukraine.",
    "places": "The library on Tuesdays, the market on Saturdays, the school gate every day, three places of worship.",
    "concerns": "Speed and parking come first at meetings; on the doorstep it is people who loiter by the shops.",
    "sources": "The health profile of the council, and what the school tells us of new pupils.",
    "aims": "- Reach people who rent\n- Hear from people under 25 at least four times in the year",
    "contacts": "The tenants' association, the head teacher, the mosque committee, the youth club.",
    "activities": "A surgery every fortnight, a stall each quarter, one World Café.",
    "tell": "An alert after each meeting, and at the beginning of the next.",
    "know": "Half again as many members under 25 by next year, beside how many live here.",
}
QUESTIONS = ("Where do you feel safe, and where not?", "What has changed?", "What should we do first?")
HOSTS = ("PCSO", "Youth service", "Heartshire Council", "Neighbourhood Watch")
# Theme → what was said at tables
NOTED = {
    "Light": (
        "The canal path is dark by four",
        "Two lamps by the school have been out since March",
        "More light at stops",
    ),
    "Being seen": (
        "We like to see somebody on foot",
        "Come into the shops, not only past them",
        "Nobody knows your names",
    ),
    "Young people": (
        "There is nowhere to go after six",
        "The youth club closed",
        "Talk with them before you move them on",
    ),
}
LEARNED = {
    "Light": "The canal path and the school's lamps come up at every table.",
    "Young people": "People would rather have a place for young people than have them moved on.",
}
FRESH, OVERDUE = 0.7, 0.2  # of the neighbourhoods; the rest have none yet


class Writer:
    """Keeps rows until they are written together."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng([seed, 61])
        self.events: list[Event] = []
        self.now = clock.now()
        self.today = clock.today()

    def pick(self, values: Any) -> Any:
        return values[int(self.rng.integers(len(values)))]

    def ref(self) -> str:
        return "".join(LETTERS[int(n)] for n in self.rng.integers(len(LETTERS), size=LENGTH))

    def event(self, team: SectorTeam, ward: Area, day: date, at: time, hours: float, **given: Any) -> None:
        """One event, with what came of it where it is over."""
        found = moments.moments(day, at)
        if not found:
            return
        starts = found[0]
        ends = starts + timedelta(hours=hours)
        venue = f"{ward.name} {self.pick(VENUES)}"
        kind = given["kind"]
        values = {
            "title": given["title"].format(place=ward.name, venue=venue)[:120],
            "summary": given["summary"],
            "venue": venue[:120],
            "longitude": round(ward.longitude * 1e7),
            "latitude": round(ward.latitude * 1e7),
            "access": [code for code in Event.Access.values if self.rng.random() < 0.6],
            "offered": self.pick(OFFERED),
            "languages": self.pick(LANGUAGES),
            "partners": self.pick(PARTNERS),
            "takes_sign_ups": kind in ("cafe", "forum"),
            "capacity": 40 if kind == "cafe" else None,
            "public": kind not in ("advisory", "school"),
        }
        self.events.append(
            Event(
                ref=self.ref(), kind=kind, starts_at=starts, ends_at=ends, area=given.get("area", ward), team=team.team,
                author=self.pick(team.officers), series=given.get("series"), changed_at=min(self.now, starts),
                published_at=min(self.now, starts - timedelta(days=30)), **values, **self._outcome(kind, starts, ends),
            )
        )  # fmt: skip

    def _outcome(self, kind: str, starts: datetime, ends: datetime) -> dict[str, Any]:
        if self.rng.random() < 0.04:
            because = "The hall is closed. We are sorry."
            return {
                "state": "cancelled",
                "cancelled_at": starts - timedelta(days=2),
                "cancelled_because": because,
                "sequence": 1,
            }
        if ends > self.now or (ends > self.now - timedelta(days=14) and self.rng.random() < 0.5):
            return {"state": "published"}
        mean = {"stall": 45, "school": 55, "cafe": 28, "forum": 22, "surgery": 6}.get(kind, 12)
        came = int(self.rng.poisson(mean))
        bands = {"under-18": came // 6, "65-over": came // 4} if self.rng.random() < 0.3 else {}
        minutes = (
            {"minutes": MINUTES, "minutes_published_at": ends + timedelta(days=3)} if kind in ("pact", "ward") else {}
        )
        return {"state": "published", "attended": came, "bands": bands, "figures_at": ends, **minutes}


MINUTES = """### What was said

- Speed near the school
- Lights on the canal path

### What was agreed

The team asks for a survey and says next time what came of it."""


def write(seed: int, roster: Roster) -> None:
    """Bulk rows, the same from the same seed."""
    made = Writer(seed)
    for number, team in enumerate(roster.teams):
        _regular(made, team, number)
        _single(made, team)
    _advisory(made, roster)
    Event.objects.bulk_create(made.events, batch_size=1_000)
    _after(made)
    _sign_ups(made)
    _talks(made, roster)
    _profiles(made, roster)
    _cafes(made)


def _regular(made: Writer, team: SectorTeam, number: int) -> None:
    for kind, every, weekday, at, hours, title, summary in REGULAR:
        begin = made.today - timedelta(days=LAST_YEAR)
        first = begin + timedelta(days=(weekday + number - begin.weekday()) % 7)
        end = (datetime.combine(first, at) + timedelta(hours=hours)).time()
        last = made.today + timedelta(days=AHEAD)
        series = Series.objects.create(every=every, first_day=first, starts=at, ends=end, made_until=last)
        for day in moments.days(first, every):
            if day > last:
                break
            ward = team.wards[0] if every == "month" else made.pick(team.wards)
            area = {"area": team.sector} if kind == "pact" else {}
            made.event(team, ward, day, at, hours, kind=kind, title=title, summary=summary, series=series, **area)


def _single(made: Writer, team: SectorTeam) -> None:
    for kind, at, hours, title, summary in SINGLE:
        for _ in range(3 if kind in ("stall", "school") else 2):
            day = made.today + timedelta(days=int(made.rng.integers(-LAST_YEAR, AHEAD)))
            made.event(team, made.pick(team.wards), day, at, hours, kind=kind, title=title, summary=summary)


def _advisory(made: Writer, roster: Roster) -> None:
    """Four meetings a year of the Independent Advisory Group, which nobody but staff sees."""
    team = roster.teams[0]
    for quarter in range(-4, 2):
        day = made.today + timedelta(days=91 * quarter + 20)
        given = {"kind": "advisory", "title": "Independent Advisory Group", "summary": "Stop and search, and trust."}
        made.event(team, team.wards[0], day, time(17), 2, **given)


def _after(made: Writer) -> None:
    """What was raised and who took what on, after meetings with figures."""
    raised, actions = [], []
    for event in made.events:
        if not event.attended or event.kind in ("school", "stall"):
            continue
        for number in made.rng.permutation(len(RAISED))[: int(made.rng.integers(0, 4))]:
            said = RAISED[number].format(street=made.pick(STREETS))
            people = int(made.rng.integers(1, max(2, event.attended)))
            raised.append(RaisedIssue(event=event, said=said, people=people, area=event.area, at=event.ends_at))
        if made.rng.random() < 0.4:
            due = event.day + timedelta(days=28)
            done = event.ends_at + timedelta(days=20) if made.rng.random() < 0.7 else None
            done = done if done and done < made.now else None
            actions.append(Action(event=event, text=made.pick(DONE), owner=event.author, due_on=due, done_at=done))
    RaisedIssue.objects.bulk_create(raised, batch_size=1_000)
    Action.objects.bulk_create(actions, batch_size=1_000)


def _sign_ups(made: Writer) -> None:
    """Members with an email address, for what is to come and takes sign-ups."""
    coming = [
        one for one in made.events if one.takes_sign_ups and one.starts_at > made.now and one.state == "published"
    ]
    members = list(
        Member.objects.filter(left_at=None, confirmed_at__isnull=False, email__isnull=False)
        .order_by("pk").values_list("pk", "email_id")[: 60 * max(1, len(coming))]
    )  # fmt: skip
    rows: list[SignUp] = []
    at = 0
    for event in coming:
        taken = 0
        for pk, email in members[at : at + int(made.rng.integers(8, 50))]:
            people = int(made.rng.choice([1, 1, 1, 2, 2, 3]))
            full = event.capacity is not None and taken + people > event.capacity
            taken += 0 if full else people
            moment = made.now - timedelta(hours=400 - len(rows) % 390)
            rows.append(
                SignUp(
                    event=event, address_id=email, member_id=pk, people=people, asked_at=moment, placed_at=moment,
                    state=SignUp.State.WAITING if full else SignUp.State.BOOKED,
                )
            )  # fmt: skip
            if full:
                break
        at += 50
    SignUp.objects.bulk_create(rows, batch_size=1_000)


def _talks(made: Writer, roster: Roster) -> None:
    """What officers logged in the last year; less in winter."""
    kinds, sizes = StreetContact.Kind.values, StreetContact.Size.values
    rows = []
    for team in roster.teams:
        spots = [
            Spot(
                team=team.team, label=label, area=ward, used_at=made.now - timedelta(days=n),
                longitude=round(ward.longitude * 1e7), latitude=round(ward.latitude * 1e7),
            )
            for n, label in enumerate(SPOTS) for ward in [team.wards[n % len(team.wards)]]
        ]  # fmt: skip
        Spot.objects.bulk_create(spots)
        for officer in team.officers:
            for _ in range(TALKS_A_WEEK * 52 // max(1, len(team.officers))):
                day = made.today - timedelta(days=int(LAST_YEAR * made.rng.random() ** 1.2) + 1)
                size = sizes[int(made.rng.choice(5, p=[0.3, 0.4, 0.15, 0.1, 0.05]))]
                spot = made.pick(spots) if made.rng.random() < 0.6 else None
                area = spot.area if spot else made.pick(team.wards)
                moment = clock.london(day, time(10 + int(made.rng.integers(10)), int(made.rng.integers(60))))
                rows.append(
                    StreetContact(
                        staff=officer, team=team.team, kind=made.pick(kinds), size=size, at=moment, shift_day=day,
                        people=StreetContact.COUNTS_AS[StreetContact.Size(size)], spot=spot, area=area,
                        longitude=spot.longitude if spot else None, latitude=spot.latitude if spot else None,
                        said=made.pick(SAID),
                    )
                )  # fmt: skip
    StreetContact.objects.bulk_create(rows, batch_size=2_000)


def _profiles(made: Writer, roster: Roster) -> None:
    """Most fresh, some overdue, some not begun."""
    profiles, versions = [], []
    for team in roster.teams:
        for ward in team.wards:
            kind = made.rng.random()
            if kind > FRESH + OVERDUE:
                continue
            age = int(made.rng.integers(5, 350) if kind < FRESH else made.rng.integers(380, 500))
            day = made.today - timedelta(days=age)
            texts = {"people": f"{ward.name} is a neighbourhood of terraces and newer flats.", **PROFILE}
            begun = clock.london(day - timedelta(days=20), time(9))
            owner = made.pick(team.officers) if made.rng.random() < 0.8 else None
            one = Profile(
                area=ward, team=team.team, owner=owner, draft=texts, edit=3, begun_at=begun, saved_at=begun,
                refreshed_on=day,
            )  # fmt: skip
            profiles.append(one)
            versions.append(ProfileVersion(profile=one, number=1, sections=texts, by=owner or team.sergeant, on=day))
    Profile.objects.bulk_create(profiles)
    ProfileVersion.objects.bulk_create(versions)


def _cafes(made: Writer) -> None:
    """What was noted, sorted and given back after World Cafés that have taken place."""
    over = [one for one in made.events if one.kind == "cafe" and one.attended]
    rounds = [CafeRound(event=one, number=n, question=text) for one in over for n, text in enumerate(QUESTIONS, 1)]
    tables = [
        CafeTable(event=one, number=n, host=host, key=made.ref() + made.ref())
        for one in over for n, host in enumerate(HOSTS, 1)
    ]  # fmt: skip
    themes = [CafeTheme(event=one, title=title) for one in over for title in NOTED]
    CafeRound.objects.bulk_create(rounds)
    CafeTable.objects.bulk_create(tables)
    CafeTheme.objects.bulk_create(themes)
    notes, under = [], []
    for theme in themes:
        own = [one for one in rounds if one.event == theme.event]
        seats = [one for one in tables if one.event == theme.event]
        for said in NOTED[theme.title]:
            at = theme.event.starts_at + timedelta(minutes=int(made.rng.integers(10, 110)))
            notes.append(CafeNote(round=made.pick(own), table=made.pick(seats), said=said, at=at))
            under.append(theme)
    CafeNote.objects.bulk_create(notes)
    through = CafeNote.themes.through
    through.objects.bulk_create(
        through(cafenote_id=note.pk, cafetheme_id=theme.pk) for note, theme in zip(notes, under, strict=True)
    )
    CafeInsight.objects.bulk_create(
        CafeInsight(event=one.event, theme=one, learned=LEARNED[one.title]) for one in themes if one.title in LEARNED
    )
    for one in over:
        one.cafe_published_at = min(made.now, one.ends_at + timedelta(days=9))
        one.cafe_next = (
            "The council mends the lamps by the school. We open the hall on Fridays, and ask again in spring."
        )
    Event.objects.bulk_update(over, ["cafe_published_at", "cafe_next"])
