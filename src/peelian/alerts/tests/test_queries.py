"""Reads: who sees what, what is public, and the figures of a results page."""

import datetime as dt

import pytest

from peelian.accounts.roles import Role
from peelian.alerts import actions, queries
from peelian.alerts.errors import NoSuchAlert
from peelian.alerts.models import Alert, Rating
from peelian.alerts.tests import factories as make
from peelian.contacts.models import Address
from peelian.core import clock
from peelian.core.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make.make_force()


def test_out_of_scope_is_not_found(force):
    alert = make.make_draft(force)
    elsewhere = make.make_staff(Role.SUPERVISOR, force.areas["P1"])
    assert queries.alert_for(force.supervisor, alert.ref) == alert
    assert list(queries.alerts_for(force.supervisor)) == [alert]
    assert list(queries.alerts_for(elsewhere)) == []
    with pytest.raises(NoSuchAlert) as refused:
        queries.alert_for(elsewhere, alert.ref)
    assert isinstance(refused.value, NotFound)
    with pytest.raises(NoSuchAlert):
        queries.alert_for(force.supervisor, "nothing")


def test_the_staff_list_narrows_by_state_topic_and_words(force):
    draft, sent = make.make_draft(force, title="Bicycles stolen"), make.make_sent(force)
    assert list(queries.alerts_for(force.officer, state="sent")) == [sent]
    assert list(queries.alerts_for(force.officer, q="bicycle")) == [draft]
    assert list(queries.alerts_for(force.officer, topic=sent.topic, team=force.team)) == [sent, draft]
    assert list(queries.alerts_for(force.officer, q="\x00")) == [sent, draft]
    assert list(queries.drafts_of(force.officer)) == [draft]


def test_what_waits_is_shown_to_those_who_may_decide_and_not_to_its_author(force):
    force.team.people.add(force.supervisor)
    by_officer, by_supervisor = make.make_draft(force), make.make_draft(force, title="Mine", by=force.supervisor)
    actions.ask_for_approval(alert=by_officer, by=force.officer)
    actions.ask_for_approval(alert=by_supervisor, by=force.officer)
    assert list(queries.waiting_for(force.supervisor)) == [by_officer]
    assert list(queries.waiting_for(force.communications)) == [by_officer, by_supervisor]
    assert list(queries.waiting_for(force.officer)) == []
    assert list(queries.waiting_for(make.make_staff(Role.SUPERVISOR, force.areas["P1"]))) == []


def test_an_area_shows_its_own_alerts_those_above_and_those_below(force):
    ward, column, whole = (
        make.make_sent(force),
        make.make_sent(force, make.inside("P0"), title="Column"),
        make.make_sent(force, make.inside("F"), title="Whole", by=force.communications),
    )
    shown = {code: set(queries.public_alerts(area=force.areas[code])) for code in ("W00", "W01", "P0", "P1", "F")}
    assert shown == {
        "W00": {ward, column, whole},
        "W01": {column, whole},
        "P0": {ward, column, whole},
        "P1": {whole},
        "F": {ward, column, whole},
    }


def test_public_alerts_are_newest_first_and_found_by_words_and_topic(force):
    first, second = make.make_sent(force), make.make_sent(force, title="Bicycles stolen")
    assert list(queries.public_alerts()) == [second, first]
    assert list(queries.public_alerts(q="bicycle")) == [second]
    assert list(queries.public_alerts(q='"mill lane" -bicycles')) == [first]
    assert list(queries.public_alerts(topic=first.topic)) == [second, first]


def test_the_public_list_takes_the_same_number_of_queries_for_one_and_for_three(force, django_assert_num_queries):
    def read():
        return [(alert.team.organisation.name, alert.topic.name, [shown.area.name for shown in alert.areas.all()])
                for alert in queries.public_alerts()]  # fmt: skip

    make.make_sent(force)
    with django_assert_num_queries(3):
        assert len(read()) == 1
    for title in ("b", "c"):
        make.make_sent(force, title=title)
    with django_assert_num_queries(3):
        assert len(read()) == 3


# Results -----------------------------------------------------------------------------------------------------------


def rate(alert, *counts):
    """COUNTS: how many gave 1, 2, … 6."""
    number = 0
    for value, count in enumerate(counts, 1):
        for _ in range(count):
            number += 1
            address = Address.objects.create(kind=1, value=f"rater{alert.pk}-{number}@home.example")
            Rating.objects.create(alert=alert, address=address, value=value)


def test_satisfaction_is_the_mean_over_six_as_in_the_papers():
    assert round(100 * queries.satisfaction(5.44), 2) == 90.67
    assert round(100 * queries.satisfaction(5.39), 2) == 89.83
    assert queries.satisfaction(None) is None


def test_a_mean_of_544_from_fifty_ratings(force):
    alert = make.make_sent(force)
    rate(alert, 0, 0, 1, 5, 15, 29)  # 3 + 20 + 75 + 174 = 272; 272 / 50 = 5.44
    found = queries.results(alert).ratings
    assert (found.base, found.mean, found.counts) == (50, 5.44, {1: 0, 2: 0, 3: 1, 4: 5, 5: 15, 6: 29})
    assert round(100 * found.satisfaction, 2) == 90.67
    # sum of squares about the mean 28.32; s = sqrt(28.32 / 49) = 0.76023; 1.96 s / sqrt(50) = 0.21072
    assert (round(found.low, 3), round(found.high, 3)) == (5.229, 5.651)


def test_few_ratings_have_a_mean_but_no_interval_and_none_has_neither(force):
    alert = make.make_sent(force)
    empty = queries.results(alert).ratings
    assert (empty.base, empty.mean, empty.satisfaction, empty.low) == (0, None, None, None)
    rate(alert, 0, 0, 0, 0, 0, 29)
    few = queries.results(alert).ratings
    assert (few.base, few.mean, few.low, few.high) == (29, 6.0, None, None)


def test_results_while_it_sends_and_after(force):
    alert = make.make_frozen(force)
    found = queries.results(alert)
    assert (found.people, found.recipients, found.waiting, found.handed_over) == (10, 10, 10, 0)
    make.hand_over(alert, only=4, finish=False)
    found = queries.results(alert)
    assert (found.waiting, found.handed_over, found.by_channel) == (6, 4, {"email": 10})
    assert found.parts == [
        {"kind": "handed-over", "number": 4, "label": ""},
        {"kind": "waiting", "number": 6, "label": ""},
    ]
    assert found.outcomes == {"email": {"handed over": 4}}


def test_a_draft_has_results_of_nothing(force):
    found = queries.results(make.make_draft(force))
    assert (found.recipients, found.by_channel, found.seconds, found.parts) == (0, {}, None, [])


def test_the_pages_read_no_ledger(force, django_assert_max_num_queries):
    alert = make.make_sent(force)
    with django_assert_max_num_queries(6) as asked:
        queries.results(alert)
    assert not any('"delivery"' in query["sql"] for query in asked.captured_queries)


def test_the_end_of_a_day_is_london_s(force, monkeypatch):
    alert = make.make_sent(force)
    Alert.objects.filter(pk=alert.pk).update(ends_on=dt.date(2027, 7, 1))
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2027, 7, 1, 22, 59, tzinfo=dt.UTC))
    assert not Alert.objects.get(pk=alert.pk).has_ended
    monkeypatch.setattr(
        clock, "now", lambda: dt.datetime(2027, 7, 1, 23, 1, tzinfo=dt.UTC)
    )  # a minute past midnight there
    assert Alert.objects.get(pk=alert.pk).has_ended
    assert list(queries.public_alerts()) == []
