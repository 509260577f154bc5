"""Who answered beside who was asked; and the papers' figures on victim satisfaction."""

import pytest

from peelian.accounts.roles import Role
from peelian.core.statistics import post_stratify, proportion
from peelian.surveys.frames import asking, comparing
from peelian.surveys.frames.models import FrameCell
from peelian.surveys.frames.tests.factories import bring_in, keeper, row, victims
from peelian.surveys.models import Answer
from peelian.surveys.tests.factories import make_officer, option

# --- Goldens -------------------------------------------------------------------------------------------------------


def test_systems_8_1_other_respondents():
    """H19 L227-242: White 84.7, Asian 10.2 and Black 2.8% of those who answered leave 2.3% other or not known."""
    named = 84.7 + 10.2 + 2.8
    assert (round(named, 1), round(100 - named, 1)) == (97.7, 2.3)


def test_systems_8_1_weight_of_the_young():
    """16 to 24: 9.5% of those who answered and 17.0% of residents, so that each counts 1.789 times (the ratio is
    0.559)."""
    weights = post_stratify({"16-24": 95, "25+": 905}, {"16-24": 0.17, "25+": 0.83})
    assert round(weights["16-24"], 3) == 1.789
    assert round(1 / weights["16-24"], 3) == 0.559


def test_systems_8_3_how_many_were_asked_within_the_rounding():
    """H19 L254: 5,607 are 11.4% of 49,184; the rounding of 11.4 allows 48,969 to 49,401."""
    assert round(5607 / 0.114) == 49_184
    assert (round(5607 / 0.1145), round(5607 / 0.1135)) == (48_969, 49_401)
    found = proportion(5607, 49_184)
    assert (round(100 * found.low, 2), round(100 * found.high, 2)) == (11.12, 11.68)
    assert all(round(100 * proportion(5607, asked).value, 1) == 11.4 for asked in (49_000, 49_184, 49_400))


# --- Against the list ----------------------------------------------------------------------------------------------


def cell(crime, people, pk):
    return FrameCell(pk=pk, crime=crime, people=people)


def of_crime(one):
    return one.crime


def test_response_rates_by_type_of_crime_with_what_is_clear_and_small_numbers_hidden():
    cells = [cell("Burglary", 200, 1), cell("Burglary", 200, 2), cell("Robbery", 400, 3), cell("Vandalism", 400, 4)]
    found = {one.label: one for one in comparing.by_response(cells, {1: 60, 2: 60, 3: 40, 4: 75}, of_crime)}
    assert (found["Burglary"].asked, found["Burglary"].answered) == (400, 120)
    rate = proportion(120, 400)
    assert (found["Burglary"].value, found["Burglary"].low, found["Burglary"].high) == (rate.value, rate.low, rate.high)
    assert [found[name].verdict for name in ("Burglary", "Robbery", "Vandalism")] == [
        comparing.MORE, comparing.LESS, comparing.UNCLEAR,
    ]  # fmt: skip
    few = {
        one.label: one for one in comparing.by_response([*cells, cell("Arson", 6, 5)], {1: 60, 3: 40, 5: 2}, of_crime)
    }
    assert (few["Arson"].answered, few["Arson"].value, few["Arson"].verdict) == (None, None, "not told")
    assert any(one.answered is None for name, one in few.items() if name != "Arson")  # or a subtraction tells it


def test_what_people_say_beside_the_list():
    cells = [cell("Burglary", 500, 1), cell("Robbery", 300, 2), cell("Fraud", 200, 3)]
    found = comparing.by_what_they_say(cells, {"burglary": 150, "robbery": 30, "something else": 9}, of_crime)
    assert [(one.label, one.share_of_asked) for one in found] == [("Burglary", 0.625), ("Robbery", 0.375)]
    assert [one.verdict for one in found] == [comparing.OVER, comparing.UNDER]
    assert found[0].value == pytest.approx(150 / 180)


@pytest.mark.django_db
def test_the_page_compares_answers_with_the_person_by_their_cell(client, settings):
    settings.PEELIAN_DEMO = True
    survey = victims(mode="identified")
    people = [row() for _ in range(30)] + [row(crime_type="Robbery") for _ in range(30)]
    frame = bring_in(survey, people).frame
    client.force_login(make_officer(survey.team, Role.COMMUNICATIONS))
    path = f"/staff/surveys/{survey.ref}/results/list/"
    assert "No list was asked" in client.page(path).text()
    asking.invite(frame=frame, by=keeper(survey))
    for one in frame.cells.all():
        count = 20 if one.crime == "Robbery" else 8
        Answer.objects.bulk_create(
            Answer(survey=survey, version=survey.live, day="2026-04-01", how="invitation", stratum=f"frame:{one.pk}",
                   answers={"safe": "safe"})
            for _ in range(count)
        )  # fmt: skip
    page = client.page(path)
    assert "Type of crime: how many of the list answered" in page.text()
    assert comparing.MORE in page.text()
    assert client.get(f"{path}?csv=list-crime").status_code == 200


@pytest.mark.django_db
def test_of_an_anonymous_survey_only_what_people_say_is_compared(client, settings):
    settings.PEELIAN_DEMO = True
    which = {
        "key": "which", "kind": "single", "text": {"en": "What was it about?"},
        "options": [option("b", "Residential burglary"), option("r", "Robbery"), option("o", "Something else")],
    }  # fmt: skip
    for questions, said in (([which], "Type of crime: who answered, against the list"), ([], "no answer can be tied")):
        asked = [*questions, {"key": "rate", "kind": "rating", "text": {"en": "How are we doing?"}}]
        survey = victims(definition={"pages": [{"key": "p1", "questions": asked}]})
        frame = bring_in(survey, [row(crime_type=one) for one in ("Residential burglary", "Robbery") * 10]).frame
        asking.invite(frame=frame, by=keeper(survey))
        rows = [{"which": "b"}] * 12 + [{"which": "r"}] * 6
        Answer.objects.bulk_create(
            Answer(survey=survey, version=survey.live, day="2026-04-01", how="invitation", answers=one) for one in rows
        )
        client.force_login(make_officer(survey.team, Role.COMMUNICATIONS))
        assert said in client.page(f"/staff/surveys/{survey.ref}/results/list/").text()


@pytest.mark.django_db
@pytest.mark.parametrize(("mode", "queries"), [("identified", 11), ("anonymous", 13)])
@pytest.mark.parametrize("crimes", [2, 12])
def test_the_page_beside_the_list_asks_as_often_for_many_cells(
    client, settings, mode, queries, crimes, django_assert_max_num_queries
):
    settings.PEELIAN_DEMO = True
    survey = victims(mode=mode)
    people = [row(crime_type=f"Theft of {chr(97 + at % crimes) * 3}") for at in range(36)]
    frame = bring_in(survey, people).frame
    asking.invite(frame=frame, by=keeper(survey))
    client.force_login(make_officer(survey.team, Role.COMMUNICATIONS))
    with django_assert_max_num_queries(queries):
        page = client.get(f"/staff/surveys/{survey.ref}/results/list/")
    assert page.status_code == 200
