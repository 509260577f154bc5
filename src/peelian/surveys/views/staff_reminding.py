"""What was sent to invite people: whom, by which sample, and reminding those who have not answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core.errors import RuleBroken
from peelian.core.wording import plural_count, uk_date
from peelian.surveys import actions, inviting, queries, reminding, sampling
from peelian.surveys.models import Mailing, Survey


class DayForm(forms.Form):
    mark_optional = False
    on = forms.DateField(
        label="Or let it go by itself on", widget=forms.DateInput,
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
    context = {
        "survey": survey,
        "rows": rows,
        "waiting": queries.waiting(survey),
        "planned": queries.planned_reminder(survey),
        "stop": reminding.stops(survey, reminding.sent(survey)),
        "may_write": request.user.may("surveys.write"),
        "invited": inviting.invited(survey),
    }
    return render(request, "surveys/staff/invitations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("surveys.write")
def remind(request: StaffRequest, ref: str) -> HttpResponse:
    """Whom a reminder goes to, in numbers; the button, and a day on which it goes by itself."""
    survey = queries.survey_for(request.user, ref)
    form = DayForm(request.POST if request.POST.get("do") == "plan" else None)
    refused = ""
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            messages.success(request, _pressed(request, survey, form))
        except RuleBroken as problem:
            refused = str(problem)
        else:
            return redirect("surveys_staff:invitations", ref)
    return render(request, "surveys/staff/remind.html", _page(survey) | {"form": form, "refused": refused})


def _pressed(request: StaffRequest, survey: Survey, form: DayForm) -> str:
    """Do what the button says; returns what to tell of it."""
    if form.is_bound:
        planned = actions.plan_reminder(survey=survey, by=request.user, on=form.cleaned_data["on"])
        assert planned.due_on is not None
        return f"The reminder goes by itself on {uk_date(planned.due_on)}."
    if request.POST.get("do") == "drop":
        actions.drop_reminder(survey=survey, by=request.user)
        return "The planned reminder does not go."
    number = request.POST.get("number", "")
    send = actions.remind(survey=survey, by=request.user, number=int(number) if number in ("1", "2") else 0)
    return f"The reminder is on its way to {plural_count(send.recipients, 'address,addresses')}."


def _page(survey: Survey) -> dict[str, Any]:
    mailings = reminding.sent(survey)
    stop = reminding.stops(survey, mailings)
    went = any(one.kind == Mailing.Kind.INVITATION for one in mailings)
    return {
        "survey": survey,
        "stop": stop,
        "planned": queries.planned_reminder(survey),
        "number": reminding.reminders_sent(mailings) + 1,
        "most": reminding.MOST,
        "due": reminding.due(survey, mailings) if went else None,
        "may_plan": went and reminding.reminders_sent(mailings) < reminding.MOST and survey.takes_answers,
    }
