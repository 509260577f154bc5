"""Whom an audience finds, against shapely alone: borders, holes, islands, several places, and each setting that
holds."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelian.accounts.models import Organisation
from peelian.contacts.models import Address
from peelian.members import audience
from peelian.members.audience import Clause, Selection
from peelian.members.models import Member, Place, Topic, TopicChannel
from peelian.places import queries as places
from peelian.places.cells import UNITS_PER_DEGREE, cell_of, in_units
from peelian.places.tests.factories import make_area, make_grid, square

pytestmark = pytest.mark.django_db
WHEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def make_member(lon: float | None = None, lat: float | None = None, **fields: object) -> Member:
    number = Member.objects.count()
    values = {"joined_on": WHEN.date(), "confirmed_at": WHEN} | fields
    if "email" not in values:
        values["email"] = Address.objects.create(kind=1, value=f"person{number}@home.example")
    if lon is not None and lat is not None:
        x, y = round(lon * UNITS_PER_DEGREE), round(lat * UNITS_PER_DEGREE)
        area = int(places.lowest_areas(np.array([x]), np.array([y]))[0])
        values |= {"longitude": x, "latitude": y, "cell": cell_of(x, y), "area_id": area or None}
    return Member.objects.create(**values)


def add_place(member: Member, lon: float, lat: float) -> None:
    x, y = round(lon * UNITS_PER_DEGREE), round(lat * UNITS_PER_DEGREE)
    area = int(places.lowest_areas(np.array([x]), np.array([y]))[0])
    Place.objects.create(member=member, label="Work", longitude=x, latitude=y, cell=cell_of(x, y), area_id=area or None)


def select(*clauses: Clause, topic: str = "vehicle-crime", channels: int = 7) -> Selection:
    audience.refresh()
    police = Organisation.objects.get(slug="police")
    return Selection(list(clauses), topic=Topic.objects.get(slug=topic), organisation=police, channels=channels)


def people(*clauses: Clause, **options: object) -> int:
    selection = select(*clauses, **options)
    counted = selection.count()
    frozen = recipients(selection)
    assert counted.people == len({member for _, member, _ in frozen}) or options.get("shared")
    return counted.people


def recipients(selection: Selection) -> list[tuple[int, int, int]]:
    from django.db import connection

    sql, values = selection.rows_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def inside(*areas: object) -> Clause:
    return Clause("include", "areas", areas=tuple(area.pk for area in areas))


def drawn(shape: shapely.Geometry, effect: str = "include") -> Clause:
    return Clause(effect, "polygon", polygon=json.loads(shapely.to_geojson(shape)))


def test_a_person_exactly_on_a_border_is_in_both_wards():
    grid = make_grid()
    make_member(-1.99, 52.005)  # on the line between the first two columns
    make_member(-1.99, 52.01)  # where four wards meet
    assert [people(inside(grid[code])) for code in ("W00", "W10", "W01", "W11", "W20")] == [2, 2, 1, 1, 0]
    assert people(inside(grid["P0"], grid["P1"])) == 2
    assert people(inside(grid["F"])) == 2


def test_membership_and_shapes_agree_with_shapely_on_every_member():
    grid = make_grid()
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(-2.005, -1.965, 400), rng.uniform(51.995, 52.025, 400)
    lon[:60], lat[:60] = np.round(lon[:60], 2), np.round(lat[:60], 2)  # corners of the grid
    lon[60:120] = np.round(lon[60:120], 2)  # borders
    for x, y in zip(lon, lat, strict=True):
        make_member(float(x), float(y))
    hole = make_area("H", square(0, 0, 3, 2).difference(square(1, 0).buffer(-0.002)), "impact-area")
    islands = make_area("I", shapely.union_all([square(0, 0).buffer(-0.003), square(2, 1).buffer(-0.003)]), "hotspot")
    x, y = np.rint(lon * 1e7), np.rint(lat * 1e7)
    for area in [*grid.values(), hole, islands]:
        expected = int(shapely.intersects_xy(in_units(places.shape(area)), x, y).sum())
        assert people(inside(area)) == expected, area.code
        assert people(drawn(places.shape(area))) == expected, area.code


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 30)), min_size=3, max_size=9, unique=True))
def test_any_drawn_shape_agrees_with_shapely(people_on_a_lattice, corners):
    """Members stand on a lattice and corners are lattice points, so that many are exactly on an edge or a corner."""
    points = [(-2.0 + column / 1000, 52.0 + row / 1000) for column, row in corners]
    shape = shapely.MultiPoint(points).convex_hull
    if shape.geom_type != "Polygon":
        return
    shape = shapely.transform(shape, lambda xy: np.rint(xy * 1e7) / 1e7)
    x, y = people_on_a_lattice
    assert people(drawn(shape)) == int(shapely.intersects_xy(in_units(shape), x, y).sum())


@pytest.fixture
def people_on_a_lattice(db):
    x, y = (axis.ravel() for axis in np.meshgrid(-2.0 + np.arange(0, 41, 4) / 1000, 52.0 + np.arange(0, 31, 3) / 1000))
    x, y = np.rint(x * 1e7), np.rint(y * 1e7)
    for lon, lat in zip(x, y, strict=True):
        make_member(float(lon) / 1e7, float(lat) / 1e7)
    return x, y


def test_a_further_place_counts_a_person_once():
    grid = make_grid()
    member = make_member(-1.995, 52.005)
    add_place(member, -1.985, 52.005)
    add_place(member, -1.984, 52.006)
    assert people(inside(grid["W10"])) == 1
    assert people(inside(grid["W00"], grid["W10"])) == 1
    assert people(drawn(square(0, 0, 2, 1))) == 1
    assert people(inside(grid["F"])) == 1
    assert people(inside(grid["F"]), drawn(square(1, 0), "exclude")) == 0


def test_clauses_add_keep_and_take_away():
    grid = make_grid()
    urdu = make_member(-1.995, 52.005, language="ur")
    make_member(-1.995, 52.006)
    make_member(-1.985, 52.005, language="ur")
    far = make_member(language="ur")
    language = Clause("must", "languages", languages=("ur",))
    assert people(inside(grid["W00"]), language) == 1
    assert people(inside(grid["W00"]), drawn(square(1, 0))) == 3
    assert people(inside(grid["P0"], grid["P1"]), drawn(square(1, 0), "exclude")) == 2
    assert people(Clause("include", "languages", languages=("ur",))) == 3
    handed = Clause("include", "members", members_sql=("SELECT unnest(%s::bigint[])", [[urdu.pk, far.pk]]))
    assert people(handed) == 2
    assert people(handed, Clause("must", "areas", areas=(grid["F"].pk,))) == 1


def test_settings_always_apply():
    grid = make_grid(1, 1)
    reached = make_member(-1.995, 52.005)
    make_member(-1.995, 52.005, confirmed_at=None)
    make_member(-1.995, 52.005, left_at=WHEN)
    make_member(-1.995, 52.005, organisations=2)
    make_member(-1.995, 52.005, interests=Topic.objects.get(slug="good-news").mask)
    stopped = Address.objects.create(kind=1, value="stopped@home.example", suppression="bounced", suppressed_at=WHEN)
    make_member(-1.995, 52.005, email=stopped)
    assert people(inside(grid["W00"])) == 1
    assert [member for _, member, _ in recipients(select(inside(grid["W00"])))] == [reached.pk]
    promotion = Topic.objects.filter(slug="other")
    promotion.update(purpose="promotion")
    assert people(inside(grid["W00"]), topic="other") == 0
    Member.objects.filter(pk=reached.pk).update(promotion=True)
    assert people(inside(grid["W00"]), topic="other") == 1


def test_channels_fall_back_and_follow_the_choice_for_a_type():
    grid = make_grid(1, 1)
    here = {"lon": -1.995, "lat": 52.005}
    mobile = Address.objects.create(kind=2, value="+447700900001")
    landline = Address.objects.create(kind=3, value="+441632960001")
    both = make_member(**here, mobile=mobile)
    make_member(**here, email=None, landline=landline)
    make_member(**here, mobile=Address.objects.create(kind=2, value="+447700900002"), channels=2)
    assert select(inside(grid["W00"])).count().by_channel == {1: 1, 2: 1, 4: 1}
    assert select(inside(grid["W00"]), channels=1).count().people == 1
    TopicChannel.objects.create(member=both, topic=Topic.objects.get(slug="vehicle-crime"), channels=3)
    assert select(inside(grid["W00"])).count().by_channel == {1: 1, 2: 2, 4: 1}
    assert sorted(channel for _, _, channel in recipients(select(inside(grid["W00"])))) == [1, 2, 2, 4]


def test_a_shared_address_gets_one_copy_and_two_people_are_counted():
    grid = make_grid(1, 1)
    shared = Address.objects.create(kind=1, value="family@home.example")
    make_member(-1.995, 52.005, email=shared)
    make_member(-1.995, 52.005, email=shared)
    selection = select(inside(grid["W00"]))
    assert selection.count().people == 2
    assert len(recipients(selection)) == 1


def test_people_without_a_place_are_counted_apart():
    grid = make_grid(1, 1)
    make_member(-1.995, 52.005)
    make_member()
    counted = select(inside(grid["F"])).count()
    assert (counted.people, counted.without_place) == (1, 1)


def test_a_clause_that_matches_nobody_is_named():
    grid = make_grid()
    make_member(-1.995, 52.005, confirmed_at=None)
    selection = select(inside(grid["W00"]), inside(grid["W20"]), Clause("exclude", "languages", languages=("ur",)))
    assert selection.matches_nothing() == [1, 2]


def test_the_map_leaves_out_cells_under_five():
    make_grid(1, 1)
    for _ in range(5):
        make_member(-1.995, 52.005)
    make_member(-1.9905, 52.0005)
    force = places.force()
    assert [n for _, n in select(inside(force)).cells(11)[0]] == [5]
