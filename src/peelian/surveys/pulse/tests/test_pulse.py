"""The pulse: whom it asks, once; two questions; ten together; what may be said of the answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions as alerts
from peelian.alerts import holdout
from peelian.alerts.models import Alert, Dose, DoseSend, HeldOut
from peelian.alerts.tests.factories import (
    Force,
    audit_of,
    hand_over,
    inside,
    make_draft,
    make_force,
    make_frozen,
    make_sent,
    make_staff,
)
from peelian.core import clock
from peelian.core.messages import TOKEN
from peelian.delivery import tokens
from peelian.delivery.models import Delivery, Send
from peelian.members import audience
from peelian.members.models import Topic
from peelian.surveys.actions import emptying
from peelian.surveys.errors import NotAllowed
from peelian.surveys.models import Answer, Answered, Boxed, Survey
from peelian.surveys.pulse import actions, asked, drawing
from peelian.surveys.pulse import models as kept
from peelian.surveys.pulse.models import PulseProgramme, PulseRound, PulseSlice
from peelian.surveys.pulse.renderer import PulseRenderer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def force(monkeypatch: pytest.MonkeyPatch) -> Force:
    monkeypatch.setattr(holdout, "FEWEST", 40)
    return make_force({"W00": 60, "W10": 5})


def switch_on(force: Force, **fields: Any) -> PulseProgramme:
    given = {"most": 200, "hours": 24, "rest_days": 90, "topics": [Topic.objects.get(slug="vehicle-crime")], "on": True}
    made = actions.save_programme(by=force.communications, team=force.team, **given | fields)
    PulseProgramme.objects.update(since=clock.now() - 30 * DAY)
    return made


def decide(force: Force, percent: int = 10) -> None:
    today = clock.today()
    alerts.enter_decision(
        by=force.communications, body="Ethics Committee", decided_on=today, until=today + 90 * DAY, reference="7",
        text="Yes", percent=percent, topics=[Topic.objects.get(slug="vehicle-crime")],
    )  # fmt: skip


def sent_yesterday(force: Force, **fields: Any) -> Alert:
    alert = make_sent(force, **fields)
    Send.objects.filter(pk=alert.send_id).update(finished_at=clock.now() - timedelta(hours=30))
    return alert


def asked_members(*arms: str) -> list[int]:
    sends = PulseSlice.objects.filter(arm__in=arms).values("send")
    return list(Delivery.objects.filter(send__in=sends).values_list("member_id", flat=True))


def links(arm: str) -> list[str]:
    sends = PulseSlice.objects.filter(arm=arm).values("send")
    rows = Delivery.objects.filter(send__in=sends).values_list("send_id", "address_id")
    return [tokens.make(*row) for row in rows]


# Whom it asks --------------------------------------------------------------------------------------------------------


def test_off_nobody_is_asked_and_on_a_day_after_the_last_message(force: Force) -> None:
    alert = sent_yesterday(force)
    assert actions.ask_due() == 0
    switch_on(force, on=False)
    assert actions.ask_due() == 0
    switch_on(force, most=25)
    assert actions.ask_due() == 1
    assert len(set(asked_members("alone"))) == len(asked_members("alone")) == 25
    assert actions.ask_due() == 0
    assert not actions.ask(alert_id=alert.pk)
    assert audit_of(alert)[-1] == ("pulse.asked", "system", {"alone": 25})


def test_nobody_is_asked_about_what_went_before_it_was_switched_on_or_has_not_gone_a_day_ago(force: Force) -> None:
    sent_yesterday(force)
    switch_on(force)
    PulseProgramme.objects.update(since=clock.now())
    assert actions.ask_due() == 0
    PulseProgramme.objects.update(since=clock.now() - 30 * DAY)
    Send.objects.update(finished_at=clock.now() - timedelta(hours=23))
    assert actions.ask_due() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"priority": "urgent"}, {"restricted": True}, {"practice": True}, {"state": "recalled"},
        {"state": "withdrawn"}, {"topic": "good-news"}, {"relation": "update"},
    ],
)  # fmt: skip
def test_never_after_what_was_urgent_restricted_taken_back_an_update_or_of_another_type(
    force: Force, change: dict[str, Any]
) -> None:
    alert = sent_yesterday(force)
    if "topic" in change:
        change = {"topic": Topic.objects.get(slug=change["topic"])}
    if "relation" in change:
        change |= {"first": sent_yesterday(force, topic=Topic.objects.get(slug="good-news"))}
    Alert.objects.filter(pk=alert.pk).update(**change)
    switch_on(force)
    assert actions.ask_due() == 0


def test_nobody_is_asked_twice_within_the_days_of_rest(force: Force) -> None:
    switch_on(force, most=20)
    for _ in range(3):
        sent_yesterday(force)
    assert actions.ask_due() == 3
    everybody = asked_members("alone")
    assert len(everybody) == len(set(everybody)) == 60
    sent_yesterday(force)
    assert actions.ask_due() == 1
    assert not PulseRound.objects.latest("pk").slices.exists()
    PulseRound.objects.update(opened_at=clock.now() - 91 * DAY)
    sent_yesterday(force)
    actions.ask_due()
    assert PulseRound.objects.latest("pk").slices.exists()


def test_after_an_alert_to_few_nobody_is_asked(force: Force) -> None:
    switch_on(force)
    alert = make_sent(force, inside("W10"), by=force.communications)
    Send.objects.filter(pk=alert.send_id).update(finished_at=clock.now() - timedelta(hours=30))
    assert actions.ask_due() == 1
    assert not asked_members("alone")


def test_as_many_who_got_it_as_were_held_out_and_the_held_out_are_forgotten(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "FEWEST", 2)
    switch_on(force)
    decide(force)
    alert = sent_yesterday(force)
    held = set(HeldOut.objects.values_list("member_id", flat=True))
    assert held
    assert actions.ask_due() == 1
    assert set(asked_members("held")) == held
    got = set(asked_members("got"))
    assert len(got) == len(held)
    assert not got & held
    assert not HeldOut.objects.exists()
    assert alert.held_out == len(held)


def test_the_same_seed_draws_the_same_people(force: Force) -> None:
    programme = switch_on(force, most=20)
    alert = sent_yesterday(force)
    draws = [drawing.parts(programme, alert, seed) for seed in ("a", "a", "b")]
    assert draws[0] == draws[1] != draws[2]


def test_doses_are_those_before_the_alert(force: Force) -> None:
    programme = switch_on(force)
    alert = sent_yesterday(force)
    first, second, *_ = members = force.members["W00"]
    Dose.objects.bulk_create(Dose(member=one, alerts=2) for one in members)
    Dose.objects.filter(member=second).update(alerts=9)
    DoseSend.objects.get_or_create(send_id=alert.send_id)
    found = {part.dose: part.members for part in drawing.parts(programme, alert, "s")}
    assert found[kept.Dose.MANY] == [second.pk]
    assert first.pk in found[kept.Dose.FEW]
    assert len(found[kept.Dose.FEW]) == 59


def test_who_has_left_or_stopped_is_not_written_to(force: Force) -> None:
    switch_on(force)
    sent_yesterday(force)
    gone = force.members["W00"][0]
    type(gone).objects.filter(pk=gone.pk).update(left_at=clock.now())
    audience.refresh()
    actions.ask_due()
    assert gone.pk not in asked_members("alone")
    assert len(asked_members("alone")) == 59


# Answering -----------------------------------------------------------------------------------------------------------


def answer(client: Any, token: str, worry: str = "fairly", informed: str = "very") -> Any:
    return client.page(f"/q/{token}/two/", {"worry": worry, "informed": informed}, post=True)


def test_the_message_names_no_alert_and_is_the_same_for_both(force: Force) -> None:
    switch_on(force, most=25)
    alert = sent_yesterday(force)
    actions.ask_due()
    one = PulseSlice.objects.first()
    assert one is not None
    email = PulseRenderer().email(one.pk)
    assert "Two questions about where you live" in email.subject
    assert f"/q/{TOKEN}/two/" in email.text
    assert alert.title not in email.text + email.html
    assert "دو سوال" in PulseRenderer().email(one.pk, "ur").subject
    assert "?lang=ur" in PulseRenderer().text(one.pk, "ur")
    assert "Two short questions" in PulseRenderer().text(one.pk)
    assert PulseRenderer().topic(one.pk) is not None
    assert PulseRenderer().voice(one.pk)


def test_two_taps_and_a_button_and_once(client: Any, force: Force) -> None:
    switch_on(force, most=25)
    sent_yesterday(force)
    actions.ask_due()
    token, *_ = links("alone")
    page = client.page(f"/q/{token}/two/")
    assert page.texts("h1") == ["Two questions about where you live"]
    assert "Nothing has been sent" in client.page(f"/q/{token}/two/", {}, post=True).text()
    assert "Thank you" in answer(client, token).text()
    assert "Answers have come by this link already" in client.page(f"/q/{token}/two/", expect=409).text()
    assert (Boxed.objects.count(), Answered.objects.count(), Answer.objects.count()) == (1, 1, 0)
    PulseRound.objects.update(closes=clock.today() - DAY)
    assert "This survey closed on" in client.page(f"/q/{links('alone')[1]}/two/", expect=410).text()


def test_answers_leave_the_box_ten_of_a_cell_together_with_the_month_alone(client: Any, force: Force) -> None:
    programme = switch_on(force, most=25)
    sent_yesterday(force)
    actions.ask_due()
    tokens_of = links("alone")
    for token in tokens_of[:9]:
        answer(client, token)
    assert emptying.empty_boxes(survey_id=programme.survey_id) == 0
    answer(client, tokens_of[9], worry="dk")
    # One of another cell has no company
    PulseSlice.objects.update(arm="held")
    answer(client, tokens_of[10])
    assert emptying.empty_boxes(survey_id=programme.survey_id) == 10
    rows = Answer.objects.all()
    assert {row.stratum for row in rows} == {"vehicle-crime/alone/0-1"}
    assert {row.day for row in rows} == {clock.today().replace(day=1)}
    assert {(row.member_id, row.address_id, row.area_id, row.source, row.language) for row in rows} == {
        (None, None, None, "", "")
    }
    assert Boxed.objects.count() == 1
    Survey.objects.update(state="closed", closed_on=clock.today())
    assert emptying.empty_boxes(survey_id=programme.survey_id) == 0


def test_who_answered_is_counted_once_the_links_are_over_and_the_marks_go(client: Any, force: Force) -> None:
    switch_on(force, most=25)
    sent_yesterday(force)
    actions.ask_due()
    for token in links("alone")[:6]:
        answer(client, token)
    assert actions.count_over() == 0
    PulseRound.objects.update(closes=clock.today() - DAY)
    assert actions.count_over() == 1
    one = PulseSlice.objects.get()
    assert (one.asked, one.answered, Answered.objects.count()) == (25, 6, 0)
    assert actions.count_over() == 0


def test_the_questionnaire_is_nobodys_to_change_and_not_among_the_surveys(client: Any, force: Force) -> None:
    programme = switch_on(force)
    sign_in(client, force.communications)
    assert client.get(f"/staff/surveys/{programme.survey.ref}/").status_code == 404
    assert programme.survey.title not in client.page("/staff/surveys/").texts("tbody")
    assert client.get(f"/surveys/{programme.survey.ref}/").status_code == 404
    assert asked.definition()["pages"][0]["questions"][0]["text"]["ur"]


def test_only_some_roles_set_it(force: Force) -> None:
    with pytest.raises(NotAllowed):
        actions.save_programme(
            by=make_staff(Role.SUPERVISOR), team=force.team, on=True, topics=[], most=20, hours=24, rest_days=90
        )


def test_switching_it_on_again_asks_about_nothing_in_between(force: Force) -> None:
    made = switch_on(force)
    assert made.survey.state == "open"
    given = {"by": force.communications, "team": force.team, "topics": [], "most": 20, "hours": 24, "rest_days": 90}
    first = PulseProgramme.objects.get().since
    assert actions.save_programme(on=True, **given).since == first
    actions.save_programme(on=False, **given)
    again = actions.save_programme(on=True, **given).since
    assert first is not None
    assert again is not None
    assert again > first
    assert Survey.objects.filter(pulse__isnull=False).count() == 1


def test_an_alert_in_the_middle_of_sending_is_not_asked_about(force: Force) -> None:
    switch_on(force)
    alert = make_frozen(force)
    hand_over(alert, only=5, finish=False)
    make_draft(force)
    assert actions.ask_due() == 0
