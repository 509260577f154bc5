"""The mark that tells a demonstration database from a real one."""

from django.db import connection


def is_demo() -> bool:
    """Whether this database was filled by `peelian demo`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT demo FROM core_installation")
        row = cursor.fetchone()
    return bool(row and row[0])


def mark_demo() -> None:
    """Mark this database as the demonstration force's, for good."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_installation SET demo = true")
