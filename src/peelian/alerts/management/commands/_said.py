"""How both alert commands say where an alert is: one line of JSON, or a few of English."""

from __future__ import annotations

from typing import Any

from peelian.alerts import queries
from peelian.alerts.models import Alert
from peelian.core import wording


def as_json(alert: Alert) -> dict[str, Any]:
    """What programs rely on (architecture, section 5)."""
    found = queries.results(alert)
    return {
        "ref": alert.ref,
        "state": alert.state,
        "recipients": found.recipients,
        "by_channel": found.by_channel,
        "handed_over": found.handed_over,
        "failed": found.failed,
        "unknown": found.unknown,
        "seconds": None if found.seconds is None else round(found.seconds, 3),
    }


def more_as_json(alert: Alert) -> dict[str, Any]:
    """`as_json`, and what people sent back."""
    found = queries.results(alert)
    rated = found.ratings
    return as_json(alert) | {
        "waiting": found.waiting,
        "delivered": found.delivered,
        "not_sent": found.not_sent,
        "in_digest": found.in_digest,
        "rating": {
            "mean": None if rated.mean is None else round(rated.mean, 4),
            "base": rated.base,
            "satisfaction": None if rated.satisfaction is None else round(rated.satisfaction, 4),
            "counts": {str(value): n for value, n in rated.counts.items()},
        },
        "replies": found.replies,
        "visits": found.visits,
        "left": found.left,
    }


def as_text(alert: Alert) -> str:
    """For a person at a terminal."""
    found = queries.results(alert)
    lines = [f"{alert.ref}  {alert}", f"State: {alert.get_state_display()}"]
    if alert.stopped_because and alert.state == Alert.State.DRAFT:
        lines.append(f"It was not sent: {alert.stopped_because}")
    if alert.scheduled_for and alert.state in (Alert.State.SCHEDULED, Alert.State.WAITING):
        lines.append(f"To go at: {wording.uk_datetime(alert.scheduled_for)}")
    if alert.send_id is not None:
        channels = ", ".join(f"{n:,} by {name}" for name, n in found.by_channel.items())
        lines += [
            f"Recipients: {found.recipients:,} ({channels})",
            f"Handed over: {found.handed_over:,}; waiting: {found.waiting:,}; failed: {found.failed:,};"
            f" not sent: {found.not_sent:,}; in a digest: {found.in_digest:,}; unknown: {found.unknown:,}",
            f"Rating: {wording.of_base(found.ratings.mean, found.ratings.base)}",
            f"Replies: {found.replies:,}; visits by share link: {found.visits:,}; left because of it: {found.left:,}",
        ]
    return "\n".join(lines)
