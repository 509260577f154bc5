"""Sharing a survey: its link and QR code; and answers that staff take by telephone, on paper, in the street, at the
door."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import qr
from peelian.core.errors import NotFound
from peelian.surveys import queries, tokens
from peelian.surveys.doors import must_be_open
from peelian.surveys.models import How, Survey

TAKEN = (How.STREET, How.TELEPHONE, How.PAPER)


def link(survey: Survey, via: str = "") -> str:
    """The open link, in full."""
    path = reverse("surveys:intro", args=[survey.ref])
    return f"{settings.PEELIAN_BASE_URL}{path}" + (f"?via={via}" if via else "")


@require_safe
@needs("surveys.read")
def share(request: StaffRequest, ref: str) -> HttpResponse:
    survey = queries.survey_for(request.user, ref)
    short = link(survey).split("://", 1)[-1].rstrip("/")
    context = {"survey": survey, "link": link(survey), "short": short, "kiosk": link(survey, "kiosk")}
    return render(request, "surveys/staff/share.html", context)


@require_safe
@needs("surveys.read")
def code(request: StaffRequest, ref: str, kind: str) -> HttpResponse:
    """The QR code of the open link, to print."""
    survey = queries.survey_for(request.user, ref)
    if kind not in qr.CONTENT_TYPES or not survey.open_link:
        raise NotFound
    response = HttpResponse(qr.drawn(link(survey, "qr"), kind=kind), content_type=qr.CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'inline; filename="survey-{survey.ref}.{kind}"'
    response["Cache-Control"] = "private, max-age=60"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@needs("surveys.field")
def enter(request: StaffRequest, ref: str) -> HttpResponse:
    """One questionnaire that somebody of ours fills in with or for a person; the way stands in its signed link."""
    survey = queries.survey_for(request.user, ref)
    must_be_open(survey)
    how = request.POST.get("how", "")
    if request.method == "POST" and how in TAKEN:
        return redirect("surveys:page", tokens.make(survey.pk, How(how)), 1)
    ways = [(How.STREET, "In the street", "You read it out, or hand over your phone."),
            (How.TELEPHONE, "By telephone", "You read it out and fill it in."),
            (How.PAPER, "From paper", "You copy a sheet that somebody filled in.")]  # fmt: skip
    return render(request, "surveys/staff/enter.html", {"survey": survey, "ways": ways})
