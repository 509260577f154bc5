"""Writes of the population: tables of the census, of deprivation, of classifications and of vendors' codings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from peelian.audit.actions import Actor, record
from peelian.core import clock, wording
from peelian.places import census_files, fitting, rollup
from peelian.places.bad_rows import refuse_or_set_aside
from peelian.places.errors import FileRefused
from peelian.places.models import Area, Population, PopulationTable, Postcode, PostcodeClass, SmallArea
from peelian.places.statistics import analyze


@dataclass
class TableImported:
    """What an import did, for the person who ran it. `replaced`: there was a table of the same topic and vintage."""

    rows: int = 0
    areas: int = 0
    people: int = 0
    topics: list[str] = field(default_factory=list)
    replaced: bool = False
    bad: int = 0
    passed_over: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@transaction.atomic
def import_census(
    path: Path,
    *,
    topic: str,
    by: Actor,
    vintage: str = "",
    boundary_vintage: str = "",
    source: str = "",
    code_field: str | None = None,
    tolerance: int = census_files.TOLERANCE,
    skip_bad: Path | None = None,
) -> TableImported:
    """Read a table about the people of areas and keep it under its topic and vintage, in place of the one there was.

    All or nothing, unless SKIP_BAD names a file for the bad rows; the area of a bad row is then left out as a whole.
    Raises FileRefused with a sentence that names file, line and field.
    """
    _check_names(topic, vintage, boundary_vintage, source, tolerance)
    read = census_files.read(
        path, topic, _known_areas(), code_field=code_field, boundary_vintage=boundary_vintage, tolerance=tolerance
    )
    if skip_bad is None:
        refuse_or_set_aside(path, read.bad, None)
    bad = sorted([*read.bad, *read.left_out], key=lambda row: row.line)
    refuse_or_set_aside(path, bad, skip_bad)
    if not any(read.figures.values()) and not read.postcodes:
        raise FileRefused(f"{path.name} has no row that can be used.")
    done = TableImported(bad=len(bad), topics=list(read.figures), passed_over=read.passed_over)
    tables = []
    for name, figures in read.figures.items():
        table = _table(name, vintage, boundary_vintage, source, read, len(figures) or len(read.postcodes), done)
        _write(table, figures, read.postcodes)
        tables.append(table)
    _count(done, read)
    if read.layout == PopulationTable.Counts.PEOPLE:
        people_moved()  # who is counted where also weighs the points, and gives classes their people
    else:
        rollup.refresh(*tables)
        done.warnings += _nobody_counted(read)
    record(
        "population.imported", "population", topic, by=by, vintage=vintage, boundaries=boundary_vintage,
        rows=done.rows, areas=done.areas, bad=done.bad, replaced=done.replaced,
    )  # fmt: skip
    return done


def people_moved() -> None:
    """Work out anew where the residents of small areas live and add every table up: areas, postcodes or people are
    others than before. In the caller's transaction."""
    analyze(Area, Postcode, Population)
    fitting.refresh()
    rollup.refresh()


def _check_names(topic: str, vintage: str, boundary_vintage: str, source: str, tolerance: int) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", topic) or len(topic) > 40:
        raise FileRefused(f"{topic!r} is no name for a topic: small letters, digits and hyphens, 40 at most.")
    for what, text, most in (
        ("vintage", vintage, 20),
        ("boundary vintage", boundary_vintage, 20),
        ("source", source, 200),
    ):
        if len(text) > most:
            raise FileRefused(f"The {what} has {len(text)} characters; at most {most} fit.")
    if tolerance < 0:
        raise FileRefused("--tolerance is a number of people, 0 or more.")


def _known_areas() -> dict[str, census_files.KnownArea]:
    """Every area by its code; of a code that ended and came again, today's."""
    known: dict[str, census_files.KnownArea] = {}
    rows = Area.objects.order_by("valid_to", "pk").values_list("pk", "code", "kind", "vintage", "valid_to")
    for pk, code, kind, vintage, ended in rows:
        if ended is None or code not in known or known[code].ended:
            said = f"{ended.day} {ended:%B %Y}" if ended else ""
            known[code] = census_files.KnownArea(pk, kind == Area.Kind.SMALL_AREA, vintage, said)
    return known


def _table(
    topic: str,
    vintage: str,
    boundary_vintage: str,
    source: str,
    read: census_files.Read,
    rows: int,
    done: TableImported,
) -> PopulationTable:
    gone, _ = PopulationTable.objects.filter(topic=topic, vintage=vintage).delete()
    done.replaced = done.replaced or gone > 0
    year = re.search(r"(19|20)\d\d", vintage)
    return PopulationTable.objects.create(
        topic=topic,
        vintage=vintage,
        year=int(year[0]) if year else 0,
        boundary_vintage=boundary_vintage,
        source=source,
        counts=read.layout,
        labels=[[code, label] for code, label in read.labels[topic].items()],
        rows=rows,
        loaded_at=clock.now(),
    )


def _write(table: PopulationTable, figures: list[census_files.Figure], postcodes: dict[str, str]) -> None:
    _copy(
        Population,
        ("table_id", "area_id", "category", "people", "rank", "score"),
        ((table.pk, one.area, one.category, one.people, one.rank, one.score) for one in figures),
    )
    _copy(PostcodeClass, ("table_id", "code", "category"), ((table.pk, code, kind) for code, kind in postcodes.items()))


def _copy(model: Any, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN") as stream,
    ):
        for row in rows:
            stream.write_row(row)


def _count(done: TableImported, read: census_files.Read) -> None:
    every = [figure for figures in read.figures.values() for figure in figures]
    done.rows = len(every) or len(read.postcodes)
    done.areas = len({figure.area for figure in every})
    done.people = sum(figure.people or 0 for figure in every)


def _nobody_counted(read: census_files.Read) -> list[str]:
    """A class says nothing about people until a table counts them."""
    counted = SmallArea.objects.filter(people__isnull=False)
    if read.layout == PopulationTable.Counts.POSTCODES:
        without = SmallArea.objects.filter(finest=True).count() - counted.filter(finest=True).count()
    else:
        areas = {figure.area for figures in read.figures.values() for figure in figures}
        without = len(areas) - counted.filter(area_id__in=areas).count()
    if not without:
        return []
    how = wording.plural_count(without, "small area")
    return [f"No table counts the people of {how} yet: load one (sex, say), and these classes get their people."]
