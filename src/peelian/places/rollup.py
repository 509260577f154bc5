"""The answers of the tables of the population about every area, added up beforehand (`Residents`)."""

from __future__ import annotations

from typing import Any

from django.db import connection

from peelian.places.models import Area, Population, PopulationTable, PostcodeClass, Residents
from peelian.places.statistics import analyze

# People of whole small areas and of the shares of those that a border divides. A class counts the people of its small
# areas; an area that the table itself names is answered by the table.
_FROM_SMALL_AREAS = """
WITH tier AS (
    SELECT bool_or(s.finest) AS finest FROM places_population p JOIN places_smallarea s ON s.area_id = p.area_id
     WHERE p.table_id = %(table)s
), figure AS (
    -- Of a table with LSOAs and the MSOAs that they add up to only the LSOAs
    SELECT p.area_id AS unit_id, p.category, coalesce(p.people, s.people)::float AS people, p.score
      FROM places_population p JOIN places_smallarea s ON s.area_id = p.area_id
     WHERE p.table_id = %(table)s AND s.finest = (SELECT finest FROM tier)
), part AS (
    SELECT share.area_id, f.category, sum(f.people * share.weight) AS people,
           coalesce(sum(f.people * share.weight) FILTER (WHERE share.split), 0) AS estimated,
           sum(f.people * share.weight * f.score) AS scored
      FROM figure f JOIN places_share share ON share.unit_id = f.unit_id
     WHERE f.people IS NOT NULL AND NOT EXISTS (
           SELECT 1 FROM places_population d WHERE d.table_id = %(table)s AND d.area_id = share.area_id)
     GROUP BY share.area_id, f.category
), cover AS (
    -- Which share of the area's residents the table's small areas stand for: by the small areas of the same tier
    SELECT share.area_id,
           sum(share.weight * coalesce(s.people, 1)) FILTER (WHERE f.unit_id IS NOT NULL)
               / nullif(sum(share.weight * coalesce(s.people, 1)), 0) AS covered
      FROM places_share share JOIN places_smallarea s ON s.area_id = share.unit_id
      LEFT JOIN (SELECT DISTINCT unit_id FROM figure) f ON f.unit_id = share.unit_id
     WHERE f.unit_id IS NOT NULL OR s.finest = (SELECT finest FROM tier)
     GROUP BY share.area_id
)
INSERT INTO places_residents (table_id, area_id, figures, estimated, covered, score)
SELECT %(table)s, part.area_id, jsonb_object_agg(part.category, part.people),
       coalesce(sum(part.estimated) / nullif(sum(part.people), 0), 0), coalesce(min(cover.covered), 0),
       sum(part.scored) / nullif(sum(part.people), 0)
  FROM part JOIN cover USING (area_id) GROUP BY part.area_id
"""

_AS_PUBLISHED = """
INSERT INTO places_residents (table_id, area_id, figures, estimated, covered, score)
SELECT %(table)s, p.area_id, jsonb_object_agg(p.category, coalesce(p.people, s.people)::float), 0, 1, min(p.score)
  FROM places_population p LEFT JOIN places_smallarea s ON s.area_id = p.area_id
 WHERE p.table_id = %(table)s AND coalesce(p.people, s.people) IS NOT NULL GROUP BY p.area_id
"""

# Figures of wards and the like are never divided: an area gets their sum where they make it up exactly
_FROM_LARGER = """
WITH RECURSIVE named AS (
    SELECT DISTINCT a.id, a.kind FROM places_population p JOIN places_area a ON a.id = p.area_id
     WHERE p.table_id = %(table)s AND a.valid_to IS NULL AND a.kind = ANY(%(kinds)s)
), down AS (
    SELECT id AS top, id AS area_id, by_membership AS whole, 0 AS depth FROM places_area
     WHERE valid_to IS NULL AND kind = ANY(%(kinds)s) AND id NOT IN (SELECT id FROM named)
       AND id NOT IN (SELECT area_id FROM places_residents WHERE table_id = %(table)s)
    UNION ALL
    SELECT down.top, a.id, down.whole AND (a.by_membership OR a.id IN (SELECT id FROM named)), depth + 1
      FROM down JOIN places_area a ON a.parent_id = down.area_id
     WHERE a.valid_to IS NULL AND down.area_id NOT IN (SELECT id FROM named)
), leaf AS (
    -- The ends of the walk: the table's own areas, and areas that have nothing below them
    SELECT d.top, d.area_id, d.whole, n.id IS NOT NULL AS known FROM down d LEFT JOIN named n ON n.id = d.area_id
     WHERE n.id IS NOT NULL OR NOT EXISTS (
           SELECT 1 FROM places_area b WHERE b.parent_id = d.area_id AND b.valid_to IS NULL)
), whole AS (SELECT top FROM leaf GROUP BY top HAVING bool_and(known AND whole)
), added AS (
    SELECT leaf.top, p.category, sum(p.people)::float AS people FROM leaf JOIN whole USING (top)
      JOIN places_population p ON p.area_id = leaf.area_id AND p.table_id = %(table)s GROUP BY leaf.top, p.category
)
INSERT INTO places_residents (table_id, area_id, figures, estimated, covered)
SELECT %(table)s, top, jsonb_object_agg(category, people), 0, 1 FROM added WHERE people IS NOT NULL GROUP BY top
"""

# A vendor's postcodes: each stands for its share of its small area's people, which is an estimate throughout
_FROM_POSTCODES = """
WITH spot AS (
    -- Several postcodes may share a position, a block of flats and the shop below it: they share its people
    SELECT point.unit_id, point.longitude, point.latitude, sum(point.weight) * max(s.people) / count(*) AS people
      FROM places_livingpoint point JOIN places_smallarea s ON s.area_id = point.unit_id
     WHERE s.finest AND s.people IS NOT NULL GROUP BY 1, 2, 3
)
INSERT INTO places_population (table_id, area_id, category, people)
SELECT %(table)s, spot.unit_id, c.category, round(sum(spot.people))::int
  FROM places_postcodeclass c JOIN places_postcode p ON p.code = c.code
  JOIN spot ON (spot.longitude, spot.latitude) = (p.longitude, p.latitude)
 WHERE c.table_id = %(table)s GROUP BY spot.unit_id, c.category HAVING round(sum(spot.people)) > 0
"""


def refresh(*tables: PopulationTable) -> None:
    """Add up these tables for every area, or all of them; in the caller's transaction, after `fitting.refresh`."""
    analyze(Population, PostcodeClass)
    for table in tables or PopulationTable.objects.all():
        asked: dict[str, Any] = {"table": table.pk, "kinds": [str(kind) for kind in Area.ADMINISTRATIVE]}
        Residents.objects.filter(table=table).delete()
        with connection.cursor() as cursor:
            if table.counts == PopulationTable.Counts.POSTCODES:
                cursor.execute("DELETE FROM places_population WHERE table_id = %(table)s", asked)
                cursor.execute(_FROM_POSTCODES, asked)
                analyze(Population)
            for statement in (_AS_PUBLISHED, _FROM_SMALL_AREAS, _FROM_LARGER):
                cursor.execute(statement, asked)
            if table.counts == PopulationTable.Counts.POSTCODES:
                cursor.execute("UPDATE places_residents SET estimated = 1 WHERE table_id = %(table)s", asked)
            cursor.execute(
                "UPDATE places_populationtable SET boundaries_changed = (SELECT count(*) FROM places_area a"
                " WHERE a.boundary_changed_at > places_populationtable.loaded_at AND EXISTS (SELECT 1 FROM"
                " places_population p WHERE p.table_id = %(table)s AND p.area_id = a.id)) WHERE id = %(table)s",
                asked,
            )
    analyze(Residents)
