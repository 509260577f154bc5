"""What waited on an officer's phone until there was a signal (members.waiting): visits and answers. Both may come in
one entry, and are taken in apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.accounts.models import Staff
from peelian.core.errors import Gone, RuleBroken
from peelian.core.fields import plain_errors
from peelian.members import waiting
from peelian.members.errors import NotOpened
from peelian.surveys import queries as surveys
from peelian.surveys.doors import language_of
from peelian.surveys.doorstep import actions, queries
from peelian.surveys.doorstep.forms import VisitForm
from peelian.surveys.doorstep.models import RoundDoor
from peelian.surveys.doorstep.views_phone import questions, whole
from peelian.surveys.errors import NoSuchSurvey
from peelian.surveys.models import Version

Said = dict[str, Any]
DONE: Said = {"now": "done"}


@require_safe
@needs("surveys.field")
def worker(request: StaffRequest) -> HttpResponse:
    """The service worker that keeps the streets and questions."""
    return waiting.worker(reverse("surveys_staff:doors"), "surveys/answering.css", "surveys/doorstep.js")


@require_POST
@needs("surveys.field")
def send(request: StaffRequest) -> HttpResponse:
    """Entries from the phone, each with its answer: `done`, `wrong` with what was typed and the sentence beside each
    field, or `lost` when nobody can open it or its street is gone. Answers are taken in first, by their random numbers
    and not in the order of the visits."""
    entries = waiting.entries(request)
    said: dict[UUID, Said] = {}
    opened: dict[UUID, tuple[Said, datetime]] = {}
    for entry in entries:
        try:
            opened[entry.number] = entry.opened(request.user)
        except NotOpened as problem:
            said[entry.number] = _lost(str(problem))
    for number in sorted(opened):
        said[number] = _answer(request.user, number, opened[number][0])
    for number, (typed, saved) in opened.items():
        if said[number] == DONE:
            said[number] = _visit(request.user, typed, saved)
    return JsonResponse({"answers": [{"id": str(entry.number)} | said[entry.number] for entry in entries]})


def _lost(sentence: str) -> Said:
    return {"now": "lost", "sentence": sentence}


def _answer(staff: Staff, number: UUID, typed: Said) -> Said:
    """Take in what was answered, if anything was; whatever came of the visit comes by itself."""
    if "answers" not in typed:
        return DONE
    try:
        survey = surveys.survey_for(staff, str(typed.get("survey", "")))
    except NoSuchSurvey as problem:
        return _lost(str(problem))
    if queries.is_taken(survey, number):
        return DONE
    version = surveys.version_of(survey, str(typed.get("version", ""))) or survey.live
    assert version is not None  # what has a round has been opened
    code = language_of(survey, str(typed.get("language", "")))
    form = questions(survey, version, code, _data(typed["answers"]))
    if not form.is_valid():
        return _wrong(typed, version, code, {bound.name: plain_errors(bound) for bound in form if bound.errors})
    try:
        actions.answer(survey=survey, number=number, version=version, given=form.values, language=code)
    except (RuleBroken, Gone) as problem:
        return _wrong(typed, version, code, {"": [str(problem)]})
    return DONE


def _wrong(typed: Said, version: Version, language: str, errors: dict[str, list[str]]) -> Said:
    """With the page on which it is put right: that of the questions as they were asked, should they have changed."""
    place = reverse("surveys_staff:door_ask", args=[whole(typed.get("street")), language or "en"])
    at = f"{place}?door={whole(typed.get('door'))}&version={version.number}"
    return {"now": "wrong", "at": at, "typed": typed["answers"], "errors": errors}


def _visit(staff: Staff, typed: Said, saved: datetime) -> Said:
    """What came of the visit; where the addresses have been deleted meanwhile, there is nothing to mark."""
    outcome = RoundDoor.Outcome.DONE if "answers" in typed else typed.get("outcome")
    try:
        form = VisitForm(queries.street_for(staff, whole(typed.get("street"))), typed | {"outcome": outcome})
    except NoSuchSurvey:
        return DONE if "answers" in typed else _lost("That street is on no list any more.")
    if form.is_valid():
        actions.visit(**form.cleaned_data, by=staff, at=saved)
    elif "answers" not in typed:
        return _lost("That door is on no list any more.")
    return DONE


def _data(answers: Any) -> QueryDict:
    """What was typed, lists by name, as the form would have been sent."""
    data = QueryDict(mutable=True)
    for name, values in answers.items() if isinstance(answers, dict) else ():
        data.setlist(str(name), [str(one) for one in values] if isinstance(values, list) else [str(values)])
    return data
