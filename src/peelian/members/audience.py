"""Whom an audience finds. The one place that reads and writes members_audience.

Two kinds of question about a place: administrative areas are asked by membership (`area_id`), every other shape by its
cover of H3 ranges with an exact test at the border (places.cells). Confirmation, agreement to the sender's
organisation,
suppression and the member's choice of types and channels are part of every question; no clause switches them off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from peelian.accounts.models import Organisation
from peelian.members import hooks
from peelian.members.categories import LANGUAGE_NUMBERS
from peelian.members.models import CHANNELS, TEXT, Topic
from peelian.members.placing import begin, compact, refresh, replace_areas
from peelian.places import covers
from peelian.places import queries as places
from peelian.places.cells import Cover, cover
from peelian.places.geometry import covers_units, drawn_polygon, snap
from peelian.places.models import Area
from peelian.places.queries import Shape

__all__ = ["Clause", "Counts", "Selection", "begin", "compact", "refresh", "replace_areas", "stopped"]

SMALLEST_SHOWN = 5  # cells with fewer people are left off the map
DRAWN_CELLS = 1_000  # tested at once for a drawing: finer borders cost more than the few people they spare testing
_LANGUAGES = {number: code for code, number in LANGUAGE_NUMBERS.items()}
Sql = tuple[str, dict[str, Any]]


def stopped(member_ids: Sequence[int]) -> None:
    """Say that members have left or turned something off, so that what a household shares falls to another of them. In
    the transaction of the change, once the audience rows are made anew."""
    for hook in hooks.stopped.values():
        hook(member_ids)


@dataclass(frozen=True)
class Clause:
    """One condition of an audience. `include` clauses add people, `must` clauses keep only those they match, `exclude`
    clauses take people away, wherever in the clause's areas one of their places lies."""

    effect: Literal["include", "exclude", "must"]
    kind: Literal["areas", "polygon", "groups", "languages", "members"]
    areas: tuple[int, ...] = ()
    polygon: dict[str, Any] | None = None
    groups: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    members_sql: tuple[str, list[Any]] | None = None  # selects member ids


@dataclass(frozen=True)
class Counts:
    """How many people an audience reaches, how many by each channel (bit → people; a person may have several), and how
    many others would qualify but have no place on the map."""

    people: int
    by_channel: dict[int, int]
    without_place: int


@dataclass
class Selection:
    """An audience for a sender: clauses, the type of message, the organisation it comes from, and the channels it
    uses. ONLY: of these members alone."""

    clauses: list[Clause]
    topic: Topic | None
    organisation: Organisation
    channels: int
    only: Sequence[int] | None = None
    _parts: list[tuple[Clause, list[_Source]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._parts = [(clause, _sources(clause, number)) for number, clause in enumerate(self.clauses)]

    def count(self) -> Counts:
        """Count people, each once."""
        people, *each = self._count_one() if self._is_simple() else self._count_many()
        without = _rows(
            f"SELECT count(*) FROM members_audience a WHERE a.cell IS NULL AND a.kind = 0 AND {self._reached()}",
            self._values(),
        )
        by_channel = {bit: n for bit, n in zip(CHANNELS.values(), each, strict=True) if n}
        return Counts(people, by_channel, without[0][0])

    def matches_nothing(self) -> list[int]:
        """The numbers of clauses that match no member at all, whatever their settings."""
        empty = []
        for number, (_, sources) in enumerate(self._parts):
            found = False
            for source in sources:
                sql, values = source.rows("a.member_id", "TRUE")
                found = found or bool(_rows(f"SELECT 1 FROM ({sql}) q LIMIT 1", values))
            if not found:
                empty.append(number)
        return empty

    def languages(self) -> list[tuple[str, int, int]]:
        """The languages that the people asked for (BCP 47): how many people each, and how many of them by text."""
        sql, values = self._people(f"a.member_id, a.language, {self._bits('a')} AS bits")
        rows = _rows(
            f"SELECT language, count(*), count(*) FILTER (WHERE bits & {TEXT} <> 0) FROM ({sql}) q GROUP BY language",
            values,
        )
        return [(_LANGUAGES[number], people, texts) for number, people, texts in rows if number in _LANGUAGES]

    def cells(self, *resolutions: int) -> list[list[tuple[str, int]]]:
        """How many people live in each H3 cell, as (cell, people), a list for each resolution; asked once, as finely as
        the finest. Cells under five are left out."""
        keep, fill = _parent_masks(max(resolutions))
        sql, values = self._people("a.member_id")
        rows = _rows(
            f"SELECT (h.cell & {keep}) | {fill} AS parent, count(*) FROM members_audience h JOIN ({sql}) q"
            " ON q.member_id = h.member_id WHERE h.kind = 0 AND h.cell IS NOT NULL"
            " GROUP BY 1",
            values,
        )
        return [_shown_cells(rows, resolution) for resolution in resolutions]

    def ways_sql(self) -> Sql:
        """SQL for `member_id, bits, channels` of the people, each once: the channels by which this message reaches
        them, and those by which any would."""
        return self._people(f"a.member_id, {self._bits('a')} AS bits, a.channels")

    def rows_sql(self) -> Sql:
        """SQL for `address_id, member_id, channel` in order of address, an address once: for freezing a send."""
        sql, values = self._people(f"a.member_id, {self._bits('a')} AS bits")
        # Few installations have helpers who get copies; for the others the statement stays as short as it is
        copies = _COPIES if _rows(f"SELECT 1 FROM ({_BESIDE}) b LIMIT 1", {}) else ""
        return _ADDRESSES.format(people=sql, copies=copies), values

    def may_exceed(self, people: int) -> bool:
        """Whether it may reach more than so many: known as soon as more places than that are found, before anybody is
        left out again or counted once. Where it may not, it does not."""
        asked = [
            source.rows("a.member_id", self._reached())
            for clause, sources in self._parts
            if clause.effect == "include"
            for source in sources
        ]
        values = self._values() | {"one_more": people + 1}
        for _, more in asked:
            values |= more
        sql = " UNION ALL ".join(sql for sql, _ in asked) or "SELECT NULL::bigint WHERE false"
        found = _rows(f"SELECT count(*) FROM (SELECT 1 FROM ({sql}) p LIMIT %(one_more)s) q", values)
        return bool(found[0][0] > people)

    # How it is asked ----------------------------------------------------------------------------------------------

    def _is_simple(self) -> bool:
        """One include of one shape, besides languages that must be: answered without comparing sets of people."""
        includes = [sources for clause, sources in self._parts if clause.effect == "include"]
        others = [c for c in self.clauses if c.effect != "include" and not _is_row_condition(c)]
        return len(includes) == 1 and len(includes[0]) == 1 and not others

    def _count_one(self) -> list[int]:
        """People, and people by each channel: those who live in the shape, and those whom only a further place brings.

        Plain counts: grouping 130,000 rows by their bits sorted them first and took twice as long.
        """
        source = next(sources for clause, sources in self._parts if clause.effect == "include")[0]
        counted = np.zeros(4, np.int64)
        for sql, values in source.homes(f"{self._bits('a')} AS bits, a.interests", self._reached()):
            counted += _rows(f"SELECT {_COUNTED} FROM ({sql}) q", values | self._values())[0]
        codes = source.only_further(f"a.member_id * 8 + {self._bits('a')}", self._reached(), self._values())
        return [len(codes) + int(counted[0]), *(int(n + (codes >> bit & 1).sum()) for bit, n in enumerate(counted[1:]))]

    def _count_many(self) -> list[int]:
        sql, values = self._people(f"a.member_id, {self._bits('a')} AS bits")
        by_channel = ", ".join(f"count(*) FILTER (WHERE bits & {bit} <> 0)" for bit in CHANNELS.values())
        return list(_rows(f"SELECT count(*), {by_channel} FROM ({sql}) q", values)[0])

    def _people(self, columns: str) -> Sql:
        """SQL for distinct people: included, not excluded, matched by every `must`, and reached by the sender's
        settings."""
        values = self._values()
        parts: dict[str, list[str]] = {"include": [], "exclude": [], "must": []}
        for clause, sources in self._parts:
            if _is_row_condition(clause):
                continue
            chosen = (columns, self._reached()) if clause.effect == "include" else ("a.member_id", "TRUE")
            asked = [source.rows(*chosen) for source in sources]
            for _, more in asked:
                values |= more
            parts[clause.effect].append(
                " UNION ALL ".join(sql for sql, _ in asked) or "SELECT NULL::bigint WHERE false"
            )
        conditions = [f"p.member_id IN ({sql})" for sql in parts["must"]]
        conditions += [
            f"NOT EXISTS (SELECT 1 FROM ({sql}) x WHERE x.member_id = p.member_id)" for sql in parts["exclude"]
        ]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts['include'])}) p{where}", values

    def _reached(self) -> str:
        """The condition on a row that every audience carries."""
        conditions = [f"a.organisations & {self.organisation.mask} <> 0", f"{self._bits('a')} <> 0"]
        if self.topic is not None:
            conditions.append(f"a.interests & {self.topic.mask}::bigint <> 0")
            if self.topic.purpose == Topic.Purpose.PROMOTION:
                conditions.append("a.promotion")
        if self.only is not None:
            conditions.append("a.member_id = ANY(%(only)s)")
        for number, clause in enumerate(self.clauses):
            if _is_row_condition(clause):
                conditions.append(f"a.language = ANY(%(languages_{number})s)")
        return " AND ".join(conditions)

    def _bits(self, alias: str) -> str:
        """The channels by which this message reaches a row's member."""
        own = self._topic_channels(alias)
        chosen = f"coalesce({own} & {alias}.reachable, {alias}.channels)" if own else f"{alias}.channels"
        return f"({chosen} & {self.channels})"

    @cached_property
    def _some_chose_channels(self) -> bool:
        """Whether anybody has channels of their own for this type: asked once for a selection."""
        wanted = {"topic": self.topic.pk if self.topic else None}
        return bool(_rows("SELECT 1 FROM members_topicchannel WHERE topic_id = %(topic)s LIMIT 1", wanted))

    def _topic_channels(self, alias: str) -> str:
        """The member's own channels for this type, where anybody has any; empty otherwise."""
        if self.topic is None or not self._some_chose_channels:
            return ""
        return (
            "(SELECT t.channels FROM members_topicchannel t"
            f" WHERE t.member_id = {alias}.member_id AND t.topic_id = {self.topic.pk})"
        )

    def _values(self) -> dict[str, Any]:
        only = {} if self.only is None else {"only": list(self.only)}
        return only | {
            f"languages_{number}": [LANGUAGE_NUMBERS[code] for code in clause.languages]
            for number, clause in enumerate(self.clauses)
            if _is_row_condition(clause)
        }


def _is_row_condition(clause: Clause) -> bool:
    """Languages that must be are a condition on the row itself."""
    return clause.effect == "must" and clause.kind == "languages"


@dataclass(frozen=True)
class _Source:
    """One thing that matches rows: a condition on the row, or a cover.

    Homes and further places are asked apart, because each has its own index."""

    where: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    cover: Cover | None = None
    prefix: str = ""
    shape: Callable[[], Shape] | None = None  # of a cover
    home: str = ""  # whether the home of a further place matches too; empty where only homes are matched

    def homes(self, columns: str, condition: str) -> list[Sql]:
        """Statements whose rows, one for each home, are to be counted one after the other and added up."""
        condition = f"a.kind = 0 AND {condition}"
        if self.cover is not None:
            return self.cover.counting_sql("members_audience", columns, condition, self.prefix)
        return [self._matching(columns, condition)]

    def only_further(self, code: str, condition: str, values: dict[str, Any]) -> NDArray[np.int64]:
        """The codes, each once, of the members whom a further place brings and their home does not."""
        if self.cover is not None:
            return self._further_in_shape(code, condition, values)
        if not self.home:
            return np.empty(0, np.int64)
        sql, more = self._matching(f"{code} AS code", f"a.kind > 0 AND {self.home} IS NOT TRUE AND {condition}")
        return np.unique(np.array(_rows(f"SELECT array_agg(code) FROM ({sql}) q", values | more)[0][0] or [], np.int64))

    def _further_in_shape(self, code: str, condition: str, values: dict[str, Any]) -> NDArray[np.int64]:
        """By one question for everybody near, and the exact test here: they are few."""
        assert self.cover is not None
        assert self.shape is not None
        home = f"coalesce(a.home_lon, 0) AS home_lon, coalesce(a.home_lat, {_NOWHERE}) AS home_lat"
        columns = f"{code} AS code, a.lon, a.lat, {home}"
        sql, more = self.cover.near_sql("members_audience", columns, f"a.kind > 0 AND {condition}", self.prefix)
        codes, *positions = _rows(f"SELECT {_FURTHER} FROM ({sql}) q", values | more)[0]
        if not codes:
            return np.empty(0, np.int64)
        x, y, home_x, home_y = (np.array(part) for part in positions)
        shape = self.shape()
        inside = np.flatnonzero(covers_units(shape, x, y))
        brought = inside[~covers_units(shape, home_x[inside], home_y[inside])]
        return np.unique(np.array(codes, np.int64)[brought])

    def rows(self, columns: str, condition: str) -> Sql:
        """A row for each place, a home or not, that matches."""
        homes, values = self._matching(columns, f"a.kind = 0 AND {condition}")
        if self.cover is None and not self.home:
            return homes, values
        further, more = self._matching(columns, f"a.kind > 0 AND {condition}")
        return f"{homes} UNION ALL {further}", values | more

    def _matching(self, columns: str, condition: str) -> Sql:
        if self.cover is not None:
            return self.cover.rows_sql("members_audience", columns, condition, self.prefix)
        return f"SELECT {columns} FROM members_audience a WHERE {self.where} AND {condition}", self.values


def _sources(clause: Clause, number: int) -> list[_Source]:
    key = f"c{number}"
    if clause.kind == "areas":
        return _area_sources(clause.areas, key)
    if clause.kind == "polygon":
        shape = snap(drawn_polygon(clause.polygon or {}))
        return [_Source(cover=cover(shape, max_cells=DRAWN_CELLS), prefix=key, shape=lambda: shape)]
    if clause.kind == "groups":
        group = f"SELECT member_id FROM members_groupmembership WHERE group_id = ANY(%({key})s)"
        where = f"a.member_id IN ({group})"
        return [_Source(where, {key: list(clause.groups)})]
    if clause.kind == "languages":
        return [_Source(f"a.language = ANY(%({key})s)", {key: [LANGUAGE_NUMBERS[code] for code in clause.languages]})]
    sql, values = clause.members_sql or ("SELECT NULL::bigint WHERE false", [])
    named = {f"{key}_{place}": value for place, value in enumerate(values)}
    for name in named:
        sql = sql.replace("%s", f"%({name})s", 1)
    return [_Source(f"a.member_id IN ({sql})", named)]


def _area_sources(area_ids: tuple[int, ...], key: str) -> list[_Source]:
    """Administrative areas together by membership; every other area by its cover."""
    members: list[Area] = []
    shapes: list[Area] = []
    for area in Area.objects.filter(pk__in=area_ids).only("pk", "kind", "by_membership", "cover"):
        by_membership = area.by_membership and area.kind in Area.ADMINISTRATIVE
        (members if by_membership else shapes).append(area)
    sources = [
        _Source(cover=covers.unpack(bytes(area.cover)), prefix=f"{key}_{number}", shape=partial(places.shape, area))
        for number, area in enumerate(shapes)
    ]
    if members:
        ids = places.with_descendants(area.pk for area in members)
        every = Area.objects.filter(valid_to=None, kind__in=Area.ADMINISTRATIVE).exclude(pk__in=ids).exists()
        # The whole tree: the test for a null costs less than a list of every area
        test = f"= ANY(%({key})s)" if every else "IS NOT NULL"
        source = _Source(f"a.area_id {test}", {key: sorted(ids)} if every else {}, home=f"a.home_area_id {test}")
        sources.insert(0, source)
    return sources


def _shown_cells(finer: list[tuple[Any, ...]], resolution: int) -> list[tuple[str, int]]:
    keep, fill = _parent_masks(resolution)
    found = Counter[int]()
    for cell, people in finer:
        found[cell & keep | fill] += people
    return [(format(cell, "x"), people) for cell, people in sorted(found.items()) if people >= SMALLEST_SHOWN]


def _parent_masks(resolution: int) -> tuple[int, int]:
    """Masks that turn a resolution-11 cell into its parent: the H3 index keeps the resolution in bits 52-55 and each
    digit in three bits, 7 where unused (H3 documentation, "H3 index bit layout")."""
    unused = sum(7 << 3 * (15 - digit) for digit in range(resolution + 1, 16))
    return ~((15 << 52) | unused) & (2**63 - 1), (resolution << 52) | unused


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


# People, and the same by email, text and voice. A column that is never null: ranges that hold nobody give nulls
_COUNTED = "count(interests)" + "".join(f", count(*) FILTER (WHERE bits & {bit} <> 0)" for bit in CHANNELS.values())
_NOWHERE = 2_000_000_000  # the latitude, in units, of a home that is not on the map: 200 degrees, in no shape
_FURTHER = ", ".join(f"array_agg({what})" for what in ("code", "lon", "lat", "home_lon", "home_lat"))
# Helpers who get copies beside an address of the member's own, of the same kind
_BESIDE = """
SELECT h.member_id, h.address_id, CASE x.kind WHEN 1 THEN 1 ELSE 2 END AS bit
  FROM members_helper h JOIN members_member m ON m.id = h.member_id JOIN contacts_address x ON x.id = h.address_id
 WHERE h.begun_at IS NOT NULL AND h.ended_at IS NULL
   AND h.address_id NOT IN (coalesce(m.email_id, 0), coalesce(m.mobile_id, 0))
"""
_COPIES = f"""
     UNION ALL
    SELECT b.address_id, b.member_id, b.bit FROM q JOIN ({_BESIDE}) b ON b.member_id = q.member_id
     WHERE q.bits & b.bit <> 0
"""
_ADDRESSES = """
WITH q AS ({people})
SELECT DISTINCT ON (address_id) address_id, member_id, channel FROM (
    SELECT CASE c.bit WHEN 1 THEN m.email_id WHEN 2 THEN m.mobile_id ELSE coalesce(m.landline_id, m.mobile_id) END
           AS address_id, m.id AS member_id, c.bit AS channel
      FROM q JOIN members_member m ON m.id = q.member_id
     CROSS JOIN (VALUES (1), (2), (4)) AS c(bit)
     WHERE q.bits & c.bit <> 0{copies}
) d WHERE address_id IS NOT NULL ORDER BY address_id, channel, member_id
"""
