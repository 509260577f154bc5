"""Places that people named: numbers of neighbourhoods, nothing small and nothing finer."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import h3
import pytest
from django.test import Client

from peelian.accounts.roles import Role
from peelian.members.tests.factories import make_ward
from peelian.surveys.analysis.tallies import questions
from peelian.surveys.analysis.where import OUTSIDE, lines, wheres
from peelian.surveys.models import Answer, How, Survey
from peelian.surveys.tests.factories import make_officer, make_survey

pytestmark = pytest.mark.django_db


def named(survey: Survey, number: int, longitude: float, latitude: float) -> str:
    cell = str(h3.latlng_to_cell(latitude, longitude, 9))
    version = survey.live
    assert version is not None
    given: dict[str, Any] = {"survey": survey, "version": version, "day": date(2019, 5, 1), "how": How.LINK}
    Answer.objects.bulk_create(Answer(**given, answers={"where": cell}) for _ in range(number))
    return cell


def middle(ward: Any) -> tuple[float, float]:
    return ward.longitude, ward.latitude


@pytest.fixture
def survey() -> Survey:
    return make_survey()


def test_places_are_counted_by_neighbourhood_with_small_numbers_hidden(survey: Survey) -> None:
    elm, oak, ash = (make_ward(f"W0{n}", name, n) for n, name in enumerate(("Elm", "Oak", "Ash"), 1))
    one = next(q for q in questions(survey) if q.kind == "place")
    assert lines(survey, one) == ([], 0)
    cells = [named(survey, 30, *middle(elm)), named(survey, 20, *middle(oak)), named(survey, 3, *middle(ash))]
    found, base = lines(survey, one)
    assert base == 53
    told = {line.label: line.count for line in found}
    assert told["Ash"] is None  # three people
    assert told["Oak"] is None  # or the total would give Ash away
    assert told["Elm"] == 30
    assert [line.label for line in found] == sorted(told)
    ((_, chart),) = wheres(survey, [one])
    assert "53 people named a place, most of them in Elm: 30, 57% (95% interval 43% to 69%)." in chart.finding
    assert not any(cell in str(chart.table) for cell in cells)
    named(survey, 6, 10.0, 50.0)
    assert {line.label for line in lines(survey, one)[0]} == {"Ash", "Elm", "Oak", OUTSIDE}


def test_the_map_and_its_file_stand_on_the_results_page(survey: Survey, settings: Any) -> None:
    settings.PEELIAN_DEMO = True
    ward = make_ward("W01", "Elm")
    cell = named(survey, 12, *middle(ward))
    client = Client()
    client.force_login(make_officer(survey.team, Role.ANALYST))
    page = client.get(f"/staff/surveys/{survey.ref}/results/").content.decode()
    assert "12 people named a place, most of them in Elm: 12." in page
    assert cell not in page
    file = client.get(f"/staff/surveys/{survey.ref}/results/?csv=q-where")
    rows = list(csv.reader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))
    assert rows[1][:2] == ["Elm", "12"]
    assert cell not in str(rows)
