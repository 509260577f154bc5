"""What residents are told of events and surveys, at the wire: a real worker hands it to a mail server on loopback and
to GOV.UK Notify as it documents itself, and what arrived is read: its words, its links, once each."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from typing import Any

from django.conf import settings as given

from peelian.alerts.tests.factories import inside, make_force
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.testing.html import PageClient
from peelian.delivery.carriers.notify.tests import fake as notify
from peelian.delivery.carriers.tests import faking
from peelian.delivery.carriers.tests.faking import Asked, Reply
from peelian.delivery.models import Send
from peelian.delivery.tests.conftest import (  # noqa: F401 (fixtures)
    ledger,
    mailbox,
    until,
    unused_tcp_port,
    workers,
)
from peelian.events import actions as events
from peelian.events.tests.factories import make_event, make_sign_up
from peelian.members import audience
from peelian.members.models import TEXT, Member
from peelian.surveys import actions as surveys
from peelian.surveys.frames import asking
from peelian.surveys.frames.tests.factories import bring_in, keeper, row, victims
from peelian.surveys.tests.factories import make_survey

NUMBER, VICTIM = "+447700900321", "+447700900322"
LINK = re.compile(r"https?://[^\s\"<>]+")


class Texts:
    """Notify, with what it was asked to send: by number, every text."""

    def __init__(self) -> None:
        self.answer, self.got = notify.Notify(), defaultdict[str, list[str]](list)

    def __call__(self, asked: Asked) -> Reply:
        if asked.method == "POST":
            order = json.loads(asked.body)
            self.got[order["phone_number"]].append(order["personalisation"]["message"])
        return self.answer(asked)


def emails(received: list[tuple[str, bytes]]) -> dict[str, list[EmailMessage]]:
    found = defaultdict(list)
    for address, content in received:
        found[address].append(email.message_from_bytes(content, policy=email.policy.default))
    return found


def body(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content())


def opened(words: str) -> str:
    """The page behind the link that a message is about: of a place, a café, a questionnaire."""
    link = next(one for one in LINK.findall(words) if re.match(f"{given.PEELIAN_BASE_URL}/(events|q)/", one))
    page = PageClient().get(link.removeprefix(given.PEELIAN_BASE_URL))
    assert page.status_code == 200, link
    return page.content.decode()


def test_what_is_said_of_events_and_surveys_arrives_once_each_by_email_and_by_text(workers, mailbox, settings):  # noqa: F811
    settings.PEELIAN_QUIET_HOURS = None  # otherwise texts would wait for the morning
    force, told = make_force({"W00": 11}), Texts()
    mobile = Address.objects.create(kind=Address.Kind.MOBILE, value=NUMBER)
    by_text = Member.objects.create(
        mobile=mobile, channels=TEXT, joined_on=clock.today(), confirmed_at=clock.now(),
        **{name: getattr(force.members["W00"][0], name) for name in ("longitude", "latitude", "cell", "area_id")},
    )  # fmt: skip
    audience.refresh()
    ann, ben = force.members["W00"][:2]
    with faking.served(told) as served:
        more = {"PEELIAN_TEXT_CARRIERS": notify.URL + served.api, "PEELIAN_QUIET_HOURS": "none"}
        workers.start(mailbox.url, more=more)
        of_events(force, ann, by_text)
        survey = of_surveys(force, ben)
        list_ = of_a_list()
        wanted = {NUMBER: 4, VICTIM: 2}
        until(lambda: {at: len(texts) for at, texts in told.got.items()} == wanted, 60)
        until(lambda: not Send.objects.exclude(state=Send.State.SENT).exists(), 60)
    found = emails(mailbox.received)
    subjects = {at: Counter(one["Subject"] for one in some) for at, some in found.items()}
    assert subjects["new@home.example"] == {"Please confirm: Ward meeting": 1}
    assert "Ward meeting" in opened(body(found["new@home.example"][0]))
    assert subjects[ann.email.value] == {
        "Tomorrow: Ward meeting": 1, "What came of it: World Café": 1, "Your street": 1, "Reminder: Your street": 1,
    }  # fmt: skip
    assert subjects[ben.email.value] == {"Your street": 1}  # who had answered
    others = [one.email.value for one in force.members["W00"][2:]]
    assert [subjects[at] for at in others] == [{"Your street": 1, "Reminder: Your street": 1}] * 9
    for message in found[ann.email.value]:
        assert message["List-Unsubscribe"] or "Ward meeting" in message["Subject"] or "Café" in message["Subject"]
        assert opened(body(message))
    reminder = next(one for one in found[others[0]] if one["Subject"].startswith("Reminder"))
    assert "only those who have not answered" in body(reminder)
    for start in ("tomorrow,", "what came of World Café", "Your street"):
        assert any(start in text for text in told.got[NUMBER]), told.got[NUMBER]
    assert all(opened(text) for text in told.got[NUMBER])
    # The reminder of a list says no more than its invitation, behind a link of its own
    assert len({LINK.sub("", text) for text in told.got[VICTIM]}) == 1
    assert "burglary" not in "".join(told.got[VICTIM]).lower()
    assert survey.answers.count() + list_.survey.answers.count() == 0  # sealed


def of_events(force, ann, by_text):
    """A confirmation, a reminder of tomorrow and what came of a café; the last two by both channels."""
    tomorrow = datetime.combine(clock.today() + timedelta(days=1), time(15), clock.LONDON)
    area = force.areas["W00"]
    event = make_event(force.team, area, starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=2), takes_sign_ups=True)
    events.ask(event=event, email="new@home.example", network="192.0.2.1")
    before = clock.now() - timedelta(days=2)
    make_sign_up(event, ann.email.value, member=ann, placed_at=before)
    make_sign_up(event, "other@home.example", member=by_text, placed_at=before)
    noon = datetime.combine(clock.today(), time(12), clock.LONDON)
    assert [events.remind(noon) for _ in range(2)] == [2, 0]
    began = clock.now() - timedelta(days=1)
    cafe = make_event(
        force.team, area, kind="cafe", title="World Café", starts_at=began, ends_at=began + timedelta(hours=2)
    )
    make_sign_up(cafe, ann.email.value, member=ann, wants_back=True)
    make_sign_up(cafe, "other@home.example", member=by_text, wants_back=True)
    events.set_up_cafe(event=cafe, questions=["What?"], hosts=["PCSO"], by=force.officer)
    events.add_insight(event=cafe, learned="Light matters", theme=None, by=force.officer)
    events.publish_back(event=cafe, story="", published=True, by=force.officer)
    assert [events.send_back(event=cafe, by=force.officer) for _ in range(2)] == [2, 0]


def of_surveys(force, ben):
    """An invitation to everybody in the ward and its reminder, for all but Ben, who answered."""
    survey = make_survey(team=force.team, author=force.communications)
    mailing = surveys.choose_audience(
        survey=survey, by=survey.author, audience={"clauses": [inside("W00")]}, channels=3
    )
    send = surveys.send_invitations(mailing=mailing, by=survey.author)
    answer(survey, send, ben)
    a_week_ago(send)
    surveys.remind(survey=survey, by=survey.author, number=1)
    return survey


def of_a_list():
    survey = victims()
    people = [row(email="", mobile=VICTIM), *(row() for _ in range(10))]
    frame = bring_in(survey, people).frame
    a_week_ago(asking.invite(frame=frame, by=keeper(survey)))
    surveys.remind(survey=survey, frame=frame, by=keeper(survey), number=1)
    return frame


def answer(survey, send, member):
    from peelian.delivery import tokens
    from peelian.surveys import doors

    door = doors.door(tokens.make(send.pk, member.email_id))
    surveys.answer(door=door, version=survey.live, given={"safe": "safe"})


def a_week_ago(send):
    Send.objects.filter(pk=send.pk).update(created_at=clock.now() - timedelta(days=7))
