"""Homes and further places in indexes apart, and languages as numbers (decision 0011).

The indexes are made while the system serves. The change of `language` writes the derived table anew: about 3 s for a
million members, in which counts and hand-over wait. The old indexes go first, or it would make them anew too.
"""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

from peelian.members.categories import LANGUAGE_NUMBERS

ASKED = ("interests", "member", "organisations", "channels", "language")
HOMES, FURTHER = models.Q(kind=0), models.Q(kind__gt=0)
CODES = ", ".join(f"'{code}'" for code in LANGUAGE_NUMBERS)
NUMBERED = (
    "ALTER TABLE members_audience ALTER COLUMN language TYPE smallint"
    f" USING coalesce(array_position(ARRAY[{CODES}], language::text), 0)::smallint"
)
NAMED = f"ALTER TABLE members_audience ALTER COLUMN language TYPE varchar(8) USING (ARRAY[{CODES}])[language]"


def index(name: str, field: str, include: tuple[str, ...], condition: models.Q) -> AddIndexConcurrently:
    """An index of the audience on FIELD that answers by itself."""
    made = models.Index(fields=[field], include=include + ASKED, condition=condition, name=name)
    return AddIndexConcurrently("audiencerow", made)


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("members", "0008_digests_alone")]
    operations: ClassVar = [
        RemoveIndexConcurrently("audiencerow", "audience_by_area"),
        RemoveIndexConcurrently("audiencerow", "audience_by_cell"),
        RemoveIndexConcurrently("audiencerow", "audience_further"),
        migrations.RunSQL(
            NUMBERED,
            NAMED,
            state_operations=[migrations.AlterField("audiencerow", "language", models.SmallIntegerField())],
        ),
        index("audience_homes_by_area", "area_id", (), HOMES),
        index("audience_homes_by_cell", "cell", ("lon", "lat"), HOMES),
        index("audience_further_by_area", "area_id", ("home_area_id",), FURTHER),
        index("audience_further_by_cell", "cell", ("lon", "lat", "home_lon", "home_lat"), FURTHER),
    ]
