"""How many are likely to leave because of an alert, judged by what earlier ones caused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Sum

from peelian.alerts.models import Alert, Response
from peelian.core import clock
from peelian.core.statistics import Estimate, clustered_proportion
from peelian.delivery.models import Tally
from peelian.delivery.queries import HANDED
from peelian.members.models import Topic

LOOKS_BACK = timedelta(days=365)
ENOUGH_ALERTS, ENOUGH_PEOPLE = 5, 1_000  # fewer earlier ones tell nothing
KEPT = 600  # seconds


@dataclass(frozen=True)
class Leaving:
    """The rate at which people left or turned a type down after earlier alerts, as (leavers ÷ deliveries)."""

    rate: Estimate
    alerts: int
    topic: Topic | None  # the earlier alerts' type; None: of every type

    def sentence(self, number: int) -> str:
        """For an alert to NUMBER people, with its interval and its base."""
        expected, low, high = (round(figure) for figure in self.rate.of(number))
        kind = f"about {self.topic.name.lower()}" if self.topic else "of every type"
        base = f"{self.alerts:,} earlier alerts {kind} to {self.rate.base:,} addresses"
        if expected == 0:
            most = f" (0 to {high:,})" if high else ""
            return f"Hardly anybody is likely to leave because of it{most}, judged by {base}."
        who = "1 person is" if expected == 1 else f"{expected:,} people are"
        return f"About {who} likely to leave because of it ({low:,} to {high:,}), judged by {base}."


def forecast(topic: Topic | None) -> Leaving | None:
    """From alerts of the topic in the past year; where they are too few, from all; None where these are too few.

    Looked up once in ten minutes: it reads one row for each alert of the year.
    """
    found: Leaving | None = cache.get_or_set(f"alerts.leaving.{topic.pk if topic else 0}", lambda: _look(topic), KEPT)
    return found


def _look(topic: Topic | None) -> Leaving | None:
    return (_from_past(topic) if topic else None) or _from_past(None)


def _from_past(topic: Topic | None) -> Leaving | None:
    past = Alert.objects.filter(sent_at__gte=clock.now() - LOOKS_BACK, send__isnull=False, practice=False)
    if topic is not None:
        past = past.filter(topic=topic)
    send_of = dict(past.values_list("pk", "send_id"))
    reached = dict(
        Tally.objects.filter(send__in=send_of.values(), state__in=HANDED).values_list("send").annotate(sum=Sum("n"))
    )
    left = dict(
        Response.objects.filter(alert__in=send_of, kind=Response.Kind.LEFT).values_list("alert").annotate(sum=Sum("n"))
    )
    pairs = [(min(left.get(pk, 0), size), size) for pk, send in send_of.items() if (size := reached.get(send, 0)) > 0]
    if len(pairs) < ENOUGH_ALERTS or sum(size for _, size in pairs) < ENOUGH_PEOPLE:
        return None
    hits, sizes = zip(*pairs, strict=True)
    return Leaving(clustered_proportion(hits, sizes), len(pairs), topic)
