"""The overlay: sources as they come in, what is missing, what may not be told, and the page."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.audit.models import Event
from peelian.core import clock
from peelian.core.errors import RuleBroken
from peelian.insight.models import CrimeCount, CrimeFile, OverlayWeights, WatchCover
from peelian.insight.outreach import cover
from peelian.insight.outreach.overlay import Choice, overlay, points
from peelian.insight.reach.tests.factories import people, refresh
from peelian.insight.reach.tests.test_representation import ground, load  # noqa: F401 (a fixture)
from peelian.places.models import Area, PopulationTable

pytestmark = pytest.mark.django_db
WARDS = ("W00", "W01", "W10", "W11", "W20", "W21")
EVEN = {"watch": 1, "crime": 1, "sign-ups": 1, "census": 1}
ETHNIC = "area_code,category,people\n" + "".join(
    f"S{at},asian,{20 * at + 10}\nS{at},white,{190 - 20 * at}\n" for at in range(6)
)
HOUSEHOLDS = "area_code,category,people\n" + "".join(f"S{at},all-households,100\n" for at in range(6))


def crime_year(areas: dict[str, Area], counts: dict[str, int]) -> None:
    """Twelve months of files, with all the crimes in the last."""
    for month in range(1, 13):
        file = CrimeFile.objects.create(
            dataset="street", month=date(2024, month, 1), reported_by="Ours", sha256="0", rows=1, without_place=0,
            types="2013-05", counted=1, loaded_at=clock.now(),
        )  # fmt: skip
    CrimeCount.objects.bulk_create(
        CrimeCount(file=file, area=areas[c], kind="burglary", n=n) for c, n in counts.items()
    )


@pytest.fixture
def laid(ground, tmp_path):  # noqa: F811
    """Six wards of 200 residents and 100 households. Ward 21 has most crime, fewest members, least Watch, and most of
    the chosen group."""
    load(tmp_path, ETHNIC, "ethnic-group-5", vintage="2021")
    load(tmp_path, HOUSEHOLDS, "households", vintage="2021")
    for at, code in enumerate(WARDS):
        people(60 - 10 * at, ground[code])
    crime_year(ground, {code: 10 * (at + 1) for at, code in enumerate(WARDS)})
    text = "area_code,value\n" + "".join(f"{code},{50 - 9 * at}\n" for at, code in enumerate(WARDS))
    cover.bring_in_cover(text.encode(), "watch.csv", as_of=date(2024, 11, 1), by=make_staff(Role.ANALYST))
    refresh()
    return ground


def test_the_ward_where_everything_comes_together_is_first_and_firm_e18_paragraph_54(laid):
    shown = overlay(laid["F"], Choice(EVEN, "ethnic-group-5", ("asian",)))
    first, last = shown.wards[0], shown.wards[-1]
    assert (first.area.code, last.area.code) == ("W21", "W00")
    assert first.values == {"watch": 0.05, "crime": 300.0, "sign-ups": 50.0, "census": 0.55}
    assert first.score == pytest.approx(100 * 5.5 / 6)
    assert sum(points(shown, first, part) for part in shown.used) == pytest.approx(first.score)
    assert (first.said, shown.edge, first.stood.high) == ("firm", 2, 1.0)
    assert len(first.why) == 4
    assert "Highest: Ward 21 and Ward 20" in shown.chart.finding
    assert shown.missing == {}


def test_weights_are_the_analysts_and_a_source_without_one_is_left_out(laid):
    CrimeCount.objects.filter(area=laid["W00"]).update(n=1000)
    shown = overlay(laid["F"], Choice(EVEN | {"crime": 10}, "ethnic-group-5", ("asian",)))
    ward = next(ward for ward in shown.wards if ward.area.code == "W00")
    assert ward.stood.place == 2
    assert ward.said == "depends on the weights"
    assert ward.stood.without["crime"] == 6
    only = overlay(laid["F"], Choice(EVEN | {"crime": 0}, "ethnic-group-5", ("asian",)))
    assert [part.code for part in only.used] == ["watch", "sign-ups", "census"]


def test_what_is_not_there_is_left_out_with_a_sentence_and_nothing_at_all_is_refused(laid):
    WatchCover.objects.all().delete()
    CrimeFile.objects.filter(month=date(2024, 6, 1)).delete()
    shown = overlay(laid["F"], Choice(EVEN))
    assert [part.code for part in shown.used] == ["sign-ups"]
    assert shown.missing["watch"].startswith("Not supplied")
    assert "some months of year ending December 2024 have no file" in shown.missing["crime"]
    assert shown.missing["census"] == "No groups of residents are chosen."
    PopulationTable.objects.all().delete()
    none = overlay(laid["F"], Choice(EVEN))
    assert none.refused == "None of the four sources is there yet."
    assert none.chart is None
    assert "fewer than three wards" in overlay(laid["P0"], Choice(EVEN)).refused


def test_a_ward_whose_members_may_not_be_told_is_in_no_order(ground):  # noqa: F811
    for at, code in enumerate(WARDS):
        people(2 if at == 0 else 30, ground[code])
    refresh()
    shown = overlay(ground["F"], Choice(EVEN))
    assert "Ward 00" in shown.untold
    assert "Ward 00" not in {ward.area.name for ward in shown.wards}


def test_under_five_households_count_as_none(laid):
    WatchCover.objects.filter(area=laid["W00"]).update(households=4)
    shown = overlay(laid["F"], Choice(EVEN))
    assert next(ward.values["watch"] for ward in shown.wards if ward.area.code == "W00") == 0.0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("area,value\nW00,1\n", "line 1: the columns are not area_code,value."),
        ("", "line 1: the columns are not area_code,value."),
        ("area_code,value\n", "has no rows under its head."),
        ("area_code,value\nNOWHERE,1\n", "line 2: there is no area of the code “NOWHERE”."),
        ("area_code,value\nW00,-4\n", "line 2: “-4” is no number of households."),
        ("area_code,value\nW00,1.5\n", "“1.5” is no number of households."),
        ("area_code,value\nW00,²\n", "is no number of households."),
        ("area_code,value\nW00,1\nW00,2\n", "line 3: the area W00 stands in an earlier row already."),
        ("area_code,value\nW00,1,2\n", "line 2: the row has 3 fields in place of 2."),
        ('area_code,value\nW00,"1\n', "this is not CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole_with_the_line(laid, text, sentence):
    with pytest.raises(RuleBroken) as problem:
        cover.bring_in_cover(text.encode(), "watch.csv", as_of=date(2024, 1, 1), by=make_staff(Role.ANALYST))
    assert sentence in str(problem.value)
    assert WatchCover.objects.get(area=laid["W00"]).households == 50


def test_the_address_keeps_the_weights_and_the_file_has_the_parts(client, laid):
    sign_in(client, make_staff(Role.SUPERVISOR, laid["F"]))
    url = f"{reverse('insight_staff:overlay')}?w-crime=3&topic=ethnic-group-5&group=asian"
    page = client.get(url).content.decode()
    assert "Ward 21" in page
    assert 'value="3"' in page
    text = b"".join(client.get(f"{url}&csv=overlay").streaming_content).decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][0] == "Ward 21"
    assert len(rows) == 7
    assert "nan" not in text.lower()


@pytest.mark.parametrize("weight", ["11", "-1", "much", ""])
def test_a_weight_that_is_none_is_said_beside_its_field(client, laid, weight):
    sign_in(client, make_staff(Role.ANALYST))
    answer = client.get(f"{reverse('insight_staff:overlay')}?w-crime={weight}")
    assert answer.status_code == 200
    assert "govuk-error-summary" in answer.content.decode()
    assert "Nothing to lay over one another" in answer.content.decode()


def test_no_weight_at_all_is_a_sentence(client, laid):
    sign_in(client, make_staff(Role.ANALYST))
    zero = "&".join(f"w-{code}=0" for code in EVEN)
    page = client.get(f"{reverse('insight_staff:overlay')}?{zero}").content.decode()
    assert "Give one of them a weight above nought" in page


def test_an_analyst_saves_weights_and_brings_in_watch_and_a_supervisor_does_not(client, laid):
    sign_in(client, make_staff(Role.ANALYST))
    url = f"{reverse('insight_staff:overlay_save')}?area=F&w-crime=7&topic=ethnic-group-5&group=asian"
    assert client.post(url, {"name": "Watch week"}).status_code == 302
    row = OverlayWeights.objects.get()
    assert (row.weights["crime"], row.groups) == (7, ["asian"])
    assert "Watch week" in client.get(reverse("insight_staff:overlay")).content.decode()
    sent = {"file": SimpleUploadedFile("w.csv", b"area_code,value\nW00,7\n"), "as_of": "1/11/2024"}
    assert client.post(reverse("insight_staff:overlay_watch"), sent).status_code == 302
    assert WatchCover.objects.get().households == 7
    assert set(Event.objects.values_list("verb", flat=True)) >= {"watch_cover.imported", "overlay_weights.saved"}
    sign_in(client, make_staff(Role.SUPERVISOR, laid["F"]))
    assert client.post(url, {"name": "Mine"}).status_code == 404
    assert client.get(reverse("insight_staff:overlay_watch")).status_code == 404


def test_the_page_asks_no_more_for_more_wards_and_keeps_to_the_scope(client, laid, django_assert_max_num_queries):
    sign_in(client, make_staff(Role.SUPERVISOR, laid["P0"]))
    assert client.get(f"{reverse('insight_staff:overlay')}?area=F").status_code == 404
    sign_in(client, make_staff(Role.ANALYST))
    client.get(reverse("insight_staff:overlay"))
    with django_assert_max_num_queries(40):
        client.get(f"{reverse('insight_staff:overlay')}?topic=ethnic-group-5&group=asian")
