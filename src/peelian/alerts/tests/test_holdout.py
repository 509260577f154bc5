"""Withholding an alert from a few by lot: off without a decision, never where somebody must not miss it, the same
people for the same seed."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from peelian.alerts import actions, audience, expect, holdout
from peelian.alerts.actions import withholding
from peelian.alerts.dose import Doses
from peelian.alerts.errors import BadDecision, NotAllowed
from peelian.alerts.models import Alert, HeldOut, HoldoutDecision
from peelian.alerts.personal_data import delete_held_out
from peelian.alerts.tests.factories import Force, audit_of, inside, make_draft, make_force, make_frozen, make_member
from peelian.core import clock
from peelian.delivery.models import Delivery
from peelian.members import audience as members
from peelian.members.models import Helper, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def force(monkeypatch: pytest.MonkeyPatch) -> Force:
    """Forty people, and a holdout that fewer than forty do not have."""
    monkeypatch.setattr(holdout, "FEWEST", 40)
    return make_force({"W00": 40})


def enter(
    force: Force, *, percent: int = 10, until: date | None = None, slug: str = "vehicle-crime"
) -> HoldoutDecision:
    return actions.enter_decision(
        by=force.communications, body="Ethics Committee of Heartshire", decided_on=clock.today(), percent=percent,
        until=until or clock.today() + timedelta(days=180), reference="EC 12/26", text="Agreed for half a year.",
        topics=[Topic.objects.get(slug=slug)],
    )  # fmt: skip


def held(alert: Alert) -> set[int]:
    return set(HeldOut.objects.filter(alert=alert).values_list("member_id", flat=True))


def got(alert: Alert) -> set[int | None]:
    return set(Delivery.objects.filter(send_id=alert.send_id).values_list("member_id", flat=True))


def test_without_a_decision_nobody_is_held_out(force: Force) -> None:
    alert = make_frozen(force)
    assert (alert.held_out, held(alert), len(got(alert))) == (0, set(), 40)


def test_a_decision_withholds_from_a_share_by_lot_and_says_so(force: Force) -> None:
    decision = enter(force)
    alert = make_frozen(force)
    everybody = {one.pk for one in force.members["W00"]}
    assert 0 < alert.held_out == len(held(alert)) < 20
    assert got(alert) == everybody - held(alert)
    assert alert.people == 40
    assert alert.by_channel == {"email": 40 - alert.held_out}
    _verb, label, data = next(row for row in audit_of(alert) if row[0] == "alert.frozen")
    assert (label, data["held_out"]) == ("system", alert.held_out)
    assert decision.seed


def test_the_same_seed_draws_the_same_people_and_another_alert_others(force: Force) -> None:
    enter(force)
    alert = make_draft(force)
    drawn = []
    for _ in range(2):
        with transaction.atomic():
            holdout.withhold(alert, people=40)
            drawn.append(held(alert))
            transaction.set_rollback(True)
    assert drawn[0] == drawn[1]
    draws = set()
    for _ in range(4):
        other = make_draft(force)
        holdout.withhold(other, people=40)
        draws.add(frozenset(held(other)))
    assert len(draws) > 1


def test_a_decision_that_has_ended_or_run_out_withholds_nothing(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    decision = enter(force, until=clock.today() + timedelta(days=3))
    later = clock.now() + timedelta(days=4)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: later)
        assert holdout.decision() is None
    assert holdout.decision() == decision
    actions.end_decision(decision=decision, by=force.communications)
    assert holdout.decision() is None
    assert make_frozen(force).held_out == 0
    assert holdout.is_over(HoldoutDecision.objects.get())


def test_a_decision_takes_the_place_of_the_one_before(force: Force) -> None:
    first, second = enter(force, percent=2), enter(force, percent=3)
    assert holdout.decision() == second
    first.refresh_from_db()
    assert first.ended_by == force.communications
    with pytest.raises(IntegrityError), transaction.atomic():
        HoldoutDecision.objects.update(ended_at=None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"percent": 11}, "The share is 1% to 10%."),
        ({"topics": []}, "Choose the types"),
        ({"until": date(2020, 1, 1)}, "lies in the past"),
        ({"until": date(2999, 1, 1)}, "a year at most"),
        ({"decided_on": date(2999, 1, 1)}, "lies ahead"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_with_why(force: Force, change: dict[str, object], said: str) -> None:
    given = {
        "by": force.communications, "body": "E", "decided_on": clock.today(), "percent": 2, "reference": "1",
        "until": clock.today(), "text": "Yes", "topics": [Topic.objects.get(slug="vehicle-crime")],
    }  # fmt: skip
    with pytest.raises(BadDecision, match=said):
        actions.enter_decision(**given | change)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        actions.enter_decision(**given | {"by": force.officer})  # type: ignore[arg-type]


def test_no_decision_can_name_a_type_that_warns(force: Force) -> None:
    for slug in holdout.NEVER:
        with pytest.raises(BadDecision, match="never withheld"):
            enter(force, slug=slug)
    assert set(holdout.NEVER) <= set(Topic.objects.values_list("slug", flat=True))


def test_urgent_important_safety_restricted_and_chosen_people_are_never_withheld_whatever_is_decided(
    force: Force,
) -> None:
    """Every type, priority and relation under a decision that names every type, written past its own rules."""
    decision = enter(force)
    decision.topics.set(Topic.objects.all())
    fit = make_draft(force)
    allowed = set()
    for topic, priority, relation in itertools.product(
        Topic.objects.all(), Alert.Priority.values, Alert.Relation.values
    ):
        fit.topic, fit.priority, fit.relation = topic, priority, relation
        if holdout.may_withhold(fit, decision, people=10**6):
            allowed.add((topic.slug, priority, relation))
    assert {(priority, relation) for _, priority, relation in allowed} == {("routine", "")}
    assert not holdout.NEVER & {slug for slug, _, _ in allowed}
    fit = make_draft(force)
    assert holdout.may_withhold(fit, decision, people=40)
    assert not holdout.may_withhold(fit, decision, people=39)
    for name in ("restricted", "practice"):
        fit = make_draft(force)
        setattr(fit, name, True)
        assert not holdout.may_withhold(fit, decision, people=40)
    for clause in (
        {"effect": "include", "kind": "groups", "values": ["g"]},
        {"effect": "exclude", "kind": "received", "values": ["r"]},
        "?",
    ):
        fit = make_draft(force)
        fit.audience = {"clauses": [inside("W00"), clause]}
        assert not holdout.may_withhold(fit, decision, people=40)


def test_an_urgent_alert_goes_to_everybody(force: Force) -> None:
    enter(force)
    alert = make_draft(force, by=force.officer, priority="urgent")
    actions.ask_for_approval(alert=alert, by=force.officer)
    actions.approve(alert=alert, by=force.supervisor, version=alert.version)
    assert actions.freeze(alert_id=alert.pk)
    alert.refresh_from_db()
    assert (alert.held_out, len(got(alert))) == (0, 40)


def test_nobody_under_18_with_a_helper_or_a_shared_address_is_held_out(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = force.members["W00"]
    young = make_member("W00", young=True)
    shares = make_member("W00", email=first.email)
    Helper.objects.create(
        member=second, address=make_member("W01").email, name="Ann", asked_at=clock.now(), begun_at=clock.now()
    )
    members.refresh()
    enter(force)
    monkeypatch.setattr(holdout, "draw_sql", lambda member, seed: "0")
    alert = make_draft(force)
    assert holdout.withhold(alert, people=42) == 38
    assert not held(alert) & {first.pk, second.pk, young.pk, shares.pk}


def test_whoever_sends_it_reads_that_some_do_not_get_it(force: Force) -> None:
    doses = Doses(40, 0, 0)
    alert = make_draft(force)
    counted = audience.forecast(alert)
    assert not any("drawn at random" in one for one in expect.sentences(alert, counted, doses))
    enter(force, percent=10)
    assert any("drawn at random" in one for one in expect.sentences(alert, counted, doses))
    said = holdout.sentence(alert, 1_000)
    assert said.startswith("About 100 people (10%), drawn at random, do not get it")
    assert "EC 12/26" in said


def test_who_was_held_out_is_kept_for_two_weeks_at_most(force: Force) -> None:
    enter(force)
    alert = make_frozen(force)
    assert delete_held_out(clock.now() + holdout.KEPT - timedelta(hours=1)) == 0
    assert delete_held_out(clock.now() + holdout.KEPT + timedelta(hours=1)) == alert.held_out > 0
    holdout.forget(make_frozen(force))
    assert not HeldOut.objects.exists()


def test_what_is_wrong_with_a_decision_is_said_all_at_once() -> None:
    found = withholding.problems(decided_on=date(2999, 1, 1), until=date(2020, 1, 1), percent=0, topics=[])
    assert len(found) == 4
