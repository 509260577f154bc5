"""Changes to a questionnaire as values: each takes one and gives the next. What keeps its words keeps its code, so that
answers before and after a change of wording can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from peelian.surveys.definition import ENGLISH, Option, Page, Question, Questionnaire, Words, say

Lines = Sequence[str]


def new_key(words: str, taken: Iterable[str], lead: str) -> str:
    """A key of the first words, that nothing else has: "How safe do you feel" → how_safe_do_you."""
    found = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    short = "_".join(found.split("_")[:4])[:24].strip("_")
    base = short if short[:1].isalpha() else f"{lead}_{short}".strip("_")
    used, number, key = set(taken), 2, base
    while key in used:
        key, number = f"{base}_{number}", number + 1
    return key


def options(before: Sequence[Option], lines: Lines, alone: str = "") -> tuple[Option, ...]:
    """The answers as somebody wrote them, a line each. A line that was there keeps its code and its translations; one
    that only was reworded in its place keeps its code."""
    known = {say(option.text): option for option in before}
    in_place = len(lines) == len(before)
    taken = {known[line].code for line in lines if line in known}
    made: list[Option] = []
    for at, line in enumerate(lines):
        if line in known:
            made.append(known[line])
        elif in_place and before[at].code not in taken:
            made.append(replace(before[at], text={ENGLISH: line}))
        else:
            made.append(Option(_new_code(line, [*taken, *(one.code for one in (*before, *made))]), {ENGLISH: line}))
        taken.add(made[-1].code)
    return tuple(replace(option, alone=bool(alone) and say(option.text) == alone) for option in made)


def _new_code(line: str, taken: Iterable[str]) -> str:
    return new_key(line, [code.replace("-", "_") for code in (*taken, "dk")], "a").replace("_", "-")


def said(before: Words, words: str) -> Words:
    """New English words. Translations of other words are taken out: they would say what is not asked any more."""
    words = words.strip()
    if words == say(before):
        return before
    return {ENGLISH: words} if words else {}


def with_page(asked: Questionnaire, page: Page) -> Questionnaire:
    """Put in place of the page with its key, or at the end."""
    if asked.page(page.key) is None:
        return Questionnaire((*asked.pages, page))
    return Questionnaire(tuple(page if one.key == page.key else one for one in asked.pages))


def without_page(asked: Questionnaire, key: str) -> Questionnaire:
    return Questionnaire(tuple(page for page in asked.pages if page.key != key))


def with_question(asked: Questionnaire, page_key: str, question: Question) -> Questionnaire:
    """In place of the question with its key, or at the end of a page."""
    pages = []
    for page in asked.pages:
        kept = tuple(question if one.key == question.key else one for one in page.questions)
        is_new = page.key == page_key and question not in kept
        pages.append(replace(page, questions=(*kept, question) if is_new else kept))
    return Questionnaire(tuple(pages))


def without_question(asked: Questionnaire, key: str) -> Questionnaire:
    kept = (replace(page, questions=tuple(one for one in page.questions if one.key != key)) for page in asked.pages)
    return Questionnaire(tuple(kept))


def moved_page(asked: Questionnaire, key: str, by: int) -> Questionnaire:
    """One up (-1) or down (1); at the end it stays, and one that somebody has taken out meanwhile moves nothing."""
    at = next((number for number, page in enumerate(asked.pages) if page.key == key), None)
    return asked if at is None else Questionnaire(_moved(asked.pages, at, by))


def moved_question(asked: Questionnaire, key: str, by: int) -> Questionnaire:
    """One up or down; beyond the end of its page, onto the next. One that is gone moves nothing."""
    pages = list(asked.pages)
    at = next((number for number, page in enumerate(pages) if any(one.key == key for one in page.questions)), None)
    if at is None:
        return asked
    questions = pages[at].questions
    place = [one.key for one in questions].index(key)
    if 0 <= place + by < len(questions):
        pages[at] = replace(pages[at], questions=_moved(questions, place, by))
    elif 0 <= at + by < len(pages):
        pages[at] = replace(pages[at], questions=(*questions[:place], *questions[place + 1 :]))
        there = pages[at + by].questions
        one = questions[place]
        pages[at + by] = replace(pages[at + by], questions=(*there, one) if by < 0 else (one, *there))
    return Questionnaire(tuple(pages))


def _moved(things: tuple, at: int, by: int) -> tuple:  # type: ignore[type-arg]
    if not 0 <= at + by < len(things):
        return things
    listed = list(things)
    listed.insert(at + by, listed.pop(at))
    return tuple(listed)


def translated(asked: Questionnaire, language: str, words: Mapping[str, str]) -> Questionnaire:
    """With the words of a language by their addresses (Questionnaire.texts); empty ones are taken out."""

    def put(at: str, before: Words) -> Words:
        new = words.get(at, before.get(language, "")).strip()
        kept = {code: text for code, text in before.items() if code != language}
        return kept | {language: new} if new and before else kept

    def options_at(at: str, found: tuple[Option, ...]) -> tuple[Option, ...]:
        return tuple(replace(one, text=put(f"{at}|{one.code}", one.text)) for one in found)

    pages = []
    for page in asked.pages:
        questions = []
        for one in page.questions:
            at = f"{page.key}|{one.key}"
            questions.append(
                replace(
                    one, text=put(f"{at}|text", one.text), hint=put(f"{at}|hint", one.hint),
                    low=put(f"{at}|low", one.low), high=put(f"{at}|high", one.high),
                    rows=options_at(f"{at}|rows", one.rows), options=options_at(f"{at}|options", one.options),
                )
            )  # fmt: skip
        title, intro = put(f"{page.key}|title", page.title), put(f"{page.key}|intro", page.intro)
        pages.append(replace(page, title=title, intro=intro, questions=tuple(questions)))
    return Questionnaire(tuple(pages))
