"""The database this process is connected to: said so that another process of ours can use it, and whether something in
it has changed."""

from __future__ import annotations

import os
from functools import cache
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model

from peelian.core.engine.base import DatabaseWrapper


def environment() -> dict[str, str]:
    """Environment variables with which a child process works on the same database, with the same key."""
    given = connection.settings_dict
    password = f":{quote(str(given['PASSWORD']), safe='')}" if given["PASSWORD"] else ""
    host = quote(str(given["HOST"]), safe="")
    port = f"&port={given['PORT']}" if given["PORT"] else ""
    url = f"postgresql://{given['USER']}{password}@/{given['NAME']}?host={host}{port}"
    return os.environ | {
        "DATABASE_URL": url,
        "PEELIAN_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "peelian.config.settings",
    }


def prepared() -> CursorWrapper:
    """A cursor as Django's own, for statements that thousands of requests make: the server parses and plans each once
    for a connection. Values are not put into the text, so that a statement may have to say of which type one is
    (`%s::bigint[]`)."""
    return cast(DatabaseWrapper, connection).prepared()


def changes(*models: type[Model]) -> int:
    """A number that changes whenever a row of one of these tables does, whoever changed it: for what is made of them
    and kept in the process. A migration has said that they are watched (`core_watch`)."""
    with prepared() as cursor:
        cursor.execute(_changes(*models))
        return int(cursor.fetchone()[0])


def fingerprint(*models: type[Model]) -> tuple[str, int]:
    """The same with the database's name before it."""
    return str(connection.settings_dict["NAME"]), changes(*models)


@cache
def _changes(*models: type[Model]) -> str:
    """Of each change one number that no other has: together they are another set after every change, whichever of two
    is there first."""
    tables = ", ".join(f"'{model._meta.db_table}'" for model in models)
    return f"SELECT bit_xor(n) FROM core_change WHERE what IN ({tables})"


def insert(*rows: Model) -> None:
    """Write new ROWS of one model in one statement, as bulk_create does (no signals), and give them their keys. For
    what thousands of requests write: Django puts such a statement together anew each time, which takes longer than the
    server needs for it."""
    model = type(rows[0])
    sql, fields = _insert(model, len(rows), rows[0].pk is None)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]
    with prepared() as cursor:
        cursor.execute(sql, values)
        if rows[0].pk is None:
            for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = key
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@cache
def _insert(model: type[Model], rows: int, keyless: bool) -> tuple[str, list[Field[Any, Any]]]:
    fields = [field for field in model._meta.concrete_fields if not (keyless and field.primary_key)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    each = f"({', '.join(['%s'] * len(fields))})"
    back = f" RETURNING {model._meta.pk.column}" if keyless else ""
    return f"INSERT INTO {model._meta.db_table} ({columns}) VALUES {', '.join([each] * rows)}{back}", fields


KEPT_CHANGES = 100  # of a table
# What goes is stood for by a new number, or the set could become one that it has been
_FORGET = """
WITH many AS (SELECT what FROM core_change GROUP BY what HAVING count(*) > %s),
     gone AS (
DELETE FROM core_change WHERE what IN (SELECT what FROM many) AND at < now() - interval '1 hour' RETURNING what)
INSERT INTO core_change (what) SELECT DISTINCT what FROM gone
"""


def forget_changes() -> None:
    """Let notes of changes go where there are many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [KEPT_CHANGES])
