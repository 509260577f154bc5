"""Joining and My account in Urdu: right to left, with British dates, marked as not yet reviewed."""

import datetime as dt

import lxml.html
import pytest

from peelian.core import clock
from peelian.core.testing.english import english_left
from peelian.members import categories
from peelian.members.known_words import KNOWN
from peelian.members.models import Topic
from peelian.members.tests.factories import make_member

# What an organisation says of itself, and what is a name, an address or a kind of file
OWN = r"Peelian|Your police force|Police|home\.example|ayesha@|JSON|What happens near you and"
MARK = "These pages in this language have not yet been reviewed"


def page(client, path, **more):
    response = client.get(path, {"lang": "ur", **more})
    assert response.status_code == 200, path
    return lxml.html.fromstring(response.content.decode()), response.content.decode()


@pytest.mark.parametrize("path", ["/register/", "/me/sign-in/"])
def test_a_page_runs_from_the_right_and_says_that_nobody_has_read_it(client, db, path):
    tree, _ = page(client, path)
    assert (tree.get("lang"), tree.get("dir")) == ("ur", "rtl")
    foot = tree.cssselect("footer")[0].text_content()
    assert "ان صفحات کو ابھی کسی اہلِ زبان نے نہیں جانچا" in foot
    assert "Not yet reviewed by a native speaker." in foot
    chooser = tree.cssselect(".p-languages a")[0]
    assert (chooser.text, chooser.get("href"), chooser.get("lang")) == ("English", "?lang=en-gb", "en-gb")
    assert MARK not in client.get(path, {"lang": "en-gb"}).content.decode()


def test_signing_in_says_what_is_wrong_in_urdu(client, db):
    client.get("/me/sign-in/?lang=ur")
    text = client.post("/me/sign-in/", {"contact": ""}).content.decode()
    assert "اپنا ای میل پتہ یا ٹیلیفون نمبر لکھیں" in text
    assert "ایک مسئلہ ہے" in text


def test_pages_for_everybody_stay_english_whatever_a_cookie_says(client, db):
    client.get("/register/?lang=ur")
    text = client.get("/alerts/").content.decode()
    assert 'lang="en-GB" dir="ltr"' in text
    assert MARK not in text


def test_what_tables_hold_has_a_translation(db):
    """The types of alert and the census's words as we ship them."""
    named = {word for topic in Topic.objects.all() for word in (topic.name, topic.example)}
    named |= {*categories.SEX.values(), *categories.DISABILITY.values(), *categories.ETHNIC_GROUP.values()}
    assert named | set(categories.ETHNIC_GROUPS) == set(KNOWN)


def test_no_page_of_joining_has_english_left(client, db):
    client.get("/register/?lang=ur")
    client.post("/register/", {"age": "18-or-over"})
    pages = [client.get("/register/"), client.get("/register/choices/")]
    client.post("/register/choices/", {"interests": ["vehicle-crime"]})
    pages.append(client.get("/register/contact/"))
    assert '<option value="ur" selected>' in pages[-1].content.decode(), "who reads Urdu most likely likes to"
    client.post("/register/contact/", {"email": "ayesha@home.example", "organisations": ["police"]})
    pages.append(client.get("/register/questions/"))
    for answered in pages:
        assert answered.status_code == 200
        assert english_left(answered.content.decode(), OWN) == [], answered.request["PATH_INFO"]


def test_no_page_of_my_account_has_english_left(client, db, settings):
    settings.PEELIAN_QUIET_HOURS = (dt.time(21), dt.time(8))
    client.get("/register/?lang=ur")
    member = make_member("ayesha@home.example", language="ur")
    session, now = client.session, int(clock.now().timestamp())
    session["member_address"], session["member_seen"], session["member_since"] = member.email_id, now, now
    session.save()
    for name in ("", "messages/", "pace/", "agreements/", "details/", "places/add/", "groups/", "holiday/", "move/",
                 "contact/mobile/", "data/", "leave/", "messages-received/"):  # fmt: skip
        answered = client.get(f"/me/{name}")
        assert answered.status_code == 200, name
        assert english_left(answered.content.decode(), OWN) == [], name
