"""Whoever raised it is told by their own channel, at the wire: real workers, one of them killed in the middle, a mail
server on loopback and GOV.UK Notify as it documents itself. Once, however often the button is pressed."""

from __future__ import annotations

import email
import email.policy
import json
from collections import Counter, defaultdict

from peelian.accounts.tests.factories import sign_in
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.testing.html import PageClient
from peelian.delivery.carriers.notify.tests import fake as notify
from peelian.delivery.carriers.tests import faking
from peelian.delivery.carriers.tests.faking import Asked, Reply
from peelian.delivery.models import Delivery, Send, State
from peelian.delivery.tests.conftest import (  # noqa: F401 (fixtures)
    LIVELY,
    ledger,
    mailbox,
    until,
    unused_tcp_port,
    workers,
)
from peelian.members import audience
from peelian.members.models import EMAIL, TEXT, Member
from peelian.priorities import actions
from peelian.priorities.actions.issues import Heard
from peelian.priorities.models import PromiseTold
from peelian.priorities.tests.conftest import Ground
from peelian.priorities.tests.factories import make_issue, make_promise

BY_EMAIL, BY_TEXT = 300, 60
MOST_AGAIN = 250  # emails that a killed worker had in hand: they go again under the same Message-ID


def raisers() -> list[Member]:
    """Members of whom some chose texts."""
    now = {"confirmed_at": clock.now(), "joined_on": clock.today()}
    emails = Address.objects.bulk_create(Address(kind=1, value=f"r{n}@home.example") for n in range(BY_EMAIL))
    mobiles = Address.objects.bulk_create(Address(kind=2, value=f"+4477009{n:05}") for n in range(100, 100 + BY_TEXT))
    made = Member.objects.bulk_create(
        [*(Member(email=one, channels=EMAIL, **now) for one in emails),
         *(Member(mobile=one, channels=TEXT, **now) for one in mobiles)]
    )  # fmt: skip
    audience.refresh()
    return made


def test_everybody_is_told_once_by_their_own_channel_though_a_worker_is_killed(workers, mailbox, settings):  # noqa: F811
    settings.PEELIAN_QUIET_HOURS = None  # otherwise it would wait for the morning
    ground = Ground()
    issue = make_issue(ground.ward, ground.officer)
    heard = Heard("A meeting", clock.today(), "x", 1, None, tuple(one.pk for one in raisers()))
    actions.add_report(issue=issue, heard=heard, by=ground.officer)
    promise = make_promise(ground.ward, ground.officer, issue)
    told, orders, words = notify.Notify(), Counter[str](), set[str]()

    def answer(asked: Asked) -> Reply:
        if asked.method == "POST":
            order = json.loads(asked.body)
            orders[order["phone_number"]] += 1
            words.add(order["personalisation"]["message"])
        return told(asked)

    mailbox.pause = 0.02
    with faking.served(answer) as served:
        more = {"PEELIAN_TEXT_CARRIERS": notify.URL + served.api, "PEELIAN_QUIET_HOURS": "none"}
        client = PageClient()
        sign_in(client, ground.supervisor)
        page, seen = f"/staff/priorities/promises/{promise.ref}/publish/", {"change": promise.changes.get().seen}
        client.post(page, seen)
        again = client.post(page, seen, follow=True)  # the button, twice
        assert again.redirect_chain
        victim = workers.start(mailbox.url, more=more, code=LIVELY)
        until(lambda: len(mailbox.received) > 60)
        victim.kill()
        victim.wait()
        workers.running.remove(victim)
        mailbox.pause = 0
        workers.start(mailbox.url, more=more, code=LIVELY)
        until(lambda: Send.objects.filter(renderer="priorities.promise", state=Send.State.SENT).exists(), 60)
    one = PromiseTold.objects.get()
    assert one.people == BY_EMAIL + BY_TEXT
    got = defaultdict(set)
    for address, content in mailbox.received:
        message = email.message_from_bytes(content, policy=email.policy.default)
        got[address].add(message["Message-ID"])
        assert message["Subject"] == "You told us. This is what we promise"
    assert len(got) == BY_EMAIL
    assert all(len(ids) == 1 for ids in got.values())
    assert len(mailbox.received) <= BY_EMAIL + MOST_AGAIN
    assert set(orders.values()) == {1}
    states = Counter(Delivery.objects.filter(send=one.send).values_list("channel", "state"))
    assert states[EMAIL, State.HANDED_OVER] == BY_EMAIL
    assert states[TEXT, State.HANDED_OVER] + states[TEXT, State.UNKNOWN] == BY_TEXT
    assert all("We check speed weekly." in text and "/promises/told/" in text for text in words)
