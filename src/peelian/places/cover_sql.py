"""A cover as SQL: who is in its ranges, and whom the edges near a border cell let in.

`table` is known as `a` and needs columns `cell`, `lon` and `lat`; `columns` and `where` are our own SQL, never a
person's words. `prefix` keeps the parameters of two covers in one statement apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from peelian.places.cells import Border, Range

Sql = tuple[str, dict[str, Any]]

PARTS = 8
WRITTEN_OUT = 2  # cells with more edges are few where a person drew the shape
_CELL_NAMES = ("lo", "hi", "first", "last", "odd")
_EDGE_NAMES = ("x", "y", "dx", "dy", "low", "high", "flip")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of whom."""

    table: str
    columns: str
    where: str
    prefix: str

    def fill(self, sql: str) -> str:
        """The template with our names in it."""
        return sql.format(table=self.table, columns=self.columns, where=self.where, p=self.prefix)


def inside(ranges: Sequence[Range], asked: Asked) -> Sql:
    """Everybody in the ranges."""
    return asked.fill(_INSIDE), _range_values(ranges, asked.prefix)


def border(edges: Border, asked: Asked) -> Sql:
    """Those in border cells whom the edges let in."""
    lists = {f"{asked.prefix}_{name}": _as_array(getattr(edges, name)) for name in _CELL_NAMES + _EDGE_NAMES}
    return asked.fill(_BORDER), lists


def shared(ranges: Sequence[Range], edges: Border, asked: Asked) -> list[Sql]:
    """Both, in statements to be counted and added up, the first of which PostgreSQL's processes share.

    The lateral forms above never run in parallel: what refers to an outer row is kept to one process. Here everything
    is cut into parts of a UNION ALL, each a LEFT JOIN of ranges, which stay outside, so that each is looked up in the
    index; a range that holds nobody gives a row of nulls. The edges of a border cell stand in its row. Only cells with
    more edges than WRITTEN_OUT are asked afterwards, by themselves.
    """
    widest = sorted(ranges, key=lambda ends: ends[0] - ends[1])  # dealt out in turn, so that parts are alike
    parts = []
    for number in range(PARTS):
        part = replace(asked, prefix=f"{asked.prefix}_part{number}")
        parts.append((part.fill(_SHARED), _range_values(widest[number::PARTS], part.prefix)))
    counts = edges.last - edges.first + 1
    for count in range(WRITTEN_OUT + 1):
        cells = np.flatnonzero(counts == count)
        if len(cells):
            parts.append(_written_out(edges, cells, count, asked, f"{asked.prefix}_edges{count}"))
    statements = [(" UNION ALL ".join(sql for sql, _ in parts), {k: v for _, more in parts for k, v in more.items()})]
    crowded = np.flatnonzero(counts > WRITTEN_OUT)
    if len(crowded):
        only = replace(edges, **{name: getattr(edges, name)[crowded] for name in _CELL_NAMES})
        statements.append(border(only, asked))
    return statements


def _written_out(edges: Border, cells: NDArray[np.int64], count: int, asked: Asked, prefix: str) -> Sql:
    """Those whom these border cells let in, each with COUNT edges."""
    lists = {name: getattr(edges, name)[cells] for name in ("lo", "hi", "odd")}
    crossed, on = "r.odd", []
    for number in range(count):
        at = edges.first[cells] - 1 + number
        lists |= {f"{name}{number}": getattr(edges, name)[at] for name in _EDGE_NAMES}
        crossed = f"({crossed} <> ({_CROSSED.format(n=number)}))"
        on.append(_ON.format(n=number))
    arrays = ", ".join(f"%({prefix}_{name})s::{'boolean' if name == 'odd' else 'bigint'}[]" for name in lists)
    sql = (
        f"SELECT {asked.columns} FROM unnest({arrays}) AS r({', '.join(lists)}) LEFT JOIN {asked.table} AS a"
        f" ON a.cell BETWEEN r.lo AND r.hi AND ({asked.where}) AND ({' OR '.join([crossed, *on])})"
    )
    return sql, {f"{prefix}_{name}": _as_array(values) for name, values in lists.items()}


def _as_array(values: NDArray[Any] | list[int]) -> str:
    """PostgreSQL's text for an array: psycopg's own way with a list takes longer than the query."""
    return f"{{{str(values if isinstance(values, list) else values.tolist())[1:-1]}}}"


def _range_values(ranges: Sequence[Range], prefix: str) -> dict[str, str]:
    return {
        f"{prefix}_in_lo": _as_array([lo for lo, _ in ranges]),
        f"{prefix}_in_hi": _as_array([hi for _, hi in ranges]),
    }


# Whether the path to the reference point crosses edge n, and whether the person is on it
_SIDE = "(r.dx{n} * (a.lat - r.y{n}) - r.dy{n} * (a.lon - r.x{n}))"
_CROSSED = f"({_SIDE} > 0 AND a.lat >= r.low{{n}} AND a.lat < r.high{{n}}) <> (a.lat >= r.flip{{n}})"
_ON = (
    f"({_SIDE} = 0 AND a.lat BETWEEN r.y{{n}} AND r.y{{n}} + r.dy{{n}}"
    " AND (a.lon - r.x{n}) * (a.lon - r.x{n} - r.dx{n}) <= 0)"
)
# CROSS JOIN LATERAL, because a plain JOIN on BETWEEN can become a scan of the whole table.
_INSIDE = """
SELECT {columns}
  FROM unnest(%({p}_in_lo)s::bigint[], %({p}_in_hi)s::bigint[]) AS r(lo, hi)
 CROSS JOIN LATERAL (
    SELECT * FROM {table} AS a WHERE a.cell BETWEEN r.lo AND r.hi AND ({where}) OFFSET 0
 ) AS a
"""
_SHARED = """
SELECT {columns}
  FROM unnest(%({p}_in_lo)s::bigint[], %({p}_in_hi)s::bigint[]) AS r(lo, hi)
  LEFT JOIN {table} AS a ON a.cell BETWEEN r.lo AND r.hi AND ({where})
"""
_BORDER = """
SELECT {columns}
  FROM unnest(%({p}_lo)s::bigint[], %({p}_hi)s::bigint[], %({p}_first)s::int[], %({p}_last)s::int[],
              %({p}_odd)s::boolean[]) AS r(lo, hi, first, last, odd)
 CROSS JOIN (SELECT %({p}_x)s::bigint[] AS x, %({p}_y)s::bigint[] AS y, %({p}_dx)s::bigint[] AS dx,
                    %({p}_dy)s::bigint[] AS dy, %({p}_low)s::bigint[] AS low, %({p}_high)s::bigint[] AS high,
                    %({p}_flip)s::bigint[] AS flip OFFSET 0) AS e
 CROSS JOIN LATERAL (
    SELECT r.first = r.last AS single, e.x[r.first] AS x, e.y[r.first] AS y, e.dx[r.first] AS dx,
           e.dy[r.first] AS dy, e.low[r.first] AS low, e.high[r.first] AS high, e.flip[r.first] AS flip
    OFFSET 0
 ) AS s
 CROSS JOIN LATERAL (
    SELECT *, s.dx * (a.lat - s.y) - s.dy * (a.lon - s.x) AS side
      FROM {table} AS a WHERE a.cell BETWEEN r.lo AND r.hi AND ({where}) OFFSET 0
 ) AS a
 WHERE CASE WHEN s.single THEN
        ((side > 0 AND a.lat >= s.low AND a.lat < s.high) <> (a.lat >= s.flip)) <> r.odd
        OR (side = 0 AND a.lat BETWEEN s.y AND s.y + s.dy AND (a.lon - s.x) * (a.lon - s.x - s.dx) <= 0)
       ELSE (
    SELECT bool_or(side = 0 AND a.lat BETWEEN e.y[i] AND e.y[i] + e.dy[i]
                   AND (a.lon - e.x[i]) * (a.lon - e.x[i] - e.dx[i]) <= 0)
           OR (count(*) FILTER (WHERE (side > 0 AND a.lat >= e.low[i] AND a.lat < e.high[i])
                                      <> (a.lat >= e.flip[i])) %% 2 = 1) <> r.odd
      FROM (SELECT i, e.dx[i] * (a.lat - e.y[i]) - e.dy[i] * (a.lon - e.x[i]) AS side
              FROM generate_series(r.first, r.last) AS i OFFSET 0) AS q
 ) END
"""
