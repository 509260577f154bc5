"""Reminders: to who was invited and has not answered, twice at most, five days apart, never twice the same."""

import re
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.accounts.models import Staff
from peelian.alerts.tests.factories import inside, make_force
from peelian.core import clock
from peelian.core.messages import TOKEN
from peelian.delivery import tokens
from peelian.delivery.models import Delivery, Send
from peelian.members import audience
from peelian.members.models import Member
from peelian.surveys import actions, doors, inviting, reminding
from peelian.surveys.errors import AnsweredAlready, NotReady, RemindedAlready
from peelian.surveys.models import Answer, Answered, Mailing
from peelian.surveys.renderer import InvitationRenderer
from peelian.surveys.tests.factories import make_officer, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make_force({"W00": 14})


@pytest.fixture
def survey(force):
    """Invited six days ago."""
    survey = make_survey(team=force.team, author=force.communications)
    stored = {"clauses": [inside("W00")]}
    mailing = actions.choose_audience(survey=survey, by=survey.author, audience=stored, channels=3)
    actions.send_invitations(mailing=mailing, by=survey.author)
    days_pass(6)
    return survey


def days_pass(days):
    for send in Send.objects.all():
        Send.objects.filter(pk=send.pk).update(created_at=send.created_at - timedelta(days=days))


def link(mailing, member):
    return tokens.make(mailing.send_id, Delivery.objects.get(send=mailing.send, member=member).address_id)


def answer(survey, *members):
    mailing = survey.mailings.get(kind="invitation")
    for member in members:
        actions.answer(door=doors.door(link(mailing, member)), version=survey.live, given={"safe": "safe"})


def remind(survey, number=1):
    return actions.remind(survey=survey, by=survey.author, number=number)


def reminded(send):
    return set(Delivery.objects.filter(send=send).values_list("member_id", flat=True))


def test_who_has_not_answered_and_may_still_be_written_to_is_reminded(force, survey):
    members = force.members["W00"]
    answer(survey, *members[:3])
    Member.objects.filter(pk=members[3].pk).update(organisations=0)  # turned it off since
    Member.objects.filter(pk=members[4].pk).update(left_at=clock.now())
    audience.refresh()
    due = reminding.due_now(survey, reminding.sent(survey))
    assert (due.invited, due.answered, due.people, due.out_of_reach) == (14, 3, 9, 2)
    send = remind(survey)
    assert reminded(send) == {one.pk for one in members[5:]}
    assert inviting.invited(survey) == 14  # a reminder invites nobody


def test_the_reminders_link_and_the_invitations_are_one(force, survey):
    member = force.members["W00"][0]
    send = remind(survey)
    mailing = Mailing.objects.get(send=send)
    actions.answer(door=doors.door(link(mailing, member)), version=survey.live, given={"safe": "safe"})
    with pytest.raises(AnsweredAlready):
        answer(survey, member)
    assert Answered.objects.count() == 1


def test_who_gets_an_email_and_a_text_answers_once_and_is_reminded_by_neither(force):
    from peelian.contacts.models import Address

    member = force.members["W00"][0]
    mobile = Address.objects.create(kind=Address.Kind.MOBILE, value="+447700900123")
    Member.objects.filter(pk=member.pk).update(mobile=mobile, channels=3)
    audience.refresh()
    survey = make_survey(team=force.team, author=force.communications)
    stored = {"clauses": [inside("W00")]}
    mailing = actions.choose_audience(survey=survey, by=survey.author, audience=stored, channels=3)
    counted = inviting.count(mailing)
    assert (counted.people, counted.emails, counted.texts) == (14, 14, 1)
    send = actions.send_invitations(mailing=mailing, by=survey.author)
    days_pass(6)
    by_text = doors.door(tokens.make(send.pk, mobile.pk))
    actions.answer(door=by_text, version=survey.live, given={"safe": "safe"})
    assert member.pk not in reminded(remind(survey))


def test_pressed_twice_it_goes_once_and_there_is_no_third(survey):
    remind(survey)
    with pytest.raises(RemindedAlready):
        remind(survey)
    with pytest.raises(NotReady, match="less than 5 days before"):
        remind(survey, 2)
    days_pass(5)
    remind(survey, 2)
    days_pass(5)
    with pytest.raises(NotReady, match="Two reminders have gone"):
        remind(survey, 3)
    assert survey.mailings.filter(kind="reminder").count() == 2


def test_not_before_five_days_nor_when_it_has_closed_nor_when_all_have_answered(force, survey):
    Send.objects.update(created_at=clock.now() - timedelta(days=4))
    with pytest.raises(NotReady, match="A reminder may go from"):
        remind(survey)
    days_pass(2)
    answer(survey, *force.members["W00"])
    with pytest.raises(NotReady, match="nobody to remind"):
        remind(survey)
    actions.close_survey(survey=survey, by=survey.author)
    with pytest.raises(NotReady, match="not open"):
        remind(survey)


def test_one_that_was_planned_goes_on_its_day_once_to_who_has_not_answered_by_then(force, survey, monkeypatch):
    today = clock.today()
    with pytest.raises(NotReady, match="a day to come"):
        actions.plan_reminder(survey=survey, by=survey.author, on=today)
    first = actions.plan_reminder(survey=survey, by=survey.author, on=today + timedelta(days=1))
    planned = actions.plan_reminder(survey=survey, by=survey.author, on=today + timedelta(days=2))
    answer(survey, force.members["W00"][0])
    for one in (first, planned):
        actions.remind_as_planned(mailing_id=one.pk)  # not yet, or no more
    assert not survey.mailings.filter(kind="reminder", send__isnull=False).exists()
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    for _ in range(2):
        actions.remind_as_planned(mailing_id=planned.pk)
    planned.refresh_from_db()
    assert reminded(planned.send) == {one.pk for one in force.members["W00"][1:]}


def test_of_a_great_many_a_job_makes_it_ready_and_says_how_far_it_is(client, settings, monkeypatch, force, survey):
    settings.PEELIAN_DEMO = True
    monkeypatch.setattr(reminding, "AT_ONCE", 10)
    monkeypatch.setattr(reminding, "PIECE", 6)
    answer(survey, *force.members["W00"][:3])
    client.force_login(make_officer(force.team))
    base = f"/staff/surveys/{survey.ref}/invitations/"
    page = client.page(f"{base}remind/")
    assert page.texts(".p-sentence") == [
        "14 people invited; 3 answers so far. A reminder goes to those of them who have not answered and can still be"
        " reached."
    ]
    for _ in range(2):  # pressed twice
        listed = client.page(f"{base}remind/", {"do": "now", "number": "1"}, post=True)
    assert "Looking up who has answered" in listed.text()
    (made,) = survey.mailings.filter(kind="reminder")
    assert jobs_to_remind() == [made.pk]
    seen, silent = [], reminding.silent
    monkeypatch.setattr(
        reminding, "silent", lambda *given: silent(*given[:2], lambda n: (given[2](n), seen.append(how_far())))
    )

    def how_far():
        said = client.get(f"{base}remind/progress/").content.decode()
        return re.search(r"\d+ of \d+", said)[0]

    for _ in range(2):
        actions.remind_as_planned(mailing_id=made.pk)
    assert seen == ["6 of 14", "12 of 14", "14 of 14"]
    made.refresh_from_db()
    assert reminded(made.send) == {one.pk for one in force.members["W00"][3:]}
    assert made.settings == {"number": 1, "invited": 14, "answered": 3}
    assert client.get(f"{base}remind/progress/")["HX-Refresh"] == "true"


def jobs_to_remind():
    found = ProcrastinateJob.objects.filter(task_name="surveys.remind")
    return [one.args["mailing_id"] for one in found]


def test_one_that_may_not_go_on_its_day_is_dropped_and_the_trail_says_why(survey):
    from peelian.audit.models import Event

    planned = actions.plan_reminder(survey=survey, by=survey.author, on=clock.today() + timedelta(days=1))
    Mailing.objects.filter(pk=planned.pk).update(due_on=clock.today())
    Staff.objects.filter(pk=survey.author_id).update(is_active=False)
    actions.remind_as_planned(mailing_id=planned.pk)
    assert not Mailing.objects.filter(kind="reminder").exists()
    told = Event.objects.get(verb="survey.reminder_not_sent")
    assert told.data["because"] == "Whoever planned it works here no more."


def test_what_a_reminder_says(survey):
    mailing = Mailing.objects.get(send=remind(survey))
    email = InvitationRenderer().email(mailing.pk)
    assert email.subject.startswith("Reminder: ")
    for words in (email.text, email.html):
        assert f"/q/{TOKEN}/" in words
        assert "only those who have not answered" in words
        assert "so that we do not remind you; not what you answered" in words


def test_from_a_reminder_on_no_answer_by_invitation_has_a_day(force, survey):
    """The ledger shows who had answered by then; a day would show which answers are older."""
    answer(survey, *force.members["W00"][:10])
    actions.empty_due()
    Answer.objects.update(day=clock.today() - timedelta(days=2))
    remind(survey)
    assert set(Answer.objects.values_list("day", flat=True)) == {survey.opened_on}


def test_the_page_says_to_whom_in_numbers_and_lists_what_went(client, settings, force, survey):
    settings.PEELIAN_DEMO = True
    client.force_login(make_officer(force.team))
    answer(survey, *force.members["W00"][:5])
    base = f"/staff/surveys/{survey.ref}/invitations/"
    assert f"{base}remind/" in client.page(base).links()
    page = client.page(f"{base}remind/")
    assert page.texts(".p-sentence") == [
        "14 people invited; 5 people answered by their invitation. A reminder goes to 9 people."
    ]
    again = {"do": "now", "number": "1"}
    listed = client.page(f"{base}remind/", again, post=True)
    assert "on its way to 9 addresses" in listed.text()
    assert "Nobody gets it twice" in client.page(f"{base}remind/", again, post=True).text()
    day = (clock.today() + timedelta(days=5)).isoformat()
    planned = client.page(f"{base}remind/", {"do": "plan", "on": day}, post=True)
    assert "A reminder goes by itself" in planned.text()
    assert "Choose a day" in client.page(f"{base}remind/", {"do": "plan", "on": ""}, post=True).text()
    assert "does not go" in client.page(f"{base}remind/", {"do": "drop"}, post=True).text()


@pytest.mark.parametrize("path", ["invitations/", "invitations/remind/", "invitations/remind/progress/"])
def test_the_pages_ask_as_often_for_many_people(client, settings, force, survey, path, django_assert_max_num_queries):
    settings.PEELIAN_DEMO = True
    remind(survey)
    client.force_login(make_officer(force.team))
    with django_assert_max_num_queries(24):
        assert client.get(f"/staff/surveys/{survey.ref}/{path}").status_code == 200
