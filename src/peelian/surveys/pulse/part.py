"""What the pulse brings to the page of an alert's results."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from peelian.alerts.models import Alert
from peelian.core.suppression import told
from peelian.core.wording import uk_date
from peelian.surveys.pulse import actions, results
from peelian.surveys.pulse.models import Arm, PulseRound
from peelian.surveys.pulse.results import Comparison


def after_alert(request: HttpRequest, alert_id: int) -> dict[str, Any] | None:
    """Who was asked after this alert, and what alerts of its type do; None where nobody was."""
    made = PulseRound.objects.filter(alert=alert_id).prefetch_related("slices").first()
    programme = actions.programme() if made is not None else None
    if made is None or programme is None:
        return None
    topic = Alert.objects.values_list("topic__name", flat=True).get(pk=alert_id)
    found = results.pooled(programme)
    pooled = [row for question in results.TITLES for row in found.by_type(question) if row.label == topic]
    may_see = bool(getattr(request.user, "may", lambda permission: False)("surveys.results"))
    return {
        "asked": _asked(made),
        "answered": _answered(made),
        "closes": "" if made.counted else uk_date(made.closes),
        "topic": topic,
        "pooled": [in_words(row) for row in pooled],
        "may_see": may_see,
    }


def _asked(made: PulseRound) -> list[str]:
    """By arm: 120 who got it; 118 held out."""
    ways = {Arm.GOT: "who got it", Arm.ALONE: "who got it", Arm.HELD: "from whom it was withheld"}
    sums: dict[str, int] = {}
    for one in made.slices.all():
        sums[one.arm] = sums.get(one.arm, 0) + one.asked
    return [f"{told(sums[arm])} {ways[arm]}" for arm in Arm if sums.get(arm)]


def _answered(made: PulseRound) -> str:
    """Of both together, so that no arm is so small that somebody stands out; empty before they are counted."""
    if not made.counted:
        return ""
    return told(sum(one.answered or 0 for one in made.slices.all()))


def in_words(row: Comparison) -> str:
    """Very or fairly worried: 41% of 312 who got one, 38% of 298 from whom one was withheld: no clear difference
    (+3.1 points, −4.6 to +10.8)."""
    title = results.TITLES[row.question]
    if row.difference is None or row.got.share is None or row.held.share is None:
        return f"{title}: not compared, {row.why_not}."
    got, held = (f"{side.share.value:.0%} of {side.base:,}" for side in (row.got, row.held) if side.share is not None)
    points = [f"{100 * value:+.1f}".replace("-", "−") for value in _ends(row)]
    said = f"({points[0]} points, {points[1]} to {points[2]})"
    return f"{title}: {got} who got one, {held} from whom one was withheld: {row.verdict} {said}."


def _ends(row: Comparison) -> tuple[float, float, float]:
    assert row.difference is not None
    return row.difference.value, row.difference.low, row.difference.high
