"""Two sends at once by two workers to the same people: nobody gets more than they allowed, and nobody is forgotten."""

from __future__ import annotations

from django.db import connection
from django.db.models import Count

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery import actions
from peelian.delivery.models import Delivery, DigestItem, Lane, MemberWeek, Send, State
from peelian.delivery.tests import renderer  # noqa: F401 (registers itself)
from peelian.delivery.tests.conftest import states, until
from peelian.members.categories import LANGUAGE_NUMBERS
from peelian.members.models import AudienceRow, Member, Pace

PEOPLE = 10_000
FREE = 1_000  # of them, who set no limit


def test_nobody_exceeds_the_limit(workers):
    members = _members()
    rows = ("SELECT email_id AS address_id, id AS member_id, 1 AS channel FROM members_member", [])
    workers.start(), workers.start()
    sends = [
        actions.open_send(renderer="delivery.test", object_id=n, lane=lane, rows=rows, counted=True)
        for n, lane in enumerate((Lane.ROUTINE, Lane.URGENT))
    ]
    before = _deadlocks()
    until(lambda: not Send.objects.exclude(state=Send.State.SENT).exists(), 60)
    assert _deadlocks() == before
    handed = Delivery.objects.filter(state=State.HANDED_OVER)
    limited = [member.pk for member in members[FREE:]]
    each = handed.filter(member__in=limited).values("member").annotate(n=Count("send"))
    assert {row["n"] for row in each} == {1}
    assert len(each) == PEOPLE - FREE
    assert handed.filter(member__in=[member.pk for member in members[:FREE]]).count() == 2 * FREE
    found = [states(send) for send in sends]
    assert sum(one.get(State.DIGEST, 0) for one in found) == PEOPLE - FREE == DigestItem.objects.count()
    assert all(one.get(State.HANDED_OVER, 0) > FREE for one in found)  # they did meet
    assert MemberWeek.objects.count() == PEOPLE - FREE
    assert not DigestItem.objects.exclude(member__in=limited).exists()


def _members() -> list[Member]:
    addresses = Address.objects.bulk_create(
        Address(kind=1, value=f"shared{number}@home.example") for number in range(PEOPLE)
    )
    members = Member.objects.bulk_create(
        Member(email=address, confirmed_at=clock.now(), joined_on=clock.today()) for address in addresses
    )
    Pace.objects.bulk_create(Pace(member=member, weekly_limit=1) for member in members[FREE:])
    AudienceRow.objects.bulk_create(
        AudienceRow(member=one, language=LANGUAGE_NUMBERS["en"], channels=1, reachable=1, organisations=1, interests=-1)
        for one in members
    )
    return members


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
