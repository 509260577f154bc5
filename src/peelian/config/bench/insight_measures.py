"""What measures and crime need of `peelian bench insight`: two years of months of street crime, counted by area."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.urls import reverse

from peelian.config.bench.scratch import Scratch
from peelian.core import clock
from peelian.core.measures import measures
from peelian.core.periods import last_whole_month
from peelian.insight.crime import counting, types
from peelian.insight.models import CrimeFile
from peelian.places.models import Area

MONTHS = 24
# Points stay out: nothing but a change of borders reads them. An area has what those below it have
_COUNTS = """
WITH RECURSIVE here AS (
    SELECT a.id, a.parent_id, k.kind, 1 + (a.id * 7 + k.n * 13 + %(month)s * 5) %% 9 AS n
      FROM places_area a CROSS JOIN unnest(%(kinds)s::text[]) WITH ORDINALITY AS k(kind, n) WHERE a.kind = 'ward'
), up AS (
    SELECT id, parent_id, kind, n FROM here
     UNION ALL SELECT p.id, p.parent_id, up.kind, up.n FROM up JOIN places_area p ON p.id = up.parent_id
)
INSERT INTO insight_crimecount (file_id, area_id, kind, n) SELECT %(file)s, id, kind, sum(n) FROM up GROUP BY 2, 3
"""
_SMALL_AREAS = """
INSERT INTO insight_crimecount (file_id, area_id, kind, n)
SELECT %(file)s, a.id, k.kind, 1 + (a.id + k.n) %% 3
  FROM places_area a CROSS JOIN unnest(%(kinds)s::text[]) WITH ORDINALITY AS k(kind, n)
 WHERE a.kind = 'small-area' AND (a.id + k.n) %% 3 = 0
"""


def fill(scratch: Scratch, members: int) -> None:
    kinds = list(types.LISTS[-1].types)
    month = last_whole_month(clock.today())
    with connection.cursor() as cursor:
        for at in range(MONTHS):
            file = CrimeFile.objects.create(
                dataset=CrimeFile.Dataset.STREET, month=month.start, reported_by="Bench Police",
                types=types.LISTS[-1].version, sha256=f"{at:064}", rows=35_000, counted=35_000, without_place=0,
                loaded_at=clock.now() - timedelta(days=9), areas_version=counting.version(),
            )  # fmt: skip
            given: dict[str, Any] = {"file": file.pk, "kinds": kinds, "month": at}
            cursor.execute(_COUNTS, given)
            cursor.execute(_SMALL_AREAS, given)
            month = month.previous()


def pages() -> dict[str, list[str]]:
    codes = list(Area.objects.filter(kind="ward", valid_to=None).values_list("code", flat=True)[:19])
    listed = reverse("insight_staff:measures")
    one = [reverse("insight_staff:measure", args=[code]) for code in measures]
    return {
        "overview": [reverse("insight_staff:overview")],
        "measures, the list": [listed, *(f"{listed}?area={code}" for code in codes)],
        "measures, one of the force": one,
        "measures, one of a ward": [f"{path}?area={code}" for path, code in zip(one * 3, codes, strict=False)],
        "measures, what is to be written": [reverse("insight_staff:commentaries")],
        "board papers, the list": [reverse("insight_staff:papers")],
    }
