"""Urdu: an alert is translated, a person reads the translation over, a neighbour reads it; joining and signing in run
from the right."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from peelian.config.demo.staff import HOST, PASSWORD
from peelian.core.testing.ports import free_port
from peelian.core.testing.prepared import let_nobody_sleep
from peelian.core.translators.tests.serving import KEY, libretranslate, serving
from tests.browser.looking import PHONE, Person, look_at_document, until
from tests.journeys.installation import Installation, end, status_of, wait_for

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]

# What the translator of this test knows to say; anything else it says letter by letter
URDU = {
    "Three vans opened on Mill Lane": "مل لین پر تین وینیں کھولی گئیں",
    "Tools were taken from three vans on Monday night.": "پیر کی رات تین وینوں سے اوزار چرائے گئے۔",
    "We patrol the lane at night until Friday.": "ہم جمعے تک رات کو اس گلی میں گشت کرتے ہیں۔",
    "Take your tools indoors. Saw something? Call ": "اپنے اوزار اندر رکھیں۔ کچھ دیکھا؟ کال کریں: ",
}
MENDED = "پیر کی رات تین گاڑیوں سے اوزار چوری ہوئے۔"
ALERT = """---
title: Three vans opened on Mill Lane
type: vehicle-crime
areas: [{area}]
---

## What is happening

Tools were taken from three vans on Monday night.

## What we are doing

We patrol the lane at night until Friday.

## What you can do

Take your tools indoors. Saw something? Call 101.
"""


def in_urdu(html: str, to: str) -> str:
    for english, urdu in URDU.items():
        html = html.replace(english, urdu)
    return html


@pytest.fixture(scope="module")
def translating() -> Iterator[tuple[str, Installation]]:
    """A small demonstration force whose translator is a server on this machine."""
    home = Path(tempfile.mkdtemp(prefix="peelian-urdu-")) / "home"
    base = f"http://localhost:{(port := free_port())}"
    with serving(libretranslate) as translator:
        translator.say = in_urdu
        url = f"libretranslate://127.0.0.1:{translator.port}?key={quote(KEY, safe='')}&personal=yes"
        settings = {"PEELIAN_DEMO": "1", "PEELIAN_BASE_URL": base, "PEELIAN_TRANSLATOR": url}
        installation = Installation(home, settings).with_tables()
        # Few enough for an alert to everybody to go at once, by one person
        installation.done("demo", "--members", "900", "--seed", "7")
        let_nobody_sleep(home)
        log = home.parent / "log"
        running = installation.start("run", "--port", str(port), log=log)
        try:
            wait_for(lambda: status_of(f"{base}/readyz") == 200, f"it is ready (see {log})", seconds=90)
            yield base, installation
        finally:
            end(running)
            installation.run("stop")
            shutil.rmtree(home.parent, ignore_errors=True)


def test_an_alert_in_urdu(browser: Browser, translating: tuple[str, Installation]) -> None:
    base, installation = translating
    officer = Person(browser, base)
    officer.sign_in(f"communications@{HOST}", PASSWORD)
    write_by_hand(officer)
    ref = send(installation)
    read_over(officer, ref)
    letter(officer, browser, ref)
    neighbour = Person(browser, base, width=PHONE, scripts=False)
    read_in_urdu(neighbour, ref)
    for person in (officer, neighbour):
        person.hear_nothing_wrong(but_status=person.status)
        person.context.close()


def write_by_hand(officer: Person) -> None:
    """A draft, in a language that its author knows."""
    drafts = officer.open("/staff/alerts/?state=draft").locator("main").inner_html()
    found = re.search(r'href="/staff/alerts/([a-z0-9]{8})/"', drafts)
    assert found, drafts
    ref = found[1]
    officer.open(f"/staff/alerts/{ref}/edit/")
    officer.press("In other languages")
    officer.look("languages")
    officer.open(f"/staff/alerts/{ref}/languages/ur/")
    officer.look("language")
    for field in officer.page.locator("main form :is(textarea, input[type=text])").all():
        field.fill(MENDED)
    officer.press("Save it in Urdu")
    officer.open(f"/staff/alerts/{ref}/check/")
    officer.page.locator("summary", has_text="Read it in Urdu").click()
    officer.look("check-in-urdu")


def send(installation: Installation) -> str:
    """An alert to everybody, from the command line."""
    file = installation.home.parent / "vans.md"
    file.write_text(ALERT.format(area="HS"), encoding="utf-8")
    told = installation.done("alert", "send", file, "--as", f"communications@{HOST}", "--wait", "--json")
    found = re.search(r'"ref": ?"(\w+)"', told)
    assert found, told
    return found[1]


def read_over(officer: Person, ref: str) -> None:
    until(lambda: "Urdu" in officer.open("/staff/alerts/translations/").inner_text("main"), "the translation is there")
    officer.look("translations")
    officer.go(officer.page.locator(f'a[href*="/{ref}/translations/ur/"]'))
    officer.look("translation")
    field = officer.page.get_by_label("What is happening, in Urdu")
    expect(field).to_have_attribute("dir", "rtl")
    field.fill(MENDED)
    officer.press("Approve this translation")
    officer.open(f"/staff/alerts/{ref}/")
    expect(officer.page.locator("table", has_text="Urdu")).to_contain_text("Checked by a person")


def letter(officer: Person, browser: Browser, ref: str) -> None:
    """The email as somebody who reads Urdu gets it."""
    where = officer.page.context.request.get(f"{officer.base}/staff/alerts/{ref}/preview/email/?lang=ur")
    html = where.text()
    look_at_document(browser, html, "email-urdu")
    assert '<html lang="ur" dir="rtl">' in html
    assert MENDED in html
    assert "Tools were taken from three vans" in html


def read_in_urdu(neighbour: Person, ref: str) -> None:
    neighbour.open(f"/alerts/{ref}/")
    neighbour.look("alert-english")
    neighbour.go(neighbour.page.get_by_role("link", name="اردو"))
    assert neighbour.page.locator("h1").get_attribute("dir") == "rtl"
    assert MENDED in neighbour.page.inner_text("main")
    assert "has checked the translation" in neighbour.page.inner_text("main")
    neighbour.look("alert-urdu")


def test_joining_in_urdu(somebody: Makes) -> None:
    resident = somebody(width=PHONE)
    resident.open("/register/")
    resident.go(resident.page.get_by_role("link", name="اردو"))
    assert resident.page.locator("html").get_attribute("dir") == "rtl"
    resident.look("urdu-join-1")
    resident.press("آگے بڑھیں")
    resident.look("urdu-join-1-wrong")
    resident.open("/me/")
    resident.look("urdu-sign-in")
