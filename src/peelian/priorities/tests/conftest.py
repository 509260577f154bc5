from typing import Any

import pytest

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area, make_staff, make_team
from peelian.places.models import Area


class Ground:
    """A sector of two wards, another sector, and people who work there."""

    def __init__(self) -> None:
        self.force = make_area("F", "Heartshire", kind="force", at=0)
        self.sector = make_area("S1", "Elm sector", kind="sector", parent=self.force, at=0)
        self.other = make_area("S2", "Castle sector", kind="sector", parent=self.force, at=5)
        self.ward = make_area("W01", "Elm Bridge", parent=self.sector, at=0)
        self.near = make_area("W02", "Lower Hollins", parent=self.sector, at=1)
        self.far = make_area("W03", "Castle Vale", parent=self.other, at=5)
        self.team = make_team("Elm Bridge team", self.sector)
        self.officer = self.person(Role.OFFICER, self.sector)
        self.supervisor = self.person(Role.SUPERVISOR, self.sector)
        self.communications = self.person(Role.COMMUNICATIONS)

    def person(self, role: str, *areas: Area, **given: Any) -> Staff:
        return make_staff(role, *areas, teams=[self.team], **given)


@pytest.fixture
def ground(db: None) -> Ground:
    return Ground()
