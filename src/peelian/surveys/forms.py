"""What staff fill in to make a survey."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import Any

from django import forms

from peelian.accounts.models import Staff, Team
from peelian.accounts.queries import teams_to_write_for
from peelian.core import languages
from peelian.members.categories import LANGUAGES
from peelian.surveys import actions, changing, definition, queries, sets
from peelian.surveys.definition import (
    ASKABLE,
    CHOSEN,
    GRID,
    LIKERT,
    MULTIPLE,
    RATING,
    SINGLE,
    Condition,
    Page,
    Question,
    Questionnaire,
    say,
)
from peelian.surveys.models import Survey

OFFERED = ("ur", "pa", "bn", "gu", "ar", "so", "pl", "ro", "uk", "cy", "hi", "zh", "pt", "fr")
MOST_COPIES = 50
ENGLISH = definition.ENGLISH


class StartForm(forms.Form):
    mark_optional = False
    begin = forms.ChoiceField(label="Begin with", widget=forms.RadioSelect, initial="")
    title = forms.CharField(
        label="Title", max_length=120, required=False, help_text="Residents read it. You can change it later."
    )
    team = forms.ModelChoiceField(label="Team", queryset=Team.objects.none(), empty_label=None)

    def __init__(self, by: Staff, data: Any = None) -> None:
        super().__init__(data)
        teams = teams_to_write_for(by).order_by("name")
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["team"].initial = teams.first()
        self.copies = {one.ref: one for one in queries.listed(by)[:MOST_COPIES]}
        ready = [(f"set:{name}", one.title) for name, one in sets.SETS.items()]
        copies = [(f"copy:{ref}", str(one)) for ref, one in self.copies.items()]
        choices: list[Any] = [("", "An empty page"), ("Questions that others ask too", ready)]
        begin = self.fields["begin"]
        begin.choices = [*choices, ("As another survey is", copies)] if copies else choices  # type: ignore[attr-defined]
        begin.required = False
        begin.option_hints = {f"set:{name}": one.about for name, one in sets.SETS.items()}  # type: ignore[attr-defined]

    @property
    def start(self) -> dict[str, Any]:
        """For actions.make_survey."""
        kind, _, name = self.cleaned_data["begin"].partition(":")
        made = {"title": self.cleaned_data["title"], "team": self.cleaned_data["team"]}
        return made | {
            "begin": name if kind == "set" else "",
            "like": self.copies.get(name) if kind == "copy" else None,
        }


class WordsForm(forms.Form):
    mark_optional = False
    title = forms.CharField(label="Title", max_length=120)
    purpose = forms.CharField(
        label="Why we ask, and what we do with the answers",
        help_text="Residents read it before the first question. Two or three sentences.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
    )
    closing = forms.CharField(
        label="What happens next",
        help_text="Residents read it when they have answered: when you publish the results, and where.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
    )
    mode = forms.ChoiceField(label="Whose answers they are", choices=Survey.Mode.choices, widget=forms.RadioSelect)
    opens = forms.DateField(
        label="First day", required=False, help_text="Empty: as soon as you open it.", widget=forms.DateInput
    )
    closes = forms.DateField(
        label="Last day", required=False, help_text="It closes by itself the night after.", widget=forms.DateInput
    )
    languages = forms.MultipleChoiceField(
        label="Languages beside English", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(code, f"{LANGUAGES.get(code, code)} ({languages.own_name(code)})") for code in OFFERED],
    )  # fmt: skip
    open_link = forms.BooleanField(
        label="Anybody who has the link may answer", required=False,
        help_text="Results then say that people chose to answer by themselves. Leave it out to ask the invited alone.",
    )  # fmt: skip
    after_conversation = forms.BooleanField(
        label="Offer it when a conversation has been closed", required=False,
        help_text="Best with one question. The team’s newest open survey is offered, on the conversation’s page and"
        " in the letter that closes it.",
    )  # fmt: skip
    after_report = forms.BooleanField(
        label="Ask its first question when somebody has written to the team", required=False,
        help_text="On the page that says their message has arrived. It is answered there and counts by itself; the rest"
        " is offered. The first question must be a choice of one, a scale or 0 to 10.",
    )  # fmt: skip

    def __init__(self, survey: Survey, data: Any = None) -> None:
        names = [*actions.building.WORDS, "mode"]
        super().__init__(data, initial={name: getattr(survey, name) for name in names})
        if not actions.may_change_mode(survey):
            self.fields["mode"].disabled = True
            self.fields["mode"].help_text = "Settled: people have been told what becomes of their answers."

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("opens") and said.get("closes") and said["closes"] < said["opens"]:
            self.add_error("closes", "The last day comes before the first. Change one of them")
        return said


def _show_choices(asked: Questionnaire, page_key: str) -> list[Any]:
    """The answers on earlier pages that something on a page may hang on, by question."""
    found: list[Any] = []
    for page in asked.pages:
        if page.key == page_key:
            break
        for one in page.questions:
            if one.kind in ASKABLE:
                codes = [(f"{one.key}={code}", "Don’t know" if code == "dk" else one.label(code)) for code in one.codes]
                found.append((say(one.text), codes))
    return found


class _Shown(forms.Form):
    mark_optional = False

    def _add_show(self, asked: Questionnaire, page_key: str, show: tuple[Condition, ...], what: str) -> None:
        choices = _show_choices(asked, page_key)
        known = {value for _group, codes in choices for value, _label in codes}
        before = [f"{one.question}={code}" for one in show for code in one.answers]
        gone = [(value, f"{value} (no longer there)") for value in before if value not in known]
        if not choices and not gone:
            return
        self.fields["show"] = forms.MultipleChoiceField(
            label=f"Show this {what} only to people who answered", required=False,
            help_text="Nothing ticked: everybody sees it. Answers to different questions must all be given.",
            choices=[*choices, *([("Take these out", gone)] if gone else [])], initial=before,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip

    @property
    def show(self) -> tuple[Condition, ...]:
        found: dict[str, list[str]] = {}
        for value in self.cleaned_data.get("show") or []:
            key, _, code = value.partition("=")
            found.setdefault(key, []).append(code)
        return tuple(Condition(key, tuple(codes)) for key, codes in found.items())


class PageWordsForm(_Shown):
    title = forms.CharField(label="Title of the page", max_length=120, required=False)
    intro = forms.CharField(
        label="Words at its head", required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, asked: Questionnaire, page: Page | None, data: Any = None) -> None:
        self.asked, self.page = asked, page
        initial = {"title": say(page.title), "intro": say(page.intro)} if page else {}
        super().__init__(data, initial=initial)
        self._add_show(asked, page.key if page else "", page.show if page else (), "page")

    def made(self, now: Questionnaire) -> Page:
        """The page as it is to be."""
        title, intro = self.cleaned_data["title"], self.cleaned_data["intro"]
        key = self.page.key if self.page else changing.new_key(title, [one.key for one in now.pages], "page")
        before = now.page(key) or Page(key)
        return replace(
            before, title=changing.said(before.title, title), intro=changing.said(before.intro, intro), show=self.show
        )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class QuestionForm(_Shown):
    text = forms.CharField(
        label="Question", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One thing at a time, in words a nine-year-old knows.",
    )  # fmt: skip
    hint = forms.CharField(label="Hint", max_length=500, required=False)
    rows = forms.CharField(label="Lines, one each", widget=forms.Textarea(attrs={"rows": 5}), required=False)
    options = forms.CharField(label="Answers, one a line", widget=forms.Textarea(attrs={"rows": 7}), required=False)
    alone = forms.CharField(
        label="An answer that stands alone", required=False, help_text="As it stands above, such as None of these."
    )
    good = forms.IntegerField(
        label="How many answers from the top count as good", required=False, min_value=0, max_value=60,
        help_text="For results, such as 2 of Strongly agree and Tend to agree.",
    )  # fmt: skip
    low = forms.CharField(label="What 0 means", max_length=60, required=False)
    high = forms.CharField(label="What 10 means", max_length=60, required=False)
    dont_know = forms.BooleanField(label="Offer “Don’t know”, apart from the others", required=False)
    required = forms.BooleanField(label="Must be answered", required=False)

    def __init__(
        self, asked: Questionnaire, page: Page, kind: str, question: Question | None, data: Any = None
    ) -> None:
        self.asked, self.page, self.kind, self.question = asked, page, kind, question
        super().__init__(data, initial=_initial(question) if question else {"dont_know": kind == LIKERT})
        for name in self._left_out():
            del self.fields[name]
        earlier = takewhile(lambda one: one.key != page.key, asked.pages)
        named = [one for at in earlier for one in at.questions if one.kind not in (GRID, definition.PLACE)]
        if named:
            said = ", ".join(f"{{{one.key}}}" for one in named[:6])
            self.fields["text"].help_text += f" To repeat an answer of an earlier page, write its name: {said}."
        self._add_show(asked, page.key, question.show if question else (), "question")

    def _left_out(self) -> list[str]:
        kept = {"text", "hint", "required"}
        kept |= {"options", "good"} if self.kind in CHOSEN else set()
        kept |= {"rows"} if self.kind == GRID else set()
        kept |= {"alone"} if self.kind == MULTIPLE else set()
        kept |= {"low", "high"} if self.kind == RATING else set()
        kept |= {"dont_know"} if self.kind in (SINGLE, LIKERT, GRID, RATING) else set()
        return [name for name in self.fields if name not in kept]

    def clean_options(self) -> str:
        return self._at_least_two("options", "Give at least two answers, each on a line of its own")

    def clean_rows(self) -> str:
        return self._at_least_two("rows", "Give at least two lines")

    def _at_least_two(self, name: str, sentence: str) -> str:
        lines = _lines(self.cleaned_data[name])
        if len(lines) < 2:
            raise forms.ValidationError(sentence)
        twice = next((line for line in lines if lines.count(line) > 1), None)
        if twice:
            raise forms.ValidationError(f"“{twice}” stands there twice. Take one out")
        if any(len(line) > definition.LONGEST["option"] for line in lines):
            raise forms.ValidationError(f"Shorten each to {definition.LONGEST['option']} characters")
        return "\n".join(lines)

    def made(self, now: Questionnaire) -> Question:
        """The question as it is to be. One of the library whose words were changed is no longer that item."""
        said = self.cleaned_data
        taken = [one.key for one in now.questions]
        key = self.question.key if self.question else changing.new_key(said["text"], taken, "q")
        before = now.question(key) or Question(key, self.kind, {})
        options = changing.options(before.options, _lines(said.get("options", "")), said.get("alone", ""))
        text = changing.said(before.text, said["text"])
        return replace(
            before, text=text, hint=changing.said(before.hint, said["hint"]), required=said["required"],
            options=options, rows=changing.options(before.rows, _lines(said.get("rows", ""))),
            good=tuple(option.code for option in options[: said.get("good") or 0]),
            low=changing.said(before.low, said.get("low", "")), high=changing.said(before.high, said.get("high", "")),
            dont_know=said.get("dont_know", False), show=self.show,
            item=before.item if text == before.text and options == before.options else "",
        )  # fmt: skip


def _initial(one: Question) -> dict[str, Any]:
    alone = next((say(option.text) for option in one.options if option.alone), "")
    return {
        "text": say(one.text), "hint": say(one.hint), "low": say(one.low), "high": say(one.high), "alone": alone,
        "options": "\n".join(say(option.text) for option in one.options), "good": len(one.good) or None,
        "rows": "\n".join(say(row.text) for row in one.rows), "dont_know": one.dont_know, "required": one.required,
    }  # fmt: skip


class TranslateForm(forms.Form):
    """Every text that residents read, with a box for it in one language."""

    mark_optional = False
    AROUND = {"title": "Title", "purpose": "Why we ask", "closing": "What happens next"}

    def __init__(self, survey: Survey, asked: Questionnaire, language: str, data: Any = None) -> None:
        super().__init__(data)
        self.language = language
        known = survey.said.get(language, {})
        for name, what in self.AROUND.items():
            self._box(f"survey|{name}", what, getattr(survey, name), known.get(name, ""))
        for at, what, words in asked.texts():
            if say(words):
                self._box(at, what, say(words), words.get(language, ""))

    def _box(self, name: str, what: str, english: str, now: str) -> None:
        long = len(english) > 80
        widget = forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput()
        widget.attrs["lang"] = self.language
        field = forms.CharField(
            label=english, help_text=what, required=False, max_length=2_000, widget=widget, initial=now
        )
        self.fields[name] = field

    def left(self) -> int:
        """How many texts have no words in the language yet."""
        return sum(not self[name].value() for name in self.fields)

    @property
    def around(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"survey|{name}"] for name in self.AROUND}

    @property
    def words(self) -> dict[str, str]:
        return {name: text for name, text in self.cleaned_data.items() if not name.startswith("survey|")}
