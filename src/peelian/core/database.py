"""The database this process is connected to, said so that another process of ours can use it."""

import os
from urllib.parse import quote

from django.conf import settings
from django.db import connection


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
