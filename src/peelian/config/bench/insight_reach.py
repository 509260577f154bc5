"""What `peelian bench insight` needs for reach: small areas, tables of the population, and answers to compare with."""

from __future__ import annotations

import shapely
from django.db import connection, transaction
from django.urls import reverse

from peelian.config.bench.scratch import WARDS, Scratch
from peelian.core import clock
from peelian.members.categories import ETHNIC_GROUP
from peelian.places import actions, fitting
from peelian.places import rollup as residents
from peelian.places.geometry import snap
from peelian.places.models import Area, PopulationTable

PIECES = 3  # a ward is cut into this many rows and columns: 1,728 small areas
RESIDENTS = 3  # to a member: where more are members than live there, no rate is told
GROUPS = list(ETHNIC_GROUP)
_ANSWERS = """
INSERT INTO members_equalityanswers (member_id, birth_year, sex, ethnic_group, disability, origin_code)
SELECT id, 1935 + (id * 7919) %% 75, CASE WHEN id %% 2 = 0 THEN 'female' ELSE 'male' END,
       (%(groups)s::text[])[1 + (id * 104729) %% 19], CASE WHEN id %% 6 = 0 THEN 'limited-a-lot' ELSE 'none' END,
       'origin-' || (id * 7907) %% 120
  FROM members_member WHERE id %% 5 <> 0
"""
_PEOPLE = """
INSERT INTO places_population (table_id, area_id, category, people)
SELECT %(table)s, a.id, c.code, %(each)s * (30 + (a.id * 31 + c.n * 17) %% 90)
  FROM places_area a CROSS JOIN unnest(%(codes)s::text[]) WITH ORDINALITY AS c(code, n) WHERE a.kind = 'small-area'
"""
_CLASSES = """
INSERT INTO places_population (table_id, area_id, category)
SELECT %(table)s, id, (1 + id %% 10)::text FROM places_area WHERE kind = 'small-area'
"""


def fill(scratch: Scratch, members: int) -> None:
    with transaction.atomic():
        _small_areas()
        with connection.cursor() as cursor:
            cursor.execute(_ANSWERS, {"groups": GROUPS})
            cursor.execute("UPDATE members_member SET joined_on = current_date - (id * 31 %% 1500)::int", [])
            for topic, codes in _TOPICS.items():
                table = _table(topic, codes)
                each = max(1, round(RESIDENTS * members / (PIECES**2 * WARDS * 75 * len(codes))))
                cursor.execute(_PEOPLE, {"table": table.pk, "codes": codes, "each": each})
            cursor.execute(_CLASSES, {"table": _table("deprivation", _DECILES, counts="areas").pk})
        fitting.refresh()
        residents.refresh()


_DECILES = [str(n) for n in range(1, 11)]
_TOPICS = {
    "ethnic-group-19": GROUPS,
    "sex": ["female", "male"],
    "age": ["0-9", "10-19", "20-29", "30-44", "45-64", "65-79", "80+"],
    "origins": [f"origin-{n}" for n in range(120)],
}


def _small_areas() -> None:
    made = []
    for ward in Area.objects.filter(kind="ward"):
        shape = shapely.from_wkb(bytes(ward.boundary))
        west, south, east, north = shape.bounds
        for row in range(PIECES):
            for column in range(PIECES):
                wide, high = (east - west) / PIECES, (north - south) / PIECES
                cut = shapely.box(
                    west + column * wide, south + row * high, west + (column + 1) * wide, south + (row + 1) * high
                )
                piece = max(shapely.get_parts(shape & cut), key=lambda part: part.area, default=None)
                if isinstance(piece, shapely.Polygon) and piece.area > 1e-9:
                    code = f"{ward.code}-{row}{column}"
                    made.append(actions.area_from(snap(piece), kind="small-area", code=code, name=code))
    Area.objects.bulk_create(made)
    force = Area.objects.filter(kind="force").get()
    x, y = force.longitude, force.latitude
    drawn = actions.area_from(snap(shapely.Point(x, y).buffer(0.04)), kind="drawn", code="drawn", name="Drawn")
    drawn.save()


def _table(topic: str, codes: list[str], counts: str = "people") -> PopulationTable:
    labels = [[code, code] for code in codes]
    return PopulationTable.objects.create(
        topic=topic, vintage="2021", year=2021, source="Bench", counts=counts, labels=labels, loaded_at=clock.now()
    )


def pages() -> dict[str, list[str]]:
    wards = list(Area.objects.filter(kind="ward").values_list("code", flat=True)[:20])
    force = Area.objects.get(kind="force").code
    page = reverse("insight_staff:representation")
    return {
        "representation, force": [f"{page}?area={force}&topic={topic}" for topic in (*_TOPICS, "deprivation")],
        "representation, wards": [f"{page}?area={code}&topic=ethnic-group-19" for code in wards],
        "representation, drawn": [f"{page}?area=drawn&topic={topic}" for topic in _TOPICS],
        "sign-ups, force": [f"{reverse('insight_staff:sign_ups')}?area={force}&topic=ethnic-group-19"],
        "wards beside each other": [f"{reverse('insight_staff:wards')}?area={force}"],
    }
