"""Lists of people for a survey of victims: bringing one in, what became of each row, inviting, deleting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.audit.actions import record
from peelian.core import charts, csv_files
from peelian.core.errors import RuleBroken
from peelian.core.messages import TOKEN
from peelian.core.wording import people as people_said
from peelian.core.wording import plural_count
from peelian.surveys import queries as surveys
from peelian.surveys import reminding
from peelian.surveys.errors import AnsweredAlready, NotReady
from peelian.surveys.frames import asking, calling, comparing, importing, keeping, queries, reading
from peelian.surveys.frames import renderer as rendering
from peelian.surveys.frames.models import Frame
from peelian.surveys.frames.rules import WORDS, Reason
from peelian.surveys.models import Mailing
from peelian.surveys.views.staff_reminding import planned
from peelian.surveys.views.staff_results import head

GET_OR_POST = ["GET", "HEAD", "POST"]
TEMPLATE = [
    ("43/1234/26", "Residential burglary", "2026-03-27", "yes", "name@example.com", "", "HS1 2AB", "42", "no", "no"),
    ("43/1250/26", "Theft from a vehicle", "2026-03-28", "yes", "", "07700 900123", "W00", "", "", ""),
]


class ListForm(forms.Form):
    file = forms.FileField(
        label="The list, as CSV",
        help_text="Of the force’s own crime system. Who must not be asked is left out, whatever it says.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class CallForm(forms.Form):
    who = forms.CharField(
        label="Reference, email address or mobile number",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give the reference, the email address or the mobile number"},
    )
    why = forms.ChoiceField(
        label="Why do you look them up?",
        choices=[("", "Choose a reason"), *calling.REASONS.items()],
        error_messages={"required": "Choose why you look them up"},
    )


def said_of(left_out: dict[str, int]) -> list[tuple[str, int]]:
    """Why how many rows were left out, in words, in the order of the rules."""
    return [(WORDS[reason], left_out[reason]) for reason in Reason if left_out.get(reason)]


@require_http_methods(GET_OR_POST)
@needs("surveys.frames")
def listed(request: StaffRequest, ref: str) -> HttpResponse:
    """The lists of a survey, and the form that brings one in. "Look it through" changes nothing."""
    survey = surveys.survey_for(request.user, ref)
    posted = request.method == "POST"
    form = ListForm(request.POST if posted else None, request.FILES if posted else None)
    tried = None
    if form.is_valid():
        file, dry_run = form.cleaned_data["file"], "check" in request.POST
        content = file.read(reading.LARGEST + 1)
        try:
            done = importing.import_upload(content, file.name, survey=survey, by=request.user, dry_run=dry_run)
        except RuleBroken as problem:
            for sentence in str(problem).splitlines():
                form.add_error("file", sentence)
        else:
            if not dry_run:
                messages.success(request, f"{done.said}.")
                return redirect("surveys_staff:frame", ref, done.frame.pk)
            tried = _report(done.frame)
    context = {
        "survey": survey, "form": form, "tried": tried, "columns": reading.COLUMNS, "required": reading.REQUIRED,
        "rows": [{"frame": one, "until": keeping.deleted_by(one)} for one in queries.frames_of(survey)],
    }  # fmt: skip
    return render(request, "surveys/staff/frames.html", context)


def _report(frame: Frame) -> dict[str, Any]:
    return {"frame": frame, "left_out": said_of(frame.left_out), "out": sum(frame.left_out.values())}


@require_safe
@needs("surveys.frames")
def template(request: StaffRequest, ref: str) -> Any:
    surveys.survey_for(request.user, ref)
    heads = [*reading.REQUIRED, *reading.CONTACTS, "area", "age", "child", "domestic_abuse"]
    return csv_files.download("people-of-a-survey", heads, TEMPLATE)


@require_safe
@needs("surveys.frames")
def detail(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    frame = queries.frame_for(request.user, ref, pk)
    cells, sent = list(frame.cells.all()), reminding.sent(frame.survey, frame)
    context = _report(frame) | {
        "survey": frame.survey,
        "crimes": queries.crimes(cells),
        "sent": sent,
        "until": keeping.deleted_by(frame),
        "reminders": reminding.reminders_sent(sent),
        "most": reminding.MOST,
        "from_when": reminding.earliest(sent),
        "may_send": asking.may_send(request.user),
        **planned(frame.survey, sent, frame),
    }
    return render(request, "surveys/staff/frame.html", context)


@require_http_methods(GET_OR_POST)
@needs("surveys.frames")
def check(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """In one sentence what will happen to whom, the invitation as it goes, the button."""
    frame = queries.frame_for(request.user, ref, pk)
    asking.must(frame, request.user)
    refused = ""
    if request.method == "POST":
        try:
            send = asking.invite(frame=frame, by=request.user)
        except NotReady as problem:
            refused = str(problem)
        else:
            messages.success(request, f"On its way to {plural_count(send.recipients, 'address,addresses')}.")
            return redirect("surveys_staff:frame", ref, pk)
    count = asking.count(frame)
    email = rendering.email_of(Mailing(survey=frame.survey, frame=frame))
    context = {
        "survey": frame.survey,
        "frame": frame,
        "refused": refused,
        "count": count,
        "stop": asking.reasons(frame, by=request.user, people=count.people),
        "days_apart": reminding.APART.days,
        "subject": email.subject,
        "body": email.text.replace(TOKEN, "…"),
        "text": rendering.words_of_text().replace(TOKEN, "…"),
    }
    return render(request, "surveys/staff/frame_check.html", context)


@require_http_methods(GET_OR_POST)
@needs("surveys.frames")
def delete(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    frame = queries.frame_for(request.user, ref, pk)
    asking.must(frame, request.user)
    if request.method == "POST":
        number = keeping.delete_people(frame=frame, by=request.user)
        messages.success(request, f"Deleted {people_said(number)}. The numbers stay.")
        return redirect("surveys_staff:frame", ref, pk)
    points = [
        "What has not gone to them yet does not go, and nobody can remind or call them.",
        "Links that they have already got still work while the survey is open.",
        "How many they were, by type of crime, area and month, stays.",
    ]
    context = {"survey": frame.survey, "frame": frame, "points": points}
    return render(request, "surveys/staff/frame_delete.html", context)


@require_http_methods(GET_OR_POST)
@needs("surveys.call")
def call(request: StaffRequest, ref: str) -> HttpResponse:
    """Look up somebody who was invited, and fill in their questionnaire."""
    survey = surveys.survey_for(request.user, ref)
    form = CallForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            token = calling.call(survey=survey, who=said["who"], reason=said["why"], by=request.user)
        except (calling.NotInvited, AnsweredAlready) as problem:
            form.add_error("who", str(problem))
        else:
            return redirect("surveys:page", token, 1)
    response = render(request, "surveys/staff/call.html", {"survey": survey, "form": form})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@needs("surveys.results")
def results(request: StaffRequest, ref: str) -> Any:
    """Those who answered beside those on the lists that were asked."""
    survey = surveys.survey_for(request.user, ref)
    drawn = comparing.against_the_list(survey)
    if (file := charts.csv_asked_for(request, *drawn)) is not None:
        record("survey.exported", "survey", survey.ref, by=request.user, what=request.GET["csv"][:60])
        return file
    context = head(survey, "people") | {"charts": drawn, "asked": drawn or comparing.cells_asked(survey)}
    return render(request, "surveys/staff/results_frame.html", context)
