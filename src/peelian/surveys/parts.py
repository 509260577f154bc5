"""What surveys bring to the pages of other apps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from peelian.core import languages
from peelian.surveys import queries, tokens
from peelian.surveys.definition import LIKERT, RATING, SINGLE
from peelian.surveys.doors import language_of
from peelian.surveys.models import How, Survey

MOST = 3
EMBEDDED = (SINGLE, LIKERT, RATING)  # kinds of question that stand in a frame
MOST_ROWS = 8  # answers for which the frame has a height of its own; more of them scroll


def my_surveys(request: HttpRequest, member_id: int) -> dict[str, Any] | None:
    """On My account: the surveys that wait for the member's answer, by the links of their invitations."""
    rows = [
        {"title": survey.words("title", _language(survey)), "url": _at("start", token, survey), "closes": survey.closes}
        for survey, token in queries.waiting_for(member_id)[:MOST]
    ]
    return {"rows": rows} if rows else None


def after_conversation(request: HttpRequest, thread_id: int) -> dict[str, Any] | None:
    """When a conversation has been closed: the survey that the team asks then."""
    survey = queries.after_conversation(thread_id)
    if survey is None:
        return None
    url = _at("intro", survey.ref, survey)
    mark = "&" if "?" in url else "?"
    return {"title": survey.words("title", _language(survey)), "url": f"{url}{mark}via=conversation"}


def after_report(request: HttpRequest, thread_id: int) -> dict[str, Any] | None:
    """When somebody has written to the team: the first question of the survey that it asks then, in a frame with a
    questionnaire of its own; a link where that question cannot stand by itself."""
    survey = queries.after_report(thread_id)
    if survey is None or survey.live is None:
        return None
    first = queries.questionnaire(survey.live).pages[0]
    if not first.questions or first.show or first.questions[0].show or first.questions[0].kind not in EMBEDDED:
        url = _at("intro", survey.ref, survey)
        return {"title": survey.words("title", _language(survey)), "url": url}
    asked = first.questions[0]
    lines = len(asked.codes) + asked.dont_know  # with the “or” before it
    rows = "rating" if asked.kind == RATING else min(lines, MOST_ROWS)
    return {"frame_url": _at("first", tokens.make(survey.pk, How.REPORT), survey), "rows": rows}


def _language(survey: Survey) -> str:
    return language_of(survey, languages.base(translation.get_language() or ""))


def _at(name: str, what: str, survey: Survey) -> str:
    code = _language(survey)
    return reverse(f"surveys:{name}", args=[what]) + (f"?lang={code}" if code else "")
