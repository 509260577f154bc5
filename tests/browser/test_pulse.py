"""Worry after messages: what staff read and set, and a resident who answers the two questions on a phone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.browser.conftest import Force
from tests.browser.looking import PHONE, Person

pytestmark = pytest.mark.browser
Makes = Callable[..., Person]
PULSE = "/staff/surveys/pulse/"
# A round of the demonstration that is still open is sent to one member, whose link is printed
ASK = """
import django; django.setup()
from peelian.core import clock
from peelian.delivery import actions, tokens
from peelian.delivery.models import Delivery, Lane
from peelian.members.models import Member
from peelian.surveys.pulse import drawing
from peelian.surveys.pulse.models import PulseRound, PulseSlice
one = PulseSlice.objects.order_by("-pk").first()
PulseRound.objects.filter(pk=one.round_id).update(closes=clock.today())
member = Member.objects.filter(confirmed_at__isnull=False, left_at=None, email__isnull=False, language="en")
team = one.round.alert.team
for pk in member.values_list("pk", flat=True)[:50]:
    rows = drawing.rows_sql([pk], team.organisation)
    one.send = actions.open_send(renderer="surveys.pulse", object_id=one.pk, lane=Lane.ROUTINE, rows=rows)
    if one.send.recipients:
        break
one.save()
print(tokens.make(one.send_id, Delivery.objects.get(send=one.send).address_id))
"""


def test_what_the_pulse_found_how_it_is_asked_and_who_decided(staff: Makes) -> None:
    lead = staff("communications", to=PULSE)
    assert lead.heading == "Worry after messages"
    lead.look("pulse")
    lead.follow("How it is asked")
    lead.look("pulse-settings")
    lead.fill("Hours after the last message went out", "1")
    lead.press("Save")
    assert "Error" in lead.page.title()
    lead.look("pulse-settings-wrong")
    lead.open(f"{PULSE}holdout/")
    lead.look("holdout")
    lead.press("Enter another decision")
    lead.fill("Who decided", "Ethics Committee of Heartshire")
    lead.fill("Day of the decision", date.today().isoformat())
    lead.fill("Reference", "EC 15, item 2")
    lead.fill("What was decided", "Agreed for another half year.")
    lead.page.get_by_label("Vehicle crime", exact=True).check()
    lead.fill("Last day", (date.today() + timedelta(days=900)).isoformat())
    lead.press("Enter the decision")
    lead.look("holdout-wrong")
    lead.fill("Last day", (date.today() + timedelta(days=90)).isoformat())
    lead.press("Enter the decision")
    assert lead.heading == "Ethics decision"
    lead.press("End it now")
    assert "No decision holds" in lead.page.inner_text("main")
    lead.look("holdout-ended")


def test_what_the_pulse_found_in_the_dark(staff: Makes) -> None:
    analyst = staff("communications", to=PULSE, dark=True)
    analyst.look("pulse-dark")


def test_a_resident_answers_two_questions_on_a_phone_without_script(force: Force, somebody: Makes) -> None:
    environment = force.installation.environment() | {"DJANGO_SETTINGS_MODULE": "peelian.config.settings"}
    done = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True)
    resident = somebody(width=PHONE, scripts=False)
    resident.open(f"/q/{done.stdout.split()[-1]}/two/")
    resident.look("pulse-two")
    resident.press("Send")
    assert "Nothing has been sent" in resident.page.inner_text("main")
    resident.look("pulse-two-nothing")
    resident.page.get_by_label("Not very worried", exact=True).check()
    resident.page.get_by_label("Fairly well informed", exact=True).check()
    resident.press("Send")
    assert resident.heading == "Thank you"
    resident.look("pulse-done")
