"""The members of the demonstration force.

Who lives where differs by ward, and who has joined differs from who lives there: town wards are younger and speak more
languages, and the young join less. Telephone numbers are those that Ofcom keeps for drama: few, so many share one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peelian.config.demo import names, people_rows
from peelian.config.demo.geography import Geography, Ward
from peelian.members.models import EMAIL, TEXT, VOICE
from peelian.places.cells import cells_of
from peelian.places.queries import lowest_areas

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

YEARS = 5  # the first of them joined so long ago
METRE = 90  # units of 1e-7 degree of latitude in a metre
LANGUAGES = ("en", "ur", "pa", "pl", "ro", "bn", "so")
BACKGROUNDS = ("white", "asian", "black", "mixed", "other")
# Which contact points people give: email, mobile, landline
CONTACTS = ((1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1))
ORGANISATIONS = 4  # police, fire, council, watch: as staff.ORGANISATIONS


@dataclass
class Population:
    """One entry for each member in every array; ids count from 1. An id of an address is 0 where there is none."""

    ward: Ints
    postcode: Ints  # place in `postcodes`; -1 without a place
    longitude: Ints
    latitude: Ints
    cell: Ints
    area: Ints
    language: Ints  # place in LANGUAGES
    background: Ints  # place in BACKGROUNDS
    birth_year: Ints
    interests: Ints
    channels: Ints  # as chosen; 0: none chosen
    organisations: Ints
    promotion: Flags
    joined: Ints  # days before today
    confirmed: Flags
    email: Ints
    mobile: Ints
    landline: Ints
    stopped: Flags  # nothing goes to the email address
    shares: Flags  # lives and reads mail with the member before
    postcodes: list[tuple[str, int, int]]
    today: date

    def __len__(self) -> int:
        return len(self.ward)

    @property
    def placed(self) -> Flags:
        return self.postcode >= 0

    def reached_by(self) -> Ints:
        """The channels that reach each member now: chosen and usable; none chosen: email, else text, else voice."""
        usable = EMAIL * ((self.email > 0) & ~self.stopped) + TEXT * (self.mobile > 0)
        usable = usable + VOICE * ((self.mobile > 0) | (self.landline > 0))
        best = np.where(usable & EMAIL, EMAIL, np.where(usable & TEXT, TEXT, usable & VOICE))
        return np.where(self.confirmed, np.where(self.channels > 0, self.channels & usable, best), 0)


def build(rng: np.random.Generator, ground: Geography, count: int, today: date) -> Population:
    """Make COUNT members. The areas must be in the database already: they say who lives where."""
    wards = ground.wards
    # More join where the wards are full, and where the country is quiet
    pull = np.array([ward.weight * (0.5 + float(ward.draw[1])) for ward in wards])
    ward = np.sort(rng.choice(len(wards), count, p=pull / pull.sum()))
    rng.shuffle(ward)
    shares = rng.random(count) < 0.07
    shares[:1] = False
    before = _householder(shares)
    ward = ward[before]
    postcodes = [postcode for one in wards for postcode in one.postcodes]
    postcode = _postcodes(rng, wards, ward)[before]
    longitude, latitude = _positions(rng, postcodes, postcode, before)
    age = _ages(rng, wards, ward)
    background, language = _backgrounds(rng, wards, ward)
    background, language = background[before], language[before]
    email, mobile, landline = _contacts(rng, age, shares, before)
    return Population(
        ward, postcode, longitude, latitude, cells_of(longitude, latitude), lowest_areas(longitude, latitude),
        language, background, today.year - age, _interests(rng, count), _channels(rng, email, mobile, landline),
        1 + 2 * (rng.random(count) < 0.3) + 4 * (rng.random(count) < 0.4) + 8 * (rng.random(count) < 0.2),
        rng.random(count) < 0.15, _joined(rng, count), rng.random(count) < 0.94, email, mobile, landline,
        (rng.random(count) < 0.025)[before] & (email > 0), shares, postcodes, today,
    )  # fmt: skip


def write(rng: np.random.Generator, people: Population, streets: list[str]) -> None:
    """Put them into the tables: addresses, members, further places, choices, groups, consents, equality answers."""
    people_rows.write(rng, people, _names(rng, people), streets)


def _householder(shares: Flags) -> Ints:
    """For each member the one whose home they live in: themselves, or the last before who does not share."""
    own = np.where(shares, 0, np.arange(len(shares)))
    return np.maximum.accumulate(own)


def _postcodes(rng: np.random.Generator, wards: list[Ward], ward: Ints) -> Ints:
    counts = np.array([len(one.postcodes) for one in wards])
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    chosen = first[ward] + (rng.random(len(ward)) * counts[ward]).astype(np.int64)
    return np.where(rng.random(len(ward)) < 0.03, -1, chosen)


def _positions(
    rng: np.random.Generator, postcodes: list[tuple[str, int, int]], postcode: Ints, before: Ints
) -> tuple[Ints, Ints]:
    """Two thirds are placed at their house, near the postcode's centre; the others in the centre itself."""
    count = len(postcode)
    centres = np.array([(lon, lat) for _, lon, lat in postcodes], np.int64)[postcode]
    house = (rng.normal(0, 40 * METRE, (count, 2)) * (rng.random(count) < 0.66)[:, None]).round().astype(np.int64)
    at = np.where((postcode >= 0)[:, None], centres + house, 0)[before]
    return at[:, 0], at[:, 1]


def _ages(rng: np.random.Generator, wards: list[Ward], ward: Ints) -> Ints:
    middle = np.array([58 - 14 * one.town + 8 * float(one.draw[2]) for one in wards])
    return np.clip(rng.normal(middle[ward], 15), 13, 97).astype(np.int64)


def _backgrounds(rng: np.random.Generator, wards: list[Ward], ward: Ints) -> tuple[Ints, Ints]:
    """Background and language by ward: each town ward has its own mixture, the country less of one."""
    background, language = np.zeros(len(ward), np.int64), np.zeros(len(ward), np.int64)
    for number, one in enumerate(wards):
        here = np.flatnonzero(ward == number)
        others = 0.03 + 0.6 * one.town * float(one.draw[3])
        parts = np.array([1 - others, others * 0.55, others * 0.22, others * 0.13, others * 0.1])
        background[here] = rng.choice(len(BACKGROUNDS), len(here), p=parts / parts.sum())
        foreign = 0.02 + 0.28 * one.town * float(one.draw[4])
        spoken = np.array([1 - foreign, *(foreign * share for share in _shares(one.draw))])
        language[here] = rng.choice(len(LANGUAGES), len(here), p=spoken / spoken.sum())
    return background, language


def _shares(draw: NDArray[np.float64]) -> NDArray[np.float64]:
    """How the languages other than English divide in a ward: one or two lead."""
    parts = np.array([0.2 + np.cos(draw[5] * 6 + number) ** 4 for number in range(len(LANGUAGES) - 1)])
    return np.asarray(parts / parts.sum())


def _contacts(rng: np.random.Generator, age: Ints, shares: Flags, before: Ints) -> tuple[Ints, Ints, Ints]:
    """Ids of email, mobile and landline addresses. Emails count from 1, then come the drama numbers."""
    count = len(age)
    luck = rng.random(count)
    old = age > 70
    limits = np.where(old[:, None], (0.50, 0.66, 0.72, 0.86), (0.52, 0.85, 0.95, 0.965))
    has = np.array(CONTACTS)[(luck[:, None] > limits).sum(axis=1)]
    own = has[:, 0].astype(bool) & ~shares
    email = np.where(own, np.cumsum(own), 0)
    email = np.where(shares, email[before], email)
    last = int(email.max(initial=0))
    # Who shares the mail of somebody without any has a mobile instead
    mobile_wanted = has[:, 1].astype(bool) | (shares & (email == 0))
    mobile = np.where(mobile_wanted, last + 1 + rng.integers(0, people_rows.NUMBERS, count), 0)
    landline_first = last + 1 + people_rows.NUMBERS
    landline = np.where(has[:, 2] == 1, landline_first + rng.integers(0, people_rows.NUMBERS, count), 0)
    return email, mobile, landline


def _interests(rng: np.random.Generator, count: int) -> Ints:
    chosen = (rng.random((count, 22)) < rng.uniform(0.25, 0.8, count)[:, None]) @ (1 << np.arange(22))
    return np.where(rng.random(count) < 0.65, -1, np.maximum(chosen, 1))


def _channels(rng: np.random.Generator, email: Ints, mobile: Ints, landline: Ints) -> Ints:
    both = (email > 0) & (mobile > 0)
    chosen = np.where(both & (rng.random(len(email)) < 0.35), EMAIL | TEXT, 0)
    return np.where((email > 0) & (landline > 0) & (rng.random(len(email)) < 0.2), EMAIL | VOICE, chosen)


def _joined(rng: np.random.Generator, count: int) -> Ints:
    """Days ago, more of them lately, and in bursts after campaigns."""
    days = (rng.random(count) ** 1.4 * YEARS * 365).astype(np.int64) + 2
    campaign = rng.choice([45, 210, 400, 800], count) + rng.integers(0, 10, count)
    return np.where(rng.random(count) < 0.2, campaign, days)


def _names(rng: np.random.Generator, people: Population) -> list[tuple[str, str]]:
    """First and last names; a household has one last name. Not everybody gives theirs."""
    first = rng.integers(0, 1 << 16, len(people))
    last = rng.integers(0, len(names.LAST_NAMES), len(people))[_householder(people.shares)]
    silent = rng.random(len(people)) < 0.05
    found = []
    for number in range(len(people)):
        pool = names.FIRST_NAMES[LANGUAGES[people.language[number]]]
        full = (pool[first[number] % len(pool)], names.LAST_NAMES[last[number]])
        found.append(("", "") if silent[number] else full)
    return found


def moment(today: date, days_ago: int, minute: int) -> datetime:
    """A time on a past day, MINUTE minutes after midnight UTC."""
    day = today - timedelta(days=int(days_ago))
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=int(minute))


def streets(rng: np.random.Generator, postcodes: list[Any]) -> list[str]:
    """A street for each postcode."""
    return [names.street(rng) for _ in postcodes]
