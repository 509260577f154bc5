"""What each test would else make anew: a database that has its tables, and a home that holds one.

Both are made once for as long as the migrations and the packages stay the same, and copied: a copy takes a tenth of a
second, the migrations ten.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from peelian.core import clock

PROJECT = Path(__file__).resolve().parents[4]
FOLDER = PROJECT / "build" / "prepared"
DEMONSTRATED = 2_000  # enough for wards of thirty, few enough to be there in seconds
PEELIAN = [sys.executable, "-m", "peelian.config.cli"]


@cache
def digest() -> str:
    """Of all that decides which tables a database has."""
    files = [*sorted((PROJECT / "src").glob("peelian/*/migrations/*.py")), PROJECT / "requirements.txt"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def template_database(address: str) -> str:
    """The name of a database that has the tables and first rows, on the server of the database at ADDRESS."""
    import psycopg

    name, made = f"peelian_tables_{digest()}", "peelian_tables_made"
    with _alone("template"), psycopg.connect(address, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"DROP DATABASE IF EXISTS {made}")
            connection.execute(f"CREATE DATABASE {made}")
            there = urlsplit(address)._replace(path=f"/{made}").geturl()
            _done("migrate", DATABASE_URL=there, PEELIAN_SECRET_KEY="k" * 50)
            connection.execute(f"ALTER DATABASE {made} RENAME TO {name}")
    return name


def without_waiting_for_the_disk(address: str) -> None:
    """Commits of this server survive the end of any process, but no longer of the machine: no test ends that."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        connection.execute("SELECT pg_reload_conf()")


def copy_home(to: Path) -> None:
    """Make TO a home whose embedded database has its tables, and that nobody has used."""
    _copy(_home(f"tables-{digest()}", "migrate"), to)


def copy_demonstration(to: Path) -> None:
    """Make TO a home with today's demonstration force of DEMONSTRATED residents."""
    files = [file for kind in ("py", "typ", "json") for file in sorted((PROJECT / "src").rglob(f"*.{kind}"))]
    now = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    fill = ("demo", "--members", str(DEMONSTRATED), "--seed", "7")
    _copy(_home(f"demo-{clock.today()}-{now}", *fill, PEELIAN_DEMO="1"), to)


def let_nobody_sleep(home: Path) -> None:
    """Take away the quiet hours that residents of a demonstration chose, or what tests send would wait at night."""
    import psycopg

    from peelian.core.postgres import ensure_running

    with psycopg.connect(ensure_running(home).dsn()) as connection:
        connection.execute("UPDATE members_pace SET quiet_from = NULL, quiet_until = NULL")


def _copy(home: Path, to: Path) -> None:
    subprocess.run(["cp", "-a", str(home), str(to)], check=True)


def _home(name: str, *words: str, **settings: str) -> Path:
    """The home of this name; WORDS are the command that makes it when there is none."""
    from peelian.core.postgres import ensure_running

    home, kind = FOLDER / name, name.partition("-")[0]
    with _alone(kind):
        if not home.exists():
            for old in FOLDER.glob(f"{kind}-*"):
                shutil.rmtree(old)
            made = FOLDER / f"making-{kind}"
            shutil.rmtree(made, ignore_errors=True)
            if kind != "tables":
                copy_home(made)
            without_waiting_for_the_disk(ensure_running(made).dsn())
            _done(*words, PEELIAN_HOME=str(made), **settings)
            if kind == "demo":
                let_nobody_sleep(made)
            _done("stop", PEELIAN_HOME=str(made))
            made.rename(home)
    return home


def _done(*words: str, **settings: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEELIAN_", "DATABASE_URL"))}
    subprocess.run([*PEELIAN, *words], env=kept | settings, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Test processes that come at the same time wait for the one that makes it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
