"""Brings the embedded database over to the PostgreSQL that this installation runs.

The old database is read by its own server and written to a new one in a folder beside it, which is moved into place
whole. Until that moment nothing of the installation has changed; a run that was cut short is simply started again.
"""

import contextlib
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from peelian.config import processes
from peelian.core import postgres
from peelian.core import postgres_machine as machine
from peelian.core.postgres import Binaries, Cluster, PostgresError

START_SECONDS = 600


@dataclass(frozen=True)
class Upgraded:
    """From which major version to which, and where the old data directory is kept."""

    before: int
    after: int
    kept: Path


def upgrade(home: Path) -> Upgraded | None:
    """Bring the newest older database of this home over; None when there is none. Raises PostgresError.

    The old directory stays, under another name, until somebody removes it.
    """
    old = older_cluster(home)
    if old is None:
        return None
    _refuse_while_running(home, old)
    binaries = find_old_binaries(old)
    work = home / "upgrade"
    _clear(work)
    try:
        new = postgres.ensure_running(work)
        work.chmod(0o711)  # the old server may run as another account than the new one
        with _old_server(old, binaries, work) as socket:
            _copy(socket, new)
        postgres.stop(work, fast=False)
        return _move_into_place(home, old, new)
    finally:
        _clear(work)


def older_cluster(home: Path) -> Cluster | None:
    """The newest database of an older major version in this home, when there is none of the version we run."""
    ours = Cluster(home)
    if (ours.data_dir / "PG_VERSION").exists():
        return None
    majors = [int(path.parent.name[2:]) for path in home.glob("pg*/PG_VERSION") if path.parent.name[2:].isdigit()]
    older = [major for major in majors if major < ours.major]
    return Cluster(home, max(older)) if older else None


def find_old_binaries(old: Cluster) -> Binaries:
    """The programs of the old major version: the wheel's, Debian's, or those that PG_BIN names."""
    if wheel := machine.wheel_binaries(old.major):
        return wheel
    named = os.environ.get("PG_BIN", "")
    for directory in [*([Path(named)] if named else []), Path(f"/usr/lib/postgresql/{old.major}/bin")]:
        if os.access(directory / "postgres", os.X_OK) and _major_of(directory) == old.major:
            return Binaries(directory, old.major)
    raise PostgresError(
        f"To read the database in {old.data_dir} once more, the programs of PostgreSQL {old.major} are needed."
        f" Install them (Debian: apt-get install postgresql-{old.major}) or name their directory in PG_BIN, and start"
        " again."
    )


def _major_of(directory: Path) -> int:
    said = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    return machine.number_in(said)


def _refuse_while_running(home: Path, old: Cluster) -> None:
    if processes.running(home) or machine.postmaster_of(old.data_dir):
        raise PostgresError(f"Peelian is running from {home}. Run peelian stop first.")


@contextlib.contextmanager
def _old_server(old: Cluster, binaries: Binaries, work: Path) -> Iterator[Path]:
    """Run the old server while the block runs, on a socket that nobody else looks for. Gives the socket's folder."""
    account = machine.account_for(old.home, old.data_dir)
    place = work / "old"
    place.mkdir(mode=0o711)
    socket = Cluster(place, old.major).socket_dir
    machine.private_directory(socket, account)
    log = old.data_dir / "upgrade.log"
    options = f"-c listen_addresses='' -c port={old.port} -c logging_collector=off -k {shlex.quote(str(socket))}"
    pg_ctl = binaries.program("pg_ctl")
    start = [pg_ctl, "start", "-s", "-w", "-t", str(START_SECONDS), "-D", ".", "-l", log.name, "-o", options]
    started = account.run(start, old.data_dir)
    try:
        if started.returncode:
            last = log.read_text(errors="replace").splitlines()[-3:] if log.exists() else []
            raise PostgresError(
                f"PostgreSQL {old.major} could not start in {old.data_dir}. The last lines:\n" + "\n".join(last)
            )
        yield socket
    finally:
        account.run([pg_ctl, "stop", "-s", "-w", "-m", "fast", "-D", "."], old.data_dir)
        log.unlink(missing_ok=True)
        if socket.parent != place:
            shutil.rmtree(socket, ignore_errors=True)


def _copy(socket: Path, new: Cluster) -> None:
    """Dump the old into the new, all or nothing, with the new version's programs, as PostgreSQL's manual advises."""
    binaries, environment = postgres.find_binaries(), machine.clean_environment()
    where = ["-p", str(new.port), "-U", postgres.NAME, "-d", postgres.NAME]
    dump_command = [binaries.program("pg_dump"), "-h", str(socket), *where, "--format=custom", "--compress=0"]
    load_command = [binaries.program("pg_restore"), "-h", str(new.socket_dir), *where]
    load_command += ["--single-transaction", "--exit-on-error"]
    with subprocess.Popen(dump_command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as dump:
        loaded = subprocess.run(load_command, env=environment, stdin=dump.stdout, capture_output=True, check=False)
        assert dump.stdout
        assert dump.stderr
        dump.stdout.close()
        said = dump.stderr.read()
    if dump.returncode or loaded.returncode:
        lines = (said + loaded.stderr).decode(errors="replace").strip().splitlines()
        last = (lines or ["No reason given."])[-1]
        raise PostgresError(f"The database could not be brought over; nothing has been changed. {last}")
    analyse = [binaries.program("vacuumdb"), "-h", str(new.socket_dir), *where, "--analyze-only", "--quiet"]
    subprocess.run(analyse, env=environment, capture_output=True, check=True)


def _move_into_place(home: Path, old: Cluster, new: Cluster) -> Upgraded:
    """The new one first: were we cut off between the two, the newer one is in use and the old one is still there."""
    new.data_dir.rename(home / new.data_dir.name)
    kept = home / f"{old.data_dir.name}-kept"
    number = 1
    while kept.exists():
        number += 1
        kept = home / f"{old.data_dir.name}-kept-{number}"
    old.data_dir.rename(kept)
    machine.sync_directory(home)
    return Upgraded(old.major, new.major, kept)


def _clear(work: Path) -> None:
    """End what runs in the folder of an upgrade, and remove it."""
    if work.is_dir():
        postgres.stop(work)
        shutil.rmtree(work)
