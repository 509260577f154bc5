"""What webhooks hear of by a look each minute: each thing once and nothing lost; and what a receiver refuses."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area, make_staff, make_team
from peelian.api import actions
from peelian.api.models import Happened, Looked, Telling, Webhook
from peelian.api.webhooks import happening, sending, signing
from peelian.audit.actions import SYSTEM
from peelian.contacts.models import Address
from peelian.conversations import actions as conversations
from peelian.conversations.models import Message
from peelian.core import clock
from peelian.priorities.tests.factories import make_promise, publish, say

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "api.md"


@pytest.fixture
def ground():
    area = make_area("W01")
    team = make_team("Elm Bridge team", area)
    return area, make_staff(Role.OFFICER, area, teams=[team]), make_staff(Role.SUPERVISOR, area, teams=[team])


def hears(*kinds):
    by = make_staff(Role.ADMINISTRATOR)
    return actions.make_webhook(name="x", url="https://hooks.example/", kinds=kinds or Webhook.Kind.values, by=by)[0]


def test_two_changes_within_a_minute_are_two_things_each_told_once(ground):
    area, officer, supervisor = ground
    webhook = hears()
    happening.look()
    promise = make_promise(area, officer)
    first = publish(promise, supervisor)
    second = say(promise, "kept", supervisor)
    assert happening.look() == 2
    assert happening.look() == happening.look() == 0
    said = [one.payload["data"] for one in Happened.objects.order_by("pk")]
    assert [(one["change"], one["what"], one["state"]) for one in said] == [
        (first.pk, "promised", "open"),  # as it was then, not as it is now
        (second.pk, "kept", "kept"),
    ]
    assert Telling.objects.filter(webhook=webhook).count() == 2
    assert len(set(Happened.objects.values_list("uid", flat=True))) == 2


def test_two_messages_of_one_resident_within_a_minute_too(ground):
    hears()
    happening.look()
    address = Address.objects.create(kind=1, value="ruth@home.example")
    for text in ("First.", "Second."):
        conversations.open_or_continue(
            team=make_team("Other", make_area("W02")) if text == "First." else Message.objects.first().thread.team,
            address_id=address.pk, member_id=None, about="alert:abc", subject="x", text=text,
            how=Message.How.LINK, by=SYSTEM,
        )  # fmt: skip
    assert happening.look() == 2
    assert happening.look() == 0


def test_what_was_committed_late_or_while_no_worker_ran_is_still_found(ground):
    area, officer, supervisor = ground
    hears()
    Webhook.objects.update(made_at=clock.now() - timedelta(days=1))
    happening.look()
    change = publish(make_promise(area, officer), supervisor)
    Looked.objects.update(until=clock.now() + timedelta(minutes=9))  # its transaction was long
    assert happening.look() == 1
    Happened.objects.all().delete()
    Looked.objects.update(until=change.published_at - timedelta(hours=6))  # nobody looked for six hours
    assert happening.look() == 1
    assert happening.look() == 0


def test_a_new_webhook_hears_nothing_of_what_was_before_it(ground):
    area, officer, supervisor = ground
    happening.look()
    publish(make_promise(area, officer), supervisor)
    hears()
    assert happening.look() == 0


def documented():
    """The receiver that the reference prints, as it stands there."""
    code = re.search(
        r"To verify without a library:\n\n```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )
    assert code is not None
    found: dict = {}
    exec(compile(code[1], "api.md", "exec"), found)
    return found


def test_a_message_played_again_by_somebody_else_is_refused_by_what_the_reference_prints(ground):
    webhook = hears()
    secret = signing.opened(webhook.secret)
    happening.note("test", "1", {"webhook": webhook.pk}, at=clock.now(), team_id=None, among=[webhook])
    body, headers = sending._message(webhook, Telling.objects.select_related("happened").get())
    receiver = documented()
    taken = receiver["is_ours"]
    assert taken(secret, headers, body)
    assert not taken(secret, headers, body.replace(b"test", b"tost"))
    assert not taken(signing.new_secret(), headers, body)
    sent = int(headers["webhook-timestamp"])
    assert not taken(secret, headers | {"webhook-timestamp": str(sent + 1)}, body)  # its time is signed too
    assert not taken(secret, headers | {"webhook-id": "msg_other"}, body)  # and its id, by which it is known again

    class Later:
        time = staticmethod(lambda: sent + 301)

    taken.__globals__["time"] = Later
    assert not taken(secret, headers, body)  # more than five minutes later
