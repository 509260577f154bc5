"""Check, approve, schedule, stop: what each button does, and how every refusal reads."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from peelian.accounts import roles
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions, policy
from peelian.alerts.errors import SayHowMany
from peelian.alerts.forms import staff as forms
from peelian.alerts.forms.staff import StageForm
from peelian.alerts.models import Alert
from peelian.alerts.tests.factories import (
    Force,
    audit_of,
    drawn,
    hand_over,
    inside,
    jobs_named,
    make_draft,
    make_force,
    make_frozen,
    make_sent,
    make_staff,
)
from peelian.core import clock
from peelian.core.testing.html import PageClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def force() -> Force:
    cache.clear()
    return make_force()


def at(alert: Alert, step: str = "") -> str:
    return f"/staff/alerts/{alert.ref}/{step}"


def press(client: PageClient, alert: Alert, step: str, expect: int = 200, **answers: Any) -> Any:
    return client.page(at(alert, step), answers, post=True, expect=expect)


def test_outside_ones_area_a_second_person_decides_on_the_same_page(client: PageClient, force: Force) -> None:
    alert = make_draft(force, inside("W00", "W10"))
    sign_in(client, force.officer)
    check = client.page(at(alert, "check/"))
    assert check.texts("#go button") == ["Ask for approval"]
    assert "It reaches people outside your own area." in check.texts(".p-notice li")
    asked = press(client, alert, "ask/", when="now")
    assert asked.texts("h1") == ["Waiting for approval"]
    assert asked.texts("#approve") == []

    supervisor = PageClient()
    sign_in(supervisor, force.supervisor)
    assert supervisor.page("/staff/alerts/").texts("#waiting .p-list__title") == ["Vans broken into on Mill Lane"]
    same = supervisor.page(at(alert, "check/"))
    assert same.texts("h1") == ["Approve this alert?"]
    assert same.texts(".p-sentence") == asked.texts(".p-sentence")
    assert f"It reaches people outside the area of {force.officer}." in same.texts(".p-notice li")
    press(supervisor, alert, "approve/", **same.form("approve/"))
    alert.refresh_from_db()
    assert (alert.state, alert.approved_by, alert.people) == ("scheduled", force.supervisor, 15)
    assert "alert.approved" in [verb for verb, _, _ in audit_of(alert)]


def test_sent_back_with_a_comment_the_author_reads_it(client: PageClient, force: Force) -> None:
    alert = make_draft(force, inside("W10"))
    actions.ask_for_approval(alert=alert, by=force.officer)
    sign_in(client, force.supervisor)
    empty = press(client, alert, "send-back/", comment=" ")
    assert empty.texts(".govuk-error-summary__list li") == ["Say what should change, so that the author can change it"]
    press(client, alert, "send-back/", comment="Say which lane.")
    author = PageClient()
    sign_in(author, force.officer)
    assert "Say which lane." in author.page(at(alert, "edit/")).texts(".p-notice--care")[0]


def test_nobody_approves_their_own(client: PageClient, force: Force) -> None:
    own = make_draft(force, inside("W00"), by=force.communications, priority="urgent")
    actions.ask_for_approval(alert=own, by=force.communications)
    sign_in(client, force.communications)
    page = client.page(at(own, "check/"))
    assert page.texts("h1") == ["Waiting for approval"]
    refused = press(client, own, "approve/", expect=409)
    assert "somebody" in refused.texts(".p-notice--wrong")[0] or "someone" in refused.texts(".p-notice--wrong")[0]
    assert "else has to approve it" in refused.texts(".p-notice--wrong")[0]
    own.refresh_from_db()
    assert own.state == "waiting"


def test_an_approver_reads_the_version_they_approve(client: PageClient, force: Force) -> None:
    alert = make_draft(force, inside("W10"))
    actions.ask_for_approval(alert=alert, by=force.officer)
    sign_in(client, force.supervisor)
    read = client.page(at(alert, "check/")).form("approve/")
    actions.take_back(alert=alert, by=force.officer)
    actions.save_draft(alert=alert, version=alert.version, by=force.officer, title="Something else")
    actions.ask_for_approval(alert=alert, by=force.officer)
    refused = press(client, alert, "approve/", expect=409, **read)
    assert refused.texts(".p-notice--wrong p")[-1] == "This alert is not waiting for approval any more."


def test_what_is_missing_is_listed_and_there_is_no_button(client: PageClient, force: Force) -> None:
    alert = make_draft(force, inside("W21"), title="", can_do="")
    sign_in(client, force.officer)
    page = client.page(at(alert, "check/"))
    assert page.texts(".p-sentence") == ["This alert cannot go yet."]
    assert page.texts(".p-missing li")[:2] == ["Write a title.", "Write “What you can do”."]
    assert page.texts("#go") == []
    refused = press(client, alert, "send/", expect=409)
    assert "Write a title." in refused.texts(".p-notice--wrong")[0]


def test_sending_alone_what_needs_two_is_refused_in_a_sentence(client: PageClient, force: Force) -> None:
    alert = make_draft(force, drawn(0, 0, 3, 2))
    sign_in(client, force.officer)
    refused = press(client, alert, "send/", expect=409)
    assert "Somebody else has to approve this alert first." in refused.texts(".p-notice--wrong")[0]


def test_an_audience_of_nobody_is_refused_in_a_sentence_and_the_draft_stays(client: PageClient, force: Force) -> None:
    alert = make_draft(force, inside("W00"), inside("W00", effect="exclude"))
    sign_in(client, force.officer)
    assert client.page(at(alert, "check/")).texts("#go") == []
    refused = press(client, alert, "send/", expect=409)
    assert "This audience reaches nobody, so there is nothing to send." in refused.texts(".p-notice--wrong")[0]
    alert.refresh_from_db()
    assert (alert.state, alert.title, alert.send) == ("draft", "Vans broken into on Mill Lane", None)


def test_a_send_over_the_cap_is_refused_with_both_numbers(
    client: PageClient, force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(roles.CAP, Role.OFFICER, 9)
    alert = make_draft(force)
    sign_in(client, force.officer)
    said = "It reaches 10 people and your role may send to 9 by itself."
    assert said in client.page(at(alert, "check/")).texts(".p-notice li")
    assert said in press(client, alert, "send/", expect=409).texts(".p-notice--wrong")[0]
    alert.refresh_from_db()
    assert (alert.state, alert.send) == ("draft", None)


def test_the_same_alert_again_has_to_be_meant(client: PageClient, force: Force) -> None:
    make_sent(force)
    alert = make_draft(force)
    sign_in(client, force.officer)
    refused = press(client, alert, "send/", expect=409, when="now")
    assert "The same alert went to the same people" in refused.texts(".p-notice--wrong")[0]
    assert refused.texts("label[for=id_again]") == ["I mean to send the same alert again"]
    press(client, alert, "send/", when="now", again="on")
    alert.refresh_from_db()
    assert alert.state == "scheduled"


def test_a_large_audience_is_typed(client: PageClient, force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "TYPED_FROM", 8)
    alert = make_draft(force)
    sign_in(client, force.officer)
    assert client.page(at(alert, "check/")).texts("label[for=id_typed]") == ["Type the number of people to go on"]
    wrong = press(client, alert, "send/", when="now", typed="12")
    assert wrong.texts(".govuk-error-summary__list li") == ["Type the number of people it goes to: 10"]
    press(client, alert, "send/", when="now", typed="10")
    alert.refresh_from_db()
    assert alert.state == "scheduled"


def test_a_large_share_of_everybody_is_typed_in_words(
    client: PageClient, force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "LARGE_FROM", 8)
    alert = make_draft(force)  # 10 of 21
    sign_in(client, force.officer)
    page = client.page(at(alert, "check/"))
    assert page.texts("label[for=id_typed]") == ["Type the number of people in words to go on"]
    wrong = press(client, alert, "send/", when="now", typed="10")
    assert wrong.texts(".govuk-error-summary__list li") == ["Type the number of people in words: ten"]
    with pytest.raises(SayHowMany):  # no door goes round it
        actions.send_now(alert=alert, by=force.officer)
    press(client, alert, "send/", when="now", typed="Ten people")
    alert.refresh_from_db()
    assert alert.state == "scheduled"


def test_a_small_share_is_not(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "LARGE_FROM", 1)
    assert [policy.is_large(people) for people in (5, 6)] == [False, True]  # a quarter of 21 is 5.25


def test_the_installation_has_a_cap_too(force: Force, settings: Any) -> None:
    settings.PEELIAN_MOST_PEOPLE = 9
    alert = make_draft(force)
    assert [reason.code for reason in policy.reasons(alert, by=force.communications, people=10)] == ["cap"]
    assert policy.reasons(alert, by=force.communications, people=9) == []


def test_some_get_it_first(client: PageClient, force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StageForm, "FROM", 5)
    alert = make_draft(force)
    sign_in(client, force.officer)
    assert "Send it to a few first?" in client.page(at(alert, "check/")).texts("legend")
    press(client, alert, "send/", when="now", stage="30")
    alert.refresh_from_db()
    assert (alert.first_stage, alert.stage_minutes) == (100, 30)
    actions.freeze(alert_id=alert.pk)
    send = Alert.objects.select_related("send").get(pk=alert.pk).send
    assert (send.first_stage, send.stage_minutes, send.counted) == (100, 30, True)


def test_whoever_approves_reads_that_some_get_it_first(
    client: PageClient, force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StageForm, "FROM", 5)
    alert = make_draft(force, priority="urgent")
    sign_in(client, force.officer)
    press(client, alert, "ask/", when="now", stage="look")
    second = PageClient()
    sign_in(second, force.supervisor)
    page = second.page(at(alert, "check/"))
    assert "The first 100 get it first; then it waits until somebody goes on." in page.texts("p")
    press(second, alert, "approve/", version=str(Alert.objects.get(pk=alert.pk).version))
    assert Alert.objects.get(pk=alert.pk).first_stage == 100


# When -------------------------------------------------------------------------------------------------------------


def next_change(forward: bool) -> date:
    """The next Sunday on which London's clocks change."""
    day = clock.today() + timedelta(days=1)
    month = 3 if forward else 10
    while not (day.month == month and day.weekday() == 6 and (day + timedelta(days=7)).month != month):
        day += timedelta(days=1)
    return day


def test_an_alert_waits_for_its_time_and_can_be_kept_back(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    sign_in(client, force.officer)
    day = clock.today() + timedelta(days=2)
    page = press(client, alert, "send/", when="later", day=day.isoformat(), time="18:30")
    assert "6:30pm" in page.texts(".p-sentence")[0]
    alert.refresh_from_db()
    assert alert.scheduled_for == clock.london(day, time(18, 30))
    assert [when for _, when in jobs_named("alerts.freeze")] == [alert.scheduled_for]
    asked = client.page(at(alert, "unschedule/"))
    assert asked.texts("h1") == ["Do not send “Vans broken into on Mill Lane”?"]
    press(client, alert, "unschedule/")
    alert.refresh_from_db()
    assert alert.state == "draft"


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"day": "", "time": ""}, ["Give the date it should go on", "Give the time it should go at, like 18:30"]),
        ({"day": "2020-01-01", "time": "09:00"}, ["That time has passed. Choose one in the future."]),
        (
            {"day": "forward", "time": "01:30"},
            ["The clocks go forward that night: there is no such time. Choose a time before 1am or after 2am."],
        ),
    ],
)
def test_times_that_cannot_be_are_refused_beside_the_field(
    client: PageClient, force: Force, answers: dict[str, str], sentence: list[str]
) -> None:
    alert = make_draft(force)
    sign_in(client, force.officer)
    if answers["day"] == "forward":
        answers = answers | {"day": next_change(forward=True).isoformat()}
    page = press(client, alert, "send/", when="later", **answers)
    assert page.texts(".govuk-error-summary__list li") == sentence
    assert page.form("send/")["when"] == "later"
    alert.refresh_from_db()
    assert alert.state == "draft"


def test_the_hour_that_comes_twice_means_the_first(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    sign_in(client, force.officer)
    day = next_change(forward=False)
    press(client, alert, "send/", when="later", day=day.isoformat(), time="01:30")
    alert.refresh_from_db()
    assert alert.scheduled_for is not None
    assert (alert.scheduled_for.hour, alert.scheduled_for.minute) == (0, 30)  # in UTC: still summer time


def test_a_test_goes_to_oneself_alone(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    sign_in(client, force.officer)
    page = press(client, alert, "test/")
    assert page.texts(".p-notice--done") == [f"A test is on its way to {force.officer.email}, and to nobody else."]
    assert len(jobs_named("delivery.transactional")) == 1
    empty = make_draft(force, title="")
    refused = press(client, empty, "test/")
    assert refused.texts(".p-notice--wrong") == ["Write a title and at least one of the three parts first."]


# When it is out ---------------------------------------------------------------------------------------------------


def test_results_move_until_it_is_over(client: PageClient, force: Force) -> None:
    alert = make_frozen(force)
    hand_over(alert, only=4, finish=False)
    sign_in(client, force.officer)
    page = client.page(at(alert))
    assert page.texts(".p-sentence") == ["Sending 4 of 10 messages handed over so far."]
    assert page.texts("#progress-part .p-actions a") == ["Pause", "Stop the rest of this alert"]
    assert page.document.get_element_by_id("progress-part").get("hx-trigger") == "every 2s"
    part = client.get(at(alert, "progress/"), headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in part

    press(client, alert, "pause/")
    assert client.page(at(alert)).texts("#progress-part .p-actions a") == [
        "Go on sending",
        "Stop the rest of this alert",
    ]
    press(client, alert, "resume/")
    hand_over(alert, finish=True)
    over = client.get(at(alert, "progress/"), headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in over


def test_stopping_the_rest_asks_first_and_says_how_many(client: PageClient, force: Force) -> None:
    alert = make_frozen(force)
    sign_in(client, force.officer)
    asked = client.page(at(alert, "recall/"))
    assert asked.texts("button.govuk-button") == ["Stop the rest of this alert"]
    page = press(client, alert, "recall/")
    assert page.texts(".p-notice--done") == ["Stopped. 10 people will not get it."]
    twice = press(client, alert, "recall/", expect=409)
    assert "That cannot be done with the alert as it is now." in twice.text()


def test_results_say_how_it_went_and_what_happened(client: PageClient, force: Force) -> None:
    alert = make_draft(force, inside("W00", "W10"), drawn(0, 1, 1, 2, effect="exclude"))
    actions.ask_for_approval(alert=alert, by=force.officer)
    actions.approve(alert=alert, by=force.supervisor)
    actions.freeze(alert_id=alert.pk)
    alert = Alert.objects.get(pk=alert.pk)
    ids = hand_over(alert)
    for number, address in enumerate(ids[:5]):
        alert.ratings.create(address_id=address, value=6 if number else 3)
    sign_in(client, force.officer)
    page = client.page(at(alert))
    assert page.texts(".p-sentence")[0].startswith("Sent 15 of 15 messages handed over in ")
    assert "5.4 of 6, from 5 ratings" in page.text()
    said = page.texts(".p-timeline li > span:nth-child(2)")
    assert said[0].endswith("began to write.")
    assert [line for line in said if "approv" in line] == [
        f"{force.officer} asked for approval, for 15 people.",
        f"{force.supervisor} approved it, for 15 people.",
    ]
    assert said[-1] == "The last message was handed over."
    assert page.texts(".p-panel--quiet li") == [
        "People in Ward 00 and Ward 10.",
        "Not people in the area drawn on the map.",
    ]


def test_withdrawing_needs_a_reason_and_the_right(client: PageClient, force: Force) -> None:
    alert = make_sent(force)
    sign_in(client, force.officer)
    client.page(at(alert, "withdraw/"), expect=404)
    assert "Withdraw it" not in client.page(at(alert)).texts(".p-next a")
    boss = PageClient()
    sign_in(boss, force.supervisor)
    empty = press(boss, alert, "withdraw/", reason="")
    assert empty.texts(".govuk-error-summary__list li") == [
        "Say why it is withdrawn: the reason stands where the alert was"
    ]
    done = press(boss, alert, "withdraw/", reason="It named the wrong lane.")
    assert done.texts(".p-notice--care p")[-1] == "Residents read: It named the wrong lane."
    assert PageClient().get(f"/alerts/{alert.ref}/").status_code == 410


def test_an_update_goes_to_the_same_people_and_fixes_what_it_must(client: PageClient, force: Force) -> None:
    alert = make_sent(force)
    sign_in(client, force.officer)
    page = press(client, alert, "follow-up/", relation="update")
    assert page.texts("h1") == ["Write an update"]
    draft = Alert.objects.latest("pk")
    assert page.texts("#panel .p-audience__count") == ["10 people"]
    written = {"happening": "The vans are found.", "doing": "Nothing more.", "can_do": "Thank you."}
    client.page(at(draft, "edit/"), page.form("edit/") | written, post=True)
    draft.refresh_from_db()
    assert (draft.happening, draft.topic, draft.relation) == ("The vans are found.", alert.topic, "update")
    assert draft.audience == {"clauses": [{"effect": "include", "kind": "received", "values": [alert.ref]}]}
    assert client.page(at(alert)).texts(".p-two__main h2 + ul a") == ["Update: Vans broken into on Mill Lane"]
    press(client, alert, "follow-up/", expect=409, relation="nonsense")


def test_outcome_and_end_date(client: PageClient, force: Force) -> None:
    alert = make_sent(force)
    sign_in(client, force.officer)
    press(client, alert, "outcome/", outcome="Two people were charged.")
    assert "Two people were charged." in client.page(at(alert)).text()
    late = clock.today() + timedelta(days=900)
    refused = press(client, alert, "end-date/", ends_on=late.isoformat())
    assert refused.texts(".govuk-error-summary__list li")[0].startswith(
        "An alert of this type can be shown for 366 days"
    )
    press(client, alert, "end-date/", ends_on=(clock.today() + timedelta(days=3)).isoformat())
    alert.refresh_from_db()
    assert alert.ends_on == clock.today() + timedelta(days=3)


def test_a_draft_can_be_thrown_away_but_nothing_that_was_sent(client: PageClient, force: Force) -> None:
    draft, sent = make_draft(force, title="Away"), make_sent(force)
    sign_in(client, force.officer)
    press(client, draft, "discard/")
    assert not Alert.objects.filter(pk=draft.pk).exists()
    refused = press(client, sent, "discard/", expect=409)
    assert "This is not a draft any more, so it cannot be changed." in refused.text()
    late = press(client, sent, "edit/", expect=409, title="Changed")
    assert "This is not a draft any more, so it cannot be changed." in late.text()


def test_pressing_the_back_button_leads_to_the_page_and_does_nothing(client: PageClient, force: Force) -> None:
    alert = make_draft(force)
    sign_in(client, make_staff(Role.COMMUNICATIONS, team=force.team))
    for step in ("send/", "ask/", "approve/", "send-back/", "schedule/", "test/"):
        assert client.get(at(alert, step)).status_code == 302
    alert.refresh_from_db()
    assert alert.state == "draft"
