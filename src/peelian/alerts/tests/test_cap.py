"""CAP 1.2 (OASIS, 1 July 2010) of urgent alerts: what section 3.2 wants, an Update with references, a Cancel."""

import os
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.test import Client
from lxml import etree

from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions, queries
from peelian.alerts.cap_values import DEFAULTS
from peelian.alerts.models import Alert, Translation
from peelian.alerts.tests.factories import hand_over, make_draft, make_force, make_sent
from peelian.alerts.translated import fingerprint
from peelian.config import env
from peelian.core import clock
from peelian.members.migrations._first_rows import TOPICS
from peelian.members.models import Topic

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
STANDARD = Path(os.environ["PEELIAN_TEST_DATA"]) / "standards" / "cap" / "CAP-v1.2.xsd"


@pytest.fixture
def force(db):
    return make_force()


def urgent(force, **fields):
    """As sent: somebody else approved it, which is not what this is about."""
    alert = make_sent(force, **fields)
    Alert.objects.filter(pk=alert.pk).update(priority="urgent")
    alert.refresh_from_db()
    return alert


def told(alert):
    answer = Client().get(f"/alerts/{alert.ref}/cap.xml")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/cap+xml; charset=utf-8"
    if STANDARD.exists():
        etree.XMLSchema(file=str(STANDARD)).assertValid(etree.fromstring(answer.content))
    return ElementTree.fromstring(answer.content)


def said(message, *path):
    return message.findtext("/".join(f"{CAP}{name}" for name in path))


def test_an_urgent_alert_is_told_whole(force, settings):
    alert = urgent(force, ends_on=clock.today() + timedelta(days=1))
    message = told(alert)
    expected = {
        "identifier": f"testserver:{alert.ref}", "sender": settings.PEELIAN_MAIL_FROM,
        "status": "Actual", "msgType": "Alert", "scope": "Public", "references": None,
    }  # fmt: skip
    assert {name: said(message, name) for name in expected} == expected
    assert said(message, "info", "headline") == alert.title
    assert said(message, "info", "description") == (
        "Tools were taken from three vans on Monday night.\n\nWe patrol the lane at night."
    )
    assert said(message, "info", "instruction") == "Take your tools indoors. Tell us what you saw."
    words = {"language": "en-GB", "category": "Security", "event": "Vehicle crime", "urgency": "Immediate"}
    assert {name: said(message, "info", name) for name in words} == words
    assert said(message, "info", "area", "areaDesc") == "Ward 00"
    ring = said(message, "info", "area", "polygon").split()
    assert ring[0] == ring[-1]
    assert {point.split(",")[0] for point in ring} == {"52.00000", "52.01000"}  # latitude comes first
    assert said(message, "info", "area", "geocode", "value") == "W00"


def graded(message):
    return tuple(said(message, "info", name) for name in ("urgency", "severity", "certainty"))


def test_it_is_graded_by_what_it_says_of_itself(force, settings):
    alert = urgent(force)
    assert graded(told(alert)) == ("Immediate", "Moderate", "Observed")  # a vehicle was broken into: it has happened
    settings.PEELIAN_CAP_TYPES = {"vehicle-crime": ("Minor", "Likely")}
    assert graded(told(alert)) == ("Immediate", "Minor", "Likely")
    Alert.objects.filter(pk=alert.pk).update(topic=Topic.objects.get(slug="recruitment"))
    assert graded(told(alert)) == ("Immediate", "Unknown", "Unknown")  # a guess would be read as a fact
    Alert.objects.filter(pk=alert.pk).update(ends_on=clock.today() - timedelta(days=1), outcome="It is over.")
    assert graded(told(alert))[0] == "Past"


def test_staff_read_how_it_is_graded_before_and_after_it_is_sent(force, client):
    draft = make_draft(force)
    sign_in(client, force.officer)
    assert "Systems that collect warnings" not in client.page(f"/staff/alerts/{draft.ref}/check/").text()
    Alert.objects.filter(pk=draft.pk).update(priority="urgent")
    words = "Systems that collect warnings read: urgency Immediate, severity Moderate, certainty Observed."
    assert words in client.page(f"/staff/alerts/{draft.ref}/check/").text()
    page = client.page(f"/staff/alerts/{urgent(force).ref}/")
    assert words in page.text()
    assert any(link.endswith("/cap.xml") for link in page.links())


def test_every_type_that_is_graded_is_known():
    assert set(DEFAULTS) - {"missing-person"} <= {slug for slug, *_ in TOPICS}
    assert {grade for grades in DEFAULTS.values() for grade in grades} <= {*env._SEVERITIES, *env._CERTAINTIES}


def test_a_moment_has_an_offset_and_no_fraction(force):
    alert = urgent(force)
    assert len(said(told(alert), "sent")) == len("2026-11-21T18:00:00+00:00")


def test_it_expires_when_its_last_day_has_passed_in_london(force):
    alert = urgent(force)
    Alert.objects.filter(pk=alert.pk).update(ends_on=date(2099, 6, 30))
    assert said(told(alert), "info", "expires") == "2099-07-01T00:00:00+01:00"


def test_an_update_names_what_it_follows(force):
    first = urgent(force)
    draft = actions.follow_up(alert=first, relation="update", by=force.officer)
    given = {"title": "Two people arrested", "happening": "Two people were arrested.", "doing": "x", "can_do": "y"}
    actions.save_draft(alert=draft, version=draft.version, by=force.officer, **given)
    draft.refresh_from_db()
    Alert.objects.filter(pk=draft.pk).update(priority="routine")
    actions.send_now(alert=Alert.objects.get(pk=draft.pk), by=force.officer, again=True)
    actions.freeze(alert_id=draft.pk)
    update = Alert.objects.get(pk=draft.pk)
    hand_over(update)
    Alert.objects.filter(pk=draft.pk).update(priority="urgent")
    message = told(update)
    assert said(message, "msgType") == "Update"
    sender, identifier, sent = said(message, "references").split(",")
    assert (identifier, sent) == (f"testserver:{first.ref}", said(told(first), "sent"))
    assert sender == said(message, "sender")


def test_a_withdrawal_is_a_cancel_of_the_same_message(force):
    alert = urgent(force)
    before = told(alert)
    actions.withdraw(alert=alert, reason="It was a false alarm", by=force.supervisor)
    message = told(alert)
    assert (said(message, "msgType"), said(message, "note")) == ("Cancel", "It was a false alarm")
    same = ",".join(said(before, name) for name in ("sender", "identifier", "sent"))
    assert said(message, "references") == same
    assert said(message, "identifier") != said(before, "identifier")
    assert message.find(f"{CAP}info") is None  # the words are gone
    assert Client().get(f"/alerts/{alert.ref}/").status_code == 410


def test_what_has_ended_says_only_what_came_of_it(force):
    alert = urgent(force)
    Alert.objects.filter(pk=alert.pk).update(ends_on=clock.today() - timedelta(days=1), outcome="Somebody was charged.")
    message = told(alert)
    assert said(message, "info", "description") == "Somebody was charged."
    assert said(message, "info", "instruction") is None


def test_each_language_that_its_page_offers_is_there(force):
    alert = urgent(force)
    words = {"title": "وین", "happening": "ایک", "doing": "دو", "can_do": "تین"}
    given = {"state": "machine", "people": 9, "fingerprint": fingerprint(alert), **words}
    Translation.objects.create(alert=alert, language="ur", **given)
    infos = told(alert).findall(f"{CAP}info")
    assert [(one.findtext(f"{CAP}language"), one.findtext(f"{CAP}headline")) for one in infos][1] == ("ur", "وین")


@pytest.mark.parametrize("change", [{"priority": "important"}, {"restricted": True}, {"practice": True}])
def test_only_what_is_urgent_and_public_is_told(force, change):
    alert = urgent(force)
    Alert.objects.filter(pk=alert.pk).update(**change)
    assert Client().get(f"/alerts/{alert.ref}/cap.xml").status_code == 404


def test_a_draft_is_not_told(force):
    alert = make_draft(force)
    Alert.objects.filter(pk=alert.pk).update(priority="urgent")
    assert Client().get(f"/alerts/{alert.ref}/cap.xml").status_code == 404


def test_what_no_xml_can_hold_is_left_out(force):
    alert = urgent(force)
    Alert.objects.filter(pk=alert.pk).update(title="A\x0b & <b>", happening="\x01\ufffe" + "x" * 5)
    message = told(alert)
    assert said(message, "info", "headline") == "A & <b>"


def test_the_feed_names_the_message_and_can_be_of_one_type(force):
    alert = urgent(force)
    feed = Client().get("/areas/W00/feed.atom?type=vehicle-crime").content.decode()
    assert f'href="http://testserver/alerts/{alert.ref}/cap.xml" rel="alternate" type="application/cap+xml"' in feed
    assert "Vehicle crime</title>" in feed
    assert 'href="http://testserver/areas/W00/feed.atom?type=vehicle-crime"' in feed
    assert alert.ref not in Client().get("/alerts/feed.atom?type=good-news").content.decode()
    assert Client().get("/alerts/feed.atom?type=weather").status_code == 404


def test_it_costs_the_same_however_many_areas(force, django_assert_max_num_queries):
    alert = urgent(force)
    with django_assert_max_num_queries(5):
        Client().get(f"/alerts/{alert.ref}/cap.xml")
    assert queries.urgent_family(alert) == [alert]
