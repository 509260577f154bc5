"""Backup and restore through PostgreSQL's own programs: a consistent snapshot while everything goes on."""

import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connection

from peelian.core.postgres import find_binaries
from peelian.core.postgres_machine import clean_environment


class BackupProblem(Exception):
    """A sentence for the administrator."""


def backup(file: Path) -> int:
    """Write a snapshot to FILE, never over an existing one, and return its size in bytes. No half of one is left."""
    if file.exists():
        raise BackupProblem(f"{file} exists already; name another file.")
    part = file.with_name(file.name + ".part")
    try:
        _run("pg_dump", ["--format=custom", "--no-owner", f"--file={part}", f"--dbname={_database()}"])
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return file.stat().st_size


def restore(file: Path) -> None:
    """Fill an empty database from FILE in one transaction."""
    if not file.is_file():
        raise BackupProblem(f"{file} is not there.")
    if connection.introspection.table_names():
        raise BackupProblem("This database is not empty. Restore into a new PEELIAN_HOME or a new database.")
    _run("pg_restore", ["--single-transaction", "--no-owner", "--exit-on-error", f"--dbname={_database()}", str(file)])


def _database() -> str:
    """The connection as libpq reads it; the password goes by the environment, where no process list shows it."""
    given = settings.DATABASES["default"]
    parts = {"dbname": given["NAME"], "user": given["USER"], "host": given["HOST"], "port": given["PORT"]}
    return " ".join(f"{key}={value}" for key, value in parts.items() if value)


def _run(program: str, arguments: list[str]) -> None:
    environment = clean_environment()
    password = settings.DATABASES["default"].get("PASSWORD")
    if password:
        environment["PGPASSWORD"] = str(password)
    done = subprocess.run(
        [find_binaries().program(program), *arguments], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise BackupProblem(f"{program} failed: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
