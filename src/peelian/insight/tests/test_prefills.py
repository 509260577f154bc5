"""Paragraphs for a community profile: each figure with its base, and nothing where there is nothing."""

import datetime as dt

import pytest

from peelian.accounts.tests.factories import make_area
from peelian.core import clock
from peelian.core.panels import prefills
from peelian.insight import prefills as ours
from peelian.insight.models import CrimeCount, CrimeFile
from peelian.places.tests.test_population import load

pytestmark = pytest.mark.django_db


def test_without_figures_nothing_is_said():
    area = make_area("W01", "Elm Bridge")
    assert [prefills[code].text(area.pk) for code in ("population", "reach", "conversation", "crime")] == [""] * 4
    assert [one.text(0) for one in prefills.values()] == [""] * len(prefills.values())


def test_who_lives_there_with_base_and_source(tmp_path):
    area = make_area("W01", "Elm Bridge")
    rows = "area_code,category,people\nW01,white,500\nW01,asian,300\nW01,black,200\n"
    load(tmp_path, rows, "ethnic-group-5", vintage="2021", source="Census 2021")
    said = ours.population(area.pk)
    assert said.startswith("Ethnic group, five groups: White 50%")
    assert said.endswith("of 1,000 (Census 2021).")
    assert [said.index(share) for share in ("50%", "30%", "20%")] == sorted(map(said.index, ("50%", "30%", "20%")))


def test_a_year_of_crime_beside_the_year_before():
    force = make_area("F1", "Heartshire", kind="force")
    for number in range(24):
        month = clock.months_after(dt.date(2024, 1, 1), number)
        file = CrimeFile.objects.create(
            dataset="street", month=month, reported_by="Heartshire", types="2013-05", sha256="x", rows=9,
            without_place=0, loaded_at=clock.now(),
        )  # fmt: skip
        CrimeCount.objects.create(file=file, area=force, kind="burglary", n=10 if number < 12 else 5)
    said = ours.recorded_crime(force.pk)
    assert said.startswith("60 crimes were recorded in the year ending December 2025: burglary 60 were the commonest.")
    assert "The twelve months before: 120." in said
    CrimeFile.objects.filter(month=dt.date(2025, 3, 1)).delete()
    assert ours.recorded_crime(force.pk) == ""  # a month is missing: there is no sum of a year
