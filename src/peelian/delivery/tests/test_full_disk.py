"""The disk of PEELIAN_HOME is full in the middle of a send: the worker loses and doubles nobody, and goes on when there
is room again.

The home is a small file system in memory, which takes the right to mount one (root has it)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from peelian.core import postgres
from peelian.core.testing.prepared import copy_home
from peelian.delivery.tests.conftest import START, Mailbox, settled, until
from peelian.delivery.tests.test_database_restart import PREPARE, all_sent, environment_of

SIZE = 256  # MiB


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    where = tmp_path / "disk"
    where.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={SIZE}m,mode=700", "tmpfs", str(where)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a file system")
    try:
        copy_home(where / "home")
        postgres.ensure_running(where / "home")
        yield where / "home"
    finally:
        (where / "home" / "full").unlink(missing_ok=True)
        postgres.stop(where / "home")
        subprocess.run(["umount", "-l", str(where)], check=True)


def fill(home: Path) -> None:
    """Until not a byte is left."""
    with (home / "full").open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


def test_a_full_disk_loses_and_doubles_nobody(home: Path, mailbox: Mailbox):
    environment = environment_of(home, mailbox)
    subprocess.run([sys.executable, "-c", PREPARE], env=environment, check=True)
    mailbox.pause = 0.05  # the disk is full long before the last has gone
    worker = subprocess.Popen([sys.executable, "-c", START], env=environment)
    try:
        until(lambda: len(mailbox.received) > 200)
        fill(home)
        assert settled(mailbox, 4) < 1_500  # nothing is claimed that could not be recorded
        mailbox.pause = 0
        (home / "full").unlink()
        postgres.ensure_running(home)
        until(lambda: len(set(mailbox.addresses())) == 1_500, 60)
        until(lambda: all_sent(environment), 40)
        assert worker.poll() is None
        assert len(mailbox.received) - 1_500 <= 250
    finally:
        worker.terminate()
        worker.wait(timeout=120)
