"""Observations come in by file: good rows are kept with their history, each bad one gets its line and a sentence."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command

from peelian.accounts.tests.factories import make_area
from peelian.audit.actions import COMMAND_LINE
from peelian.audit.models import Event
from peelian.insight.measures import importing
from peelian.insight.measures.tests.factories import make_measure
from peelian.insight.models import Measure, Observation
from peelian.places.errors import FileRefused

pytestmark = pytest.mark.django_db
HEAD = "measure,area,period,numerator,denominator,value,status,group_value,nation_value,note\n"


@pytest.fixture
def measures():
    make_area("HS", "Heartshire", kind="force")
    make_area("W01", "Elm Bridge", at=3)
    make_measure("burglary")
    make_measure("confidence", per=100, unit="%", frequency="year", denominator="Asked", good="up")
    make_measure("crime-rate", per=1000, unit="per 1,000 people", denominator="People", places=1)


def read(rows: str, *, name: str = "figures.csv") -> importing.Outcome:
    content = (HEAD + rows).encode()
    return importing.import_rows(importing.records(content, name), name=name, by=COMMAND_LINE)


def test_figures_are_kept_as_they_were_given(measures):
    done = read(
        'burglary,,2018-09,"2,204",,,,,,\nburglary,w01,2018-09,31,,,provisional,,,\n'
        "confidence,HS,year-to-2018-12,,,72,final,70,75,No base is published\n"
        "confidence,,year-to-2019-03,,,,no update,,,\n"
        "crime-rate,,2018-09,21850,2913333,7.5,,,,\n"
    )
    assert (done.said, done.bad) == ("5 new, 0 revised, 0 unchanged", [])
    force = Observation.objects.get(measure__code="burglary", area=None)
    assert (force.numerator, force.value, force.status) == (2204, 2204, "final")
    assert Observation.objects.get(area__code="W01").status == "provisional"
    confidence = Observation.objects.get(measure__code="confidence", end=date(2018, 12, 31))
    assert (confidence.area, confidence.value, confidence.group_value, confidence.nation_value) == (None, 72, 70, 75)
    assert Observation.objects.get(end=date(2019, 3, 31)).value is None
    assert Observation.objects.get(measure__code="crime-rate").value == pytest.approx(7.50, abs=0.001)
    assert Event.objects.get(verb="measures.imported").data == {"new": 5, "revised": 0, "bad": 0}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("burglry,,2018-09,1,,,,,,", "there is no measure “burglry”. Did you mean burglary?"),
        ("burglary,W09,2018-09,1,,,,,,", "there is no area of the code W09. Did you mean W01?"),
        ("burglary,,Sept 2018,1,,,,,,", "“Sept 2018” is no period. Write one like 2018-09"),
        ("burglary,,2018-Q3,1,,,,,,", "“burglary” is observed by month, like 2018-09; 2018-Q3 is something else."),
        ("burglary,,2099-01,1,,,,,,", "January 2099 is not over yet."),
        ("burglary,,2018-09,many,,,,,,", "the numerator “many” is not a number. Write it like 28648 or 66.3."),
        ("burglary,,2018-09,nan,,,,,,", "the numerator “nan” is not a number"),
        ("burglary,,2018-09,inf,,,,,,", "the numerator “inf” is not a number"),
        ("burglary,,2018-09,-4,,,,,,", "the numerator -4 is below zero."),
        ("burglary,,2018-09,1e300,,,,,,", "is larger than anything a force counts."),
        ("burglary,,2018-09,,,,,,,", "there is no figure. Fill in the numerator, or give the status no update."),
        ("burglary,,2018-09,5,,,no update,,,", "“no update” stands beside a figure. Leave out one of the two."),
        ("burglary,,2018-09,5,,,guess,,,", "the status “guess” is none of provisional, final, revised and no update."),
        ("confidence,,year-to-2018-12,5,0,,,,,", "the denominator is 0, and nothing is a share of nothing."),
        ("confidence,,year-to-2018-12,50,40,,,,,", "the numerator 50 is larger than the denominator 40."),
        ("confidence,,year-to-2018-12,5,40,14,,,,", "the value 14 is not what its parts give, 12.5. Correct"),
        ("confidence,,year-to-2018-12,5,,,,,,", "there is no figure. Fill in numerator and denominator, or the value"),
        ("burglary,,2018-09,5,,,,,,,,", "the row has more fields than there are columns."),
        ("burglary,,2018-09,5,,,,,," + "x" * 301, "the note has 301 characters; at most 300 fit."),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_with_what_is_wrong(measures, row, said):
    done = read(f"burglary,,2018-08,7,,,,,,\n{row}\n")
    assert [bad.line for bad in done.bad] == [3]
    assert said in done.bad[0].reason
    assert Observation.objects.count() == 1


def test_one_figure_stands_twice_in_a_file(measures):
    done = read("burglary,,2018-09,7,,,,,,\nburglary,HS,2018-09,8,,,,,,\n")
    assert done.bad[0].reason == "line 2 has the same measure, area and period. Keep one of the two."


def test_a_revised_figure_keeps_the_one_before_it(measures):
    read("burglary,,2018-08,90,,,provisional,,,\nburglary,,2018-09,100,,,,,,\n")
    done = read("burglary,,2018-08,91,,,,,,\nburglary,,2018-09,104,,,,,,\n")
    assert done.said == "0 new, 2 revised, 0 unchanged"
    rows = list(Observation.objects.order_by("end", "revision").values_list("value", "status", "revision", "current"))
    assert rows == [
        (90, "provisional", 0, False), (91, "final", 1, True), (100, "final", 0, False), (104, "revised", 1, True),
    ]  # fmt: skip
    assert read("burglary,,2018-09,104,,,,,,\n").said == "0 new, 0 revised, 1 unchanged"


def test_a_boundary_that_changed_within_the_period_is_said(measures):
    old = make_area("W07", "Lower Hollins", at=5)
    type(old).objects.filter(pk=old.pk).update(valid_to=date(2018, 9, 10))
    new = make_area("W07", "Lower Hollins", at=6)
    type(new).objects.filter(pk=new.pk).update(valid_from=date(2018, 9, 10))
    done = read("burglary,W07,2018-08,7,,,,,,\nburglary,W07,2018-09,8,,,,,,Flood\n")
    said = "The boundary of Lower Hollins changed on Monday 10 September 2018, within this period."
    assert done.remarks == [f"figures.csv, line 3: {said}"]
    before, after = Observation.objects.order_by("end")
    assert (before.area_id, before.note) == (old.pk, "")
    assert (after.area_id, after.note) == (new.pk, f"Flood {said}")


def test_an_area_that_had_ended_takes_no_figure(measures):
    gone = make_area("W08", at=5)
    type(gone).objects.filter(pk=gone.pk).update(valid_to=date(2018, 9, 10))
    done = read("burglary,W08,2018-09,7,,,,,,\n")
    assert done.bad[0].reason == "the area W08 did not exist at the end of September 2018."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "f.csv is empty. Its first line names the columns: measure, period, area"),
        (b"area,period\n", "f.csv, line 1: there is no column named measure."),
        (b"measure,period,colour\n", "f.csv, line 1: no column is called “colour”."),
        (b"measure,period\nx,\xff\n", "f.csv, line 2: this is not UTF-8 text."),
        (b'measure,period\n"x,2018-09\n', "this is not CSV"),
    ],
)
def test_what_is_no_table_of_observations_is_refused(measures, content, said):
    with pytest.raises(importing.FileRefused) as caught:
        list(importing.records(content, "f.csv"))
    assert said in str(caught.value)


def test_figures_of_what_peelian_computes_do_not_come_in_by_file(measures):
    Measure.objects.filter(code="burglary").update(computed=True)
    assert "Peelian computes “burglary” by itself" in read("burglary,,2018-09,7,,,,,,\n").bad[0].reason


def test_the_command_imports_all_or_nothing(measures, tmp_path, capsys):
    file, aside = tmp_path / "figures.csv", tmp_path / "bad.csv"
    file.write_text(HEAD + "burglary,,2018-09,7,,,,,,\nburglary,,2018-10,x,,,,,,\n")
    with pytest.raises(FileRefused) as caught:
        call_command("import_measures", str(file))
    assert "figures.csv, line 3: the numerator “x” is not a number." in str(caught.value)
    assert "1 bad row: nothing was imported." in str(caught.value)
    assert not Observation.objects.exists()
    call_command("import_measures", str(file), skip_bad=aside)
    assert capsys.readouterr().out == f"1 new, 0 revised, 0 unchanged, 1 bad row in {aside}.\n"
    assert "is not a number" in aside.read_text()
