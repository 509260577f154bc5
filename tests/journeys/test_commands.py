"""Every command of `peelian` as a whole process: what it prints, what it changes, with which code it ends."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest

from peelian.core import postgres, postgres_machine
from peelian.core.postgres import Cluster
from peelian.core.testing.ports import free_port
from tests.journeys.installation import (
    Installation,
    end,
    make_members,
    status_of,
    wait_for,
    write_alert,
    write_areas,
    write_csv,
    write_force,
)

AUTHOR, SUPERVISOR = "pcso.day@testshire.example", "sergeant.moss@testshire.example"
THERE_ALREADY = "Somebody with that email address has an account already.\n"
OLD_MAJOR = 15
OLD_PROGRAMS = Path(f"/usr/lib/postgresql/{OLD_MAJOR}/bin")
COUNTED = ("places_area", "places_postcode", "members_member", "members_audience", "accounts_staff", "audit_event")


def new_home(folder: Path, *, with_tables: bool = False) -> Iterator[Installation]:
    one = Installation(folder / "home")
    try:
        yield one.with_tables() if with_tables else one
    finally:
        postgres.stop(one.home)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that nothing has been done to."""
    yield from new_home(tmp_path_factory.mktemp("fresh"), with_tables=True)


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with a force of two wards, twelve members in W0, three in W1 and two staff. The commands that
    make it are tested on the way."""
    folder = tmp_path_factory.mktemp("force")
    for one in new_home(folder, with_tables=True):
        area, wards = write_force(folder)
        assert one.done("import", "areas", area, "--kind", "force", "--code", "code", "--name", "name") == (
            "1 new, 0 changed, 0 unchanged.\n"
        )
        fields = ["--code", "code", "--name", "name", "--parent-code", "above"]
        assert one.done("import", "areas", wards, "--kind", "ward", *fields) == "2 new, 0 changed, 0 unchanged.\n"
        members = write_csv(folder / "members.csv", *make_members(12), *make_members(3, column=1, first=12))
        assert one.done("import", "members", members) == "15 new, 0 changed, 0 unchanged.\n"
        said = one.done("staff", "add", AUTHOR, "--role", "officer", "--area", "W0")
        assert said.splitlines()[0] == f"Added {AUTHOR} as officer."
        assert said.splitlines()[-1].startswith("http://localhost:8000/staff/")
        one.done("staff", "add", SUPERVISOR, "--role", "supervisor")
        yield one


def count(home: Path, *tables: str) -> list[int]:
    with psycopg.connect(postgres.ensure_running(home).dsn()) as connection:
        return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


# Settings and usage --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PEELIAN_BASE_URL", "now.example.org"),
        ("PEELIAN_DEMO", "maybe"),
        ("DATABASE_URL", "mysql://peelian:hush-hush@db/peelian"),
        ("DATABASE_URL_FILE", "/nowhere/database-url"),
    ],
)
def test_a_setting_that_cannot_be_is_named(fresh: Installation, setting: str, value: str) -> None:
    said = fresh.refused("doctor", **{setting: value})

    assert setting in said
    assert said.count("\n") == 1
    assert "hush-hush" not in said


def test_a_database_of_ones_own_needs_the_secret_key(fresh: Installation) -> None:
    said = fresh.refused("worker", DATABASE_URL="postgresql://peelian@db/peelian")

    assert said.startswith("PEELIAN_SECRET_KEY must be set when DATABASE_URL names a server")


def test_a_database_that_is_down_is_said_without_its_password(fresh: Installation) -> None:
    address = f"postgresql://peelian:hush-hush@127.0.0.1:{free_port()}/peelian"
    said = fresh.refused("alert", "show", "x", DATABASE_URL=address, PEELIAN_SECRET_KEY="k" * 50)

    assert said.startswith("The database cannot be reached: ")
    assert "hush-hush" not in said


@pytest.mark.parametrize(
    "words", [[], ["dance"], ["import", "areas"], ["alert", "send", "x.md"], ["web", "--port", "x"]]
)
def test_wrong_usage_ends_with_2(fresh: Installation, words: list[str]) -> None:
    ran = fresh.run(*words)

    assert ran.returncode == 2
    assert "peelian" in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_help_names_commands_as_people_type_them(fresh: Installation) -> None:
    assert "    peelian import areas\n" in fresh.done("help")
    assert fresh.done("import", "areas", "--help").startswith("usage: peelian import areas ")


# A fresh home --------------------------------------------------------------------------------------------------------


def test_doctor_says_what_a_new_installation_lacks(tmp_path: Path) -> None:
    for new in new_home(tmp_path):
        before = new.run("doctor")
        assert before.returncode == 1
        assert "migrations are not applied: run peelian migrate.\n" in before.stdout

        new.done("migrate")
        after = new.run("doctor", PEELIAN_SMTP_URL="smtp://mail.example.org:x")
        assert after.returncode == 1
        assert "✗ No force area: run peelian import areas.\n" in after.stdout
        assert "✗ PEELIAN_SMTP_URL cannot be used: the port is not a number" in after.stdout
        assert "✓ The database's tables are those of this version.\n" in after.stdout
        assert after.stderr == ""

        assert new.done("stop") == "The database stopped.\n"
        assert new.done("stop") == "Nothing was running.\n"
        assert new.processes() == []


# Imports -------------------------------------------------------------------------------------------------------------


def test_areas_that_cannot_be_are_refused_by_file_and_field(force: Installation, tmp_path: Path) -> None:
    before = count(force.home, "places_area")
    bow_tie = {"type": "Polygon", "coordinates": [[[-2, 52], [-1.99, 52.01], [-1.99, 52], [-2, 52.01], [-2, 52]]]}
    file = write_areas(tmp_path / "bow-tie.geojson", ("X1", "Bow tie", "F1", bow_tie))

    missing = force.refused("import", "areas", tmp_path / "none.geojson", "--kind", "ward")
    no_field = force.refused("import", "areas", file, "--kind", "ward", "--code", "WD24CD")
    repaired = force.run("import", "areas", file, "--kind", "hotspot", "--code", "code", "--name", "name")

    assert "none.geojson" in missing
    assert "bow-tie.geojson" in no_field
    assert "WD24CD" in no_field
    assert repaired.returncode == 0
    assert "X1" in repaired.stderr
    assert count(force.home, "places_area") == [before[0] + 1]


def test_postcodes_all_or_nothing(force: Installation, tmp_path: Path) -> None:
    rows = [
        {"postcode": "TS1 1AA", "latitude": "52.005", "longitude": "-1.995"},
        {"postcode": "TS1 1AB", "latitude": "52.006", "longitude": "-1.994"},
        {"postcode": "TS1 1AC", "latitude": "", "longitude": "-1.993"},
    ]
    file, aside = write_csv(tmp_path / "postcodes.csv", *rows), tmp_path / "bad.csv"

    said = force.refused("import", "postcodes", file)
    assert said.startswith("postcodes.csv, line 4: postcode TS1 1AC has no position.\n")
    assert count(force.home, "places_postcode") == [0]

    assert "2 new" in force.done("import", "postcodes", file, "--skip-bad", aside)
    assert count(force.home, "places_postcode") == [2]
    assert "TS1 1AC" in aside.read_text()


def test_members_all_or_nothing(force: Installation, tmp_path: Path) -> None:
    rows = [
        {"external_id": "n1", "email": "new1@home.example", "postcode": "", "language": "en"},
        {"external_id": "n2", "email": "new2 at home", "postcode": "", "language": "en"},
        {"external_id": "n3", "email": "new3@home.example", "postcode": "", "language": "elvish"},
    ]
    file, aside = write_csv(tmp_path / "members.csv", *rows), tmp_path / "bad.csv"
    before = count(force.home, "members_member")

    said = force.refused("import", "members", file)
    assert "members.csv, line 3, email: " in said
    assert "members.csv, line 4, language: 'elvish'" in said
    assert "trial" in force.done("import", "members", file, "--dry-run", "--skip-bad", aside)
    assert count(force.home, "members_member") == before

    ran = force.done("import", "members", file, "--skip-bad", aside, "--json")
    report = json.loads(ran)
    assert ran.count("\n") == 1
    assert (report["new"], report["bad"], report["dry_run"]) == (1, 2, False)
    with aside.open(newline="") as bad:
        assert [(row["line"], row["column"]) for row in csv.DictReader(bad)] == [("3", "email"), ("4", "language")]

    again = write_csv(tmp_path / "again.csv", rows[0])
    assert force.done("import", "members", again) == "0 new, 0 changed, 1 unchanged.\n"
    assert count(force.home, "delivery_send") == [0]


def test_members_are_asked_to_confirm_once(force: Installation, tmp_path: Path) -> None:
    rows = [{"external_id": f"c{number}", "email": f"quiet{number}@home.example"} for number in range(2)]
    force.done("import", "members", write_csv(tmp_path / "unconfirmed.csv", *rows))

    first, second = force.done("members", "confirm"), force.done("members", "confirm")

    assert first.startswith("Asked ")
    assert second == "There is nobody left to ask.\n"


# Staff and alerts ----------------------------------------------------------------------------------------------------


def test_staff_that_cannot_be_added(force: Installation) -> None:
    assert "boss" in force.refused("staff", "add", "x@testshire.example", "--role", "boss")
    assert "W9" in force.refused("staff", "add", "x@testshire.example", "--role", "officer", "--area", "W9")
    assert force.refused("staff", "add", AUTHOR, "--role", "officer") == THERE_ALREADY
    assert "not-an-address" in force.refused("staff", "add", "not-an-address", "--role", "officer")


def test_an_alert_that_cannot_be_sent_is_explained(force: Installation, tmp_path: Path) -> None:
    unknown = write_alert(tmp_path / "unknown.md", area="W9")
    headless = tmp_path / "headless.md"
    headless.write_text(write_alert(tmp_path / "whole.md").read_text().replace("## What you can do", "## Advice"))
    outside = write_alert(tmp_path / "outside.md", area="W1")
    before = count(force.home, "alerts_alert")

    assert f"{unknown}, line 5, field areas: " in force.refused("alert", "send", unknown, "--as", AUTHOR)
    assert "## Advice" in force.refused("alert", "send", headless, "--as", AUTHOR)
    assert "nobody@" in force.refused("alert", "send", unknown, "--as", "nobody@testshire.example")
    assert "fewer than 5 people" in force.refused("alert", "send", outside, "--as", AUTHOR)
    assert count(force.home, "alerts_alert") == before


def test_an_alert_by_command(force: Installation, tmp_path: Path) -> None:
    file = write_alert(tmp_path / "vans.md")

    trial = json.loads(force.done("alert", "send", file, "--as", AUTHOR, "--dry-run", "--json"))
    assert (trial["recipients"], trial["by_channel"]) == (12, {"email": 12})

    said = force.done("alert", "send", file, "--as", AUTHOR, "--json")
    sent = json.loads(said)
    assert said.count("\n") == 1
    assert set(sent) >= {"ref", "state", "recipients", "by_channel", "handed_over", "failed", "unknown", "seconds"}
    assert (sent["state"], sent["recipients"], sent["handed_over"]) == ("sending", 12, 0)

    assert "within the hour" in force.refused("alert", "send", file, "--as", AUTHOR)
    assert json.loads(force.done("alert", "send", file, "--as", AUTHOR, "--again", "--json"))["recipients"] == 12

    shown = force.done("alert", "show", sent["ref"], "--json")
    assert shown.count("\n") == 1
    assert json.loads(shown)["recipients"] == 12
    assert sent["ref"] in force.done("alert", "show", sent["ref"])
    assert "no-such" in force.refused("alert", "show", "no-such")


def test_waiting_without_a_worker_says_so(force: Installation, tmp_path: Path) -> None:
    file = write_alert(tmp_path / "approved.md", title="Thefts from vans in Riverside", area="W1")

    ran = force.run("alert", "send", file, "--as", AUTHOR, "--approved-by", SUPERVISOR, "--wait", "--json")

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["recipients"] == 3
    assert ran.stderr == "No worker is running, so the alert stays queued. Start one with: peelian worker\n"


# Running -------------------------------------------------------------------------------------------------------------


def test_what_may_not_be_served_is_refused(force: Installation) -> None:
    assert "PEELIAN_DEMO=1 serves demonstration databases only" in force.refused("run", PEELIAN_DEMO="1")
    assert "PEELIAN_SMTP_URL cannot be used" in force.refused("worker", PEELIAN_SMTP_URL="http://mail.example.org")


def test_run_serves_hands_over_and_ends(force: Installation, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "run.log"
    process = force.start("run", "--port", str(port), log=log)
    try:
        wait_for(lambda: status_of(f"http://127.0.0.1:{port}/healthz") == 200, "/healthz")
        wait_for(lambda: status_of(f"http://127.0.0.1:{port}/readyz") == 200, "/readyz")
        assert status_of(f"http://127.0.0.1:{port}/") == 200
        with urlopen(f"http://127.0.0.1:{port}/alerts/feed.atom", timeout=120) as feed:
            assert f"http://localhost:{port}/" in feed.read().decode(), "links lead to the port that is served"
        file = write_alert(tmp_path / "worker.md", title="Thefts from sheds in Castle")
        sent = json.loads(force.done("alert", "send", file, "--as", AUTHOR, "--wait", "--json"))
        assert (sent["state"], sent["handed_over"], sent["failed"]) == ("sent", 12, 0)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=120) == 0, log.read_text()
    finally:
        end(process)

    data = Cluster(force.home).data_dir
    # Both ask one after the other, and PostgreSQL starts and ends helpers of its own
    wait_for(lambda: set(force.processes()) <= set(postgres_machine.servers_in(data)), "none but PostgreSQL's are left")
    assert status_of(f"http://127.0.0.1:{port}/healthz") == 0


def test_stop_ends_everything(force: Installation, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    process = force.start("worker", log=log)
    try:
        wait_for(lambda: log.exists() and "worker started" in log.read_text(), "worker")
        assert force.done("stop") == "1 process ended and the database stopped.\n"
        assert process.wait(timeout=120) in (0, -signal.SIGTERM)
    finally:
        end(process)
    assert force.processes() == []


# Backup, a server of one's own, an older PostgreSQL ------------------------------------------------------------------


def test_a_backup_comes_back_whole(force: Installation, tmp_path: Path) -> None:
    file = tmp_path / "peelian.backup"
    before = count(force.home, *COUNTED)  # the trail says afterwards that there was a backup
    assert force.done("backup", file).startswith(f"Backed up to {file} (")
    assert "exists already" in force.refused("backup", file)
    assert "not empty" in force.refused("restore", file)
    for other in new_home(tmp_path):
        assert str(tmp_path / "none") in other.refused("restore", tmp_path / "none")
        assert other.done("restore", file) == f"Restored from {file}.\n"
        assert count(other.home, *COUNTED) == before
        assert other.refused("staff", "add", AUTHOR, "--role", "officer") == THERE_ALREADY


def test_a_server_of_ones_own_is_migrated_on_request(fresh: Installation) -> None:
    cluster = postgres.ensure_running(fresh.home)
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE own")
    settings = {"DATABASE_URL": cluster.dsn().replace("/peelian?", "/own?"), "PEELIAN_SECRET_KEY": "k" * 50}

    assert "Run peelian migrate first." in fresh.refused("staff", "add", AUTHOR, "--role", "officer", **settings)
    fresh.done("migrate", **settings)
    fresh.done("staff", "add", AUTHOR, "--role", "officer", **settings)
    assert "its own tools" in fresh.refused("upgrade-database", **settings)


@pytest.mark.skipif(not (OLD_PROGRAMS / "initdb").exists(), reason=f"no PostgreSQL {OLD_MAJOR} on this machine")
def test_an_older_database_is_brought_over(tmp_path: Path) -> None:
    for one in new_home(tmp_path):
        one.home.mkdir()
        old = Cluster(one.home, OLD_MAJOR)
        make_older_database(old, one)

        said = one.refused("doctor")
        assert "was made by PostgreSQL 15" in said
        assert "peelian upgrade-database" in said
        assert not (one.home / "upgrade").exists()

        assert "is kept in" in one.done("upgrade-database")
        assert (one.home / "pg15-kept" / "PG_VERSION").read_text() == "15\n"
        assert not old.data_dir.exists()
        assert one.refused("staff", "add", AUTHOR, "--role", "officer") == THERE_ALREADY
        assert one.done("upgrade-database").startswith("There is nothing to bring over")


def make_older_database(old: Cluster, one: Installation) -> None:
    """A database as an installation on the older PostgreSQL left it, with one account in it."""
    account = postgres_machine.account_for(old.home, old.data_dir)
    for folder in (old.data_dir, old.socket_dir):
        postgres_machine.private_directory(folder, account)
    settings = ["-D", str(old.data_dir), "-U", postgres.NAME, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    assert account.run([str(OLD_PROGRAMS / "initdb"), *settings]).returncode == 0
    options = f"-c listen_addresses='' -c port={old.port} -c unix_socket_directories={old.socket_dir}"
    pg_ctl = [str(OLD_PROGRAMS / "pg_ctl"), "-s", "-w", "-D", str(old.data_dir)]
    started = account.run([*pg_ctl, "start", "-l", str(old.data_dir / "log"), "-o", options])
    assert started.returncode == 0, started.stdout
    try:
        create = [OLD_PROGRAMS / "createdb", "-h", old.socket_dir, "-U", postgres.NAME, postgres.NAME]
        subprocess.run(create, check=True, env=dict(os.environ))
        own = {"DATABASE_URL": old.dsn(), "PEELIAN_SECRET_KEY": "k" * 50}
        one.done("migrate", **own)
        one.done("staff", "add", AUTHOR, "--role", "officer", **own)
    finally:
        account.run([*pg_ctl, "stop", "-m", "fast"])
