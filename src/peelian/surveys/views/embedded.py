"""The first question of a survey inside a page of another kind, in a frame: answered where it stands, without script.
It counts by itself, and the rest is offered."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from peelian.surveys import actions, queries
from peelian.surveys.doors import Door
from peelian.surveys.errors import AnsweredAlready
from peelian.surveys.forms_answering import PageForm
from peelian.surveys.views.answering import Sitting, frame, limited, number_of, sit
from peelian.surveys.views.reached import asked_in, by_link


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@by_link
def question(request: HttpRequest, door: Door) -> HttpResponse:
    """The question; once it is answered, thanks and the way to the rest. A second press says the same."""
    if not door.is_embedded:  # an invitation, whose one question would use it up
        return redirect(reverse("surveys:start", args=[door.token]))
    if queries.is_begun(door) or queries.is_answered(door):
        return _thanks(request, door)
    sitting = sit(request, door)
    first = sitting.pages[0]
    page = replace(first, questions=first.questions[:1])
    form = sitting.form(page, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        sitting.take(page, form)
        if sitting.given:
            limited(request, door)
            told: dict[str, Any] = {"version": sitting.version, "given": sitting.given, "language": sitting.language}
            with suppress(AnsweredAlready):  # pressed twice: it is here
                actions.answer_first(door=door, **told)
            return _thanks(request, door)
        form.add_error(page.questions[0].key, _("Choose an answer"))
    return _show(sitting, form)


def _show(sitting: Sitting, form: PageForm) -> HttpResponse:
    context = sitting.context(form=form, asked=form.questions()[0], version=sitting.version.number)
    return render(sitting.request, "surveys/public/embedded.html", context)


def _thanks(request: HttpRequest, door: Door) -> HttpResponse:
    context = {**frame(door.survey, asked_in(request, door.survey)), "rest": 0}
    if queries.is_begun(door):
        sitting = sit(request, door)
        left = [one for page in sitting.pages for one in page.questions if one.key not in sitting.given]
        where = next((page for page in sitting.pages if any(one in left for one in page.questions)), None)
        if where is not None:
            context |= {"rest": len(left), "rest_url": sitting.url("page", number_of(sitting, where))}
    return render(request, "surveys/public/embedded_thanks.html", context)
