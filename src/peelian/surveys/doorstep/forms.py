"""Forms of rounds: making one, a visit, and all the questions of a survey on one page."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms

from peelian.surveys import answers, definition, placing
from peelian.surveys.definition import Condition, Page, Questionnaire, say
from peelian.surveys.doorstep import listing
from peelian.surveys.doorstep.listing import Listed
from peelian.surveys.doorstep.models import RoundDoor
from peelian.surveys.forms_answering import PageForm

LARGEST = 1_000_000  # bytes of a file


class RoundForm(forms.Form):
    """A list of addresses, typed, pasted or a file, and how many of them are visited."""

    name = forms.CharField(label="Name of the round", max_length=80, help_text="Officers read it: Elm Grove, March.")
    addresses = forms.CharField(
        label="Addresses", required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="A street on each line, with the numbers of its doors: Elm Grove: 1 to 31 odd, 40. No names.",
    )  # fmt: skip
    file = forms.FileField(
        label="Or a CSV file", required=False, help_text="Two columns, street and number. One line for each address."
    )
    every = forms.IntegerField(
        label="Visit every so-many-th address", min_value=1, max_value=100, initial=1, required=False,
        help_text="1: all of them. More: a random start is drawn, and kept with the round.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    seed = forms.IntegerField(
        label="Seed of the random start", min_value=0, max_value=2**31 - 1, required=False,
        help_text="Leave it empty. With the seed of another round the same start is drawn again.",
    )  # fmt: skip
    days = forms.IntegerField(
        label="Days until the addresses are deleted", min_value=1, max_value=90, initial=28,
        help_text="At the latest; they go when the survey closes. 90 at most.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        text, file = given.get("addresses", ""), given.get("file")
        if text.strip() and file:
            self.add_error("file", "Give the addresses in the box or as a file, not both")
            return given
        where = "file" if file else "addresses"
        try:
            given["listed"] = listing.read(self._content(file) if file else text)
        except listing.BadList as problem:
            self.add_error(where, problem.sentences)
        return given

    def _content(self, file: Any) -> str:
        if file.size > LARGEST:
            raise listing.BadList([f"The file has {file.size:,} bytes; {LARGEST:,} at most."])
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise listing.BadList(["The file is not UTF-8 text. Save it as CSV UTF-8."]) from None

    @property
    def given(self) -> dict[str, Any]:
        """For actions.make_round."""
        said = self.cleaned_data
        seed = said["seed"] if said["seed"] is not None else secrets.randbelow(2**31)
        listed: list[Listed] = said["listed"]
        return {
            "name": said["name"], "listed": listed, "every": said["every"] or 1, "seed": seed, "days": said["days"],
        }  # fmt: skip


class VisitForm(forms.Form):
    """A door of the street, and what came of the visit."""

    door = forms.ModelChoiceField(
        RoundDoor.objects.none(), empty_label=None, error_messages={"required": "Choose the door"}
    )
    outcome = forms.ChoiceField(choices=RoundDoor.Outcome.choices)

    def __init__(self, street: Any, data: Any = None) -> None:
        super().__init__(data)
        self.fields["door"].queryset = street.doors.all()  # type: ignore[attr-defined]


class AllQuestionsForm(PageForm):
    """Every question on one page, as somebody reads them out. A question that hangs on an earlier answer says so, and
    is judged only where that answer was given."""

    def __init__(self, asked: Questionnaire, data: Any = None, *, language: str = "", anonymous: bool = True) -> None:
        page = Page("all", questions=tuple(asked.questions))
        resolution = placing.ANONYMOUS if anonymous else placing.IDENTIFIED
        super().__init__(asked, page, {}, data, language=language, resolution=resolution)

    def clean(self) -> dict[str, Any]:
        seen = {one.key for page in answers.seen(self.asked, self.values) for one in page.questions}
        everything = self.page
        self.page = Page("all", questions=tuple(one for one in everything.questions if one.key in seen))
        try:
            return super().clean()
        finally:
            self.page = everything

    def conditions(self) -> dict[str, str]:
        """What must have been answered for a question to be asked, in the words of that question."""
        found = {}
        for page in self.asked.pages:
            for one in page.questions:
                said = [self._condition(shown) for shown in (*page.show, *one.show)]
                if said:
                    found[one.key] = "; ".join(said)
        return found

    def _condition(self, shown: Condition) -> str:
        earlier = self.asked.question(shown.question)
        if earlier is None:
            return ""
        said = [
            answers.dont_know() if code == definition.DONT_KNOW else earlier.label(code, self.language)
            for code in shown.answers
        ]
        return f"{say(earlier.text, self.language)} {' / '.join(said)}"
