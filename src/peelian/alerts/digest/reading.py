"""What a digest holds, under headings: the areas, and in each the types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from peelian.alerts.models import Alert
from peelian.alerts.reading import where
from peelian.delivery.models import Reason


@dataclass
class Kind:
    """The alerts of a type in an area, newest first."""

    name: str
    alerts: list[Alert] = field(default_factory=list)


@dataclass
class Place:
    name: str
    kinds: list[Kind] = field(default_factory=list)

    def kind(self, name: str) -> Kind:
        found = next((kind for kind in self.kinds if kind.name == name), None)
        if found is None:
            found = Kind(name)
            self.kinds.append(found)
        return found


def alerts_of(send_ids: Iterable[int]) -> list[Alert]:
    """The alerts of sends, newest first, whatever has become of them."""
    rows = Alert.objects.filter(send__in=list(send_ids)).select_related("team__organisation", "topic")
    return list(rows.prefetch_related("areas__area", "translations").order_by("-sent_at", "-pk"))


def by_place(alerts: Iterable[Alert]) -> list[Place]:
    """Under headings; the one with the newest alert comes first."""
    places: dict[str, Place] = {}
    for alert in alerts:
        assert alert.topic is not None
        place = places.setdefault(where(alert), Place(where(alert)))
        place.kind(alert.topic.name).alerts.append(alert)
    return list(places.values())


def why_not(alert: Alert) -> Reason | None:
    """Why an alert belongs in no digest any more."""
    if alert.state == Alert.State.WITHDRAWN:
        return Reason.WITHDRAWN
    if alert.state == Alert.State.RECALLED:
        return Reason.RECALLED
    return Reason.ENDED if alert.has_ended else None
