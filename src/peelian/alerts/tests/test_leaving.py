"""What the composer says about people who are likely to leave."""

from __future__ import annotations

import random

import pytest
from django.core.cache import cache

from peelian.alerts import leaving
from peelian.alerts.models import Alert, Response
from peelian.alerts.tests.factories import make_force
from peelian.core import clock
from peelian.delivery.models import Channel, Lane, Send, State, Tally
from peelian.members.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_memory() -> None:
    cache.clear()


def plant(topic: Topic, sizes: list[int], leavers: list[int]) -> None:
    """Alerts already sent, with their tallies and what they caused."""
    force = make_force({})
    for number, (size, left) in enumerate(zip(sizes, leavers, strict=True)):
        send = Send.objects.create(renderer="alerts.alert", object_id=number, lane=Lane.ROUTINE, recipients=size)
        alert = Alert.objects.create(
            ref=f"p{number}", team=force.team, author=force.officer, topic=topic, send=send, state=Alert.State.SENT,
            sent_at=clock.now(),
        )  # fmt: skip
        Tally.objects.create(send=send, channel=Channel.EMAIL, state=State.DELIVERED, n=size)
        if left:
            Response.objects.create(alert=alert, kind=Response.Kind.LEFT, n=left)


def test_it_rests_on_earlier_alerts_of_the_type() -> None:
    plant(Topic.objects.get(slug="vehicle-crime"), [1_000] * 10, [2, 3, 1, 2, 2, 3, 1, 2, 2, 2])
    found = leaving.forecast(Topic.objects.get(slug="vehicle-crime"))
    assert found is not None
    assert (found.alerts, found.rate.base, found.rate.value) == (10, 10_000, 0.002)
    assert found.sentence(5_000) == (
        "About 10 people are likely to leave because of it (6 to 15), judged by 10 earlier alerts about vehicle crime"
        " to 10,000 addresses."
    )
    assert found.sentence(100).startswith("Hardly anybody is likely to leave because of it, judged by")


def test_another_type_is_judged_by_all() -> None:
    plant(Topic.objects.get(slug="vehicle-crime"), [1_000] * 10, [1] * 10)
    found = leaving.forecast(Topic.objects.get(slug="good-news"))
    assert found is not None
    assert found.topic is None
    assert "10 earlier alerts of every type" in found.sentence(5_000)


@pytest.mark.parametrize("sizes", [[], [400] * 4, [100] * 9])
def test_too_few_earlier_ones_tell_nothing(sizes: list[int]) -> None:
    topic = Topic.objects.get(slug="vehicle-crime")
    plant(topic, sizes, [1] * len(sizes))
    assert leaving.forecast(topic) is None


def test_what_is_planted_is_found() -> None:
    chance = random.Random(8)
    sizes = [chance.randint(300, 900) for _ in range(50)]
    topic = Topic.objects.get(slug="vehicle-crime")
    plant(topic, sizes, [sum(chance.random() < 0.003 for _ in range(size)) for size in sizes])
    found = leaving.forecast(topic)
    assert found is not None
    assert found.rate.low <= 0.003 <= found.rate.high
