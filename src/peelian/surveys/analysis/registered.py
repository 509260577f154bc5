"""Who answered a survey that knows its people: what they said of themselves when they registered stands in where the
survey did not ask, or they did not say. Totals alone, and for seeing whom a survey reaches, never for weights
(members.equality says why). An anonymous survey knows nobody, and nothing is added to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from peelian.members import equality
from peelian.places.models import Area
from peelian.places.topics import kind
from peelian.surveys import library
from peelian.surveys.analysis import weighting
from peelian.surveys.analysis.tallies import Tallies, hows
from peelian.surveys.analysis.weighting import TOPICS, Dimension, by_bands
from peelian.surveys.definition import Question
from peelian.surveys.models import Answer, Survey
from peelian.surveys.reading import question_of


@dataclass(frozen=True)
class Filled:
    """Tallies by one dimension, and how many in them are known from registering and not from the survey."""

    tallies: Tallies
    registered: int


def dimensions(survey: Survey, asked: Sequence[Question], area: Area) -> list[Dimension]:
    """Those of the survey's own questions and, where it knows who answered, those that members are asked anyway."""
    missing = set() if survey.is_anonymous else set(TOPICS) - {one.item for one in asked}
    more = [question_of(library.question(item, library.key_of(item))) for item in TOPICS if item in missing]
    return weighting.dimensions([*asked, *more], area)


def filled(survey: Survey, one: Dimension, found: Tallies, way: str = "") -> Filled:
    """FOUND, counted by the question of ONE, with those who did not answer it there counted by what they said when they
    registered."""
    if survey.is_anonymous:
        return Filled(found, 0)
    silent = Answer.objects.filter(survey=survey, member__isnull=False).exclude(answers__has_key=one.key)
    if (asked_for := hows(way)) is not None:
        silent = silent.filter(how__in=asked_for)
    ids = list(silent.values_list("member", flat=True).distinct())
    people = Counter(found.people)
    added = 0
    for stored, number in equality.totals(one.topic, ids).items():
        code = _code(one, survey, stored) if stored else ""
        if code:
            people[code,] += number
            people["",] -= number
            added += number
    return Filled(replace(found, people=people), added)


def _code(one: Dimension, survey: Survey, stored: str) -> str:
    """The survey's code for what is STORED; "" where it has none."""
    if one.topic == "age":
        born = int(stored)
        bands, _ = by_bands({str((survey.opened_on or survey.created_at).year - born): 1.0}, list(one.labels))
        return next((code for code, share in bands.items() if share), "")
    groups = {answer: group for group, answers in kind(one.topic).answers.items() for answer in answers}
    code = groups.get(stored, stored)
    return code if code in one.labels else ""
