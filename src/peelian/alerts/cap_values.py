"""How an urgent alert is graded in the Common Alerting Protocol 1.2 (3.2.2): urgency, severity and certainty, from what
the alert says of itself. A type that says nothing of a threat is Unknown: a guess would be read as a fact."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from peelian.alerts.models import Alert

UNKNOWN = "Unknown"
# By type of alert. What has happened is Observed; Moderate is a possible threat to life or property, Severe a
# significant one, Minor next to none. PEELIAN_CAP_TYPES says otherwise, or of a type of the force's own
DEFAULTS = {
    "residential-burglary": ("Moderate", "Observed"),
    "residential-crime": ("Moderate", "Observed"),
    "residential-asb": ("Minor", "Observed"),
    "residential-storm": ("Moderate", "Likely"),
    "business-burglary": ("Moderate", "Observed"),
    "business-crime": ("Moderate", "Observed"),
    "vehicle-crime": ("Moderate", "Observed"),
    "suspicious-circumstances": ("Moderate", "Observed"),
    "road-safety": ("Moderate", "Likely"),
    "crime-update": ("Minor", "Observed"),
    "missing-person": ("Severe", "Observed"),
}


class Grades(NamedTuple):
    urgency: str
    severity: str
    certainty: str

    @property
    def said(self) -> str:
        """For staff, in a sentence."""
        if (self.severity, self.certainty) == (UNKNOWN, UNKNOWN):
            return f"urgency {self.urgency}; severity and certainty are not said for this type of alert"
        return f"urgency {self.urgency}, severity {self.severity}, certainty {self.certainty}"


def grades(alert: Alert) -> Grades:
    """Urgent is Immediate, until it has ended: then there is nothing left to do."""
    known = {**DEFAULTS, **settings.PEELIAN_CAP_TYPES}
    severity, certainty = known.get(alert.topic.slug if alert.topic else "", (UNKNOWN, UNKNOWN))
    return Grades("Past" if alert.has_ended else "Immediate", severity, certainty)


def warning_of(alert: Alert) -> Grades | None:
    """How it is graded, of an alert that such systems read: urgent, for everybody, and no practice."""
    told = alert.priority == Alert.Priority.URGENT and not alert.restricted and not alert.practice
    return grades(alert) if told else None
