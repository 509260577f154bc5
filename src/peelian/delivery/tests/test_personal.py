"""Messages that are each member's own, such as digests."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest

from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import TOKEN, EmailParts
from peelian.delivery import actions, tokens
from peelian.delivery.hooks import renderers
from peelian.delivery.models import Delivery, Lane, Outgoing, Reason, Send, State
from peelian.delivery.rendering import EmailTemplate
from peelian.delivery.source import CHUNK
from peelian.delivery.tests.conftest import states, work_here
from peelian.members.models import Member

pytestmark = pytest.mark.usefixtures("ledger")


class Digest:
    """Even members have one list of alerts, odd ones another; in `gone` nothing is left of it."""

    personal = True

    def __init__(self) -> None:
        self.gone: set[int] = set()
        self.asked: list[int] = []

    def emails(self, object_id: int, member_ids: list[int]) -> dict[int, EmailParts]:
        self.asked.append(len(member_ids))
        return {one: self.parts(one % 2) for one in member_ids if one not in self.gone}

    def texts(self, object_id: int, member_ids: list[int]) -> dict[int, str]:
        return {one: f"List {one % 2}: https://now.example/m/{TOKEN}/" for one in member_ids if one not in self.gone}

    def parts(self, which: int) -> EmailParts:
        text = f"What happened on {'even' if which == 0 else 'odd'} days\nhttps://now.example/m/{TOKEN}/\n"
        return EmailParts(subject=f"Your digest {which}", text=text, html="", from_name="Elm Bridge team")


@pytest.fixture
def digest() -> Iterator[Digest]:
    one = Digest()
    renderers.add("delivery.personal", one)
    yield one
    del renderers._items["delivery.personal"]


def open_digest(count: int, channel: int = 1) -> tuple[Send, list[Member]]:
    kind, field, value = (1, "email", "m{}@home.example") if channel == 1 else (2, "mobile", "+4477009000{:02}")
    addresses = Address.objects.bulk_create(Address(kind=kind, value=value.format(n)) for n in range(count))
    joined = {"confirmed_at": clock.now(), "joined_on": datetime.date(2026, 1, 1)}
    members = [Member.objects.create(**joined, **{field: address}) for address in addresses]
    rows = (
        f"SELECT {field}_id AS address_id, id AS member_id, {channel} AS channel FROM members_member"
        " WHERE id = ANY(%(ids)s)",
        {"ids": [member.pk for member in members]},
    )
    send = actions.open_send(renderer="delivery.personal", object_id=1, lane=Lane.ROUTINE, rows=rows)
    return send, members


def test_each_member_gets_their_own_a_share_at_a_time(digest):
    send, members = open_digest(200)
    work_here(send)
    assert states(send) == {State.HANDED_OVER: 200}
    for member in members[:6]:
        kept = Outgoing.objects.get(send=send, address_id=member.email_id)
        content = bytes(kept.content).decode()
        assert kept.subject == f"Your digest {member.pk % 2}"
        assert ("odd days" if member.pk % 2 else "even days") in content
        assert tokens.make(send.pk, member.email_id) in content.replace("=\r\n", "")
    assert sum(digest.asked) == 200
    assert max(digest.asked) <= CHUNK[Lane.ROUTINE]


def test_those_for_whom_nothing_is_left_get_nothing(digest):
    send, members = open_digest(5)
    digest.gone = {members[0].pk, members[3].pk}
    work_here(send)
    assert states(send) == {State.HANDED_OVER: 3, State.NOT_SENT: 2}
    reasons = Delivery.objects.filter(send=send, state=State.NOT_SENT).values_list("member_id", "reason")
    assert dict(reasons) == dict.fromkeys(digest.gone, Reason.ENDED)


def test_by_text_too(digest, settings):
    settings.PEELIAN_TEXT_CARRIERS = ""
    send, members = open_digest(4, channel=2)
    work_here(send)
    kept = Outgoing.objects.get(send=send, address_id=members[1].mobile_id)
    token = tokens.make(send.pk, members[1].mobile_id)
    assert bytes(kept.content).decode() == f"List {members[1].pk % 2}: https://now.example/m/{token}/"


def test_what_many_have_in_common_is_written_once(digest, monkeypatch):
    written: list[str] = []
    usual = EmailTemplate.__init__

    def counted(self: EmailTemplate, parts: EmailParts, *, send_id: int, automatic: bool) -> None:
        written.append(parts.subject)
        usual(self, parts, send_id=send_id, automatic=automatic)

    monkeypatch.setattr(EmailTemplate, "__init__", counted)
    send, _ = open_digest(200)
    work_here(send)
    assert sorted(written) == ["Your digest 0", "Your digest 1"]


@pytest.mark.parametrize("channel", [1, 2])
def test_what_could_not_be_made_waits_as_before(digest, monkeypatch, channel):
    """A text above all: once it may have gone, it would never be tried again."""
    send, members = open_digest(3, channel)
    name = "emails" if channel == 1 else "texts"
    with monkeypatch.context() as broken:
        broken.setattr(digest, name, lambda object_id, ids: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work_here(send)
    assert states(send) == {State.QUEUED: 3}
    work_here(send)
    assert states(send) == {State.HANDED_OVER: 3}
    assert len(members) == Outgoing.objects.count() == 3
