"""What a program may read and do for a member of staff: with a token, by the same queries and actions as the pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Schema

from peelian.accounts import queries as accounts
from peelian.alerts import actions as alerting
from peelian.alerts import audience
from peelian.alerts import queries as alerts
from peelian.alerts.errors import AudienceProblem, NeedsSecondPerson
from peelian.alerts.models import Alert
from peelian.api import actions, errors
from peelian.api.models import Token
from peelian.api.tokens import StaffToken
from peelian.api.v1 import paging, schemas
from peelian.api.v1.open_data import brief
from peelian.api.v1.router import router
from peelian.conversations import queries as conversations
from peelian.core.suppression import small, suppress_by
from peelian.members import queries as members
from peelian.members.models import CHANNELS, Topic

FEWEST_RATINGS = 5


class Asked(HttpRequest):
    """A request that has come through StaffToken."""

    auth: Token


def once(status: int) -> Callable[[Callable[..., Schema]], Callable[..., HttpResponse]]:
    """A writing address: done in one transaction, once for each Idempotency-Key, and answered with STATUS."""

    def writing(view: Callable[..., Schema]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def written(request: Asked, **given: Any) -> HttpResponse:
            code, said, replayed = actions.once(
                token=request.auth,
                key=request.headers.get("Idempotency-Key", ""),
                method=str(request.method),
                path=request.path,
                body=request.body,
                operation=view.__name__,
                do=lambda: (status, view(request, **given).model_dump(mode="json")),
            )
            answer = JsonResponse(said, status=code)
            if replayed:
                answer["Idempotent-Replayed"] = "true"
            return answer

        return written

    return writing


@router.get("/me", response=schemas.Me, auth=StaffToken(), summary="This token")
def me(request: Asked) -> dict[str, Any]:
    token = request.auth
    return {
        "token": token.name,
        "role": token.staff.role,
        "scopes": token.scopes,
        "areas": [brief(area) for area in token.staff.scope.order_by("code")],
        "teams": list(accounts.teams_to_write_for(token.staff).values_list("slug", flat=True)),
        "expires_on": token.expires_on,
    }


# Alerts --------------------------------------------------------------------------------------------------------------


@router.get("/staff/alerts", response=schemas.OwnAlertPage, auth=StaffToken("alerts:read"), summary="Alerts in scope")
def list_own_alerts(request: Asked, state: schemas.State | None = None, cursor: schemas.Cursor = "") -> dict[str, Any]:
    """Of the teams in the member of staff's scope, drafts too, last saved first."""
    rows = alerts.alerts_for(request.auth.staff, state=state or "")
    found, following = paging.by_time(request, rows, "saved_at", cursor)
    return {"items": [_own(one) for one in found], "next": following}


@router.get(
    "/staff/alerts/{ref}", response=schemas.OwnAlert, auth=StaffToken("alerts:read"), summary="An alert in scope"
)
def one_own_alert(request: Asked, ref: str) -> dict[str, Any]:
    found = alerts.alert_for(request.auth.staff, ref)
    missing = alerts.missing(found) if found.state == Alert.State.DRAFT else []
    return _own(found) | {"missing": missing}


@router.get(
    "/staff/alerts/{ref}/results", response=schemas.Results, auth=StaffToken("alerts:read"), summary="How an alert went"
)
def results(request: Asked, ref: str) -> dict[str, Any]:
    alert = alerts.alert_for(request.auth.staff, ref)
    found = alerts.results(alert)
    told = {name: _told(getattr(found, name)) for name in ("people", "recipients", "handed_over", "delivered")}
    told |= {name: _told(getattr(found, name)) for name in ("failed", "replies", "left")}
    enough = found.ratings.base >= FEWEST_RATINGS
    return told | {
        "ref": alert.ref,
        "state": alert.state,
        "by_channel": suppress_by(found.by_channel),
        "visits": found.visits,
        "rating": round(found.ratings.mean, 2) if enough and found.ratings.mean else None,
        "ratings": _told(found.ratings.base),
    }


@router.post("/alerts", response={201: schemas.OwnAlert}, auth=StaffToken("alerts:write"), summary="Write an alert")
@once(201)
def write_alert(request: Asked, alert: schemas.NewAlert) -> Schema:
    """A draft, complete or not; nothing is sent. The audience is as `/staff/alerts/…` keeps it."""
    by = request.auth.staff
    team = accounts.teams_to_write_for(by).filter(slug=alert.team).first()
    if team is None:
        raise errors.FieldProblems([{"pointer": "/team", "detail": "You do not write for a team of that name."}])
    fields = _fields(alert)
    draft = alerting.create_draft(team=team, by=by)
    draft = alerting.save_draft(alert=draft, version=draft.version, by=by, **fields)
    saved = alerts.alert_for(by, draft.ref)
    return schemas.OwnAlert.model_validate(_own(saved) | {"missing": alerts.missing(saved)})


@router.post(
    "/alerts/{ref}/send", response={202: schemas.Going}, auth=StaffToken("alerts:write"), summary="Send it, or ask"
)
@once(202)
def send_alert(request: Asked, ref: str, how: schemas.Sending) -> Schema:
    """It goes where the rules let its author send alone; otherwise somebody else is asked to approve it, and `reasons`
    says why."""
    by = request.auth.staff
    draft = alerts.alert_for(by, ref)
    confirmed = _confirmed(draft, how.people, request)
    given: dict[str, Any] = {"by": by, "again": how.again, "confirmed": confirmed}
    reasons: list[str] = []
    try:
        with transaction.atomic():
            if how.at is None:
                gone = alerting.send_now(alert=draft, **given)
            else:
                gone = alerting.schedule(alert=draft, at=how.at, **given)
    except NeedsSecondPerson as asked:
        reasons = [reason.sentence for reason in asked.reasons]
        gone = alerting.ask_for_approval(alert=alerts.alert_for(by, ref), at=how.at, **given)
    except AudienceProblem as problem:
        raise _pointed(problem) from None
    said = {"ref": gone.ref, "state": gone.state, "people": _told(gone.people), "reasons": reasons}
    return schemas.Going.model_validate(said)


def _confirmed(draft: Alert, people: int | None, request: Asked) -> bool:
    if people is None:
        return False
    try:
        counted = alerting.count_audience(alert=draft, by=request.auth.staff)
    except AudienceProblem as problem:
        raise _pointed(problem) from None
    if counted.people != people:
        raise errors.NotThatMany(f"It reaches {counted.said}, not {people:,}. Look again, then send that number.")
    return True


def _fields(alert: schemas.NewAlert) -> dict[str, Any]:
    """What save_draft takes of what was sent."""
    given = alert.model_dump(include={"title", "priority", "happening", "doing", "can_do", "restricted", "ends_on"})
    given["channels"] = sum(CHANNELS[name] for name in set(alert.channels))
    if alert.type is not None:
        given["topic"] = _topic(alert.type)
    if alert.audience is not None:
        given["audience"] = alert.audience.model_dump(exclude_defaults=True)
        try:
            audience.parse(given["audience"])
        except AudienceProblem as problem:
            raise _pointed(problem) from None
    return given


def _topic(slug: str) -> Topic:
    found = members.topics().filter(slug=slug).first()
    if found is None:
        raise errors.FieldProblems([{"pointer": "/type", "detail": str(errors.NoSuchType())}])
    return found


def _pointed(problem: AudienceProblem) -> errors.FieldProblems:
    places = ["/audience" if one.clause is None else f"/audience/clauses/{one.clause}" for one in problem.problems]
    return errors.FieldProblems(
        [{"pointer": at, "detail": one.sentence} for at, one in zip(places, problem.problems, strict=True)]
    )


def _own(alert: Alert) -> dict[str, Any]:
    return {
        "ref": alert.ref,
        "title": alert.title,
        "state": alert.state,
        "type": alert.topic.slug if alert.topic else None,
        "priority": alert.priority,
        "team": alert.team.slug,
        "practice": alert.practice,
        "version": alert.version,
        "people": _told(alert.people),
        "scheduled_for": alert.scheduled_for,
        "sent_at": alert.sent_at,
        "saved_at": alert.saved_at,
    }


def _told(count: int | None) -> int | None:
    """Numbers of people small enough to point at somebody are not told."""
    return None if count is None or small(count) else count


# Conversations -------------------------------------------------------------------------------------------------------


@router.get(
    "/staff/threads",
    response=schemas.ThreadPage,
    auth=StaffToken("conversations:read"),
    summary="Conversations",
)
def list_threads(
    request: Asked, state: schemas.ThreadState | None = None, cursor: schemas.Cursor = ""
) -> dict[str, Any]:
    """Which there are and how long they wait. No words, no subject, nobody's name or address."""
    rows = conversations.threads_of(request.auth.staff)
    rows = rows.filter(state=state) if state else rows
    rows = conversations.with_last_message(rows).select_related("team", "area").prefetch_related("tags")
    found, following = paging.by_time(request, rows, "last_at", cursor)
    return {"items": [_thread(one) for one in found], "next": following}


def _thread(thread: Any) -> dict[str, Any]:
    kind, _, ref = thread.about.partition(":")
    return {
        "id": thread.pk,
        "team": thread.team.slug,
        "state": thread.state,
        "about": ref if kind == "alert" else None,
        "area": thread.area.code if thread.area else None,
        "opened_at": thread.opened_at,
        "last_at": thread.last_at,
        "waiting_since": thread.waiting_since,
        "due_at": thread.due_at,
        "last_message": thread.last_message,
        "tags": [tag.name for tag in thread.tags.all()],
    }
