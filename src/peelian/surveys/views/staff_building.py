"""Writing a questionnaire: its words, pages, questions and translations, without script."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peelian.accounts.door import StaffRequest, needs
from peelian.core import languages
from peelian.core.errors import NotFound
from peelian.surveys import actions, changing, library, queries, reading
from peelian.surveys.definition import KINDS, Page, Question, Questionnaire, say
from peelian.surveys.forms import PageWordsForm, QuestionForm, TranslateForm, WordsForm
from peelian.surveys.forms_answering import PageForm
from peelian.surveys.models import Survey

GET_OR_POST = ["GET", "HEAD", "POST"]


def _opened(request: StaffRequest, ref: str) -> tuple[Survey, Questionnaire]:
    survey = queries.survey_for(request.user, ref)
    return survey, queries.questionnaire(queries.working(survey))


def _page(asked: Questionnaire, key: str) -> Page:
    found = asked.page(key)
    if found is None:
        raise NotFound
    return found


def _question(asked: Questionnaire, key: str) -> tuple[Page, Question]:
    page, question = asked.page_of(key), asked.question(key)
    if page is None or question is None:
        raise NotFound
    return page, question


def _data(request: HttpRequest):  # type: ignore[no-untyped-def]
    return request.POST if request.method == "POST" else None


def _back(survey: Survey, key: str = "") -> HttpResponseRedirect:
    """To the outline, at the page or question just worked on."""
    return redirect(reverse("surveys_staff:detail", args=[survey.ref]) + (f"#{key}" if key else ""))


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def words(request: StaffRequest, ref: str) -> HttpResponse:
    survey = queries.survey_for(request.user, ref)
    form = WordsForm(survey, _data(request))
    if form.is_valid():
        actions.save_words(survey=survey, by=request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return _back(survey)
    return render(request, "surveys/staff/words.html", {"survey": survey, "form": form})


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def new_page(request: StaffRequest, ref: str) -> HttpResponse:
    survey, asked = _opened(request, ref)
    return _edit_page(request, survey, asked, None)


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def page(request: StaffRequest, ref: str, key: str) -> HttpResponse:
    survey, asked = _opened(request, ref)
    return _edit_page(request, survey, asked, _page(asked, key))


def _edit_page(request: StaffRequest, survey: Survey, asked: Questionnaire, found: Page | None) -> HttpResponse:
    before = asked if found else Questionnaire((*asked.pages, Page("")))
    form = PageWordsForm(before, found, _data(request))
    if form.is_valid():
        edit = lambda now: changing.with_page(now, form.made(now))  # noqa: E731
        actions.change(survey=survey, by=request.user, edit=edit)
        return _back(survey, found.key if found else "last")
    return render(request, "surveys/staff/page.html", {"survey": survey, "form": form, "page": found})


@require_safe
@needs("surveys.write")
def add(request: StaffRequest, ref: str, key: str) -> HttpResponse:
    """Which kind of question, or which of the library."""
    survey, asked = _opened(request, ref)
    used = {one.item for one in asked.questions}
    found = [(group, [(item, item.name in used) for item in items]) for group, items in library.groups().items()]
    context = {"survey": survey, "page": _page(asked, key), "page_title": say(_page(asked, key).title)}
    return render(request, "surveys/staff/add.html", context | {"kinds": KINDS, "groups": found})


@require_POST
@needs("surveys.write")
def take(request: StaffRequest, ref: str, key: str) -> HttpResponse:
    """A question from the library, as it stands there."""
    survey, asked = _opened(request, ref)
    _page(asked, key)
    name = request.POST.get("item", "")
    if name not in library.LIBRARY:
        raise NotFound

    def edit(now: Questionnaire) -> Questionnaire:
        taken = [one.key for one in now.questions]
        stored = library.question(name, changing.new_key(library.key_of(name), taken, "q"))
        return changing.with_question(now, key, reading.question_of(stored))

    actions.change(survey=survey, by=request.user, edit=edit)
    messages.success(request, f"Added: {library.LIBRARY[name].words}")
    return _back(survey, key)


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def new_question(request: StaffRequest, ref: str, key: str, kind: str) -> HttpResponse:
    survey, asked = _opened(request, ref)
    if kind not in KINDS:
        raise NotFound
    return _edit_question(request, survey, asked, _page(asked, key), kind, None)


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def question(request: StaffRequest, ref: str, key: str) -> HttpResponse:
    survey, asked = _opened(request, ref)
    found_page, found = _question(asked, key)
    return _edit_question(request, survey, asked, found_page, found.kind, found)


def _edit_question(
    request: StaffRequest, survey: Survey, asked: Questionnaire, at: Page, kind: str, found: Question | None
) -> HttpResponse:
    form = QuestionForm(asked, at, kind, found, _data(request))
    if form.is_valid():
        edit = lambda now: changing.with_question(now, at.key, form.made(now))  # noqa: E731
        actions.change(survey=survey, by=request.user, edit=edit)
        return _back(survey, found.key if found else at.key)
    context = {"survey": survey, "form": form, "question": found, "kind": KINDS[kind], "page_title": say(at.title)}
    return render(request, "surveys/staff/question.html", context)


@require_POST
@needs("surveys.write")
def move(request: StaffRequest, ref: str) -> HttpResponse:
    """One place up or down: a page, or a question, which goes on to the next page at the end of its own."""
    survey, asked = _opened(request, ref)
    key, by = request.POST.get("key", ""), -1 if request.POST.get("by") == "up" else 1
    if asked.page(key) is not None and request.POST.get("what") == "page":
        actions.change(survey=survey, by=request.user, edit=lambda now: changing.moved_page(now, key, by))
    else:
        _question(asked, key)
        actions.change(survey=survey, by=request.user, edit=lambda now: changing.moved_question(now, key, by))
    return _back(survey, key)


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def remove_page(request: StaffRequest, ref: str, key: str) -> HttpResponse:
    survey, asked = _opened(request, ref)
    found = _page(asked, key)
    if request.method == "POST":
        actions.change(survey=survey, by=request.user, edit=lambda now: changing.without_page(now, key))
        messages.success(request, "The page has been taken out.")
        return _back(survey)
    named = say(found.title) or "without a title"
    points = [f"Its questions go with it: {say(one.text)}" for one in found.questions[:5]]
    return _confirm(request, survey, f"Take the page “{named}” out?", points, "Take the page out")


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def remove_question(request: StaffRequest, ref: str, key: str) -> HttpResponse:
    survey, asked = _opened(request, ref)
    _at, found = _question(asked, key)
    if request.method == "POST":
        actions.change(survey=survey, by=request.user, edit=lambda now: changing.without_question(now, key))
        messages.success(request, "The question has been taken out.")
        return _back(survey)
    points = ["What has been answered to it stays in the results."] if survey.opened_on else []
    return _confirm(request, survey, f"Take the question “{say(found.text)}” out?", points, "Take the question out")


def _confirm(request: StaffRequest, survey: Survey, sentence: str, points: list[str], button: str) -> HttpResponse:
    context = {"survey": survey, "sentence": sentence, "points": points, "button": button, "kind": "warning"}
    return render(request, "surveys/staff/confirm.html", context)


@require_http_methods(GET_OR_POST)
@needs("surveys.write")
def translate(request: StaffRequest, ref: str, language: str) -> HttpResponse:
    survey, asked = _opened(request, ref)
    if language not in survey.languages:
        raise NotFound
    form = TranslateForm(survey, asked, language, _data(request))
    if form.is_valid():
        edit = lambda now: changing.translated(now, language, form.words)  # noqa: E731
        actions.translate(survey=survey, by=request.user, language=language, words=form.around, edit=edit)
        messages.success(request, "Saved." if not form.left() else f"Saved. {form.left()} are not translated yet.")
        return _back(survey)
    context = {"survey": survey, "form": form, "language": languages.own_name(language), "code": language}
    return render(request, "surveys/staff/translate.html", context | {"left": form.left()})


@require_safe
@needs("surveys.read")
def preview(request: StaffRequest, ref: str) -> HttpResponse:
    """Every page as residents see it, in one language, those that hang on answers among them."""
    survey, asked = _opened(request, ref)
    language = request.GET.get("in", "")
    language = language if language in survey.languages else ""
    with languages.reading(language):
        pages = [
            {
                "title": say(one.title, language),
                "intro": say(one.intro, language),
                "form": PageForm(asked, one, {}, language=language),
                "shown_by": _shown_by(asked, one),
            }
            for one in asked.pages
        ]
        shown = [(code, languages.own_name(code)) for code in ("", *survey.languages)]
        context = {
            "survey": survey,
            "pages": pages,
            "languages": [(code, name or "English", code == language) for code, name in shown],
            "title": survey.words("title", language),
            "purpose": survey.words("purpose", language),
            "closing": survey.words("closing", language),
            "lang": language or "en-GB",
            "dir": languages.direction(language or "en"),
        }
        return render(request, "surveys/staff/preview.html", context)


def _shown_by(asked: Questionnaire, page: Page) -> list[str]:
    """In words, what a page hangs on."""
    found = []
    for one in page.show:
        question = asked.question(one.question)
        if question is not None:
            said = " or ".join(f"“{question.label(code)}”" for code in one.answers)
            found.append(f"Only to people who answered {said} to “{say(question.text)}”")
    return found
