"""The pages of measures: the list by aim, one measure, definitions, figures by file, and who sees which area."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area, make_staff, sign_in
from peelian.insight.measures import actions
from peelian.insight.measures.tests.factories import make_measure, observe
from peelian.insight.models import MeasureDefinition, Observation

pytestmark = pytest.mark.django_db
LISTED = "/staff/insight/measures/"
HOURS = [2180, 1945, 2280, 2382, 2765, 2787, 2539, 2638, 2757]


def words(page) -> str:
    return " ".join(page.content.decode().split())


@pytest.fixture
def ground():
    force = make_area("HS", "Heartshire", kind="force")
    return make_area("A1", "Heartshire North", kind="policing-area", parent=force), make_area(
        "A2", "Heartshire South", kind="policing-area", parent=force, at=1
    )


@pytest.fixture
def burglary(ground):
    definition = make_measure("burglary", target=2_000)
    observe(definition, "2018-01", HOURS, group_value=2_100)
    observe(definition, "2018-09", [31], area=ground[0])
    observe(definition, "2018-09", [3], area=ground[1])
    return definition


def open_as(client, role: str = Role.ANALYST, *areas, path: str = LISTED):
    sign_in(client, make_staff(role, *areas))
    return client.get(path)


def test_measures_stand_under_their_aims_and_an_aim_without_one_is_listed(client, burglary):
    actions.aim_called("Reductions in the fear of crime")
    said = words(open_as(client))
    assert said.index("Reductions in burglary") < said.index("Recorded burglary") < said.index("fear of crime")
    assert "The plan has this aim, and nothing measures it." in said
    assert "2,757 offences" in said
    assert "No clear change" in said
    assert "By chance only" in said


def test_the_list_is_of_an_area_up_to_a_period_and_a_file(client, burglary):
    said = words(open_as(client, path=f"{LISTED}?area=A1"))
    assert "31 offences" in said
    assert "Too short to say" in said
    assert "2,280 offences" in words(client.get(f"{LISTED}?period=2018-03"))
    assert "is no period. Write one like" in words(client.get(f"{LISTED}?period=March"))
    file = b"".join(client.get(f"{LISTED}?csv=measures").streaming_content).decode()
    assert "Recorded burglary,burglary,Reductions in burglary,2018-09,2757,offences,Final" in file


def test_one_measure_says_figure_change_comparison_variation_and_assurance(client, burglary):
    said = words(open_as(client, path=f"{LISTED}burglary/"))
    for expected in (
        "2,757 offences",
        "most similar forces: 2,100 (ours is 31.3% higher)",
        "No clear change: the latest value is within what this series does by itself.",
        "The target will be met at some times and missed at others, by chance alone.",
        "Feb 2018 is below the lower limit",
        "By area, September 2018",
        "Limits rest on the whole series",
    ):
        assert expected in said, expected
    table = b"".join(client.get(f"{LISTED}burglary/?csv=series").streaming_content).decode()
    assert "January 2018,2180.0,Final," in table
    areas = b"".join(client.get(f"{LISTED}burglary/?csv=areas").streaming_content).decode()
    assert "Heartshire North,31.0,Final" in areas


def test_six_points_are_too_short_and_say_so(client, ground):
    observe(make_measure("burglary"), "2018-01", HOURS[:6])
    assert "Limits need at least 8 values, and this series has 6." in words(open_as(client, path=f"{LISTED}burglary/"))


def test_no_figure_and_no_update_are_answers(client, ground):
    definition = make_measure("burglary")
    assert "No figure yet" in words(open_as(client, path=f"{LISTED}burglary/"))
    observe(definition, "2018-01", [None], note="Due in January.")
    assert "No update for January 2018. Due in January." in words(client.get(f"{LISTED}burglary/"))
    observe(definition, "2017-12", [70])
    said = words(client.get(LISTED))
    assert "70 offences" in said
    assert "No update for January 2018" in said


def test_revisions_stand_beneath(client, burglary):
    observe(burglary, "2018-09", [2_790])
    said = words(open_as(client, path=f"{LISTED}burglary/"))
    assert "Figures that were changed" in said
    assert "Revised, stands" in said


def test_a_boundary_that_changed_is_said(client, burglary, ground):
    north = ground[0]
    type(north).objects.filter(pk=north.pk).update(valid_to=date(2018, 5, 1))
    new = make_area("A1", "Heartshire North", kind="policing-area", parent=north.parent, at=2)
    type(new).objects.filter(pk=new.pk).update(valid_from=date(2018, 5, 1))
    said = words(open_as(client, path=f"{LISTED}burglary/?area=A1"))
    assert "The boundary of Heartshire North changed on Tuesday 1 May 2018" in said
    assert "31 offences" in said


def test_somebody_with_areas_sees_those_alone(client, burglary, ground):
    said = words(open_as(client, Role.SUPERVISOR, ground[0]))
    assert "31 offences" in said
    assert "2,757" not in said
    assert "Heartshire South" not in said
    assert client.get(f"{LISTED}?area=A2").status_code == 404
    assert client.get(f"{LISTED}burglary/?area=A2").status_code == 404


def test_a_measure_is_made_and_defined_anew_with_a_reason(client, ground):
    open_as(client)
    given = {
        "code": "confidence", "name": "Confidence", "aim": "Increased confidence", "definition": "Agree.",
        "frequency": "year", "per": "100", "unit": "%", "places": "1", "numerator": "Agreed", "denominator": "Asked",
        "source": "ONS", "good": "up", "group_name": "most similar forces", "nation_name": "England and Wales",
    }  # fmt: skip
    assert client.post(reverse("insight_staff:measure_new"), {**given, "denominator": ""}).status_code == 200
    assert client.post(reverse("insight_staff:measure_new"), {**given, "code": "writing"}).status_code == 200
    assert client.post(reverse("insight_staff:measure_new"), given).status_code == 302
    path = reverse("insight_staff:measure_define", args=["confidence"])
    changed = {**given, "target": "80", "target_by": "2030-01-01", "limits": "2017-01-01..2018-12-31"}
    said = words(client.post(path, changed))
    assert "Fill in “Why is it changed?”" in said
    assert client.post(path, {**changed, "reason": "The board chose a target"}).status_code == 302
    one, two = MeasureDefinition.objects.order_by("version")
    assert (one.current, two.current, two.target, two.reason) == (False, True, 80, "The board chose a target")
    assert two.limits is not None
    assert "The board chose a target" in words(client.get(f"{LISTED}confidence/"))


def test_figures_come_in_by_the_page_all_or_nothing(client, burglary):
    open_as(client)
    path = reverse("insight_staff:measures_import")
    rows = "measure,period,numerator\nburglary,2018-10,2800\n"
    bad = client.post(path, {"file": SimpleUploadedFile("f.csv", (rows + "burglary,2018-11,many\n").encode())})
    assert "f.csv, line 3: the numerator “many” is not a number." in words(bad)
    assert not Observation.objects.filter(start=date(2018, 10, 1)).exists()
    assert client.post(path, {"file": SimpleUploadedFile("f.csv", rows.encode())}).status_code == 302
    assert Observation.objects.get(start=date(2018, 10, 1)).source == "f.csv"
    template = client.get(reverse("insight_staff:measures_template"))
    assert b"measure,period,area,numerator" in b"".join(template.streaming_content)


def test_a_page_asks_no_more_of_the_database_for_more_rows(client, burglary, django_assert_max_num_queries):
    def count(path: str) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return len(asked)

    open_as(client)
    few = count(LISTED), count(f"{LISTED}burglary/")
    for number in range(4):
        observe(make_measure(f"other-{number}", aim=f"Aim {number}"), "2018-01", HOURS)
    observe(burglary, "2018-10", [9] * 12)
    assert (count(LISTED), count(f"{LISTED}burglary/")) == few
