"""What the answers say, and what may not be said of them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from peelian.accounts.tests.factories import sign_in
from peelian.alerts.tests.factories import Force, make_force, make_sent
from peelian.core import clock
from peelian.core.statistics import newcombe
from peelian.members.models import Topic
from peelian.surveys.models import Answer
from peelian.surveys.pulse import actions, results
from peelian.surveys.pulse.models import PulseProgramme, PulseRound, PulseSlice, cell
from peelian.surveys.pulse.part import in_words
from peelian.surveys.pulse.results import Comparison, Side, judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def force() -> Force:
    return make_force({"W00": 5})


@pytest.fixture
def programme(force: Force) -> PulseProgramme:
    return actions.save_programme(
        by=force.communications, team=force.team, on=True, most=200, hours=24, rest_days=90,
        topics=list(Topic.objects.filter(about_crime=True)),
    )  # fmt: skip


def answers(programme: PulseProgramme, arm: str, very: int, others: int, *, topic: str = "vehicle-crime",
            dose: str = "0-1", informed: str = "fairly") -> None:  # fmt: skip
    survey = programme.survey
    codes = ["very"] * very + ["not-very"] * others
    Answer.objects.bulk_create(
        Answer(id=uuid.uuid4(), survey=survey, version=survey.live, day=clock.today().replace(day=1), how="invitation",
               stratum=cell(topic, arm, dose), answers={"worry": code, "informed": informed})
        for code in codes
    )  # fmt: skip


def test_the_difference_is_newcombes_as_published() -> None:
    """R. G. Newcombe (1998), Statistics in Medicine 17, 873-890, table II, example (a): 56/70 less 48/80, method 10:
    0.2000, from 0.0524 to 0.3339."""
    (row,) = judged([Comparison("", Side(70, 56), Side(80, 48), "worry")])
    assert row.difference is not None
    assert (row.difference.value, row.difference.low, row.difference.high) == pytest.approx(
        (0.2, 0.0524, 0.3339), abs=5e-5
    )
    assert row.verdict == "more worried than those held out"


def test_of_many_types_one_that_is_clear_by_itself_may_not_stand() -> None:
    """p = 0.03 alone is clear; among eight types Benjamini and Hochberg ask for 0.05 / 8."""
    close = Comparison("A", Side(200, 100), Side(200, 78), "worry")
    alone = judged([close])[0]
    assert alone.clear
    none = Comparison("B", Side(200, 80), Side(200, 80), "worry")
    rows = judged([close, *[none] * 7])
    assert [row.verdict for row in rows] == [results.NO_CLEAR] * 8
    assert rows[0].level == pytest.approx(1 - 0.05 / 8)


def test_an_arm_with_few_answers_is_not_compared_and_the_page_says_why(programme: PulseProgramme) -> None:
    answers(programme, "got", 20, 40)
    answers(programme, "held", 10, 30)
    row = results.pooled(programme).altogether("worry")
    assert row.difference is None
    assert row.verdict == "too few yet: 60 and 40 answers, 50 of each are needed"
    answers(programme, "held", 0, 30)
    assert results.pooled(programme).altogether("worry").difference is not None
    assert "100% of 60 who got one" in in_words(results.pooled(programme).altogether("informed"))


def test_a_few_who_differ_from_all_others_are_not_told() -> None:
    (row,) = judged([Comparison("", Side(60, 3), Side(60, 10), "worry")])
    assert row.difference is None
    assert row.got.share is None
    assert "could be recognised" in row.verdict


def test_who_got_an_alert_that_nobody_was_held_out_of_is_compared_with_nobody(programme: PulseProgramme) -> None:
    answers(programme, "alone", 40, 40)
    found = results.pooled(programme)
    row = found.altogether("worry")
    assert (row.got.base, row.held.base) == (0, 0)
    assert row.verdict == "nobody was held out, or fewer than ten of them answered"
    assert found.answers == 80


def test_by_type_and_by_dose_and_without_those_who_do_not_know(programme: PulseProgramme) -> None:
    for arm, very in (("got", 60), ("held", 30)):
        answers(programme, arm, very, 100 - very, topic="residential-burglary", dose="8+")
        answers(programme, arm, 40, 60)
    Answer.objects.filter(stratum="vehicle-crime/got/0-1", answers__worry="not-very").update(answers={"worry": "dk"})
    found = results.pooled(programme)
    burglary, vehicles = found.by_type("worry")
    assert (burglary.label, burglary.verdict) == ("Burglary at homes", "more worried than those held out")
    assert burglary.difference == newcombe(60, 100, 30, 100, level=burglary.level)
    assert (vehicles.got.base, vehicles.held.base) == (40, 100)
    few, some, many = found.by_dose("worry")
    assert (few.got.base, some.got.base, many.got.base) == (40, 0, 100)


def test_old_answers_fall_out_after_a_year(programme: PulseProgramme) -> None:
    answers(programme, "got", 30, 30)
    Answer.objects.update(day=results.year_ago().replace(year=results.year_ago().year - 1))
    assert results.pooled(programme).answers == 0


def ask_and_count(force: Force, programme: PulseProgramme, *, answered: int | None = 12) -> Any:
    alert = make_sent(force)
    made = PulseRound.objects.create(
        alert=alert, seed="s", closes=clock.today(), counted=answered is not None
    )  # fmt: skip
    for arm in ("got", "held"):
        PulseSlice.objects.create(round=made, arm=arm, dose="0-1", asked=60, answered=answered)
    return alert


def test_the_page_its_csv_and_the_part_on_the_alerts_own_page(
    client: Any, force: Force, programme: PulseProgramme
) -> None:
    sign_in(client, force.communications)
    assert "Nothing can be read yet" in client.page("/staff/surveys/pulse/").text()
    alert = ask_and_count(force, programme)
    answers(programme, "got", 60, 40)
    answers(programme, "held", 30, 70)
    page = client.page("/staff/surveys/pulse/")
    assert "All of these types: more worried than those held out, by 30.0 points" in page.text()
    assert "no ethics decision holds" in page.text()
    rows = client.get("/staff/surveys/pulse/?csv=worry-types").getvalue().decode().splitlines()
    assert any(row.startswith("Vehicle crime,") for row in rows)
    part = client.page(f"/staff/alerts/{alert.ref}/").text()
    assert "Two questions went to 60 who got it and 60 from whom it was withheld" in part
    assert "24 answered" in part
    assert "Very or fairly worried about crime: 60% of 100 who got one, 30% of 100 from whom one was withheld" in part
    sign_in(client, force.officer)
    assert "Worry after it" in client.page(f"/staff/alerts/{alert.ref}/").text()
    assert client.get("/staff/surveys/pulse/").status_code == 404


def test_before_a_round_is_over_nobody_reads_how_many_answered(
    client: Any, force: Force, programme: PulseProgramme
) -> None:
    sign_in(client, force.communications)
    alert = ask_and_count(force, programme, answered=None)
    part = client.page(f"/staff/alerts/{alert.ref}/").text()
    assert "They can answer until" in part
    assert "answered" not in part.partition("Worry after it")[2].partition("Answers are read")[0]


def test_queries_do_not_grow_with_the_answers(
    client: Any, force: Force, programme: PulseProgramme, django_assert_max_num_queries: Any
) -> None:
    sign_in(client, force.communications)
    for topic in Topic.objects.filter(about_crime=True):
        for arm in ("got", "held"):
            answers(programme, arm, 20, 40, topic=topic.slug)
    client.get("/staff/surveys/pulse/")
    with django_assert_max_num_queries(20):
        client.get("/staff/surveys/pulse/")


def test_settings_and_the_decision_are_entered_on_pages(client: Any, force: Force) -> None:
    sign_in(client, force.communications)
    topic = Topic.objects.get(slug="vehicle-crime")
    form = {"on": "1", "team": force.team.pk, "topics": [topic.pk], "most": 50, "hours": 24, "rest_days": 60}
    assert "Not set up yet" in client.page("/staff/surveys/pulse/").text()
    assert (
        "Choose at least one type"
        in client.page("/staff/surveys/pulse/settings/", form | {"topics": []}, post=True).text()
    )
    wrong = client.page("/staff/surveys/pulse/settings/", form | {"hours": "1"}, post=True).text()
    assert "Hours after the last message went out: type a whole number from 2 to 96" in wrong
    assert "nobody twice in 60 days" in client.page("/staff/surveys/pulse/settings/", form, post=True).text()
    today = clock.today()
    decision = {
        "body": "Ethics Committee", "decided_on": today.isoformat(), "until": today.isoformat(), "reference": "EC 1",
        "text": "For a day.", "percent": 2, "topics": [topic.pk],
    }  # fmt: skip
    late = client.page("/staff/surveys/pulse/holdout/new/", decision | {"until": "2999-01-01"}, post=True)
    assert "A decision holds for a year at most" in late.text()
    page = client.page("/staff/surveys/pulse/holdout/new/", decision, post=True)
    assert "2% of an audience do not get an alert" in page.text()
    assert "are held out by lot until" in client.page("/staff/surveys/pulse/").text()
    assert "No decision holds" in client.page("/staff/surveys/pulse/holdout/end/", post=True).text()
