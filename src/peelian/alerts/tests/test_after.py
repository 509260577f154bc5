"""When it is out: withdrawn, followed up, ended."""

import datetime as dt

import pytest

from peelian.alerts import actions, queries
from peelian.alerts.errors import AlertGone, BadEndDate, NoSuchAlert, NotAllowed, NotNow, NotReady, NotYourTeam
from peelian.alerts.models import Alert
from peelian.alerts.tests import factories as make
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.delivery.models import Send
from peelian.members import audience as members_audience

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make.make_force()


def test_withdrawn_it_is_gone_from_page_feeds_and_search_with_a_reason(force):
    alert = make.make_sent(force)
    assert queries.public_alert(alert.ref) == alert
    actions.withdraw(alert=alert, reason="The man has\r\nbeen found.", by=force.supervisor)
    with pytest.raises(AlertGone) as gone:
        queries.public_alert(alert.ref)
    assert (str(gone.value), gone.value.gone_on) == ("The man has been found.", alert.withdrawn_at)
    for found in (
        queries.public_alerts(),
        queries.public_alerts(q="vans"),
        queries.public_alerts(area=force.areas["W00"]),
    ):
        assert list(found) == []
    verb, _, data = make.audit_of(alert)[-1]
    assert (verb, data) == ("alert.withdrawn", {"before": "sent", "stopped": 0})


@pytest.mark.parametrize("paused", [False, True])
def test_withdrawing_stops_what_is_unsent(force, paused):
    alert = make.make_frozen(force)
    make.hand_over(alert, only=3, finish=False)
    if paused:
        actions.pause(alert=alert, by=force.officer)
    actions.withdraw(alert=alert, reason="Wrong street.", by=force.supervisor)
    assert (alert.state, Send.objects.get().state) == ("withdrawn", "recalled")
    assert make.audit_of(alert)[-1][2]["stopped"] == 7
    assert make.jobs_named("delivery.settle")[-1][0] == {"send_id": alert.send_id}


def test_a_recalled_alert_can_be_withdrawn_and_a_draft_cannot(force):
    alert = make.make_sent(force)
    actions.recall(alert=alert, by=force.officer)
    actions.withdraw(alert=alert, reason="Wrong.", by=force.supervisor)
    with pytest.raises(NotNow):
        actions.withdraw(alert=alert, reason="Again.", by=force.supervisor)
    with pytest.raises(NotNow):
        actions.withdraw(alert=make.make_draft(force, title="Other"), reason="Wrong.", by=force.supervisor)


def test_withdrawing_takes_a_reason_and_the_role(force):
    alert = make.make_sent(force)
    with pytest.raises(NotAllowed):
        actions.withdraw(alert=alert, reason="Wrong.", by=force.officer)
    with pytest.raises(NotReady, match="Say why"):
        actions.withdraw(alert=alert, reason=" \n", by=force.supervisor)
    with pytest.raises(NotReady, match="longer than 200"):
        actions.withdraw(alert=alert, reason="a" * 201, by=force.supervisor)


# Update and correction ---------------------------------------------------------------------------------------------


def released(force, alert):
    """A follow-up that is complete, sent and frozen."""
    actions.save_draft(
        alert=alert, version=alert.version, by=force.officer, happening="News.", doing="More.", can_do="Call."
    )
    alert = Alert.objects.get(pk=alert.pk)
    actions.send_now(alert=alert, by=force.officer)
    assert actions.freeze(alert_id=alert.pk)
    return Alert.objects.get(pk=alert.pk)


@pytest.mark.parametrize("relation", ["update", "correction"])
def test_a_follow_up_goes_to_exactly_those_handed_the_first(force, relation):
    first = make.make_frozen(force)
    handed = make.hand_over(first, only=6, finish=False)
    first.refresh_from_db()
    actions.recall(alert=first, by=force.officer)
    make.make_many("W00", 4)  # moved in since: not among those who have the first
    follow_up = released(force, actions.follow_up(alert=first, relation=relation, by=force.officer))
    assert make.addresses_of(follow_up) == set(handed)
    assert (follow_up.first, follow_up.relation) == (first, relation)
    assert follow_up.title == f"{relation.capitalize()}: {first.title}"
    assert [shown.area.code for shown in follow_up.areas.all()] == ["W00"]


def test_who_has_left_or_stopped_since_is_not_written_to_again(force):
    first = make.make_sent(force)
    stopped, away = force.members["W00"][:2]
    Address.objects.filter(pk=stopped.email_id).update(suppression="stopped", suppressed_at=clock.now())
    type(away).objects.filter(pk=away.pk).update(organisations=2)
    members_audience.refresh()
    update = released(force, actions.follow_up(alert=first, relation="update", by=force.officer))
    assert make.addresses_of(update) == make.emails_of(*force.members["W00"][2:])


def test_a_follow_up_of_an_update_belongs_to_the_first(force):
    first = make.make_sent(force)
    update = released(force, actions.follow_up(alert=first, relation="update", by=force.officer))
    make.hand_over(update)
    correction = released(force, actions.follow_up(alert=update, relation="correction", by=force.officer))
    assert correction.first == first
    assert make.addresses_of(correction) == make.emails_of(*force.members["W00"])
    shown = queries.public_relatives(update)
    assert (shown.first, shown.later) == (first, [correction])
    assert queries.public_relatives(first).later == [update, correction]


def test_a_follow_up_waits_until_the_first_has_gone(force):
    first = make.make_frozen(force)
    draft = actions.follow_up(alert=first, relation="update", by=force.officer)
    actions.save_draft(alert=draft, version=1, by=force.officer, happening="a", doing="b", can_do="c")
    with pytest.raises(NotReady, match="still being sent"):
        actions.send_now(alert=Alert.objects.get(pk=draft.pk), by=force.officer)


def test_a_withdrawn_alert_can_be_corrected_to_those_who_have_it(force):
    first = make.make_sent(force)
    actions.withdraw(alert=first, reason="Wrong street.", by=force.supervisor)
    correction = released(force, actions.follow_up(alert=first, relation="correction", by=force.officer))
    assert correction.send.recipients == 10
    assert queries.public_relatives(correction).first is None


def test_a_draft_has_no_follow_up_and_another_team_s_alert_none_of_ours(force):
    with pytest.raises(NotNow):
        actions.follow_up(alert=make.make_draft(force), relation="update", by=force.officer)
    with pytest.raises(NotNow):
        actions.follow_up(alert=make.make_sent(force), relation="", by=force.officer)
    with pytest.raises(NotYourTeam):
        actions.follow_up(alert=make.make_sent(force, title="b"), relation="update", by=make.make_staff("officer"))


# The end -----------------------------------------------------------------------------------------------------------


def test_after_its_end_date_it_leaves_lists_and_feeds_but_keeps_its_page(force):
    alert = make.make_sent(force)
    actions.set_end_date(alert=alert, ends_on=clock.today(), by=force.officer)
    assert (alert.has_ended, list(queries.public_alerts())) == (False, [alert])
    Alert.objects.filter(pk=alert.pk).update(ends_on=clock.today() - dt.timedelta(days=1))
    ended = queries.public_alert(alert.ref)
    assert (ended.has_ended, list(queries.public_alerts()), list(queries.public_alerts(q="vans"))) == (True, [], [])


def test_the_outcome_is_for_what_is_out(force):
    alert = make.make_sent(force)
    actions.set_outcome(alert=alert, outcome="A man was charged.", by=force.officer)
    assert Alert.objects.get(pk=alert.pk).outcome == "A man was charged."
    assert make.audit_of(alert)[-1] == ("alert.outcome", "officer", {})
    with pytest.raises(NotNow):
        actions.set_outcome(alert=make.make_draft(force), outcome="No.", by=force.officer)


def test_an_end_date_beyond_the_most_is_refused(force):
    alert = make.make_sent(force)
    with pytest.raises(BadEndDate, match="366 days at most"):
        actions.set_end_date(alert=alert, ends_on=clock.today() + dt.timedelta(days=367), by=force.officer)


def test_restricted_alerts_and_drafts_have_no_public_page(force):
    for alert in (make.make_sent(force, restricted=True), make.make_draft(force, title="Other")):
        with pytest.raises(NoSuchAlert):
            queries.public_alert(alert.ref)
    assert list(queries.public_alerts()) == []
