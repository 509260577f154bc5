"""On its way: times on a London clock, freezing, pausing, recalling, the same again."""

import datetime as dt

import pytest

from peelian.accounts import roles
from peelian.accounts.roles import Role
from peelian.alerts import actions
from peelian.alerts.errors import AlreadySent, BadEndDate, NotATime, NotNow, NotReady, PastTime
from peelian.alerts.models import Alert
from peelian.alerts.tests import factories as make
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery.models import Send
from peelian.members import audience as members_audience
from peelian.members.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make.make_force()


@pytest.fixture
def at(monkeypatch):
    """Set the clock."""

    def set_to(year, month, day, hour=12, minute=0):
        moment = dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC)
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    return set_to


def test_sent_now_it_waits_for_the_job_that_freezes_it(force):
    draft = make.make_draft(force)
    actions.send_now(alert=draft, by=force.officer)
    assert (draft.state, draft.released_by, draft.people) == ("scheduled", force.officer, 10)
    [(arguments, _)] = make.jobs_named("alerts.freeze")
    assert arguments == {"alert_id": draft.pk}


def test_freezing_fixes_who_gets_it_and_opens_the_send(force):
    alert = make.make_frozen(force)
    send = alert.send
    assert (alert.state, send.recipients, send.lane, send.renderer, send.object_id) == (
        "sending",
        10,
        "routine",
        "alerts.alert",
        alert.pk,
    )
    assert (send.organisation, send.topic_bit, send.promotion) == (force.team.organisation, alert.topic.bit, False)
    assert make.addresses_of(alert) == make.emails_of(*force.members["W00"])
    assert [shown.area.code for shown in alert.areas.all()] == ["W00"]
    assert alert.ends_on == clock.today() + dt.timedelta(days=alert.topic.days_shown)
    verb, label, data = make.audit_of(alert)[-1]
    assert (verb, label, data["people"], data["recipients"], data["audience"]) == (
        "alert.frozen", "system", 10, 10, {"clauses": [make.inside("W00")]},
    )  # fmt: skip


def test_freezing_twice_is_freezing_once(force):
    alert = make.make_frozen(force)
    assert actions.freeze(alert_id=alert.pk) is False
    assert Send.objects.count() == 1


def test_urgent_goes_in_the_urgent_lane(force):
    draft = make.make_draft(force, priority="urgent")
    actions.ask_for_approval(alert=draft, by=force.officer)
    actions.approve(alert=draft, by=force.supervisor)
    actions.freeze(alert_id=draft.pk)
    assert Alert.objects.get(pk=draft.pk).send.lane == "urgent"


def test_an_address_shared_by_a_household_gets_one_copy(force):
    make.make_member("W00", email=force.members["W00"][0].email)
    members_audience.refresh()
    alert = make.make_frozen(force)
    assert (alert.people, alert.send.recipients, alert.by_channel) == (11, 10, {"email": 10})


def test_recipients_are_counted_by_each_channel_a_resident_chose(force):
    mobile = Address.objects.create(kind=2, value="+447700900001")
    both = force.members["W00"][0]
    type(both).objects.filter(pk=both.pk).update(mobile=mobile, channels=3)
    members_audience.refresh()
    alert = make.make_frozen(force)
    assert (alert.people, alert.send.recipients, alert.by_channel) == (10, 11, {"email": 10, "text": 1})


def test_a_polygon_shows_in_the_neighbourhoods_it_lies_over(force):
    alert = make.make_frozen(force, make.drawn(0, 0, 1, 1.5))
    assert sorted(shown.area.code for shown in alert.areas.all()) == ["W00", "W01"]


def test_the_worker_reports_the_end(force):
    alert = make.make_frozen(force)
    make.hand_over(alert)
    alert.refresh_from_db()
    assert (alert.state, make.audit_of(alert)[-1][0]) == ("sent", "alert.sent")


# Times ------------------------------------------------------------------------------------------------------------


def test_a_scheduled_alert_is_frozen_when_its_time_has_come_and_not_before(force, at):
    at(2026, 6, 1, 9)
    draft = make.make_draft(force)
    actions.schedule(alert=draft, at=dt.datetime(2026, 6, 2, 18, 30), by=force.officer)
    assert draft.scheduled_for == dt.datetime(2026, 6, 2, 17, 30, tzinfo=dt.UTC)  # summer time
    [(_, not_before)] = make.jobs_named("alerts.freeze")
    assert not_before == draft.scheduled_for
    assert actions.freeze(alert_id=draft.pk) is False
    at(2026, 6, 2, 17, 30)
    assert actions.freeze(alert_id=draft.pk) is True


def test_the_night_the_clocks_go_forward_has_no_half_past_one(force, at):
    at(2027, 3, 1)
    with pytest.raises(NotATime, match="clocks go forward that night"):
        actions.sending_time(dt.date(2027, 3, 28), dt.time(1, 30))
    with pytest.raises(NotATime, match="clocks go forward that night"):
        actions.schedule(alert=make.make_draft(force), at=dt.datetime(2027, 3, 28, 1, 30), by=force.officer)
    before = actions.sending_time(dt.date(2027, 3, 28), dt.time(0, 59))
    after = actions.sending_time(dt.date(2027, 3, 28), dt.time(2, 0))
    assert (after - before) == dt.timedelta(minutes=1)


def test_the_night_the_clocks_go_back_the_first_half_past_one_counts(at):
    at(2026, 10, 1)
    first = actions.sending_time(dt.date(2026, 10, 25), dt.time(1, 30))
    assert first == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    assert actions.sending_time(dt.date(2026, 10, 25), dt.time(2, 0)) - first == dt.timedelta(minutes=90)


def test_a_past_time_and_one_too_far_off_are_refused(force):
    draft = make.make_draft(force)
    with pytest.raises(PastTime, match="That time has passed"):
        actions.schedule(alert=draft, at=clock.now() - dt.timedelta(minutes=1), by=force.officer)
    with pytest.raises(NotATime, match="more than a year"):
        actions.schedule(alert=draft, at=clock.now() + dt.timedelta(days=400), by=force.officer)
    assert Alert.objects.get(pk=draft.pk).state == "draft"


def test_moved_to_another_time_the_older_job_does_nothing(force, at):
    at(2026, 6, 1, 9)
    draft = make.make_draft(force)
    actions.schedule(alert=draft, at=dt.datetime(2026, 6, 2, 18), by=force.officer)
    actions.unschedule(alert=draft, by=force.officer)
    assert (draft.state, draft.scheduled_for) == ("draft", None)
    actions.schedule(alert=draft, at=dt.datetime(2026, 6, 3, 18), by=force.officer)
    at(2026, 6, 2, 17)
    assert actions.freeze(alert_id=draft.pk) is False
    at(2026, 6, 3, 17)
    assert actions.freeze(alert_id=draft.pk) is True


def test_asked_for_a_time_that_passes_before_approval_it_goes_at_once(force, at):
    at(2026, 6, 1, 9)
    draft = make.make_draft(force)
    actions.ask_for_approval(alert=draft, by=force.officer, at=dt.datetime(2026, 6, 1, 18))
    now = at(2026, 6, 2, 9)
    actions.approve(alert=draft, by=force.supervisor)
    assert draft.scheduled_for == now


def test_asked_for_a_time_ahead_it_waits_for_it_after_approval(force, at):
    at(2026, 6, 1, 9)
    draft = make.make_draft(force)
    actions.ask_for_approval(alert=draft, by=force.officer, at=dt.datetime(2026, 6, 1, 18))
    actions.approve(alert=draft, by=force.supervisor)
    assert (draft.state, draft.scheduled_for) == ("scheduled", dt.datetime(2026, 6, 1, 17, tzinfo=dt.UTC))


def test_unscheduling_voids_the_approval(force):
    draft = make.make_draft(force)
    actions.ask_for_approval(alert=draft, by=force.officer, at=clock.now() + dt.timedelta(days=1))
    actions.approve(alert=draft, by=force.supervisor)
    actions.unschedule(alert=draft, by=force.officer)
    assert (draft.approved_by, draft.approved_at, draft.asked_by) == (None, None, None)


def test_a_lost_job_is_enqueued_again_a_minute_late(force, at):
    at(2026, 6, 1, 9)
    draft = make.make_draft(force)
    actions.send_now(alert=draft, by=force.officer)
    assert actions.freeze_overdue() == 0
    at(2026, 6, 1, 9, 2)
    assert (actions.freeze_overdue(), actions.freeze_overdue()) == (1, 1)
    assert len(make.jobs_named("alerts.freeze")) == 2  # the first, and one that both calls stand for


# When it is too late ------------------------------------------------------------------------------------------------


def test_an_audience_that_has_become_nobody_goes_back_to_draft(force):
    draft = make.make_draft(force)
    actions.send_now(alert=draft, by=force.officer)
    type(force.members["W00"][0]).objects.update(organisations=2)
    members_audience.refresh()
    assert actions.freeze(alert_id=draft.pk) is False
    back = Alert.objects.get(pk=draft.pk)
    assert (back.state, back.send, back.released_by) == ("draft", None, None)
    assert back.stopped_because.startswith("This audience reaches nobody")
    assert make.audit_of(draft)[-1][0] == "alert.stopped"


def test_an_audience_that_grew_over_the_cap_goes_back_unless_somebody_approved_it(force, monkeypatch):
    monkeypatch.setitem(roles.CAP, Role.OFFICER, 12)
    alone, approved = make.make_draft(force), make.make_draft(force, title="Approved")
    actions.send_now(alert=alone, by=force.officer)
    actions.ask_for_approval(alert=approved, by=force.officer)
    actions.approve(alert=approved, by=force.supervisor)
    make.make_many("W00", 3)
    assert actions.freeze(alert_id=alone.pk) is False
    assert "It reaches 13 people" in Alert.objects.get(pk=alone.pk).stopped_because
    assert actions.freeze(alert_id=approved.pk) is True
    assert Alert.objects.get(pk=approved.pk).people == 13


# The same again ----------------------------------------------------------------------------------------------------


def test_the_same_again_within_the_hour_is_refused_unless_it_is_meant(force):
    make.make_sent(force)
    again = make.make_draft(force)
    with pytest.raises(AlreadySent):
        actions.send_now(alert=again, by=force.officer)
    with pytest.raises(AlreadySent):
        actions.ask_for_approval(alert=again, by=force.officer)
    actions.send_now(alert=again, by=force.officer, again=True)


def test_another_word_another_audience_or_another_hour_is_not_the_same(force, at):
    moment = at(2026, 6, 1, 9)
    make.make_sent(force)
    actions.send_now(alert=make.make_draft(force, title="Something else"), by=force.officer)
    actions.send_now(alert=make.make_draft(force, make.inside("W01")), by=force.officer)
    same = make.make_draft(force)
    with pytest.raises(AlreadySent):
        actions.schedule(alert=same, at=moment + dt.timedelta(minutes=59), by=force.officer)
    actions.schedule(alert=same, at=moment + dt.timedelta(minutes=61), by=force.officer)


def test_one_that_waits_for_its_time_counts_as_sent_then(force, at):
    moment = at(2026, 6, 1, 9)
    actions.schedule(alert=make.make_draft(force), at=moment + dt.timedelta(hours=5), by=force.officer)
    same = make.make_draft(force)
    actions.send_now(alert=same, by=force.officer)
    with pytest.raises(AlreadySent):
        actions.schedule(alert=make.make_draft(force), at=moment + dt.timedelta(hours=5), by=force.officer)


# What is missing ---------------------------------------------------------------------------------------------------


def test_an_incomplete_draft_says_all_that_is_missing(force):
    draft = actions.create_draft(team=force.team, by=force.officer)
    with pytest.raises(NotReady) as refused:
        actions.send_now(alert=draft, by=force.officer)
    assert len(refused.value.missing) == 5


def test_appeals_end_after_28_days_at_most(force):
    appeal = Topic.objects.get(slug="information-request")
    late = clock.today() + dt.timedelta(days=29)
    draft = make.make_draft(force, topic=appeal, ends_on=late)
    with pytest.raises(BadEndDate, match="28 days at most"):
        actions.send_now(alert=draft, by=force.officer)
    actions.save_draft(alert=draft, version=draft.version, by=force.officer, ends_on=None)
    actions.send_now(alert=draft, by=force.officer)
    actions.freeze(alert_id=draft.pk)
    assert Alert.objects.get(pk=draft.pk).ends_on == clock.today() + dt.timedelta(days=28)
    past = make.make_draft(force, title="Past", ends_on=clock.today() - dt.timedelta(days=1))
    with pytest.raises(BadEndDate, match="before the day"):
        actions.send_now(alert=past, by=force.officer)
    long = make.make_draft(force, title="Long", ends_on=late)
    actions.send_now(alert=long, by=force.officer)


# Stopping ----------------------------------------------------------------------------------------------------------


def test_pause_resume_and_recall_move_alert_and_send_together(force):
    alert = make.make_frozen(force)
    with pytest.raises(NotNow):
        actions.resume(alert=alert, by=force.officer)
    actions.pause(alert=alert, by=force.officer)
    assert (alert.state, Send.objects.get().state) == ("paused", "paused")
    actions.resume(alert=alert, by=force.officer)
    assert (alert.state, Send.objects.get().state) == ("sending", "sending")
    make.hand_over(alert, only=4, finish=False)
    assert actions.recall(alert=alert, by=force.officer) == 6
    assert (alert.state, Send.objects.get().state) == ("recalled", "recalled")
    assert [verb for verb, _, _ in make.audit_of(alert)][-3:] == ["alert.paused", "alert.resumed", "alert.recalled"]
    with pytest.raises(NotNow):
        actions.recall(alert=alert, by=force.officer)


def test_recall_after_everybody_has_it_marks_the_page_only(force):
    alert = make.make_sent(force)
    assert actions.recall(alert=alert, by=force.officer) == 0
    assert alert.state == "recalled"


@pytest.mark.parametrize("verb", ["pause", "resume", "recall", "unschedule"])
def test_a_draft_has_nothing_to_stop(force, verb):
    with pytest.raises(NotNow):
        getattr(actions, verb)(alert=make.make_draft(force), by=force.officer)
