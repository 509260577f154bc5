"""A survey from the library to a resident's answer: staff build, open and share it; a resident answers on a phone
without script, in the dark too."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.looking import PHONE, Person

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
SURVEYS = "/staff/surveys/"


def test_a_survey_is_made_opened_and_answered(somebody: Makes, staff: Makes) -> None:
    officer, resident = staff("communications", to=SURVEYS), somebody(width=PHONE, scripts=False)
    officer.look("surveys")
    officer.press("Make a survey")
    officer.look("survey-new")
    officer.page.get_by_label("What matters near you", exact=True).check()
    officer.press("Make a draft")
    assert officer.heading == "What matters near you"
    officer.look("survey-draft")
    officer.go(officer.page.get_by_role("link", name=re.compile("^Add a question")).first)
    officer.look("survey-add")
    officer.follow("As many as apply")
    officer.fill("Question", "What have you seen in the last month?")
    officer.press("Save")
    officer.look("survey-question-wrong")
    officer.fill("Answers, one a line", "An officer on foot\nA police car\nNothing")
    officer.press("Save")
    officer.follow("See it as residents do")
    officer.look("survey-preview")
    officer.open(officer.page.url.replace("preview/", "open/"))
    officer.look("survey-open")
    officer.press("Open the survey")
    officer.look("survey-share")
    link = officer.page.locator("#link").inner_text()
    officer.open(officer.page.url.replace("share/", "invite/"))
    officer.page.get_by_label("Everybody in the force’s area").check()
    officer.press("Check and send")
    officer.look("survey-invite-check")
    answer(resident, link)
    dark = somebody(dark=True)
    dark.open(link)
    dark.look("survey-intro-dark")
    dark.press("Start")
    dark.page.get_by_text("Show it on a map").click()
    dark.page.locator(".q-map path").first.wait_for()
    dark.look("survey-page-dark")
    dark.page.locator(".q-map .p-map").click()
    assert dark.page.get_by_label("Where is it worst?", exact=True).input_value() == "A place on the map"
    dark.press("Save and go on later")
    dark.open(f"{dark.page.url.removesuffix('saved/')}check/")
    assert "A place on the map" in dark.page.locator(".q-rows").inner_text()


def test_results_of_a_wave_are_read_weighted_and_compared(staff: Makes) -> None:
    analyst = staff("analyst", to=f"{SURVEYS}?state=closed")
    analyst.go(analyst.page.get_by_role("link", name=re.compile("How are we doing.*")).first)
    analyst.follow("Results")
    analyst.look("survey-results")
    if analyst.page.get_by_label("Weighted by").count():
        analyst.page.get_by_label("Weighted by").select_option("all")
        analyst.press("Show")
        analyst.look("survey-results-weighted")
    for link in ("Who answered", "Waves and areas", "Comments", "Codebook and file"):
        analyst.follow(link)
        analyst.look(f"survey-results-{link.split()[0].lower()}")


def answer(resident: Person, link: str) -> None:
    resident.open(link)
    resident.look("survey-intro")
    resident.press("Start")
    resident.page.get_by_label("Burglary", exact=True).first.check()
    resident.page.get_by_label("None of these").check()
    resident.press("Continue")
    resident.look("survey-page-wrong")
    resident.page.get_by_label("None of these").uncheck()
    resident.fill("Where is it worst?", "Atlantis")
    resident.press("Continue")
    resident.fill("Where is it worst?", "")
    resident.press("Continue")
    resident.look("survey-page")
    resident.press("Save and go on later")
    resident.look("survey-saved")
    resident.follow("Go on now")
    resident.press("Go on where you stopped")
    resident.press("Continue")
    resident.press("Look over your answers")
    resident.look("survey-check")
    resident.press("Send my answers")
    resident.look("survey-done")
    assert resident.context.cookies() == []
    resident.page.go_back()  # to a page that is never kept: it says that they have come
    resident.look("survey-twice", expect=409)
