"""The page of the two questions: answered and sent with one button, without the pages before and after that a longer
questionnaire has."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from peelian.surveys import actions
from peelian.surveys.doors import Door
from peelian.surveys.errors import NothingAnswered
from peelian.surveys.views.answering import sit
from peelian.surveys.views.reached import by_link


@by_link
def two(request: HttpRequest, door: Door) -> HttpResponse:
    if not door.company:
        return redirect(reverse("surveys:start", args=[door.token]))
    sitting = sit(request, door)
    page = sitting.asked.pages[0]
    form = sitting.form(page, request.POST if request.method == "POST" else None)
    nothing = False
    if request.method == "POST" and form.is_valid():
        given = form.values
        try:
            actions.answer(door=door, version=sitting.version, given=given, language=sitting.language)
            return redirect(sitting.url("done"))
        except NothingAnswered:
            nothing = True
    purpose = door.survey.words("purpose", sitting.language)
    context = sitting.context(form=form, nothing=nothing, purpose=purpose, action=sitting.url("two"))
    return render(request, "surveys/public/two.html", context)
