"""A year of surveys of the demonstration force: three waves of a poll, what matters in one policing area, live chat,
the question after a conversation, and a draft. Answers are drawn; nobody real gave one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import h3
import numpy as np
from django.db.models import Count

from peelian.accounts.models import Staff, Team
from peelian.accounts.roles import Role
from peelian.core import clock
from peelian.delivery.models import Lane, Send
from peelian.members import doorstep
from peelian.members.models import Member
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.surveys import definition, reading, sampling, sets
from peelian.surveys.actions.mailing import RENDERERS
from peelian.surveys.definition import Question
from peelian.surveys.doorstep.models import Round, RoundDoor, RoundStreet
from peelian.surveys.frames.models import Frame
from peelian.surveys.models import Answer, Answered, Comment, How, Mailing, Survey
from peelian.surveys.sampling import Plan as SamplePlan
from peelian.surveys.sampling import Stratum

BETTER = (
    "Come to the {place} more often, above all after school.",
    "Answer the phone faster. I waited {n} minutes on 101.",
    "Tell us what became of it. We reported the {thing} and never heard again.",
    "Nothing, the officer who came was kind and knew the area.",
    "Do something about the {thing} by the {place}.",
    "More of you on foot. I have not seen anybody at the {place} for {n} weeks.",
    "Keep sending the messages, they are short and I know what to do.",
    "Stop the racing on the ring road at night.",
    "Speak to the young people at the {place}, they have nowhere to go.",
    "Fewer messages, please. {n} in a week are too many.",
)
DIFFERENCE = (
    "Lights on the path behind the {place}.",
    "Somebody who deals with the {thing}.",
    "A place for the teenagers to go in the evening.",
    "Speed bumps in front of the school.",
    "Neighbours who know each other. The street party helped.",
    "That the {thing} is cleared within days, not months.",
    "A camera at the {place}.",
)
CHAT = (
    "Quick and friendly.", "I had to explain everything twice.", "Good that I did not have to phone.",
    "It closed before I could say thank you.", "The link she sent me was just what I needed.",
    "Took {n} minutes until somebody came.", "Very clear answer about the {thing}.",
)  # fmt: skip
PLACES = ("park", "bus station", "precinct", "canal", "shops", "school gates", "underpass", "library")
THINGS = ("quad bikes", "fly-tipping", "stolen number plates", "shouting at night", "drug dealing", "broken windows")
CHAT_DAYS = 240
STREETS = ("Elm Grove", "Mill Lane", "Orchard Road", "Station Street")  # of the round from door to door
DOORS = {"done": 34, "refused": 11, "not-in": 14, "never": 2, "": 19}  # twenty in each street
SEED = 482_913


@dataclass
class Plan:
    """One survey of the demonstration: when, of how many, and how they answered."""

    set_name: str
    begins: date
    ends: date | None
    answered: int
    how: Mapping[Any, float]
    good: Mapping[str, float] = field(default_factory=dict)  # question → share of good answers
    words: Sequence[str] = BETTER
    invited: int = 0
    open_link: bool = True
    sampled: bool = False  # the invited were drawn by lot, by policing area, and reminded once
    more: Mapping[str, Any] = field(default_factory=dict)


def write(seed: int, policing_areas: Sequence[Area], sector: Area) -> None:
    """Write all of it. Deterministic by SEED. In SECTOR officers go from door to door."""
    rng = np.random.default_rng(seed + 8_2)
    team = Team.objects.get(slug="force")
    author = Staff.objects.filter(role=Role.COMMUNICATIONS).order_by("pk")[:1].get()
    invited = round(Member.objects.count() * 0.6)
    first: Survey | None = None
    for wave, (days, rate, job, trust) in enumerate(
        ((330, 0.098, 0.62, 0.66), (210, 0.106, 0.645, 0.68), (80, 0.114, 0.663, 0.699)), 1
    ):
        good = {"doing_goodjob": job, "doing_confidence": trust, "doing_safe_day": 0.9, "doing_safe_night": 0.61}
        begins = clock.today() - timedelta(days=days)
        plan = Plan("doing", begins, begins + timedelta(days=20), round(invited * rate), {How.INVITATION: 1}, good)
        plan.invited, plan.open_link, plan.more = invited, False, {"first": first, "wave": wave}
        plan.sampled = wave == 3
        made = Writing(rng, plan, team, author).write()
        first = first or made
    _others(rng, team, author, policing_areas, invited)
    _at_the_door(rng, author, sector)
    assert first is not None
    draft = {"first": first, "wave": 4}
    Writing(rng, Plan("doing", clock.today(), None, 0, {}, more=draft, open_link=False), team, author).draft()


def _others(rng: np.random.Generator, team: Team, author: Staff, areas: Sequence[Area], invited: int) -> None:
    size = max(40, round(invited * 0.04))
    begins = clock.today() - timedelta(days=150)
    ways = {How.LINK: 0.45, How.QR: 0.2, How.STREET: 0.25, How.PAPER: 0.1}
    near = Plan("area", begins, begins + timedelta(days=45), size, ways, {"csew_goodjob": 0.55}, DIFFERENCE)
    near.more = {"title": f"What matters near you: {areas[0].name}"}
    Writing(rng, near, areas[0].teams.order_by("pk").first() or team, author, area=areas[0]).write()
    begins = clock.today() - timedelta(days=CHAT_DAYS)
    good = {"chat_rating": 0.75, "chat_again": 0.87}
    chat = Plan("chat", begins, None, max(60, round(invited * 0.09)), {How.LINK: 1}, good, CHAT)
    Writing(rng, chat, team, author).write()
    begins = clock.today() - timedelta(days=120)
    after = Plan("conversation", begins, None, max(30, round(invited * 0.012)), {How.CONVERSATION: 1})
    after.more = {"after_conversation": True}
    Writing(rng, after, team, author).write()


def _at_the_door(rng: np.random.Generator, author: Staff, area: Area) -> None:
    """A survey that officers take from door to door, half of the round done."""
    begins = clock.today() - timedelta(days=12)
    plan = Plan("area", begins, None, DOORS["done"], {How.DOORSTEP: 1}, {"csew_goodjob": 0.55}, DIFFERENCE)
    plan.more = {
        "title": f"At your door: {area.name}",
        "languages": ["ur"],
        "closes": clock.today() + timedelta(days=9),
    }
    survey = Writing(
        rng, plan, area.teams.order_by("pk").first() or Team.objects.get(slug="force"), author, area
    ).write()
    made = Round.objects.create(
        survey=survey, name="Streets around the park", every=2, start=2, seed=2026, listed=160, made_by=author,
        made_on=begins, delete_on=begins + timedelta(days=28),
    )  # fmt: skip
    outcomes = [outcome for outcome, count in DOORS.items() for _ in range(count)]
    outcomes = [outcomes[at] for at in rng.permutation(len(outcomes))]
    for name in STREETS:
        street = RoundStreet.objects.create(round=made, name=name)
        doors = []
        for number in range(2, 42, 2):
            outcome = outcomes.pop()
            day = begins + timedelta(days=int(rng.integers(1, 11))) if outcome else None
            back = clock.london(day, doorstep.EVENING) if day and outcome == RoundDoor.Outcome.NOT_IN else None
            doors.append(RoundDoor(street=street, number=str(number), outcome=outcome, day=day, hidden_until=back))
        RoundDoor.objects.bulk_create(doors)


def _sample(size: int, seed: int) -> dict[str, Any]:
    """As surveys.sampling keeps one: members by policing area, in proportion."""
    areas = places.current_areas("policing-area")
    below = {one: area.name for area in areas for one in places.with_descendants([area.pk])}
    people: dict[str, int] = {}
    for area_id, number in Member.objects.order_by().values_list("area").annotate(n=Count("pk")):
        name = below.get(area_id, "Elsewhere, or without a place")
        people[name] = people.get(name, 0) + number
    names = sorted(people)
    drawn = sampling.allocate([people[name] for name in names], size)
    strata = [Stratum(name, people[name], number) for name, number in zip(names, drawn, strict=True)]
    return sampling.stored(SamplePlan(size, seed, "policing-area"), strata)


def mailed(
    survey: Survey, author: Staff, at: datetime, people: int, *, kind: str = Mailing.Kind.INVITATION,
    frame: Frame | None = None, settings: dict[str, Any] | None = None,
) -> Mailing:  # fmt: skip
    """What went to so many people AT a time; the rows of the ledger are the caller's."""
    everybody = {"clauses": [{"effect": "include", "kind": "everybody"}]} if frame is None else {}
    mailing = Mailing.objects.create(
        survey=survey, by=author, kind=kind, frame=frame, people=people, settings=settings or {},
        audience=everybody if kind == Mailing.Kind.INVITATION else {},
    )  # fmt: skip
    mailing.send = Send.objects.create(
        renderer=RENDERERS[Mailing.Kind(kind), frame is not None], object_id=mailing.pk, lane=Lane.ROUTINE,
        state=Send.State.SENT, organisation=survey.team.organisation, recipients=people, counted=True, finished_at=at,
    )  # fmt: skip
    mailing.save(update_fields=["send"])
    Send.objects.filter(pk=mailing.send.pk).update(created_at=at)
    Mailing.objects.filter(pk=mailing.pk).update(at=at)
    return mailing


class Writing:
    """Writes one survey by its plan."""

    def __init__(
        self, rng: np.random.Generator, plan: Plan, team: Team, author: Staff, area: Area | None = None
    ) -> None:
        self.rng, self.plan, self.team, self.author, self.area = rng, plan, team, author, area
        self.stored = sets.definition_of(plan.set_name)
        self.questions = reading.parse(self.stored).questions

    def draft(self) -> Survey:
        found = sets.SETS[self.plan.set_name]
        given = {"title": found.title, "purpose": found.purpose, "closing": found.closing} | dict(self.plan.more)
        ref = "".join(self.rng.choice(list("23456789bcdfghjkmnpqrstvwxz"), 8))
        survey = Survey.objects.create(
            ref=ref, team=self.team, author=self.author, open_link=self.plan.open_link, **given
        )
        survey.versions.create(number=1, definition=self.stored, frozen=self.plan.answered > 0)
        return survey

    def write(self) -> Survey:
        survey, plan = self.draft(), self.plan
        survey.live = survey.versions.get()
        over = plan.ends is not None and plan.ends < clock.today()
        survey.state = Survey.State.CLOSED if over else Survey.State.OPEN
        survey.opens = survey.opened_on = plan.begins
        survey.closes, survey.closed_on = plan.ends, plan.ends if over else None
        survey.save()
        if plan.invited:
            self._invited(survey)
        answers = [self._answer(survey, day) for day in self._days()]
        marks = self.marks(survey, answers)
        Answer.objects.bulk_create(answers, batch_size=2_000)
        self._comments(survey, answers)
        Answered.objects.bulk_create((Answered(survey=survey, mark=mark) for mark in marks), batch_size=2_000)
        return survey

    def marks(self, survey: Survey, answers: list[Answer]) -> list[str]:
        """One for each answer. Of an audience nobody knows whose they are, so they are drawn."""
        return sorted(self.rng.bytes(16).hex() for _ in answers)

    def _invited(self, survey: Survey) -> None:
        """How many, and when; the demonstration keeps no rows of the ledger for them."""
        at = datetime.combine(self.plan.begins, datetime.min.time(), clock.LONDON) + timedelta(hours=10)
        settings = _sample(self.plan.invited, SEED) if self.plan.sampled else {}
        mailed(survey, self.author, at, self.plan.invited, settings=settings)
        if self.plan.sampled:
            people = self.plan.invited - round(self.plan.answered * 0.6)
            given = {"number": 1, "invited": self.plan.invited, "answered": self.plan.invited - people}
            mailed(survey, self.author, at + timedelta(days=7), people, kind=Mailing.Kind.REMINDER, settings=given)

    def _days(self) -> list[date]:
        """Most in the first days; of an anonymous survey a day stands only where ten share it, else its week, and none
        stands where a reminder went."""
        length = ((self.plan.ends or clock.today() - timedelta(days=1)) - self.plan.begins).days
        spread = self.rng.beta(1, 3 if self.plan.invited else 1, self.plan.answered) * length
        days = [self.plan.begins + timedelta(days=int(offset)) for offset in sorted(spread)]
        if self.plan.sampled:
            return [self.plan.begins] * len(days)
        count: dict[date, int] = {}
        for day in days:
            count[day] = count.get(day, 0) + 1
        found = [day if count[day] >= 10 else max(clock.week_start(day), self.plan.begins) for day in days]
        return [found[at] for at in self.rng.permutation(len(found))]

    def _answer(self, survey: Survey, day: date) -> Answer:
        ways = list(self.plan.how)
        how = str(self.rng.choice(ways, p=list(self.plan.how.values())))
        said = {one.key: self._said(one) for one in self.questions if one.kind != definition.TEXT}
        said = {key: value for key, value in said.items() if value not in (None, [])}
        row = uuid.UUID(bytes=self.rng.bytes(16), version=4)
        return Answer(id=row, survey=survey, version=survey.live, day=day, how=how, answers=said)

    def _said(self, one: Question) -> Any:
        if self.rng.random() < (0.06 if one.key.startswith("you_") else 0.02):
            return None  # left out
        if one.kind == definition.PLACE:
            return self._cell()
        if one.kind == definition.RATING:
            return int(min(10, max(0, round(self.rng.normal(7.4, 2.1)))))
        codes = [option.code for option in one.options]
        if one.kind == definition.MULTIPLE:
            picked = [code for code in codes[:-1] if self.rng.random() < 0.24]
            return picked or [codes[-1]]
        if one.dont_know and self.rng.random() < 0.04:
            return definition.DONT_KNOW
        return self._one_of(one, codes)

    def _one_of(self, one: Question, codes: list[str]) -> str:
        good = [code for code in codes if code in one.good]
        if not good:
            weights = np.linspace(1.6, 0.5, len(codes))
            return str(self.rng.choice(codes, p=weights / weights.sum()))
        share = self.plan.good.get(one.key, 0.6)
        if self.rng.random() < share:
            return str(self.rng.choice(good))
        return str(self.rng.choice([code for code in codes if code not in good]))

    def _cell(self) -> str | None:
        """A wide cell in the area, around one of a few spots."""
        if self.area is None:
            return None
        middle = places.shape(self.area).representative_point()
        spot = self.rng.integers(0, 4)
        lat = middle.y + (spot - 1.5) * 0.008 + self.rng.normal(0, 0.004)
        return str(h3.latlng_to_cell(lat, middle.x + (spot % 2) * 0.012 + self.rng.normal(0, 0.006), 8))

    def _comments(self, survey: Survey, answers: list[Answer]) -> None:
        texts = [one for one in self.questions if one.kind == definition.TEXT]
        rows = []
        for answer in answers:
            for one in texts:
                if self.rng.random() < 0.17:
                    rows.append(Comment(survey=survey, answer=answer, question=one.key, text=self._words()))
        Comment.objects.bulk_create([rows[at] for at in self.rng.permutation(len(rows))], batch_size=2_000)

    def _words(self) -> str:
        words = str(self.rng.choice(list(self.plan.words)))
        spot, thing = str(self.rng.choice(PLACES)), str(self.rng.choice(THINGS))
        return words.format(place=spot, thing=thing, n=int(self.rng.integers(2, 40)))
