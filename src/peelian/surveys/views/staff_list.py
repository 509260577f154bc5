"""The surveys of one's teams, one of them, and its opening and closing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import clock
from peelian.core.wording import plural_count, uk_date
from peelian.surveys import actions, definition, inviting, queries
from peelian.surveys.definition import say
from peelian.surveys.forms import StartForm
from peelian.surveys.models import Survey
from peelian.surveys.sealing import TOGETHER

GET_OR_POST = ["GET", "HEAD", "POST"]
SHOWN = 100


@require_safe
@needs("surveys.read")
def listed(request: StaffRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in Survey.State.values else ""
    rows = list(queries.listed(request.user, state)[:SHOWN])
    answered = queries.answered(rows)
    context = {
        "rows": [(row, answered.get(row.pk, 0)) for row in rows],
        "state": state,
        "states": [("", "All"), *Survey.State.choices],
        "full": len(rows) == SHOWN,
        "may_write": request.user.may("surveys.write"),
        "may_see_results": request.user.may("surveys.results"),
        "may_visit": request.user.may("surveys.field"),
    }
    return render(request, "surveys/staff/list.html", context)


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def new(request: StaffRequest) -> HttpResponse:
    form = StartForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = actions.make_survey(by=request.user, **form.start)
        messages.success(request, "A draft. Nobody sees it before you open it.")
        return redirect("surveys_staff:detail", made.ref)
    return render(request, "surveys/staff/new.html", {"form": form})


@require_safe
@needs("surveys.read")
def detail(request: StaffRequest, ref: str) -> HttpResponse:
    survey = queries.survey_for(request.user, ref)
    version = queries.working(survey)
    asked = queries.questionnaire(version)
    answered, boxed = queries.answers_so_far(survey), queries.boxed(survey)
    context = {
        "survey": survey,
        "version": version,
        "pages": _outline(asked),
        "missing": actions.missing(survey) if survey.state != Survey.State.OPEN or queries.has_changes(survey) else [],
        "has_changes": queries.has_changes(survey),
        "answered": answered,
        "boxed": boxed,
        "never": boxed and _over(survey) and (answered < TOGETHER or survey.closed_on != clock.today()),
        "together": TOGETHER,
        "mailings": queries.mailings(survey),
        "invited": inviting.invited(survey),
        "waiting": queries.waiting(survey),
        "may_write": request.user.may("surveys.write"),
        "may_see_results": request.user.may("surveys.results"),
        "may_call": request.user.may("surveys.call") and survey.takes_answers and survey.mailings.exists(),
        "may_frame": request.user.may("surveys.frames"),
        "may_enter": request.user.may("surveys.field") and survey.takes_answers,
        "languages": _languages(survey),
        "kinds": definition.KINDS,
        "is_last_wave": not Survey.objects.filter(first=survey.first or survey, wave__gt=survey.wave).exists(),
    }
    return render(request, "surveys/staff/detail.html", context)


def _over(survey: Survey) -> bool:
    return survey.state == Survey.State.CLOSED


def _outline(asked: definition.Questionnaire) -> list[dict[str, object]]:
    """The pages and questions as the list of them shows."""
    number = 0
    found = []
    for page in asked.pages:
        questions = []
        for one in page.questions:
            number += 1
            questions.append(
                {"number": number, "one": one, "text": say(one.text), "kind": definition.KINDS.get(one.kind)}
            )
        found.append({"page": page, "title": say(page.title), "intro": say(page.intro), "questions": questions})
    return found


def _languages(survey: Survey) -> list[tuple[str, str]]:
    from peelian.core.languages import own_name

    return [(code, own_name(code)) for code in survey.languages]


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def opening(request: StaffRequest, ref: str) -> HttpResponse:
    survey = queries.survey_for(request.user, ref)
    if request.method == "POST":
        survey = actions.open_survey(survey=survey, by=request.user)
        messages.success(request, _open_said(survey))
        return redirect("surveys_staff:share", ref)
    until = f" until {uk_date(survey.closes)}" if survey.closes else ", until you close it"
    since = f"From {uk_date(survey.opens)}" if survey.opens else "From now"
    who = "anybody who has the link and those you invite" if survey.open_link else "only those you invite"
    whose = "Nobody can tell whose answers are whose; that is settled from now on."
    named = "Staff can see who answered what; people are told so first, and that is settled from now on."
    points = [f"{since}{until}, {who} can answer.", whose if survey.is_anonymous else named]
    points.append("Nothing is sent by this. You can change the questions later; who has begun ends as they began.")
    context = {"survey": survey, "missing": actions.missing(survey), "points": points}
    context |= {"sentence": f"Open “{survey}”?", "button": "Open the survey", "kind": ""}
    return render(request, "surveys/staff/confirm.html", context)


def _open_said(survey: Survey) -> str:
    if survey.takes_answers:
        return "The survey is open. Share its link, or invite people."
    return f"The survey opens on {uk_date(survey.opens)}." if survey.opens else "The survey is open."


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def closing(request: StaffRequest, ref: str) -> HttpResponse:
    survey = queries.survey_for(request.user, ref)
    if request.method == "POST":
        actions.close_survey(survey=survey, by=request.user)
        messages.success(request, "The survey has closed. Its links say so.")
        return redirect("surveys_staff:detail", ref)
    so_far = plural_count(queries.answers_so_far(survey), "person,people")
    points = [f"{so_far} answered so far. Nobody can answer after this, also not who has begun."]
    if survey.is_anonymous:
        points.append(
            f"Where fewer than {TOGETHER} answered by invitation in all, or by other ways, those answers stay sealed:"
            " nobody ever reads them."
        )
    points.append("You can open it again.")
    context = {"survey": survey, "points": points, "sentence": f"Close “{survey}”?", "button": "Close the survey"}
    return render(request, "surveys/staff/confirm.html", context | {"kind": "warning"})


@require_POST
@needs("surveys.write")
def publish(request: StaffRequest, ref: str) -> HttpResponse:
    survey = queries.survey_for(request.user, ref)
    actions.publish(survey=survey, by=request.user)
    messages.success(request, "The changed questions are asked from now on. Who has begun ends as they began.")
    return redirect("surveys_staff:detail", ref)


@require_POST
@needs("surveys.write")
def wave(request: StaffRequest, ref: str) -> HttpResponse:
    made = actions.next_wave(survey=queries.survey_for(request.user, ref), by=request.user)
    messages.success(request, "A draft of the next wave, with the same questions.")
    return redirect("surveys_staff:detail", made.ref)


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def discard(request: StaffRequest, ref: str) -> HttpResponse:
    survey = queries.survey_for(request.user, ref)
    if request.method == "POST":
        actions.discard(survey=survey, by=request.user)
        messages.success(request, "The draft has been thrown away.")
        return redirect("surveys_staff:list")
    context = {"survey": survey, "points": ["The draft cannot be brought back."], "kind": "warning"}
    context |= {"sentence": f"Throw away “{survey}”?", "button": "Throw the draft away"}
    return render(request, "surveys/staff/confirm.html", context)
