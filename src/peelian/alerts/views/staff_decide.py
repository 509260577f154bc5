"""Check and send: one page that says what will happen, for the author and for the second person alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.alerts import actions, advice, policy, queries, translated
from peelian.alerts.cap_values import warning_of
from peelian.alerts.enclosed import enclosed
from peelian.alerts.errors import AlreadySent, NotATime, PastTime
from peelian.alerts.forms.staff import LetGoForm, SendBackForm, StageForm, WhenForm
from peelian.alerts.models import Alert
from peelian.alerts.views.staff_situation import CHANNEL_WORDS, Situation, outline_kind, people_of, situation
from peelian.core import clock, wording
from peelian.core.errors import RuleBroken
from peelian.members.models import CHANNELS

OPEN = (Alert.State.DRAFT, Alert.State.WAITING)
BOTH = ["GET", "HEAD", "POST"]
USUAL_TIME = time(10)  # of a day that was chosen in the planner


@require_safe
@needs("alerts.read")
def check(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    if alert.state not in OPEN:
        return redirect("alerts_staff:detail", ref)
    return _page(request, alert)


def _page(
    request: StaffRequest,
    alert: Alert,
    *,
    when: WhenForm | None = None,
    let_go: LetGoForm | None = None,
    back: SendBackForm | None = None,
    refused: str = "",
    same: bool = False,
) -> HttpResponse:
    """The page, with the forms as they were filled in when something has to be mended."""
    now = situation(alert, request.user, to_let_go=True)
    if let_go is None or same:
        let_go = LetGoForm(now.people, same=same)
    back = back or SendBackForm()
    is_own = request.user.pk in (alert.author_id, alert.asked_by_id)
    asked = alert.decisions.filter(verb="asked").select_related("by").last()
    may_decide = alert.state == Alert.State.WAITING and policy.may_decide(alert, request.user)
    context = {
        "alert": alert,
        "now": now,
        "sentence": what_will_happen(alert, now),
        "expect": now.expectations,
        "when": when or WhenForm(initial=planned(alert)),
        "stage": StageForm(request.POST or None) if now.people >= StageForm.FROM else None,
        "staged": stage_sentence(alert),
        "let_go": let_go,
        "back": back,
        "refused": refused,
        "same": same,
        "problem_forms": [form for form in (when, let_go, back) if form is not None and form.is_bound and form.errors],
        "is_waiting": alert.state == Alert.State.WAITING,
        "is_own": is_own,
        "may_decide": may_decide,
        "why": policy.reasons_told(alert, of=asked.by, people=now.people) if may_decide and asked and asked.by else [],
        "may_write": request.user.may("alerts.write"),
        "outline_kind": outline_kind(),
        "enclosed": enclosed(alert),
        "plans": translated.plans(alert),
        "look": advice.look(alert, queries.jargon()),
        "asked": asked,
        "warning": warning_of(alert),
    }
    return render(request, "alerts/staff/check.html", context, status=409 if refused else 200)


def what_will_happen(alert: Alert, now: Situation) -> str:
    """One sentence: to whom, what, how, from whom and when."""
    if not now.ready:
        return "This alert cannot go yet."
    ways = [words for name, words in CHANNEL_WORDS.items() if alert.channels & CHANNELS[name]]
    needs_two = now.reasons or alert.state == Alert.State.WAITING
    moment = "as soon as it is approved" if needs_two else "as soon as you send it"
    if alert.scheduled_for and alert.scheduled_for > clock.now():
        moment = f"on {wording.uk_datetime(alert.scheduled_for)}"
    people = wording.people(now.people)
    if alert.practice:
        team, to = alert.team.name, "simulated addresses alone"
        return f"“{alert}” from {team} would get to {people}. As practice it goes to {to}, {moment}."
    away = now.paced.away if now.paced else 0
    some = wording.people(away).removesuffix(" people")
    but = f" But {some} of them are on holiday and will not." if away else ""
    return (
        f"{people[0].upper()}{people[1:]} will get “{alert}” from {alert.team.name} {wording.listed(ways)}, {moment}."
        f"{but}"
    )


def planned(alert: Alert) -> dict[str, Any]:
    """When it was begun for a day to come, that day is offered."""
    if alert.planned_for is None or alert.planned_for <= clock.today():
        return {}
    return {"when": "later", "day": alert.planned_for, "time": USUAL_TIME}


def stage_sentence(alert: Alert) -> str:
    """That only some get it at first; empty where all get it at once."""
    if not alert.first_stage:
        return ""
    until = f"for {alert.stage_minutes} minutes" if alert.stage_minutes else "until somebody goes on"
    return f"The first {alert.first_stage} get it first; then it waits {until}."


# What can be pressed ----------------------------------------------------------------------------------------------


def _let_go(
    request: StaffRequest, alert: Alert, act: Callable[..., Any], said: str, *, asks_when: bool = True
) -> HttpResponse:
    """Read what was pressed, do it, and come back to the page with a sentence where it is refused.

    ACT takes what the forms say: `again`, `confirmed` and, where the page ASKS_WHEN, `at` and `stage`.
    """
    let_go = LetGoForm(people_of(alert, request.user), request.POST)
    when = WhenForm(request.POST) if asks_when and "when" in request.POST else None
    stage = StageForm(request.POST)
    if not all(form.is_valid() for form in (let_go, when, stage) if form is not None):
        return _page(request, alert, when=when, let_go=let_go)
    told: dict[str, Any] = {"again": bool(let_go.cleaned_data.get("again")), "confirmed": True}
    if asks_when:
        told |= {"at": when.moment() if when else None, "stage": stage.cleaned_data["stage"] or None}
    try:
        act(**told)
    except (PastTime, NotATime) as wrong:
        when = when or WhenForm()
        when.add_error("time", str(wrong))
        return _page(request, alert, when=when, let_go=let_go)
    except AlreadySent as twice:
        return _page(request, alert, when=when, same=True, refused=str(twice))
    except RuleBroken as refused:
        alert.refresh_from_db()
        return _page(request, alert, when=when, refused=str(refused))
    messages.success(request, said)
    return redirect("alerts_staff:detail", alert.ref)


@require_http_methods(BOTH)
@needs("alerts.write")
def ask(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    if request.method != "POST" or alert.state not in OPEN:
        return redirect("alerts_staff:check", ref)
    act = partial(actions.ask_for_approval, alert=alert, by=request.user)
    return _let_go(request, alert, act, "Asked for approval. It goes when somebody has approved it.")


@require_http_methods(BOTH)
@needs("alerts.write")
def send(request: StaffRequest, ref: str) -> HttpResponse:
    """Send at once or at the time chosen on the same form."""
    alert = queries.alert_for(request.user, ref)
    if request.method != "POST" or alert.state not in OPEN:
        return redirect("alerts_staff:check", ref)

    def act(*, at: datetime | None, **told: Any) -> Alert:
        if at is None:
            return actions.send_now(alert=alert, by=request.user, **told)
        return actions.schedule(alert=alert, at=at, by=request.user, **told)

    later = request.POST.get("when") == "later"
    return _let_go(request, alert, act, "Scheduled." if later else "It starts going out now.")


@require_http_methods(BOTH)
@needs("alerts.write")
def schedule(request: StaffRequest, ref: str) -> HttpResponse:
    """A door of its own for scheduling: the same form with a time."""
    return send(request, ref)


@require_http_methods(BOTH)
@needs("alerts.approve")
def approve(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    if request.method != "POST":
        return redirect("alerts_staff:check", ref)
    read = request.POST.get("version", "")
    version = int(read) if read.isdecimal() else None
    act = partial(actions.approve, alert=alert, by=request.user, version=version)
    return _let_go(request, alert, act, "Approved.", asks_when=False)


@require_http_methods(BOTH)
@needs("alerts.approve")
def send_back(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    if request.method != "POST":
        return redirect("alerts_staff:check", ref)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _page(request, alert, back=form)
    actions.send_back(alert=alert, comment=form.cleaned_data["comment"], by=request.user)
    messages.success(request, "Sent back to the author.")
    return redirect("alerts_staff:list")


@require_http_methods(BOTH)
@needs("alerts.write")
def test(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    if request.method == "POST":
        try:
            actions.send_test(alert=alert, by=request.user)
        except RuleBroken as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"A test is on its way to {request.user.email}, and to nobody else.")
    return redirect("alerts_staff:check", ref)


@require_http_methods(BOTH)
@needs("alerts.write")
def take_back(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    if request.method == "POST":
        actions.take_back(alert=alert, by=request.user)
        messages.success(request, "It is a draft again. Nobody is asked to approve it now.")
        return redirect("alerts_staff:edit", ref)
    return _confirm(
        request, alert, "Take it back and go on writing?", "Take it back", ["Whoever approves it next reads it anew."]
    )


@require_http_methods(BOTH)
@needs("alerts.write")
def unschedule(request: StaffRequest, ref: str) -> HttpResponse:
    alert = queries.alert_for(request.user, ref)
    if request.method == "POST":
        actions.unschedule(alert=alert, by=request.user)
        messages.success(request, "It will not go out. It is a draft again.")
        return redirect("alerts_staff:edit", ref)
    points = ["It becomes a draft again.", "An approval it had no longer counts."]
    return _confirm(request, alert, f"Do not send “{alert}”?", "Do not send it", points)


def _confirm(
    request: StaffRequest, alert: Alert, sentence: str, button: str, points: list[str], form: Form | None = None
) -> HttpResponse:
    context = {"alert": alert, "sentence": sentence, "button": button, "points": points, "ask": form}
    return render(request, "alerts/staff/confirm.html", context)
