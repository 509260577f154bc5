"""What a program may begin for a member of staff: a meeting or a promise, as a draft that a person publishes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from ninja import Schema

from peelian.accounts import queries as accounts
from peelian.accounts.models import Staff
from peelian.api import errors
from peelian.api.tokens import StaffToken
from peelian.api.v1 import schemas
from peelian.api.v1.router import router
from peelian.api.v1.staff import Asked, once
from peelian.events import actions as planning
from peelian.events.forms.planning import EventForm
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.priorities import actions as promising
from peelian.priorities.errors import DayPassed, NeedsDay

# What goes into the form as it was sent
AS_SENT = (
    "kind", "title", "summary", "again", "public", "venue", "address", "postcode", "access", "online_url", "offered",
    "languages", "partners", "takes_sign_ups",
)  # fmt: skip


@router.post("/events", response={201: schemas.Drafted}, auth=StaffToken("events:write"), summary="Plan an event")
@once(201)
def plan_event(request: Asked, event: schemas.NewEvent) -> Schema:
    """A draft, by the same rules as the form on the pages; somebody of the team publishes it."""
    by = request.auth.staff
    team = accounts.teams_in_scope(by).filter(slug=event.team).first()
    if team is None:
        raise errors.FieldProblems([{"pointer": "/team", "detail": "You plan for no team of that name."}])
    given: dict[str, Any] = {name: getattr(event, name) for name in AS_SENT}
    given |= {"team": team.pk, "area": _area(event.area, by).pk, "capacity": event.capacity or ""}
    given |= {"day": event.day.isoformat(), "starts": f"{event.starts:%H:%M}", "ends": f"{event.ends:%H:%M}"}
    form = EventForm(by, None, given)
    if not form.is_valid():
        raise errors.FieldProblems(_pointed(form))
    made = planning.create_event(by=by, **form.fields_of_event())
    page = reverse("events_staff:event", args=[made.ref])
    return _drafted(made.ref, page)


@router.post("/promises", response={201: schemas.Drafted}, auth=StaffToken("promises:write"), summary="Write a promise")
@once(201)
def write_promise(request: Asked, promise: schemas.NewPromise) -> Schema:
    """A draft; residents read it once somebody who may has published it."""
    by = request.auth.staff
    area = _area(promise.area, by)
    given: dict[str, Any] = {name: getattr(promise, name).strip() for name in ("said", "channel", "will_do")}
    if empty := [name for name, text in given.items() if not text]:
        raise errors.FieldProblems([{"pointer": f"/{name}", "detail": "It is empty."} for name in empty])
    try:
        made = promising.make_promise(area=area, due_on=promise.due_on, owner=by, issues=[], by=by, **given)
    except (NeedsDay, DayPassed) as problem:
        raise errors.FieldProblems([{"pointer": "/due_on", "detail": str(problem)}]) from None
    return _drafted(made.ref, reverse("priorities_staff:promise", args=[made.ref]))


def _area(code: str, by: Staff) -> Area:
    """An area of the pages, in the person's scope."""
    within = accounts.scope_area_ids(by)
    found = places.current_areas(within=within).filter(code=code, kind__in=Area.ADMINISTRATIVE).first()
    if found is None:
        raise errors.FieldProblems([{"pointer": "/area", "detail": f"There is no area of the code {code} in yours."}])
    return found


def _pointed(form: EventForm) -> list[dict[str, str]]:
    """A form's errors, each at the field of the body that bears the same name."""
    return [
        {"pointer": "" if name == "__all__" else f"/{name}", "detail": f"{sentence.rstrip('.')}."}
        for name, sentences in form.errors.items()
        for sentence in map(str, sentences)
    ]


def _drafted(ref: str, page: str) -> Schema:
    return schemas.Drafted(ref=ref, state="draft", page=settings.PEELIAN_BASE_URL + page)
