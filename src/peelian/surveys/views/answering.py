"""A resident answers, page by page. What stands in the draft is sealed for their link alone."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from peelian.core import languages, limits
from peelian.core.languages import ENGLISH
from peelian.members import sessions
from peelian.surveys import actions, answers, definition, placing, queries, tokens
from peelian.surveys.definition import Page, Questionnaire
from peelian.surveys.doors import Door, must_be_open
from peelian.surveys.errors import AnsweredAlready, Closed
from peelian.surveys.forms_answering import PageForm, as_data
from peelian.surveys.models import How, Survey, Version
from peelian.surveys.views.reached import View, answered, asked_in, by_link

FROM_A_NETWORK = 60  # answers an hour by open links: a library's tablet gives fewer
SECONDS_A_QUESTION = 12


@dataclass
class Sitting:
    """Somebody at a questionnaire: what they are asked, and what they have answered so far."""

    request: HttpRequest
    door: Door
    version: Version
    asked: Questionnaire
    given: dict[str, Any]
    language: str
    pages: list[Page] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pages = answers.seen(self.asked, self.given)

    @property
    def changed(self) -> bool:
        """Whether the questions were changed since this person began."""
        live = self.door.survey.live
        return live is not None and live.pk != self.version.pk

    def url(self, name: str, *more: Any) -> str:
        return reverse(f"surveys:{name}", args=[self.door.token, *more]) + self.said

    @property
    def said(self) -> str:
        return carried(self.request)

    def form(self, page: Page, data: Any = None) -> PageForm:
        survey = self.door.survey
        resolution = placing.ANONYMOUS if survey.is_anonymous else placing.IDENTIFIED
        return PageForm(self.asked, page, self.given, data, language=self.language, resolution=resolution)

    def take(self, page: Page, form: PageForm) -> None:
        """Put a page's answers in place of what stood there before."""
        for question in page.questions:
            self.given.pop(question.key, None)
        self.given |= {key: value for key, value in form.values.items() if answers.is_answered(value)}
        self.pages = answers.seen(self.asked, self.given)

    def keep(self) -> None:
        actions.keep(door=self.door, version=self.version, given=self.given, language=self.language)

    def context(self, **more: Any) -> dict[str, Any]:
        choices = _choices(self.request, self.door.survey, self.language)
        return {"door": self.door, "choices": choices, **frame(self.door.survey, self.language), **more}


def gives_back(view: View) -> View:
    """Where the survey has closed meanwhile, what somebody typed is shown once more, so that they can copy it."""

    @wraps(view)
    def guarded(request: HttpRequest, door: Door, **given: Any) -> HttpResponse:
        try:
            return view(request, door, **given)
        except Closed as problem:
            rows = [] if queries.is_answered(door) else _typed(request, door, given.get("number", 0))
            if not rows:
                raise
            context = {"sentence": str(problem), "rows": rows, **frame(door.survey, asked_in(request, door.survey))}
            return render(request, "surveys/public/closed.html", context, status=410)

    return guarded


def _typed(request: HttpRequest, door: Door, number: int) -> list[dict[str, str]]:
    """What was kept before, and what came now: question and answer, where there is one."""
    if door.survey.live is None:
        return []
    sitting = _sitting(request, door)
    found = _page_at(sitting, number)
    if request.method == "POST" and number and found is not None:
        sitting.take(found, sitting.form(found, request.POST))
    answered = {question.key for question in sitting.asked.questions if question.key in sitting.given}
    return _rows(sitting, only=answered)


def carried(request: HttpRequest) -> str:
    """The language that the address names, for the next address."""
    said = request.GET.get("lang", "")
    return f"?{urlencode({'lang': said})}" if said else ""


def sit(request: HttpRequest, door: Door) -> Sitting:
    """Where this person is. Raises AnsweredAlready, Closed, NotOpenYet."""
    if queries.is_answered(door):
        raise AnsweredAlready
    door.must_be_open()
    return _sitting(request, door)


def _sitting(request: HttpRequest, door: Door) -> Sitting:
    language = asked_in(request, door.survey)
    begun = queries.begun(door)
    if begun is not None:
        version, kept = begun
        return Sitting(request, door, version, queries.questionnaire(version), dict(kept["answers"]), language)  # type: ignore[call-overload]
    version = queries.version_of(door.survey, request.POST.get("version", "")) or live(door.survey)
    return Sitting(request, door, version, queries.questionnaire(version), {}, language)


def live(survey: Survey) -> Version:
    assert survey.live is not None  # what is open has questions
    return survey.live


def frame(survey: Survey, language: str) -> dict[str, Any]:
    """What every page of a questionnaire shows around the questions."""
    tongue = language if survey.said.get(language, {}).get("title") else ENGLISH
    return {
        "survey": survey,
        "title": survey.words("title", language),
        "title_lang": tongue,
        "title_dir": languages.direction(tongue),
        "words_lang": language or ENGLISH,
        "words_dir": languages.direction(language or ENGLISH),
    }


# The open link ----------------------------------------------------------------------------------------------------


@csrf_exempt  # it changes nothing: whoever presses the button is led to a questionnaire of their own
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def intro(request: HttpRequest, ref: str) -> HttpResponse:
    """The page behind the open link. The button makes a token for one questionnaire; nothing is stored."""
    return answered(request, lambda: _intro(request, ref))


def _intro(request: HttpRequest, ref: str) -> HttpResponse:
    survey = queries.public_survey(ref)
    language = asked_in(request, survey)
    with languages.reading(language):
        must_be_open(survey)
        if request.method == "POST":
            how = tokens.PUBLIC_WAYS.get(request.GET.get("via", ""), How.LINK)
            return redirect(reverse("surveys:page", args=[tokens.make(survey.pk, how), 1]) + carried(request))
        return _welcome(request, survey, language)


def _welcome(request: HttpRequest, survey: Survey, language: str, **more: Any) -> HttpResponse:
    asked = queries.questionnaire(live(survey))
    context = {
        **frame(survey, language),
        "purpose": survey.words("purpose", language),
        "questions": len(asked.questions),
        "minutes": max(1, round(len(asked.questions) * SECONDS_A_QUESTION / 60)),
        "choices": _choices(request, survey, language),
        **more,
    }
    return render(request, "surveys/public/intro.html", context)


def _choices(request: HttpRequest, survey: Survey, language: str) -> list[dict[str, object]]:
    """The languages of the questions by their own names; none where there is only one."""
    codes = ["en", *survey.languages] if survey.languages else []
    found = []
    for code in codes:
        query = request.GET.copy()
        query["lang"] = code
        current = code == (language or "en")
        name, direction = languages.own_name(code), languages.direction(code)
        url = f"?{query.urlencode()}"
        found.append({"code": code, "name": name, "direction": direction, "url": url, "current": current})
    return found


# By a token -------------------------------------------------------------------------------------------------------


@by_link
@gives_back
def start(request: HttpRequest, door: Door) -> HttpResponse:
    sitting = sit(request, door)
    at = _where_to_go_on(sitting) if sitting.given else 1
    more = {"start_url": sitting.url("page", at), "begun": bool(sitting.given), "door": door}
    return _welcome(request, door.survey, sitting.language, **more)


def _where_to_go_on(sitting: Sitting) -> int:
    """The first page on which nothing has been answered yet."""
    for page in sitting.pages:
        if not any(question.key in sitting.given for question in page.questions):
            return number_of(sitting, page)
    return number_of(sitting, sitting.pages[-1])


def number_of(sitting: Sitting, page: Page) -> int:
    """A page's number among all pages, seen or not: it stands in the address."""
    return next(number for number, one in enumerate(sitting.asked.pages, 1) if one.key == page.key)


@by_link
@gives_back
def page(request: HttpRequest, door: Door, number: int) -> HttpResponse:
    sitting = sit(request, door)
    found = _page_at(sitting, number)
    if found is None:
        return redirect(sitting.url("check"))
    if number_of(sitting, found) != number:
        return redirect(sitting.url("page", number_of(sitting, found)))
    if request.method != "POST":
        bound = as_data(found, sitting.given) if "look" in request.GET else None
        return _show(sitting, found, sitting.form(found, bound) if bound else _filled(sitting, found))
    form = sitting.form(found, request.POST)
    sound = form.is_valid()
    sitting.take(found, form)
    sitting.keep()  # also what is too long, so that nothing is lost
    go = request.POST.get("go", "next")
    if go == "back":
        return redirect(_before(sitting, found))
    if go == "later":
        return redirect(sitting.url("saved"))
    if not sound:
        return _show(sitting, found, form)
    return redirect(_after(sitting, found))


def _page_at(sitting: Sitting, number: int) -> Page | None:
    """The page of that number, or the next after it that this person sees."""
    seen = {one.key: one for one in sitting.pages}
    later = [one for one in sitting.asked.pages[max(number, 1) - 1 :] if one.key in seen]
    return seen[later[0].key] if later else None


def _filled(sitting: Sitting, found: Page) -> PageForm:
    """The page with what was kept, without judging it."""
    form = sitting.form(found)
    form.initial = as_data(found, sitting.given)
    return form


def _show(sitting: Sitting, found: Page, form: PageForm) -> HttpResponse:
    at = [one.key for one in sitting.pages].index(found.key) + 1
    context = sitting.context(
        form=form,
        page=found,
        page_title=answers.fill(found.title, sitting.asked, sitting.given, sitting.language),
        page_intro=answers.fill(found.intro, sitting.asked, sitting.given, sitting.language),
        version=sitting.version.number,
        changed=sitting.changed,
        at=at,
        of=len(sitting.pages),
        first=at == 1,
        last=at == len(sitting.pages),
        action=sitting.url("page", number_of(sitting, found)),
        longest=definition.LONGEST_TEXT,
    )
    return render(sitting.request, "surveys/public/page.html", context)


def _before(sitting: Sitting, found: Page) -> str:
    keys = [one.key for one in sitting.pages]
    at = keys.index(found.key) if found.key in keys else 0
    return sitting.url("page", number_of(sitting, sitting.pages[at - 1])) if at else sitting.url("start")


def _after(sitting: Sitting, found: Page) -> str:
    keys = [one.key for one in sitting.pages]
    at = keys.index(found.key) + 1
    return sitting.url("page", number_of(sitting, sitting.pages[at])) if at < len(keys) else sitting.url("check")


@by_link
def saved(request: HttpRequest, door: Door) -> HttpResponse:
    """Saved for later, and how to come back."""
    sitting = sit(request, door)
    context = sitting.context(back=request.build_absolute_uri(sitting.url("start")), invited=door.recipient is not None)
    return render(request, "surveys/public/saved.html", context)


@by_link
@gives_back
def check(request: HttpRequest, door: Door) -> HttpResponse:
    """All answers once more; the button sends them."""
    sitting = sit(request, door)
    wrong = [found for found in sitting.pages if not sitting.form(found, as_data(found, sitting.given)).is_valid()]
    if request.method == "POST" and not wrong:
        limited(request, door)
        actions.answer(door=door, version=sitting.version, given=sitting.given, language=sitting.language)
        return redirect(sitting.url("done"))
    if request.method == "POST":
        return redirect(sitting.url("page", number_of(sitting, wrong[0])) + ("&" if sitting.said else "?") + "look=1")
    context = sitting.context(rows=_rows(sitting), changed=sitting.changed, nothing=not sitting.given)
    return render(request, "surveys/public/check.html", context)


def limited(request: HttpRequest, door: Door) -> None:
    """Of answers by links that anybody can open, a network gives so many an hour. Raises TooMany."""
    if door.how in (How.LINK, How.QR, How.KIOSK, How.CONVERSATION, How.REPORT):
        limits.limit(f"survey-{sessions.network(request)}", most=FROM_A_NETWORK, window=timedelta(hours=1))


def _rows(sitting: Sitting, only: Container[str] | None = None) -> list[dict[str, str]]:
    """Each question that this person sees, or ONLY these, with the answer in words."""
    return [
        {
            "question": answers.fill(question.text, sitting.asked, sitting.given, sitting.language),
            "answer": answers.in_words(question, sitting.given.get(question.key), sitting.language),
            "url": sitting.url("page", number_of(sitting, found)),
        }
        for found in sitting.pages
        for question in found.questions
        if only is None or question.key in only
    ]


@by_link
def done(request: HttpRequest, door: Door) -> HttpResponse:
    """Thanks, and what happens next. Before the answers were sent there is nothing to thank for."""
    language = asked_in(request, door.survey)
    if not queries.is_answered(door):
        return redirect(reverse("surveys:start", args=[door.token]))
    context = {**frame(door.survey, language), "closing": door.survey.words("closing", language), "door": door}
    context["again"] = f"{door.survey.get_absolute_url()}?via=kiosk" if door.how == How.KIOSK else ""
    context["heading"] = _("Thank you")
    return render(request, "surveys/public/done.html", context)
