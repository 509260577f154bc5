"""A database of the benchmarks' own beside the installation's, filled at the speed of SQL, dropped at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import psycopg
import shapely
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from numpy.typing import NDArray
from psycopg import sql

from peelian.config.demo import geography
from peelian.config.demo.filling import Places, write_places
from peelian.config.demo.geography import Geography
from peelian.config.demo.writing import settle_ids
from peelian.contacts.models import Address
from peelian.core import database as connected
from peelian.members import audience
from peelian.members.models import Member
from peelian.places.cells import cells_of
from peelian.places.geometry import in_units
from peelian.places.queries import lowest_areas

NAME = "peelian_bench"
KEPT = "peelian_bench_kept"
SEED = 1829
# As a city force of a million members: wards, and a scale that makes about 900 km2 of it
WARDS, SECTORS, POLICING_AREAS, SCALE = 192, 21, 7, 0.68
SPOKEN = ("en", "ur", "pa", "pl", "ro", "so")
SPEAKERS = (0.82, 0.05, 0.04, 0.04, 0.03, 0.02)
Ints = NDArray[np.int64]


@contextmanager
def database(*, keep: bool = False) -> Iterator[Scratch]:
    """Make it, migrate it, point Django's connection at it, and take all that back. With KEEP it is another one, which
    stays with what is in it, for a benchmark that takes long to fill, until `drop_kept`."""
    own = connection.settings_dict["NAME"]
    name = KEPT if keep else NAME
    if not keep or not _there(name):
        _recreate(own, name, create=True)
    try:
        _point_at(name)
        call_command("migrate", verbosity=0)
        yield Scratch()
    finally:
        _point_at(own)
        if not keep:
            _recreate(own, name, create=False)


def _point_at(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


def drop_kept() -> None:
    _recreate(connection.settings_dict["NAME"], KEPT, create=False)


def _there(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [name])
        return bool(cursor.fetchone()[0])


def _recreate(beside: str, name: str, *, create: bool) -> None:
    given = connection.settings_dict
    where = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "dbname": beside}
    with psycopg.connect(**where, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        if create:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def environment() -> dict[str, str]:
    """What another process needs to work in the scratch database as a demonstration."""
    return connected.environment() | {"PEELIAN_DEMO": "1", "PGOPTIONS": "-c jit=off"}


@dataclass(frozen=True)
class People:
    """The filled members, for checks that ask no database: home first, further places after, one entry a place.

    `speaks` is a place in SPOKEN; `wanted` says whether the member is reached at all.
    """

    member: Ints
    longitude: Ints
    latitude: Ints
    speaks: Ints
    interests: Ints
    wanted: NDArray[np.bool_]

    def count(self, shape: Any, *, languages: set[str], topic_bit: int) -> int:
        """How many people a selection finds in a shape, by shapely alone; the border counts."""
        west, south, east, north = np.rint(shapely.bounds(in_units(shape)))
        kept = (
            (self.longitude >= west) & (self.longitude <= east) & (self.latitude >= south) & (self.latitude <= north)
            & self.wanted & np.isin(self.speaks, [SPOKEN.index(code) for code in languages])
            & ((self.interests >> topic_bit) & 1 > 0)
        )  # fmt: skip
        near = np.flatnonzero(kept)
        exact = in_units(shape)
        shapely.prepare(exact)
        inside = shapely.intersects_xy(exact, self.longitude[near].astype(float), self.latitude[near].astype(float))
        return len(np.unique(self.member[near[inside]]))


@dataclass
class Scratch:
    """The scratch database. Its ground and its members are made when first asked for."""

    people: People | None = field(default=None, init=False)

    @cached_property
    def ground(self) -> Geography:
        rng = np.random.default_rng(SEED)
        return geography.build(rng, wards=WARDS, sectors=SECTORS, policing_areas=POLICING_AREAS, scale=SCALE)

    @cached_property
    def places(self) -> Places:
        with transaction.atomic():
            return write_places(self.ground)

    def members(self, count: int) -> People:
        """COUNT members with an email address each, spread over the wards by their weight; made once."""
        if self.people is None:
            _ = self.places
            self.people = _fill(self.ground, count)
        return self.people

    def without_members(self) -> None:
        """Empty again, but for the places."""
        self.people = None
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE members_member, contacts_address, members_audience CASCADE")


def _fill(ground: Geography, count: int) -> People:
    rng = np.random.default_rng(SEED)
    longitude, latitude = _spread(rng, ground, count)
    speaks = rng.choice(len(SPOKEN), count, p=SPEAKERS)
    interests = np.where(rng.random(count) < 0.6, -1, rng.integers(1, 1 << 22, count))
    confirmed, stopped = rng.random(count) < 0.95, rng.random(count) < 0.02
    further = np.flatnonzero(rng.random(count) < 0.05)
    other = rng.integers(0, count, len(further))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TABLES)
        cells, areas = cells_of(longitude, latitude), lowest_areas(longitude, latitude)
        codes = np.array(SPOKEN)[speaks]
        _copy(cursor, "one", longitude, latitude, cells, areas, codes, interests, confirmed, stopped)
        _copy(cursor, "two", further + 1, longitude[other], latitude[other], cells[other], areas[other])
        cursor.execute(_ROWS)
    settle_ids(Address, Member)
    audience.refresh()
    audience.compact()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    where = np.concatenate([np.arange(count), further])
    at = np.concatenate([np.arange(count), other])
    return People(
        where + 1, longitude[at], latitude[at], speaks[where], interests[where], (confirmed & ~stopped)[where]
    )


def _spread(rng: np.random.Generator, ground: Geography, count: int) -> tuple[Ints, Ints]:
    weights = np.array([ward.weight for ward in ground.wards])
    shares = rng.multinomial(count, weights / weights.sum())
    points = [geography.points_in(rng, ward.shape, int(n)) for ward, n in zip(ground.wards, shares, strict=True)]
    at = np.rint(np.concatenate(points) * 1e7).astype(np.int64)
    rng.shuffle(at)
    return at[:, 0], at[:, 1]


def _copy(cursor: Any, which: str, *columns: NDArray[Any]) -> None:
    """Rows as COPY's text, a hundred thousand at a time; table one gets ids from 1."""
    with cursor.copy(f"COPY bench_{which} FROM STDIN") as stream:
        for first in range(0, len(columns[0]), 100_000):
            parts = [column[first : first + 100_000].tolist() for column in columns]
            if which == "one":
                parts.insert(0, list(range(first + 1, first + 1 + len(parts[0]))))
            stream.write("".join("\t".join(map(str, row)) + "\n" for row in zip(*parts, strict=True)))


_TABLES = """
CREATE TEMP TABLE bench_one (id bigint, longitude int, latitude int, cell bigint, area bigint, language text,
    interests bigint, confirmed boolean, stopped boolean) ON COMMIT DROP;
CREATE TEMP TABLE bench_two (member bigint, longitude int, latitude int, cell bigint, area bigint) ON COMMIT DROP;
"""
_ROWS = """
INSERT INTO contacts_address (id, kind, value, suppression, suppressed_at)
SELECT id, 1, 'm' || id || '@bench.example', CASE WHEN stopped THEN 'bounced' ELSE '' END,
       CASE WHEN stopped THEN now() END FROM bench_one ORDER BY id;
INSERT INTO members_member (id, first_name, last_name, email_id, street_address, postcode, longitude, latitude, cell,
    area_id, language, interests, channels, organisations, promotion, young, source, joined_on, confirmed_at)
SELECT id, 'Bench', 'Member', id, '', '', longitude, latitude, cell, nullif(area, 0), language, interests, 0, 1, false,
       false, 'import', current_date - 400, CASE WHEN confirmed THEN now() END FROM bench_one ORDER BY id;
INSERT INTO members_place (member_id, label, postcode, longitude, latitude, cell, area_id)
SELECT member, 'Work', '', longitude, latitude, cell, nullif(area, 0) FROM bench_two;
"""
