"""One installation and one browser for all tests here: the demonstration force, served by real processes."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from peelian.config.demo.staff import HOST, PASSWORD
from peelian.core.testing.plugin import CHROMIUM
from peelian.core.testing.ports import free_port
from tests.browser.looking import Person, for_readme
from tests.journeys.installation import Installation, end, status_of, wait_for

ARGUMENTS = [
    "--no-sandbox",  # root, as in a container, has no other way
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Force:
    """The demonstration force, running."""

    base: str
    installation: Installation
    process: int  # of `peelian run`
    mail: str  # where its mail is taken in by LMTP: a socket

    @contextmanager
    def worker_held(self) -> Iterator[None]:
        """Nothing goes out meanwhile; afterwards the worker goes on where it was."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0") for child in children}
        (worker,) = [child for child, command in commands.items() if b"worker" in command]
        os.kill(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(worker, signal.SIGCONT)


@pytest.fixture(scope="package")
def force() -> Iterator[Force]:
    """Fill an empty PEELIAN_HOME, start `peelian run` on it, and end it all after the last browser test."""
    # Not under pytest's own folder: the path of the database's socket may be 107 bytes long
    home = Path(tempfile.mkdtemp(prefix="peelian-browser-")) / "home"
    base = f"http://localhost:{(port := free_port())}"  # a passkey belongs to a name, not to an address
    mail = str(home.parent / "lmtp")
    named = {"PEELIAN_DEMO": "1", "PEELIAN_BASE_URL": base, "PEELIAN_LMTP_LISTEN": f"unix:{mail}"}
    installation = Installation(home, named)
    if for_readme():
        installation.done("demo", "--members", "20000", "--seed", "7")
    else:
        installation.with_demonstration()
    log = home.parent / "log"
    running = installation.start("run", "--port", str(port), log=log)
    try:
        wait_for(lambda: status_of(f"{base}/readyz") == 200, f"the installation is ready (see {log})", seconds=90)
        yield Force(base, installation, running.pid, mail)
        assert running.poll() is None, log.read_text()
    finally:
        end(running)
        installation.run("stop")
        shutil.rmtree(home.parent, ignore_errors=True)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Not for the whole session: while Playwright runs, its event loop makes Django refuse the
    database to tests of other folders."""
    assert CHROMIUM, "There is no Chromium: make setup-browser installs it."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def somebody(browser: Browser, force: Force) -> Iterator[Callable[..., Person]]:
    """Makes people with browsers of their own. At the end nobody's console may have said anything wrong."""
    people: list[Person] = []

    def make(**given: Any) -> Person:
        people.append(Person(browser, force.base, **given))
        return people[-1]

    yield make
    for person in people:
        person.context.close()
    for person in people:
        person.hear_nothing_wrong(but_status=person.status)


@pytest.fixture
def staff(somebody: Callable[..., Person]) -> Callable[..., Person]:
    """Makes members of staff of the demonstration, signed in: staff("pcso")."""

    def make(name: str, *, to: str = "/staff/", **given: Any) -> Person:
        person = somebody(**given)
        person.sign_in(f"{name}@{HOST}", PASSWORD, to=to)
        return person

    return make
