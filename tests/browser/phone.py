"""An officer's phone: a browser on a wire of its own, whose signal comes and goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from playwright.sync_api import Browser

from peelian.config.demo.staff import HOST, PASSWORD
from peelian.core.postgres import Cluster
from tests.browser.conftest import Force
from tests.browser.looking import PHONE, Person, until
from tests.browser.wire import Wire, wire_to

# Everything that the browser keeps for us, as text
KEPT = """async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const { name } of await indexedDB.databases()) {
    const asked = indexedDB.open(name);
    const database = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    for (const store of database.objectStoreNames) {
      const rows = await new Promise((done) => {
        const asked = database.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result);
      });
      found.push(...rows.map((row) => JSON.stringify(row)));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const kept = await caches.open(name);
    for (const request of await kept.keys()) found.push(request.url, await (await kept.match(request)).text());
  }
  return found;
}"""


class Known:
    """The running force, with what the test asks of its database."""

    def __init__(self, force: Force) -> None:
        self.base, self.force = force.base, force
        self.postcode = str(self.sql("SELECT code FROM places_postcode ORDER BY code LIMIT 1")[0][0])

    def sql(self, text: str, *values: Any) -> list[Any]:
        with psycopg.connect(Cluster(self.force.installation.home).dsn(), autocommit=True) as connection:
            found = connection.execute(text, values)
            return found.fetchall() if found.description else []


class Phone:
    """A phone with a wire of its own to the server."""

    def __init__(self, browser: Browser, force: Known, wire: Wire) -> None:
        self.force, self.wire = force, wire
        self.person = Person(browser, f"http://localhost:{wire.port}", width=PHONE)
        self.person.forgives = "Failed to load resource"  # a try may fail long after the signal went
        self.page = self.person.page

    def sign_in(self, name: str, *, to: str) -> None:
        self.person.sign_in(f"{name}@{HOST}", PASSWORD, to=to)

    def sign_in_again(self, name: str) -> None:
        """On the page to which somebody signed out was led."""
        self.person.fill("Email address", f"{name}@{HOST}")
        self.person.fill("Password", PASSWORD)
        self.person.press("Sign in")

    def is_ready(self) -> None:
        """The page is kept and there is a key: from now on it needs no signal."""
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        until(lambda: any('"half"' in row for row in self.kept()), "a key")

    def keeps(self, path: str) -> None:
        """Wait until it has a copy of that page."""
        until(lambda: any(row.endswith(f"{path}?kept") for row in self.kept()), f"{path} is kept")

    def kept(self) -> list[str]:
        return list(self.page.evaluate(KEPT))

    def waiting(self) -> int:
        return sum('"sealed"' in row for row in self.kept())

    def lose_signal(self) -> None:
        self.person.context.set_offline(True)
        self.wire.cut()

    def find_signal(self) -> None:
        self.wire.mend()
        self.person.context.set_offline(False)

    def says(self, words: str) -> None:
        self.page.locator("#door-status", has_text=re.compile(words)).wait_for()

    def end_session(self) -> None:
        """As the night's job does it, and 30 idle minutes."""
        (key,) = [one["value"] for one in self.person.context.cookies() if one["name"] == "sessionid"]
        self.force.sql("DELETE FROM django_session WHERE session_key = %s", key)


@contextmanager
def a_phone(browser: Browser, force: Force) -> Iterator[Phone]:
    with wire_to(force.base) as wire:
        phone = Phone(browser, Known(force), wire)
        try:
            yield phone
        finally:
            phone.person.context.close()
