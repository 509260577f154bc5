"""The Crime Survey's perceptions, as the Headline Performance Report of November 2019 prints them (H19 L244-254), come
in as observations: with their period, the forces and the nation beside them, and where they come from."""

from __future__ import annotations

from datetime import date

import pytest

from peelian.audit.actions import COMMAND_LINE
from peelian.insight.measures import importing
from peelian.insight.measures.tests.factories import make_measure
from peelian.insight.models import Observation

pytestmark = pytest.mark.django_db
HEAD = "measure,period,value,status,group_value,nation_value,note\n"
PAPER = """\
csew-confidence,year-to-2016-03,75,final,,,No base is published; strongly and tend to agree together
csew-confidence,year-to-2018-12,72,final,,,No base is published; strongly and tend to agree together
csew-respect,year-to-2018-12,85,final,,,Agree that the police would treat them with respect
csew-fairness,year-to-2018-12,67,final,,,Agree that the police treat everybody fairly
"""


def bring_in(rows: str, name: str = "csew-h19-l244.csv") -> importing.Outcome:
    return importing.import_rows(importing.records((HEAD + rows).encode(), name), name=name, by=COMMAND_LINE)


def test_systems_8_5_the_papers_figures_with_their_periods_and_their_source():
    for code in ("csew-confidence", "csew-respect", "csew-fairness"):
        make_measure(code, per=100, unit="%", frequency="year", denominator="Asked", good="up")
    done = bring_in(PAPER)
    assert (done.said, done.bad) == ("4 new, 0 revised, 0 unchanged", [])
    found = {(one.measure.code, one.end): one for one in Observation.objects.select_related("measure")}
    assert {key: one.value for key, one in found.items()} == {
        ("csew-confidence", date(2016, 3, 31)): 75, ("csew-confidence", date(2018, 12, 31)): 72,
        ("csew-respect", date(2018, 12, 31)): 85, ("csew-fairness", date(2018, 12, 31)): 67,
    }  # fmt: skip
    last = found["csew-confidence", date(2018, 12, 31)]
    assert (last.start, last.source) == (date(2018, 1, 1), "csew-h19-l244.csv")
    assert last.denominator is None  # none is printed, so no interval can be given
    assert bring_in(PAPER).said == "0 new, 0 revised, 4 unchanged"


def test_systems_8_5_the_forces_like_it_stand_beside_a_figure():
    """The paper prints a range of the most similar forces, 58% (Greater Manchester) to 69% (West Yorkshire), and no
    average: its middle stands beside the figure, and the note says of what."""
    make_measure("csew-confidence", per=100, unit="%", frequency="year", denominator="Asked", good="up")
    note = "Beside it the middle of the most similar forces: 58 (GMP) to 69 (West Yorkshire)"
    bring_in(f"csew-confidence,year-to-2018-12,72,final,{(58 + 69) / 2},,{note}\n")
    one = Observation.objects.get()
    assert (one.value, one.group_value, one.nation_value) == (72, 63.5, None)
    assert "58 (GMP)" in one.note
