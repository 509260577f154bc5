"""A neighbourhood on somebody else's website: framed by anybody with https, and nothing else of ours is."""

import re
from html import unescape

import pytest
from django.test import Client

from peelian.accounts.tests.factories import make_staff
from peelian.alerts.models import Alert
from peelian.alerts.tests.factories import make_force, make_sent
from peelian.events.tests.factories import make_event
from peelian.priorities.queries import list_of
from peelian.priorities.tests.factories import agree, make_priority, make_promise


@pytest.fixture
def force(db):
    return make_force()


def test_it_says_what_the_area_page_says_and_every_link_opens_outside(force, client):
    alert = make_sent(force)
    Alert.objects.filter(pk=alert.pk).update(priority="urgent")
    event = make_event(force.team, force.areas["W00"])
    above = list_of(force.areas["W00"])
    by = make_staff("supervisor", above, teams=[force.team])
    agree(above, by, make_priority(above, by))
    make_promise(force.areas["W00"], force.officer, publisher=by)
    page = client.get("/areas/W00/embed/").content.decode()
    for words in (alert.title, event.title, "Racing cars on Mill Lane", "We check speed", "Ward 00", "999", "Urgent"):
        assert words in page
    links = re.findall(r"<a [^>]*>", page)
    assert links
    assert all('href="http://testserver/' in one and 'target="_blank" rel="noopener"' in one for one in links)
    assert "<script" not in page


def test_any_https_website_may_frame_it_and_it_may_do_nothing(force):
    answer = Client().get("/areas/W00/embed/")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["frame-ancestors"] == "https:"
    assert policy["default-src"] == policy["form-action"] == "'none'"
    assert "script-src" not in policy
    assert not answer.has_header("X-Frame-Options")
    assert not answer.cookies
    assert answer["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("path", ["/areas/W00/", "/areas/W00/embed/code/", "/alerts/", "/api/v1/force"])
def test_nothing_else_may_be_framed(force, path):
    answer = Client().get(path)
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_what_was_withdrawn_is_gone_and_what_is_restricted_never_came(force):
    alert = make_sent(force, title="Restricted", restricted=True)
    assert alert.title not in Client().get("/areas/W00/embed/").content.decode()


def test_only_areas_with_a_page_of_their_own(force):
    type(force.areas["W21"]).objects.filter(code="W21").update(kind="hotspot")
    for code in ("W21", "nowhere"):
        assert Client().get(f"/areas/{code}/embed/").status_code == 404
        assert Client().get(f"/areas/{code}/embed/code/").status_code == 404


def test_the_code_to_copy_names_the_frame_as_it_was_chosen(force, client):
    raw = client.get("/areas/W00/embed/code/?look=dark").content.decode()
    assert "<iframe" not in raw  # it is shown, not done
    page = unescape(raw)
    assert 'src="http://testserver/areas/W00/embed/?look=dark"' in page
    assert 'sandbox="allow-popups' in page
    assert "embed/?look=odd" not in client.get("/areas/W00/embed/code/?look=odd").content.decode()
    assert 'class="e e--dark"' in Client().get("/areas/W00/embed/?look=dark").content.decode()
    assert 'class="e"' in Client().get("/areas/W00/embed/?look=odd").content.decode()


def test_it_is_found_from_the_area_page(force, client):
    assert 'href="/areas/W00/embed/code/"' in client.get("/areas/W00/").content.decode()


def test_in_urdu_its_links_stay_in_urdu(force, client):
    page = client.get("/areas/W00/embed/?lang=ur").content.decode()
    assert 'lang="ur" dir="rtl"' in page
    assert "/areas/W00/?lang=ur" in page


def test_reading_costs_the_same_however_many_there_are(force, django_assert_max_num_queries):
    for n in range(4):
        make_sent(force, title=f"Alert {n}")
        make_event(force.team, force.areas["W00"], title=f"Event {n}")
    with django_assert_max_num_queries(20):
        Client().get("/areas/W00/embed/")
