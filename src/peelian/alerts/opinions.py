"""What people thought of a message, in their reasons and words. Nothing here says who thought it; what fewer than five
people said is not counted out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from peelian.alerts.actions.responding import LOW
from peelian.alerts.models import Alert, Rating

FEW = 5
SHOWN = 50  # comments; the newest


@dataclass(frozen=True)
class Comment:
    text: str
    on: datetime
    why: str  # the reason chosen, or ""


@dataclass(frozen=True)
class Opinions:
    """`reasons` has a number for each that at least five people gave, and None for fewer. `low` is how many rated low,
    `base` how many of them said why. `comments` are kept back until five people have rated."""

    low: int
    base: int
    reasons: list[tuple[str, int | None]]
    comments: list[Comment]

    @property
    def any_shown(self) -> bool:
        return self.base >= FEW

    @property
    def any(self) -> bool:
        return bool(self.base or self.comments)


def opinions(alert: Alert, rated: int) -> Opinions:
    """Of an alert that RATED people have rated. Two statements, by the index of an alert's ratings."""
    rows = Rating.objects.filter(alert=alert)
    counted = dict(rows.filter(value__lte=LOW).values_list("why").annotate(n=Count("pk")).order_by())
    labels = {value: str(label) for value, label in Rating.Why.choices}
    reasons = [(label, counted.get(value, 0)) for value, label in labels.items()]
    listed = []
    if rated >= FEW:
        listed = list(rows.exclude(comment="").order_by("-at")[:SHOWN].values_list("comment", "at", "why"))
    return Opinions(
        low=sum(counted.values()),
        base=sum(n for _, n in reasons),
        reasons=[(label, n if n >= FEW or n == 0 else None) for label, n in sorted(reasons, key=lambda one: -one[1])],
        comments=[Comment(text, at, labels.get(why, "")) for text, at, why in listed],
    )
