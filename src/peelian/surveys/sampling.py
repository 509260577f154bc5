"""A random sample of an audience: so many people, drawn by lot within strata, the same again from the same seed.

Strata are where people live and one thing about how they take part: the language they read, how long they have been
with us, whether they are in a group. Never their answers to the equality questions: who gave them was told that they
"never choose who gets a message" (members/join/questions.html).

Within a stratum people stand in the order of SHA-256 of the seed and their number, and the first so many are chosen
(simple random sampling without replacement by permanent random numbers: C.-E. Särndal, B. Swensson and J. Wretman,
Model Assisted Survey Sampling, 1992, section 3.3.4). So the same audience and the same seed give the same people, on
every server, and who joins later changes nobody else's place in the order.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection

from peelian.core import clock, wording
from peelian.members.audience import Sql
from peelian.members.categories import LANGUAGES
from peelian.members.models import Group
from peelian.places import queries as places
from peelian.places.models import Area

Key = tuple[int, str]  # the id of an area, 0 for none; the value of a group, "" for none

PROPORTIONAL, EQUAL = "proportional", "equal"
LANGUAGE, SINCE, GROUP = "language", "since", "group:"  # the last with the group's slug
SMALLEST = 10  # people of a stratum that stands by itself: fewer could be recognised, and say nothing
MOST = 1_000_000
METHOD = "Simple random sampling without replacement in each stratum, in the order of SHA-256 of seed and member"

_FRAME = """
CREATE TEMPORARY TABLE {frame} ON COMMIT DROP AS
SELECT r.address_id, r.member_id, r.channel, coalesce(up.above, 0) AS area, {group} AS part
  FROM ({rows}) r JOIN members_member m ON m.id = r.member_id
  LEFT JOIN unnest(%(lowest)s::bigint[], %(above)s::bigint[]) AS up(lowest, above) ON up.lowest = m.area_id
"""
_CELLS = "SELECT area, part, count(*) FROM (SELECT DISTINCT member_id, area, part FROM {frame}) p GROUP BY 1, 2"
_DRAWN = """
CREATE TEMPORARY TABLE {drawn} ON COMMIT DROP AS
SELECT member_id, stratum FROM (
    SELECT p.member_id, s.stratum, s.chosen, row_number() OVER (
               PARTITION BY s.stratum
               ORDER BY sha256(convert_to(%(seed)s || ':' || p.member_id, 'UTF8')), p.member_id) AS place
      FROM (SELECT DISTINCT member_id, area, part FROM {frame}) p
      JOIN unnest(%(areas)s::bigint[], %(parts)s::text[], %(strata)s::int[], %(chosen)s::int[])
           AS s(area, part, stratum, chosen) ON s.area = p.area AND s.part = p.part
) q WHERE place <= chosen
"""
_ROWS = "SELECT f.address_id, f.member_id, f.channel FROM {frame} f JOIN {drawn} d ON d.member_id = f.member_id"
_REMEMBER = """
INSERT INTO surveys_sampled (mailing_id, member_id, stratum) SELECT %s, member_id, stratum FROM {drawn}
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Plan:
    """What somebody chose: how many PEOPLE, by which strata, from which seed. `area` is a kind of area, `group` one of
    LANGUAGE, SINCE and GROUP with a slug; both may be empty."""

    size: int
    seed: int
    area: str = ""
    group: str = ""
    allocation: str = PROPORTIONAL

    @property
    def is_equal(self) -> bool:
        return self.allocation == EQUAL

    @property
    def is_stratified(self) -> bool:
        return bool(self.area or self.group)


@dataclass(frozen=True)
class Stratum:
    """People of a frame who are alike in what the sample is cut by, and how many of them are drawn."""

    name: str
    people: int
    chosen: int

    @property
    def chance(self) -> float:
        """With which each of them is drawn."""
        return self.chosen / self.people if self.people else 0.0

    @property
    def chance_words(self) -> str:
        """1 in 12, 1 in 2.5, all of them."""
        if not self.chosen:
            return "none"
        odds = self.people / self.chosen
        if odds == 1:
            return "all of them"
        return f"1 in {odds:.0f}" if odds >= 10 or odds.is_integer() else f"1 in {odds:.1f}"


@dataclass(frozen=True)
class Drawn:
    """A sample: SQL for its rows, and its strata; where it was drawn in this transaction, also its TABLE."""

    rows: Sql
    strata: list[Stratum] = field(default_factory=list)
    table: str = ""

    def remember(self, mailing_id: int) -> None:
        """Keep who was drawn, and of which stratum each is; once, where it was kept before."""
        if self.table:
            with connection.cursor() as cursor:
                cursor.execute(_REMEMBER.format(drawn=self.table), [mailing_id])


def new_seed() -> int:
    return random.SystemRandom().randrange(100_000, 1_000_000)


def plan_of(settings: Mapping[str, Any]) -> Plan | None:
    """The plan in a mailing's settings; None where everybody is invited."""
    kept = settings.get("sample")
    names = ("size", "seed", "area", "group", "allocation")
    return Plan(**{name: kept[name] for name in names}) if kept else None


def strata_of(settings: Mapping[str, Any]) -> list[Stratum]:
    """As they were drawn; empty before, and where there was no sample."""
    return [Stratum(**one) for one in (settings.get("sample") or {}).get("strata", [])]


def stored(plan: Plan | None, strata: Sequence[Stratum] = ()) -> dict[str, Any]:
    """For a mailing's settings; with STRATA, as it was drawn now."""
    if plan is None:
        return {}
    drawn: dict[str, Any] = {}
    if strata:
        drawn = {"method": METHOD, "drawn_at": clock.now().isoformat(), "strata": [asdict(one) for one in strata]}
    return {"sample": asdict(plan) | drawn}


def sent(settings: Mapping[str, Any], strata: Sequence[Stratum]) -> dict[str, Any]:
    """Of a mailing's settings what stays when it is sent: the sample, as it was drawn now or before."""
    return {"sample": settings["sample"]} if strata_of(settings) else stored(plan_of(settings), strata)


# How many of each -------------------------------------------------------------------------------------------------


def allocate(people: Sequence[int], size: int, *, equal: bool = False) -> list[int]:
    """How many to draw of each stratum: SIZE in all, or everybody where there are fewer, and of none more than it has.

    Proportional: by the largest remainder. EQUAL: the same number of each; what a small one cannot give is taken from
    the others in equal parts.
    """
    size = min(size, sum(people))
    return _equal(people, size) if equal else _proportional(people, size)


def _proportional(people: Sequence[int], size: int) -> list[int]:
    whole = sum(people)
    found = [size * number // whole for number in people] if whole else [0] * len(people)
    left = sorted(range(len(people)), key=lambda at: (-(size * people[at] % whole), at))
    for at in left[: size - sum(found)]:
        found[at] += 1
    return found


def _equal(people: Sequence[int], size: int) -> list[int]:
    found = [0] * len(people)
    still = sorted(range(len(people)), key=lambda at: (people[at], -at))  # the smallest first
    for place, at in enumerate(still):
        share = (size - sum(found)) // (len(still) - place)
        found[at] = min(people[at], share)
    return found


def together(people: Sequence[int], least: int) -> list[list[int]]:
    """Which of these stand as one stratum: those of fewer than LEAST together and, where they still are too few, with
    the smallest of the others."""
    small = [at for at, number in enumerate(people) if number < least]
    large = [at for at, number in enumerate(people) if number >= least]
    if small and large and sum(people[at] for at in small) < least:
        nearest = min(large, key=lambda at: people[at])
        large.remove(nearest)
        small = [nearest, *small]
    return [[at] for at in large] + ([small] if small else [])


# Drawing ----------------------------------------------------------------------------------------------------------


def by_one_process() -> None:
    """For the rest of the transaction PostgreSQL asks for an audience in one process. It takes a million people for
    40,000, and what several processes then do with them took ten times as long and more (docs/scaling.md)."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")


def draw(mailing_id: int, rows: Sql, plan: Plan) -> Drawn:
    """Draw a sample of ROWS (`address_id, member_id, channel`). In a transaction: what is drawn from stands still."""
    names = {"frame": f"survey_frame_{mailing_id:d}", "drawn": f"survey_drawn_{mailing_id:d}"}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.{frame}, pg_temp.{drawn}".format(**names))
        sql, values = _frame(rows, plan)
        cursor.execute(sql.replace("{frame}", names["frame"]), values)
        cursor.execute(_CELLS.format(**names))
        cells = {(area, part): number for area, part, number in cursor.fetchall()}
        strata, of = _strata(cells, plan)
        keys = list(of)
        given: dict[str, Any] = {
            "seed": str(plan.seed),
            "areas": [key[0] for key in keys],
            "parts": [key[1] for key in keys],
            "strata": [of[key] for key in keys],
            "chosen": [strata[of[key]].chosen for key in keys],
        }
        cursor.execute(_DRAWN.format(**names), given)
    return Drawn((_ROWS.format(**names), {}), strata, names["drawn"])


def _frame(rows: Sql, plan: Plan) -> Sql:
    sql, values = rows
    above = _above(plan.area)
    lowest = {"lowest": list(above), "above": list(above.values())}
    group, more = _group_sql(plan.group)
    return _FRAME.replace("{group}", group).replace("{rows}", sql), values | lowest | more


def _above(kind: str) -> dict[int, int]:
    """From the id of each administrative area to that of the area of KIND which holds it."""
    if not kind:
        return {}
    rows = places.current_areas().filter(kind__in=Area.ADMINISTRATIVE).values_list("pk", "parent_id", "kind")
    parents = {pk: (parent, of) for pk, parent, of in rows}
    found = {}
    for pk in parents:
        at: int | None = pk
        while at in parents and parents[at][1] != kind:
            at = parents[at][0]
        if at is not None and at in parents:
            found[pk] = at
    return found


def _group_sql(group: str) -> Sql:
    if group == LANGUAGE:
        return "m.language", {}
    if group == SINCE:
        year_ago = clock.today() - timedelta(days=365)
        return "CASE WHEN m.joined_on > %(year_ago)s THEN 'new' ELSE 'long' END", {"year_ago": year_ago}
    if group.startswith(GROUP):
        there = (
            "EXISTS (SELECT 1 FROM members_groupmembership b JOIN members_group g ON g.id = b.group_id"
            " WHERE b.member_id = m.id AND g.slug = %(stratum_group)s)"
        )
        return f"CASE WHEN {there} THEN 'in' ELSE 'out' END", {"stratum_group": group.removeprefix(GROUP)}
    return "''", {}


def _strata(cells: Mapping[Key, int], plan: Plan) -> tuple[list[Stratum], dict[Key, int]]:
    """The strata with how many to draw of each, and of which each combination of area and group is. One that is too
    small to stand by itself, or of which the sample would have nobody, goes with the others that are."""
    names = _names(cells, plan)
    keys = sorted(cells, key=lambda key: (names[key], key))
    people = [cells[key] for key in keys]
    least = max(SMALLEST, math.ceil(sum(people) / plan.size))
    groups = together(people, least)
    sizes = [sum(people[at] for at in group) for group in groups]
    chosen = allocate(sizes, plan.size, equal=plan.is_equal)
    strata = [
        Stratum(_name([names[keys[at]] for at in group]), number, drawn)
        for group, number, drawn in zip(groups, sizes, chosen, strict=True)
    ]
    return strata, {keys[at]: number for number, group in enumerate(groups) for at in group}


def _name(names: Sequence[str]) -> str:
    if len(names) <= 3:
        return wording.listed(names)
    return f"{len(names)} smaller ones together"


def _names(cells: Mapping[Key, int], plan: Plan) -> dict[Key, str]:
    areas = dict(places.current_areas().filter(pk__in={area for area, _ in cells}).values_list("pk", "name"))
    parts = _part_names(plan.group)
    found = {}
    for area, part in cells:
        said = [areas.get(area, "Elsewhere, or without a place")] if plan.area else []
        said += [parts.get(part, part)] if plan.group else []
        found[area, part] = ": ".join(said) or "Everybody"
    return found


def _part_names(group: str) -> dict[str, str]:
    if group == LANGUAGE:
        return dict(LANGUAGES) | {"en": "English"}
    if group == SINCE:
        return {"new": "with us for less than a year", "long": "with us for longer"}
    if group.startswith(GROUP):
        name = Group.objects.filter(slug=group.removeprefix(GROUP)).values_list("name", flat=True).first()
        return {"in": f"in {name or 'the group'}", "out": f"not in {name or 'the group'}"}
    return {}


# Afterwards -------------------------------------------------------------------------------------------------------


def in_words(plan: Plan) -> str:
    """500 people by lot, within each sector and language, in proportion; seed 482913."""
    by = [Area.Kind(plan.area).label.lower()] if plan.area else []
    if plan.group:
        by.append({LANGUAGE: "language", SINCE: "time with us"}.get(plan.group, "being in a group or not"))
    within = f", by {wording.listed(by)}" if by else ""
    how = "as many of each" if plan.is_equal else "in proportion"
    return f"{wording.people(plan.size)} drawn by lot{within}{f', {how}' if by else ''}; seed {plan.seed}"
