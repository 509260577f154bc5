"""The main job on real geography: an alert to a ward, and one to a shape drawn across two authorities.

Areas, postcodes and members go in through the commands, the mail comes out through a real SMTP conversation, and who
should have got it is worked out from the files alone, by shapely. The data are open data and are not part of this
repository (PEELIAN_TEST_DATA names their folder).
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from aiosmtpd.controller import Controller

from peelian.core.testing.ports import free_port
from peelian.core.testing.prepared import copy_home
from tests.journeys.real_data import DATA, DRAWN, LADYWOOD, POSTCODES, as_drawn, boundary_file, needed, shapes

MEMBERS = 50_000
TOPIC = "vehicle-crime"
HEADER = ("external_id", "first_name", "email", "postcode", "latitude", "longitude", "interests", "confirmed_on")

pytestmark = needed


@dataclass(frozen=True)
class Resident:
    """A row of the members file, with the position that its postcode or the row itself has."""

    email: str
    longitude: float
    latitude: float
    authority: str
    is_reached: bool


@dataclass(frozen=True)
class Installation:
    """A PEELIAN_HOME of this test's own, and the mail server that its worker talks to."""

    home: Path
    smtp_port: int

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PEELIAN_DEMO")}
        return kept | {
            "PEELIAN_HOME": str(self.home),
            "PEELIAN_SMTP_URL": f"smtp://127.0.0.1:{self.smtp_port}?tls=none",
            "PEELIAN_BASE_URL": "http://localhost:8000",
        }

    def peelian(self, *words: object) -> str:
        """Run a command to its end; what it printed."""
        command = [sys.executable, "-m", "peelian.config.cli", *map(str, words)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, f"{words}: {done.stderr}{done.stdout}"
        return done.stdout

    @contextmanager
    def worker(self) -> Iterator[None]:
        process = subprocess.Popen([sys.executable, "-m", "peelian.config.cli", "worker"], env=self.environment)
        try:
            yield
        finally:
            process.terminate()
            assert process.wait(timeout=120) in (0, -15)


class Sink:
    """A mail server that takes everything and remembers for whom; the subject tells the alerts apart."""

    def __init__(self) -> None:
        self.recipients: dict[str, Counter[str]] = {}
        self.port = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        head = envelope.content.split(b"\r\n\r\n", 1)[0].decode()
        subject = next(line[9:] for line in head.split("\r\n") if line.lower().startswith("subject: "))
        self.recipients.setdefault(subject, Counter()).update(envelope.rcpt_tos)
        return "250 2.0.0 Taken"


@pytest.fixture
def sink() -> Iterator[Sink]:
    found = Sink()
    found.port = free_port()
    controller = Controller(found, hostname="127.0.0.1", port=found.port)
    controller.start()
    yield found
    controller.stop()


@pytest.fixture
def installation(sink: Sink, tmp_path: Path) -> Iterator[Installation]:
    copy_home(tmp_path / "home")
    made = Installation(tmp_path / "home", sink.port)
    yield made
    made.peelian("stop")


def test_exactly_the_right_people_get_it(installation: Installation, sink: Sink, tmp_path: Path) -> None:
    import_ground(installation, tmp_path)
    residents = write_members(tmp_path / "members.csv")
    assert "50,000 new" in installation.peelian("import", "members", tmp_path / "members.csv")
    ward = shapes("wards")[LADYWOOD]
    (tmp_path / "drawn.geojson").write_text(json.dumps(as_drawn()))
    write_alert(tmp_path / "ward.md", "Vans opened in Ladywood", f"areas: [{LADYWOOD}]")
    write_alert(tmp_path / "drawn.md", "Vans opened across the border", "polygon: drawn.geojson")
    installation.peelian("staff", "add", "lead@westmidlands.example", "--role", "communications")
    installation.peelian("staff", "add", "second@westmidlands.example", "--role", "communications")
    with installation.worker():
        to_ward = send(installation, tmp_path / "ward.md")
        to_drawn = send(installation, tmp_path / "drawn.md")

    assert_reached(sink.recipients["Vans opened in Ladywood"], to_ward, residents, ward)
    assert_reached(sink.recipients["Vans opened across the border"], to_drawn, residents, DRAWN)
    inside = [one for one in residents if shapely.intersects_xy(DRAWN, one.longitude, one.latitude)]
    assert {one.authority for one in inside} == {"Birmingham", "Sandwell"}
    assert set(sink.recipients) == {"Vans opened in Ladywood", "Vans opened across the border"}


def import_ground(installation: Installation, folder: Path) -> None:
    named = ("--code", "code", "--name", "name")
    installation.peelian("import", "areas", boundary_file("force"), "--kind", "force", *named)
    installation.peelian("import", "areas", boundary_file("lads"), "--kind", "policing-area", *named)
    said = installation.peelian(
        "import", "areas", boundary_file("wards"), "--kind", "ward", *named, "--parent-code", "lad_code"
    )
    assert "192 new" in said
    bad = folder / "bad-postcodes.csv"
    assert "161 bad" in installation.peelian("import", "postcodes", POSTCODES, "--skip-bad", bad)
    assert len(bad.read_text().splitlines()) == 162  # those without a position, below their header


def write_members(path: Path) -> list[Resident]:
    """50,000 members at real postcodes, as many in each ward as its share of the force's residents.

    Every second one has a position of their own near the postcode's; the others are found by the postcode. One in 20
    has not confirmed, one in 10 chose other types, one in 15 shares the email address of the member before.
    """
    rng = np.random.default_rng(2021)
    residents = []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["external_id", "first_name", "email", "postcode", "latitude", "longitude", "interests", "confirmed_on"]
        )
        for number, row in enumerate(chosen_postcodes(rng), 1):
            luck = rng.random(3)
            email = residents[-1].email if luck[0] < 1 / 15 and residents else f"resident{number}@westmidlands.example"
            confirmed, interested, own = luck[1] > 1 / 20, luck[2] > 1 / 10, number % 2 == 0
            lon, lat = (float(row[name]) for name in ("longitude", "latitude"))
            if own:
                lon, lat = np.round(rng.normal((lon, lat), 0.0006), 7).tolist()
            residents.append(Resident(email, lon, lat, row["local_authority"], confirmed and interested))
            writer.writerow(
                [f"W{number}", "Resident", email, row["postcode"], *((lat, lon) if own else ("", "")),
                 "" if interested else "good-news;meeting-notice", "2025-01-01" if confirmed else ""]
            )  # fmt: skip
    return residents


def chosen_postcodes(rng: np.random.Generator) -> Iterator[dict[str, str]]:
    """MEMBERS rows of the postcode file: wards by population (largest remainders), postcodes in a ward by chance."""
    with (DATA / "census" / "DERIVED_ward_profile.csv").open(encoding="utf-8") as file:
        people = {row["ward_code"]: int(row["total_residents"]) for row in csv.DictReader(file)}
    by_ward: dict[str, list[dict[str, str]]] = {code: [] for code in people}
    with POSTCODES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["ward_code"] in by_ward and row["latitude"]:
                by_ward[row["ward_code"]].append(row)
    exact = {code: MEMBERS * n / sum(people.values()) for code, n in people.items()}
    counts = {code: int(share) for code, share in exact.items()}
    for code in sorted(exact, key=lambda code: counts[code] - exact[code])[: MEMBERS - sum(counts.values())]:
        counts[code] += 1
    for code, count in counts.items():
        yield from (by_ward[code][at] for at in rng.integers(0, len(by_ward[code]), count))


def write_alert(path: Path, title: str, audience: str) -> None:
    path.write_text(
        f"---\ntitle: {title}\ntype: {TOPIC}\npriority: routine\n{audience}\n---\n\n"
        "## What is happening\n\nThree vans were opened on Tuesday night and tools were taken.\n\n"
        "## What we are doing\n\nWe are there between 10pm and 5am this week.\n\n"
        "## What you can do\n\n- Take tools out of the van.\n- Tell us what you saw.\n"
    )


def send(installation: Installation, path: Path) -> dict[str, Any]:
    words = ("--as", "lead@westmidlands.example", "--approved-by", "second@westmidlands.example", "--wait", "--json")
    said: dict[str, Any] = json.loads(installation.peelian("alert", "send", path, *words))
    return said


def assert_reached(got: Counter[str], said: dict[str, Any], residents: list[Resident], shape: Any) -> None:
    """Everybody in the shape who confirmed and wants this type, each address once, and nobody else."""
    shapely.prepare(shape)
    right = {
        one.email for one in residents if one.is_reached and shapely.intersects_xy(shape, one.longitude, one.latitude)
    }
    assert len(right) > 100
    assert set(got) == right
    assert set(got.values()) == {1}
    counted = (said["state"], said["recipients"], said["handed_over"], said["failed"], said["unknown"])
    assert counted == ("sent", len(right), len(right), 0, 0)
