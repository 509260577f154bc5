"""How an alert went, and how it is going: updates itself while it is being sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import audience, queries
from peelian.alerts.models import Alert
from peelian.alerts.queries import Results
from peelian.core import clock, wording
from peelian.places import outlines
from peelian.places import queries as places

MOVING = (Alert.State.SCHEDULED, Alert.State.SENDING, Alert.State.PAUSED)
SOON = 120  # seconds: a scheduled alert this near to its time is about to go, and the page watches it


@dataclass(frozen=True)
class Moment:
    """A line of the timeline."""

    at: datetime
    said: str
    comment: str = ""


@require_safe
@needs("alerts.read")
def detail(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    may_write = request.user.may("alerts.write")
    if alert.state == Alert.State.DRAFT and may_write:
        return redirect("alerts_staff:edit", ref)
    if alert.state == Alert.State.WAITING and (may_write or request.user.may("alerts.approve")):
        return redirect("alerts_staff:check", ref)
    relatives = Alert.objects.filter(first=alert.root).exclude(pk=alert.pk).order_by("created_at")
    context = _progress(request, alert) | {
        "may_withdraw": request.user.may("alerts.withdraw"),
        "in_words": audience.sentences(alert.audience),
        "map": _map(alert),
        "timeline": timeline(alert),
        "relatives": list(relatives),
        "is_out": alert.state in Alert.OUT,
        "has_page": alert.state in Alert.OUT and not alert.restricted,
    }
    return render(request, "alerts/staff/results.html", context)


@require_safe
@needs("alerts.read")
def progress(request: StaffRequest, ref: str) -> HttpResponse:
    """The part of the page that moves. When it is over it comes back without its clock, and the asking stops."""
    alert = queries.alert_for(request.user, ref)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("alerts_staff:detail", ref)
    return render(request, "alerts/staff/progress.html", _progress(request, alert) | {"partial": True})


def _progress(request: StaffRequest, alert: Alert) -> dict[str, object]:
    results = queries.results(alert)
    return {
        "alert": alert,
        "results": results,
        "line": one_line(alert, results),
        "parts": results.parts,
        "is_moving": is_moving(alert),
        "may_write": request.user.may("alerts.write"),
        "may_answer": request.user.may("conversations.read"),
    }


def is_moving(alert: Alert) -> bool:
    """Whether the numbers are about to change by themselves."""
    if alert.state == Alert.State.SCHEDULED:
        assert alert.scheduled_for is not None
        return (alert.scheduled_for - clock.now()).total_seconds() < SOON
    return alert.state == Alert.State.SENDING


def one_line(alert: Alert, results: Results) -> str:
    """How it went or goes, in one sentence."""
    sent = wording.number(results.handed_over)
    of_all = f"{sent} of {wording.plural_count(results.recipients, 'message')}"
    match alert.state:
        case Alert.State.SCHEDULED:
            assert alert.scheduled_for is not None
            due = alert.scheduled_for <= clock.now()
            if due:
                return "It is about to go out."
            return f"It goes to {wording.people(alert.people or 0)} on {wording.uk_datetime(alert.scheduled_for)}."
        case Alert.State.SENDING:
            return f"{of_all} handed over so far."
        case Alert.State.PAUSED:
            return f"{of_all} were handed over before it was paused."
        case Alert.State.RECALLED:
            return f"{of_all} had been handed over when it was stopped."
        case Alert.State.WITHDRAWN:
            return (
                f"{of_all} had been handed over before it was withdrawn." if results.recipients else "It was withdrawn."
            )
        case Alert.State.SENT:
            return f"{of_all} handed over{_how_long(results)}."
    return "It has not been sent."


def _how_long(results: Results) -> str:
    if results.seconds is None:
        return ""
    seconds = max(1, round(results.seconds))
    if seconds < 90:
        return f" in {wording.plural_count(seconds, 'second')}"
    if seconds < 5400:
        return f" in {wording.plural_count(round(seconds / 60), 'minute')}"
    return f" in {wording.plural_count(round(seconds / 3600), 'hour')}"


def timeline(alert: Alert) -> list[Moment]:
    """What happened to it, the first first."""
    said = {"asked": "{who} asked for approval", "approved": "{who} approved it", "returned": "{who} sent it back"}
    found = [Moment(alert.created_at, f"{alert.author} began to write")]
    for decision in alert.decisions.select_related("by"):
        who = said.get(decision.verb, decision.verb).format(who=decision.by)
        people = f", for {wording.people(decision.people)}" if decision.verb != "returned" else ""
        found.append(Moment(decision.at, who + people, decision.comment))
    if alert.sent_at:
        found.append(Moment(alert.sent_at, f"It began to go to {wording.people(alert.people or 0)}"))
    if alert.send is not None and alert.send.finished_at:
        found.append(Moment(alert.send.finished_at, "The last message was handed over"))
    if alert.withdrawn_at:
        found.append(Moment(alert.withdrawn_at, "It was withdrawn", alert.withdrawn_reason))
    return sorted(found, key=lambda moment: moment.at)


def _map(alert: Alert) -> str:
    """The audience as it was, as GeoJSON: borders of the areas named, and what was drawn; empty without either."""
    features = []
    for raw in audience.clauses_of(alert.audience):
        effect = raw.get("effect")
        if raw.get("kind") == "polygon":
            properties = {"name": "Drawn", "effect": effect}
            features.append({"type": "Feature", "properties": properties, "geometry": raw["polygon"]})
        elif raw.get("kind") == "everybody" and (force := places.force()):
            features.append(outlines.feature(force))
        elif raw.get("kind") == "areas":
            for area in places.current_areas().filter(code__in=raw.get("values") or []):
                one = outlines.feature(area)
                one["properties"]["effect"] = effect
                features.append(one)
    return json.dumps({"type": "FeatureCollection", "features": features}) if features else ""
