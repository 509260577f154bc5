"""What PostgreSQL knows of the tables that an import fills."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model


def analyze(*models: type[Model]) -> None:
    """Look at tables just filled, inside the import: until autovacuum comes by, minutes after it, the planner takes
    them for empty, and what is added up from them next would be walked in circles."""
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
