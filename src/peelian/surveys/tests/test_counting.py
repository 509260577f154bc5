"""An invitation to a great many: a job counts them and draws the sample, once; pages say so meanwhile, and show it."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.alerts.tests.factories import inside, make_force
from peelian.audit.models import Event
from peelian.core import clock
from peelian.delivery.models import Delivery
from peelian.members import audience
from peelian.members.models import Member
from peelian.surveys import actions, inviting
from peelian.surveys.errors import GoesAlready, NotReady
from peelian.surveys.models import Mailing, Sampled, Survey
from peelian.surveys.sampling import Plan
from peelian.surveys.tests.factories import make_officer, make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def force(settings, monkeypatch):
    settings.PEELIAN_DEMO = True
    monkeypatch.setattr(inviting, "AT_ONCE", 20)
    return make_force({"W00": 40, "W01": 20, "W20": 12})


@pytest.fixture
def survey(force):
    return make_survey(team=force.team, author=make_officer(force.team), mode="identified")


def choose(survey, *codes, sample=None):
    stored = {"clauses": [inside(*codes)]}
    return actions.choose_audience(survey=survey, by=survey.author, audience=stored, channels=3, sample=sample)


def waiting(name):
    return [one.args for one in ProcrastinateJob.objects.filter(task_name=f"surveys.{name}").order_by("pk")]


def let_count(mailing):
    """Ask, and let every job that was put do its work."""
    assert actions.count_audience(mailing=mailing, by=mailing.by) is None
    for given in waiting("count_audience"):
        actions.count_as_asked(**given)
    mailing.refresh_from_db()
    return actions.count_audience(mailing=mailing, by=mailing.by)


def counts_in_the_trail():
    return Event.objects.filter(verb="survey.audience_counted").count()


def test_few_are_counted_at_once_as_ever(force, survey):
    mailing = choose(survey, "W20")
    assert actions.count_audience(mailing=mailing, by=survey.author) == inviting.Count(12, 12, 0)
    assert waiting("count_audience") == []
    mailing.refresh_from_db()
    assert mailing.settings == {}


def test_many_are_counted_once_by_a_job_and_the_page_says_so_meanwhile(client, force, survey):
    client.force_login(make_officer(force.team))
    filled = {"areas": ["W00", "W01"], "by": ["email"]}
    url = f"/staff/surveys/{survey.ref}/invite/"
    page = client.page(url, filled, post=True)
    assert page.texts(".p-progress__label") == ["Counting"]
    assert "There may be more than 20 people" in page.text()
    check = client.page(url, filled | {"check": "1"}, post=True)
    assert check.texts(".p-progress__label") == ["Counting"]
    assert not check.texts("main button")  # nothing to press before it is known whom it reaches
    (given,) = waiting("count_audience")  # two pages, one job
    mailing = Mailing.objects.get()
    progress = f"{url}{mailing.pk}/progress/"
    assert "Counting" in client.get(f"{progress}?choosing=1").content.decode()
    for _ in range(2):  # a job may run twice
        actions.count_as_asked(**given)
    assert client.get(progress)["HX-Refresh"] == "true"
    assert "60 people" in client.get(f"{progress}?choosing=1").content.decode()
    for _ in range(2):
        page = client.page(url)
        assert page.texts(".p-audience__count") == ["60 people"]
        check = client.page(f"{url}{mailing.pk}/")
        assert check.texts(".p-sentence")[0].startswith("60 people get an invitation")
    assert (len(waiting("count_audience")), counts_in_the_trail()) == (1, 1)


def test_a_sample_is_drawn_once_for_the_same_choices_and_sent_as_it_was_shown(client, force, survey):
    plan = Plan(15, 7, "ward")
    mailing = choose(survey, "W00", "W01", sample=plan)
    counted = let_count(mailing)
    assert (counted.people, counted.frame, [one.chosen for one in counted.strata]) == (15, 60, [10, 5])
    drawn = set(Sampled.objects.values_list("member_id", flat=True))
    assert len(drawn) == 15
    mailing = choose(survey, "W00", "W01", sample=plan)  # saved once more, without a change
    assert actions.count_audience(mailing=mailing, by=survey.author) == counted
    assert counts_in_the_trail() == 1
    left = min(drawn)
    Member.objects.filter(pk=left).update(left_at=clock.now())
    audience.refresh()
    client.force_login(survey.author)
    check = client.page(f"/staff/surveys/{survey.ref}/invite/{mailing.pk}/")
    assert "It goes to those who were drawn then" in check.text()
    assert check.texts("tbody td")[:3] == ["40", "10", "1 in 4"]
    send = actions.send_invitations(mailing=mailing, by=survey.author)  # few of many: without a job
    assert set(Delivery.objects.filter(send=send).values_list("member_id", flat=True)) == drawn - {left}
    mailing.refresh_from_db()
    assert set(mailing.settings) == {"sample"}
    assert [one["chosen"] for one in mailing.settings["sample"]["strata"]] == [10, 5]


def test_other_choices_and_another_day_are_counted_anew(force, survey, monkeypatch):
    mailing = choose(survey, "W00", sample=Plan(15, 7))
    actions.count_audience(mailing=mailing, by=survey.author)
    (first,) = waiting("count_audience")
    mailing = choose(survey, "W00", "W01", sample=Plan(15, 7))  # while the job looks
    actions.count_audience(mailing=mailing, by=survey.author)
    _, second = waiting("count_audience")
    for given in (first, second):
        actions.count_as_asked(**given)
    mailing.refresh_from_db()
    assert actions.count_audience(mailing=mailing, by=survey.author).frame == 60
    before = set(Sampled.objects.values_list("member_id", flat=True))
    mailing = choose(survey, "W00", "W01", sample=Plan(15, 8))
    assert not Sampled.objects.exists()
    let_count(mailing)
    assert set(Sampled.objects.values_list("member_id", flat=True)) != before
    later = clock.now() + inviting.KEPT
    monkeypatch.setattr(clock, "now", lambda: later)
    assert actions.count_audience(mailing=mailing, by=survey.author) is None
    mailing.refresh_from_db()
    assert mailing.is_being_counted
    with pytest.raises(NotReady, match="counted first"):
        actions.send_invitations(mailing=mailing, by=survey.author)


def test_a_job_that_does_not_come_back_is_put_again(force, survey, monkeypatch):
    mailing = choose(survey, "W00")
    for _ in range(2):
        actions.count_audience(mailing=mailing, by=survey.author)
    assert len(waiting("count_audience")) == 1
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    actions.count_audience(mailing=mailing, by=survey.author)
    assert len(waiting("count_audience")) == 2


def test_many_are_invited_by_a_job_once_and_nothing_can_be_changed_meanwhile(client, force, survey):
    client.force_login(survey.author)
    mailing = choose(survey, "W00", "W01")
    let_count(mailing)
    url = f"/staff/surveys/{survey.ref}/invite/{mailing.pk}/"
    page = client.page(url, {"do": "send"}, post=True)
    assert "as soon as it is known whom they reach now" in page.text()
    assert page.texts(".p-progress__label") == ["Looking up whom it reaches now"]
    assert "They cannot be changed any more" in client.page(url, {"do": "send"}, post=True).text()
    choosing = client.page(f"/staff/surveys/{survey.ref}/invite/")
    assert choosing.response.request["PATH_INFO"] == url
    assert "made ready" in client.page(f"/staff/surveys/{survey.ref}/").text()
    with pytest.raises(GoesAlready):
        choose(survey, "W20")
    (given,) = waiting("invite")
    for _ in range(2):
        actions.invite_as_decided(**given)
    mailing.refresh_from_db()
    assert (mailing.people, mailing.send.recipients, mailing.settings) == (60, 60, {})
    assert client.get(f"{url}progress/")["HX-Refresh"] == "true"
    assert "60 people invited" in client.page(url).text()


def test_what_may_not_go_any_more_when_the_job_looks_goes_to_nobody_and_its_page_says_why(client, force, survey):
    client.force_login(survey.author)
    mailing = choose(survey, "W00", "W01")
    let_count(mailing)
    assert actions.send_invitations(mailing=mailing, by=survey.author) is None
    actions.close_survey(survey=survey, by=survey.author)
    actions.invite_as_decided(mailing_id=mailing.pk)
    mailing.refresh_from_db()
    assert (mailing.send, mailing.is_being_made) == (None, False)
    let_count(mailing)
    page = client.page(f"/staff/surveys/{survey.ref}/invite/{mailing.pk}/")
    assert "It has not gone" in page.text()
    assert "not open" in Event.objects.get(verb="survey.invitation_not_sent").data["because"]


def test_a_second_person_lets_many_go_by_the_job(force, survey, settings):
    settings.PEELIAN_MOST_PEOPLE = 25
    other = make_officer(force.team)
    mailing = choose(survey, "W00")
    let_count(mailing)
    with pytest.raises(NotReady, match="your role may send to 25"):
        actions.send_invitations(mailing=mailing, by=survey.author)
    actions.ask_for_approval(mailing=mailing, by=survey.author)
    mailing.refresh_from_db()
    assert actions.approve_invitation(mailing=mailing, by=other) is None
    mailing.refresh_from_db()
    assert not actions.may_decide(mailing, make_officer(force.team))
    actions.invite_as_decided(mailing_id=mailing.pk)
    mailing.refresh_from_db()
    assert (mailing.send.recipients, mailing.approved_by, mailing.asked_by) == (40, other, survey.author)


def test_of_an_anonymous_survey_who_was_drawn_is_not_kept_once_it_is_sent(force):
    survey = make_survey(team=force.team, author=force.communications)
    mailing = choose(survey, "W00", "W01", sample=Plan(15, 7, "ward"))
    let_count(mailing)
    assert Sampled.objects.count() == 15
    actions.send_invitations(mailing=mailing, by=survey.author)
    assert not Sampled.objects.exists()


def test_strata_that_were_drawn_for_answers_with_the_person_are_not_those_of_an_anonymous_survey(force, survey):
    mailing = choose(survey, "W00", sample=Plan(15, 7))
    let_count(mailing)
    Survey.objects.update(mode="anonymous")
    mailing = Mailing.objects.select_related("survey__team__organisation").get()
    assert inviting.kept(mailing) is None
