"""The ground of the demonstration force: wards that tile exactly, sectors, policing areas, impact areas, postcodes.

Wards are Voronoi cells of scattered points, closer together in three towns, with their straight borders bent as rivers
and roads bend them. Corners are whole numbers of 1e-7 degree and shared by the wards that meet there, so the tiling is
exact. The outline is whatever the outermost wards leave, and is nobody's real border.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from peelian.config.demo import names
from peelian.places.geometry import UNITS_PER_DEGREE, circle, snap, to_units
from peelian.places.geometry import Area as Shape

CENTRE = (-1.9, 52.2)
SIZE = (0.34, 0.21)  # degrees from the centre to the edge: about 23 km either way
TOWNS = ((-0.35, 0.25), (0.42, 0.1), (-0.02, -0.45))  # where wards crowd together, in units of SIZE
BEND = 0.13  # how far a border's middle may lie off its straight line, as a share of its length
POSTCODES_PER_WARD = 50
INWARD = "ABDEFGHJLNPQRSTUWXYZ"  # the letters that the second half of a postcode uses
Point = tuple[int, int]


@dataclass
class Ward:
    """A ward before it is a row. `town` is 0 in open country and 1 in the middle of a town; `draw` is its own luck."""

    code: str
    name: str
    shape: Shape
    town: float
    draw: NDArray[np.float64]
    sector: int = -1
    postcodes: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """Its share of the people: a town ward is small and full."""
        return 0.6 + self.town + 0.5 * float(self.draw[0])


@dataclass
class Geography:
    """All of it; `area_of_sector` gives each sector's policing area."""

    wards: list[Ward]
    area_of_sector: list[int]
    impact_areas: list[tuple[str, str, Shape]]

    @cached_property
    def sectors(self) -> list[Shape]:
        return [self._joined([w for w in self.wards if w.sector == s]) for s in range(len(self.area_of_sector))]

    @cached_property
    def policing_areas(self) -> list[Shape]:
        return [
            self._joined([w for w in self.wards if self.area_of_sector[w.sector] == area])
            for area in range(max(self.area_of_sector) + 1)
        ]

    @cached_property
    def force(self) -> Shape:
        return self._joined(self.wards)

    @staticmethod
    def _joined(wards: list[Ward]) -> Shape:
        shape = shapely.union_all([ward.shape for ward in wards])
        assert isinstance(shape, shapely.Polygon | shapely.MultiPolygon)
        return snap(shape)


def build(
    rng: np.random.Generator, *, wards: int = 60, sectors: int = 9, policing_areas: int = 3, scale: float = 1.0
) -> Geography:
    """Make a force's ground, SCALE times as long and as wide. The same generator state gives the same ground."""
    shapes = _tiles(rng, wards)
    towns = np.array([_townness(shape) for shape in shapes])
    if scale != 1.0:
        shapes = [_scaled(shape, scale) for shape in shapes]
    order = np.argsort([-shape.centroid.y for shape in shapes], kind="stable")
    called = names.ward_names(rng, wards)
    found = [
        Ward(f"HS{number:03d}", called[number - 1], shapes[at], float(towns[at]), rng.random(8))
        for number, at in enumerate(order, 1)
    ]
    neighbours = _neighbours([ward.shape for ward in found])
    for ward, sector in zip(found, _regions(found, neighbours, sectors), strict=True):
        ward.sector = sector
    ground = Geography(found, [0] * sectors, [])
    ground.area_of_sector = _areas_of_sectors(ground, neighbours, policing_areas)
    _add_postcodes(rng, found)
    ground.impact_areas = _impact_areas(rng, found)
    return ground


# Wards ----------------------------------------------------------------------------------------------------------------


def _tiles(rng: np.random.Generator, count: int) -> list[shapely.Polygon]:
    """COUNT polygons that tile one piece of ground without holes. An unlucky throw is thrown again."""
    for _ in range(50):
        rings = _cells(_scattered(rng, count), count, rng)
        tiles = _bent(rings, rng)
        if len(tiles) == count and isinstance(shapely.union_all(tiles), shapely.Polygon):
            return tiles
    raise AssertionError("no throw of the points gave one piece of ground")


def _scattered(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Points over a square around the origin: a jittered grid, drawn towards the towns."""
    side = int(np.ceil(np.sqrt(count * 3.2)))
    steps = np.linspace(-1.7, 1.7, side)
    x, y = (grid.ravel() for grid in np.meshgrid(steps, steps))
    points = np.column_stack([x, y]) + rng.uniform(-0.36, 0.36, (side * side, 2)) * (steps[1] - steps[0])
    for town in TOWNS:
        away = points - town
        pull = 0.55 * np.exp(-(away**2).sum(axis=1) / 0.22)
        points = points - away * pull[:, None]
    return np.asarray(points)


def _cells(points: NDArray[np.float64], count: int, rng: np.random.Generator) -> list[list[Point]]:
    """The rings, in units, of the cells of the COUNT points nearest the middle; the distance bulges here and there."""
    angle = np.arctan2(points[:, 1], points[:, 0])
    bulge = 1 + sum(rng.uniform(0.05, 0.16) * np.sin(wave * angle + rng.uniform(0, 2 * np.pi)) for wave in (2, 3, 5))
    chosen = np.argsort(np.hypot(points[:, 0], points[:, 1]) / bulge)[:count]
    found = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))
    tree = shapely.STRtree(found)
    at = {int(p): int(c) for p, c in zip(*tree.query(shapely.points(points[chosen]), predicate="within"), strict=True)}
    rings = []
    for number in range(count):
        corners = shapely.get_coordinates(found[at[number]])[:-1] * SIZE + CENTRE
        rings.append([(round(x * UNITS_PER_DEGREE), round(y * UNITS_PER_DEGREE)) for x, y in corners])
    return rings


def _bent(rings: list[list[Point]], rng: np.random.Generator) -> list[shapely.Polygon]:
    """The cells with bent borders; each border is bent once, for both its sides. Bends that cross are taken back."""
    borders: dict[tuple[Point, Point], list[Point]] = {}
    for ring in rings:
        for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
            key = (min(one, other), max(one, other))
            if key not in borders:
                borders[key] = _bend(key[0], key[1], rng, 4)
    for _ in range(len(borders)):
        tiles = [shapely.Polygon(_degrees(_walk(ring, borders))) for ring in rings]
        if all(tile.is_valid for tile in tiles) and bool(shapely.coverage_is_valid(tiles)):
            return tiles
        _straighten(tiles, rings, borders)
    return []


def _bend(one: Point, other: Point, rng: np.random.Generator, depth: int) -> list[Point]:
    """The points between two corners, both left out: the middle put off the line, then each half again."""
    if depth == 0:
        return []
    off = rng.uniform(-BEND, BEND)
    dx, dy = other[0] - one[0], other[1] - one[1]
    # A degree of longitude is shorter than one of latitude here, hence the two factors
    middle = (round(one[0] + dx / 2 - dy * off * 1.63), round(one[1] + dy / 2 + dx * off * 0.61))
    return [*_bend(one, middle, rng, depth - 1), middle, *_bend(middle, other, rng, depth - 1)]


def _walk(ring: list[Point], borders: dict[tuple[Point, Point], list[Point]]) -> list[Point]:
    walked: list[Point] = []
    for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
        between = borders[min(one, other), max(one, other)]
        walked += [one, *(between if one < other else reversed(between))]
    return walked


def _straighten(
    tiles: list[shapely.Polygon], rings: list[list[Point]], borders: dict[tuple[Point, Point], list[Point]]
) -> None:
    """Take back the bends of the cells whose outline crosses itself or a neighbour's."""
    tree = shapely.STRtree([shapely.LinearRing(tile.exterior) for tile in tiles])
    crossing = set(tree.query([shapely.LinearRing(tile.exterior) for tile in tiles], predicate="crosses")[0].tolist())
    for number, ring in enumerate(rings):
        if number in crossing or not tiles[number].is_valid:
            for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
                borders[min(one, other), max(one, other)] = []


def _scaled(tile: shapely.Polygon, scale: float) -> shapely.Polygon:
    """Larger or smaller around the middle, again on the grid of units."""
    return shapely.transform(
        tile, lambda xy: np.rint(((xy - CENTRE) * scale + CENTRE) * UNITS_PER_DEGREE) / UNITS_PER_DEGREE
    )


def _degrees(points: list[Point]) -> NDArray[np.float64]:
    return np.array(points) / UNITS_PER_DEGREE


def _townness(shape: Shape) -> float:
    """1 in the middle of a town, falling to 0 in the country."""
    x = (shape.centroid.x - CENTRE[0]) / SIZE[0]
    y = (shape.centroid.y - CENTRE[1]) / SIZE[1]
    return max(float(np.exp(-((x - tx) ** 2 + (y - ty) ** 2) / 0.07)) for tx, ty in TOWNS)


# Sectors and policing areas -------------------------------------------------------------------------------------------


def _neighbours(shapes: list[Shape]) -> list[set[int]]:
    """Which shapes share a line (a corner is not enough)."""
    tree = shapely.STRtree(shapes)
    near: list[set[int]] = [set() for _ in shapes]
    for one, other in zip(*tree.query(shapes, predicate="touches"), strict=True):
        if shapely.intersection(shapes[one], shapes[other]).length > 0:
            near[int(one)].add(int(other))
    return near


def _regions(wards: list[Ward], neighbours: list[set[int]], count: int) -> list[int]:
    """Each ward's sector: COUNT connected groups of about the same weight, grown from wards far apart."""
    centres = np.array([[w.shape.centroid.x * 0.61, w.shape.centroid.y] for w in wards])
    return _grown(centres, [ward.weight for ward in wards], neighbours, count)


def _grown(centres: NDArray[Any], weights: list[float], neighbours: list[set[int]], count: int) -> list[int]:
    """Groups grown from far-apart seeds: the lightest that still has a free neighbour takes the nearest of them."""
    seeds = [int(np.argmin(centres[:, 0]))]
    while len(seeds) < count:
        gaps = np.min([np.hypot(*(centres - centres[seed]).T) for seed in seeds], axis=0)
        seeds.append(int(np.argmax(gaps)))
    group = [-1] * len(weights)
    heavy = [0.0] * count

    def take(item: int, number: int) -> None:
        group[item] = number
        heavy[number] += weights[item]

    for number, seed in enumerate(seeds):
        take(seed, number)
    while -1 in group:
        free = {
            number: {n for item, g in enumerate(group) if g == number for n in neighbours[item] if group[n] < 0}
            for number in range(count)
        }
        number = min((n for n in range(count) if free[n]), key=lambda n: heavy[n])
        home = centres[seeds[number]]
        take(min(sorted(free[number]), key=lambda n: float(np.hypot(*(centres[n] - home)))), number)
    return group


def _areas_of_sectors(ground: Geography, neighbours: list[set[int]], count: int) -> list[int]:
    """Each sector's policing area: COUNT connected groups of sectors."""
    sectors = range(len(ground.area_of_sector))
    beside: list[set[int]] = [set() for _ in sectors]
    for number, near in enumerate(neighbours):
        for other in near:
            if ground.wards[number].sector != ground.wards[other].sector:
                beside[ground.wards[number].sector].add(ground.wards[other].sector)
    centres = np.array([[s.centroid.x * 0.61, s.centroid.y] for s in ground.sectors])
    return _grown(centres, [1.0 for _ in sectors], beside, count)


# Postcodes and impact areas -------------------------------------------------------------------------------------------


def _add_postcodes(rng: np.random.Generator, wards: list[Ward]) -> None:
    """Postcodes of the area ZY, which no real postcode has: a district for each sector, spread over each ward."""
    used: dict[int, int] = {}
    for ward in wards:
        count = round(POSTCODES_PER_WARD * ward.weight / 1.2)
        for x, y in points_in(rng, ward.shape, count):
            number = used[ward.sector] = used.get(ward.sector, -1) + 1
            inward = f"{number // 400 % 10}{INWARD[number // 20 % 20]}{INWARD[number % 20]}"
            ward.postcodes.append((f"ZY{ward.sector + 1}{inward}", *to_units(x, y)))


def points_in(rng: np.random.Generator, shape: Shape, count: int) -> NDArray[np.float64]:
    """COUNT positions spread over a shape."""
    west, south, east, north = shape.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        tried = rng.uniform((west, south), (east, north), (count * 3, 2))
        found = np.concatenate([found, tried[shapely.contains_xy(shape, tried[:, 0], tried[:, 1])]])
    return found[:count]


def _impact_areas(rng: np.random.Generator, wards: list[Ward]) -> list[tuple[str, str, Shape]]:
    """Two areas of extra work in the largest town, across ward borders and over one another."""
    middle = max(wards, key=lambda ward: ward.town).shape.centroid
    found = []
    for number, (name, metres) in enumerate((("Station Quarter", 1_500.0), ("Canal Corridor", 1_900.0)), 1):
        at = circle(middle.x + 0.014 * (number - 1), middle.y + 0.004 * (number - 1), metres, points=24)
        corners = shapely.get_coordinates(at)[:-1] - (at.centroid.x, at.centroid.y)
        corners = corners * rng.uniform(0.75, 1.15, len(corners))[:, None] + (at.centroid.x, at.centroid.y)
        found.append((f"HSI{number}", f"{name} impact area", snap(shapely.Polygon(corners))))
    return found
