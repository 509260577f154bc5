"""A household's one copy, when the one whose name it carries stops between freezing and hand-over."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, connections, transaction

from peelian.alerts import turning_down
from peelian.alerts.actions import passing_on
from peelian.alerts.links import Link
from peelian.alerts.tests.factories import inside, make_force, make_frozen, make_member
from peelian.audit.actions import SYSTEM
from peelian.audit.models import Event
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.testing.meanwhile import at_the_same_time
from peelian.core.testing.patience import BUSY
from peelian.delivery import actions as delivery
from peelian.delivery import claim, digests, tokens
from peelian.delivery.models import Delivery, DigestItem, MemberWeek, Reason, State
from peelian.members import actions, audience
from peelian.members.models import Helper, Member, Pace

NOW = clock.london(dt.date(2026, 7, 1), dt.time(12))


@pytest.fixture
def force(db):
    """In W00 a mother, her son and her daughter at one address, and somebody else."""
    return household()


def household():
    found = make_force({"W00": 8})
    mother, son, daughter, *_ = found.members["W00"]
    for one in (son, daughter):
        one.email = mother.email
        one.save()
    audience.refresh()
    return found


def hand_over(alert, channel=1) -> dict[int, tuple[int, str]]:
    """Claim all, as a worker does: address → member and state as the ledger has them."""
    given = {"send": alert.send_id, "after": 0, "last": 10**12, "channel": channel, "most": 500, "carrier": None}
    with connection.cursor() as cursor:
        cursor.execute(claim.CLAIM, given | claim.moment(NOW))
    rows = Delivery.objects.filter(send=alert.send_id).values_list("address", "member", "state", "reason")
    return {address: (member, state, reason) for address, member, state, reason in rows}


def test_frozen_left_handed_over(force):
    mother, son, daughter, other, *_ = force.members["W00"]
    alert = make_frozen(force, by=force.communications)
    assert Delivery.objects.get(send=alert.send_id, address=mother.email_id).member_id == mother.pk
    actions.leave(member=mother, by=SYSTEM)
    actions.leave(member=son, by=SYSTEM)
    found = hand_over(alert)
    assert found[mother.email_id] == (daughter.pk, State.CLAIMED, "")
    assert found[other.email_id] == (other.pk, State.CLAIMED, "")
    assert hand_over(alert)[mother.email_id][1] == State.CLAIMED, "one row: it goes once"
    passed = Event.objects.filter(verb="send.passed_on").order_by("pk").values_list("data", flat=True)
    assert list(passed) == [{"member": mother.pk, "to": son.pk}, {"member": son.pk, "to": daughter.pk}]


def test_the_last_of_them_leaves(force):
    mother, son, daughter, *_ = force.members["W00"]
    alert = make_frozen(force, by=force.communications)
    for one in (mother, daughter, son):
        actions.leave(member=one, by=SYSTEM)
    assert hand_over(alert)[mother.email_id][1:] == (State.NOT_SENT, Reason.LEFT)


@pytest.mark.parametrize("what", ["elsewhere", "not about this", "not from the police", "later"])
def test_it_falls_to_nobody_whom_the_audience_does_not_find(force, what):
    mother, son, daughter, *_ = force.members["W00"]
    actions.leave(member=daughter, by=SYSTEM)
    if what == "elsewhere":
        son.delete()
        make_member("W21", email=mother.email)
    elif what == "not about this":
        Member.objects.filter(pk=son.pk).update(interests=0)
    elif what == "not from the police":
        Member.objects.filter(pk=son.pk).update(organisations=0)
    audience.refresh()
    alert = make_frozen(force, by=force.communications)
    if what == "later":
        Member.objects.filter(pk=son.pk).update(confirmed_at=clock.now() + dt.timedelta(seconds=1))
    actions.leave(member=mother, by=SYSTEM)
    assert hand_over(alert)[mother.email_id] == (mother.pk, State.NOT_SENT, Reason.LEFT)


@pytest.mark.parametrize("stops", ["type", "sender", "address"])
def test_what_one_of_them_turns_off(force, stops):
    mother, son, *_ = force.members["W00"]
    Member.objects.filter(pk=mother.pk).update(mobile=Address.objects.create(kind=2, value="+447700900188"))
    alert = make_frozen(force, by=force.communications)
    mother.refresh_from_db()
    if stops == "type":
        actions.change_preferences(member=mother, by=SYSTEM, interests=0)
    elif stops == "sender":
        actions.change_preferences(member=mother, by=SYSTEM, organisations=0)
    else:
        actions.remove_contact(member=mother, kind=Address.Kind.EMAIL, by=SYSTEM)
    assert hand_over(alert)[son.email_id] == (son.pk, State.CLAIMED, "")


def test_what_she_changes_besides_leaves_it_with_her(force):
    mother = force.members["W00"][0]
    alert = make_frozen(force, by=force.communications)
    actions.change_preferences(member=mother, by=SYSTEM, language="pl")
    assert hand_over(alert)[mother.email_id] == (mother.pk, State.CLAIMED, "")


def test_what_is_stopped_by_link_stops_for_all_of_them(force):
    mother, *_ = force.members["W00"]
    alert = make_frozen(force, by=force.communications)
    turning_down.stop_everything(link=Link(tokens.make(alert.send_id, mother.email_id)))
    assert hand_over(alert)[mother.email_id][1:] == (State.NOT_SENT, Reason.LEFT)


def test_whose_it_becomes_has_the_say_of_when(force):
    mother, son, *_ = force.members["W00"]
    Pace.objects.create(member=son, weekly_limit=0)
    alert = make_frozen(force, by=force.communications)
    actions.leave(member=mother, by=SYSTEM)
    assert hand_over(alert)[mother.email_id] == (son.pk, State.DIGEST, "")
    assert DigestItem.objects.get().member_id == son.pk


def test_what_waits_for_her_digest_waits_for_his(force):
    mother, son, *_ = force.members["W00"]
    Pace.objects.create(member=mother, weekly_limit=1)
    MemberWeek.objects.create(member=mother, week=clock.week_start(NOW.date()), sends=[-1])
    alert = make_frozen(force, by=force.communications)
    assert hand_over(alert)[mother.email_id] == (mother.pk, State.DIGEST, "")
    actions.leave(member=mother, by=SYSTEM)
    digests.drop_unwanted(clock.now())
    assert list(DigestItem.objects.filter(settled_at=None).values_list("member", "address_id")) == [
        (son.pk, mother.email_id)
    ]
    assert hand_over(alert)[mother.email_id] == (son.pk, State.DIGEST, "")


def test_copies_that_a_daughter_gets_for_both_parents(force):
    father, mother = force.members["W00"][3], make_member("W00")
    helper = Address.objects.create(kind=1, value="helper@home.example")
    for one in (father, mother):
        Helper.objects.create(member=one, address=helper, asked_at=NOW, agreed_at=NOW, begun_at=NOW)
    audience.refresh()
    alert = make_frozen(force, by=force.communications)
    actions.end_helping(helper=father.helpers.get(), by=SYSTEM)
    found = hand_over(alert)
    assert found[helper.pk] == (mother.pk, State.CLAIMED, "")
    assert found[father.email_id] == (father.pk, State.CLAIMED, "")


def test_a_group_that_has_ended_since_passes_on_nothing(force, monkeypatch):
    mother, *_ = force.members["W00"]
    alert = make_frozen(force, inside("W00"), by=force.communications)
    type(alert).objects.filter(pk=alert.pk).update(audience={"clauses": [{"effect": "include", "kind": "groups"}]})
    actions.leave(member=mother, by=SYSTEM)
    assert hand_over(alert)[mother.email_id][1:] == (State.NOT_SENT, Reason.LEFT)


def test_leaving_asks_one_question_more_when_nothing_waits(force, django_assert_num_queries):
    with django_assert_num_queries(1):
        passing_on.pass_on([one.pk for one in force.members["W00"]])


def test_a_hundred_sends_gone_are_not_looked_at(force, django_assert_num_queries):
    mother, *_ = force.members["W00"]
    alert = make_frozen(force, by=force.communications)
    hand_over(alert)
    with django_assert_num_queries(1):
        passing_on.pass_on([mother.pk])
    assert delivery.finish(alert.send_id) is False


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_worker_that_claims_while_somebody_leaves_waits_and_sends_it_once():
    force = household()
    mother, son, *_ = force.members["W00"]
    alert = make_frozen(force, by=force.communications)
    seen = {}

    raised = at_the_same_time(
        lambda: actions.leave(member=mother, by=SYSTEM),
        lambda: seen.update(hand_over(alert)),
    )

    assert not raised
    assert seen[mother.email_id] == (son.pk, State.CLAIMED, "")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_somebody_who_leaves_while_a_worker_claims_does_not_wait_and_changes_nothing():
    force = household()
    mother, *_ = force.members["W00"]
    alert = make_frozen(force, by=force.communications)

    def leave() -> None:
        try:
            actions.leave(member=mother, by=SYSTEM)
        finally:
            connections.close_all()

    leaver = threading.Thread(target=leave)
    with transaction.atomic():
        found = hand_over(alert)
        leaver.start()
        leaver.join(10 * BUSY)
        assert not leaver.is_alive(), "a worker makes nobody wait"
    assert found[mother.email_id] == (mother.pk, State.CLAIMED, "")
    assert hand_over(alert) == found
