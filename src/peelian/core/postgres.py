"""Starts and stops the embedded PostgreSQL, for a machine where nobody has installed one.

Only the standard library is used and nothing of Django, so that the settings can ask for the cluster before
anything is configured. The server listens on a socket in a directory that only its own account may enter, and
on no network address: whoever can reach the socket owns the files already, so no password is asked for.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from peelian.core import postgres_machine as machine
from peelian.core.postgres_machine import Account, Binaries, PostgresError, find_binaries, wheel_binaries

__all__ = [
    "Binaries",
    "Cluster",
    "PostgresError",
    "Status",
    "ensure_running",
    "find_binaries",
    "status",
    "stop",
    "wheel_binaries",
]

NAME = "peelian"  # of the database and of its owner
PORT = 5432  # with no network address it is only part of the socket's file name
LONGEST_SOCKET_PATH = 107  # bytes; the 108th of sockaddr_un.sun_path is the closing NUL
START_SECONDS = 600  # after a crash the server replays up to max_wal_size before it answers
STOP_SECONDS = 60
NO_DATABASE, NOT_NOW, NO_CONNECTION_LEFT = "3D000", "57P03", "53300"  # SQLSTATE


@dataclass(frozen=True)
class Cluster:
    """The embedded database of a PEELIAN_HOME. Naming it starts nothing: `ensure_running` does."""

    home: Path
    major: int = field(default_factory=lambda: find_binaries().major)

    def __post_init__(self) -> None:
        object.__setattr__(self, "home", Path(self.home).resolve())

    @property
    def port(self) -> int:
        return PORT

    @property
    def data_dir(self) -> Path:
        return self.home / f"pg{self.major}"

    @property
    def log_dir(self) -> Path:
        return self.home / "postgres-log"

    @property
    def socket_dir(self) -> Path:
        """In the home; in /tmp where that path is too long for a socket or holds libpq's list separator."""
        inside = self.home / "postgres-socket"
        if len(os.fsencode(inside / self._socket_name)) <= LONGEST_SOCKET_PATH and "," not in str(inside):
            return inside
        # Not tempfile.gettempdir(): all processes of a home must agree on it, whatever their TMPDIR.
        return Path("/tmp") / f"peelian-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]}"  # noqa: S108

    @property
    def _socket_name(self) -> str:
        return f".s.PGSQL.{PORT}"

    @property
    def socket_path(self) -> Path:
        return self.socket_dir / self._socket_name

    def settings(self) -> dict[str, str]:
        """What Django's DATABASES wants to know."""
        return {"HOST": str(self.socket_dir), "PORT": str(PORT), "NAME": NAME, "USER": NAME}

    def dsn(self) -> str:
        """The same as an address for libpq."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.socket_dir), safe='')}&port={PORT}"


@dataclass(frozen=True)
class Status:
    """Where the embedded database of a home stands; `pid` only while a server runs."""

    state: Literal["absent", "stopped", "starting", "running"]
    data_dir: Path
    pid: int | None = None


# --- What others call ------------------------------------------------------------------------------------


def ensure_running(home: Path) -> Cluster:
    """The cluster of this home, answering; made on first use. Many may ask at once; quick when it runs.

    Raises PostgresError. What it finds it never replaces: not another major's data, not another's files.
    """
    cluster = Cluster(home)
    running = _answer(cluster) in ("ready", NO_CONNECTION_LEFT)
    if running and (cluster.data_dir / "postmaster.pid").exists():
        return cluster
    with _locked(cluster.home), _explained(cluster):
        account = machine.account_for(cluster.home, cluster.data_dir)
        _refuse_other_major(cluster)
        if not (cluster.data_dir / "PG_VERSION").exists():
            _initialise(cluster, account)
        if not _wait_for_a_running_server(cluster):
            _start(cluster, account)
        if _answer(cluster) == NO_DATABASE:
            _create_database(cluster)
    return cluster


def stop(home: Path, fast: bool = True) -> bool:
    """End the server of this home and wait until it has; False where none ran.

    `fast` breaks off its clients' transactions; otherwise it waits for the clients to leave.
    """
    home = Path(home).resolve()
    if not home.is_dir():
        return False
    with _locked(home):
        running = [cluster for cluster in _clusters(home) if machine.postmaster_of(cluster.data_dir)]
        for cluster in running:
            _stop(cluster, fast)
    return bool(running)


def status(home: Path) -> Status:
    """Where the server of this home stands. Starts nothing and waits for nothing."""
    clusters = _clusters(Path(home).resolve())
    for cluster in clusters:
        if pid := machine.postmaster_of(cluster.data_dir):
            answers = _answer(cluster) not in (None, NOT_NOW)
            return Status("running" if answers else "starting", cluster.data_dir, pid)
    if clusters:
        return Status("stopped", clusters[-1].data_dir)
    return Status("absent", Cluster(home).data_dir)


# --- First use -------------------------------------------------------------------------------------------


def _refuse_other_major(cluster: Cluster) -> None:
    """An installation's data is never passed over for an empty directory beside it."""
    version = cluster.data_dir / "PG_VERSION"
    majors = [other.major for other in _clusters(cluster.home)]
    found = machine.number_in(version.read_text()) if version.exists() else max(majors, default=cluster.major)
    if found == cluster.major:
        return
    where = cluster.data_dir if version.exists() else cluster.home / f"pg{found}"
    raise PostgresError(
        f"The database in {where} was made by PostgreSQL {found}, and this installation runs PostgreSQL"
        f" {cluster.major}, which cannot read it. Nothing has been changed. "
        + (
            "Bring it over with `peelian upgrade-database`."
            if found < cluster.major
            else "Go back to the newer installation: `peelian upgrade-database` only goes forward."
        )
    )


def _initialise(cluster: Cluster, account: Account) -> None:
    """Make the data directory under another name and move it into place whole: no half of one is left."""
    if cluster.data_dir.exists() and any(cluster.data_dir.iterdir()):
        raise PostgresError(f"{cluster.data_dir} holds files but no PostgreSQL database. Move it away and start again.")
    fresh = cluster.home / f"pg{cluster.major}.new"
    binaries = find_binaries()
    command = [binaries.program("initdb"), "-D", str(fresh), "-U", NAME, "--auth=trust", "--encoding=UTF8"]
    command += ["--locale=C.UTF-8", "--no-instructions"]
    if binaries.major >= 17:  # PostgreSQL's own code-point order, so that no C library decides how names sort
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    shutil.rmtree(fresh, ignore_errors=True)
    machine.private_directory(fresh, account)
    result = account.run(command)
    if result.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise _failure(cluster, "prepare", result.stdout)
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write("\n# Rewritten at every start. Lines of your own, below this one, win.\n")
        configuration.write("include 'peelian.conf'\n")
    fresh.rename(cluster.data_dir)
    machine.sync_directory(cluster.home)


def _create_database(cluster: Cluster) -> None:
    createdb = find_binaries().program("createdb")
    result = Account().run([createdb, "-h", str(cluster.socket_dir), "-p", str(PORT), "-U", NAME, NAME])
    if result.returncode != 0:
        raise _failure(cluster, "create its database in", result.stdout)


# --- Starting and stopping -------------------------------------------------------------------------------


def _start(cluster: Cluster, account: Account) -> None:
    """Start a server where none runs; what a killed one left behind is cleared first."""
    _end_orphans(cluster)
    machine.private_directory(cluster.socket_dir, account)
    machine.private_directory(cluster.log_dir, account)
    # They name a process that is gone, a zombie, or a stranger under a reused number, which would fool the
    # server; no process of it is left in the directory.
    leftovers = (
        cluster.data_dir / "postmaster.pid",
        cluster.socket_path,
        Path(f"{cluster.socket_path}.lock"),
    )
    for path in leftovers:
        path.unlink(missing_ok=True)
    settings = cluster.data_dir / "peelian.conf"
    settings.write_text(_configuration(cluster, machine.memory()), encoding="utf-8")
    account.give(settings)
    log = cluster.log_dir / "start.log"
    log.unlink(missing_ok=True)
    command = [find_binaries().program("pg_ctl"), "start", "-s", "-w", "-t", str(START_SECONDS)]
    # pg_ctl hands both paths to a shell between double quotes: what that would read is said from inside.
    data_dir = "." if set(str(cluster.data_dir)) & set('"$`\\') else str(cluster.data_dir)
    command += ["-D", data_dir, "-l", f"../{log.parent.name}/{log.name}"]
    result = account.run(command, cluster.data_dir)
    if result.returncode != 0:
        raise _failure(cluster, "start", result.stdout)


def _wait_for_a_running_server(cluster: Cluster) -> bool:
    """True once a server that is already there answers, False if there is none (any more)."""
    deadline = time.monotonic() + START_SECONDS
    while (answer := _answer(cluster)) is not None or machine.postmaster_of(cluster.data_dir):
        if answer not in (None, NOT_NOW):
            return True
        if answer is None and _has_lost_its_socket(cluster):
            _stop(cluster, fast=True)
            return False
        if time.monotonic() > deadline:
            raise PostgresError(
                f"PostgreSQL in {cluster.data_dir} runs but has not answered for {START_SECONDS} seconds."
            )
        time.sleep(0.02)
    return False


def _has_lost_its_socket(cluster: Cluster) -> bool:
    """It is ready, but a cleaner of /tmp took the file to reach it by, or the home has been moved."""
    with contextlib.suppress(OSError):
        ready = "ready" in (cluster.data_dir / "postmaster.pid").read_text()
        return ready and not cluster.socket_path.exists()
    return False


def _end_orphans(cluster: Cluster) -> None:
    """Backends outlive a killed postmaster for a moment; a new server must not share the files with them."""
    if machine.until(lambda: not machine.servers_in(cluster.data_dir), seconds=3):
        return
    for pid in machine.servers_in(cluster.data_dir):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGQUIT)  # "drop everything": their transactions are lost already
    if not machine.until(lambda: not machine.servers_in(cluster.data_dir), seconds=5):
        numbers = ", ".join(str(pid) for pid in machine.servers_in(cluster.data_dir))
        raise PostgresError(f"Processes of an earlier server still use {cluster.data_dir} and do not end: {numbers}.")


def _stop(cluster: Cluster, fast: bool) -> None:
    pid = machine.postmaster_of(cluster.data_dir)
    if pid is None:
        return
    try:
        os.kill(pid, signal.SIGINT if fast else signal.SIGTERM)
    except ProcessLookupError:
        return
    except PermissionError:
        owner = machine.owner_of(cluster.data_dir)
        raise PostgresError(f"PostgreSQL in {cluster.data_dir} belongs to {owner}: stop it as them.") from None
    if not machine.until(lambda: _is_gone(cluster), seconds=STOP_SECONDS):
        raise PostgresError(
            f"PostgreSQL in {cluster.data_dir} (process {pid}) did not end within {STOP_SECONDS} seconds."
        )


def _is_gone(cluster: Cluster) -> bool:
    """No server is named, and none works here: it removes its name before it ends, and its log's writer after it."""
    return machine.postmaster_of(cluster.data_dir) is None and not machine.servers_in(cluster.data_dir)


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[None]:
    """One process at a time starts or stops a home's server; the others wait here and find it done."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Its owner's alone: whoever can open it can hold it.
        lock = os.fdopen(os.open(home / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+")
    except OSError as error:
        raise PostgresError(
            f"The embedded database cannot be kept in {home} (PEELIAN_HOME): {machine.reason(error)}."
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # given back by the kernel even if we are killed
        yield


def _clusters(home: Path) -> list[Cluster]:
    """Every data directory of a home, oldest major first; one that we may not read counts."""
    found = [path for path in home.glob("pg[0-9]*") if path.name[2:].isdigit() and _holds_something(path)]
    return [Cluster(home, major) for major in sorted(int(path.name[2:]) for path in found)]


def _holds_something(path: Path) -> bool:
    try:
        return any(path.iterdir())
    except OSError as error:
        return isinstance(error, PermissionError)


# --- What it runs with, what it says ---------------------------------------------------------------------


def _configuration(cluster: Cluster, memory: int) -> str:
    """`peelian.conf`. Every commit is on disk before it is answered: nothing here weakens that."""
    modest = memory < 4 << 30
    values = {
        "listen_addresses": "",
        "port": str(PORT),
        "cluster_name": NAME,
        "unix_socket_directories": '"{}"'.format(str(cluster.socket_dir).replace('"', '""')),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "128MB" if modest else "512MB",
        "effective_cache_size": f"{max(memory // 2 >> 20, 128)}MB",
        "work_mem": "4MB" if modest else "16MB",
        "maintenance_work_mem": "64MB" if modest else "256MB",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "wal_compression": "on",
        "max_wal_size": "1GB" if modest else "4GB",
        "random_page_cost": "1.1",
        "jit": "off",
        # The process that asks works too: one more than there are cores would only take turns with it
        "max_parallel_workers_per_gather": str(max(1, min(2, (os.cpu_count() or 1) - 1))),
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "log_directory": str(cluster.log_dir),
        "log_filename": "postgresql-%a.log",  # a week of them, each emptied when its day comes round
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        # A failed statement may quote a resident's address. Its client hears of it; this log keeps to the
        # server's own news.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    quoted = ((name, value.replace("\\", "\\\\").replace("'", "''")) for name, value in values.items())
    lines = [f"{name} = '{value}'\n" for name, value in quoted]
    return "# Written at every start: change postgresql.conf instead, below its include.\n" + "".join(lines)


def _answer(cluster: Cluster) -> str | None:
    """'ready', the SQLSTATE with which the server refuses us, or None where nobody answers.

    Speaks the first words of the protocol itself, as no driver may be imported here (PostgreSQL
    documentation, "Message Flow", start-up).
    """
    words = struct.pack("!i", 3 << 16) + f"user\0{NAME}\0database\0{NAME}\0\0".encode()
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2)
        connection.connect(str(cluster.socket_path))
        connection.sendall(struct.pack("!i", len(words) + 4) + words)
        stream = connection.makefile("rb")
        while len(head := stream.read(5)) == 5:
            kind, length = struct.unpack("!ci", head)
            body = stream.read(length - 4)
            if kind == b"Z":  # ready for a query; we have none
                connection.sendall(b"X" + struct.pack("!i", 4))
                return "ready"
            if kind == b"E":
                return next((part[1:].decode() for part in body.split(b"\0") if part[:1] == b"C"), "")
    return None


@contextlib.contextmanager
def _explained(cluster: Cluster) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _failure(cluster, "use", machine.reason(error)) from error


def _failure(cluster: Cluster, verb: str, output: str) -> PostgresError:
    """Which directory, what the programs said last, and whether the disk is full, in one message."""
    said = [line for line in output.splitlines() if line.strip() and "Examine the log output" not in line]
    with contextlib.suppress(OSError):
        for log in sorted(cluster.log_dir.glob("*.log"), key=lambda path: path.stat().st_mtime)[-2:]:
            said += log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
    free = shutil.disk_usage(cluster.home).free >> 20
    full = f" Only {free} MB are free on its disk." if free < 200 else ""
    last = "\n".join(f"  {line}" for line in said[-8:])
    return PostgresError(f"PostgreSQL could not {verb} {cluster.data_dir}.{full} The last lines:\n{last}")
