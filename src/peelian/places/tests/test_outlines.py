"""Borders for the map of all areas: half the bytes, and in their places to within ten metres."""

from itertools import accumulate

import pytest

from peelian.places.models import Area
from peelian.places.outlines import LIGHT_UNITS, light
from peelian.places.tests.factories import make_area, square

pytestmark = pytest.mark.django_db
RING = [[-2.25859, 52.33318], [-2.25853, 52.33617], [-2.25721, 52.33779], [-2.25859, 52.33318]]
HOLE = [[-2.2581, 52.3351], [-2.2580, 52.3352], [-2.2579, 52.3351], [-2.2581, 52.3351]]


def points(steps):
    sums = [accumulate(steps[at::2]) for at in (0, 1)]
    return [(x / LIGHT_UNITS, y / LIGHT_UNITS) for x, y in zip(*sums, strict=True)]


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
def test_steps_lead_along_the_border(kind):
    make_area("W01", square(0, 0), name="Elm Bridge")
    coordinates = [RING, HOLE] if kind == "Polygon" else [[RING, HOLE], [RING]]
    Area.objects.update(outline={"type": kind, "coordinates": coordinates})
    [(code, name, polygons)] = light(Area.objects.all())
    assert (code, name) == ("W01", "Elm Bridge")
    assert [len(rings) for rings in polygons] == ([2] if kind == "Polygon" else [2, 1])
    for rings in polygons:
        for steps, ring in zip(rings, (RING, HOLE), strict=False):
            assert points(steps) == [pytest.approx(point, abs=0.51 / LIGHT_UNITS) for point in ring]
            assert points(steps)[0] == points(steps)[-1], "a ring stays closed"
