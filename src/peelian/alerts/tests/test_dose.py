"""Dose: alerts about crime for each resident, kept up as sends end and counted anew at night."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from peelian.accounts.tests.factories import sign_in
from peelian.alerts import audience, dose, expect, pacing
from peelian.alerts.models import Alert, Dose
from peelian.alerts.tests.factories import Force, inside, make_draft, make_force
from peelian.core import clock
from peelian.delivery.models import Channel, Delivery, Lane, Send, State
from peelian.members.models import Member, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_memory() -> None:
    cache.clear()


@pytest.fixture
def force() -> Force:
    return make_force()


def sent(force: Force, members: list[Member], *, slug: str = "vehicle-crime", days_ago: int = 1, **state: int) -> Send:
    """An alert that was handed to these members by email, and to the first of them by text too."""
    at = clock.now() - timedelta(days=days_ago)
    send = Send.objects.create(renderer="alerts.alert", object_id=1, lane=Lane.ROUTINE, state="sent", finished_at=at)
    Alert.objects.create(
        ref=f"d{send.pk}", team=force.team, author=force.officer, topic=Topic.objects.get(slug=slug), send=send,
        state=Alert.State.SENT, sent_at=at,
    )  # fmt: skip
    rows = [(member, member.email_id, Channel.EMAIL) for member in members]
    rows.append((members[0], 10**9 + send.pk, Channel.TEXT))
    Delivery.objects.bulk_create(
        Delivery(
            send=send, address_id=address, member=member, channel=channel, state=state.get("state", State.HANDED_OVER),
            changed_at=at,
        )
        for member, address, channel in rows
    )  # fmt: skip
    return send


def doses() -> dict[int, int]:
    return dict(Dose.objects.values_list("member_id", "alerts"))


def test_each_resident_is_counted_once_for_each_alert(force: Force) -> None:
    one, two, *_ = force.members["W00"]
    sent(force, [one, two])
    sent(force, [one])
    assert dose.keep_up() == 2
    assert doses() == {one.pk: 2, two.pk: 1}
    assert dose.keep_up() == 0
    assert doses() == {one.pk: 2, two.pk: 1}


def test_only_what_is_about_crime_and_was_handed_over_counts(force: Force) -> None:
    one, *_ = force.members["W00"]
    sent(force, [one], slug="good-news")
    sent(force, [one], state=State.FAILED)
    sent(force, [one], days_ago=31)
    dose.keep_up()
    assert doses() == {}


def test_counting_anew_drops_what_is_old_and_what_came_back(force: Force) -> None:
    one, two, *_ = force.members["W00"]
    sent(force, [one, two], days_ago=29)
    later = sent(force, [one, two])
    dose.keep_up()
    Delivery.objects.filter(send=later, member=two).update(state=State.FAILED)
    dose.count_anew()
    assert doses() == {one.pk: 2, two.pk: 1}
    dose.count_anew(clock.now() + timedelta(days=2))
    assert doses() == {one.pk: 1}
    dose.count_anew()  # for today again: the older one is back
    assert doses() == {one.pk: 2, two.pk: 1}


def test_somebody_erased_meanwhile_has_no_dose(force: Force) -> None:
    one, two, *_ = force.members["W00"]
    sent(force, [one, two])
    Delivery.objects.filter(member=two).update(member=None)
    dose.keep_up()
    assert doses() == {one.pk: 1}


def test_the_composer_says_how_much_they_had_already(force: Force) -> None:
    people = force.members["W00"]
    for _ in range(8):
        sent(force, people)
    dose.keep_up()
    alert = make_draft(force, inside("W00", "W01"))
    doses = pacing.forecast(alert, with_doses=True).doses
    assert doses is not None
    assert expect.sentences(alert, audience.forecast(alert), doses)[0] == (
        "In the last 30 days they had 5.0 alerts about crime each, on average. 62% of them (10 of 16) had 8 or more."
    )


def test_the_page_shows_the_neighbourhoods_in_scope(client, force: Force) -> None:
    sent(force, force.members["W00"])
    dose.keep_up()
    sign_in(client, force.officer)
    page = client.get(reverse("alerts_staff:dose"))
    assert "1.0" in page.text
    assert "W00" in page.text
    assert "W10" not in page.text  # the other policing area
