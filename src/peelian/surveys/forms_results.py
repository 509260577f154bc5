"""What is looked at in results: chosen by GET, so that every view has an address of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from peelian.accounts.models import Staff
from peelian.accounts.queries import scope_area_ids
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.surveys.analysis.comments import UNTAGGED
from peelian.surveys.analysis.tallies import WAYS
from peelian.surveys.analysis.weighting import LIMIT_WORDS
from peelian.surveys.definition import Question, say
from peelian.surveys.models import Survey, Tag

ALL = "all"


def areas_to_choose(staff: Staff) -> list[tuple[str, list[tuple[str, str]]]]:
    """The administrative areas in the person's scope, by kind, the largest first."""
    rows = places.current_areas(within=scope_area_ids(staff)).filter(kind__in=Area.ADMINISTRATIVE)
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in Area.ADMINISTRATIVE}
    for kind, code, name in rows.order_by("name", "code").values_list("kind", "code", "name"):
        found[kind].append((code, name))
    return [(Area.Kind(kind).label, areas) for kind, areas in found.items() if areas]


class ResultsForm(forms.Form):
    """Whose answers, and weighted to whom."""

    way = forms.ChoiceField(label="Answers of", choices=list(WAYS.items()), required=False)
    by = forms.ChoiceField(label="Weighted by", required=False)
    area = forms.ChoiceField(label="To the residents of", required=False)
    limits = forms.ChoiceField(label="Weights held within", choices=list(LIMIT_WORDS.items()), required=False)
    mark_optional = False

    def __init__(self, staff: Staff, topics: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not topics:
            for name in ("by", "area", "limits"):
                del self.fields[name]
            return
        together = [(ALL, "All of them")] if len(topics) > 1 else []
        by: Any = self.fields["by"]
        by.choices = [("", "Not weighted"), *together, *topics]
        areas: Any = self.fields["area"]
        areas.choices = areas_to_choose(staff)


class PeopleForm(forms.Form):
    """Whose answers, beside the residents of which area."""

    way = forms.ChoiceField(label="Answers of", choices=list(WAYS.items()), required=False)
    area = forms.ChoiceField(label="Beside the residents of", required=False)
    mark_optional = False

    def __init__(self, staff: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["area"]
        areas.choices = areas_to_choose(staff)


class CompareForm(forms.Form):
    """Beside which wave, and which question by area."""

    way = forms.ChoiceField(label="Answers of", choices=list(WAYS.items()), required=False)
    wave = forms.ChoiceField(label="Beside", required=False)
    question = forms.ChoiceField(label="By area", required=False)
    mark_optional = False

    def __init__(self, waves: Sequence[Survey], asked: Sequence[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if waves:
            wave: Any = self.fields["wave"]
            wave.choices = [(str(one.wave), f"Wave {one.wave}") for one in waves]
        else:
            del self.fields["wave"]
        if asked:
            question: Any = self.fields["question"]
            question.choices = [(one.key, say(one.text)[:80]) for one in asked]
        else:
            del self.fields["question"]


class CommentsForm(forms.Form):
    """Which comments: by their words, their question, their tag."""

    q = forms.CharField(label="Words in it", max_length=200, required=False)
    question = forms.ChoiceField(label="Question", required=False)
    tag = forms.ChoiceField(label="Tag", required=False)
    mark_optional = False

    def __init__(
        self, asked: Mapping[str, str], counted: Mapping[str, int], tags: Sequence[tuple[Tag, int]], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        question: Any = self.fields["question"]
        question.choices = [
            ("", "All"),
            *((key, f"{text[:80]} ({counted.get(key, 0):,})") for key, text in asked.items()),
        ]
        tag: Any = self.fields["tag"]
        named = [(str(one.pk), f"{one.name} ({number:,})") for one, number in tags]
        tag.choices = [("", "All"), (UNTAGGED, "Without a tag"), *named]
