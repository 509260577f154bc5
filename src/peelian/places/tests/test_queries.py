"""Questions about where areas lie in one another."""

import pytest

from peelian.places import queries
from peelian.places.tests.factories import save_area, square

pytestmark = pytest.mark.django_db


def test_which_of_the_given_an_area_lies_in_is_asked_once(django_assert_num_queries):
    force = save_area("F", square(0, 0, 4, 4), kind="force")
    sector = save_area("S", square(0, 0, 2, 2), kind="sector", parent=force)
    inside = save_area("W1", square(0, 0), parent=sector)
    outside = save_area("W2", square(3, 3), parent=force)
    with django_assert_num_queries(1):
        assert queries.among([sector.pk]) == {sector.pk: sector.pk, inside.pk: sector.pk}
    nearest = queries.among([force.pk, sector.pk])
    assert nearest == {force.pk: force.pk, sector.pk: sector.pk, inside.pk: sector.pk, outside.pk: force.pk}
    assert queries.among([]) == {}
