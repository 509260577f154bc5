"""The outreach planner: what an hour brings, what it is worth, plans, what came of them."""

from __future__ import annotations

import json
import re
import uuid
from datetime import time, timedelta
from pathlib import Path

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, make_team, sign_in
from peelian.audit.models import Event
from peelian.core import clock
from peelian.core.statistics import Shrunk
from peelian.core.testing.pdf import Paper
from peelian.insight import rollups
from peelian.insight.models import OutreachPlace, OutreachPlan, OutreachShape, OutreachTally
from peelian.insight.outreach import plans, printed
from peelian.insight.outreach.errors import NoSuchPlan, NothingChosen, NotToBeRecorded
from peelian.insight.outreach.planner import planner
from peelian.insight.outreach.rollups import TALLY
from peelian.insight.outreach.yields import kinds, yields
from peelian.insight.reach.tests.factories import people, refresh
from peelian.insight.reach.tests.test_representation import ground, load, point  # noqa: F401 (a fixture)
from peelian.members.models import Campaign, Door, DoorstepSignUp, Street
from peelian.places.models import Population, PopulationTable

pytestmark = pytest.mark.django_db
ASIAN = (180, 150, 100, 60, 20, 10)  # of 200 in each small area
ETHNIC = "area_code,category,people\n" + "".join(
    f"S{at},asian,{n}\nS{at},white,{200 - n}\n" for at, n in enumerate(ASIAN)
)
DECILES = "area_code,decile\n" + "".join(f"S{at},{decile}\n" for at, decile in enumerate((1, 2, 1, 9, 10, 9)))


def signed_up(staff, members, *, source="door", days_ago=10, **given) -> None:
    moment = clock.london(clock.today() - timedelta(days=days_ago), time(15))
    DoorstepSignUp.objects.bulk_create(
        DoorstepSignUp(id=uuid.uuid4(), staff=staff, member=one, source=source, agreed_at=moment, received_at=moment,
                       **given)
        for one in members
    )  # fmt: skip


@pytest.fixture
def city(ground, tmp_path):  # noqa: F811
    """Six small areas; of 240 members nearly all are White. One officer signed up 24 in a deprived place over two days,
    another 4 in a place that is not."""
    load(tmp_path, ETHNIC, "ethnic-group-5", vintage="2021")
    load(tmp_path, DECILES, "deprivation", vintage="2025")
    for at, code in enumerate(("W00", "W01", "W10", "W11", "W20", "W21")):
        people(36, ground[code], ethnic_group="white-british", at=point(at // 2, at % 2))
        people(4, ground[code], ethnic_group="asian-indian", at=point(at // 2, at % 2))
    officer, other = make_staff(Role.OFFICER, ground["F"]), make_staff(Role.OFFICER, ground["F"])
    poor = people(24, ground["W00"], at=point(0, 0))
    refresh()
    signed_up(officer, poor[:12])
    signed_up(officer, poor[12:], days_ago=9)
    rich = list(people(4, ground["W20"], at=point(2, 0)))
    refresh()
    signed_up(other, rich)
    rollups.refresh(TALLY)
    return {**ground, "officer": officer, "other": other, "boss": make_staff(Role.ANALYST)}


def shown(city, kind="small-area", source="door", topic="ethnic-group-5", hours=2.0, area="F", staff=None):
    return planner(city[area], kind, source, topic, hours, staff or city["boss"])


# What an hour brings --------------------------------------------------------------------------------------------------


def test_sessions_are_a_persons_days_and_an_assumption_says_how_long(city):
    tally = {(row.source, row.area_id): (row.sign_ups, row.sessions) for row in OutreachTally.objects.all()}
    assert tally == {("door", city["W00"].pk): (24, 2.0), ("door", city["W20"].pk): (4, 1.0)}
    found = yields("door", kinds(), 2.0)
    poor, rich = found.rows
    assert (poor.label, poor.hours, rich.hours) == ("Most deprived fifth of England", 4.0, 2.0)
    assert rich.sign_ups is None
    assert rich.found.mean < found.rest.mean < poor.found.mean < 6
    assert "3 sessions nobody recorded the time: each is taken to have lasted 2 hours" in found.assumption
    assert yields("door", kinds(), 4.0).rows[0].found.mean == pytest.approx(poor.found.mean / 2, rel=0.01)
    assert yields("event", kinds(), 2.0) is None


def test_doors_where_nobody_joined_are_time_too_and_a_session_divides_among_its_places(city):
    team = make_team("North", city["F"])
    longitude, latitude = point(1, 0)
    street = Street.objects.create(
        team=team, name="High Street", postcode="AB12CD", longitude=longitude, latitude=latitude, area=city["W10"],
        added_on=clock.today(),
    )  # fmt: skip
    Door.objects.create(street=street, number="1", outcome="refused", at=clock.now(), day=clock.today(),
                        staff=city["other"])  # fmt: skip
    both = [*people(3, city["W00"], at=point(0, 0)), *people(1, city["W20"], at=point(2, 0))]
    refresh()
    signed_up(city["officer"], both, days_ago=3)
    rollups.refresh(TALLY)
    tally = {row.area_id: (row.sign_ups, row.sessions) for row in OutreachTally.objects.all()}
    assert tally[city["W10"].pk] == (0, 1.0)
    assert tally[city["W00"].pk] == (27, 2.75)
    assert OutreachTally.objects.get(area_id=city["W10"].pk).small_area_id != 0


# What it is worth -----------------------------------------------------------------------------------------------------


def test_places_are_ordered_by_members_an_hour_times_what_a_member_there_is_worth(city):
    found = shown(city)
    assert [row.group.code for row in found.under] == ["asian"]
    gap = -100 * found.under[0].gap
    first = found.places[0]
    assert first.label == "Area S0 (S0)"
    assert first.worth == pytest.approx(gap * 0.9)
    assert first.share == pytest.approx(0.9)
    assert first.gain.value == pytest.approx(first.members.value * gap * 0.9)
    assert first.gain.low < first.gain.value < first.gain.high
    assert [one.gain.value for one in found.places] == sorted((one.gain.value for one in found.places), reverse=True)
    assert "Area S0" in found.chart.finding
    assert found.chart.svg


def test_without_deprivation_kinds_are_wards_and_the_page_says_so(city):
    PopulationTable.objects.filter(topic="deprivation").delete()
    found = shown(city)
    assert found.by.topic == ""
    assert "ward" in found.by.said
    assert found.places[0].area_type == "Ward 00"


def test_a_place_of_few_residents_is_left_out(city, tmp_path):
    few = ETHNIC.replace("S0,asian,180\nS0,white,20", "S0,asian,50\nS0,white,20")
    load(tmp_path, few, "ethnic-group-5", vintage="2022")
    found = shown(city)
    assert found.left_out == 1
    assert "S0" not in {one.label[-3:-1] for one in found.places}


def test_streets_and_venues_are_told_by_what_they_lie_in(city):
    team = make_team("North", city["F"])
    longitude, latitude = point(0, 0)
    street = Street.objects.create(
        team=team, name="High Street", postcode="AB12CD", longitude=longitude, latitude=latitude, area=city["W00"],
        added_on=clock.today(),
    )  # fmt: skip
    (place,) = shown(city, kind="street").places
    area = shown(city).places[0]
    assert (place.key, place.worth, place.residents) == (f"street-{street.pk}", area.worth, area.residents)
    Campaign.objects.create(code="bcdfgh", kind="venue", name="Library", team=team, area=city["W00"],
                            starts=clock.today())  # fmt: skip
    (venue,) = shown(city, kind="venue").places
    assert venue.label == "Library, Ward 00"


def test_what_cannot_be_ordered_is_a_sentence(city):
    assert "Nobody has been signed up this way" in shown(city, source="event").refused
    assert "No street in Testshire is on the lists" in shown(city, kind="street").refused
    assert "No venue or event" in shown(city, kind="venue").refused
    assert shown(city, topic="sex").refused  # nobody said
    OutreachTally.objects.all().delete()
    assert "Nobody has been signed up" in shown(city).refused


# Plans ----------------------------------------------------------------------------------------------------------------


def make_plan(city, *places, day=None, source="door", officers=None, hours=2.0, name="North"):
    team = make_team(name, city["P0"])
    return plans.make_plan(
        by=city["boss"], team=team, area=city["F"], day=day or clock.today() - timedelta(days=1), source=source,
        topic="ethnic-group-5", session_hours=2.0, officers=officers or [city["officer"]],
        places=[(place, hours) for place in places],
    )  # fmt: skip


def test_sign_ups_of_a_plan_are_counted_by_home_at_doors_and_the_hours_teach_the_next_forecast(city):
    first, second = shown(city).places[:2]
    plan = make_plan(city, first, second)
    at = point(0, 0) if first.label.startswith("Area S0") else point(0, 1)
    joined = [*people(6, city["W00"], at=at), *people(2, city["W21"], at=point(2, 1))]
    signed_up(city["officer"], joined, days_ago=1)
    signed_up(city["other"], people(3, city["W00"], at=at), days_ago=1)  # not of the plan
    one, two = plan.places.all()
    plans.record_outcome(plan=plan, hours={one.pk: 1.5, two.pk: 0.0}, by=city["boss"])
    one.refresh_from_db()
    plan.refresh_from_db()
    assert (one.hours_spent, one.sign_ups, plan.elsewhere) == (1.5, 6, 2)
    found = plans.outcome(one)
    assert found.forecast.value == pytest.approx(one.shape / one.rate * 1.5)
    assert plans.outcome(plan.places.get(pk=two.pk)) is None
    refresh()
    rollups.refresh(TALLY)
    row = OutreachTally.objects.get(source="door", small_area_id=one.small_area_id)
    assert (row.recorded, row.hours) == (6, 1.5)
    assert row.sign_ups == 24 + 3  # the officer's own session that day is the recorded one


def test_a_plan_of_one_place_has_all_the_sign_ups_of_its_day(city):
    plan = make_plan(city, shown(city).places[0], source="event")
    signed_up(city["officer"], people(5, city["W21"]), days_ago=1, source="event")
    (place,) = plan.places.all()
    assert plans.count_sign_ups(plan, [place]) == ({place.pk: 5}, 0)


def test_the_forecasts_own_error_needs_eight_outcomes_and_has_its_base():
    place = OutreachPlace(shape=20.0, rate=10.0, hours=1, worth=1, hours_spent=5.0)
    found = []
    for came in (10, 12, 8, 10, 9, 11, 10):
        place_of = OutreachPlace(shape=20.0, rate=10.0, hours=1, worth=1, hours_spent=5.0, sign_ups=came)
        found.append(plans.outcome(place_of))
    assert plans.error_of(found) == plans.ForecastError(7)
    wild = plans.outcome(OutreachPlace(shape=20.0, rate=10.0, hours=1, worth=1, hours_spent=5.0, sign_ups=60))
    error = plans.error_of([*found, wild])
    assert error.mean_error == pytest.approx((0 + 2 + 2 + 0 + 1 + 1 + 0 + 50) / 8)
    assert (error.inside.value, error.inside.base) == (7 / 8, 8)
    assert plans.outcome(place) is None
    assert place.forecast == Shrunk(20.0, 10.0, 0, 0.0)


def test_what_cannot_be_planned_or_recorded_is_refused(city):
    place = shown(city).places[0]
    with pytest.raises(NothingChosen):
        make_plan(city, name="First")
    with pytest.raises(NothingChosen):
        make_plan(city, place, hours=0.0, name="Second")
    later = make_plan(city, place, day=clock.today() + timedelta(days=1))
    with pytest.raises(NotToBeRecorded):
        plans.record_outcome(plan=later, hours={}, by=city["boss"])
    with pytest.raises(NoSuchPlan):
        plans.plan_for(make_staff(Role.SUPERVISOR, city["P1"]), later.pk)


def test_from_the_list_to_the_plan_to_its_outcome_in_the_browser(client, city):
    boss = sign_in(client, make_staff(Role.SUPERVISOR, city["F"], email="boss@force.example"))
    team = make_team("North", city["P0"])
    city["officer"].teams.add(team)
    page = client.get(reverse("insight_staff:outreach"))
    text = page.content.decode()
    assert "too few to say" not in text
    assert "No outcome has been recorded yet" in text
    assert "nan" not in text.lower().replace("finan", "")
    key = page.context["shown"].places[0].key
    url = f"{reverse('insight_staff:outreach_new')}?area=F&kind=small-area&source=door&topic=ethnic-group-5&hours=2"
    assert client.get(url).status_code == 302  # nothing ticked
    url = f"{url}&place={key}"
    assert client.get(url).status_code == 200
    day = clock.today()
    sent = {"team": team.pk, "day": f"{day:%d/%m/%Y}", "officers": [city["officer"].pk], f"h-{key}": "1.5"}
    bad = client.post(url, sent | {f"h-{key}": "-1"})
    assert bad.status_code == 200
    assert not OutreachPlan.objects.exists()
    assert client.post(url, sent).status_code == 302
    plan = OutreachPlan.objects.get()
    own = reverse("insight_staff:outreach_plan", args=[plan.pk])
    assert "Area S0" in client.get(own).content.decode()
    (place,) = plan.places.all()
    record = reverse("insight_staff:outreach_record", args=[plan.pk])
    assert "govuk-error-summary" in client.post(record, {f"h-{place.pk}": "many"}).content.decode()
    assert client.post(record, {f"h-{place.pk}": "2"}).status_code == 302
    assert "1 outcome so far: too few to say" in client.get(reverse("insight_staff:outreach_plans")).content.decode()
    assert set(Event.objects.values_list("verb", flat=True)) >= {"outreach.planned", "outreach.recorded"}
    assert boss.may("outreach.plan")
    sign_in(client, make_staff(Role.SUPERVISOR, city["P1"], email="other@force.example"))
    assert client.get(own).status_code == 404


def test_a_plan_on_paper_is_tagged_and_the_same_by_page_and_by_command(client, city, tmp_path, capsys):
    plan = make_plan(city, *shown(city).places[:2])
    sign_in(client, city["boss"])
    answer = client.get(reverse("insight_staff:outreach_plan_pdf", args=[plan.pk]))
    assert answer["Content-Type"] == "application/pdf"
    made = Paper(answer.content)
    assert made.is_ua
    assert made.bookmarks == ["Outreach plan", "Who goes", "Where", "Map", "How to read it"]
    assert made.alternatives[0].startswith("Where. 2 places: 1 Area S0 (S0) and 2 ")
    ((head, first, _),) = made.tables
    assert [(cell.tag, cell.scope) for cell in head] == [("TH", "Column")] * 4  # the last to be filled in by hand
    assert [(cell.tag, cell.heads) for cell in first] == [("TH", ("Column",)), *[("TD", ("Column", "Row"))] * 3]
    assert Event.objects.filter(verb="outreach.printed").count() == 1
    out = tmp_path / "plan.pdf"
    call_command("report", "outreach", plan=plan.pk, out=out, json=True)
    assert json.loads(capsys.readouterr().out)["file"] == str(out)
    assert Paper(out.read_bytes()).bookmarks == made.bookmarks
    at = clock.now()
    assert printed.pdf(plan, made_at=at) == printed.pdf(plan, made_at=at)
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "1. Area S0 (S0)" in page
    assert 'id="map-title"' in page


def test_a_plan_on_paper_says_what_came_of_it_and_nothing_under_five(client, city):
    first, second = shown(city).places[:2]
    plan = make_plan(city, first, second)
    one, two = plan.places.all()
    at = point(0, 0) if first.label.startswith("Area S0") else point(0, 1)
    signed_up(city["officer"], people(6, city["W00"], at=at), days_ago=1)
    signed_up(city["officer"], people(2, city["W21"], at=point(2, 1)), days_ago=1)
    plans.record_outcome(plan=plan, hours={one.pk: 1.5, two.pk: 0.0}, by=city["boss"])
    plan.refresh_from_db()
    found = printed.data(plan, made_at=clock.now())
    came = [[cell["text"] for cell in row] for row in found["came"]["rows"]]
    assert [(row[1], row[3]) for row in came] == [("1.5", "6"), ("0.0", "")]
    assert found["came"]["note"] == "In none of these places: fewer than 5 of their sign-ups that day."
    assert found["boxes"] == []
    assert "What came of it" in Paper(printed.pdf(plan, made_at=clock.now())).bookmarks
    sign_in(client, make_staff(Role.SUPERVISOR, city["P1"]))
    assert client.get(reverse("insight_staff:outreach_plan_pdf", args=[plan.pk])).status_code == 404


def ring(west: float, south: float, east: float, north: float) -> dict:
    """A rectangle of the test's grid (in squares), as GeoJSON."""
    box = shapely.box(-2 + west / 100, 52 + south / 100, -2 + east / 100, 52 + north / 100)
    return json.loads(shapely.to_geojson(box))


def test_a_shape_is_drawn_or_sent_as_a_file_saved_for_a_team_and_planned_within(client, city):
    boss = make_staff(Role.SUPERVISOR, city["F"])
    team = make_team("North", city["P0"])
    sign_in(client, boss)
    path, planner_path = reverse("insight_staff:outreach_shapes"), reverse("insight_staff:outreach")
    assert 'id="draw-map"' in client.get(path).content.decode()
    sent = {"name": "The estate", "team": team.pk}
    assert "Draw a shape on the map, or choose a file" in client.post(path, sent).content.decode()
    assert "could not be read" in client.post(path, sent | {"drawn": "[1]"}).content.decode()
    drawn = json.dumps([{"effect": "include", "geometry": ring(-0.1, -0.1, 1.1, 1.1)}])
    answer = client.post(path, sent | {"drawn": drawn})
    shape = OutreachShape.objects.get()
    assert answer.url == f"{planner_path}?shape={shape.pk}"
    page = client.get(answer.url)
    assert [one.label for one in page.context["shown"].places] == ["Area S0 (S0)"]
    assert "within The estate" in page.content.decode()
    assert f'name="shape" value="{shape.pk}"' in page.content.decode()
    file = SimpleUploadedFile("estate.geojson", json.dumps(ring(-0.1, -0.1, 1.1, 2.1)).encode())
    assert client.post(path, sent | {"file": file}).status_code == 302
    shape = OutreachShape.objects.get()  # the same name of the same team means the new one
    assert len(client.get(f"{planner_path}?shape={shape.pk}").context["shown"].places) == 2
    for code in ("S1", "S5"):  # of whom the table does not speak: one in the shape and one elsewhere
        Population.objects.filter(area=city[code], table__topic="ethnic-group-5").delete()
    said = client.get(f"{planner_path}?shape={shape.pk}").content.decode()
    assert "within The estate, since fewer than 100 residents live there or no figures are known: 1 place." in said
    nowhere = SimpleUploadedFile("bad.geojson", b"{}")
    assert "govuk-error-summary" in client.post(path, sent | {"file": nowhere}).content.decode()
    remove = reverse("insight_staff:outreach_shape_remove", args=[shape.pk])
    sign_in(client, make_staff(Role.SUPERVISOR, city["P1"]))
    assert client.post(remove).status_code == 404
    assert client.get(f"{planner_path}?area=P1&shape={shape.pk}").context["shown"].within == ""
    sign_in(client, boss)
    assert client.post(remove).status_code == 302
    verbs = Event.objects.filter(verb__startswith="outreach_shape").values_list("verb", flat=True)
    assert sorted(verbs) == ["outreach_shape.removed", "outreach_shape.saved", "outreach_shape.saved"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Name the plan with --plan NUMBER."),
        ({"plan": 1, "out": Path("plan.html")}, "plan.html is not .pdf"),
        ({"plan": 987_654}, "There is no such plan."),
    ],
)
def test_a_plan_that_cannot_be_printed_is_refused_in_a_sentence(db, given, said):
    with pytest.raises(Exception, match=re.escape(said)):
        call_command("report", "outreach", **given)


@pytest.mark.parametrize("asked", ["hours=0", "hours=x", "kind=lamp-post", "source=web", "topic=nothing"])
def test_choices_that_are_none_are_said_beside_their_field(client, city, asked):
    sign_in(client, make_staff(Role.ANALYST))
    answer = client.get(f"{reverse('insight_staff:outreach')}?{asked}")
    assert answer.status_code == 200
    assert "govuk-error-summary" in answer.content.decode()


def test_the_page_asks_no_more_for_more_places_and_has_a_file(client, city, django_assert_max_num_queries):
    sign_in(client, make_staff(Role.ANALYST))
    url = reverse("insight_staff:outreach")
    client.get(url)
    with django_assert_max_num_queries(45):
        client.get(url)
    text = b"".join(client.get(f"{url}?csv=places").streaming_content).decode()
    assert len(text.splitlines()) == 7
    PopulationTable.objects.all().delete()
    assert "Nobody to compare members with" in client.get(url).content.decode()
