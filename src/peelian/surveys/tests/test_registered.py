"""Who answered, by what members said when they registered: totals, for seeing whom we reach, and for nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from peelian.members import actions as members
from peelian.members import equality
from peelian.members.actions.actor import MemberActor
from peelian.members.models import EqualityAnswers, Member
from peelian.members.tests.factories import make_member
from peelian.surveys.analysis import comparing, registered
from peelian.surveys.analysis.tallies import questions, tallies
from peelian.surveys.analysis.weighting import Dimension
from peelian.surveys.models import Answer, How, Survey
from peelian.surveys.tests.factories import make_survey

pytestmark = pytest.mark.django_db
SEX = Dimension("sex", "Sex", "you_sex", {"female": "Female", "male": "Male"}, {"female": 0.5, "male": 0.5}, "Census")


def some(number: int, **said: object) -> list[Member]:
    found = [make_member(f"{said.get('sex', 'x')}{n}@home.example") for n in range(number)]
    EqualityAnswers.objects.bulk_create(EqualityAnswers(member=one, **said) for one in found)
    return found


def answer(survey: Survey, who: list[Member], **said: str) -> None:
    Answer.objects.bulk_create(
        Answer(survey=survey, version=survey.live, day=date(2019, 5, 1), how=How.INVITATION, member=one, answers=said)
        for one in who
    )


def test_what_members_said_stands_in_where_they_did_not_say_it_here() -> None:
    survey = make_survey(mode=Survey.Mode.IDENTIFIED)
    women, men, silent = some(12, sex="female"), some(7, sex="male"), some(6, ethnic_group="arab")
    answer(survey, women[:10] + men + silent, safe="safe")
    answer(survey, women[10:], safe="safe", you_sex="male")  # what is said here counts
    found = registered.filled(survey, SEX, tallies(survey, questions(survey), "", ["you_sex"]))
    assert found.registered == 17
    assert {cell[0]: n for cell, n in found.tallies.people.items()} == {"female": 10, "male": 9, "": 6}
    ((_, rows, base),) = comparing.respondents(found.tallies, [SEX])
    assert [(row.label, row.count) for row in rows] == [("Female", 10), ("Male", 9)]
    note = comparing.respondents_chart(SEX, rows, base, registered=found.registered).note
    assert "Of 19 people who said." in note
    assert "17 of them said it when they registered and not in the survey" in note


def test_of_an_anonymous_survey_nothing_is_added() -> None:
    survey = make_survey()
    answer(survey, [], safe="safe")
    assert registered.filled(survey, SEX, tallies(survey, questions(survey), "", ["you_sex"])).registered == 0


def test_years_of_birth_and_nineteen_groups_become_the_survey_s_answers() -> None:
    survey = make_survey(mode=Survey.Mode.IDENTIFIED)
    survey.opened_on = date(2019, 5, 1)
    age = Dimension("age", "Age", "you_age", {"16-24": "", "25-34": "", "75": ""}, {}, "Census")
    group = Dimension("ethnic-group-5", "Ethnic group", "k", {"asian": "", "other": ""}, {}, "Census")
    assert [registered._code(age, survey, year) for year in ("1999", "1985", "1930", "1970")] == [
        "16-24", "25-34", "75", "",
    ]  # fmt: skip
    assert [registered._code(group, survey, said) for said in ("asian-indian", "arab", "white-irish")] == [
        "asian", "other", "",
    ]  # fmt: skip


def test_what_was_taken_back_or_is_of_somebody_young_is_not_counted() -> None:
    kept, taken, young = some(3, sex="female")
    members.forget_answers(member=taken, by=MemberActor(taken.pk))
    EqualityAnswers.objects.get_or_create(member=taken, defaults={"sex": "female"})  # as a legal hold keeps it
    Member.objects.filter(pk=young.pk).update(young=True)
    assert equality.totals("sex", [kept.pk, taken.pk, young.pk]) == {"female": 1, "": 2}
