"""Joining and My account in Urdu: right to left, with British dates, marked as not yet reviewed."""

import lxml.html
import pytest

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


def test_pages_for_everybody_stay_english(client, db):
    client.get("/register/?lang=ur")
    text = client.get("/alerts/").content.decode()
    assert 'lang="en-GB" dir="ltr"' in text
    assert "p-languages--page" not in text
