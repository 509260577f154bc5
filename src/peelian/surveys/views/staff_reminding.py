"""What was sent to invite people: whom, by which sample, and reminding those who have not answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core.errors import RuleBroken
from peelian.core.wording import plural_count, uk_date
from peelian.surveys import actions, inviting, queries, reminding, sampling
from peelian.surveys.frames import asking
from peelian.surveys.frames.models import Frame
from peelian.surveys.frames.queries import frame_for
from peelian.surveys.models import Survey


class DayForm(forms.Form):
    mark_optional = False
    on = forms.DateField(
        label="Let it go by itself on", widget=forms.DateInput,
        help_text="At 10 in the morning, to who has not answered by then.",
        error_messages={"required": "Choose a day"},
    )  # fmt: skip


@require_safe
@needs("surveys.read")
def listed(request: StaffRequest, ref: str) -> HttpResponse:
    """Every mailing, with its sample; what waits; and what may be sent next."""
    survey = queries.survey_for(request.user, ref)
    mailings = queries.mailings(survey)
    rows = [
        {"one": one, "plan": sampling.plan_of(one.settings), "strata": sampling.strata_of(one.settings)}
        for one in mailings
    ]
    to_audience = [one for one in mailings if one.frame_id is None]
    context = {
        "survey": survey,
        "rows": rows,
        "waiting": queries.waiting(survey),
        "to_audience": to_audience,
        "stop": reminding.stops(survey, to_audience),
        "may_write": request.user.may("surveys.write"),
        "invited": inviting.invited(survey),
    }
    return render(request, "surveys/staff/invitations.html", context | planned(survey, to_audience))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("surveys.write")
def remind(request: StaffRequest, ref: str) -> HttpResponse:
    """Whom of an audience a reminder goes to, in numbers; the button, and a day on which it goes by itself."""
    survey = queries.survey_for(request.user, ref)
    return _remind(request, survey, None, reverse("surveys_staff:invitations", args=[ref]))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("surveys.frames")
def remind_list(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """The same for a list."""
    frame = frame_for(request.user, ref, pk)
    asking.must(frame, request.user)
    return _remind(request, frame.survey, frame, reverse("surveys_staff:frame", args=[ref, pk]))


@require_safe
@needs("surveys.read")
def progress(request: StaffRequest, ref: str) -> HttpResponse:
    """How far the job is that makes a reminder ready: a part of the page, asked for every two seconds meanwhile."""
    survey = queries.survey_for(request.user, ref)
    context = planned(survey, reminding.sent(survey))
    answer = render(request, "surveys/staff/_reminder_progress.html", context | {"survey": survey})
    if context["planned"] is None:
        answer["HX-Refresh"] = "true"
    return answer


def planned(survey: Survey, mailings: list[Any], frame: Frame | None = None) -> dict[str, Any]:
    """The reminder that waits, for `surveys/staff/_reminder_waits.html`."""
    found = queries.planned_reminder(survey, frame)
    looked = found.settings.get("looked", 0) if found else 0
    return {"planned": found, "looked": looked, "to_look_at": reminding.invited(mailings)}


def _remind(request: StaffRequest, survey: Survey, frame: Frame | None, back: str) -> HttpResponse:
    form = DayForm(request.POST if request.POST.get("do") == "plan" else None)
    refused = ""
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            messages.success(request, _pressed(request, survey, frame, form))
        except RuleBroken as problem:
            refused = str(problem)
        else:
            return redirect(back)
    context = _page(survey, frame) | {"form": form, "refused": refused, "back": back}
    context["may_send"] = frame is None or asking.may_send(request.user)
    return render(request, "surveys/staff/remind.html", context)


def _pressed(request: StaffRequest, survey: Survey, frame: Frame | None, form: DayForm) -> str:
    """Do what the button says; returns what to tell of it."""
    by = request.user
    if form.is_bound:
        made = actions.plan_reminder(survey=survey, frame=frame, by=by, on=form.cleaned_data["on"])
        assert made.due_on is not None
        return f"The reminder goes by itself on {uk_date(made.due_on)}."
    if request.POST.get("do") == "drop":
        actions.drop_reminder(survey=survey, frame=frame, by=by)
        return "The planned reminder does not go."
    number = request.POST.get("number", "")
    send = actions.remind(survey=survey, frame=frame, by=by, number=int(number) if number in ("1", "2") else 0)
    if send is None:
        return "The reminder goes as soon as it is known who has answered."
    return f"The reminder is on its way to {plural_count(send.recipients, 'address,addresses')}."


def _page(survey: Survey, frame: Frame | None) -> dict[str, Any]:
    mailings = reminding.sent(survey, frame)
    gone, invited = reminding.reminders_sent(mailings), reminding.invited(mailings)
    return {
        "survey": survey,
        "frame": frame,
        "stop": reminding.stops(survey, mailings),
        "number": min(gone + 1, reminding.MOST),
        "most": reminding.MOST,
        "days_apart": reminding.APART.days,
        "invited": invited,
        "answers": queries.answers_so_far(survey),
        "due": reminding.due_now(survey, mailings, frame),
        "may_plan": bool(mailings) and gone < reminding.MOST and survey.takes_answers,
        **planned(survey, mailings, frame),
    }
