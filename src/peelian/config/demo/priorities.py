"""A year of listening in the demonstration force: issues from conversations, meetings and the street, a list of
priorities in each sector agreed every fortnight, promises kept, late and broken, and two profiles of problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np

from peelian.accounts.models import Staff
from peelian.config.demo.staff import Roster, SectorTeam
from peelian.conversations.models import Thread
from peelian.core import clock
from peelian.core.references import LENGTH, LETTERS
from peelian.places.models import Area
from peelian.priorities.models import (
    Cycle,
    Decision,
    Issue,
    IssueReport,
    Merge,
    Priority,
    Profile,
    ProfileMeasure,
    ProfileReview,
    ProfileTask,
    Promise,
    PromiseChange,
    PromiseTold,
    Raiser,
)
from peelian.priorities.models.lists import CYCLE
from peelian.priorities.models.profiles import PARTS

CYCLES = 26  # a year of fortnights
LATE = (3, 11)  # sectors whose last list was agreed too long ago
OVERDUE = {0: 9, 1: 23, 4: 51}  # sectors in which a promise is overdue, and for how many days
THREAD = "conversations.thread"
HEARD = ("A message to the team", "Told to an officer", "By phone", "From a councillor or partner", "On social media")


class Theme(NamedTuple):
    """What a neighbourhood raises, what its team says it will do, and what came of it."""

    title: str
    words: str
    evidence: str
    doing: str
    will_do: str
    did: str
    partly: str
    could_not: str


THEMES = (
    Theme("Cars racing at night", "Cars race along {road} after ten at night, and children cross there.",
          "{n} calls in the last month, most on Fridays; a survey of the street.", "We check speed and stop drivers.",
          "Check speed on {road} twice a week until the end of the month and publish what we find.",
          "We checked {n} times. 41 drivers were stopped and 9 lost their licence; the council agreed to speed bumps.",
          "We checked eight times and stopped 23 drivers. The camera we asked for was not granted.",
          "The road is a trunk road, and checks there are the highways team's. They have what you told us."),
    Theme("Motorbikes in the park", "Motorbikes ride through the park by {road} every weekend.",
          "{n} calls since spring; tyre marks found with the park wardens.", "We patrol the park and seize bikes.",
          "Patrol the park on Saturdays and Sundays for six weeks and seize bikes that are ridden there.",
          "Two bikes were seized and crushed. Calls fell from {n} a month to three.",
          "We patrolled four of six weekends. One bike was seized.",
          "The officers were needed elsewhere for three weeks. We are sorry, and promise it again for next month."),
    Theme("Shoplifting on the high street", "Shops on {road} lose goods every day and staff are afraid.",
          "{n} thefts reported in a month; six shops asked.", "We visit shops and deal with those who keep coming.",
          "Visit every shop on {road} by the end of the month and set up a group through which they warn each other.",
          "All {n} shops were visited, 18 joined the group. Two people who kept coming were sent to court.",
          "Half of the shops were visited. The group begins next month.",
          "Too few shops wanted a group. Each has the number of its officer instead."),
    Theme("Drug dealing by the flats", "People deal in the stairwells near {road}, and needles lie about.",
          "{n} messages from residents, two warrants last year.", "We act on what you tell us, with the landlord.",
          "Have the doors of the flats near {road} mended with the landlord, and the stairs cleaned every week.",
          "Both doors have new locks. The stairs are cleaned every Tuesday, and no needles are reported.",
          "One door has a new lock. The second waits for a part.",
          "The landlord refused. We have gone to the council, which can order it."),
    Theme("Parking at the school gate", "Cars block the crossing at the school on {road} at drop-off.",
          "{n} pictures from parents, a near miss in the spring.", "We stand at the gate, with the school.",
          "Stand at the gate of the school on {road} on ten mornings and write to every driver who blocks it.",
          "We stood there on twelve mornings and wrote to {n} drivers. The school began a walking bus.",
          "We stood there on six mornings. The council has yet to paint the lines.",
          "There was no officer to spare in the mornings. The council's wardens come instead."),
    Theme("Noise and drinking on the square", "People drink and shout on the square by {road} until late.",
          "{n} calls between ten and two; the licensing team's list.", "We speak to people and to shops that sell.",
          "Visit every shop that sells alcohol near {road} and bring a dispersal order to the council.",
          "Four shops were visited, one gave up late sales. The order holds for three months.",
          "The shops were visited. The order was not granted.",
          "The council found too little evidence for an order. Please go on telling us."),
    Theme("Break-ins to sheds and garages", "Sheds behind {road} are broken into, mostly bicycles are taken.",
          "{n} burglaries of sheds in eight weeks.", "We mark bicycles and check garages at night.",
          "Mark bicycles at the community hall on two Saturdays and leave advice at every house behind {road}.",
          "{n} bicycles were marked, and every house has advice. Two people were charged.",
          "One of the two Saturdays took place; it rained on the other.",
          "The hall was closed for repairs. We come to you: write to us for a visit."),
    Theme("Litter and fly-tipping", "Rubbish is dumped in the lane behind {road} again and again.",
          "{n} reports to us and the council in two months.", "We look for those who dump it, with the council.",
          "Put up a camera in the lane behind {road} with the council and have what lies there taken away.",
          "The lane was cleared within four days. The camera saw two vans, and both owners were fined.",
          "The lane was cleared. The camera waits for a post.",
          "The lane belongs to nobody we could find. The council looks for its owner."),
)  # fmt: skip
ROADS = ("Mill Lane", "Station Road", "Church Street", "Elm Avenue", "Victoria Road", "Canal Street", "Park View")
WHYS = {
    "added": "Raised again and again in the last fortnight.",
    "kept": "Calls have not fallen yet.",
    "moved": "Residents put it first at the last meeting.",
    "dropped": "Hardly anybody raised it for six weeks.",
}


@dataclass
class _Year:
    rng: np.random.Generator
    today: date
    issues: list[Issue] = field(default_factory=list)
    reports: list[IssueReport] = field(default_factory=list)
    raisers: list[Raiser] = field(default_factory=list)
    priorities: list[Priority] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    changes: list[PromiseChange] = field(default_factory=list)
    linked: list[tuple[Priority, Issue]] = field(default_factory=list)
    answers: list[tuple[Promise, Issue]] = field(default_factory=list)

    def ref(self) -> str:
        return "".join(LETTERS[int(n)] for n in self.rng.integers(len(LETTERS), size=LENGTH))

    def at(self, day: date, hour: int = 10) -> datetime:
        return clock.london(min(day, self.today), time(hour)) if day < self.today else clock.now()

    def one_of(self, things: tuple[str, ...]) -> str:
        return things[int(self.rng.integers(len(things)))]

    # Issues -------------------------------------------------------------------------------------------------------

    def raise_issues(self, team: SectorTeam, threads: dict[int, list[Thread]]) -> dict[str, Issue]:
        """An issue of most themes, in one of the sector's wards, each raised a few times; by theme."""
        found: dict[str, Issue] = {}
        for theme in THEMES:
            if self.rng.random() < 0.15:
                continue
            ward = team.wards[int(self.rng.integers(len(team.wards)))]
            first = self.today - timedelta(days=int(self.rng.integers(20, 350)))
            issue = Issue(
                ref=self.ref(), words=theme.words.format(road=self.one_of(ROADS)), area=ward, first_raised=first,
                made_by=self.officer(team), made_at=self.at(first + timedelta(days=1)),
            )  # fmt: skip
            self.issues.append(issue)
            found[theme.title] = issue
            for _ in range(int(self.rng.integers(1, 5))):
                self._report(issue, team, first, threads.get(ward.pk, []))
        return found

    def _report(self, issue: Issue, team: SectorTeam, first: date, threads: list[Thread]) -> None:
        day = first + timedelta(days=int(self.rng.integers(0, 20)))
        thread = threads.pop() if threads and self.rng.random() < 0.6 else None
        label = HEARD[0] if thread else self.one_of(HEARD[1:])
        report = IssueReport(
            issue=issue, source=THREAD if thread else "by-hand", source_id=thread.pk if thread else None, label=label,
            day=min(day, self.today), by=self.officer(team), at=self.at(day),
            people=None if thread else int(self.rng.integers(1, 12)),
        )  # fmt: skip
        self.reports.append(report)
        if thread and (thread.member_id or thread.address_id):
            member = thread.member_id
            self.raisers.append(
                Raiser(report=report, member_id=member, address_id=None if member else thread.address_id)
            )

    def officer(self, team: SectorTeam) -> Staff:
        return team.officers[int(self.rng.integers(len(team.officers)))] if team.officers else team.sergeant

    # Lists --------------------------------------------------------------------------------------------------------

    def agree_lists(self, team: SectorTeam, number: int, issues: dict[str, Issue]) -> list[Priority]:
        """Every fortnight of the year: one or two are dropped, others come, some change places."""
        start = clock.week_start(self.today) - CYCLE * (CYCLES - 1)
        waiting = [THEMES[int(n)] for n in self.rng.permutation(len(THEMES))]
        listed: list[Priority] = []
        every: list[Priority] = []
        for turn in range(CYCLES):
            begins = start + turn * CYCLE
            if number in LATE and turn > CYCLES - 3:
                break
            moment = self.at(begins + timedelta(days=int(self.rng.integers(0, 3))), 9)
            cycle = Cycle(sector=team.sector, begins=begins, agreed_at=moment, last_at=moment, agreed_by=team.sergeant)
            self.cycles.append(cycle)
            gone = (
                [listed.pop(int(self.rng.integers(len(listed))))] if len(listed) > 2 and self.rng.random() < 0.2 else []
            )
            new: list[Priority] = []
            while waiting and len(listed) + len(new) < 3 + (number + turn // 9) % 2:
                theme = waiting.pop(0)
                new.append(self._priority(team, theme, begins, issues))
            waiting += [theme for theme in THEMES for one in gone if one.title == theme.title]
            self._decide(cycle, listed, new, gone)
            every += new
        for rank, one in enumerate(listed, 1):
            one.rank = rank
        return listed

    def _priority(self, team: SectorTeam, theme: Theme, day: date, issues: dict[str, Issue]) -> Priority:
        source = Priority.Source.FORCE if self.rng.random() < 0.25 else Priority.Source.COMMUNITY
        one = Priority(
            ref=self.ref(), sector=team.sector, title=theme.title, source=source, doing=theme.doing,
            evidence=theme.evidence.format(n=int(self.rng.integers(9, 60))), state=Priority.State.LISTED, opened_on=day,
            proposed_by=self.officer(team), proposed_at=self.at(day - timedelta(days=3)),
        )  # fmt: skip
        self.priorities.append(one)
        if theme.title in issues and issues[theme.title].first_raised <= day:
            self.linked.append((one, issues[theme.title]))
        return one

    def _decide(self, cycle: Cycle, listed: list[Priority], new: list[Priority], gone: list[Priority]) -> None:
        before = {id(one): rank for rank, one in enumerate(listed + gone, 1)}
        moved: list[Priority] = []
        if len(listed) > 1 and self.rng.random() < 0.15:
            listed[0], listed[1] = listed[1], listed[0]
            moved = listed[:2]
        listed += new
        day = cycle.agreed_at.astimezone(clock.LONDON).date()
        for rank, one in enumerate(listed, 1):
            what = "added" if one in new else "moved" if one in moved else "kept"
            one.reviewed_on = day
            self._note(cycle, one, what, None if one in new else before[id(one)], rank)
        for one in gone:
            one.state, one.rank, one.closed_on, one.closed_why = Priority.State.CLOSED, None, day, WHYS["dropped"]
            self._note(cycle, one, "dropped", before[id(one)], None)

    def _note(self, cycle: Cycle, one: Priority, what: str, before: int | None, rank: int | None) -> None:
        self.decisions.append(
            Decision(
                cycle=cycle, priority=one, what=what, rank_before=before, rank=rank, why=WHYS[what],
                by=cycle.agreed_by, at=cycle.agreed_at,
            )
        )  # fmt: skip

    # Promises -----------------------------------------------------------------------------------------------------

    def promise(self, team: SectorTeam, theme: Theme, issue: Issue, publisher: Staff, late: int) -> None:
        """LATE: for so many days it is overdue; 0 where it is as it comes."""
        made = min(issue.first_raised + timedelta(days=int(self.rng.integers(3, 25))), self.today)
        due = made + timedelta(days=int(self.rng.integers(20, 60)))
        if late:
            due = self.today - timedelta(days=late)
            made = due - timedelta(days=40)
            issue.first_raised = min(issue.first_raised, made - timedelta(days=5))
        road = next((road for road in ROADS if road in issue.words), ROADS[0])
        promise = Promise(
            ref=self.ref(), area=issue.area, said=issue.words, channel=self.one_of(HEARD), due_on=due, first_due_on=due,
            will_do=theme.will_do.format(road=road), owner=self.officer(team), team=team.team, state=Promise.State.OPEN,
            made_at=self.at(made), published_at=self.at(made, 11), changed_at=self.at(made, 11),
        )  # fmt: skip
        self.promises.append(promise)
        self.answers.append((promise, issue))
        self._say(promise, "promised", promise.will_do, made, publisher, due)
        if due - timedelta(days=8) < self.today and self.rng.random() < 0.4:
            text = "We have begun. The first results come in the next weeks."
            self._say(promise, "progress", text, due - timedelta(days=12), publisher)
        if not late and due + timedelta(days=12) < self.today:
            self._end(promise, theme, due, publisher)

    def _end(self, promise: Promise, theme: Theme, due: date, publisher: Staff) -> None:
        drawn = self.rng.random()
        what, text = (
            ("kept", theme.did)
            if drawn < 0.75
            else ("partly", theme.partly)
            if drawn < 0.9
            else ("could-not", theme.could_not)
        )
        day = due + timedelta(
            days=int(self.rng.integers(-12, 11)) if what != "kept" else int(self.rng.integers(-14, 5))
        )
        promise.state, promise.ended_on = what, day
        promise.did = text.format(n=int(self.rng.integers(8, 24)))
        self._say(promise, what, promise.did, day, publisher)

    def _say(self, promise: Promise, what: str, text: str, day: date, by: Staff, due: date | None = None) -> None:
        moment = self.at(day, 11)
        self.changes.append(
            PromiseChange(
                promise=promise, what=what, text=text, due_on=due, written_by=promise.owner, published_by=by,
                written_at=moment - timedelta(hours=1), published_at=moment,
            )
        )  # fmt: skip
        promise.changed_at = max(promise.changed_at, moment)

    def keep(self) -> None:
        Issue.objects.bulk_create(self.issues)
        IssueReport.objects.bulk_create(self.reports)
        Raiser.objects.bulk_create(self.raisers)
        Priority.objects.bulk_create(self.priorities)
        Cycle.objects.bulk_create(self.cycles)
        Decision.objects.bulk_create(self.decisions)
        Promise.objects.bulk_create(self.promises)
        PromiseChange.objects.bulk_create(self.changes)
        PromiseTold.objects.bulk_create(
            PromiseTold(change=one, people=int(self.rng.integers(0, 4)), at=one.published_at or one.written_at)
            for one in self.changes
        )
        Priority.issues.through.objects.bulk_create(
            Priority.issues.through(priority_id=one.pk, issue_id=issue.pk) for one, issue in self.linked
        )
        Promise.issues.through.objects.bulk_create(
            Promise.issues.through(promise_id=one.pk, issue_id=issue.pk) for one, issue in self.answers
        )


def write(seed: int, roster: Roster) -> None:
    """Bulk rows, the same for the same seed."""
    year = _Year(np.random.default_rng([seed, 61]), clock.today())
    threads: dict[int, list[Thread]] = {}
    for thread in Thread.objects.filter(area__isnull=False, sensitive=False).order_by("pk")[:2_000]:
        assert thread.area_id is not None
        threads.setdefault(thread.area_id, []).append(thread)
    lists: list[tuple[SectorTeam, list[Priority]]] = []
    for number, team in enumerate(roster.teams):
        issues = year.raise_issues(team, threads)
        lists.append((team, year.agree_lists(team, number, issues)))
        publisher = roster.communications[0] if roster.communications else team.sergeant
        late = OVERDUE.get(number, 0)
        for theme in THEMES:
            if theme.title in issues and (late or year.rng.random() < 0.8):
                year.promise(team, theme, issues[theme.title], publisher, late)
                late = 0
    year.keep()
    _merge(year)
    _profiles(year, lists)


def _merge(year: _Year) -> None:
    """Two issues were the same: the second went into the first."""
    kept, gone = next(
        (a, b) for a in year.issues for b in year.issues if a.pk < b.pk and a.area_id == b.area_id
    )  # fmt: skip
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    Merge.objects.create(kept=kept, gone=gone, moved=[gone.pk], by=gone.made_by, at=gone.made_at)


def _profiles(year: _Year, lists: list[tuple[SectorTeam, list[Priority]]]) -> None:
    """One that is open, whose review is overdue, and one that is closed with what was learned."""
    team, listed = next((team, listed) for team, listed in lists if listed)
    _profile(year, team, listed[0], closed=False)
    done = next((one for one in year.priorities if one.state == Priority.State.CLOSED), None)
    if done is not None:
        of = next(team for team, _ in lists if team.sector.pk == done.sector_id)
        _profile(year, of, done, closed=True)


def _profile(year: _Year, team: SectorTeam, priority: Priority, *, closed: bool) -> None:
    today = year.today
    opened = priority.opened_on or today - timedelta(days=100)
    ended = priority.closed_on if closed else None
    texts = (
        "Halve the calls about it within three months, and have residents say that they see the difference.",
        f"{priority.evidence} Most of it happens between Thursday and Saturday, after eight in the evening.",
        "A few people cause most of it. The place is dark, easy to reach and easy to leave; nobody feels responsible.",
        "Make the place harder to use with the council, deal with the few who keep coming, tell residents what we do.",
        "Calls fell by more than half and did not rise nearby." if closed else "",
    )
    profile = Profile.objects.create(
        priority=priority, owner=team.sergeant, opened_on=opened, review_on=ended or today - timedelta(days=4),
        tactics="High-visibility patrols at the times of most calls; test purchases; letters to registered keepers.",
        partners="Heartshire Council: lighting and bins\nThe school: talks in assembly\nThe landlord: doors and locks",
        closed_on=ended, version=3,
        learned="Light and a locked gate did more than patrols. Telling residents each month what was done kept them"
        " calling, so that we saw that it really fell. Begin with the landlord next time." if closed else "",
        **dict(zip(PARTS, texts, strict=True)),
    )  # fmt: skip
    for days, what, who, done in (
        (14, "Walk the place with the council and residents", "Sergeant", True),
        (30, "Ask for two lamps and a gate", "Council", True),
        (75, "Visit the ten homes nearest to it", "PCSO", closed),
    ):
        due = opened + timedelta(days=days)
        ProfileTask.objects.create(
            profile=profile, what=what, who=who, due_on=due, done_on=min(due, today) if done else None
        )
    begun = f"{opened:%B %Y}"
    shown = {"profile": profile, "baseline_of": begun}
    ProfileMeasure.objects.create(
        kind="output", name="Patrols a week", baseline=1, target=4, latest=5, latest_of="Last week", **shown
    )
    ProfileMeasure.objects.create(
        kind="outcome", name="Calls a month", baseline=24, target=12, latest=9 if closed else 17,
        latest_of="Last month", **shown,
    )  # fmt: skip
    sector: Area = priority.sector
    code = {"code": "replies-in-time", "area": sector}
    ProfileMeasure.objects.create(kind="outcome", name="Replies in time", baseline=70, target=90, **code, **shown)
    ProfileReview.objects.create(
        profile=profile, on=min(opened + timedelta(days=30), today), by=team.sergeant,
        found="Calls are falling on weekdays. Weekends are as before: patrols move to Friday and Saturday.",
    )  # fmt: skip
