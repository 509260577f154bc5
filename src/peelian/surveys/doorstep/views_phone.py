"""On an officer's phone: the streets to visit, the doors of one, the questions on one page. The visit and the
answers are taken in apart, and nothing that is kept says at which door an answer was given."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import clock, languages, wording
from peelian.core.errors import Gone, RuleBroken
from peelian.members import waiting
from peelian.surveys import queries as surveys
from peelian.surveys.doors import language_of
from peelian.surveys.doorstep import actions, queries
from peelian.surveys.doorstep.forms import AllQuestionsForm, VisitForm
from peelian.surveys.doorstep.models import RoundDoor, RoundStreet
from peelian.surveys.errors import NothingAnswered
from peelian.surveys.models import Survey, Version

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@needs("surveys.field")
def listed(request: StaffRequest) -> HttpResponse:
    """The streets with doors to visit."""
    context = {"rows": queries.streets_to_visit(request.user)} | waiting.kept(request)
    return render(request, "surveys/doorstep/streets.html", context)


@require_http_methods(GET_OR_POST)
@needs("surveys.field")
def street(request: StaffRequest, pk: int) -> HttpResponse:
    found = queries.street_for(request.user, pk)
    form = VisitForm(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        door = actions.visit(**form.cleaned_data, by=request.user)
        messages.success(request, _said(door))
        return redirect("surveys_staff:door_street", pk)
    context = {"street": found, "survey": found.round.survey, "doors": queries.doors_of(found), "form": form}
    context["behind"] = [reverse("surveys_staff:doors"), *_questionnaires(found)]
    return render(request, "surveys/doorstep/street.html", context | waiting.kept(request))


def _questionnaires(found: RoundStreet) -> list[str]:
    """The addresses of the questions, in each language, for the phone to keep."""
    spoken = ["en", *found.round.survey.languages]
    return [reverse("surveys_staff:door_ask", args=[found.pk, one]) for one in spoken]


def _said(door: RoundDoor) -> str:
    if not door.hidden_until:
        return f"{door.number}: {door.get_outcome_display().lower()}."
    local = door.hidden_until.astimezone(clock.LONDON)
    day = "at" if local.date() == clock.today() else "tomorrow at"
    return f"{door.number}: not in. It comes back {day} {wording.uk_time(door.hidden_until)}."


# The questions ----------------------------------------------------------------------------------------------------


@require_http_methods(GET_OR_POST)
@needs("surveys.field")
def ask(request: StaffRequest, pk: int, language: str) -> HttpResponse:
    """All questions on one page. Without script the answers and the visit come together, and are taken in apart."""
    found = queries.street_for(request.user, pk)
    survey = found.round.survey
    asked = request.POST.get("version") or request.GET.get("version", "")
    version = surveys.version_of(survey, asked) or survey.live
    assert version is not None  # what has a round has been opened, or is closed
    form = questions(survey, version, language, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        door = found.doors.filter(pk=whole(request.POST.get("door", ""))).first()
        try:
            actions.answer(
                survey=survey, number=_number(request.POST.get("id", "")), version=version, given=form.values,
                language=language_of(survey, language),
            )  # fmt: skip
        except (RuleBroken, Gone) as problem:
            form.add_error(None, str(problem))
        else:
            if door is not None:
                actions.visit(door=door, outcome=RoundDoor.Outcome.DONE, by=request.user)
            messages.success(request, "The answers have been taken in.")
            return redirect("surveys_staff:door_street", pk)
    return _questions(request, found, version, form, language)


def questions(survey: Survey, version: Version, language: str, data: Any = None) -> AllQuestionsForm:
    """The form of all questions, in the language that was asked for where the survey has it."""
    code = language_of(survey, language)
    asked = surveys.questionnaire(version)
    return AllQuestionsForm(asked, data, language=code, anonymous=survey.is_anonymous)


def _questions(
    request: StaffRequest, found: RoundStreet, version: Version, form: AllQuestionsForm, language: str
) -> HttpResponse:
    survey = found.round.survey
    code = language_of(survey, language)
    nothing = str(NothingAnswered())  # for the officer; the questions are in the resident's language
    with languages.reading(code):
        conditions = form.conditions()
        rows = [(asked, conditions.get(asked.question.key, "")) for asked in form.questions()]
        context = {
            "street": found,
            "survey": survey,
            "version": version.number,
            "form": form,
            "rows": rows,
            "door": whole(request.POST.get("door") or request.GET.get("door", "")),
            "number": uuid4(),
            "title": survey.words("title", code),
            "words_lang": code or languages.ENGLISH,
            "spoken": code or "en",
            "nothing": nothing,
            "behind": [reverse("surveys_staff:doors"), reverse("surveys_staff:door_street", args=[found.pk])],
            "choices": [(one, languages.own_name(one), one == (code or "en")) for one in ["en", *survey.languages]],
        }
        return render(request, "surveys/doorstep/ask.html", context | waiting.kept(request))


def whole(value: Any) -> int:
    """The number of a row that a phone sent as text; 0, which none has, for anything else."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
