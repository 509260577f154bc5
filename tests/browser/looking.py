"""A person at a real browser, who looks at every page they come to as we would want it looked at."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect

from peelian.core.testing.patience import BUSY

PROJECT = Path(__file__).resolve().parents[2]
PHONE, DESK = 360, 1280
WIDTHS = (PHONE, DESK)
HEIGHTS = {PHONE: 740, DESK: 800}
SCREENSHOTS = PROJECT / "build" / "screenshots"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHECK = """async (rules) => {
  const found = await axe.run(document, {
    runOnly: {type: "tag", values: rules}, resultTypes: ["violations"], iframes: false, preload: false,
  });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
PATIENCE = 12_000 * BUSY  # milliseconds
expect.set_options(timeout=PATIENCE)


def axe() -> str:
    return (PROJECT / "build" / "dev" / "axe.min.js").read_text(encoding="utf-8")


class Person:
    """One person: a browser context of their own, with no session to begin with. `page` is what they see.

    Whoever has no JavaScript gets none from the pages. It is taken away with the debugger, not with Playwright's
    switch, because axe has to run in the same page afterwards.
    """

    def __init__(self, browser: Browser, base: str, *, width: int = DESK, scripts: bool = True, dark: bool = False):
        self.base, self.width, self.scripts = base, width, scripts
        self.context = browser.new_context(
            base_url=base,
            viewport={"width": width, "height": HEIGHTS[width]},
            locale="en-GB",
            timezone_id="Europe/London",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.problems: list[tuple[str, str]] = []
        self.forgives = ""  # what a console says where there is no signal, and when does not matter
        self.status = 0
        self._debugger = self.context.new_cdp_session(self.page)
        self._scripts(scripts)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append((self.page.url, str(error))))
        self.page.on("response", self._answered)

    def _scripts(self, on: bool) -> None:
        self._debugger.send("Emulation.setScriptExecutionDisabled", {"value": not on})

    def _heard(self, said: ConsoleMessage) -> None:
        """What the content security policy refuses is said here too, as an error."""
        if said.type in ("error", "warning") and not (self.forgives and self.forgives in said.text):
            self.problems.append((said.location.get("url", ""), said.text))

    def _answered(self, answer: Response) -> None:
        if answer.request.is_navigation_request() and answer.frame == self.page.main_frame:
            self.status = answer.status

    # What they do ---------------------------------------------------------------------------------------------------

    def open(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def go(self, through: Locator) -> None:
        """Press what leads to another page, or to this one again with a sentence about what is wrong, and be there."""
        with self.page.expect_navigation():
            through.first.click()

    def press(self, words: str) -> None:
        """A button that sends something off, by what it says from its beginning on."""
        self.go(self.button(words))

    def follow(self, words: str) -> None:
        self.go(self.page.get_by_role("link", name=re.compile(f"^{re.escape(words)}")))

    def button(self, words: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(f"^{re.escape(words)}")).first

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").inner_text().split())

    def sign_in(self, email: str, password: str, *, to: str = "/staff/") -> Page:
        """With email address and password, which is all that demonstration accounts need."""
        self.open(f"/staff/account/login/?next={to}")
        self.fill("Email address", email)
        self.fill("Password", password)
        self.press("Sign in")
        assert self.page.url == self.base + to
        return self.page

    # What is looked at ----------------------------------------------------------------------------------------------

    def look(self, name: str, *, expect: int = 200, widths: tuple[int, ...] = WIDTHS) -> None:
        """Check the page they are on at each width and keep a picture of it in build/screenshots/.

        No breach of WCAG 2.2 A and AA that axe can see, nothing wrong said on the console, nothing refused by the
        content security policy, no sliding sideways, and the status that was expected.
        """
        assert self.status == expect, (self.page.url, self.status)
        if self.page.locator(".p-map:visible").count():
            self.page.wait_for_load_state("networkidle")
        for width in widths:
            self._at(width)
            self._check(name, width)
        if self.page.viewport_size != {"width": self.width, "height": HEIGHTS[self.width]}:
            self._at(self.width)
        self.hear_nothing_wrong(but_status=expect)

    def _at(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        if self.scripts:
            self.page.evaluate(SETTLED)

    def _check(self, name: str, width: int) -> None:
        page = self.page
        if not self.scripts:
            self._scripts(True)
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(axe())
        broken = page.evaluate(CHECK, RULES)
        wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        if not self.scripts:
            self._scripts(False)
        keep_picture(page, f"{name}-{width}")
        assert broken == [], (name, width, page.url, broken)
        assert wide <= 0, f"{name} is {wide} px too wide at {width} px: {page.url}"

    def hear_nothing_wrong(self, *, but_status: int = 200) -> None:
        """Nothing on the console, but that a page which is meant to answer with an error did."""
        of_page = f"responded with a status of {but_status}" if but_status != 200 else None
        heard = [said for url, said in self.problems if not (of_page and of_page in said and url == self.page.url)]
        assert heard == [], f"{self.page.url}: {heard}"
        self.problems.clear()


def keep_picture(page: Page, name: str) -> None:
    """For people to open; nothing is read from it, so where nobody will (.ci/run) it is not painted."""
    if os.environ.get("PEELIAN_TEST_PICTURES") == "none":
        return
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    # Playwright hides the caret by style attributes, which htmx would carry over and the policy refuse
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True, caret="initial")


def look_at_document(browser: Browser, html: str, name: str) -> None:
    """The same for an email, which is read in a mail program: without scripts, in light and dark."""
    context = browser.new_context(reduced_motion="reduce", java_script_enabled=True)
    page = context.new_page()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
            page.set_content(html)
            page.evaluate(axe())
            keep_picture(page, f"{name}-{scheme}-{width}")
            assert page.evaluate(CHECK, RULES) == [], (name, scheme, width)
            assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0, (name, width)
    context.close()


def until(happened: Callable[[], Any], what: str, *, seconds: float = 30) -> Any:
    """Wait for something that is true, and return it. SECONDS are those of a machine to oneself."""
    deadline = time.monotonic() + BUSY * seconds
    while not (found := happened()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds} seconds"
        time.sleep(0.2)
    return found


def for_readme() -> bool:
    """Whether the picture in the README is to be made anew."""
    return os.environ.get("PEELIAN_README_SCREENSHOT") == "1"
