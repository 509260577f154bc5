"""The restore drill: every table comes back with every row, plain and encrypted; and what is refused on the way."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pyrage
import pytest
from psycopg import sql

from peelian.core import postgres
from tests.journeys.installation import Installation

DEMO = {"PEELIAN_DEMO": "1"}


def new_home() -> Path:
    """Short, because the path of a database's socket may have 107 bytes."""
    return Path(tempfile.mkdtemp(prefix="peelian-backup-")) / "home"


@pytest.fixture(scope="module")
def full() -> Iterator[Installation]:
    """The demonstration force, small: most tables hold something."""
    one = Installation(new_home(), DEMO).with_demonstration()
    yield one
    one.run("stop")
    shutil.rmtree(one.home.parent)


@pytest.fixture
def empty() -> Iterator[Installation]:
    one = Installation(new_home(), DEMO)
    yield one
    one.run("stop")
    shutil.rmtree(one.home.parent)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A public key, and the file of its private one as age-keygen writes it."""
    secret = pyrage.x25519.Identity.generate()
    file = tmp_path_factory.mktemp("key") / "key.txt"
    file.write_text(f"# public key: {secret.to_public()}\n{secret}\n")
    return str(secret.to_public()), file


def tables(home: Path) -> dict[str, tuple[int, str]]:
    """Rows and a checksum over all of them, for each table."""
    with psycopg.connect(postgres.ensure_running(home).dsn()) as connection:
        names = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        return {name: _sum(connection, name) for (name,) in names}


def _sum(connection: psycopg.Connection, name: str) -> tuple[int, str]:
    asked = sql.SQL(
        "SELECT count(*), coalesce(md5(string_agg(row, '' ORDER BY row)), '') FROM (SELECT md5(t::text) AS row"
        " FROM {} t) q"
    ).format(sql.Identifier(name))
    found = connection.execute(asked).fetchone()
    assert found is not None
    return found


UNLOGGED = {"core_counter"}  # not backed up: limits of the last minutes


def test_every_table_comes_back_with_every_row(full: Installation, empty: Installation, tmp_path: Path) -> None:
    file = tmp_path / "plain.backup"
    full.done("backup", file)
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    before = tables(full.home)
    assert sum(rows for rows, _ in before.values()) > 10_000
    empty.done("restore", file)
    after = tables(empty.home)
    # The backup's own row in the trail came after its snapshot
    differ = {name for name in before | after if before.get(name) != after.get(name)} - UNLOGGED
    assert {name for name in differ if not name.startswith("audit_event")} == set()
    assert before["audit_event"][0] - after["audit_event"][0] == 1


def test_an_encrypted_one_is_readable_with_the_key_alone(
    full: Installation, empty: Installation, key: tuple[str, Path], tmp_path: Path
) -> None:
    public, secret = key
    file = tmp_path / "encrypted.backup"
    full.done("backup", file, PEELIAN_BACKUP_RECIPIENT=public)
    assert file.read_bytes().startswith(b"age-encryption.org/v1")
    assert b"PGDMP" not in file.read_bytes()
    assert "--identity" in empty.refused("restore", file)
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    assert "cannot be decrypted" in empty.refused("restore", file, "--identity", other)
    (tmp_path / "none.txt").write_text("nothing")
    assert "holds no age key" in empty.refused("restore", file, "--identity", tmp_path / "none.txt")
    empty.done("restore", file, "--identity", secret)
    assert tables(empty.home)["members_member"] == tables(full.home)["members_member"]


def test_one_that_is_cut_off_changes_nothing(
    full: Installation, empty: Installation, key: tuple[str, Path], tmp_path: Path
) -> None:
    file = tmp_path / "cut.backup"
    full.done("backup", file, PEELIAN_BACKUP_RECIPIENT=key[0])
    os.truncate(file, file.stat().st_size // 2)
    empty.refused("restore", file, "--identity", key[1])
    plain = tmp_path / "cut-plain.backup"
    full.done("backup", plain)
    os.truncate(plain, plain.stat().st_size // 2)
    empty.refused("restore", plain)
    assert tables(empty.home) == {}


def test_what_cannot_be_backed_up_leaves_nothing(full: Installation, tmp_path: Path) -> None:
    file = tmp_path / "wrong.backup"
    said = full.refused("backup", file, PEELIAN_BACKUP_RECIPIENT="age1nobody")
    assert said.startswith("PEELIAN_BACKUP_RECIPIENT should be")
    assert "cannot be written" in full.refused("backup", tmp_path / "nowhere" / "x.backup")
    assert list(tmp_path.iterdir()) == []
