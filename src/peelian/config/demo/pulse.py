"""Worry after messages in the demonstration: an ethics decision since half a year, alerts withheld from a few, and what
both sides answered. Drawn with a planted effect: burglary alerts worry a little, and whoever gets an alert feels better
informed; of other types nothing is planted."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np

from peelian.accounts.models import Staff, Team
from peelian.accounts.roles import Role
from peelian.alerts import actions as alerts
from peelian.alerts import holdout
from peelian.alerts.models import Alert, HoldoutDecision
from peelian.core import clock
from peelian.members.models import Topic
from peelian.surveys.models import Answer, How
from peelian.surveys.pulse import actions
from peelian.surveys.pulse.asked import INFORMED, WORRY
from peelian.surveys.pulse.models import Arm, Dose, PulseProgramme, PulseRound, PulseSlice, cell
from peelian.surveys.sealing import TOGETHER

PERCENT, DECIDED, SINCE = 5, 200, 330  # of an audience; days ago
MOST, ANSWER = 200, 0.27
DOSES = (0.45, 0.42, 0.13)
WORRIED, BY_BURGLARY = 0.36, 0.09
WELL_INFORMED, BY_ALERT = 0.41, 0.10
SAID = (
    "Agreed for one year as a trial, for routine alerts about crime against property. The committee asked that every"
    " alert stays on the public website, that nobody under 18 is held out, and that it sees the results after six and"
    " twelve months. If alerts of a type clearly worry people, the force tells the committee what it changes."
)


def write(seed: int) -> None:
    """Write all of it. Deterministic by SEED."""
    rng = np.random.default_rng(seed + 8_3)
    by = Staff.objects.filter(role=Role.COMMUNICATIONS).order_by("pk")[:1].get()
    programme = actions.save_programme(
        by=by, team=Team.objects.get(slug="force"), on=True, most=MOST, hours=24, rest_days=90,
        topics=list(Topic.objects.filter(about_crime=True)),
    )  # fmt: skip
    programme.survey.ref = "".join(rng.choice(list("23456789bcdfghjkmnpqrstvwxz"), 8))
    programme.survey.save(update_fields=["ref"])
    PulseProgramme.objects.update(since=clock.now() - timedelta(days=SINCE))
    decision = _decide(by)
    cells: Counter[str] = Counter()
    for alert in _asked_about(programme):
        cells.update(_ask(rng, alert, decision))
    _answers(rng, programme, cells)


def _decide(by: Staff) -> HoldoutDecision:
    decided = clock.today() - timedelta(days=DECIDED)
    made = alerts.enter_decision(
        by=by, body="Ethics Committee of Heartshire Police and the Commissioner", decided_on=decided, percent=PERCENT,
        until=decided + timedelta(days=365), reference="EC 14, item 6", text=SAID,
        topics=list(holdout.may_be_named().filter(about_crime=True)),
    )  # fmt: skip
    HoldoutDecision.objects.update(entered_at=_at(decided + timedelta(days=3)))
    return made


def _at(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), clock.LONDON) + timedelta(hours=11)


def _asked_about(programme: PulseProgramme) -> Iterator[Alert]:
    since, until = clock.now() - timedelta(days=SINCE), clock.now() - timedelta(days=2)
    found = Alert.objects.filter(
        state=Alert.State.SENT, restricted=False, practice=False, relation=Alert.Relation.NEW,
        topic__in=programme.topics.all(), sent_at__range=(since, until), people__gte=40,
    ).exclude(priority=Alert.Priority.URGENT)  # fmt: skip
    yield from found.select_related("topic").order_by("pk")


def _ask(rng: np.random.Generator, alert: Alert, decision: HoldoutDecision) -> Counter[str]:
    """Hold a few out where the decision lets them be, ask both, and count who answered by cell."""
    assert alert.topic is not None
    assert alert.sent_at is not None
    day, people = alert.sent_at.date(), alert.people or 0
    if day >= decision.decided_on and holdout.may_withhold(alert, decision, people=people):
        # The ledger has whom it went to; those held out come on top
        held = int(rng.binomial(people, PERCENT / 100))
        Alert.objects.filter(pk=alert.pk).update(held_out=held, people=people + held)
        asked = min(MOST, held)
        arms = {Arm.GOT: asked, Arm.HELD: asked}
    else:
        arms = {Arm.ALONE: min(MOST, people // 2)}
    closes = day + timedelta(days=1 + actions.DAYS_OPEN)
    over = closes < clock.today()
    made = PulseRound.objects.create(alert=alert, seed=rng.bytes(16).hex(), closes=closes, counted=over)
    PulseRound.objects.filter(pk=made.pk).update(opened_at=alert.sent_at + timedelta(hours=25))
    cells: Counter[str] = Counter()
    slices = []
    for arm, whole in arms.items():
        for dose, asked in zip(Dose, rng.multinomial(whole, DOSES).tolist(), strict=True):
            answered = int(rng.binomial(asked, ANSWER))
            slices.append(PulseSlice(round=made, arm=arm, dose=dose, asked=asked, answered=answered if over else None))
            cells[cell(alert.topic.slug, arm, dose)] += answered
    PulseSlice.objects.bulk_create(slices)
    return cells


def _answers(rng: np.random.Generator, programme: PulseProgramme, cells: Counter[str]) -> None:
    """Of each cell the answers that had company; the rest lies in the box, which the demonstration leaves empty."""
    survey = programme.survey
    month = clock.today().replace(day=1)
    rows = []
    for name in sorted(cells):
        slug, arm, _dose = name.split("/")
        worried = WORRIED + (BY_BURGLARY if arm != Arm.HELD and slug == "residential-burglary" else 0)
        informed = WELL_INFORMED + (BY_ALERT if arm != Arm.HELD else 0)
        for _ in range(cells[name] // TOGETHER * TOGETHER):
            said = {WORRY: _one(rng, worried), INFORMED: _one(rng, informed)}
            back = int(rng.integers(0, 8))
            day = (month - timedelta(days=30 * back)).replace(day=1)
            rows.append(
                Answer(
                    id=uuid.UUID(bytes=rng.bytes(16), version=4), survey=survey, version=survey.live, day=day,
                    how=How.INVITATION, stratum=name, answers={key: code for key, code in said.items() if code},
                )
            )  # fmt: skip
    Answer.objects.bulk_create([rows[at] for at in rng.permutation(len(rows))], batch_size=2_000)


def _one(rng: np.random.Generator, share: float) -> str:
    """A code; empty where somebody left the question out."""
    luck = rng.random()
    if luck < 0.05:
        return "" if luck < 0.02 else "dk"
    if rng.random() < share:
        return "very" if rng.random() < 0.3 else "fairly"
    return "not-at-all" if rng.random() < 0.35 else "not-very"
