"""Inviting to a survey: an audience as alerts have one, counted, read over, sent once to each."""

import json

import pytest
from django.db import connection

from peelian.accounts.roles import Role
from peelian.alerts.tests.factories import inside, make_force
from peelian.core import clock
from peelian.core.messages import TOKEN
from peelian.delivery import tokens
from peelian.delivery.models import Delivery
from peelian.members.models import Member
from peelian.surveys import actions, inviting, queries
from peelian.surveys.errors import NotReady, SentAlready
from peelian.surveys.models import Answered, Mailing
from peelian.surveys.renderer import InvitationRenderer
from peelian.surveys.tests.factories import make_officer, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make_force({"W00": 12, "W01": 6, "W20": 3})


@pytest.fixture
def survey(force):
    return make_survey(team=force.team, author=force.communications, languages=["ur"],
                       said={"ur": {"title": "آپ کی گلی", "purpose": "ہم جاننا چاہتے ہیں۔"}})  # fmt: skip


def stored(*codes):
    return {"clauses": [inside(*codes)]}


def mailing_to(survey, by, *codes, channels=3):
    return actions.choose_audience(survey=survey, by=by, audience=stored(*codes), channels=channels)


def test_an_audience_is_counted_read_over_and_sent_and_each_answers_by_their_own_link(client, settings, force, survey):
    settings.PEELIAN_DEMO = True
    staff = make_officer(force.team)
    client.force_login(staff)
    base = f"/staff/surveys/{survey.ref}/"
    page = client.page(f"{base}invite/", {"areas": ["W00"], "by": ["email"]}, post=True)
    assert page.texts(".p-audience__count") == ["12 people"]
    check = client.page(f"{base}invite/", {"areas": ["W00"], "by": ["email"], "check": "1"}, post=True)
    assert check.texts(".p-sentence") == [
        "12 people get an invitation to “Your street” now, by 12 emails, from the Elm Bridge team."
    ]
    assert "We want to know." in check.text()
    sent = client.page(check.response.request["PATH_INFO"], post=True)
    assert "12 people invited" in sent.text()
    mailing = Mailing.objects.get()
    rows = Delivery.objects.filter(send=mailing.send)
    assert set(rows.values_list("member_id", flat=True)) == {one.pk for one in force.members["W00"]}
    token = tokens.make(mailing.send_id, rows.first().address_id)
    client.page(f"/q/{token}/1/", {"safe": "dk"}, post=True)
    client.page(f"/q/{token}/check/", post=True)
    assert Answered.objects.count() == 1
    assert "Stop messages" in client.page(f"/unsubscribe/{token}/").text()
    assert client.page(f"/m/{token}/less/")


def test_who_was_invited_before_is_left_out(force, survey):
    by = force.communications
    actions.send_invitations(mailing=mailing_to(survey, by, "W00"), by=by)
    again = mailing_to(survey, by, "W00", "W01", "W20")
    assert inviting.count(again) == inviting.Count(9, 9, 0)
    other = make_survey(team=force.team, author=by)
    assert inviting.count(mailing_to(other, by, "W00")).people == 12
    assert inviting.invited(survey) == 12


def test_who_does_not_want_to_hear_from_the_sender_is_not_asked(force, survey):
    from peelian.members import audience

    Member.objects.filter(pk=force.members["W00"][0].pk).update(organisations=0)
    audience.refresh()
    assert inviting.count(mailing_to(survey, force.communications, "W00")).people == 11


@pytest.mark.parametrize(
    ("role", "codes", "said"),
    [
        (Role.SUPERVISOR, ["W20"], "outside your own area"),
        (Role.COMMUNICATIONS, ["W20"], "10 people or more: of fewer, one could be recognised"),
        (Role.ANALYST, ["W00"], "your role may send to 0 by itself"),
    ],
)
def test_why_somebody_may_not_send_is_said(force, survey, role, codes, said):
    by = {Role.SUPERVISOR: force.supervisor, Role.COMMUNICATIONS: force.communications}.get(role) or make_officer(
        force.team, role
    )
    mailing = mailing_to(survey, by, *codes)
    with pytest.raises(NotReady, match=said):
        actions.send_invitations(mailing=mailing, by=by)
    assert Mailing.objects.get().send is None


def test_a_survey_that_is_not_open_invites_nobody_and_one_invitation_goes_once(force, survey):
    by = force.communications
    mailing = mailing_to(survey, by, "W00")
    actions.close_survey(survey=survey, by=by)
    with pytest.raises(NotReady, match="not open"):
        actions.send_invitations(mailing=mailing, by=by)
    actions.open_survey(survey=survey, by=by)
    actions.send_invitations(mailing=mailing, by=by)
    with pytest.raises(SentAlready):
        actions.send_invitations(mailing=mailing, by=by)


def test_the_invitation_says_who_asks_what_becomes_of_it_and_how_to_stop(force, survey):
    survey.closes = clock.today()
    survey.save()
    mailing = mailing_to(survey, force.communications, "W00")
    email = InvitationRenderer().email(mailing.pk)
    for words in (email.text, email.html):
        assert f"/q/{TOKEN}/" in words
        assert f"/m/{TOKEN}/less/" in words
        assert "Nobody can tell which answers are yours" in words
        assert "You can answer until" in words
    assert (email.subject, email.unsubscribe, email.answerable) == ("Your street", True, False)
    text = InvitationRenderer().text(mailing.pk)
    assert text.endswith(f"Your street. Tell us here: {text.split(' ')[-1]}")
    urdu = InvitationRenderer().email(mailing.pk, "ur")
    assert urdu.subject == "آپ کی گلی"
    assert f"/q/{TOKEN}/?lang=ur" in urdu.text


def test_the_trail_says_that_people_were_invited_and_not_who(force, survey):
    actions.send_invitations(mailing=mailing_to(survey, force.communications, "W00"), by=force.communications)
    verbs = [(verb, data.get("people")) for verb, _label, data in audit_of_survey(survey)]
    assert ("survey.invited", 12) in verbs
    assert queries.mailings(survey)[0].people == 12


def audit_of_survey(survey):
    with connection.cursor() as cursor:
        cursor.execute("SELECT verb, actor_label, data FROM audit_event WHERE object_kind = 'survey'"
                       " AND object_id = %s ORDER BY id", [survey.ref])  # fmt: skip
        rows = cursor.fetchall()
    return [(verb, who, data if isinstance(data, dict) else json.loads(data)) for verb, who, data in rows]
