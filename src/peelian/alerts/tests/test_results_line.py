"""What a results page says above the figures: who has it, what the rest waits for, what it cost."""

from __future__ import annotations

import datetime as dt

import pytest

from peelian.accounts.tests.factories import sign_in
from peelian.alerts.models import Alert
from peelian.alerts.tests.factories import Force, make_force, make_frozen
from peelian.core import clock
from peelian.core.testing.html import PageClient
from peelian.delivery.models import Spend

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
