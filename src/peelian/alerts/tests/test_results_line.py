"""What a results page says above the figures: who has it, what the rest waits for, what it cost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Sum

from peelian.accounts.tests.factories import sign_in
from peelian.alerts.models import Alert
from peelian.alerts.tests.factories import Force, hand_over, make_force, make_frozen
from peelian.core import clock, wording
from peelian.core.testing.html import PageClient
from peelian.delivery.models import Batch, Spend

pytestmark = pytest.mark.django_db


@pytest.fixture
def force() -> Force:
    return make_force()


def at(alert: Alert) -> str:
    return f"/staff/alerts/{alert.ref}/"


@pytest.mark.parametrize("minutes", [None, 30])
def test_results_say_who_has_a_staged_alert_and_what_the_rest_waits_for(
    client: PageClient, force: Force, minutes: int | None
) -> None:
    alert = make_frozen(force)
    Alert.objects.filter(pk=alert.pk).update(first_stage=4, stage_minutes=minutes)
    assert alert.send is not None
    sends = type(alert.send).objects.filter(pk=alert.send.pk)
    sends.update(first_stage=4, stage_minutes=minutes)
    sign_in(client, force.officer)
    waits = "30 minutes, or until somebody goes on" if minutes else "until somebody goes on"
    assert f"The first 4 get it now. Then it waits {waits}." in client.page(at(alert)).texts(".p-sentence")[0]

    due = clock.london(clock.today(), dt.time(14, 35)) if minutes else None
    sends.update(first_stage=None, state="paused", resume_at=due)
    Alert.objects.filter(pk=alert.pk).update(state="paused")
    page = client.page(at(alert))
    until = ", or until 2:35pm" if minutes else ""
    assert page.texts(".p-sentence") == [f"Paused The first 4 have it. The rest waits until somebody goes on{until}."]
    moves = page.document.get_element_by_id("progress-part").get("hx-trigger")
    assert moves == ("every 2s" if minutes else None)  # what goes on by itself is watched


@pytest.mark.parametrize(
    ("final", "said"),
    [(False, "Its texts and calls will cost about £13.32."), (True, "Its texts and calls cost £13.32.")],
)
def test_results_say_what_it_cost(client: PageClient, force: Force, final: bool, said: str) -> None:
    alert = make_frozen(force)
    sign_in(client, force.officer)
    assert "cost" not in client.page(at(alert)).texts("#progress-part")[0]  # email alone
    Spend.objects.create(send=alert.send, month=dt.date(2026, 11, 1), pence=1332, final=final)
    assert said in client.page(at(alert)).texts("#progress-part p")


def test_one_that_only_waits_for_quiet_hours_does_not_look_stuck(
    client: PageClient, force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody who may have it now has it: the page says so, until when the rest waits, and asks no more."""
    night = clock.london(clock.today(), dt.time(22, 30))
    monkeypatch.setattr(clock, "now", lambda: night)
    alert = make_frozen(force)
    total = Batch.objects.filter(send=alert.send).aggregate(all=Sum("size"))["all"]
    hand_over(alert, only=total - 2, finish=False)
    sign_in(client, force.officer)
    going = f"{total - 2} of {total} messages handed over"
    page = client.page(at(alert))
    assert page.texts("#progress-part .p-sentence") == [f"Sending {going} so far."]
    assert page.document.get_element_by_id("progress-part").get("hx-trigger") == "every 2s"

    seven = clock.london(clock.today() + dt.timedelta(days=1), dt.time(7))
    Batch.objects.filter(send=alert.send).update(resting=2, resting_from=seven, resting_until=seven)
    page = client.page(at(alert))
    waits = "for people who have quiet hours now, or enough messages for this week: they get it"
    said = f"{going}. Only 2 messages are left {waits} on {wording.uk_datetime(seven)}."
    assert page.texts("#progress-part .p-sentence") == [f"Sent, 2 to come {said}"]
    assert page.document.get_element_by_id("progress-part").get("hx-trigger") is None
    assert "Stop the rest of this alert" in page.texts("#progress-part .p-actions a")  # it still can be
    assert client.page("/staff/alerts/").texts(".p-alerts td[data-label=State]") == ["Sent, 2 to come"]

    Batch.objects.filter(send=alert.send).update(resting=1, resting_until=seven + dt.timedelta(hours=2))
    page = client.page(at(alert))  # one more is on its way
    assert f"{going} so far. 1 message is held for people" in page.texts("#progress-part .p-sentence")[0]
    day = wording.uk_date(seven)
    assert f"they get it on {day}, between 7am and 9am." in page.texts("#progress-part .p-sentence")[0]
    assert page.document.get_element_by_id("progress-part").get("hx-trigger") == "every 2s"
    assert client.page("/staff/alerts/").texts(".p-alerts td[data-label=State]") == ["Sending"]
