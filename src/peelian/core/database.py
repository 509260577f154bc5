"""The database this process is connected to: said so that another process of ours can use it, and whether something in
it has changed."""

import os
from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.db.models import Model


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


def fingerprint(*models: type[Model]) -> tuple[str, ...]:
    """Changes whenever a row of one of these SMALL tables does, whoever changed it: for what is made of them and kept
    in the process. Each row's version is read, not what is in it. Names the database first."""
    with connection.cursor() as cursor:
        cursor.execute(_versions(*models))
        return str(connection.settings_dict["NAME"]), *cursor.fetchone()


@cache
def _versions(*models: type[Model]) -> str:
    """Where a row stands, and the transaction that put it there: no other row, and no other state of it, has both."""
    each = (f"(SELECT md5(string_agg(xmin || '.' || ctid, ' ')) FROM {model._meta.db_table})" for model in models)
    return f"SELECT {', '.join(each)}"
