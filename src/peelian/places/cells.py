"""H3 cells, and the cover of a shape by them: how "who lives in here?" is asked of an index.

Positions are whole numbers, in units of 1e-7 degree (about 1 cm), so that every answer is exact.
A cover has two parts. Everybody in an *inside* range is in the shape. In a *border* cell the few
edges that pass through it decide, in whole-number arithmetic, by `cover_sql` in the database
or by `geometry.covers_units` here: both count a person exactly on the line as inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import h3.api.basic_int as h3
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from peelian.places import cover_sql

Area = Polygon | MultiPolygon
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Range = tuple[int, int]

UNITS_PER_DEGREE = 10_000_000
RESOLUTION = 11
MAX_CELLS = 40_000
LARGE = 20_000  # cells inside, about 45 square kilometres: counting that many people is worth a second process
# Wider shapes could overflow 64-bit products in the border arithmetic.
WIDEST_DEGREES = 60

_RES_SHIFT = 52
_BASE_SHIFT = 45
_DIGIT_BITS = 3
_FINEST = 15
_PENTAGONS = frozenset(h3.get_base_cell_number(cell) for cell in h3.get_res0_cells() if h3.is_pentagon(cell))
# Centres of a cell's descendants wander from its own centre by at most sqrt(3) * edge * (q + q^2 + ...)
# with q = 1/sqrt(7): 1.053 edges. The rest is for the distortion of the icosahedron's faces.
_REACH = 1.08
_REACH_COARSE = 1.15
_REACH_FINEST = 1.01
# `_local_edge` measures this many resolutions below the cell it speaks for.
_SCALE_RESOLUTION = 2
_NEVER = 2**40
# Units by which the search for a cell's edges reaches below its box.
_SLACK = 9


class GeometryError(ValueError):
    """A shape that cannot be used; the message is a sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Border:
    """Border cells and the edges near each: arrays of whole numbers, edges grouped by cell.

    Cell i is the id range lo[i]..hi[i]; its edges are first[i]..last[i], counted from 1 as SQL does.
    `odd[i]` says whether the cell's reference point (just below and right of it) is inside. A person
    is inside when on an edge, or when the path to the reference point crosses an odd number of
    edges for an outside one, an even number for an inside one. Each edge goes up from (x, y) by
    (dx, dy); the path's level leg can cross it at heights from `low` to below `high`, its upright
    leg crosses it when the person is at `flip` or higher.
    """

    lo: Ints
    hi: Ints
    first: Ints
    last: Ints
    odd: NDArray[np.bool_]
    x: Ints
    y: Ints
    dx: Ints
    dy: Ints
    low: Ints
    high: Ints
    flip: Ints


class _Lines(NamedTuple):
    """Edges that go up: from (x, y) by (dx, dy), dy never negative."""

    x: Ints
    y: Ints
    dx: Ints
    dy: Ints


class _Near(NamedTuple):
    """Cells near the boundary, and a box in units that holds everybody in each."""

    cells: Ints
    resolution: int
    west: Ints
    south: Ints
    east: Ints
    north: Ints


@dataclass(frozen=True, slots=True)
class Cover:
    """The cells of a shape, as ranges of resolution-11 ids, both ends included."""

    inside: list[Range]
    border: list[Range]
    edges: Border

    def rows_sql(
        self, table: str, columns: str, where: str = "TRUE", prefix: str = "cover"
    ) -> tuple[str, dict[str, Any]]:
        """SQL for `columns` of every row of `table` in the shape, and its named parameters.

        The table is known as `a` in `columns` and `where`, which are our own SQL, never a person's
        words, and needs columns `cell`, `lon` and `lat`. `prefix` keeps the parameters of two
        covers in one statement apart. A row comes once.
        """
        asked = cover_sql.Asked(table, columns, where, prefix)
        inside, values = cover_sql.inside(self.inside, asked)
        border, more = cover_sql.border(self.edges, asked)
        return f"{inside} UNION ALL {border}", values | more

    def counting_sql(
        self, table: str, columns: str, where: str = "TRUE", prefix: str = "cover"
    ) -> list[tuple[str, dict[str, Any]]]:
        """As `rows_sql`, in statements to be counted one after the other and added up; of a large shape with a row of
        nulls for each range that holds nobody."""
        asked = cover_sql.Asked(table, columns, where, prefix)
        if self.size < LARGE:
            return [cover_sql.inside(self.inside, asked), cover_sql.border(self.edges, asked)]
        return cover_sql.shared(self.inside, self.edges, asked)

    def near_sql(
        self, table: str, columns: str, where: str = "TRUE", prefix: str = "cover"
    ) -> tuple[str, dict[str, Any]]:
        """As `rows_sql`, of every row in a cell that the shape touches: for the few that are tested afterwards."""
        return cover_sql.inside(self.inside + self.border, cover_sql.Asked(table, columns, where, prefix))

    @property
    def size(self) -> int:
        """How many cells of resolution 11 lie inside."""
        if not self.inside:
            return 0
        ends = np.array(self.inside, np.int64)
        return int((_ordinals(ends[:, 1]) - _ordinals(ends[:, 0]) + 1).sum())


def to_units(lon: float, lat: float) -> tuple[int, int]:
    """Degrees as whole units of 1e-7 degree."""
    return round(lon * UNITS_PER_DEGREE), round(lat * UNITS_PER_DEGREE)


def from_units(lon: int, lat: int) -> tuple[float, float]:
    """Units back to degrees: the nearest floating-point number to each decimal."""
    return lon / UNITS_PER_DEGREE, lat / UNITS_PER_DEGREE


def cell_of(lon: int, lat: int) -> int:
    """The resolution-11 cell of a position in units; fits a signed 64-bit column."""
    return int(h3.latlng_to_cell(lat / UNITS_PER_DEGREE, lon / UNITS_PER_DEGREE, RESOLUTION))


def cells_of(lon: NDArray[Any], lat: NDArray[Any]) -> Ints:
    """`cell_of` for arrays of units: about 0.8 s for a million."""
    degrees = (np.asarray(lat) / UNITS_PER_DEGREE).tolist(), (np.asarray(lon) / UNITS_PER_DEGREE).tolist()
    cells = map(h3.latlng_to_cell, *degrees, [RESOLUTION] * len(degrees[0]))
    return np.fromiter(cells, np.int64, len(degrees[0]))


def range_of(cell: int) -> Range:
    """First and last resolution-11 id below a cell: its id fixes the leading digits, the rest run 0 to 6."""
    lo, hi = _ranges(np.array([cell], np.int64), h3.get_resolution(cell))
    return int(lo[0]), int(hi[0])


def in_units(geometry: Area) -> Area:
    """The shape with its coordinates in whole units instead of degrees."""
    scaled: Area = shapely.transform(geometry, lambda xy: np.rint(xy * UNITS_PER_DEGREE))
    return scaled


def cover(geometry: Area, *, max_cells: int = MAX_CELLS) -> Cover:
    """Cover a snapped WGS84 shape with cells.

    Border cells are of resolution 11 unless that would test more than `max_cells` cells at once; then
    they stay coarser: the answer is as exact, with more people to look at one by one.
    """
    if geometry.is_empty:
        raise GeometryError("The shape is empty, so nobody can be in it.")
    if max(np.subtract(geometry.bounds[2:], geometry.bounds[:2])) > WIDEST_DEGREES:
        raise GeometryError(f"The shape is wider than {WIDEST_DEGREES} degrees, more than any country here.")
    inside, near = _descend(geometry, max_cells)
    border = _merge([_ranges(near.cells, near.resolution)])
    return Cover(inside=_merge(inside), border=border, edges=_border_edges(geometry, near))


def _descend(geometry: Area, max_cells: int) -> tuple[list[tuple[Ints, Ints]], _Near]:
    """Ranges wholly inside, and the cells that are not known to be inside or outside."""
    scale = _cosine(geometry.bounds[1], geometry.bounds[3])
    local = shapely.transform(geometry, lambda xy: xy * (scale, 1.0))
    edge = local.boundary
    shapely.prepare(local)
    shapely.prepare(edge)
    cells, resolution = _seeds(geometry)
    inside: list[tuple[Ints, Ints]] = []
    while True:
        lat, lon, radius = _circles(cells, resolution, scale)
        centres = shapely.points(lon * scale, lat)
        near = shapely.dwithin(edge, centres, radius)  # type: ignore[call-overload]  # an array is fine
        far = ~near
        within = np.zeros(len(cells), bool)
        within[far] = shapely.intersects_xy(local, lon[far] * scale, lat[far])
        inside.append(_ranges(cells[within], resolution))
        cells = cells[near]
        if resolution == RESOLUTION or len(cells) * 7 > max_cells:
            box = _box(lat[near], lon[near], radius[near], scale)
            return inside, _Near(cells, resolution, *box)
        cells, resolution = _children(cells, resolution), resolution + 1


def _cosine(south: float, north: float) -> float:
    return float(np.cos(np.radians((south + north) / 2)))


def _circles(cells: Ints, resolution: int, scale: float) -> tuple[Floats, Floats, Floats]:
    """Centres in degrees, and how far from each a descendant can reach in degrees of latitude.

    Distances are measured with longitude multiplied by `scale`, the cosine of one latitude. Where
    meridians lie closer than there, a circle on the ground is wider in those terms; hence the factor.
    """
    centres = np.array(list(map(h3.cell_to_latlng, cells.tolist())), np.float64).reshape(-1, 2)
    lat, lon = centres[:, 0], centres[:, 1]
    reach = _reach(cells, resolution)
    highest = np.minimum(np.abs(lat) + reach, 89.9)
    return lat, lon, reach * np.maximum(1.0, scale / np.cos(np.radians(highest)))


def _box(lat: Floats, lon: Floats, radius: Floats, scale: float) -> tuple[Ints, Ints, Ints, Ints]:
    """West, south, east, north around circles of `_circles`, in units, rounded outwards."""
    edges = lon - radius / scale, lat - radius, lon + radius / scale, lat + radius
    west, south, east, north = (edge * UNITS_PER_DEGREE for edge in edges)
    return tuple(part.astype(np.int64) for part in (np.floor(west), np.floor(south), np.ceil(east), np.ceil(north)))  # type: ignore[return-value]


def _reach(cells: Ints, resolution: int) -> Floats:
    """For each cell the radius in degrees of a circle on the ground that holds all its descendants."""
    if resolution <= _SCALE_RESOLUTION:
        return np.array([_circumradius(cell) * _REACH_COARSE for cell in cells.tolist()])
    parents = _ancestors(cells, resolution)
    factor = _REACH_FINEST if resolution == RESOLUTION else _REACH
    factor *= float(7.0 ** (-(resolution - _SCALE_RESOLUTION) / 2))
    if len(parents) and (parents == parents[0]).all():
        return np.full(len(cells), _local_edge(int(parents[0])) * factor)
    return np.array([_local_edge(parent) * factor for parent in parents.tolist()])


def _ancestors(cells: Ints, resolution: int) -> Ints:
    """The resolution-2 cell above each."""
    tail = (1 << _DIGIT_BITS * (_FINEST - _SCALE_RESOLUTION)) - 1
    return (cells | tail) - ((resolution - _SCALE_RESOLUTION) << _RES_SHIFT)


@lru_cache(maxsize=4096)
def _local_edge(ancestor: int) -> float:
    """The longest centre-to-corner distance near a resolution-2 cell, as if at resolution 2, in degrees.

    Cells shrink by sqrt(7) a step and stretch slowly across a face: measured two steps down, on every
    descendant there.
    """
    below = h3.cell_to_children(ancestor, _SCALE_RESOLUTION + 2)
    return max(map(_circumradius, below)) * 7.0


def _circumradius(cell: int) -> float:
    """The distance in degrees of arc from a cell's centre to its farthest corner."""
    centre = h3.cell_to_latlng(cell)
    angle = max(h3.great_circle_distance(centre, corner, unit="rads") for corner in h3.cell_to_boundary(cell))
    return float(np.degrees(angle))


def _seeds(geometry: Area) -> tuple[Ints, int]:
    """A few coarse cells of one resolution that between them have every point of the shape below them.

    A cell and its ring hold all points within 0.9 edges of any point whose own cell it is (two
    reaches of 1.05 edges and the distance stay within the three edges to the next ring's centres).
    """
    west, south, east, north = geometry.bounds
    lat, lon = (south + north) / 2, (west + east) / 2
    nearest_equator = 0.0 if south < 0 < north else min(abs(south), abs(north))
    half = np.hypot((east - west) / 2 * np.cos(np.radians(nearest_equator)), (north - south) / 2)
    for resolution in range(RESOLUTION - 2, 0, -1):
        cell = h3.latlng_to_cell(lat, lon, resolution)
        if half < 0.7 * _circumradius(cell) and h3.get_base_cell_number(cell) not in _PENTAGONS:
            return np.array(h3.grid_disk(cell, 1), np.int64), resolution
    return np.array(h3.get_res0_cells(), np.int64), 0


def _children(cells: Ints, resolution: int) -> Ints:
    shift = _DIGIT_BITS * (_FINEST - resolution - 1)
    bare = (cells & ~np.int64(7 << shift)) + np.int64(1 << _RES_SHIFT)
    children = (bare[:, None] | (np.arange(7, dtype=np.int64) << shift)).ravel()
    bases = np.unique((children >> _BASE_SHIFT) & 127)
    if _PENTAGONS.isdisjoint(bases.tolist()):
        return np.asarray(children)
    # A pentagon has six children, so some of these ids are no cells.
    real = np.fromiter(map(h3.is_valid_cell, children.tolist()), bool, len(children))
    return np.asarray(children[real])


def _ranges(cells: Ints, resolution: int) -> tuple[Ints, Ints]:
    """First and last resolution-11 id below each cell."""
    start = _DIGIT_BITS * (_FINEST - RESOLUTION)
    width = _DIGIT_BITS * (RESOLUTION - resolution)
    sixes = sum(6 << start + _DIGIT_BITS * step for step in range(RESOLUTION - resolution))
    lo = (cells & ~np.int64(((1 << width) - 1) << start)) + np.int64((RESOLUTION - resolution) << _RES_SHIFT)
    return lo, lo | np.int64(sixes)


def _merge(parts: list[tuple[Ints, Ints]]) -> list[Range]:
    """Sorted ranges; neighbours with no cell between them become one."""
    lo = np.concatenate([part[0] for part in parts])
    hi = np.concatenate([part[1] for part in parts])
    if not len(lo):
        return []
    order = np.argsort(lo)
    lo, hi = lo[order], hi[order]
    starts = np.flatnonzero(np.r_[True, _ordinals(lo[1:]) != _ordinals(hi[:-1]) + 1])
    ends = np.r_[starts[1:] - 1, len(lo) - 1]
    return list(zip(lo[starts].tolist(), hi[ends].tolist(), strict=True))


def _ordinals(cells: Ints) -> Ints:
    """Resolution-11 ids as numbers without gaps: base cell and digits read in base 7."""
    total = (cells >> _BASE_SHIFT) & 127
    for digit in range(1, RESOLUTION + 1):
        total = total * 7 + ((cells >> _DIGIT_BITS * (_FINEST - digit)) & 7)
    return total


def _border_edges(geometry: Area, near: _Near) -> Border:
    """The edges near each border cell, prepared for the test that `Border` describes."""
    shape = in_units(geometry)
    shapely.prepare(shape)
    east, south = near.east, near.south
    x1, y1, x2, y2 = _edges(shape)
    tree = shapely.STRtree(shapely.box(np.minimum(x1, x2), y1, np.maximum(x1, x2), y2))
    owner, edge = tree.query(shapely.box(near.west, south - _SLACK, east + 1, near.north))
    order = np.argsort(owner, kind="stable")
    owner, edge = owner[order], edge[order]
    line = _Lines(x1[edge], y1[edge], (x2 - x1)[edge], (y2 - y1)[edge])
    south = _off_the_line(line, owner, east, south)
    low, high, flip = _heights(line, east[owner], south[owner])
    counts = np.bincount(owner, minlength=len(near.cells))
    last = np.cumsum(counts)
    lo, hi = _ranges(near.cells, near.resolution)
    odd = shapely.intersects_xy(shape, east + 0.5, south - 0.5)
    return Border(lo, hi, last - counts + 1, last, odd, *line, low, high, flip)


def _edges(shape: Area) -> tuple[Ints, Ints, Ints, Ints]:
    """Every edge of the shape in units, turned to go up."""
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shape)), return_index=True)
    whole = points.astype(np.int64)
    start, end = whole[:-1][ring[:-1] == ring[1:]], whole[1:][ring[:-1] == ring[1:]]
    down = (end[:, 1] < start[:, 1])[:, None]
    low, high = np.where(down, end, start), np.where(down, start, end)
    return low[:, 0], low[:, 1], high[:, 0], high[:, 1]


def _off_the_line(line: _Lines, owner: Ints, east: Ints, south: Ints) -> Ints:
    """`south`, lowered by a unit wherever an edge goes exactly through the reference point.

    The reference point of a cell is half a unit right of `east` and half a unit below `south`.
    """
    for _ in range(_SLACK - 1):
        rise, run = _rise_at(line, east[owner])
        on = _straddles(line, east[owner]) & (2 * rise == run * (2 * (south[owner] - line.y) - 1))
        if not on.any():
            return south
        south = south.copy()
        south[np.unique(owner[on])] -= 1
    raise GeometryError("The shape has too many edges through one point.")


def _straddles(line: _Lines, east: Ints) -> NDArray[np.bool_]:
    """Whether the edge crosses the upright line half a unit right of `east`."""
    left, right = np.minimum(line.x, line.x + line.dx), np.maximum(line.x, line.x + line.dx)
    return np.asarray((left <= east) & (right > east))


def _rise_at(line: _Lines, east: Ints) -> tuple[Ints, Ints]:
    """How far above its start the edge is half a unit right of `east`, as numerator and denominator."""
    sign = np.where(line.dx < 0, -1, 1)
    return sign * (2 * (east - line.x) + 1) * line.dy, np.maximum(2 * np.abs(line.dx), 1)


def _heights(line: _Lines, east: Ints, south: Ints) -> tuple[Ints, Ints, Ints]:
    """`low`, `high` and `flip` of `Border` for each edge.

    The path goes from a person level to the upright line half a unit right of `east`, then down it,
    all of it a hair above whole heights, so that it never meets a corner of the shape. Where an edge
    meets the upright line at height h, the level leg can cross it on one side of h only: rounding h
    up to a whole unit gives the same answers for whole heights.
    """
    straddles = _straddles(line, east)
    rise, run = _rise_at(line, east)
    meets = line.y - (-rise // run)
    right = np.minimum(line.x, line.x + line.dx) > east
    high = np.where(straddles & (line.dx > 0), np.minimum(line.y + line.dy, meets), line.y + line.dy)
    high = np.where(right, line.y, high)
    low = np.where(straddles & (line.dx < 0), np.maximum(line.y, meets), line.y)
    above = 2 * rise > run * (2 * (south - line.y) - 1)
    return low, high, np.where(straddles & above, meets, _NEVER)
