"""A force and a program of one of its officers, for the tests of /api/v1/."""

import pytest

from peelian.alerts.tests.factories import make_force
from peelian.api.tests.program import Program


@pytest.fixture
def force(db):
    return make_force()


@pytest.fixture
def officer(force):
    return Program(force.officer)
