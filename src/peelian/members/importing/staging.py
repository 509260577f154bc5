"""The staging table of an import and the set-based statements that carry it over. Every function is one step, in the
order of `importer.run`, within its transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import numpy as np
from django.db import connection

from peelian.members.importing.checking import STAGED
from peelian.places import queries as places
from peelian.places.cells import cells_of

FETCH = 50_000
_TYPES = {
    "line": "int", "latitude": "int", "longitude": "int", "interests": "bigint", "channels": "int", "providers": "int",
    "groups": "bigint[]", "joined_on": "date", "confirmed_on": "date", "birth_year": "smallint", "young": "boolean",
    "problems": "jsonb",
}  # fmt: skip
_KINDS = {"email": 1, "mobile": 2, "landline": 3}
_ANSWERS = ("birth_year", "sex", "ethnic_group", "disability", "origin_code")


def create() -> None:
    """Temporary tables: gone with the transaction, unlogged by nature. Dropped first, for two imports in one
    transaction."""
    _run("SET LOCAL work_mem = '64MB'")  # the joins below then stay in memory up to some hundred thousand rows
    _run("DROP TABLE IF EXISTS pg_temp.new_member, pg_temp.new_position, pg_temp.written")
    columns = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in STAGED)
    _run(f"CREATE TEMP TABLE new_member ({columns}) ON COMMIT DROP")
    _run(
        "CREATE TEMP TABLE new_position (longitude int, latitude int, cell bigint, area_id bigint) ON COMMIT DROP;"
        "CREATE TEMP TABLE written (member_id bigint, external_id text, new boolean) ON COMMIT DROP"
    )


def fill(lines: Iterator[bytes]) -> None:
    """COPY the checked lines."""
    with connection.cursor() as cursor, cursor.copy("COPY new_member FROM STDIN") as copy:
        for block in lines:
            copy.write(block)
    _run("ANALYZE new_member")


def mark_repeated_ids() -> None:
    """A second row of one external_id is bad and says where the first stands."""
    _run(
        "WITH twice AS (SELECT external_id, min(line) AS first FROM new_member WHERE external_id IS NOT NULL"
        " GROUP BY external_id HAVING count(*) > 1)"
        " UPDATE new_member n SET problems = coalesce(problems, '[]') || jsonb_build_array(jsonb_build_array("
        " 'external_id', format('%s stands on line %s already.', n.external_id, twice.first)))"
        " FROM twice WHERE n.external_id = twice.external_id AND n.line <> twice.first"
    )


def mark_unknown_postcodes() -> None:
    """A postcode that has to say where somebody lives must be one we know."""
    _run(
        "UPDATE new_member n SET problems = coalesce(problems, '[]') || jsonb_build_array(jsonb_build_array("
        " 'postcode', format('%s is not a postcode we know.', n.postcode)))"
        " WHERE n.postcode IS NOT NULL AND n.longitude IS NULL"
        " AND NOT EXISTS (SELECT FROM places_postcode p WHERE p.code = n.postcode)"
    )


def counts() -> tuple[int, int]:
    """(rows, bad rows)."""
    rows, bad = _one("SELECT count(*), count(problems) FROM new_member")
    return rows, bad


def problems(most: int | None = None) -> Iterator[tuple[int, str, str]]:
    """(line, column, reason) of each problem in order of lines; the column is empty when the whole row is wrong."""
    limit = "" if most is None else f" LIMIT {most}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line, p.value ->> 0, p.value ->> 1"
            " FROM new_member, jsonb_array_elements(problems) WITH ORDINALITY p"
            f" WHERE problems IS NOT NULL ORDER BY line, p.ordinality{limit}"
        )
        yield from cursor.fetchall()


def drop_bad() -> None:
    _run("DELETE FROM new_member WHERE problems IS NOT NULL; ANALYZE new_member")


def place() -> None:
    """Give each position its cell and lowest area: latitude and longitude as they stand, else the postcode's."""
    _run(
        "UPDATE new_member n SET longitude = p.longitude, latitude = p.latitude FROM places_postcode p"
        " WHERE p.code = n.postcode AND n.longitude IS NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "DECLARE positions NO SCROLL CURSOR FOR"
            " SELECT DISTINCT longitude, latitude FROM new_member WHERE longitude IS NOT NULL"
        )
        while True:
            cursor.execute(f"FETCH {FETCH} FROM positions")
            found = np.array(cursor.fetchall(), np.int64).reshape(-1, 2)
            if not len(found):
                break
            _keep_positions(found)
        cursor.execute("CLOSE positions; ANALYZE new_position")


def _keep_positions(found: np.ndarray[Any, np.dtype[np.int64]]) -> None:
    areas = places.lowest_areas(found[:, 0], found[:, 1])
    cells = cells_of(found[:, 0], found[:, 1])
    rows = np.column_stack([found, cells, areas]).tolist()
    text = "".join([f"{x}\t{y}\t{cell}\t{area or chr(92) + 'N'}\n" for x, y, cell, area in rows])
    with connection.cursor() as cursor, cursor.copy("COPY new_position FROM STDIN") as copy:
        copy.write(text.encode())


@contextmanager
def keys_proved_by_joins() -> Iterator[None]:
    """Every key written inside comes out of a join with the table it points to, so asking again row by row proves
    nothing; it would take a quarter of the time of a long file, each check locking a row. PostgreSQL lets only a
    superuser leave the checks out, which the embedded database's account is; elsewhere they run. The lock keeps
    areas still."""
    if not _one("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")[0]:
        yield
        return
    _run("LOCK TABLE places_area, members_group IN SHARE MODE; SET LOCAL session_replication_role = replica")
    yield
    _run("SET LOCAL session_replication_role = origin")


def keep_addresses(header: list[str]) -> None:
    """Each address once. A member with a confirmed date had shown, to whoever kept the file, that it reaches them."""
    for name in (name for name in _KINDS if name in header):
        _run(
            "INSERT INTO contacts_address AS a (kind, value, verified_at, suppression)"
            f" SELECT {_KINDS[name]}, {name}, max(confirmed_on::timestamp AT TIME ZONE 'Europe/London'), ''"
            f" FROM new_member WHERE {name} IS NOT NULL GROUP BY {name}"
            " ON CONFLICT (kind, value) DO UPDATE SET verified_at = excluded.verified_at"
            " WHERE a.verified_at IS NULL AND excluded.verified_at IS NOT NULL"
        )


def keep_past_homes(header: list[str], today: date) -> None:
    """Of members whom the file puts in another area, the one they lived in, as members.actions.move_house keeps it."""
    if not {"postcode", "latitude"} & set(header):
        return
    _run(
        "INSERT INTO members_pasthome (member_id, area_id, since, until)"
        f" SELECT m.id, m.area_id, b.since, '{today.isoformat()}' FROM new_member n"
        " JOIN members_member m ON m.external_id = n.external_id"
        " LEFT JOIN new_position p ON p.longitude = n.longitude AND p.latitude = n.latitude"
        " CROSS JOIN LATERAL (SELECT coalesce(max(x.until), m.joined_on) AS since FROM members_pasthome x"
        " WHERE x.member_id = m.id) b"
        " WHERE m.left_at IS NULL AND m.restricted_at IS NULL AND m.area_id IS NOT NULL"
        f" AND p.area_id IS DISTINCT FROM m.area_id AND b.since < '{today.isoformat()}'"
    )


def keep_members(header: list[str], today: date) -> None:
    """One INSERT … SELECT, upsert on external_id. What the file has no column for stays; so do the settings of
    members who have changed theirs themselves, their confirmation, and everything of those who have left."""
    values = _values(header, today)
    names = list(values)
    joins = " ".join(
        f"LEFT JOIN contacts_address a_{name} ON a_{name}.kind = {kind} AND a_{name}.value = n.{name}"
        for name, kind in _KINDS.items()
        if name in header
    )
    old = ", ".join(f"m.{name}" for name in names)
    new = ", ".join(f"({value})" for value in values.values())
    _run(
        f"WITH kept AS (INSERT INTO members_member AS t (external_id, {', '.join(names)}, promotion)"
        f" SELECT n.external_id, {new}, coalesce(m.promotion, false)"
        f" FROM new_member n LEFT JOIN members_member m ON m.external_id = n.external_id {joins}"
        " LEFT JOIN new_position p ON p.longitude = n.longitude AND p.latitude = n.latitude"
        f" WHERE m.id IS NULL OR (m.left_at IS NULL AND m.restricted_at IS NULL"
        f" AND ({old}) IS DISTINCT FROM ({new})) ORDER BY n.line"
        " ON CONFLICT (external_id) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in names)
        + " RETURNING id, external_id, xmax = 0 AS new)"
        " INSERT INTO written SELECT id, external_id, new FROM kept"
    )


def _values(header: list[str], today: date) -> dict[str, str]:
    """The value of each column of members_member as SQL over n (staged), m (the member there is) and p (position)."""
    placed = bool({"postcode", "latitude"} & set(header))

    def given(column: str, value: str, default: str, kept: str = "") -> str:
        """What the file says where it has a column, else what the member has, else what a new member gets."""
        if kept:
            value = f"CASE WHEN {kept} THEN m.{column} ELSE {value} END"
        return value if column in _spoken_of(header) else f"CASE WHEN m.id IS NULL THEN {default} ELSE m.{column} END"

    chose = "m.chosen_at IS NOT NULL"
    values = {
        "first_name": given("first_name", "coalesce(n.first_name, '')", "''"),
        "last_name": given("last_name", "coalesce(n.last_name, '')", "''"),
        "street_address": given("street_address", "coalesce(n.address, '')", "''"),
        "language": given("language", "coalesce(n.language, 'en')", "'en'", chose),
        "interests": given("interests", "coalesce(n.interests, -1)", "-1", chose),
        "channels": given("channels", "coalesce(n.channels, 0)", "0", chose),
        "organisations": given("organisations", "coalesce(n.providers, 1)", "1", chose),
        "source": given("source", "coalesce(n.source, m.source, 'import')", "'import'"),
        "young": given(
            "young", "CASE WHEN n.birth_year IS NULL THEN coalesce(m.young, false) ELSE n.young END", "false"
        ),
        "joined_on": f"coalesce(n.joined_on, m.joined_on, '{today.isoformat()}')",
        "confirmed_at": "coalesce(n.confirmed_on::timestamp AT TIME ZONE 'Europe/London', m.confirmed_at)",
    }
    for name in _KINDS:
        values[f"{name}_id"] = f"a_{name}.id" if name in header else f"m.{name}_id"
    for name, value in {
        "postcode": "coalesce(n.postcode, '')",
        "longitude": "n.longitude",
        "latitude": "n.latitude",
        "cell": "p.cell",
        "area_id": "p.area_id",
    }.items():
        kept = "coalesce(m.postcode, '')" if name == "postcode" else f"m.{name}"
        values[name] = value if placed else kept
    return values


def _spoken_of(header: list[str]) -> set[str]:
    """The columns of members_member that the file speaks of."""
    other = {"address": "street_address", "providers": "organisations", "birth_year": "young"}
    return {other.get(name, name) for name in header}


def keep_groups() -> None:
    """Add members to the groups named; a file never takes anybody out of one."""
    _run(
        "WITH kept AS (INSERT INTO members_groupmembership (group_id, member_id, since)"
        " SELECT DISTINCT g.id, m.id, current_date FROM new_member n CROSS JOIN unnest(n.groups) AS g(id)"
        " JOIN members_member m ON m.external_id = n.external_id AND m.left_at IS NULL"
        " ON CONFLICT DO NOTHING RETURNING member_id)"
        " INSERT INTO written SELECT DISTINCT m.id, m.external_id, false"
        " FROM kept JOIN members_member m ON m.id = member_id"
        " WHERE NOT EXISTS (SELECT FROM written w WHERE w.member_id = m.id)"
    )


def keep_answers(header: list[str]) -> None:
    """The equality columns, to their own table, of adults alone who did not take such answers back."""
    names = [name for name in _ANSWERS if name in header]
    if not names:
        return
    new = {name: f"n.{name}" if name == "birth_year" else f"coalesce(n.{name}, '')" for name in names}
    rest = {name: "NULL" if name == "birth_year" else "''" for name in _ANSWERS if name not in names}
    some = " OR ".join(f"n.{name} IS NOT NULL" for name in names)
    _run(
        f"WITH kept AS (INSERT INTO members_equalityanswers AS e (member_id, {', '.join([*new, *rest])})"
        f" SELECT m.id, {', '.join([*new.values(), *rest.values()])} FROM new_member n"
        " JOIN members_member m ON m.external_id = n.external_id AND m.left_at IS NULL AND NOT m.young"
        " AND NOT m.answers_taken_back"
        f" WHERE ({some}) OR EXISTS (SELECT FROM members_equalityanswers x WHERE x.member_id = m.id)"
        " ON CONFLICT (member_id) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in names)
        + " WHERE ("
        + ", ".join(f"e.{name}" for name in names)
        + ") IS DISTINCT FROM ("
        + ", ".join(f"excluded.{name}" for name in names)
        + ") RETURNING member_id)"
        " INSERT INTO written SELECT m.id, m.external_id, false FROM kept JOIN members_member m ON m.id = member_id"
        " WHERE NOT EXISTS (SELECT FROM written w WHERE w.member_id = m.id)"
    )


def results() -> tuple[int, int]:
    """(new, changed) members."""
    new, changed = _one("SELECT count(*) FILTER (WHERE new), count(*) FILTER (WHERE NOT new) FROM written")
    return new, changed


def left() -> int:
    """How many rows are of people who have left; nothing of theirs was touched."""
    return int(
        _one("SELECT count(*) FROM new_member n JOIN members_member m USING (external_id) WHERE m.left_at IS NOT NULL")[
            0
        ]
    )


def young_answers(header: list[str]) -> int:
    """How many rows hold equality answers of people under 18, which were not kept."""
    asked = [f"{name} IS NOT NULL" for name in _ANSWERS if name in header and name not in ("birth_year", "origin_code")]
    if not asked:
        return 0
    return int(_one(f"SELECT count(*) FROM new_member WHERE young AND ({' OR '.join(asked)})")[0])


def shared(header: list[str], most: int) -> tuple[int, list[tuple[int, str]]]:
    """How many written rows share an address with another member, and the first of them as (line, column)."""
    names = [name for name in _KINDS if name in header]
    asked = " UNION ALL ".join(
        f"SELECT n.line, '{name}' AS column_name FROM written w JOIN members_member m ON m.id = w.member_id"
        " JOIN new_member n ON n.external_id = w.external_id"
        f" WHERE EXISTS (SELECT FROM members_member o WHERE o.{name}_id = m.{name}_id AND o.id <> m.id"
        " AND o.left_at IS NULL)"
        for name in names
    )
    _run("ANALYZE written")
    total = int(_one(f"SELECT count(*) FROM ({asked}) s")[0])
    with connection.cursor() as cursor:
        if not total:
            return 0, []
        cursor.execute(f"SELECT line, column_name FROM ({asked}) s ORDER BY line, column_name LIMIT {most}")
        return total, list(cursor.fetchall())


def written_ids(after: int, most: int) -> list[int]:
    """The next ids of members written, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT member_id FROM written WHERE member_id > %s ORDER BY member_id LIMIT %s", [after, most])
        return [row[0] for row in cursor.fetchall()]


def members_now() -> int:
    """How many members there are, these included."""
    return int(_one("SELECT count(*) FROM members_member")[0])


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _one(sql: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row: tuple[Any, ...] = cursor.fetchone()
        return row
