"""An installation of its own for a test, used as an administrator uses it: by the `peelian` command."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from peelian.core.testing.patience import BUSY
from peelian.core.testing.prepared import PEELIAN, copy_demonstration, copy_home

PROJECT = Path(__file__).resolve().parents[2]
OURS = re.compile(r"PEELIAN_|DATABASE_URL|DJANGO_")


@dataclass
class Installation:
    """A PEELIAN_HOME and the settings it is used with. Nothing of the tests' own environment gets in."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    def with_tables(self) -> Installation:
        """Copied from one that was migrated, which is as good as new and quicker."""
        copy_home(self.home)
        return self

    def with_demonstration(self) -> Installation:
        """Copied from one that the demonstration force was filled into today."""
        copy_demonstration(self.home)
        return self

    def environment(self, **settings: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
        here = {"PEELIAN_HOME": str(self.home), "PYTHONPATH": str(PROJECT / "src"), "PEELIAN_QUIET_HOURS": "none"}
        return kept | here | self.settings | settings

    def run(self, *words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        return subprocess.run(
            [*PEELIAN, *map(str, words)],
            env=self.environment(**settings),
            cwd=self.home.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,  # the machine may be busy
            check=False,
        )

    def done(self, *words: str | Path, **settings: str) -> str:
        """One command that has to succeed; what it printed."""
        ran = self.run(*words, **settings)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def refused(self, *words: str | Path, **settings: str) -> str:
        """One command that has to be refused, in words and not with a stack of calls; its stderr."""
        ran = self.run(*words, **settings)
        assert ran.returncode == 1, (ran.returncode, ran.stdout, ran.stderr)
        assert "Traceback" not in ran.stderr
        assert ran.stderr.strip()
        return ran.stderr

    def start(self, *words: str, log: Path, **settings: str) -> subprocess.Popen[bytes]:
        """A command that stays; what it says goes to LOG."""
        with log.open("ab") as said:
            return subprocess.Popen(
                [*PEELIAN, *words],
                env=self.environment(**settings),
                cwd=self.home.parent,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def processes(self) -> list[int]:
        """Every process on this machine that was started for this home, the database's own included."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                environment = (entry / "environ").read_bytes().split(b"\0")
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
                directory = (entry / "cwd").readlink()
            except OSError:
                continue
            named = f"PEELIAN_HOME={self.home}".encode() in environment
            if state != "Z" and (named or directory.is_relative_to(self.home)):
                found.append(int(entry.name))
        return found


def wait_for(done: Callable[[], bool], what: str, *, seconds: float = 40) -> None:
    deadline = time.monotonic() + BUSY * seconds
    while not done():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} seconds"
        time.sleep(0.1)


def status_of(url: str) -> int:
    """The status a GET is answered with; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=12 * BUSY) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as problem:
        return problem.code
    except OSError:
        return 0


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and everything it started, whatever a test left."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


# The small force that tests import: two square wards side by side ----------------------------------------------------

WEST, SOUTH, SIDE = -2.0, 52.0, 0.01


def _square(column: int, width: int = 1) -> dict[str, object]:
    west, east, south, north = WEST + column * SIDE, WEST + (column + width) * SIDE, SOUTH, SOUTH + SIDE
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def write_areas(path: Path, *areas: tuple[str, str, str, dict[str, object]]) -> Path:
    features = [
        {"type": "Feature", "properties": {"code": code, "name": name, "above": above}, "geometry": geometry}
        for code, name, above, geometry in areas
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def write_force(folder: Path) -> tuple[Path, Path]:
    """Files of the force's area and of its wards W0 and W1."""
    return (
        write_areas(folder / "force.geojson", ("F1", "Testshire", "", _square(0, 2))),
        write_areas(
            folder / "wards.geojson", ("W0", "Castle", "F1", _square(0)), ("W1", "Riverside", "F1", _square(1))
        ),
    )


def write_csv(path: Path, *rows: dict[str, object]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def make_members(count: int, *, column: int = 0, first: int = 0) -> list[dict[str, object]]:
    """Rows of a members file: COUNT confirmed people in the middle of ward W<COLUMN>."""
    return [
        {
            "external_id": f"m{number}",
            "first_name": "Robin",
            "email": f"resident{number}@home.example",
            "latitude": f"{SOUTH + SIDE / 2 + number * 1e-6:.7f}",
            "longitude": f"{WEST + (column + 0.5) * SIDE:.7f}",
            "confirmed_on": "2026-01-05",
        }
        for number in range(first, first + count)
    ]


def write_alert(path: Path, *, title: str = "Thefts from vans in Castle", area: str = "W0", more: str = "") -> Path:
    path.write_text(
        f"---\ntitle: {title}\ntype: vehicle-crime\npriority: routine\nareas: [{area}]\n{more}---\n\n"
        "## What is happening\n\nThree vans were broken into on Monday night.\n\n"
        "## What we are doing\n\nWe are on patrol there every evening.\n\n"
        "## What you can do\n\nTake your tools indoors at night.\n"
    )
    return path
