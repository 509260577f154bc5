"""Pages that are painted once for everybody."""

import gzip
from datetime import timedelta

import brotli
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test.utils import CaptureQueriesContext

from peelian.alerts.models import Alert
from peelian.alerts.tests.public_factories import make_alert, make_area, make_author, make_team
from peelian.core import clock, painting
from peelian.events.models import Event
from peelian.events.tests.factories import make_event
from peelian.priorities.models import Promise
from peelian.priorities.tests.factories import make_promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(settings):
    settings.PAGES_KEPT = 30
    painting.forget_all()
    yield
    painting.forget_all()


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
    painting._pages.painting = ("/areas/", "en-gb")  # somebody is at another
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
    assert set(painting._pages.pages) == {
        ("/areas/W01/", "en-gb"), ("/areas/W02/", "en-gb"), ("/areas/W01/", "ur"), ("/areas/", "en-gb")
    }  # fmt: skip


def test_a_page_that_is_gone_is_not_kept(client, kept, later):
    area = make_area()
    client.get("/areas/W01/")
    area.delete()
    later(31)
    assert client.get("/areas/W01/").status_code == 404
    assert ("/areas/W01/", "en-gb") not in painting._pages.pages


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


# Pages of the apps below ------------------------------------------------------------------------------------------


def an_alert_and_its_end():
    alert = make_alert(make_area())
    ends = {"state": Alert.State.WITHDRAWN, "withdrawn_at": clock.now(), "withdrawn_reason": "It was wrong."}
    return alert.get_absolute_url(), lambda: Alert.objects.filter(pk=alert.pk).update(**ends)


def an_event_and_its_end():
    event = make_event(make_team(), make_area())
    called_off = {"state": "cancelled", "changed_at": clock.now() + timedelta(seconds=1)}
    return event.get_absolute_url(), lambda: Event.objects.filter(pk=event.pk).update(**called_off)


def a_promise_and_its_end():
    author = make_author()
    promise = make_promise(make_area(), author, publisher=author)
    put_right = {"said": "Cars race at noon.", "changed_at": clock.now() + timedelta(seconds=1)}
    return promise.get_absolute_url(), lambda: Promise.objects.filter(pk=promise.pk).update(**put_right)


@pytest.mark.parametrize("made", [an_alert_and_its_end, an_event_and_its_end, a_promise_and_its_end])
def test_a_page_of_an_alert_an_event_or_a_promise_is_kept_and_asks_one_thing_whether_it_is_still_so(
    client, kept, later, made
):
    path, change = made()
    page = client.get(path)
    assert page.status_code == 200
    later(12)
    again, kept_page = asked(client, path)
    assert again == 1
    assert (kept_page.content, kept_page["ETag"]) == (page.content, page["ETag"])
    assert (kept_page["Cache-Control"], kept_page["Age"]) == ("public, max-age=60", "12")
    assert not kept_page.cookies
    assert "csrf" not in page.content.decode()
    change()
    anew = client.get(path)
    assert anew.content != page.content
    assert anew.status_code in (200, 410)


def test_an_alert_in_a_language_that_the_website_has_not_is_not_taken_for_english(client, kept):
    alert = make_alert(make_area())
    path = alert.get_absolute_url()
    for language in ("", "?lang=pl", "?lang=UR", "?lang=ur"):
        client.get(f"{path}{language}")
    assert set(painting._pages.pages) == {(path, "en-gb"), (path, "ur")}


def test_a_page_that_made_a_token_for_a_form_is_never_kept(rf, kept):
    @painting.painted
    def view(request):
        return HttpResponse(get_token(request) * 20)

    for _ in range(2):
        request = rf.get("/form/")
        request.session = SessionStore()
        view(request)
    assert not painting._pages.pages


def test_no_more_pages_are_kept_than_there_is_room_for(client, kept, monkeypatch):
    monkeypatch.setattr(painting, "KEPT", 2)
    make_area()
    for path in ("/", "/areas/", "/areas/W01/"):
        client.get(path)
    assert [path for path, _ in painting._pages.pages] == ["/areas/", "/areas/W01/"]
