"""Who lives in Heartshire: small areas within the wards, and tables of the population as a census would publish them.

Towns are younger and speak more languages, as its members are; but who joins is not who lives there. The young and
people of other backgrounds than white are fewer among members than among residents, so that there is a gap to find.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from peelian.config.demo.geography import Geography, Ward
from peelian.config.demo.writing import copy
from peelian.core import clock
from peelian.places import topics
from peelian.places.actions import area_from, people_moved
from peelian.places.geometry import snap
from peelian.places.models import Area, Population, PopulationTable

PARTS = 4  # small areas in a ward
PEOPLE = 8_000  # in a ward of middling weight
MEMBERS_OF_THEM = 0.04  # at most so many of them are members: a larger register has a larger force around it
VINTAGE, SOURCE = "2021", "Invented for the demonstration"
UNITS = 1e7
# Within white, asian, black, mixed, other
WITHIN = {
    "white": {"white-british": 0.82, "white-irish": 0.05, "white-gypsy-traveller": 0.002, "white-roma": 0.008,
              "white-other": 0.12},
    "asian": {"asian-pakistani": 0.37, "asian-indian": 0.29, "asian-bangladeshi": 0.12, "asian-chinese": 0.08,
              "asian-other": 0.14},
    "black": {"black-african": 0.45, "black-caribbean": 0.42, "black-other": 0.13},
    "mixed": {"mixed-white-black-caribbean": 0.4, "mixed-white-asian": 0.27, "mixed-white-black-african": 0.09,
              "mixed-other": 0.24},
    "other": {"arab": 0.4, "other": 0.6},
}  # fmt: skip
# Per cent of residents in each five years of age, from 0 to 4 up to 90 and over
AGES = (5.8, 6.1, 6.2, 5.9, 6.1, 6.6, 6.9, 6.6, 6.3, 6.1, 6.7, 6.7, 5.8, 5.0, 4.8, 3.7, 2.4, 1.5, 0.8)
SPEAKING = {"very-well": 0.45, "well": 0.34, "not-well": 0.17, "none": 0.04}  # of those whose main language is another
LANGUAGES = {"ur": 0.27, "pa": 0.2, "pl": 0.19, "ro": 0.15, "bn": 0.1, "so": 0.09}
LANGUAGE_NAMES = {"en": "English", "ur": "Urdu", "pa": "Punjabi", "pl": "Polish", "ro": "Romanian", "bn": "Bengali",
                  "so": "Somali"}  # fmt: skip
# Of white, asian, black, mixed, other: a vendor's names for its types are the vendor's
ORIGINS = {f"invented-{number}": f"Invented type {number}" for number in range(1, 6)}
CODED = 0.85  # so many of a group have the type that is meant for it; the others are taken for the next one


@dataclass(frozen=True)
class SmallGround:
    """A small area before it is a row; `luck` are its own throws, 0 to 1."""

    code: str
    name: str
    shape: Any
    ward: Ward
    luck: NDArray[np.float64]


def write(seed: int, ground: Geography, members: int) -> int:
    """Write small areas and tables; how many people live there. With a generator of its own, so that the rest of the
    force is what it was."""
    rng = np.random.default_rng([seed, 2021])
    small = [part for ward in ground.wards for part in parts_of(rng, ward)]
    areas = write_areas(small)
    people = _people(rng, small, members)
    _write_tables(rng, small, areas, people)
    people_moved()
    return int(people.sum())


def write_areas(small: Sequence[SmallGround]) -> list[int]:
    """Their ids, in the same order."""
    rows = [area_from(one.shape, kind=Area.Kind.SMALL_AREA, code=one.code, name=one.name) for one in small]
    for row in rows:
        row.vintage = VINTAGE
    return [area.pk for area in Area.objects.bulk_create(rows)]


def parts_of(rng: np.random.Generator, ward: Ward) -> list[SmallGround]:
    """The ward cut along the middle lines between a few of its postcodes that lie far apart."""
    at = np.array([(longitude / UNITS, latitude / UNITS) for _, longitude, latitude in ward.postcodes])
    seeds = [int(rng.integers(len(at)))]
    while len(seeds) < min(PARTS, len(at)):
        gaps = np.min([np.hypot(*((at - at[seed]) * (0.61, 1)).T) for seed in seeds], axis=0)
        seeds.append(int(np.argmax(gaps)))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(at[seeds]), extend_to=ward.shape))
    found: list[SmallGround] = []
    for cell in cells:
        piece = shapely.intersection(cell, ward.shape)
        if not piece.is_empty and piece.area > 0:
            letter = "ABCDEFGH"[len(found)]
            shape = snap(shapely.union_all([part for part in shapely.get_parts(piece) if part.area > 0]))
            found.append(SmallGround(f"{ward.code}{letter}", f"{ward.name} {letter}", shape, ward, rng.random(6)))
    return found


def _people(rng: np.random.Generator, small: Sequence[SmallGround], members: int) -> NDArray[np.int64]:
    weight = np.array([one.ward.weight * (0.8 + 0.4 * float(one.luck[0])) for one in small])
    total = max(PEOPLE * len({one.ward.code for one in small}), members / MEMBERS_OF_THEM)
    return np.asarray(np.round(total * weight / weight.sum()), np.int64)


def _write_tables(
    rng: np.random.Generator, small: Sequence[SmallGround], areas: Sequence[int], people: NDArray[np.int64]
) -> None:
    """Each table is drawn by itself, so that each adds up to the same people, area by area."""
    groups = _drawn(rng, people, [_ethnic(one) for one in small])
    _table("ethnic-group-19", areas, groups)
    five = [{group: sum(row[code] for code in within) for group, within in WITHIN.items()} for row in groups]
    _table("ethnic-group-5", areas, five)
    _table("origins", areas, [_origins(row) for row in five], ORIGINS)
    _table("age", areas, _drawn(rng, people, [_ages(one) for one in small]))
    _table("sex", areas, _drawn(rng, people, [_sexes(one) for one in small]))
    _table("disability", areas, _drawn(rng, people, [_limits(one) for one in small]))
    languages = _drawn(rng, people, [_languages(one) for one in small])
    _table("main-language", areas, languages, LANGUAGE_NAMES)
    _table("english", areas, [_speaking(rng, row) for row in languages])
    homes = _drawn(rng, people * 10 // 24, [_homes(one) for one in small])
    _table("households", areas, homes, {"one": "One person", "family": "One family", "other": "Others"})
    _classes("deprivation", areas, [_decile(one) for one in small])
    _classes("oac", areas, [_supergroup(one) for one in small])


def _drawn(
    rng: np.random.Generator, people: NDArray[np.int64], shares: Sequence[dict[str, float]]
) -> list[dict[str, int]]:
    codes = list(shares[0])
    parts = np.array([[share[code] for code in codes] for share in shares])
    counts = rng.multinomial(people, parts / parts.sum(axis=1, keepdims=True))
    return [dict(zip(codes, row, strict=True)) for row in counts.tolist()]


def _table(
    topic: str, areas: Sequence[int], rows: Sequence[dict[str, int]], called: dict[str, str] | None = None
) -> None:
    codes = list(rows[0])
    labels = called or {code: topics.category(topic, code)[1] for code in codes}
    table = _made(topic, topics.in_order(topic, labels), PopulationTable.Counts.PEOPLE, len(rows) * len(codes))
    figures = ((table.pk, area, code, n) for area, row in zip(areas, rows, strict=True) for code, n in row.items())
    copy(Population, ("table_id", "area_id", "category", "people"), figures)


def _classes(topic: str, areas: Sequence[int], rows: Sequence[tuple[str, int | None, float | None]]) -> None:
    labels = topics.kind(topic).labels
    table = _made(topic, labels, PopulationTable.Counts.AREAS, len(rows))
    figures = ((table.pk, area, *row) for area, row in zip(areas, rows, strict=True))
    copy(Population, ("table_id", "area_id", "category", "rank", "score"), figures)


def _made(topic: str, labels: dict[str, str], counts: str, rows: int) -> PopulationTable:
    return PopulationTable.objects.create(
        topic=topic, vintage=VINTAGE, year=int(VINTAGE), boundary_vintage=VINTAGE, source=SOURCE, counts=counts,
        labels=[[code, label] for code, label in labels.items()], rows=rows, loaded_at=clock.now(),
    )  # fmt: skip


def _others(one: SmallGround) -> float:
    """The share of another background than white: a third more than among the members of the ward."""
    among_members = 0.03 + 0.6 * one.ward.town * float(one.ward.draw[3])
    return min(0.85, among_members * 1.35 * (0.8 + 0.4 * float(one.luck[1])))


def _ethnic(one: SmallGround) -> dict[str, float]:
    others = _others(one)
    groups = {"white": 1 - others, "asian": others * 0.54, "black": others * 0.23, "mixed": others * 0.13,
              "other": others * 0.1}  # fmt: skip
    return {code: groups[group] * share for group, within in WITHIN.items() for code, share in within.items()}


def _origins(row: dict[str, int]) -> dict[str, int]:
    """What a vendor makes of the five groups by their names, with its mistakes."""
    right = {group: round(CODED * n) for group, n in row.items()}
    wrong = [n - right[group] for group, n in row.items()]
    return {code: right[group] + wrong[at - 1] for at, (code, group) in enumerate(zip(ORIGINS, row, strict=True))}


def _ages(one: SmallGround) -> dict[str, float]:
    young = 1.6 * one.ward.town - 0.6 * float(one.ward.draw[2])
    bands = [f"{5 * at}-{5 * at + 4}" for at in range(18)] + ["90+"]
    return {
        band: share * float(np.exp(young * (8 - at) / 14))
        for at, (band, share) in enumerate(zip(bands, AGES, strict=True))
    }


def _sexes(one: SmallGround) -> dict[str, float]:
    female = 0.5 + 0.02 * float(one.luck[2])
    return {"female": female, "male": 1 - female}


def _limits(one: SmallGround) -> dict[str, float]:
    much = 0.06 + 0.04 * float(one.luck[3])
    return {"limited-a-lot": much, "limited-a-little": 0.1, "none": 0.9 - much}


def _languages(one: SmallGround) -> dict[str, float]:
    other = min(0.6, 1.3 * (0.02 + 0.28 * one.ward.town * float(one.ward.draw[4])))
    return {"en": 1 - other, **{code: other * share for code, share in LANGUAGES.items()}}


def _speaking(rng: np.random.Generator, row: dict[str, int]) -> dict[str, int]:
    other = sum(row.values()) - row["en"]
    found = rng.multinomial(other, list(SPEAKING.values())).tolist()
    return {"main": row["en"], **dict(zip(SPEAKING, found, strict=True))}


def _homes(one: SmallGround) -> dict[str, float]:
    return {"one": 0.27 + 0.1 * one.ward.town, "family": 0.63 - 0.1 * one.ward.town, "other": 0.1}


def _decile(one: SmallGround) -> tuple[str, int, float]:
    """Poorest in the middle of towns."""
    score = round(6 + 42 * one.ward.town * float(0.4 + 0.6 * one.ward.draw[6]) + 14 * float(one.luck[4]), 3)
    decile = int(np.clip(11 - np.ceil(score / 5.5), 1, 10))
    rank = int((decile - 1 + float(one.luck[5])) * 3_375) + 1
    return str(decile), rank, score


def _supergroup(one: SmallGround) -> tuple[str, None, None]:
    others, town = _others(one), one.ward.town
    if others > 0.3:
        return ("4" if float(one.luck[5]) < 0.6 else "5"), None, None
    if town > 0.5:
        return ("3" if float(one.luck[5]) < 0.4 else "7"), None, None
    if town < 0.15:
        return ("1" if float(one.luck[5]) < 0.5 else "2"), None, None
    return ("6" if float(one.luck[5]) < 0.6 else "8"), None, None
