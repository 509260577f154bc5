"""How an alert went, and how it is going: updates itself while it is being sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import audience, charge, queries, translated
from peelian.alerts.cap_values import warning_of
from peelian.alerts.enclosed import enclosed
from peelian.alerts.models import Alert
from peelian.alerts.opinions import opinions
from peelian.alerts.queries import Results
from peelian.core import clock, wording
from peelian.delivery.queries import Resting
from peelian.places import outlines
from peelian.places import queries as places

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
    context = _progress(request, alert)
    rated = cast(Results, context["results"]).ratings.base
    context |= {
        "opinions": opinions(alert, rated) if rated else None,
        "may_withdraw": request.user.may("alerts.withdraw"),
        "enclosed": enclosed(alert),
        "warning": warning_of(alert),
        "out": Alert.OUT,
        "in_words": audience.sentences(alert.audience),
        "map": _map(alert),
        "timeline": timeline(alert),
        "relatives": list(relatives),
        "translations": translated.overview(alert),
        "may_review": request.user.may("translations.review"),
        "is_out": alert.state in Alert.OUT,
        "has_page": alert.state in Alert.OUT and not alert.restricted and not alert.practice,
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
        "stage": stage_line(alert),
        "cost": cost_line(alert),
        "state_said": state_said(results.resting),
        "parts": results.parts,
        "is_moving": is_moving(alert, results),
        "may_write": request.user.may("alerts.write"),
        "may_answer": request.user.may("conversations.read"),
    }


def is_moving(alert: Alert, results: Results) -> bool:
    """Whether the numbers are about to change by themselves; not before some of those who rest may get it."""
    if alert.state == Alert.State.SCHEDULED:
        assert alert.scheduled_for is not None
        return (alert.scheduled_for - clock.now()).total_seconds() < SOON
    if alert.state == Alert.State.PAUSED:  # it goes on by itself
        return alert.send is not None and alert.send.resume_at is not None
    rests = results.resting
    if rests is not None and not rests.others:
        return (rests.first - clock.now()).total_seconds() < SOON
    return alert.state == Alert.State.SENDING


def stage_line(alert: Alert) -> str:
    """How a staged release stands: who has it, and until when the rest waits; empty where nothing is staged now."""
    if not alert.first_stage or alert.send is None:
        return ""
    first = f"{alert.first_stage:,}"
    if alert.state == Alert.State.SENDING and alert.send.first_stage:
        return f"The first {first} get it now. Then it waits {_stage_waits(alert)}."
    waiting = alert.state == Alert.State.PAUSED and not alert.send.first_stage
    if not waiting or alert.send.batches.filter(number__gt=0, done_at__isnull=False).exists():
        return ""
    if alert.send.resume_at is None:
        return f"The first {first} have it. The rest waits until somebody goes on."
    return f"The first {first} have it. The rest waits until somebody goes on, or until {_at(alert.send.resume_at)}."


def _at(moment: datetime) -> str:
    """7am, of another day with its date."""
    return wording.uk_time(moment) if _is_today(moment) else wording.uk_datetime(moment)


def _on(moment: datetime) -> str:
    return f"{'at' if _is_today(moment) else 'on'} {_at(moment)}"


def _is_today(moment: datetime) -> bool:
    return moment.astimezone(clock.LONDON).date() == clock.today()


def _stage_waits(alert: Alert) -> str:
    if not alert.stage_minutes:
        return "until somebody goes on"
    return f"{wording.plural_count(alert.stage_minutes, 'minute')}, or until somebody goes on"


def cost_line(alert: Alert) -> str:
    """What its texts and calls cost; empty for one that went by email alone."""
    cost = charge.cost_of(alert.send) if alert.send is not None else None
    if cost is None:
        return ""
    pounds, is_final = cost
    if is_final:
        return f"Its texts and calls cost £{pounds:,.2f}."
    return f"Its texts and calls will cost about £{pounds:,.2f}."


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
            to = "simulated addresses" if alert.practice else wording.people(alert.people or 0)
            return f"It goes to {to} on {wording.uk_datetime(alert.scheduled_for)}."
        case Alert.State.SENDING:
            return f"{of_all} handed over{_who_rests(results)}"
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


def state_said(rests: Resting | None) -> str:
    """What stands for “Sending” where nothing moves before somebody's quiet hours end; empty where the state's own
    word is right."""
    return f"Sent, {rests.number:,} to come" if rests is not None and not rests.others else ""


def _who_rests(results: Results) -> str:
    """How the sentence about an alert that is being sent ends: who waits for it as they asked, and until when."""
    rests = results.resting
    if rests is None:
        return " so far."
    begins, how = (" so far. ", "held") if rests.others else (". Only ", "left")
    left = f"{wording.plural_count(rests.number, 'message')} {'is' if rests.number == 1 else 'are'} {how}"
    digest = "" if rests.others or not results.in_digest else f" {results.in_digest:,} more come in a digest."
    wait = "people who have quiet hours now, or enough messages for this week"
    return f"{begins}{left} for {wait}: they get it {_when(rests)}.{digest}"


def _when(rests: Resting) -> str:
    """On Monday 23 November 2026, 7am; between 7am and 9am, of another day with its date."""
    first, last = rests.first.astimezone(clock.LONDON), rests.last.astimezone(clock.LONDON)
    if first == last:
        return _on(first)
    if first.date() != last.date():
        return f"between {_at(first)} and {_at(last)}"
    hours = f"between {wording.uk_time(first)} and {wording.uk_time(last)}"
    return hours if _is_today(first) else f"on {wording.uk_date(first)}, {hours}"


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
        to = "simulated addresses" if alert.practice else wording.people(alert.people or 0)
        found.append(Moment(alert.sent_at, f"It began to go to {to}"))
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
