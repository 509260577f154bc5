"""What the claim decides about each delivery, at the moment it would go."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest

from peelian.accounts.models import Organisation
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import actions
from peelian.delivery.models import Delivery, Lane, Reason, Send, State
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import people, send_to, states, work_here
from peelian.members.audience import Clause, Selection, refresh
from peelian.members.models import Helper, Member, Topic


@pytest.fixture
def police(ledger):
    return Organisation.objects.get_or_create(slug="police", defaults={"name": "Police", "bit": 0})[0]


def member(address: Address, **given: object) -> Member:
    usual = {"confirmed_at": clock.now(), "joined_on": datetime.date(2026, 1, 1), "email": address}
    return Member.objects.create(**usual | given)


def send_for(members: list[Member], **options: object) -> Send:
    rows = (
        "SELECT email_id AS address_id, id AS member_id, 1 AS channel FROM members_member WHERE id = ANY(%(ids)s)",
        {"ids": [one.pk for one in members]},
    )
    return actions.open_send(renderer="delivery.test", object_id=1, lane=Lane.ROUTINE, rows=rows, **options)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"left_at": clock.now()}, Reason.LEFT),
        ({"confirmed_at": None}, Reason.UNCONFIRMED),
        ({"organisations": 2}, Reason.LEFT),
        ({"interests": 1 << 4}, Reason.LEFT),
        ({"promotion": False}, Reason.LEFT),
        ({"channels": 2}, Reason.LEFT),
    ],
)
def test_a_setting_changed_after_the_freeze_still_counts(police, change, reason):
    one, other = (member(address, promotion=True) for address in people(2))
    send = send_for([one, other], organisation_id=police.pk, topic_bit=3, promotion=True)
    Member.objects.filter(pk=one.pk).update(**change)
    work_here(send)
    assert states(send) == {State.NOT_SENT: 1, State.HANDED_OVER: 1}
    assert Delivery.objects.get(send=send, member=one).reason == reason
    assert Send.objects.get(pk=send.pk).state == Send.State.SENT


def test_a_helper_beside_their_own_address_gets_a_copy_while_they_help(police):
    own, helping, helped_once = people(3)
    one = member(own)
    for address, ended in ((helping, None), (helped_once, clock.now())):
        Helper.objects.create(member=one, address=address, asked_at=clock.now(), begun_at=clock.now(), ended_at=ended)
    rows = (
        "SELECT a.id AS address_id, %(member)s::bigint AS member_id, 1 AS channel FROM contacts_address a"
        " WHERE a.id = ANY(%(ids)s)",
        {"ids": [own.pk, helping.pk, helped_once.pk], "member": one.pk},
    )
    send = actions.open_send(
        renderer="delivery.test", object_id=1, lane=Lane.ROUTINE, rows=rows, organisation_id=police.pk
    )
    work_here(send)
    assert states(send) == {State.NOT_SENT: 1, State.HANDED_OVER: 2}
    assert Delivery.objects.get(send=send, address=helped_once).reason == Reason.LEFT


def test_an_address_that_is_no_longer_theirs_gets_nothing(police):
    old, new = people(2)
    one = member(old)
    send = send_for([one], organisation_id=police.pk)
    Member.objects.filter(pk=one.pk).update(email=new)
    work_here(send)
    assert Delivery.objects.get(send=send).reason == Reason.LEFT


def test_a_member_who_was_erased_gets_nothing(police):
    one = member(people(1)[0])
    send = send_for([one], organisation_id=police.pk)
    with_id = Delivery.objects.get(send=send).member_id
    Member.objects.filter(pk=one.pk)._raw_delete("default")
    assert with_id == Delivery.objects.get(send=send).member_id
    work_here(send)
    assert Delivery.objects.get(send=send).reason == Reason.LEFT


def test_codes_reach_the_unconfirmed_but_not_a_stopped_address(ledger):
    addresses = people(2)
    members = [member(address, confirmed_at=None) for address in addresses]
    Address.objects.filter(pk=addresses[1].pk).update(suppression="stopped", suppressed_at=clock.now())
    rows = ("SELECT email_id AS address_id, id AS member_id, 1 AS channel FROM members_member", [])
    send = actions.open_send(renderer="delivery.test", object_id=1, lane=Lane.TRANSACTIONAL, rows=rows)
    work_here(send)
    assert Delivery.objects.get(member=members[0]).state == State.HANDED_OVER
    assert Delivery.objects.get(member=members[1]).reason == Reason.SUPPRESSED


def test_a_household_gets_one_copy(police):
    Topic.objects.get_or_create(slug="other", defaults={"name": "Other", "bit": 0})
    shared, own = people(2)
    for address in (shared, shared, own):
        member(address)
    refresh()
    chosen = Selection([Clause("include", "languages", languages=("en",))], topic=None, organisation=police, channels=7)
    send = actions.open_send(
        renderer="delivery.test", object_id=1, lane=Lane.ROUTINE, rows=chosen.rows_sql(), organisation_id=police.pk
    )
    assert send.recipients == 2
    work_here(send)
    assert states(send) == {State.HANDED_OVER: 2}


def test_rows_may_have_braces_and_parameters_by_place(ledger):
    address = people(1)[0]
    rows = (
        "SELECT id AS address_id, NULL::bigint AS member_id, 1 AS channel FROM contacts_address"
        " WHERE id = %s AND '{\"a\": 1}'::jsonb IS NOT NULL",
        [address.pk],
    )
    assert actions.open_send(renderer="delivery.test", object_id=1, lane=Lane.URGENT, rows=rows).recipients == 1


def test_a_large_audience_is_cut_into_batches(ledger):
    send = send_to(people(2_500))
    batches = list(send.batches.order_by("number").values_list("number", "size"))
    assert batches == [(0, 1000), (1, 1000), (2, 500)]
    spans = list(send.batches.order_by("number").values_list("first_address", "last_address"))
    assert all(before[1] < after[0] for before, after in pairwise(spans))
