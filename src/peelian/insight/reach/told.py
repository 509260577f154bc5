"""What may be told of each area's members by the groups of a topic: counted from the rollups, hidden where it has to
be, for all areas of the force at once, and kept until the figures change."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace

from django.core.cache import cache
from django.db import connection

from peelian.core.suppression import SMALL
from peelian.insight import queries
from peelian.insight.reach import hiding
from peelian.insight.reach.dimensions import EVERYBODY, NOT_SAID, TOPICS
from peelian.insight.reach.ground import ALL, Ground, not_to_be_told
from peelian.insight.reach.hiding import Families, Node
from peelian.members.categories import LANGUAGES
from peelian.places import queries as places
from peelian.places.models import Area
from peelian.places.queries import People

OTHER = "*"  # members whose answer is in no category of the table
ROLLUP = "reach.stages"
STAGES = ("registered", "contactable", "received", "replied", "answered")
KEPT = 24 * 3600  # seconds; what is kept is of one "as of", and not asked for after the next
YOUNGEST = 18  # nobody younger is asked for such answers
_ALIASES = {"panjabi": "pa", "farsi": "fa"}  # the census's names for languages that we call otherwise
Counts = dict[str, int]


@dataclass(frozen=True)
class Told:
    """Of one area at one stage: the members of each group (None: not told), of those who did not say, of all; and how
    many said, which shares are of. `base` None: too few to say anything."""

    groups: dict[str, int | None]
    not_said: int | None
    total: int | None
    base: int | None
    base_has_everybody: bool = False  # too few did not say to tell them apart


def of_areas(people: People, stage: str) -> dict[int, Told]:
    """Every administrative area, by the groups of a table."""
    grouping = Grouping(people)
    key = _key("areas", people, stage, grouping.signature)
    found: dict[int, Told] | None = cache.get(key)
    if found is None:
        found = _of_areas(grouping, stage)
        cache.set(key, found, KEPT)
    return found


def of_shape(area: Area, people: People, stage: str) -> Told:
    """A drawn shape or another area that is no administrative one: the members who live in the small areas by which the
    population answers. Neither other such areas nor the wards, taken from it, may give anything away (`ground`)."""
    grouping = Grouping(people)
    inside = set(places.finest_of_shape(places.shape(area), people.topic, people.vintage))
    shapes = [set(units) for pk, units in places.shapes_of_small_areas().items() if pk != area.pk]
    wards = places.wards_of_small_areas()
    of_wards = of_areas(people, stage)
    ground = Ground(shapes, wards, {pk: _hidden(of_wards[pk]) for pk in wards if pk in of_wards})
    near = inside.union(*(units for units in [*shapes, *wards.values()] if units & inside))
    rows: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for unit, category, n in _small_area_rows(grouping.dimension, stage, near):
        rows[unit].append((category, n))

    def counts_of(units: Set[int]) -> Counts:
        return grouping.counts(row for unit in units for row in rows.get(unit, ()))

    def with_all(units: Set[int]) -> Counts:
        counts = counts_of(units)
        return counts | {ALL: sum(counts.values())}

    counts, forced = counts_of(inside), not_to_be_told(inside, ground, with_all)
    families = _family_of(counts) if grouping.dimension == "ethnic-group" else {}
    if not families:
        return _told(counts, hiding.hidden_in_row(counts, forced - {ALL}), total_hidden=ALL in forced)
    fewer = Families(families, {})
    beside = replace(ground, hidden_in_ward={pk: fewer.whole(groups) for pk, groups in ground.hidden_in_ward.items()})
    short = not_to_be_told(inside, beside, lambda units: fewer.counts(counts_of(units)))
    fewer = Families(families, {0: hiding.hidden_in_row(fewer.counts(counts), short)})
    return _told(counts, hiding.in_row(Node(0, counts), forced - {ALL}, fewer), total_hidden=ALL in forced)


def _hidden(told: Told) -> set[str]:
    hidden = {group for group, n in told.groups.items() if n is None}
    return hidden.union([ALL] * (told.total is None), [NOT_SAID] * (told.not_said is None))


def in_no_area(stage: str) -> int:
    """Members of the force who live in none of its areas, or whose home is not known."""
    rows = _area_rows(EVERYBODY, stage, [0])
    return sum(n for _, _, n in rows)


def totals(stage: str) -> dict[int, int | None]:
    """Members at a stage of every administrative area; None where it is not told."""
    key = _key("totals", None, stage, "")
    found: dict[int, int | None] | None = cache.get(key)
    if found is None:
        found = {}
        for top in _trees({area: {"all": n} for area, _, n in _area_rows(EVERYBODY, stage)}, ["all"]):
            hidden = hiding.hidden_everywhere(top)
            for node in hiding.walk(top):
                found[node.key] = None if hidden[node.key] else node.counts["all"]
        cache.set(key, found, KEPT)
    return found


# Grouping -------------------------------------------------------------------------------------------------------------


class Grouping:
    """How stored answers become the groups of a table of the population."""

    def __init__(self, people: People) -> None:
        self.dimension = TOPICS[people.topic].dimension
        self.groups = [category.code for category in people.categories]
        self.labels = {category.code: category.label for category in people.categories}
        self._of = self._finder(people)
        self.signature = hashlib.sha256("|".join([people.topic, *self.groups]).encode()).hexdigest()[:16]

    def counts(self, rows: Iterable[tuple[str, int]]) -> Counts:
        """Members by group, those who did not say and those whose answer is in none of them included."""
        found: Counts = dict.fromkeys([*self.groups, OTHER, NOT_SAID], 0)
        for answer, n in rows:
            found[self.group(answer)] += n
        return found

    def group(self, answer: str) -> str:
        """The group of a stored answer."""
        return self._of(answer) if answer else NOT_SAID

    def _finder(self, people: People) -> Callable[[str], str]:
        if people.topic == "age":
            bands = [(category.code, *band(category.code)) for category in people.categories]
            year = queries.as_of_day(ROLLUP).year
            return lambda answer: next((c for c, low, high in bands if low <= year - int(answer) <= high), OTHER)
        if people.topic == "main-language":
            labels = {category.code: category.label for category in people.categories}
            known: dict[str, str] = {code: _language_group(code, labels) for code in LANGUAGES}
            return lambda answer: known.get(answer, OTHER)
        answers = {answer: category.code for category in people.categories for answer in category.answers}
        answers |= {_plain(answer): code for answer, code in answers.items()}
        return lambda answer: answers.get(answer) or answers.get(_plain(answer), OTHER)


def band(code: str) -> tuple[int, int]:
    """The years of an age band: "16-24", "90+", "37"."""
    numbers = [int(number) for number in re.findall(r"\d+", code)]
    return numbers[0], 200 if code.endswith("+") else numbers[-1]


def _plain(answer: str) -> str:
    return re.sub(r"[^a-z0-9+]+", "-", answer.lower()).strip("-")


def _language_group(code: str, labels: Mapping[str, str]) -> str:
    name = LANGUAGES[code].split(" (")[0].lower()
    names = {name, *(alias for alias, of in _ALIASES.items() if of == code)}
    for group, label in labels.items():
        if any(re.search(rf"\b{re.escape(one)}\b", label.lower()) for one in names):
            return group
    return OTHER


# Counting -------------------------------------------------------------------------------------------------------------


def _of_areas(grouping: Grouping, stage: str) -> dict[int, Told]:
    rows: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for area, category, n in _area_rows(grouping.dimension, stage):
        rows[area].append((category, n))
    counts = {area: grouping.counts(of) for area, of in rows.items()}
    groups = [*grouping.groups, OTHER, NOT_SAID]
    known = totals(stage)
    found: dict[int, Told] = {}
    for top in _trees(counts, groups):
        hidden = hiding.hidden_everywhere(top, _families(top, groups) if grouping.dimension == "ethnic-group" else None)
        for node in hiding.walk(top):
            found[node.key] = _told(node.counts, hidden[node.key], total_hidden=known.get(node.key) is None)
    return found


def _told(counts: Mapping[str, int], hidden: set[str], *, total_hidden: bool) -> Told:
    total, silent = sum(counts.values()), counts[NOT_SAID]
    said = total - silent
    if total_hidden or total < SMALL or (said and said < SMALL) or (NOT_SAID in hidden and silent >= SMALL):
        return Told(dict.fromkeys((group for group in counts if group != NOT_SAID), None), None, None, None)
    groups = {group: None if group in hidden else n for group, n in counts.items() if group != NOT_SAID}
    if NOT_SAID in hidden:
        return Told(groups, None, total, total, base_has_everybody=True)
    return Told(groups, silent, total, said)


def _families(top: Node, groups: list[str]) -> Families | None:
    """Nineteen ethnic groups are also told as five: neither page may give away what the other hides."""
    of = _family_of(groups)
    if not of:
        return None
    fewer = Families(of, {})

    def short(node: Node) -> Node:
        return Node(node.key, fewer.counts(node.counts), [short(child) for child in node.below])

    return Families(of, hiding.hidden_everywhere(short(top)))


def _family_of(groups: Iterable[str]) -> dict[str, str]:
    """The one of five ethnic groups that each of nineteen is of; nothing where these are the five."""
    of = {group: "other" if group == "arab" else group.partition("-")[0] for group in groups}
    return {} if all(of[group] == group for group in of if group != "arab") else of


def _trees(counts: Mapping[int, Counts], groups: list[str]) -> list[Node]:
    """The administrative areas as trees, each with the counts of all below it."""
    rows = places.current_areas().filter(kind__in=Area.ADMINISTRATIVE).values_list("pk", "parent_id")
    parents = dict(rows.order_by("pk"))
    nodes = {pk: Node(pk, dict(counts.get(pk) or dict.fromkeys(groups, 0))) for pk in parents}
    tops = []
    for pk, parent in parents.items():
        if parent in nodes:
            nodes[parent].below.append(nodes[pk])
        else:
            tops.append(nodes[pk])
    for top in tops:
        _add_up(top)
    return tops


def _add_up(node: Node) -> None:
    for child in node.below:
        _add_up(child)
        for group, n in child.counts.items():
            node.counts[group] += n


def _area_rows(dimension: str, stage: str, areas: list[int] | None = None) -> list[tuple[int, str, int]]:
    assert stage in STAGES
    some = "" if areas is None else " AND area_id = ANY(%(areas)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT area_id, category, {stage} FROM insight_areastages"
            f" WHERE dimension = %(dimension)s AND {stage} > 0{some}",
            {"dimension": dimension, "areas": areas},
        )
        return list(cursor.fetchall())


def _small_area_rows(dimension: str, stage: str, units: set[int]) -> list[tuple[int, str, int]]:
    assert stage in STAGES
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT area_id, category, {stage} FROM insight_smallareastages"
            f" WHERE dimension = %s AND area_id = ANY(%s) AND {stage} > 0",
            [dimension, list(units)],
        )
        return list(cursor.fetchall())


def _key(what: str, people: People | None, stage: str, signature: str) -> str:
    as_of = queries.as_of(ROLLUP)
    of = f"{people.topic}.{people.vintage}" if people else ""
    named = f"{what}|{of}|{stage}|{signature}|{as_of.isoformat() if as_of else ''}|{places.version()}"
    return f"insight.reach.{hashlib.sha256(named.encode()).hexdigest()[:40]}"
