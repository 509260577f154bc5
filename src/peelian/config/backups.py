"""Backup and restore through PostgreSQL's own programs: a consistent snapshot while everything goes on."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO

import pyrage
from django.conf import settings
from django.db import connection

from peelian.core.postgres import find_binaries
from peelian.core.postgres_machine import clean_environment

AGE = b"age-encryption.org/"  # how an encrypted file begins (age-encryption.org/v1)
CHUNK = 1 << 20


class BackupProblem(Exception):
    """A sentence for the administrator."""


def backup(file: Path) -> int:
    """Write a snapshot to FILE, never over an existing one, and return its size in bytes. No half of one is left.

    Encrypted to PEELIAN_BACKUP_RECIPIENT where that is set: nothing readable touches a disk on the way.
    """
    if file.exists():
        raise BackupProblem(f"{file} exists already; name another file.")
    recipient = _recipient()
    part = file.with_name(file.name + ".part")
    try:
        part.touch(mode=0o600)  # everything about everybody: for its owner alone
        with part.open("wb") as written, _started("pg_dump", ["--format=custom", "--no-owner", _to()]) as dump:
            assert dump.stdout is not None
            if recipient is None:
                shutil.copyfileobj(dump.stdout, written, CHUNK)
            else:
                pyrage.encrypt_io(dump.stdout, written, [recipient])
        part.rename(file)
    except OSError as problem:
        raise BackupProblem(f"{file} cannot be written: {problem.strerror}.") from problem
    finally:
        part.unlink(missing_ok=True)
    return file.stat().st_size


def restore(file: Path, *, identity: Path | None = None) -> None:
    """Fill an empty database from FILE in one transaction; an encrypted one with the key in the file IDENTITY."""
    if not file.is_file():
        raise BackupProblem(f"{file} is not there.")
    if connection.introspection.table_names():
        raise BackupProblem("This database is not empty. Restore into a new PEELIAN_HOME or a new database.")
    with file.open("rb") as read:
        encrypted = read.read(len(AGE)) == AGE
        read.seek(0)
        if encrypted and identity is None:
            raise BackupProblem(f"{file} is encrypted: name the file of its age key with --identity.")
        keys = _keys(identity) if encrypted and identity else []
        arguments = ["--single-transaction", "--no-owner", "--exit-on-error", _to()]
        with _started("pg_restore", arguments, stdin=subprocess.PIPE) as filling:
            assert filling.stdin is not None
            _feed(read, filling.stdin, keys, file)


def _feed(read: BinaryIO, into: IO[bytes], keys: list[pyrage.x25519.Identity], file: Path) -> None:
    try:
        if keys:
            pyrage.decrypt_io(read, into, keys)
        else:
            shutil.copyfileobj(read, into, CHUNK)
        into.close()
    except pyrage.DecryptError:
        raise BackupProblem(f"{file} cannot be decrypted with this key, or it is damaged.") from None
    except OSError:  # the program has hung up, and says why itself
        with suppress(OSError):
            into.close()


def _recipient() -> Any:
    """Whom backups are encrypted to: an age or SSH public key; None where nobody is set."""
    given = settings.PEELIAN_BACKUP_RECIPIENT
    if not given:
        return None
    try:
        if given.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(given)
        return pyrage.x25519.Recipient.from_str(given)
    except pyrage.RecipientError:
        raise BackupProblem("PEELIAN_BACKUP_RECIPIENT should be an age public key, age1…, or an SSH one.") from None


def _keys(identity: Path) -> list[Any]:
    """The keys of an identity file as age writes it, or an SSH private key."""
    try:
        said = identity.read_text(encoding="utf-8")
        if "PRIVATE KEY" in said:
            return [pyrage.ssh.Identity.from_buffer(said.encode())]
        lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("#")]
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        keys = []
    if not keys:
        raise BackupProblem(f"{identity} holds no age key (AGE-SECRET-KEY-1…) and no SSH private key.")
    return keys


def _to() -> str:
    return f"--dbname={_database()}"


def _database() -> str:
    """The connection as libpq reads it; the password goes by the environment, where no process list shows it."""
    given = settings.DATABASES["default"]
    parts = {"dbname": given["NAME"], "user": given["USER"], "host": given["HOST"], "port": given["PORT"]}
    return " ".join(f"{key}={value}" for key, value in parts.items() if value)


@contextmanager
def _started(
    program: str, arguments: list[str], *, stdin: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's programs beside us; what it says goes to a file, so that it never waits for a reader.

    Killed where our side fails; its own failure is a BackupProblem.
    """
    environment = clean_environment()
    password = settings.DATABASES["default"].get("PASSWORD")
    if password:
        environment["PGPASSWORD"] = str(password)
    with tempfile.TemporaryFile() as said:
        command = [find_binaries().program(program), *arguments]
        running = subprocess.Popen(command, env=environment, stdin=stdin, stdout=subprocess.PIPE, stderr=said)
        try:
            yield running
            running.wait()
        finally:
            if running.poll() is None:
                running.kill()
                running.wait()
            if running.stdout is not None:
                running.stdout.close()
        if running.returncode:
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
            raise BackupProblem(f"{program} failed: {lines[-1]}")
