"""Pages that are painted once for everybody."""

import gzip
from datetime import timedelta

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peelian.alerts.models import Alert
from peelian.alerts.tests.public_factories import make_alert, make_area, make_author, make_team
from peelian.core import clock
from peelian.website import painted

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(settings):
    settings.PAGES_KEPT = 30
    painted.forget_all()
    yield
    painted.forget_all()


@pytest.fixture
def later(monkeypatch):
    """The clock stands, at the beginning of a second, and is moved on to so many after it."""
    begun = clock.now().replace(microsecond=0)

    def move(seconds):
        monkeypatch.setattr(clock, "now", lambda: begun + timedelta(seconds=seconds))

    move(0)
    return move


def asked(client, path):
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    return len(seen), answer


def test_the_second_who_asks_costs_no_statement_and_is_told_its_age(client, kept, later):
    make_area()
    first, page = asked(client, "/areas/W01/")
    assert first > 0
    later(12)
    again, kept_page = asked(client, "/areas/W01/")
    assert again == 0
    assert kept_page.content == page.content
    assert kept_page["Cache-Control"] == "public, max-age=60"
    assert kept_page["Age"] == "12"  # so that nobody keeps it for longer than a minute since it was painted


def test_what_is_withdrawn_is_gone_within_the_minute(client, kept, later):
    alert = make_alert(make_area())
    assert "Vans broken into" in client.page("/areas/W01/").text()
    Alert.objects.filter(pk=alert.pk).update(state=Alert.State.WITHDRAWN)
    later(29)
    assert "Vans broken into" in client.page("/areas/W01/").text()
    later(31)
    assert "Vans broken into" not in client.page("/areas/W01/").text()


def test_while_one_paints_anew_the_others_get_what_is_there_but_not_for_longer_than_a_minute(client, kept, later):
    make_area()
    client.get("/areas/W01/")
    later(40)
    painted._pages.painting = ("/areas/", "en-gb")  # somebody is at another
    assert asked(client, "/areas/W01/")[0] == 0
    later(61)
    assert asked(client, "/areas/W01/")[0] > 0


def test_each_address_and_language_has_its_own_and_a_query_is_painted_for_itself(client, kept):
    make_area()
    make_area("W02", "Mill Lane", at=1)
    assert "Elm Bridge" in client.page("/areas/W01/").text()
    assert "Elm Bridge" not in client.page("/areas/W02/").text()
    assert 'lang="ur"' in client.get("/areas/W01/?lang=ur").content.decode()
    assert client.page("/areas/?q=mill").texts("main li a") == ["Mill Lane"]
    assert client.page("/areas/").texts("main li a") == ["Elm Bridge", "Mill Lane"]
    assert set(painted._pages.pages) == {
        ("/areas/W01/", "en-gb"), ("/areas/W02/", "en-gb"), ("/areas/W01/", "ur"), ("/areas/", "en-gb")
    }  # fmt: skip


def test_a_page_that_is_gone_is_not_kept(client, kept, later):
    area = make_area()
    client.get("/areas/W01/")
    area.delete()
    later(31)
    assert client.get("/areas/W01/").status_code == 404
    assert ("/areas/W01/", "en-gb") not in painted._pages.pages


@pytest.mark.parametrize(
    ("accepts", "encoding", "read"),
    [("gzip, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress), ("", "", bytes)],
)
def test_a_page_is_sent_as_small_as_the_browser_can_read(client, kept, accepts, encoding, read):
    make_area()
    plain = client.get("/areas/W01/").content
    for _ in range(2):
        answer = client.get("/areas/W01/", headers={"Accept-Encoding": accepts})
        assert answer.get("Content-Encoding", "") == encoding
        assert "Accept-Encoding" in answer["Vary"]
        assert read(answer.content) == plain


def test_what_says_the_same_as_before_keeps_its_date(client, kept, later):
    make_area()
    before = client.get("/areas/W01/")
    later(45)
    again = client.get("/areas/W01/")
    assert (again["ETag"], again["Last-Modified"]) == (before["ETag"], before["Last-Modified"])
    assert "Age" not in again
    assert client.get("/areas/W01/", headers={"If-Modified-Since": before["Last-Modified"]}).status_code == 304


def test_a_name_that_is_taken_back_is_gone_at_once_from_a_page_that_is_kept(client, kept, settings):
    settings.PEELIAN_SHOW_OFFICER_NAMES = True
    author = make_author()
    author.show_name = True
    author.save()
    make_team("Elm team", make_area()).people.add(author)
    assert "Pat Alder" in client.page("/areas/W01/").text()
    assert asked(client, "/areas/W01/")[0] == 1  # it is asked whether everybody still wants to be named
    assert client.get("/areas/W01/")["Cache-Control"] == "public, no-cache"
    author.show_name = False
    author.save()
    assert "Pat Alder" not in client.page("/areas/W01/").text()


def test_no_more_pages_are_kept_than_there_is_room_for(client, kept, monkeypatch):
    monkeypatch.setattr(painted, "KEPT", 2)
    make_area()
    for path in ("/", "/areas/", "/areas/W01/"):
        client.get(path)
    assert [path for path, _ in painted._pages.pages] == ["/areas/", "/areas/W01/"]
