"""What may be said from answers, and what may not."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from peelian.accounts.roles import Role
from peelian.audit.models import Event
from peelian.core.statistics import kish, proportion
from peelian.members.tests.factories import make_ward
from peelian.surveys import library
from peelian.surveys.analysis import comparing, files, weighting
from peelian.surveys.analysis.results import FEWEST, chart_of, results
from peelian.surveys.analysis.tallies import Tallies, questions, response, tallies
from peelian.surveys.analysis.weighting import Dimension
from peelian.surveys.models import Answer, How, Mailing, Survey
from peelian.surveys.tests.factories import WHOLE, invite, make_officer, make_survey, make_team

ABOUT = {
    "pages": [
        {
            "key": "p1",
            "questions": [library.question("csew.goodjob", "job"), library.question("csew.fairness", "fair")],
        },
        {"key": "p2", "questions": [library.question("you.age", "age"), library.question("you.sex", "sex")]},
    ]
}


def answered(survey: Survey, rows: list[dict[str, Any]], how: How = How.LINK, **more: Any) -> None:
    version = survey.live
    assert version is not None
    day = date(2019, 5, 1)
    Answer.objects.bulk_create(
        Answer(survey=survey, version=version, day=day, how=how, answers=row, **more) for row in rows
    )


# --- Goldens -------------------------------------------------------------------------------------------------------


def test_systems_8_3_how_are_we_doing_response_rate() -> None:
    """H19 L254: 5,607 answered, 11.4%, so that 49,184 were asked; Wilson 11.12 to 11.68%."""
    asked = round(5607 / 0.114)
    found = proportion(5607, asked)
    assert asked == 49_184
    assert (round(100 * found.low, 2), round(100 * found.high, 2)) == (11.12, 11.68)


def test_systems_8_4_live_chat_invited() -> None:
    """H19 L242: 36% completed, 66,000; 15,000 comments are 22.7% of them."""
    assert round(66_000 / 0.36) == 183_333
    assert round(100 * proportion(15_000, 66_000).value, 1) == 22.7


def test_h19_l242_young_people_beside_residents() -> None:
    """16 to 24: 9.5% of those who answered, 17.0% of residents. Ratio 0.559, weight 1.789; clearly too few."""
    row = comparing.beside("16 to 24", 95, 1_000, 0.17)
    assert row.ratio is not None
    assert row.weight is not None
    assert (round(row.ratio, 3), round(row.weight, 3), row.verdict) == (0.559, 1.789, "under-represented")


# --- Counting ------------------------------------------------------------------------------------------------------

ROWS = st.fixed_dictionaries(
    {},
    optional={
        "safe": st.sampled_from(["safe", "unsafe", "dk"]),
        "seen": st.lists(st.sampled_from(["litter", "cars"]), min_size=1, max_size=2, unique=True),
        "rate": st.integers(0, 10),
        "each": st.dictionaries(st.sampled_from(["fair", "kind"]), st.sampled_from(["yes", "no", "dk"]), min_size=1),
        "where": st.just("8a194ad32b67fff"),
    },
)


@pytest.mark.django_db
def test_one_statement_counts_what_was_answered() -> None:
    survey = make_survey()
    asked = questions(survey)

    @given(st.lists(ROWS, max_size=12))
    @examples(max_examples=15, deadline=None)
    def counted(rows: list[dict[str, Any]]) -> None:
        Answer.objects.filter(survey=survey).delete()
        answered(survey, rows)
        found = tallies(survey, asked)
        wanted: Counter[tuple[str, str, str]] = Counter()
        for row in rows:
            for key, value in row.items():
                if key == "where":
                    continue
                if isinstance(value, dict):
                    wanted.update((key, line, code) for line, code in value.items())
                else:
                    wanted.update((key, "", str(one)) for one in (value if isinstance(value, list) else [value]))
        assert {key: cells.total() for key, cells in found.said.items()} == dict(wanted)
        assert found.number == len(rows)
        assert {key: cells.total() for key, cells in found.asked.items()} == dict(
            Counter(key for row in rows for key in row)
        )

    counted()


@pytest.mark.django_db
def test_dont_know_stands_apart_small_numbers_are_hidden_and_few_answers_give_no_share() -> None:
    survey = make_survey()
    asked = questions(survey)
    answered(survey, [{"safe": "safe"}] * 60 + [{"safe": "unsafe"}] * 40 + [{"safe": "dk"}] * 7)
    (safe, *_) = results(asked, tallies(survey, asked))
    assert (safe.base, safe.answered, safe.dont_know) == (100, 107, 7)
    assert safe.good is not None
    assert safe.good.share is not None
    assert (safe.good.count, safe.good.share.value) == (60, 0.6)
    assert (round(safe.good.share.low, 3), round(safe.good.share.high, 3)) == (0.502, 0.691)
    assert (
        "60% said safe (95% interval 50% to 69%); 100 people with an answer, 7 did not know." in chart_of(safe).finding
    )
    Answer.objects.filter(survey=survey).delete()
    answered(survey, [{"safe": "safe"}] * 97 + [{"safe": "unsafe"}] * 3)
    (safe, *_) = results(asked, tallies(survey, asked))
    assert [row.count for row in safe.rows] == [None, None]
    assert safe.good is not None
    assert safe.good.count is None
    Answer.objects.filter(survey=survey).delete()
    answered(survey, [{"safe": "safe"}] * 20 + [{"safe": "unsafe"}] * 9)
    (safe, *_) = results(asked, tallies(survey, asked))
    assert [row.count for row in safe.rows] == [20, 9]
    assert not safe.has_shares
    assert f"From fewer than {FEWEST} no share is estimated" in chart_of(safe).finding


@pytest.mark.django_db
def test_an_answer_that_a_later_version_dropped_is_still_counted() -> None:
    survey = make_survey({"pages": [{"key": "p", "questions": [library.question("you.sex", "sex")]}]})
    old = library.question("you.sex", "sex")
    old["options"].append({"code": "other", "text": {"en": "Other"}})
    version = survey.versions.get()
    version.number = 2
    version.save()
    survey.versions.create(number=1, definition={"pages": [{"key": "p", "questions": [old]}]})
    (one,) = questions(Survey.objects.get(pk=survey.pk))
    assert [option.code for option in one.options] == ["female", "male", "other"]


# --- Weights -------------------------------------------------------------------------------------------------------


def dimension(topic: str, key: str, **shares: float) -> Dimension:
    codes = {code.replace("_", "-").lstrip("a-"): share for code, share in shares.items()}
    return Dimension(topic, topic.capitalize(), key, {code: code for code in codes}, codes, "Census 2021")


def cells_of(*rows: tuple[tuple[str, ...], int]) -> Tallies:
    return Tallies(people=Counter(dict(rows)))


def test_weights_of_cells_are_those_of_people() -> None:
    """As core.statistics.rake and kish give them person by person."""
    wanted = [dimension("sex", "sex", female=0.51, male=0.49)]
    found = weighting.weigh(cells_of((("female",), 80), (("male",), 20), (("",), 7)), wanted, "none")
    assert found.weights == {("female",): pytest.approx(0.51 / 0.8), ("male",): pytest.approx(0.49 / 0.2)}
    assert (found.people, found.without) == (100, 7)
    assert found.effective == pytest.approx(kish([0.51 / 0.8] * 80 + [0.49 / 0.2] * 20).effective)
    assert found.met


def test_raking_gives_the_weights_of_r_survey_for_the_example_on_its_help_page_of_rake() -> None:
    """T. Lumley's R package survey, help page of rake(): the 183 schools of apiclus1 by type and by whether they met
    their target, raked to the 6,194 schools of California. R's weights, which it stops improving at one school in all
    (epsilon = 1), are those of `weights(rake(dclus1, list(~stype, ~sch.wide), list(pop.types, pop.schwide)))`."""
    sample = cells_of((("E", "No"), 12), (("E", "Yes"), 132), (("H", "No"), 3), (("H", "Yes"), 11), (("M", "No"), 8),
                      (("M", "Yes"), 17))  # fmt: skip
    of_r = {
        ("E", "No"): 39.838509410554, ("E", "Yes"): 29.8704638727345, ("H", "No"): 67.1257826263303,
        ("H", "Yes"): 50.3301527726748, ("M", "No"): 49.0700673992951, ("M", "Yes"): 36.7921816646831,
    }  # fmt: skip
    types = {"E": 4421 / 6194, "H": 755 / 6194, "M": 1018 / 6194}
    wide = {"No": 1072 / 6194, "Yes": 5122 / 6194}
    wanted = [
        Dimension("type", "Type", "stype", {code: code for code in types}, types, "apipop"),
        Dimension("wide", "School-wide", "sch.wide", {code: code for code in wide}, wide, "apipop"),
    ]
    found = weighting.weigh(sample, wanted, "none")
    assert found.met
    assert {cell: weight * 6194 / 183 for cell, weight in found.weights.items()} == {
        cell: pytest.approx(weight, rel=2e-4) for cell, weight in of_r.items()
    }


def test_weights_are_held_within_limits_and_refused_where_they_miss_too_much() -> None:
    wanted = [dimension("sex", "sex", female=0.6, male=0.4)]
    found = weighting.weigh(cells_of((("female",), 88), (("male",), 12)), wanted, "3")
    assert found.most <= 3 + 1e-9
    assert not found.met
    assert found.gap_words.endswith(" percentage points (“Sex”)")
    assert 0 < found.missed[1] <= weighting.MOST_MISSED
    share = found.weights["male",] * 12 / sum(found.weights[s,] * n for s, n in (("female", 88), ("male", 12)))
    assert found.missed == ("Sex", pytest.approx(0.4 - share))
    far = weighting.weigh(cells_of((("female",), 95), (("male",), 5)), [dimension("sex", "sex", female=0.1, male=0.9)])
    assert not far.weights
    assert "Within these limits the weights still miss “Sex” by" in far.refused
    assert far.log[-1]["trimmed"]


def test_thin_groups_are_joined_and_said() -> None:
    shares = {"16-24": 0.2, "25-34": 0.2, "35-44": 0.3, "45": 0.3}
    groups = weighting.join({"16-24": 2, "25-34": 9, "35-44": 30, "45": 3}, shares, ordered=True)
    assert groups == {"16-24": ("16-24", "25-34"), "25-34": ("16-24", "25-34"), "35-44": ("35-44", "45"),
                      "45": ("35-44", "45")}  # fmt: skip
    wanted = [Dimension("age", "Age", "age", {code: code for code in shares}, shares, "Census 2021")]
    found = weighting.weigh(cells_of((("16-24",), 2), (("25-34",), 9), (("35-44",), 30), (("45",), 3)), wanted)
    assert "“16-24” and “25-34” count as one group" in found.joined[0]
    alone = weighting.weigh(cells_of((("16-24",), 50)), wanted)
    assert "too few of all but one group" in alone.joined[0]
    assert alone.refused


def test_the_census_ages_are_brought_to_the_bands_of_the_question() -> None:
    census = {"0-4": 50.0, "15-19": 100.0, "20-24": 100.0, "25-34": 80.0, "75-84": 40.0, "85+": 20.0}
    found, split = weighting.by_bands(census, ["16-24", "25-34", "75"])
    assert found == {"16-24": pytest.approx(180.0), "25-34": pytest.approx(80.0), "75": pytest.approx(60.0)}
    assert split == ["15-19"]


@pytest.mark.django_db
def test_weighted_stands_beside_unweighted_and_is_refused_where_it_tells_too_little() -> None:
    survey = make_survey(ABOUT)
    asked = questions(survey)
    rows = [{"job": "good", "sex": "female"}] * 60 + [{"job": "poor", "sex": "female"}] * 20
    rows += [{"job": "good", "sex": "male"}] * 5 + [{"job": "poor", "sex": "male"}] * 15
    answered(survey, rows)
    found = tallies(survey, asked, by=["sex"])
    weights = weighting.weigh(found, [dimension("sex", "sex", female=0.5, male=0.5)], "none")
    job = results(asked, found, weights.weights)[0]
    assert job.good is not None
    assert job.good.share is not None
    assert job.good.weighted is not None
    assert job.good.share.value == 0.65
    assert job.good.weighted.estimate.value == pytest.approx(0.5 * 0.75 + 0.5 * 0.25)
    assert job.good.weighted.design_effect == pytest.approx(kish([0.5 / 0.8] * 80 + [0.5 / 0.2] * 20).design_effect)
    wide = weighting.weigh(found, [dimension("sex", "sex", female=0.02, male=0.98)], "none")
    refused = results(asked, found, wide.weights)[0]
    assert refused.good is not None
    assert refused.good.weighted is None
    assert f"from fewer than {FEWEST} nothing is estimated" in refused.refused_weighted


# --- Waves and areas -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_waves_are_compared_with_an_interval_and_no_clear_difference_is_an_answer() -> None:
    first = make_survey(ABOUT)
    second = make_survey(ABOUT, first=first, wave=2)
    answered(first, [{"job": "good", "fair": "tend-to-agree"}] * 56 + [{"job": "poor", "fair": "neither"}] * 14)
    answered(second, [{"job": "good", "fair": "tend-to-agree"}] * 48 + [{"job": "poor", "fair": "neither"}] * 32)
    job = comparing.changes(second, first)[0]
    assert job.difference is not None
    # R. G. Newcombe (1998), table II: 56/70 less 48/80 is 0.2000, method 10 from 0.0524 to 0.3339
    assert (round(-job.difference.value, 4), round(-job.difference.high, 4), round(-job.difference.low, 4)) == (
        0.2, 0.0524, 0.3339,
    )  # fmt: skip
    assert job.verdict == "lower than before"
    Answer.objects.filter(survey=second).delete()
    answered(second, [{"job": "good"}] * 62 + [{"job": "poor"}] * 18)
    job, fair = comparing.changes(second, first)
    assert job.verdict == "no clear difference"
    assert "too few answered" in fair.verdict
    assert comparing.changes_chart([job, fair]).finding == "No clear difference: 1 of 1."


# --- Pages and files -----------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    settings.PEELIAN_DEMO = True  # demo accounts come in without a second factor


def staff_client(survey: Survey, role: str = Role.ANALYST) -> Client:
    client = Client()
    client.force_login(make_officer(survey.team, role))
    return client


@pytest.mark.django_db
def test_the_page_says_who_was_invited_and_that_opt_in_is_no_sample() -> None:
    survey = make_survey(mode=Survey.Mode.IDENTIFIED)
    invite(survey, 200)
    Mailing.objects.get(survey=survey).send.__class__.objects.update(recipients=200)
    answered(survey, [{"safe": "safe"}] * 30 + [{"safe": "unsafe"}] * 20, How.INVITATION)
    client = staff_client(survey)
    page = client.get(f"/staff/surveys/{survey.ref}/results/").content.decode()
    assert "Of 200 people invited, 50 answered: 25.0% (95% interval 19.5% to 31.4%)." in page
    assert "60% said safe" in page
    assert "chose to answer" not in page.replace("Those who chose to answer: open link", "")
    answered(survey, [{"safe": "unsafe"}] * 10, How.LINK)
    page = client.get(f"/staff/surveys/{survey.ref}/results/").content.decode()
    assert "Some of them chose to answer and were not chosen by us" in page
    assert "do not say “of residents”" in page
    cut = client.get(f"/staff/surveys/{survey.ref}/results/?way=invited").content.decode()
    assert "60% said safe" in cut
    assert response(survey).may_be_cut


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "people/", "compare/", "codebook/"])
def test_each_page_opens_with_nothing_answered_and_is_for_those_who_may(path: str) -> None:
    survey = make_survey()
    assert staff_client(survey).get(f"/staff/surveys/{survey.ref}/results/{path}").status_code == 200
    assert staff_client(survey, Role.OFFICER).get(f"/staff/surveys/{survey.ref}/results/{path}").status_code == 404


@pytest.mark.django_db
def test_a_question_is_taken_away_as_a_file_and_that_is_in_the_trail() -> None:
    survey = make_survey()
    answered(survey, [{"safe": "safe"}] * 30 + [{"safe": "unsafe"}] * 20)
    client = staff_client(survey)
    file = b"".join(client.get(f"/staff/surveys/{survey.ref}/results/?csv=q-safe").streaming_content).decode()
    assert "Safe,30,0.6," in file
    assert client.get(f"/staff/surveys/{survey.ref}/results/?csv=none").status_code == 404
    assert Event.objects.filter(verb="survey.exported").count() == 1


@pytest.mark.django_db
def test_the_file_of_answers_never_says_whose_they_are_and_the_codebook_explains_every_column() -> None:
    survey = make_survey(mode=Survey.Mode.IDENTIFIED)
    answered(
        survey, [{"safe": "safe", "seen": ["litter", "cars"], "each": {"fair": "yes"}, "where": "8a19"}], stratum="S"
    )
    row = Answer.objects.get(survey=survey)
    client = staff_client(survey)
    file = b"".join(client.get(f"/staff/surveys/{survey.ref}/results/answers.csv").streaming_content).decode()
    head, line = file.splitlines()
    assert head == "day,version,how,safe,seen,rate,each.fair,each.kind"
    assert line == "2019-05-01,1,link,safe,litter cars,,yes,"
    assert str(row.pk) not in file
    assert "8a19" not in file
    names = [variable.name for variable in files.codebook(survey, questions(survey))]
    assert set(head.split(",")) <= set(names)
    book = b"".join(client.get(f"/staff/surveys/{survey.ref}/results/codebook.csv").streaming_content).decode()
    assert "safe,How safe do you feel?" in book
    assert "Don’t know" in book
    assert Event.objects.filter(verb="survey.exported").count() == 1


@pytest.mark.django_db
def test_somebody_elses_survey_has_no_results_here() -> None:
    survey = make_survey(team=make_team("Far team"))
    near = make_officer(make_team("Near team"), Role.SUPERVISOR)
    near.scope.add(make_ward("N01", "Near"))
    client = Client()
    client.force_login(near)
    found = client.get(f"/staff/surveys/{survey.ref}/results/").status_code
    assert found == 404


def test_everything_there_is_to_ask_is_in_the_codebook() -> None:
    from peelian.surveys.reading import lenient

    survey = Survey(mode=Survey.Mode.ANONYMOUS)
    asked = lenient(WHOLE).questions
    names = {variable.name for variable in files.codebook(survey, asked)}
    assert {one.key for one in asked} <= {name.split(".")[0] for name in names}


@pytest.mark.django_db
def test_a_spreadsheet_opens_the_codebook_as_words_and_python_reads_every_column() -> None:
    asked = {"pages": [{"key": "p", "questions": [
        library.question("csew.goodjob", "job") | {"text": {"en": '=HYPERLINK("http://x.example";"Good, job?")'}},
        library.question("you.sex", "sex"),
    ]}]}  # fmt: skip
    survey = make_survey(asked)
    answered(survey, [{"job": "good", "sex": "female"}] * 12)
    client = staff_client(survey)

    def rows(name: str) -> list[dict[str, str]]:
        file = b"".join(client.get(f"/staff/surveys/{survey.ref}/results/{name}.csv").streaming_content)
        return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))

    book, answers = rows("codebook"), rows("answers")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in book for cell in row.values())
    assert next(row["question"] for row in book if row["column"] == "job").endswith('"Good, job?")')
    meanings = {(row["column"], row["code"]): row["meaning"] for row in book}
    assert {column for row in answers for column in row} == {column for column, _ in meanings}
    assert {meanings["job", row["job"]] for row in answers} == {"Good"}
