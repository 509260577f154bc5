"""A few points are asked otherwise than many; the answer is the same."""

import numpy as np
import pytest

from peelian.places import queries
from peelian.places.tests.factories import make_area, square

pytestmark = pytest.mark.django_db


def test_few_points_find_what_many_do(monkeypatch):
    one, two = make_area("W01", square(0, 0)), make_area("W02", square(1, 0))  # they share a border
    west, south, east, north = one.west, one.south, two.east, one.north
    rng = np.random.default_rng(5)
    x = np.concatenate([rng.integers(west - 1000, east + 1000, 60), [west, east, west, east, (west + east) // 2]])
    y = np.concatenate([rng.integers(south - 1000, north + 1000, 60), [south, north, north, south, north]])
    few = queries.lowest_areas(x, y)
    monkeypatch.setattr(queries, "A_FEW", 0)
    assert few.tolist() == queries.lowest_areas(x, y).tolist()
    assert set(few.tolist()) == {one.pk, two.pk, 0}
