"""Areas out of files: GeoJSON, KML and GeoPackage, in WGS84 or any system that converts to it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry.base import BaseGeometry

from peelian.places.geometry import Area, GeometryError, repair

KINDS_OF_FILE = {".geojson": "GeoJSON", ".json": "GeoJSON", ".kml": "KML", ".gpkg": "GeoPackage"}
CODE_FIELDS = ("code", "Code", "CODE", "*CD", "*cd", "id", "Id", "ID")
NAME_FIELDS = ("name", "Name", "NAME", "*NM", "*nm")
LONGEST_CODE = 40
LONGEST_NAME = 120
MOST_SENTENCES = 20


class FileProblem(ValueError):
    """A file of areas that cannot be used. The message is one sentence a line; `sentences` has them all."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = list(sentences)
        more = len(sentences) - MOST_SENTENCES
        shown = [*sentences[:MOST_SENTENCES], *([f"And {more:,} more like these."] if more > 0 else [])]
        super().__init__("\n".join(shown))


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area of a file. `number` counts features from 1; `repaired` says what was mended, if anything."""

    number: int
    code: str
    name: str
    parent_code: str | None
    geometry: Area
    repaired: str | None
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Table:
    """A layer as it is in the file: WKB and columns, and the transformer to WGS84 if it needs one."""

    file: str
    fields: list[str]
    wkb: NDArray[Any]
    columns: list[NDArray[Any]]
    to_wgs84: Transformer | None = field(default=None)


def read_areas(
    path: Path | str,
    *,
    code_field: str | None = None,
    name_field: str | None = None,
    parent_field: str | None = None,
    bad: list[tuple[int, str]] | None = None,
) -> list[AreaRow]:
    """Every area of the file, or a `FileProblem` with a sentence for each thing that is wrong.

    With a list BAD, features that cannot be used are left out and named there: (number, reason).
    Fields not named are guessed from the usual names. Shapes come back in WGS84, mended and snapped.
    """
    path = Path(path)
    table = _open(path)
    code_at = _find(table, code_field, CODE_FIELDS, "code", "--code")
    name_at = _find(table, name_field, NAME_FIELDS, "name", "--name")
    parent_at = None if parent_field is None else _find(table, parent_field, (), "parent", "--parent-code")
    if not len(table.wkb):
        raise FileProblem(f"{table.file} has no areas in it.")
    rows: list[AreaRow] = []
    problems: list[str] = []
    for index in range(len(table.wkb)):
        try:
            rows.append(_row(table, index, code_at, name_at, parent_at))
        except (GeometryError, _FeatureProblem) as problem:
            if bad is None:
                problems.append(f"{table.file}, feature {index + 1}: {problem}")
            else:
                bad.append((index + 1, str(problem)))
    problems += _repeated_codes(table, rows, code_at)
    if problems:
        raise FileProblem(*problems)
    return rows


class _FeatureProblem(ValueError):
    """What is wrong with one feature; the reader adds the file and its number."""


def _open(path: Path) -> _Table:
    # Imported here: it brings pandas with it where that is installed, half a second for every command
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    kind = KINDS_OF_FILE.get(path.suffix.lower())
    if kind is None:
        raise FileProblem(f"{path.name} is not a file of areas: use GeoJSON, KML or GeoPackage (.gpkg).")
    if not path.is_file():
        raise FileProblem(f"{path.name} was not found.")
    declared = _geojson_crs(path) if kind == "GeoJSON" else None
    try:
        # GDAL's remarks on odd features come as warnings; each such feature is looked at below.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layer = _only_layer(path)
            meta, _, wkb, columns = pyogrio.raw.read(path, layer=layer, force_2d=True)
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as problem:
        reason = "it is not in UTF-8" if isinstance(problem, UnicodeDecodeError) else "it is damaged"
        raise FileProblem(f"{path.name} could not be read as {kind}: {reason} or something else.") from None
    if wkb is None:
        raise FileProblem(f"{path.name} has no shapes in it, only a table.")
    crs = _crs(path, declared or meta["crs"])
    return _Table(path.name, [str(name) for name in meta["fields"]], wkb, columns, _transformer(path, crs))


def _geojson_crs(path: Path) -> str | None:
    """The system the file's old-style `crs` member names; on the way, a check of its JSON and UTF-8."""
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise FileProblem(f"{path.name}, line {line}: a letter is not in UTF-8. Save the file as UTF-8.") from None
    except json.JSONDecodeError as problem:
        raise FileProblem(f"{path.name}, line {problem.lineno}, column {problem.colno}: this is not GeoJSON.") from None
    except RecursionError:
        raise FileProblem(f"{path.name} is not GeoJSON: its brackets are nested too deeply.") from None
    if not isinstance(content, dict) or content.get("type") not in ("FeatureCollection", "Feature"):
        raise FileProblem(f"{path.name} is JSON, but not a GeoJSON FeatureCollection.")
    if content["type"] == "FeatureCollection" and not isinstance(content.get("features"), list):
        raise FileProblem(f"{path.name} is a GeoJSON FeatureCollection without its list of features.")
    if content["type"] == "FeatureCollection" and not content["features"]:
        raise FileProblem(f"{path.name} has no areas in it.")
    if "crs" not in content:
        return None
    member = content["crs"]
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not name:
        raise FileProblem(f"{path.name}: its crs member does not name a coordinate system.")
    return name


def _only_layer(path: Path) -> str:
    import pyogrio

    layers = [str(name) for name, geometry in pyogrio.list_layers(path) if geometry is not None]
    if not layers:
        raise FileProblem(f"{path.name} has no shapes in it.")
    if len(layers) > 1:
        raise FileProblem(
            f"{path.name} has {len(layers)} layers ({', '.join(layers[:10])}); save the one you mean by itself."
        )
    return layers[0]


def _crs(path: Path, declared: str | None) -> CRS:
    if not declared:
        raise FileProblem(f"{path.name} does not say which coordinate system it is in. Save it in WGS84.")
    try:
        crs = CRS.from_user_input(declared)
    except CRSError:
        raise FileProblem(
            f"{path.name}: its coordinate system, {declared[:80]}, is not known. Save it in WGS84."
        ) from None
    if not (crs.is_geographic or crs.is_projected) or crs.is_geocentric:
        raise FileProblem(f"{path.name}: its coordinate system, {crs.name}, cannot be turned into WGS84.")
    return crs


def _transformer(path: Path, crs: CRS) -> Transformer | None:
    """How to get to WGS84 in longitude, latitude order; None when the file is there already."""
    wgs84 = CRS.from_epsg(4326)
    if crs.equals(wgs84, ignore_axis_order=True):
        return None
    try:
        return Transformer.from_crs(crs, wgs84, always_xy=True)
    except ProjError:
        raise FileProblem(f"{path.name}: its coordinate system, {crs.name}, cannot be turned into WGS84.") from None


def _find(table: _Table, named: str | None, usual: Sequence[str], what: str, option: str) -> int:
    """The position of a field: the one named, or the first of the usual names; `*CD` is any ending in CD."""
    there = ", ".join(table.fields) or "none"
    if named is not None:
        if named not in table.fields:
            raise FileProblem(f"{table.file} has no field {named}. Its fields are: {there}.")
        return table.fields.index(named)
    for pattern in usual:
        for position, name in enumerate(table.fields):
            if name == pattern or (pattern[0] == "*" and name.endswith(pattern[1:]) and len(name) > 2):
                return position
    raise FileProblem(f"{table.file}: no field looks like a {what}. Name it with {option}. Its fields are: {there}.")


def _row(table: _Table, index: int, code_at: int, name_at: int, parent_at: int | None) -> AreaRow:
    properties = {name: _plain(column[index]) for name, column in zip(table.fields, table.columns, strict=True)}
    code = _text(properties, table.fields[code_at], LONGEST_CODE)
    name = _text(properties, table.fields[name_at], LONGEST_NAME)
    parent = None if parent_at is None else _worded(properties[table.fields[parent_at]])
    geometry, repaired = _shape(table, index)
    return AreaRow(index + 1, code, name, parent or None, geometry, repaired, properties)


def _text(properties: dict[str, Any], name: str, longest: int) -> str:
    text = _worded(properties[name])
    if not text:
        raise _FeatureProblem(f"its field {name} is empty.")
    if len(text) > longest:
        raise _FeatureProblem(f"its field {name} has {len(text)} characters; at most {longest} fit.")
    return text


def _worded(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _plain(value: Any) -> Any:
    """A value that fits JSON: numpy's own kinds unwrapped, "not a number" and missing dates as None."""
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value != value:
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _shape(table: _Table, index: int) -> tuple[Area, str | None]:
    raw = table.wkb[index]
    if raw is None:
        raise _FeatureProblem("it has no shape.")
    closed = None
    try:
        geometry = shapely.from_wkb(raw)
    except shapely.errors.GEOSException:
        geometry = shapely.from_wkb(raw, on_invalid="fix")
        closed = "A ring of its line was not closed; it was."
    if geometry is None or geometry.is_empty:
        raise _FeatureProblem("its shape is empty.")
    _check_polygonal(geometry)
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise _FeatureProblem("a coordinate of its shape is not a number.")
    mended, repaired = repair(_in_degrees(geometry, table.to_wgs84))
    return mended, " ".join(part for part in (closed, repaired) if part) or None


def _check_polygonal(geometry: BaseGeometry) -> None:
    together = geometry.geom_type == "GeometryCollection"
    for part in shapely.get_parts(geometry) if together else [geometry]:
        if part.geom_type not in ("Polygon", "MultiPolygon"):
            raise _FeatureProblem(f"its shape is a {part.geom_type}; an area must be a polygon.")


def _in_degrees(geometry: BaseGeometry, to_wgs84: Transformer | None) -> BaseGeometry:
    if to_wgs84 is not None:
        geometry = shapely.transform(geometry, lambda xy: np.column_stack(to_wgs84.transform(xy[:, 0], xy[:, 1])))
        if not np.isfinite(shapely.get_coordinates(geometry)).all():
            raise _FeatureProblem("its coordinates are outside what the file's coordinate system covers.")
    points = shapely.get_coordinates(geometry)
    outside = (np.abs(points[:, 0]) > 180) | (np.abs(points[:, 1]) > 90)
    if outside.any():
        x, y = points[outside][0]
        raise _FeatureProblem(
            f"its coordinates cannot be degrees: {x:.10g}, {y:.10g}. The file says WGS84;"
            " if it is in metres (British National Grid, say), it must name that system."
        )
    return geometry


def _repeated_codes(table: _Table, rows: list[AreaRow], code_at: int) -> list[str]:
    first: dict[str, int] = {}
    problems = []
    for row in rows:
        earlier = first.setdefault(row.code, row.number)
        if earlier != row.number:
            problems.append(
                f"{table.file}, feature {row.number}: its {table.fields[code_at]}, {row.code},"
                f" is also that of feature {earlier}."
            )
    return problems
