"""The embedded PostgreSQL, each test with a server of its own in a directory of its own."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from peelian.core import postgres, postgres_machine
from peelian.core.postgres import Cluster, PostgresError, ensure_running, status, stop

SOURCES = str(Path(postgres.__file__).parents[2])
START = "import sys; from peelian.core.postgres import ensure_running; ensure_running(sys.argv[1])"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with used(tmp_path / "home") as home:
        yield home


@contextmanager
def used(home: Path) -> Iterator[Path]:
    """A home whose server ends with the test, whatever the test says."""
    try:
        yield home
    finally:
        stop(home)
        away = Cluster(home).socket_dir
        if away.is_symlink():
            away.unlink()
        elif away.parent != home:
            shutil.rmtree(away, ignore_errors=True)


def ask(cluster: Cluster, sql: str) -> str:
    with psycopg.connect(cluster.dsn()) as connection:
        row = connection.execute(sql).fetchone()
        assert row
        return str(row[0])


def run_python(code: str, home: Path, **kwargs: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(home)],
        env={"PYTHONPATH": SOURCES, "PATH": os.environ["PATH"], **kwargs},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_first_use_makes_a_database_that_keeps_its_word(home: Path) -> None:
    cluster = ensure_running(home)

    assert cluster.data_dir == home / f"pg{cluster.major}"
    assert {name: ask(cluster, f"SHOW {name}") for name in ("fsync", "full_page_writes", "synchronous_commit")} == {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
    }
    assert ask(cluster, "SHOW server_version_num").startswith(str(cluster.major))
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert ask(cluster, "SHOW timezone") == "UTC"
    assert ask(cluster, "SHOW server_encoding") == "UTF8"
    assert ask(cluster, "SELECT 'Z' < 'a' AND 'z' < 'é'") == "True"  # code points, whatever the machine's locale
    assert cluster.socket_dir.stat().st_mode & 0o777 == 0o700
    assert status(home).state == "running"


def test_django_settings_lead_to_the_same_database(home: Path) -> None:
    settings = ensure_running(home).settings()

    with psycopg.connect(
        host=settings["HOST"], port=settings["PORT"], dbname=settings["NAME"], user=settings["USER"]
    ) as connection:
        assert connection.execute("SELECT current_database(), current_user").fetchone() == (
            "peelian",
            "peelian",
        )


def test_a_second_call_waits_for_nobody(home: Path) -> None:
    first = ensure_running(home)
    pid = status(home).pid

    with (home / "postgres.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # as a process would that is starting or stopping something
        assert ensure_running(home) == first
    assert status(home).pid == pid


def test_what_was_committed_outlives_a_killed_server(home: Path) -> None:
    cluster = ensure_running(home)
    with psycopg.connect(cluster.dsn()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    pid = status(home).pid
    assert pid
    os.kill(pid, signal.SIGKILL)

    again = ensure_running(home)

    assert ask(again, "SELECT sum(n) FROM kept") == "500500"
    assert status(home).pid not in (None, pid)


def test_a_backend_that_outlives_its_server_is_ended_before_the_next_one(home: Path) -> None:
    cluster = ensure_running(home)
    with psycopg.connect(cluster.dsn()) as busy:
        backend = busy.info.backend_pid
        pid = status(home).pid
        assert pid
        os.kill(backend, signal.SIGSTOP)  # it cannot notice by itself
        os.kill(pid, signal.SIGKILL)
        os.kill(backend, signal.SIGCONT)

        ensure_running(home)

        assert ask(cluster, "SELECT 1") == "1"
        assert backend not in postgres_machine.servers_in(cluster.data_dir)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="zombies are made with a Linux call")
def test_a_server_left_as_a_zombie_is_not_taken_for_alive(home: Path) -> None:
    code = """
import ctypes, os, pathlib, signal, sys, time
from peelian.core.postgres import ensure_running, status
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans become ours, and we never reap them
ensure_running(sys.argv[1])
pid = status(sys.argv[1]).pid
os.kill(pid, signal.SIGKILL)
while ") Z" not in pathlib.Path(f"/proc/{pid}/stat").read_text(): time.sleep(0.01)
assert status(sys.argv[1]).state == "stopped"
ensure_running(sys.argv[1])
assert status(sys.argv[1]).pid != pid
assert ") Z" in pathlib.Path(f"/proc/{pid}/stat").read_text()
"""
    process = run_python(code, home)

    assert (process.communicate()[0], process.returncode) == ("", 0)


def test_a_process_number_given_to_a_stranger_does_not_block_the_start(home: Path) -> None:
    cluster = ensure_running(home)
    pid = status(home).pid
    assert pid
    lines = (cluster.data_dir / "postmaster.pid").read_text().splitlines()
    socket_lock = cluster.socket_path.with_name(cluster.socket_path.name + ".lock")
    socket_lines = socket_lock.read_text().splitlines()
    stop(home)
    stranger = str(os.getpid())  # alive, and no PostgreSQL: as after a container's restart
    (cluster.data_dir / "postmaster.pid").write_text("\n".join([stranger, *lines[1:]]) + "\n")
    socket_lock.write_text("\n".join([stranger, *socket_lines[1:]]) + "\n")

    assert status(home).state == "stopped"
    assert ask(ensure_running(home), "SELECT 1") == "1"


def test_processes_that_start_together_share_one_server(home: Path) -> None:
    processes = [run_python(START, home) for _ in range(3)]

    assert [(process.communicate()[0], process.returncode) for process in processes] == [("", 0)] * 3
    assert ask(Cluster(home), "SELECT count(*) FROM pg_database WHERE datname = 'peelian'") == "1"
    assert len(list(home.glob("pg*/PG_VERSION"))) == 1


@pytest.mark.parametrize("name", ["deep" * 30, "Heart, shire"], ids=["too long", "a comma"])
def test_a_home_no_socket_can_be_in_has_one_elsewhere(tmp_path: Path, name: str) -> None:
    with used(tmp_path / name) as home:
        cluster = ensure_running(home)

        assert home not in cluster.socket_dir.parents
        assert len(os.fsencode(cluster.socket_path)) <= 107
        assert cluster.socket_dir.stat().st_mode & 0o777 == 0o700
        assert Cluster(home).socket_dir == cluster.socket_dir
        assert ask(cluster, "SELECT 1") == "1"


def test_a_home_with_odd_characters(tmp_path: Path) -> None:
    with used(tmp_path / 'it\'s 100% "ours" \\ é') as home:
        assert ask(ensure_running(home), "SHOW log_directory") == str(home / "postgres-log")


def test_a_name_in_tmp_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    with used(tmp_path / ("deep" * 30)) as home:
        trap = tmp_path / "trap"
        trap.mkdir()
        Cluster(home).socket_dir.symlink_to(trap)

        with pytest.raises(PostgresError, match="is not a directory of this account's own"):
            ensure_running(home)
        assert list(trap.iterdir()) == []


@pytest.mark.parametrize(
    ("major", "advice"),
    [
        (17, "Bring it over with `peelian upgrade-database`"),
        (99, "`peelian upgrade-database` only goes forward"),
    ],
)
def test_another_majors_data_is_never_passed_over(home: Path, major: int, advice: str) -> None:
    old = home / f"pg{major}"
    old.mkdir(parents=True)
    (old / "PG_VERSION").write_text(f"{major}\n")

    with pytest.raises(PostgresError, match=advice) as caught:
        ensure_running(home)

    assert str(old) in str(caught.value)
    assert [path.name for path in home.glob("pg*")] == [old.name]


def test_an_older_directory_beside_the_upgraded_one_is_left_alone(home: Path) -> None:
    ensure_running(home)
    (home / "pg17").mkdir()
    (home / "pg17" / "PG_VERSION").write_text("17\n")
    stop(home)

    assert ask(ensure_running(home), "SELECT 1") == "1"


def test_a_directory_that_is_no_database_is_left_alone(home: Path) -> None:
    data_dir = Cluster(home).data_dir
    data_dir.mkdir(parents=True)
    (data_dir / "holiday.jpg").write_text("precious")

    with pytest.raises(PostgresError, match="holds files but no PostgreSQL database"):
        ensure_running(home)
    assert (data_dir / "holiday.jpg").read_text() == "precious"


def test_stop_ends_it_once_and_says_whether_it_did(home: Path) -> None:
    assert stop(home) is False  # not even a directory
    ensure_running(home)
    with psycopg.connect(Cluster(home).dsn()) as guest:
        assert stop(home) is True  # a guest is asked to leave
        with pytest.raises(psycopg.OperationalError):
            guest.execute("SELECT 1")
    assert stop(home) is False
    assert status(home).state == "stopped"
    assert postgres_machine.servers_in(Cluster(home).data_dir) == []


def writer_of_the_log(cluster: Cluster) -> int:
    """The process; others come and go meanwhile."""
    found = []
    for pid in postgres_machine.servers_in(cluster.data_dir):
        with suppress(OSError):
            if b"logger" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    (writer,) = found
    return writer


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="its log's writer is found as Linux shows it")
def test_stop_waits_for_what_outlives_the_server(home: Path) -> None:
    """Else a copy of the files, or the next server, meets a process that still writes there."""
    cluster = ensure_running(home)
    logger = writer_of_the_log(cluster)
    os.kill(logger, signal.SIGSTOP)
    with ThreadPoolExecutor() as pool:
        stopped = pool.submit(stop, home)
        try:
            assert postgres_machine.until(lambda: status(home).state == "stopped", seconds=postgres.STOP_SECONDS)
            assert not stopped.done()
        finally:
            os.kill(logger, signal.SIGCONT)
        assert stopped.result() is True
    assert postgres_machine.servers_in(cluster.data_dir) == []


def test_status_of_a_home_never_used(home: Path) -> None:
    assert status(home).state == "absent"
    assert not home.exists()


def test_a_preparation_that_fails_says_so_and_leaves_nothing_behind(home: Path) -> None:
    too_small = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)); "  # bytes a file
    process = run_python(too_small + START, home)
    output, _ = process.communicate()

    assert process.returncode == 1
    assert f"PostgreSQL could not prepare {Cluster(home).data_dir}." in output
    assert "initdb" in output  # its own last words
    assert list(home.glob("pg*")) == []
    assert ask(ensure_running(home), "SELECT 1") == "1"


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    cluster = ensure_running(home)
    stop(home)
    with (cluster.data_dir / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = 1\n")

    with pytest.raises(PostgresError, match="no_such_setting") as caught:
        ensure_running(home)
    assert f"could not start {cluster.data_dir}" in str(caught.value)


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    home = tmp_path / "file" / "home"

    with pytest.raises(PostgresError) as caught:
        ensure_running(home)
    assert str(caught.value).startswith(f"The embedded database cannot be kept in {home} (PEELIAN_HOME): ")


def test_a_socket_that_was_swept_away_comes_back(home: Path) -> None:
    cluster = ensure_running(home)
    cluster.socket_path.unlink()

    assert ask(ensure_running(home), "SELECT 1") == "1"


def test_the_callers_environment_changes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = {"PGPORT": "1", "PGHOST": "nowhere.example", "PGDATA": "/nowhere", "LC_ALL": "xx_XX.nothing"}
    for name, value in changes.items():
        monkeypatch.setenv(name, value)

    cluster = ensure_running(home)

    monkeypatch.undo()
    assert ask(cluster, "SELECT datctype FROM pg_database WHERE datname = 'peelian'") == "C.UTF-8"


def test_the_servers_log_repeats_nobodys_data(home: Path) -> None:
    with psycopg.connect(ensure_running(home).dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE contact (email text PRIMARY KEY)")
        connection.execute("INSERT INTO contact VALUES ('ada@heartshire.example')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO contact VALUES ('ada@heartshire.example')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT 'ada@heartshire.example'::int")
    stop(home)

    logs = [path.read_text() for path in (home / "postgres-log").iterdir()]
    assert any("database system is shut down" in log for log in logs)
    assert not any("ada@" in log for log in logs)


def test_a_modest_machine_is_asked_for_less(tmp_path: Path) -> None:
    modest = postgres._configuration(Cluster(tmp_path), 2 << 30)
    roomy = postgres._configuration(Cluster(tmp_path), 24 << 30)

    assert "shared_buffers = '128MB'\n" in modest
    assert "effective_cache_size = '1024MB'\n" in modest
    assert "shared_buffers = '512MB'\n" in roomy
    assert "effective_cache_size = '12288MB'\n" in roomy


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has an account to leave")
def test_root_without_user_namespaces_takes_an_account_without_rights() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as scratch:
        Path(scratch).chmod(0o755)
        refusing = Path(scratch, "bin", "unshare")  # what a container without the right answers
        refusing.parent.mkdir()
        refusing.write_text("#!/bin/sh\necho 'unshare failed: Operation not permitted' >&2\nexit 1\n")
        refusing.chmod(0o755)
        with used(Path(scratch, "home")) as home:
            process = run_python(START, home, PATH=f"{refusing.parent}:{os.environ['PATH']}")
            output, _ = process.communicate()
            if "may not enter" in output and str(postgres.find_binaries().directory) in output:
                pytest.skip("this checkout is where no other account may go")

            assert (output, process.returncode) == ("", 0)
            assert Cluster(home).data_dir.stat().st_uid != 0
            os.kill(status(home).pid or 0, signal.SIGKILL)
            assert ask(ensure_running(home), "SELECT 1") == "1"  # and goes on as that account


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run as somebody else")
def test_another_accounts_database_is_refused_by_name(tmp_path: Path) -> None:
    for parent in (tmp_path, *tmp_path.parents):
        if not parent.stat().st_mode & 0o001:
            parent.chmod(0o711)
    with used(tmp_path / "home") as home:
        ensure_running(home)
        stop(home)
        for path in (home, home / "postgres.lock"):
            os.chown(path, 65534, 65534)
        become = "import os; os.setgid(65534); os.setuid(65534); "
        process = run_python(START.replace("; ensure_running(", "; " + become + "ensure_running("), home)
        output, _ = process.communicate()

        assert process.returncode == 1
        assert "belongs to the account root: run as that account, or choose another PEELIAN_HOME." in output
