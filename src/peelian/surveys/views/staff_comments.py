"""What people wrote: search it, sort it by hand, make an issue of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.audit.actions import record
from peelian.core import charts
from peelian.core.errors import RuleBroken
from peelian.core.wording import plural_count
from peelian.surveys import actions, queries
from peelian.surveys.analysis import comments
from peelian.surveys.analysis.tallies import questions
from peelian.surveys.definition import TEXT, say
from peelian.surveys.errors import NoSuchSurvey
from peelian.surveys.forms_results import CommentsForm
from peelian.surveys.models import Comment
from peelian.surveys.views.staff_results import head

LONGEST_SEARCH = 200
KEPT = ("q", "question", "tag", "after")


@require_safe
@needs("surveys.results")
def listed(request: StaffRequest, ref: str) -> HttpResponseBase:
    """/staff/surveys/<ref>/results/comments/?q=lights&question=why&tag=7"""
    survey = queries.survey_for(request.user, ref)
    chart = comments.tags_chart(survey)
    if chart and (file := charts.csv_asked_for(request, chart)) is not None:
        record("survey.exported", "survey", survey.ref, by=request.user, what="tags")
        return file
    asked = {one.key: say(one.text) for one in questions(survey) if one.kind == TEXT}
    tags = comments.tags_of(survey)
    words = request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH].strip()
    question, tag = request.GET.get("question", ""), request.GET.get("tag", "")
    question = question if question in asked else ""
    rows = comments.found(survey, words=words, question=question, tag=tag)
    page = comments.listed(rows, request.GET.get("after", ""))
    counted = comments.by_question(survey)
    looked_at = {"q": words, "question": question, "tag": tag}
    context = head(survey, "comments") | {
        "form": CommentsForm(asked, counted, tags, initial=looked_at),
        "found": f"{plural_count(page.found, 'comment')} of {sum(counted.values()):,}",
        "filtered": any(looked_at.values()),
        "rows": [(one, asked.get(one.question, "")) for one in page.rows],
        "names": [one.name for one, _ in tags],
        "chart": chart,
        "may_raise": request.user.may("priorities.write"),
        "clear": reverse("surveys_staff:comments", args=[ref]) if any(looked_at.values()) else "",
        "where": [(name, request.GET[name][:LONGEST_SEARCH]) for name in KEPT if request.GET.get(name)],
        "next": urlencode({**looked_at, "after": str(page.after)}) if page.after else "",
    }
    return render(request, "surveys/staff/comments.html", context)


@require_POST
@needs("surveys.results")
def tag(request: StaffRequest, ref: str, pk: int) -> HttpResponse:
    """Put the tag NAME on a comment, or take the one of the id OFF from it."""
    comment = _comment(request, ref, pk)
    off = request.POST.get("off", "")
    try:
        if off.isdecimal():
            actions.untag_comment(comment=comment, by=request.user, tag_id=int(off[:9]))
        else:
            actions.tag_comment(comment=comment, by=request.user, name=request.POST.get("name", ""))
    except RuleBroken as problem:
        messages.error(request, str(problem))
    back = urlencode({name: request.POST[name] for name in KEPT if request.POST.get(name)})
    return redirect(f"{reverse('surveys_staff:comments', args=[ref])}?{back}#c{comment.pk}")


def _comment(request: StaffRequest, ref: str, pk: int) -> Comment:
    comment = queries.comment_for(request.user, pk)
    if comment.survey.ref != ref:
        raise NoSuchSurvey
    return comment
