"""Reading a stored questionnaire, and checking that it can be asked.

`parse` is strict: it knows every field, and for each thing that is wrong says a sentence that names the page and the
question. Pages and questions hang on earlier pages only, so that nobody can go round in a circle, and a circle is
spelled out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from peelian.core import wording
from peelian.surveys.definition import (
    ASKABLE,
    CHOSEN,
    DONT_KNOW,
    ENGLISH,
    GRID,
    KINDS,
    LONGEST,
    MOST_OPTIONS,
    MOST_PAGES,
    MOST_QUESTIONS,
    MOST_ROWS,
    MULTIPLE,
    PIPE,
    PLACE,
    RATING,
    TEXT,
    Condition,
    Option,
    Page,
    Question,
    Questionnaire,
    Words,
    say,
)  # fmt: skip
from peelian.surveys.errors import DefinitionProblem

_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")


def parse(stored: Any) -> Questionnaire:
    """The questionnaire. Raises DefinitionProblem with a sentence for each thing that is wrong."""
    reader = _Reader()
    found = reader.read(stored)
    problems = reader.problems or check(found)
    if problems:
        raise DefinitionProblem(problems)
    return found


def lenient(stored: Any) -> Questionnaire:
    """What can be read of it, for the builder, which shows what is wrong beside it."""
    return _Reader().read(stored)


def question_of(stored: Mapping[str, Any]) -> Question:
    """One stored question, as the library has it."""
    return lenient({"pages": [{"key": "page", "questions": [stored]}]}).questions[0]


def problems_of(stored: Any) -> list[str]:
    """Everything that keeps it from being asked."""
    try:
        parse(stored)
    except DefinitionProblem as wrong:
        return wrong.sentences
    return []


# Reading ----------------------------------------------------------------------------------------------------------

_PAGE_FIELDS = {"key", "title", "intro", "show", "questions"}
_QUESTION_FIELDS = {
    "key", "kind", "text", "hint", "required", "options", "rows", "dont_know", "good", "low", "high", "show", "item",
    "source",
}  # fmt: skip


class _Reader:
    def __init__(self) -> None:
        self.problems: list[str] = []
        self.where = "The questionnaire"

    def wrong(self, sentence: str) -> None:
        self.problems.append(f"{self.where}: {sentence}")

    def read(self, stored: Any) -> Questionnaire:
        if not isinstance(stored, Mapping):
            self.wrong("it cannot be read.")
            return Questionnaire()
        self._known(stored, {"pages"})
        pages = self._list(stored.get("pages", []), "pages", MOST_PAGES)
        return Questionnaire(tuple(self._page(number, raw) for number, raw in enumerate(pages, 1)))

    def _page(self, number: int, raw: Mapping[str, Any]) -> Page:
        self.where = page = place(number, _first_words(raw.get("title")))
        self._known(raw, _PAGE_FIELDS)
        found = Page(
            key=self._key(raw.get("key"), _KEY),
            title=self._words(raw, "title"),
            intro=self._words(raw, "intro"),
            show=self._conditions(raw.get("show", [])),
        )
        questions = []
        for at, one in enumerate(self._list(raw.get("questions", []), "questions", MOST_QUESTIONS), 1):
            self.where = f"{page}, {place(at, _first_words(one.get('text')), 'question')}"
            questions.append(self._question(one))
        return Page(found.key, found.title, found.intro, found.show, tuple(questions))

    def _question(self, raw: Mapping[str, Any]) -> Question:
        self._known(raw, _QUESTION_FIELDS)
        kind = raw.get("kind")
        if kind not in KINDS:
            self.wrong(f"there is no kind of question “{str(kind)[:30]}”.")
        return Question(
            key=self._key(raw.get("key"), _KEY),
            kind=str(kind),
            text=self._words(raw, "text"),
            hint=self._words(raw, "hint"),
            required=self._flag(raw, "required"),
            options=self._options(raw, "options", MOST_OPTIONS),
            rows=self._options(raw, "rows", MOST_ROWS),
            dont_know=self._flag(raw, "dont_know"),
            good=tuple(str(code) for code in self._plain_list(raw.get("good", []))),
            low=self._words(raw, "low", "end"),
            high=self._words(raw, "high", "end"),
            show=self._conditions(raw.get("show", [])),
            item=str(raw.get("item", ""))[:60],
            source=str(raw.get("source", ""))[:300],
        )

    def _known(self, raw: Mapping[str, Any], fields: set[str]) -> None:
        for name in sorted(set(raw) - fields):
            self.wrong(f"there is no field “{str(name)[:30]}”.")

    def _key(self, raw: Any, shape: re.Pattern[str]) -> str:
        if not isinstance(raw, str) or not shape.fullmatch(raw):
            self.wrong(f"“{str(raw)[:30]}” is no key: small letters, figures and _, and a letter first.")
        return str(raw)

    def _flag(self, raw: Mapping[str, Any], name: str) -> bool:
        value = raw.get(name, False)
        if not isinstance(value, bool):
            self.wrong(f"“{name}” is neither true nor false.")
        return bool(value)

    def _words(self, raw: Mapping[str, Any], name: str, kind: str = "") -> Words:
        value = raw.get(name) or {}
        if not isinstance(value, Mapping) or not all(isinstance(said, str) for said in value.values()):
            self.wrong(f"“{name}” is not words by language.")
            return {}
        most = LONGEST[kind or name]
        for language, said in value.items():
            if len(said) > most:
                self.wrong(f"“{said[:30]}…” has {len(said):,} characters ({language}); {most:,} at most.")
        return {str(language): said.strip() for language, said in value.items() if said.strip()}

    def _plain_list(self, raw: Any) -> list[Any]:
        if not isinstance(raw, list):
            self.wrong("a list is not a list.")
            return []
        return raw

    def _list(self, raw: Any, what: str, most: int) -> list[Mapping[str, Any]]:
        found = self._plain_list(raw)
        if not all(isinstance(one, Mapping) for one in found):
            self.wrong(f"its {what} cannot be read.")
            return []
        if len(found) > most:
            self.wrong(f"there are {len(found)} {what}; {most} at most.")
        return found

    def _options(self, raw: Mapping[str, Any], name: str, most: int) -> tuple[Option, ...]:
        found = []
        for one in self._list(raw.get(name, []), name, most):
            self._known(one, {"code", "text", "alone"})
            found.append(
                Option(self._key(one.get("code"), _CODE), self._words(one, "text", "option"), self._flag(one, "alone"))
            )
        return tuple(found)

    def _conditions(self, raw: Any) -> tuple[Condition, ...]:
        found = []
        for one in self._list(raw, "conditions", 10):
            self._known(one, {"question", "answers"})
            answers = tuple(str(code) for code in self._plain_list(one.get("answers", [])))
            found.append(Condition(str(one.get("question", "")), answers))
        return tuple(found)


def _first_words(raw: Any) -> str:
    said = raw.get(ENGLISH, "") if isinstance(raw, Mapping) else ""
    return said if isinstance(said, str) else ""


def place(number: int, words: str, what: str = "page") -> str:
    """Page 2 (“Your area”); question 3 (“How safe do you feel …”)."""
    named = f" (“{_short(words)}”)" if words else ""
    return f"{'Page' if what == 'page' else what} {number}{named}"


def _short(words: str) -> str:
    return words if len(words) <= 40 else f"{words[:39].rstrip()}…"


# Checking ---------------------------------------------------------------------------------------------------------


def check(found: Questionnaire) -> list[str]:
    """What is wrong with a questionnaire that could be read, in sentences."""
    return list(_Check(found).problems())


class _Check:
    def __init__(self, found: Questionnaire) -> None:
        self.found = found
        self.number = {page.key: number for number, page in enumerate(found.pages, 1)}
        self.page_of = {question.key: page.key for page in found.pages for question in page.questions}

    def problems(self) -> Iterator[str]:
        if not self.found.questions:
            yield "There is no question yet. Add one."
        if len(self.found.questions) > MOST_QUESTIONS:
            yield f"There are {len(self.found.questions)} questions; {MOST_QUESTIONS} at most."
        yield from self._twice([page.key for page in self.found.pages], "pages")
        yield from self._twice([question.key for question in self.found.questions], "questions")
        loop = self._loop()
        if loop:
            yield self._spelled_out(loop)
        for number, page in enumerate(self.found.pages, 1):
            where = place(number, say(page.title))
            if not page.questions and not page.intro:
                yield f"{where}: it has no question and no words. Add some, or take the page out."
            yield from self._conditions(where, page, page.show, looped=bool(loop))
            yield from self._pipes(where, page, [page.title, page.intro])
            for at, question in enumerate(page.questions, 1):
                here = f"{where}, {place(at, say(question.text), 'question')}"
                yield from (f"{here}: {sentence}" for sentence in _question_problems(question))
                yield from self._conditions(here, page, question.show, looped=bool(loop))
                yield from self._pipes(here, page, [question.text, question.hint])

    def _twice(self, keys: Sequence[str], what: str) -> Iterator[str]:
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield f"Two {what} have the key “{key}”. Each needs its own."

    def _conditions(self, where: str, page: Page, show: Sequence[Condition], *, looped: bool) -> Iterator[str]:
        for one in show:
            asked = self.found.question(one.question)
            if asked is None:
                yield f"{where}: it is shown by an answer to “{one.question}”, which is no question here any more."
                continue
            name = say(asked.text)
            if asked.kind not in ASKABLE:
                yield f"{where}: it is shown by an answer to “{name}”, whose answers cannot be listed."
                continue
            if not one.answers:
                yield f"{where}: choose which answers to “{name}” show it."
            unknown = [code for code in one.answers if code not in asked.codes]
            if unknown:
                yield f"{where}: “{name}” has no answer {wording.listed([f'“{code}”' for code in unknown])} any more."
            if not looped and self.number[self.page_of[asked.key]] >= self.number[page.key]:
                yield (
                    f"{where}: it is shown by an answer to “{name}”, which does not come on an earlier page."
                    " Move one of them."
                )

    def _pipes(self, where: str, page: Page, texts: Sequence[Words]) -> Iterator[str]:
        for words in texts:
            for language, said in words.items():
                for key in PIPE.findall(said):
                    asked = self.found.question(key)
                    tongue = "" if language == ENGLISH else f" ({language})"
                    if asked is None:
                        yield f"{where}{tongue}: {{{key}}} repeats the answer to a question that is not here."
                    elif asked.kind in (GRID, PLACE):
                        yield f"{where}{tongue}: {{{key}}} would repeat an answer that is not one word or sentence."
                    elif self.number[self.page_of[key]] >= self.number[page.key]:
                        yield f"{where}{tongue}: {{{key}}} repeats an answer that is not given on an earlier page."

    def _hangs(self) -> Iterator[tuple[str, str, str]]:
        """Each condition on another page: the page, that other page, and the condition in words."""
        for page in self.found.pages:
            here = _small(place(self.number[page.key], say(page.title)))
            shown = [(here, one) for one in page.show]
            for at, question in enumerate(page.questions, 1):
                named = f"{place(at, say(question.text), 'question')} on {here}"
                shown += [(named, one) for one in question.show]
            for what, one in shown:
                asked, by = self.found.question(one.question), self.found.page_of(one.question)
                if asked is not None and by is not None and by.key != page.key:
                    there = _small(place(self.number[by.key], say(by.title)))
                    yield page.key, by.key, f"{what} is shown by an answer to “{_short(say(asked.text))}” on {there}"

    def _loop(self) -> list[str]:
        """Pages that wait for each other, the first of them again at the end; empty where there is no circle."""
        needs, done, path = dict[str, list[str]](), set[str](), list[str]()
        for page, by, _ in self._hangs():
            needs.setdefault(page, []).append(by)

        def walk(key: str) -> list[str]:
            if key in path:
                return [*path[path.index(key) :], key]
            if key in done:
                return []
            path.append(key)
            for before in needs.get(key, []):
                if found := walk(before):
                    return found
            done.add(path.pop())
            return []

        return next((loop for page in self.found.pages if (loop := walk(page.key))), [])

    def _spelled_out(self, loop: list[str]) -> str:
        around = list(pairwise(loop))
        steps = [said for step in around for page, by, said in self._hangs() if (page, by) == step]
        said = wording.listed(list(dict.fromkeys(steps)))
        return f"The pages wait for each other in a circle: {said}. Take one of these conditions out."


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def _question_problems(one: Question) -> Iterator[str]:
    if not one.text:
        yield "write the question."
    yield from _option_problems(one)
    codes = [option.code for option in one.options]
    for code in one.good:
        if code not in codes:
            yield f"“{code}” counts as good and is no answer."
    if one.kind == GRID and len(one.rows) < 2:
        yield "give at least two lines."
    if one.rows and one.kind != GRID:
        yield "only a question about several things has lines."
    rows = [row.code for row in one.rows]
    if len(set(rows)) < len(rows):
        yield "two lines have the same code."
    if any(not row.text for row in one.rows):
        yield "a line has no words."
    if one.dont_know and one.kind in (TEXT, PLACE, MULTIPLE):
        yield "“don’t know” belongs to a scale or a choice of one."
    if (one.low or one.high) and one.kind != RATING:
        yield "only a question from 0 to 10 has words for its ends."


def _option_problems(one: Question) -> Iterator[str]:
    codes = [option.code for option in one.options]
    if one.kind in CHOSEN and len(codes) < 2:
        yield "give at least two answers to choose from."
    if one.options and one.kind not in CHOSEN:
        yield "this kind of question has no answers to choose from."
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"two answers have the code “{code}”."
    if DONT_KNOW in codes:
        yield f"“{DONT_KNOW}” is kept for “don’t know”. Give the answer another code."
    if any(not option.text for option in one.options):
        yield "an answer has no words."
    if any(option.alone for option in one.options) and one.kind != MULTIPLE:
        yield "only where several answers may be ticked can one stand alone."
