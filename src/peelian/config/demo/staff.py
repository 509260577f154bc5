"""The organisations, teams and staff of the demonstration force. All staff share one password, printed at the end."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from django.contrib.auth.hashers import make_password

from peelian.accounts.models import Organisation, Staff, Team
from peelian.accounts.roles import Role
from peelian.config.demo import names
from peelian.members.models import Member
from peelian.places.models import Area

PASSWORD = "walk-the-beat-2026"  # noqa: S105 known to everybody: it opens demonstrations only
HOST = "heartshire.example"
ORGANISATIONS = (
    ("fire", "Heartshire Fire and Rescue", 1, "Fires near you, and how to keep your home safe.", "About two a month."),
    ("council", "Heartshire Council", 2, "Roadworks, bins, parks and events.", "About one a week."),
    ("watch", "Heartshire Neighbourhood Watch", 3, "What volunteers near you see and plan.", "About one a month."),
)


@dataclass
class SectorTeam:
    """A neighbourhood team: its sergeant, its officers, and a team of one ward inside it."""

    team: Team
    sector: Area
    wards: list[Area]
    sergeant: Staff
    officers: list[Staff]
    ward_team: Team


@dataclass
class Roster:
    """Everybody, and what was printed of them: email, role, where."""

    teams: list[SectorTeam] = field(default_factory=list)
    force: Team = field(default_factory=Team)
    partners: list[Team] = field(default_factory=list)
    communications: list[Staff] = field(default_factory=list)
    signs_in: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class _Hiring:
    """Makes staff accounts, each with a name nobody else here has."""

    rng: np.random.Generator
    hashed: str
    taken: set[str] = field(default_factory=set)

    def hire(self, email: str, title: str, role: str, scope: list[Area], teams: list[Team]) -> Staff:
        name = self._name()
        address = email or f"{name.lower().replace(' ', '.').replace('-', '')}"
        person = Staff.objects.create(
            email=f"{address}@{HOST}", name=name, job_title=title, role=role, is_demo=True,
            password=self.hashed, show_name=bool(self.rng.random() < 0.5),
        )  # fmt: skip
        person.scope.set(scope)
        person.teams.set(teams)
        return person

    def _name(self) -> str:
        pools = list(names.FIRST_NAMES.values())
        while True:
            pool = pools[int(self.rng.choice(len(pools), p=[0.7, *[0.05] * 6]))]
            last = names.LAST_NAMES[self.rng.integers(len(names.LAST_NAMES))]
            name = f"{pool[self.rng.integers(len(pool))]} {last}"
            if name not in self.taken:
                self.taken.add(name)
                return name


def write(rng: np.random.Generator, sectors: list[tuple[Area, list[Area]]], policing_areas: list[Area]) -> Roster:
    """Make organisations, teams and accounts. SECTORS pairs each sector with its wards."""
    police = Organisation.objects.get(slug="police")
    hiring = _Hiring(rng, make_password(PASSWORD))
    roster = Roster(force=Team.objects.get(slug="force"))
    roster.force.public_email = f"news@{HOST}"
    roster.force.save()
    for number, (sector, wards) in enumerate(sectors):
        roster.teams.append(_sector_team(hiring, police, number, sector, wards))
    _headquarters(hiring, roster, policing_areas)
    _partners(hiring, roster, sectors)
    first = roster.teams[0]
    ward = first.ward_team.areas.get()
    roster.signs_in[:0] = [
        (first.officers[0].email, "officer (PCSO)", ward.name),
        (first.sergeant.email, "supervisor", first.sector.name),
    ]
    return roster


def _sector_team(hiring: _Hiring, police: Organisation, number: int, sector: Area, wards: list[Area]) -> SectorTeam:
    team = Team.objects.create(
        slug=sector.code.lower(), name=f"{sector.name.removesuffix(' sector')} neighbourhood team",
        organisation=police, public_email=f"{sector.code.lower()}@{HOST}", public_phone=f"01632 960{100 + number}",
        about="Your local officers. We read replies on weekdays.",
    )  # fmt: skip
    team.areas.set([sector])
    ward_team = Team.objects.create(
        slug=wards[0].code.lower(), name=f"{wards[0].name} team", organisation=police,
        public_email=f"{wards[0].code.lower()}@{HOST}", about="The officers who walk this ward.",
    )  # fmt: skip
    ward_team.areas.set([wards[0]])
    emails = ("pcso", "sergeant") if number == 0 else ("", "")
    officers = [hiring.hire(emails[0], "PCSO", Role.OFFICER, [wards[0]], [ward_team])]
    for place in range(1, len(wards), 2):
        title = "PCSO" if place % 4 == 1 else "Police constable"
        officers.append(hiring.hire("", title, Role.OFFICER, wards[place : place + 2], [team]))
    sergeant = hiring.hire(emails[1], "Sergeant", Role.SUPERVISOR, [sector], [team, ward_team])
    return SectorTeam(team, sector, wards, sergeant, officers, ward_team)


def _headquarters(hiring: _Hiring, roster: Roster, policing_areas: list[Area]) -> None:
    """Those who work for the whole force or a policing area."""
    everybody = [
        ("communications", "Communications lead", Role.COMMUNICATIONS, [roster.force]),
        ("analyst", "Analyst", Role.ANALYST, []),
        ("administrator", "Administrator", Role.ADMINISTRATOR, []),
        ("auditor", "Auditor", Role.AUDITOR, []),
    ]
    for email, title, role, teams in everybody:
        person = hiring.hire(email, title, role, [], teams)
        roster.signs_in.append((person.email, role.value, "the whole force"))
        if role == Role.COMMUNICATIONS:
            roster.communications.append(person)
    roster.communications.append(hiring.hire("", "Communications officer", Role.COMMUNICATIONS, [], [roster.force]))
    for area in policing_areas:
        teams = [one.team for one in roster.teams if one.sector.parent_id == area.pk]
        inspector = hiring.hire("", "Inspector", Role.SUPERVISOR, [area], teams)
        roster.signs_in.append((inspector.email, "supervisor", area.name))


def _partners(hiring: _Hiring, roster: Roster, sectors: list[tuple[Area, list[Area]]]) -> None:
    """The other organisations that residents may hear from, a team and an account each."""
    for slug, name, bit, sends, how_often in ORGANISATIONS:
        organisation = Organisation.objects.create(slug=slug, name=name, bit=bit, sends=sends, how_often=how_often)
        team = Team.objects.create(slug=slug, name=name, organisation=organisation, public_email=f"{slug}@{HOST}")
        person = hiring.hire(slug, "Community safety officer", Role.OFFICER, [sectors[0][0]], [team])
        roster.partners.append(team)
        roster.signs_in.append((person.email, "officer", f"{name}, {sectors[0][0].name}"))


def first_sign_ins() -> list[tuple[str, str, str]]:
    """Of a demonstration that is there: the accounts a tour needs, as they are printed when it is made."""
    emails = [
        f"{name}@{HOST}" for name in ("pcso", "sergeant", "communications", "analyst", "administrator", "auditor")
    ]
    found = {one.email: one for one in Staff.objects.filter(email__in=emails).prefetch_related("scope")}
    return [
        (email, one.get_role_display(), ", ".join(area.name for area in one.scope.all()) or "the whole force")
        for email in emails
        if (one := found.get(email))
    ]


def a_postcode() -> tuple[str, str] | None:
    """A postcode in the ward of the PCSO, as it is written, and that ward's name; None while nobody lives there."""
    ward = Area.objects.filter(pk__in=Staff.objects.filter(email=f"pcso@{HOST}").values("scope")).first()
    living = Member.objects.filter(area=ward).exclude(postcode="").order_by("pk").values_list("postcode", flat=True)
    code = living.first() if ward else None
    return (f"{code[:-3]} {code[-3:]}", ward.name) if ward and code else None
