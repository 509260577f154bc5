"""The copy of somebody's data is complete, holds nothing of others, and erasing leaves nothing of it.

A new declaration about residents is found by itself: say in EXAMPLES how a row of it is made; until then the test fails
and says so.
"""

import datetime as dt
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from peelian.accounts.models import Staff
from peelian.accounts.tests.factories import make_staff, make_team
from peelian.alerts.models import Alert, Dose, HeldOut, Rating
from peelian.contacts import actions as contacts
from peelian.contacts.models import Address
from peelian.conversations.ledger import Handover, Raised, Wait
from peelian.conversations.models import Attachment, Inbound, Message, MessageTranslation, Thread
from peelian.core import clock, personal_data
from peelian.core.personal_data import EMPLOYER, register
from peelian.delivery.models import (
    Batch,
    Delivery,
    DigestItem,
    Incoming,
    Lane,
    MemberWeek,
    Outgoing,
    Receipt,
    Send,
    SoftBounce,
)
from peelian.insight.models import Standing
from peelian.members import actions, erasing, queries
from peelian.members.actions.consenting import keep_consents
from peelian.members.models import (
    ChannelHours,
    DoorstepSignUp,
    EqualityAnswers,
    FormerAddress,
    Group,
    Helper,
    Holiday,
    KeyIndividual,
    Member,
    NetworkContact,
    NewContact,
    Pace,
    PastHome,
    RightsRequest,
    Topic,
)
from peelian.members.tests.factories import make_member, make_ward
from peelian.priorities.actions import make_issue
from peelian.priorities.actions.issues import Heard
from peelian.surveys.models import Frame, FramePerson, Sampled, Survey

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 5, 4)
OFFICER = "Undine Quarrington"


@dataclass
class One:
    """Somebody with something in every table; `word` stands in all of their words and in nobody else's."""

    word: str
    member: Member
    former: Address
    officer: Staff
    alert: Alert
    send: Send


def _thread(one: One) -> Thread:
    now = clock.now()
    closed = {"state": Thread.State.CLOSED, "closed_reason": f"Answered {one.word}", "last_at": now}
    return Thread.objects.create(
        team=one.alert.team, member=one.member, address=one.member.email, subject=f"Van {one.word}", **closed
    )


def _message(one: One) -> None:
    thread = Thread.objects.get(member=one.member)
    Message.objects.create(thread=thread, how=Message.How.CODE, text=f"I saw {one.word}", at=clock.now())
    Message.objects.create(thread=thread, how="staff", by=one.officer, text=f"Thanks {one.word}", at=clock.now())


def _delivery(one: One) -> None:
    """One of many, one to an address they had before, and a code."""
    now = clock.now()
    many = {"member": one.member, "channel": 1, "state": 3, "changed_at": now}
    Delivery.objects.create(send=one.send, address=one.member.email, **many)
    Delivery.objects.create(send=one.send, address=one.former, **many)
    single = Send.objects.create(renderer="members.code", object_id=1, lane=Lane.TRANSACTIONAL, job_id=one.member.pk)
    Delivery.objects.create(send=single, address=one.member.email, channel=1, state=2, changed_at=now)
    at = one.member.email_id
    Batch.objects.create(send=single, number=0, first_address=at, last_address=at, size=1)


def _outgoing(one: One) -> None:
    shared = {"recipient": f"{one.word}@home.example", "subject": f"About {one.word}", "content": b"x"}
    Outgoing.objects.create(send=one.send, address=one.member.email, **shared)


def _receipt(one: One) -> None:
    Receipt.objects.create(
        send_id=one.send.pk, address_id=one.member.email_id, state=3, code=one.word[:20], at=clock.now()
    )


def _incoming(one: One) -> None:
    content = f"From: {one.word}@home.example\n\nHello".encode()
    Incoming.objects.create(recipient="r-x@mail.example", content=content, digest=one.word, problem="cannot be read")


def _event(one: One) -> Any:
    from peelian.accounts.tests.factories import make_area
    from peelian.events.tests.factories import make_event

    return make_event(one.alert.team, make_area(f"E{one.word}{uuid.uuid4().hex[:6]}"))


def _place(one: One) -> None:
    one.member.places.create(label=f"Work {one.word}", longitude=1, latitude=1, cell=1)


def _group(one: One) -> None:
    one.member.memberships.create(group=Group.objects.create(slug=one.word, name=f"Group {one.word}"))


def _invitation(one: One) -> None:
    """To a key individual network, with a yes and a conversation."""
    network = Group.objects.create(slug=f"n-{one.word}", name=f"Network {one.word}", open=False, network=True)
    known = {"community": f"Choir {one.word}", "role": "Leads it"}
    made = actions.invite(group=network, member=one.member, by=one.officer, **known)
    actions.answer_invitation(invitation=made, yes=True, by=actions.MemberActor(one.member.pk))
    key = KeyIndividual.objects.get(member=one.member)
    NetworkContact.objects.create(key=key, on=clock.today(), how="met", staff=one.officer)


def _request(one: One) -> None:
    RightsRequest.objects.create(
        member=one.member, kind="access", asked_by=one.word, how="email", received_on=DAY, due_on=DAY
    )


def _helper(one: One) -> None:
    Helper.objects.create(member=one.member, address=one.former, name=f"Pat {one.word}", asked_at=clock.now())


def _new_contact(one: One) -> None:
    address = contacts.address(Address.Kind.EMAIL, f"new-{one.word}@home.example")
    NewContact.objects.create(member=one.member, address=address, asked_at=clock.now())


def _sign_up(one: One) -> None:
    when = {"agreed_at": clock.now(), "received_at": clock.now()}
    DoorstepSignUp.objects.create(
        pk=uuid.uuid4(), member=one.member, staff=one.officer, source="event", place=f"Fair {one.word}", **when
    )


def _inbound(one: One) -> None:
    """One in a conversation, with a file, and one that was kept aside."""
    message = Message.objects.get(thread__member=one.member, how=Message.How.CODE)
    came = {"way": 1, "size": 3, "received_at": clock.now(), "address": one.member.email, "text": f"All {one.word}"}
    taken = Inbound.objects.create(state="taken", key=f"{one.word}-1", message=message, raw=b"abc", **came)
    Inbound.objects.create(state="aside", key=f"{one.word}-2", **came)
    Attachment.objects.create(inbound=taken, number=0, name=f"{one.word}.jpg", size=3)


def _raised(one: One) -> None:
    area = make_ward(f"W{one.word}")
    heard = Heard("A message to the team", DAY, member_ids=(one.member.pk,))
    make_issue(words=f"Cars race near {one.word}.", area=area, heard=heard, by=one.officer)


def _made_already(one: One) -> None:
    pass


# Declaration about residents → how something of it is made
def _sampled(one: One) -> None:
    survey = Survey.objects.create(ref=f"s{one.word}"[:12], title=one.word, team=one.alert.team, author=one.officer)
    mailing = survey.mailings.create(by=one.officer)
    Sampled.objects.create(mailing=mailing, member=one.member, stratum=0)


def _survey_answer(one: One) -> None:
    survey, _ = Survey.objects.get_or_create(
        ref="srv1", defaults={"title": "Your area", "team": one.alert.team, "author": one.officer, "mode": "identified"}
    )
    version, _ = survey.versions.get_or_create(number=1)
    answer = survey.answers.create(
        version=version, day=DAY, how="invitation", member=one.member, answers={"safe": one.word}
    )
    answer.comments.create(survey=survey, question="why", text=f"Because of {one.word}")


def _on_a_list(one: One) -> None:
    survey = Survey.objects.get(ref="srv1")
    frame = Frame.objects.create(survey=survey, rows=1, people=1)
    cell = frame.cells.create(crime=f"Theft {one.word}", month=DAY.replace(day=1), people=1)
    FramePerson.objects.create(survey=survey, cell=cell, address=one.member.email, reference=one.word)


EXAMPLES: dict[str, Callable[[One], Any]] = {
    "members.Member": _made_already,
    "contacts.Address": _made_already,
    "members.Place": _place,
    "members.TopicChannel": lambda one: one.member.topic_channels.create(topic=Topic.objects.first(), channels=2),
    "members.Pace": lambda one: Pace.objects.create(member=one.member),
    "members.ChannelHours": lambda one: ChannelHours.objects.create(
        member=one.member, channel=2, opens=dt.time(9), closes=dt.time(17)
    ),
    "priorities.Raiser": _raised,
    "members.GroupMembership": _group,
    "members.GroupInvitation": _invitation,
    "members.KeyIndividual": lambda one: None,  # made above
    "members.NetworkContact": lambda one: None,
    "members.Helper": _helper,
    "members.Holiday": lambda one: Holiday.objects.create(member=one.member, first_day=DAY, last_day=DAY),
    "members.PastHome": lambda one: PastHome.objects.create(
        member=one.member, since=DAY, until=DAY + dt.timedelta(days=9)
    ),
    "members.FormerAddress": lambda one: FormerAddress.objects.create(
        member=one.member, address=one.former, until=clock.now()
    ),
    "members.NewContact": _new_contact,
    "members.DoorstepSignUp": _sign_up,
    "members.Consent": lambda one: keep_consents(one.member, queries.wording("privacy"), how="web"),
    "members.EqualityAnswers": lambda one: EqualityAnswers.objects.create(member=one.member, origin_code=one.word),
    "members.RightsRequest": _request,
    "delivery.Delivery": _delivery,
    "delivery.Outgoing": _outgoing,
    "delivery.Receipt": _receipt,
    "delivery.SoftBounce": lambda one: SoftBounce.objects.create(address=one.member.email, score=1, at=clock.now()),
    "delivery.Incoming": _incoming,
    "delivery.MemberWeek": lambda one: MemberWeek.objects.create(member=one.member, week=DAY, sends=[one.send.pk]),
    "delivery.DigestItem": lambda one: DigestItem.objects.create(
        member=one.member, send=one.send, address_id=one.member.email_id, at=clock.now()
    ),
    "events.SignUp": lambda one: _event(one).sign_ups.create(
        address=one.member.email, member=one.member, needs=f"A seat {one.word}", asked_at=clock.now()
    ),
    "events.Attendee": lambda one: _event(one).attendees.create(
        address=one.member.email, name=one.word, wording="We keep it.", by=one.officer, at=clock.now()
    ),
    "conversations.Thread": _thread,
    "conversations.Message": _message,
    "conversations.Inbound": _inbound,
    "conversations.Attachment": _made_already,
    "conversations.MessageTranslation": lambda one: MessageTranslation.objects.create(
        message=Message.objects.filter(thread__member=one.member).first(),
        target="ur",
        text=one.word,
        asked_at=clock.now(),
    ),
    "conversations.Wait": lambda one: Wait.objects.create(
        thread=Thread.objects.get(member=one.member),
        team=one.alert.team,
        first=True,
        began_at=clock.now(),
        due_at=clock.now(),
    ),
    "conversations.Raised": lambda one: Raised.objects.create(
        thread=Thread.objects.get(member=one.member), why="words", at=clock.now()
    ),
    "conversations.Handover": lambda one: Handover.objects.create(
        thread=Thread.objects.get(member=one.member), from_team=one.alert.team, to_team=one.alert.team, at=clock.now()
    ),
    "alerts.Rating": lambda one: Rating.objects.create(alert=one.alert, address=one.member.email, value=2),
    "alerts.HeldOut": lambda one: HeldOut.objects.create(member=one.member, alert=one.alert),
    "alerts.Dose": lambda one: Dose.objects.create(member=one.member, alerts=3),
    "surveys.Answer": _survey_answer,
    "surveys.Comment": _made_already,
    "surveys.FramePerson": _on_a_list,
    "surveys.Sampled": _sampled,
    "insight.Standing": lambda one: Standing.objects.create(member=one.member, received_on=DAY),
}
KEPT_AFTERWARDS = {"members.Member", "members.RightsRequest"}  # a tombstone, and the record that it was asked for
ABOUT_RESIDENTS = {label: one for label, one in register.items() if one.lawful_basis != EMPLOYER}


def in_the_copy() -> list[str]:
    return [label for label, one in ABOUT_RESIDENTS.items() if not one.export.startswith("Not exported")]


def test_every_declaration_about_residents_hands_out_its_rows_or_says_why_not():
    assert [label for label in in_the_copy() if register[label].rows is None] == []
    assert [label for label in in_the_copy() if not register[label].called] == []
    assert [label for label, one in register.items() if one.rows and one.export.startswith("Not exported")] == []
    assert [label for label in in_the_copy() if label not in EXAMPLES] == [], "say in EXAMPLES how a row is made"


@pytest.fixture
def everything() -> Callable[[str], One]:
    team = make_team("Elm Bridge team")
    officer = make_staff(name=OFFICER, teams=[team])
    alert = Alert.objects.create(ref="elm1", team=team, author=officer, title="Vans broken into")
    send = Send.objects.create(renderer="alerts.alert", object_id=alert.pk, lane=Lane.ROUTINE)

    def make(word: str) -> One:
        member = make_member(f"{word}@home.example", first_name=word, joined_on=DAY)
        former = contacts.address(Address.Kind.EMAIL, f"old-{word}@home.example")
        one = One(word, member, former, officer, alert, send)
        for example in EXAMPLES.values():
            example(one)
        return one

    return make


def test_the_copy_has_something_from_every_table_and_nothing_of_others(everything):
    mine, other = everything("quillon"), everything("zebedee")
    copy = actions.copy_data(member=mine.member, by=actions.MemberActor(mine.member.pk))
    assert [one.label for one in copy.sections if not one.rows] == []
    text = copy.json()
    assert json.loads(text)["data"].keys() == {one.called for one in copy.sections}
    assert other.word not in text
    assert OFFICER not in text
    rows = {one.label: list(one.rows) for one in copy.sections}
    assert len(rows["delivery.Delivery"]) == 3
    assert [row["from"] for row in rows["conversations.Message"]] == ["you", "Elm Bridge team"]
    assert {row["address"] for row in rows["contacts.Address"]} == {
        "quillon@home.example", "old-quillon@home.example"
    }  # fmt: skip


def test_what_a_shared_address_was_sent_for_the_other_one_stays_out(everything):
    mine = everything("quillon")
    other = make_member("quillon@home.example", first_name="zebedee", joined_on=DAY)
    Delivery.objects.filter(send=mine.send, address=mine.member.email).update(member=other)
    _ = Thread.objects.create(
        team=mine.alert.team, member=other, address=other.email, subject="zebedee asks", last_at=clock.now(),
        waiting_since=clock.now(), due_at=clock.now(),
    )  # fmt: skip
    copy = actions.copy_data(member=mine.member, by=actions.MemberActor(mine.member.pk))
    rows = {one.label: list(one.rows) for one in copy.sections}
    assert len(rows["delivery.Delivery"]) == 1  # to the address that was theirs alone
    assert rows["delivery.Outgoing"] == []
    assert "zebedee" not in copy.json()


def test_erasing_leaves_a_tombstone_and_nothing_of_others_is_touched(everything):
    mine, other = everything("quillon"), everything("zebedee")
    person, theirs = queries.person(mine.member), queries.person(other.member)
    before = {one.label: len(one.rows) for one in personal_data.gather(theirs)}
    actions.leave(member=mine.member, by=actions.MemberActor(mine.member.pk))
    erasing.erase(Member.objects.get(pk=mine.member.pk))
    register["contacts.Address"].expire(clock.now())
    left = {one.label: one.rows for one in personal_data.gather(person) if one.rows}
    assert left.keys() == KEPT_AFTERWARDS | {"contacts.Address"}
    assert {row["address"][:7] for row in left["contacts.Address"]} == {"erased-"}
    told = [str(value) for row in left["members.Member"] for value in row.values()]
    assert mine.word not in " ".join(told)
    assert {one.label: len(one.rows) for one in personal_data.gather(theirs)} == before
