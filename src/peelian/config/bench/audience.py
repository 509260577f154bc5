"""`peelian bench audience`: how long counting an audience takes, beside GiST on point, and whether it is right."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db import connection

from peelian.accounts.models import Organisation
from peelian.config.bench.report import Result, half_and_most
from peelian.config.bench.scratch import SPOKEN, People, Scratch
from peelian.config.demo.geography import Geography
from peelian.members.audience import Clause, Selection
from peelian.members.categories import LANGUAGE_NUMBERS
from peelian.members.models import Topic
from peelian.places.geometry import Area as Shape
from peelian.places.geometry import circle, in_units, snap

MEMBERS = 1_000_000
LANGUAGES = ("en", "ur")
TOPIC = "vehicle-crime"
ROUNDS = 3
_BASES = ("what", "questions", "people each", "p50 ms", "p95 ms", "GiST p50 ms", "GiST p95 ms", "all counts as shapely")

_PEER = """
CREATE TABLE bench_peer AS SELECT member_id, kind, language, channels, organisations, interests, point(lon, lat) AS at
  FROM members_audience WHERE cell IS NOT NULL AND kind < 2;
CREATE INDEX bench_peer_at ON bench_peer USING gist (at)
  INCLUDE (member_id, kind, language, channels, organisations, interests);
CREATE INDEX ON bench_peer (member_id);
"""
_ASK_PEER = """
SELECT count(*) FILTER (WHERE kind = 0), array_agg(member_id) FILTER (WHERE kind > 0) FROM bench_peer
 WHERE at <@ %(shape)s::polygon AND language = ANY(%(languages)s) AND interests & %(topic)s::bigint <> 0
   AND organisations & %(organisation)s <> 0 AND channels & 7 <> 0
"""
_PEER_HOMES = """
SELECT member_id FROM bench_peer WHERE at <@ %(shape)s::polygon AND kind = 0 AND member_id = ANY(%(further)s)
"""


@dataclass(frozen=True)
class Question:
    """An audience by one include clause, and its shape for whoever counts otherwise."""

    clause: Clause
    shape: Shape


@dataclass(frozen=True)
class Asking:
    """Asks a question of Peelian, of the peer and of shapely."""

    topic: Topic
    organisation: Organisation
    people: People

    def ours(self, question: Question) -> int:
        language = Clause("must", "languages", languages=LANGUAGES)
        chosen = Selection([question.clause, language], topic=self.topic, organisation=self.organisation, channels=7)
        return chosen.count().people

    def peers(self, question: Question) -> int:
        """The same by PostgreSQL's own shapes; people found by a further place alone are looked up, as ours are."""
        ring = shapely.get_coordinates(shapely.get_exterior_ring(in_units(question.shape))).tolist()
        values: dict[str, Any] = {
            "shape": "(" + ",".join(f"({x:.0f},{y:.0f})" for x, y in ring) + ")",
            "languages": [LANGUAGE_NUMBERS[code] for code in LANGUAGES],
            "topic": self.topic.mask,
            "organisation": self.organisation.mask,
        }
        with connection.cursor() as cursor:
            cursor.execute(_ASK_PEER, values)
            homes, further = cursor.fetchone()
            if further:
                cursor.execute(_PEER_HOMES, values | {"further": further})
                homes += len(set(further) - {row[0] for row in cursor.fetchall()})
        return int(homes)

    def shapely(self, question: Question) -> int:
        return self.people.count(question.shape, languages=set(LANGUAGES), topic_bit=self.topic.bit)


def run(scratch: Scratch, members: int = MEMBERS) -> Result:
    """Count wards, drawn polygons up to a policing area, and the whole force."""
    people = scratch.members(members)
    with connection.cursor() as cursor:
        cursor.execute(_PEER)
        cursor.execute("VACUUM ANALYZE bench_peer")
    asking = Asking(Topic.objects.get(slug=TOPIC), Organisation.objects.get(slug="police"), people)
    result = Result(f"audience: {members:,} members, {len(people.member):,} places", _BASES)
    for what, questions, rounds in _cases(scratch):
        result.rows.append(_measure(asking, what, questions, rounds))
    result.notes = [
        f"Filters: language {' or '.join(LANGUAGES)} of {len(SPOKEN)}, type {TOPIC}; confirmation, suppression and"
        " organisation always apply.",
        "Ours: Selection(...).count(), from the clause to the figures, cover of drawn shapes and people without a place"
        " included.",
        "GiST: point <@ polygon on an index that INCLUDEs the same columns, further places looked up likewise; without"
        " the figure of people without a place. The same questions, one after the other, one connection.",
    ]
    return result


def _measure(asking: Asking, what: str, questions: list[Question], rounds: int) -> tuple[Any, ...]:
    """Ask each question ROUNDS times of both; the counts must be shapely's, or the bench fails."""
    own, own_counts = _timed(asking.ours, questions, rounds)
    peer, peer_counts = _timed(asking.peers, questions, 1 if rounds == 1 else 2)
    truth = [asking.shapely(question) for question in questions]
    assert own_counts == truth, f"{what}: we count {own_counts}, shapely {truth}"
    off = sum(one != other for one, other in zip(peer_counts, truth, strict=True))
    right = "yes" if not off else f"ours yes, GiST off in {off}"
    return (what, len(own), f"{min(truth):,}-{max(truth):,}", *half_and_most(own), *half_and_most(peer), right)


def _timed(ask: Callable[[Question], int], questions: list[Question], rounds: int) -> tuple[list[float], list[int]]:
    """Seconds of every answer after one unmeasured, and the answers."""
    ask(questions[0])
    seconds, counts = [], []
    for number in range(rounds):
        for question in questions:
            began = time.perf_counter()
            found = ask(question)
            seconds.append(time.perf_counter() - began)
            if number == 0:
                counts.append(found)
    return seconds, counts


def _cases(scratch: Scratch) -> list[tuple[str, list[Question], int]]:
    ground, rng = scratch.ground, np.random.default_rng(7)
    wards = [ward for _, below in scratch.places.sectors for ward in below]
    shapes = {ward.code: ward.shape for ward in ground.wards}
    some = [wards[at] for at in rng.choice(len(wards), min(50, len(wards)), replace=False)]
    areas = scratch.places.policing_areas
    return [
        ("a ward", [_area(ward.pk, shapes[ward.code]) for ward in some], ROUNDS),
        ("a drawn polygon, 0.3-3 km", [_drawn(shape) for shape in _blobs(rng, ground, 50)], ROUNDS),
        ("a policing area drawn by hand", [_drawn(_by_hand(shape)) for shape in ground.policing_areas], ROUNDS * 3),
        (
            "a policing area",
            [_area(area.pk, shape) for area, shape in zip(areas, ground.policing_areas, strict=True)],
            ROUNDS * 3,
        ),
        ("the whole force", [_area(scratch.places.force.pk, ground.force)], 20),
    ]


def _area(pk: int, shape: Shape) -> Question:
    return Question(Clause("include", "areas", areas=(pk,)), shape)


def _drawn(shape: Shape) -> Question:
    return Question(Clause("include", "polygon", polygon=json.loads(shapely.to_geojson(shape))), shape)


def _by_hand(shape: Shape) -> Shape:
    """A policing area as somebody would draw it: few corners."""
    return snap(shapely.simplify(shape, 0.004))


def _blobs(rng: np.random.Generator, ground: Geography, count: int) -> list[Shape]:
    """Uneven shapes around places where people live."""
    found = []
    for _ in range(count):
        ward = ground.wards[rng.integers(len(ground.wards))].shape
        around = circle(
            ward.centroid.x, ward.centroid.y, float(rng.uniform(300, 3_000)), points=int(rng.integers(8, 40))
        )
        middle = np.array([around.centroid.x, around.centroid.y])
        corners = shapely.get_coordinates(around)[:-1] - middle
        found.append(snap(shapely.Polygon(corners * rng.uniform(0.6, 1.3, len(corners))[:, None] + middle)))
    return found
