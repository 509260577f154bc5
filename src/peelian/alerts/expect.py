"""What an alert will do to those who get it, as far as one can know before: sentences for whoever lets it go."""

from __future__ import annotations

from peelian.alerts import charge, dose, holdout, leaving
from peelian.alerts.audience import Forecast
from peelian.alerts.models import Alert
from peelian.core.wording import share


def sentences(alert: Alert, counted: Forecast, doses: dose.Doses) -> list[str]:
    """Of an alert that is ready and would reach these people, who had these doses."""
    found = [dose_sentence(doses)]
    likely = leaving.forecast(alert.topic)
    if likely is not None:
        found.append(likely.sentence(counted.people))
    found.append(holdout.sentence(alert, counted.people))
    found += charge.sentences(alert, counted)
    return [sentence for sentence in found if sentence]


def dose_sentence(doses: dose.Doses) -> str:
    """How many alerts about crime these people had lately; empty where they are too few to speak of."""
    if doses.people < dose.SMALLEST_SHOWN:
        return ""
    if not doses.alerts:
        return f"None of them had an alert about crime in the last {dose.DAYS} days."
    said = f"In the last {dose.DAYS} days they had {doses.mean:.1f} alerts about crime each, on average."
    if doses.many >= dose.SMALLEST_SHOWN:
        part = share(doses.many, doses.people)
        said += f" {part} of them ({doses.many:,} of {doses.people:,}) had {dose.MANY} or more."
    return said
