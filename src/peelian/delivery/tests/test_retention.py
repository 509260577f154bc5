"""What the ledger keeps, and for whom longer."""

import datetime as dt

import pytest

from peelian.core import clock
from peelian.delivery.models import Delivery, Lane, Send, Tally
from peelian.delivery.personal_data import drop_old_ledger
from peelian.members.tests.factories import make_member

pytestmark = pytest.mark.django_db


def test_deliveries_of_two_years_ago_go_but_for_a_legal_hold():
    gone, held = make_member("gone@home.example"), make_member("held@home.example", legal_hold=True)
    old, new = (Send.objects.create(renderer="x", object_id=number, lane=Lane.ROUTINE) for number in range(2))
    Send.objects.filter(pk=old.pk).update(created_at=clock.now() - dt.timedelta(days=731))
    nobody = make_member("nobody@home.example").email
    for send in (old, new):
        for address, member in ((gone.email, gone), (held.email, held), (nobody, None)):
            Delivery.objects.create(send=send, address=address, member=member, channel=1, changed_at=clock.now())
    Tally.objects.create(send=old, channel=1, state=1, n=3)
    assert drop_old_ledger(clock.now()) == 2
    assert list(Delivery.objects.filter(send=old).values_list("member_id", flat=True)) == [held.pk]
    assert Delivery.objects.filter(send=new).count() == 3
    assert Tally.objects.get().n == 3
