"""One page of a questionnaire as a form. Its fields follow from the questions; what is typed too long or cannot be
found stays in its field, with a sentence beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from peelian.core import wording
from peelian.surveys import answers, definition, placing
from peelian.surveys.definition import GRID, LONGEST_TEXT, MULTIPLE, PLACE, RATING, TEXT, Page, Question, Questionnaire

LONGEST_KEPT = 20_000  # characters of an answer that is too long and must not be lost


@dataclass(frozen=True)
class Asked:
    """A question with its fields, as the page shows it."""

    question: Question
    label: str
    hint: str
    fields: list[forms.BoundField]
    language: str  # that its words are in

    @property
    def is_grid(self) -> bool:
        return self.question.kind == GRID

    @property
    def is_place(self) -> bool:
        return self.question.kind == PLACE

    @property
    def is_rating(self) -> bool:
        return self.question.kind == RATING


class PageForm(forms.Form):
    """DATA is what came, or what was kept; GIVEN are all answers so far, which questions may repeat."""

    mark_optional = False

    def __init__(
        self,
        asked: Questionnaire,
        page: Page,
        given: Mapping[str, Any],
        data: Mapping[str, Any] | None = None,
        *,
        language: str = "",
        resolution: int = placing.ANONYMOUS,
    ) -> None:
        super().__init__(data)
        self.asked, self.page, self.given, self.language, self.resolution = asked, page, given, language, resolution
        for question in page.questions:
            for name, field in self._fields(question):
                self.fields[name] = field

    # What the page shows ------------------------------------------------------------------------------------------

    def questions(self) -> list[Asked]:
        return [self._shown(question) for question in self.page.questions]

    def _shown(self, question: Question) -> Asked:
        names = [name for name in self.fields if name == question.key or name.startswith(f"{question.key}:")]
        tongue = definition.said_in(question.text, self.language)
        return Asked(question, self._label(question), self._hint(question), [self[name] for name in names], tongue)

    def _label(self, question: Question) -> str:
        return answers.fill(question.text, self.asked, self.given, self.language)

    def _hint(self, question: Question) -> str:
        hint = answers.fill(question.hint, self.asked, self.given, self.language)
        if question.kind != RATING or not (question.low or question.high):
            return hint
        low, high = (definition.say(words, self.language) for words in (question.low, question.high))
        return f"{hint} {_('0 is %(low)s, 10 is %(high)s.') % {'low': low, 'high': high}}".strip()

    def _fields(self, question: Question) -> list[tuple[str, forms.Field]]:
        label, hint = self._label(question), self._hint(question)
        if question.kind == TEXT:
            widget = forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_TEXT})
            return [(question.key, forms.CharField(label=label, help_text=hint, required=False, widget=widget))]
        if question.kind == PLACE:
            hint = hint or _("A postcode, or the name of a neighbourhood. We keep the wider area only.")
            return [(question.key, forms.CharField(label=label, help_text=hint, required=False))]
        if question.kind == GRID:
            rows = [(row.code, definition.say(row.text, self.language)) for row in question.rows]
            return [(f"{question.key}:{code}", self._choice(question, said, "")) for code, said in rows]
        return [(question.key, self._choice(question, label, hint))]

    def _choice(self, question: Question, label: str, hint: str) -> forms.Field:
        several = question.kind == MULTIPLE
        kind: type[forms.ChoiceField] = forms.MultipleChoiceField if several else forms.ChoiceField
        widget = forms.CheckboxSelectMultiple if several else forms.RadioSelect
        field = kind(label=label, help_text=hint, required=False, widget=widget, choices=self._choices(question))
        field.error_messages["invalid_choice"] = _("That answer is not in the list any more. Choose again")
        return field

    def _choices(self, question: Question) -> list[Any]:
        codes = [code for code in question.codes if code != definition.DONT_KNOW]
        found: list[Any] = [(code, question.label(code, self.language)) for code in codes]
        if question.dont_know:
            found.append((_("Or"), [(definition.DONT_KNOW, answers.dont_know())]))
        return found

    # Reading what came --------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        for question in self.page.questions:
            try:
                self._check(question)
            except ValidationError as problem:
                self.add_error(self._first(question), problem)
        return self.cleaned_data

    def _first(self, question: Question) -> str:
        return f"{question.key}:{question.rows[0].code}" if question.kind == GRID else question.key

    def _check(self, question: Question) -> None:
        value = self.value_of(question)
        if question.required and not answers.is_answered(value):
            raise ValidationError(_("Answer “%(question)s”") % {"question": self._label(question)})
        if question.kind == TEXT and len(value) > LONGEST_TEXT:
            most, has = wording.number(LONGEST_TEXT), wording.number(len(value))
            said = _("Shorten your answer to “%(question)s” to %(most)s characters. It has %(has)s")
            raise ValidationError(said % {"question": self._label(question), "most": most, "has": has})
        if question.kind == MULTIPLE and len(value) > 1:
            alone = [option for option in question.options if option.alone and option.code in value]
            if alone:
                named = definition.say(alone[0].text, self.language)
                raise ValidationError(_("Tick “%(alone)s” alone, or take it out") % {"alone": named})
        if question.kind == PLACE and value and value["typed"] and not value["cell"]:
            raise ValidationError(str(placing.NotFoundThere()))

    def value_of(self, question: Question) -> Any:
        """The answer as surveys.answers keeps it, sound or not."""
        if question.kind == GRID:
            rows = ((row.code, self._came(f"{question.key}:{row.code}")) for row in question.rows)
            return {row: code for row, code in rows if code in question.codes}
        if question.kind == MULTIPLE:
            came = self._all(question.key)
            return [code for code in question.codes if code in came]
        return self._one(question, self._came(question.key).replace("\r\n", "\n").replace("\x00", "").strip())

    def _one(self, question: Question, came: str) -> Any:
        if question.kind == TEXT:
            return came[:LONGEST_KEPT]
        if question.kind == PLACE:
            return self._place(question, came[: placing.LONGEST])
        if came not in question.codes:
            return None
        return int(came) if question.kind == RATING and came != definition.DONT_KNOW else came

    def _place(self, question: Question, typed: str) -> dict[str, str] | None:
        point = self._came(f"{question.key}:point")
        if point:
            longitude, _comma, latitude = point.partition(",")
            try:
                return {"typed": typed, "cell": placing.cell_at(float(longitude), float(latitude), self.resolution)}
            except ValueError:
                pass
        if not typed:
            return None
        before = self.given.get(question.key)
        if isinstance(before, dict) and before.get("typed") == typed and before.get("cell"):
            return before
        try:
            return {"typed": typed, "cell": placing.cell_of(typed, self.resolution)}
        except ValueError:
            return {"typed": typed, "cell": ""}

    def _came(self, name: str) -> str:
        value = self.data.get(name, "")
        return str(value[0] if isinstance(value, list) and value else value or "")

    def _all(self, name: str) -> list[str]:
        getlist = getattr(self.data, "getlist", None)
        found = getlist(name) if getlist else self.data.get(name, [])
        return [str(one) for one in found]

    @property
    def values(self) -> dict[str, Any]:
        """Every question of the page with what was answered, None for nothing."""
        return {question.key: self.value_of(question) for question in self.page.questions}


def as_data(page: Page, given: Mapping[str, Any]) -> dict[str, Any]:
    """Kept answers as the page's form would have sent them."""
    data: dict[str, Any] = {}
    for question in page.questions:
        value = given.get(question.key)
        if value is None:
            continue
        if question.kind == GRID:
            data |= {f"{question.key}:{row}": code for row, code in value.items()}
        elif question.kind == PLACE:
            data[question.key] = value.get("typed", "")
        elif question.kind == MULTIPLE:
            data[question.key] = list(value)
        else:
            data[question.key] = str(value)
    return data
