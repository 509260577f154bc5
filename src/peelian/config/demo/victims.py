"""A list of people who were the victim of a crime, asked how the demonstration force dealt with it: brought in,
invited, reminded once, half of them answered. Everybody on it is invented, with numbers that Ofcom keeps for drama."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

import numpy as np

from peelian.accounts.models import Staff, Team
from peelian.accounts.roles import Role
from peelian.config.demo.people_rows import FIRST_MOBILE
from peelian.config.demo.surveys import Plan, Writing, mailed
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery.models import Delivery, State
from peelian.places.models import Area
from peelian.surveys import doors
from peelian.surveys.frames.importing import reference_mark
from peelian.surveys.frames.models import Frame, FrameCell, FramePerson
from peelian.surveys.frames.rules import Reason
from peelian.surveys.models import Answer, How, Mailing, Survey

CRIMES = {"Residential burglary": 26, "Theft from a vehicle": 17, "Criminal damage": 10, "Robbery": 7}
TEXTS = 8  # of them, who get a text
ANSWERED = 31
LEFT_OUT = {Reason.NOT_SAFE: 9, Reason.DOMESTIC: 14, Reason.SEXUAL: 5, Reason.CHILD: 6, Reason.CONTACT: 7}
BEGAN, REMINDED, CLOSES = 24, 15, 11  # days ago, ago, to come
BETTER = (
    "Somebody rang me the next day, and again after a week. That helped.",
    "I had to ring three times to hear what became of it.",
    "The officer was kind and explained what would happen.",
    "Tell people when a case is closed, and why.",
    "Nobody came for {n} days.",
)


def write(seed: int, areas: list[Area]) -> None:
    """Deterministic by SEED. Those of the list live in AREAS."""
    rng = np.random.default_rng(seed + 8_4)
    author = Staff.objects.filter(role=Role.COMMUNICATIONS).order_by("pk")[:1].get()
    begins = clock.today() - timedelta(days=BEGAN)
    good = {"victim_contact": 0.8, "victim_action": 0.6, "victim_followup": 0.45, "victim_treatment": 0.85}
    plan = Plan(
        "victim", begins, None, ANSWERED, {How.INVITATION: 0.9, How.TELEPHONE: 0.1}, good, BETTER, open_link=False
    )
    plan.more = {"mode": Survey.Mode.IDENTIFIED, "closes": clock.today() + timedelta(days=CLOSES)}
    _Victims(rng, plan, Team.objects.get(slug="force"), author, areas).write()


class _Victims(Writing):
    def __init__(self, rng: np.random.Generator, plan: Plan, team: Team, author: Staff, areas: list[Area]) -> None:
        super().__init__(rng, plan, team, author)
        self.areas = areas[:2]

    def marks(self, survey: Survey, answers: list[Answer]) -> list[str]:
        """Bring the list in, send to it, and give each answer the person of the list whose it is."""
        frame, people = self._list(survey)
        invited = self._sent(survey, frame, people, Mailing.Kind.INVITATION, BEGAN)
        theirs = dict(zip((people[at] for at in self.rng.permutation(len(people))), answers, strict=False))
        for person, answer in theirs.items():
            answer.stratum, answer.address_id = f"frame:{person.cell_id}", person.address_id
        reminded_on = clock.today() - timedelta(days=REMINDED)
        silent = [one for one in people if one not in theirs or theirs[one].day >= reminded_on]
        again = self._sent(survey, frame, silent, Mailing.Kind.REMINDER, REMINDED)
        again.settings = {"number": 1, "invited": invited.people, "answered": len(people) - len(silent)}
        again.save(update_fields=["settings"])
        return sorted(doors.mark_of(survey.pk, one.address_id) for one in theirs)

    def _list(self, survey: Survey) -> tuple[Frame, list[FramePerson]]:
        crimes = [name for name, number in CRIMES.items() for _ in range(number)]
        frame = Frame.objects.create(
            survey=survey, by=self.author, rows=len(crimes) + sum(LEFT_OUT.values()), people=len(crimes),
            left_out={reason.value: number for reason, number in LEFT_OUT.items()},
        )  # fmt: skip
        Frame.objects.filter(pk=frame.pk).update(at=_at(BEGAN) - timedelta(hours=1))
        of = [(crime, self.areas[int(self.rng.integers(len(self.areas)))], self._month()) for crime in crimes]
        cells = {
            key: FrameCell(frame=frame, crime=key[0], area=key[1], month=key[2], people=number)
            for key, number in Counter(of).items()
        }
        FrameCell.objects.bulk_create(cells.values())
        people = [
            FramePerson(
                survey=survey, cell=cells[key], address=_address(number),
                reference=reference_mark(survey, f"HEART/{number}"),
            )
            for number, key in enumerate(of, 1)
        ]  # fmt: skip
        return frame, FramePerson.objects.bulk_create(people)

    def _month(self) -> date:
        """Six to twelve weeks before it was asked."""
        day = clock.today() - timedelta(days=BEGAN + int(self.rng.integers(42, 85)))
        return day.replace(day=1)

    def _sent(self, survey: Survey, frame: Frame, people: list[FramePerson], kind: str, days: int) -> Mailing:
        """With its rows of the ledger, by which the page of a reminder knows who was invited."""
        mailing = mailed(survey, self.author, _at(days), len(people), kind=kind, frame=frame)
        assert mailing.send is not None
        Delivery.objects.bulk_create(
            Delivery(
                send=mailing.send, address=one.address, channel=int(one.address.kind), state=State.DELIVERED, tries=1,
                changed_at=_at(days),
            )
            for one in sorted(people, key=lambda one: one.address_id)
        )  # fmt: skip
        return mailing


def _at(days: int) -> datetime:
    """At ten in the morning, so many days ago."""
    return datetime.combine(clock.today() - timedelta(days=days), time(10), clock.LONDON)


def _address(number: int) -> Address:
    if number <= TEXTS:
        return contacts.address(Address.Kind.MOBILE, f"{FIRST_MOBILE}{990 + number:03d}")
    return contacts.address(Address.Kind.EMAIL, f"asked.{number}@post.example")
