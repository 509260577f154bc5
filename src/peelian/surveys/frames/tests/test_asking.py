"""Asking the people of a list: words that name nothing, one answer each, no more once they said stop."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from peelian.accounts.roles import Role
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.messages import TOKEN
from peelian.delivery import tokens
from peelian.delivery.claim import CLAIM, moment
from peelian.delivery.models import Channel, Delivery, Send
from peelian.members import audience
from peelian.members.models import Member
from peelian.members.tests.factories import make_member
from peelian.surveys import actions, doors, reminding
from peelian.surveys.errors import AnsweredAlready, NotAllowed, NotReady, RemindedAlready
from peelian.surveys.frames import asking, keeping
from peelian.surveys.frames.errors import PeopleGone
from peelian.surveys.frames.models import FrameCell, Surveyed
from peelian.surveys.frames.renderer import FrameRenderer
from peelian.surveys.frames.rules import CHILD, DOMESTIC, SEXUAL, Reason
from peelian.surveys.frames.tests.factories import bring_in, keeper, row, victims
from peelian.surveys.models import Answer, Mailing
from peelian.surveys.tests.factories import make_officer

pytestmark = pytest.mark.django_db
CRIMES = (
    "crime", "crimes", "victim", "victims", "offence", "burglary", "burgled", "robbery", "robbed", "theft", "stolen",
    "assault", "violence", "vehicle", "damage", "hate", "fraud", "arson", "harassment", "incident", "report", "abuse",
    "harm", "injury", "attack", "weapon", "drugs",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.PEELIAN_DEMO = True


def invited(survey, rows):
    """The rows of the ledger of a list that was brought in and invited."""
    frame, by = bring_in(survey, rows).frame, keeper(survey)
    return frame, asking.invite(frame=frame, by=by)


def to_remind(frame):
    return reminding.due_now(frame.survey, reminding.sent(frame.survey, frame), frame)


def remind(frame, number=1):
    return actions.remind(survey=frame.survey, frame=frame, by=keeper(frame.survey), number=number)


def links(send):
    found = Delivery.objects.filter(send=send).order_by("address_id")
    return [tokens.make(send.pk, one.address_id) for one in found]


def test_a_list_is_read_over_invited_and_each_answers_once(client):
    survey = victims()
    frame = bring_in(survey, [row() for _ in range(11)] + [row(email="", mobile="07700 900123")]).frame
    client.force_login(keeper(survey))
    path = f"/staff/surveys/{survey.ref}/lists/{frame.pk}/send/"
    check = client.page(path)
    assert check.texts(".p-sentence") == [
        "12 people get an invitation to “After your burglary” now, by 11 emails and 1 text."
    ]
    assert "Please tell us about our service" in check.text()
    sent = client.page(path, post=True)
    assert "On its way to 12 addresses." in sent.text()
    send = Mailing.objects.get().send
    assert set(Delivery.objects.values_list("member_id", flat=True)) == {None}
    assert Surveyed.objects.count() == 12
    token = links(send)[0]
    client.page(f"/q/{token}/1/", {"safe": "dk"}, post=True)
    client.page(f"/q/{token}/check/", post=True)
    with pytest.raises(AnsweredAlready):
        actions.answer(door=doors.door(token), version=survey.live, given={"safe": "safe"})
    again = client.page(path, post=True)
    assert "That has been sent." in again.text()
    assert Mailing.objects.count() == 1


@pytest.mark.parametrize("kind", Mailing.Kind.values)
@pytest.mark.parametrize("mode", ["anonymous", "identified"])
def test_the_invitation_names_no_crime_whatever_the_survey_and_the_list_say(kind, mode):
    """Every word by which crimes are named, put wherever staff and lists can put words."""
    everything = [*CRIMES, *DOMESTIC, *SEXUAL, *CHILD]
    survey = victims(mode=mode, title="Telltale rape survey", purpose=" ".join(everything), closing="burglary")
    survey.team.name = "Domestic abuse team"
    survey.team.save()
    frame = bring_in(survey, [row(crime_type="Burglary of a telltale dwelling")]).frame
    mailing = Mailing.objects.create(survey=survey, frame=frame, by=survey.author, kind=kind)
    shown = FrameRenderer()
    email = shown.email(mailing.pk)
    body = re.sub(r"<!--.*?-->|<style>.*?</style>|<[^>]+>", " ", email.html, flags=re.S)
    for words in (email.subject, email.text, body, email.from_name, shown.text(mailing.pk), shown.voice(mailing.pk)):
        said = set(re.findall(r"[a-z'-]+", words.lower()))
        assert not said & {word for word in everything if " " not in word}
        assert "telltale" not in words.lower()
        assert not any(word in words.lower() for word in everything if " " in word)
    assert f"/q/{TOKEN}/" in email.text
    assert f"/m/{TOKEN}/less/" in email.text
    assert email.unsubscribe
    assert shown.text(mailing.pk).count("http") == 1
    assert "telltale" not in str(shown.topic(mailing.pk)).lower()


def test_stop_works_for_somebody_who_is_no_member(client):
    survey = victims()
    frame, send = invited(survey, [row() for _ in range(12)])
    one, two, *_ = links(send)
    page = client.page(f"/m/{one}/less/")
    assert page.texts("h1") == ["Stop all messages?"]
    done = client.page(f"/m/{one}/less/", {"choice": "all"}, post=True)
    assert "To change your mind, call 101." in done.text()
    assert "settings" not in done.text()
    assert client.post(f"/unsubscribe/{two}/").status_code == 200
    stopped = Address.objects.exclude(suppression="")
    assert set(stopped.values_list("suppression", flat=True)) == {"stopped"}
    assert stopped.count() == 2
    assert to_remind(frame).people == 10


def test_stop_of_a_member_turns_their_messages_off_and_no_reminder_comes(client):
    survey = victims()
    ann = make_member("ann@home.example")
    frame, send = invited(survey, [row(email="ann@home.example"), *(row() for _ in range(11))])
    token = tokens.make(send.pk, ann.email_id)
    client.post(f"/unsubscribe/{token}/")
    ann.refresh_from_db()
    assert ann.organisations == 0
    assert Address.objects.get(pk=ann.email_id).suppression == ""
    assert to_remind(frame).people == 11


def test_a_member_who_wants_no_use_of_their_data_is_not_asked():
    survey = victims()
    member = make_member("ann@home.example")
    Member.objects.filter(pk=member.pk).update(restricted_at=clock.now())
    audience.refresh()
    frame = bring_in(survey, [row(email="ann@home.example"), row()]).frame
    assert asking.count(frame).people == 1


def test_texts_to_people_who_are_no_members_wait_for_the_morning(settings):
    """Nobody's phone rings at night because of us: the installation's quiet hours hold for them too."""
    from datetime import time

    settings.PEELIAN_QUIET_HOURS = (time(21), time(8))
    survey = victims()
    _, send = invited(survey, [row(email="", mobile=f"07700 9001{n:02d}") for n in range(10)])
    given = {"send": send.pk, "after": 0, "last": 1 << 40, "most": 100, "carrier": 1}
    for hour, wanted in ((2, 0), (12, 10)):
        now = datetime(2026, 11, 22, hour, tzinfo=UTC)
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, given | {"channel": int(Channel.TEXT)} | moment(now))
            rows = cursor.fetchall()
        claimed = [one for one in rows if one[4] == 1]
        assert len(claimed) == wanted
        assert all(one[5] == datetime(2026, 11, 22, 8, tzinfo=UTC) for one in rows if one[4] == 0)


def test_an_answer_with_the_person_keeps_what_they_were_asked_for_and_an_anonymous_one_does_not():
    named, unnamed = victims(mode="identified"), victims()
    _, send = invited(named, [row(crime_type="Robbery"), *(row() for _ in range(3))])
    for token in links(send):
        actions.answer(door=doors.door(token), version=named.live, given={"safe": "safe"})
    cells = {f"frame:{cell.pk}": cell.people for cell in FrameCell.objects.filter(frame__survey=named)}
    found = list(Answer.objects.filter(survey=named).values_list("stratum", flat=True))
    assert {stratum: found.count(stratum) for stratum in found} == cells
    _, send = invited(unnamed, [row() for _ in range(12)])
    for token in links(send)[:11]:
        actions.answer(door=doors.door(token), version=unnamed.live, given={"safe": "safe"})
    actions.empty_due()
    assert set(Answer.objects.filter(survey=unnamed).values_list("stratum", "address", "member")) == {("", None, None)}


def test_who_may_not_send_is_told_why():
    survey = victims()
    frame = bring_in(survey, [row() for _ in range(9)]).frame
    by = keeper(survey)
    with pytest.raises(NotReady, match="goes to 10 people or more"):
        asking.invite(frame=frame, by=by)
    with pytest.raises(NotAllowed):
        asking.invite(frame=frame, by=make_officer(survey.team, Role.SUPERVISOR))
    with pytest.raises(NotAllowed):
        asking.invite(frame=frame, by=make_officer(survey.team, Role.ANALYST))
    keeping.delete_people(frame=frame, by=by)
    with pytest.raises(PeopleGone):
        asking.invite(frame=frame, by=by)


def test_a_reminder_goes_to_those_who_have_not_answered_by_the_rule_of_every_survey():
    survey = victims(mode="identified")
    frame, send = invited(survey, [row() for _ in range(12)])
    began, tokens_of = clock.now(), links(send)
    for token in tokens_of[:3]:
        actions.answer(door=doors.door(token), version=survey.live, given={"safe": "safe"})
    with pytest.raises(NotReady, match="The last message went less than 5 days before"):
        remind(frame)
    for number, left in ((1, 9), (2, 8)):
        Send.objects.update(created_at=began - timedelta(days=6))
        again = remind(frame, number)
        assert (again.recipients, again.renderer) == (left, "surveys.frame_reminder")
        with pytest.raises(RemindedAlready):
            remind(frame, number)
        door = doors.door(links(again)[0])
        actions.answer(door=door, version=survey.live, given={"safe": "safe"})
        assert frame.mailings.filter(kind="reminder").count() == number
    assert set(Delivery.objects.values_list("member_id", flat=True)) == {None}
    assert keeping.deleted_by(frame) == (began + timedelta(days=14)).astimezone(clock.LONDON).date()
    Send.objects.update(created_at=began - timedelta(days=6))
    assert keeping.deleted_by(frame) == (began + timedelta(days=8)).astimezone(clock.LONDON).date()
    with pytest.raises(NotReady, match="Two reminders have gone"):
        remind(frame, 3)
    assert Answer.objects.count() == 5


def test_a_list_is_reminded_from_its_page_now_or_on_a_day_and_one_list_stops_no_other(client):
    survey = victims()
    frame, _ = invited(survey, [row() for _ in range(12)])
    other, _ = invited(survey, [row() for _ in range(11)])
    Send.objects.update(created_at=clock.now() - timedelta(days=6))
    client.force_login(keeper(survey))
    path = f"/staff/surveys/{survey.ref}/lists/{frame.pk}/"
    assert f"{path}remind/" in client.page(path).links()
    page = client.page(f"{path}remind/")
    assert page.texts(".p-sentence") == [
        "12 people invited; nobody answered by their invitation. A reminder goes to 12 people."
    ]
    day = clock.today() + timedelta(days=3)
    planned = client.page(f"{path}remind/", {"do": "plan", "on": day.isoformat()}, post=True)
    assert "A reminder goes by itself" in planned.text()
    sent = client.page(f"{path}remind/", {"do": "now", "number": "1"}, post=True)
    assert "on its way to 12 addresses" in sent.text()
    assert remind(other).recipients == 11
    assert "A reminder goes by itself" not in client.page(path).text()


def test_a_reminder_that_was_planned_for_a_list_does_not_go_once_its_people_are_deleted():
    survey = victims()
    frame, _ = invited(survey, [row() for _ in range(12)])
    by = keeper(survey)
    planned = actions.plan_reminder(survey=survey, frame=frame, by=by, on=clock.today() + timedelta(days=7))
    keeping.delete_people(frame=frame, by=by)
    actions.remind_as_planned(mailing_id=planned.pk)
    assert not frame.mailings.filter(kind="reminder").exists()
    with pytest.raises(PeopleGone):
        actions.plan_reminder(survey=survey, frame=frame, by=by, on=clock.today() + timedelta(days=7))


def test_who_may_not_invite_a_list_may_not_remind_it(client):
    survey = victims()
    frame, _ = invited(survey, [row() for _ in range(12)])
    for role in (Role.SUPERVISOR, Role.ANALYST):
        with pytest.raises(NotAllowed):
            actions.remind(survey=survey, frame=frame, by=make_officer(survey.team, role), number=1)
    client.force_login(make_officer(survey.team, Role.ANALYST))
    page = client.page(f"/staff/surveys/{survey.ref}/lists/{frame.pk}/remind/")
    assert "Send the reminder" not in page.text()


def test_deleting_stops_what_has_not_gone_and_a_link_still_works():
    survey = victims()
    frame, send = invited(survey, [row() for _ in range(12)])
    keeping.delete_people(frame=frame, by=survey.author)
    send.refresh_from_db()
    assert send.state == "recalled"
    assert not Mailing.objects.filter(send=None).exists()
    actions.answer(door=doors.door(links(send)[0]), version=survey.live, given={"safe": "safe"})


def test_who_was_asked_is_remembered_for_a_year_by_a_sum_alone():
    survey = victims()
    people = [row() for _ in range(12)]
    frame, _ = invited(survey, people)
    keeping.delete_people(frame=frame, by=survey.author)
    later = [one | {"reference": f"n{number}"} for number, one in enumerate(people)]
    assert bring_in(victims(), later).frame.left_out == {Reason.LATELY: 12}
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM surveys_surveyed t")
        assert "@" not in str(cursor.fetchall())
    assert keeping.forget_asked(clock.now() + timedelta(days=330)) == 0
    assert keeping.forget_asked(clock.now() + timedelta(days=430)) == 12


@pytest.mark.parametrize("path", ["", "{0}/", "{0}/send/", "{0}/remind/"])
def test_the_pages_of_lists_ask_as_often_for_many_people(client, path, django_assert_max_num_queries):
    survey = victims()
    frame, _ = invited(survey, [row() for _ in range(40)])
    client.force_login(keeper(survey))
    with django_assert_max_num_queries(24):
        page = client.get(f"/staff/surveys/{survey.ref}/lists/{path.format(frame.pk)}")
    assert page.status_code == 200
