"""Messages worth reading: told while writing, practised, planned, shared, measured. In a browser."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser import writing
from tests.browser.looking import Person, until

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]


def photograph() -> bytes:
    picture = Image.new("RGB", (1_600, 900), "#7fb3d5")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 600, 1_600, 900), fill="#5d8a4a")
    draw.rectangle((500, 330, 1_100, 640), fill="#8d6e53")
    draw.polygon([(440, 340), (800, 150), (1_160, 340)], fill="#5b4636")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def test_told_while_writing_and_on_check_and_send(staff: Makes) -> None:
    pcso = staff("pcso", to="/staff/alerts/")
    writing.begin(pcso)
    page = pcso.page
    pcso.fill("Title", "Thugs on a rampage in Mill Lane")
    page.get_by_label("Type", exact=True).select_option(label=writing.TOPIC)
    pcso.fill("What is happening", f"{writing.HAPPENING} A silver Ford, AB12 CDE, left 12 Mill Lane after the RTC.")
    pcso.fill("What we are doing", "Enquiries are ongoing.")
    pcso.fill("What you can do", writing.CAN_DO)
    expect(page.locator("#reading-happening")).to_contain_text("AB12 CDE")
    expect(page.locator("#reading-doing")).to_contain_text("says only that it is looked into")
    expect(page.locator("#reading-whole")).to_contain_text("reading age")
    writing.wait_until_saved(pcso)
    pcso.look("writing-told")
    page.get_by_text("Put in a saved piece").click()
    pcso.press("Add to “What we are doing”")
    expect(page.locator("#missing")).to_contain_text("Fill in {date} in “What we are doing”.")
    pcso.fill("What we are doing", "Enquiries are ongoing.")
    pcso.press("Add a picture or a file")
    page.get_by_label("Picture", exact=True).set_input_files(
        {"name": "shed.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    pcso.fill("What it shows, in words", "A brown shed on a green lawn")
    pcso.press("Add the picture")
    pcso.look("writing-pictures")
    pcso.follow("Go on writing")
    page.get_by_label(writing.WARD, exact=True).first.check()
    writing.wait_for_count(pcso, not_="Nobody yet")
    pcso.press("Check and send")
    assert pcso.heading == "Check and send"
    expect(page.locator(".p-look li")).to_have_count(6)
    pcso.look("writing-check")
    pcso.open(page.url.replace("/check/", "/preview/"))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_alt_text("A brown shed on a green lawn")).to_be_visible()
    assert frame.get_by_alt_text("A brown shed on a green lawn").evaluate("(image) => image.naturalWidth") == 1_200
    pcso.look("writing-preview")


def test_practice_from_beginning_to_results(staff: Makes) -> None:
    pcso = staff("pcso", to="/staff/alerts/")
    page = pcso.page
    pcso.follow("Practise writing an alert")
    pcso.press("Start practising")
    writing.write(pcso, "Vans broken into on Mill Lane")
    page.get_by_label(writing.WARD, exact=True).first.check()
    writing.wait_for_count(pcso, not_="Nobody yet")
    pcso.look("practice-compose")
    writing.wait_until_saved(pcso)
    pcso.press("Check and send")
    pcso.look("practice-check")
    pcso.press("Send it as practice")
    until(
        lambda: page.reload() and "Delivered" in page.content() and "Sent" in page.content(), "practice was delivered"
    )
    expect(page.locator(".p-notice").first).to_contain_text("no resident")
    pcso.look("practice-results")


def test_planned_shared_and_measured(staff: Makes) -> None:
    pcso = staff("pcso", to="/staff/alerts/")
    page = pcso.page
    pcso.follow("Planner")
    pcso.look("planner")
    pcso.press("Start a draft in the week of")
    assert page.get_by_text("Begun for").count() == 1
    pcso.open("/staff/alerts/templates/")
    pcso.look("templates")
    pcso.open("/staff/alerts/?state=sent")
    pcso.go(page.locator(".p-alerts th a").filter(has_not_text="Practice"))
    pcso.follow("Copy for social media")
    assert re.match(r"For social media: ", pcso.heading)
    assert page.locator("img.p-card-picture").evaluate("(image) => image.naturalWidth") == 1_200
    pcso.look("social")
    communications = staff("communications", to="/staff/alerts/")
    communications.follow("Words to avoid")
    communications.look("words")
    communications.open("/staff/alerts/saved/")
    communications.look("saved-texts")
    communications.open("/staff/alerts/quality/?team=")
    communications.look("quality")
