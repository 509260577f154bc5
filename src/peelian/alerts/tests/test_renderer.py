"""An alert as email, text and voice, complete each by itself."""

import datetime as dt
import re

import lxml.html
import pytest

from peelian.alerts import actions, markdown
from peelian.alerts.models import Alert
from peelian.alerts.renderer import AlertRenderer, short_message
from peelian.alerts.tests import factories as make
from peelian.core.messages import TOKEN, renderers
from peelian.delivery import tokens

BASE = "http://testserver"


@pytest.fixture
def alert(db):
    force = make.make_force()
    found = make.make_sent(force)
    Alert.objects.filter(pk=found.pk).update(sent_at=dt.datetime(2026, 10, 3, 17, tzinfo=dt.UTC))
    return found


@pytest.fixture
def settings_named(settings):
    settings.PEELIAN_FORCE_NAME, settings.PEELIAN_SERVICE_NAME = "Heartshire Police", "Heartshire Now"


def test_the_text_part_is_complete_in_itself(alert, settings_named):
    text = renderers["alerts.alert"].email(alert.pk).text
    lines = text.splitlines()
    assert lines[:5] == ["Heartshire Police, Elm Bridge team", "", alert.title, "Saturday 3 October 2026", ""]
    ordered = [
        "What is happening\n-----------------\nTools were taken from three vans on Monday night.",
        "What we are doing\n-----------------\nWe patrol the lane at night.",
        "What you can do\n---------------\nTake your tools indoors.",
        f"1: {BASE}/m/{TOKEN}/rate/1/",
        f"6: {BASE}/m/{TOKEN}/rate/6/",
        f"Reply to your team: {BASE}/m/{TOKEN}/reply/",
        f"Share this: {BASE}/s/{alert.ref}/",
        "In danger? Call 999. If you cannot speak, call from a mobile and press 55. If you are deaf, text 999 or use",
        "Replies are not read day and night. Otherwise call 101 or tell us online: https://www.police.uk/pu/"
        "contact-us To",
        "Crimestoppers on 0800 555 111",
        "You get this from the Elm Bridge team because you joined Heartshire Now and your settings include"
        " “Vehicle crime” (Police), for a place you chose.",
        f"Change what you get, or stop: {BASE}/m/{TOKEN}/less/",
    ]
    places = [text.find(part) for part in ordered]
    assert -1 not in places, ordered[places.index(-1)]
    assert places == sorted(places)
    assert "<" not in text
    assert "&" not in text


def test_the_html_says_the_same_and_needs_no_picture(alert, settings_named):
    parts = renderers["alerts.alert"].email(alert.pk)
    document = lxml.html.fromstring(parts.html)
    said = " ".join(document.text_content().split())
    for part in ("Heartshire Police, Elm Bridge team", alert.title, "What you can do", "press 55", "0800 555 111"):
        assert part in said
    assert document.cssselect("img, script, link, [background]") == []
    assert "prefers-color-scheme: dark" in parts.html
    assert "max-width:600px" in parts.html
    assert [heading.text for heading in document.cssselect("h1, h2")] == [
        alert.title, "What is happening", "What we are doing", "What you can do",
    ]  # fmt: skip
    links = [link.get("href") for link in document.cssselect("a")]
    assert [link for link in links if "/rate/" in link] == [f"{BASE}/m/{TOKEN}/rate/{n}/" for n in range(1, 7)]
    assert {f"{BASE}/m/{TOKEN}/reply/", f"{BASE}/m/{TOKEN}/less/", f"{BASE}/s/{alert.ref}/"} <= set(links)
    assert document.cssselect("body > div")[0].text.startswith("Take your tools indoors.")


def test_every_link_in_html_is_in_the_text(alert):
    parts = renderers["alerts.alert"].email(alert.pk)
    in_html = set(re.findall(r'href="(http[^"]+)"', parts.html))
    assert all(link in parts.text for link in in_html)


def test_subject_sender_and_one_click(alert, settings_named):
    parts = renderers["alerts.alert"].email(alert.pk)
    assert (parts.subject, parts.from_name, parts.unsubscribe) == (
        alert.title,
        "Elm Bridge team, Heartshire Police",
        True,
    )
    Alert.objects.filter(pk=alert.pk).update(priority="urgent")
    assert renderers["alerts.alert"].email(alert.pk).subject == f"Urgent: {alert.title}"


def test_a_header_injection_in_a_title_stays_in_the_subject(alert):
    Alert.objects.filter(pk=alert.pk).update(title="Vans\r\nBcc: everybody@home.example\x0b")
    assert renderers["alerts.alert"].email(alert.pk).subject == "Vans Bcc: everybody@home.example"


def test_html_and_scripts_in_what_was_written_are_text(alert):
    Alert.objects.filter(pk=alert.pk).update(
        title="<b>Vans</b> & more",
        happening="<script>alert(1)</script> [x](javascript:alert(1)) ![pixel](http://t.example/p.gif) <img src=x>",
    )
    parts = renderers["alerts.alert"].email(alert.pk)
    document = lxml.html.fromstring(parts.html)
    assert document.cssselect("script, img") == []
    assert "javascript:" not in "".join(link.get("href") for link in document.cssselect("a"))
    assert document.cssselect("h1")[0].text == "<b>Vans</b> & more"
    assert "t.example" not in parts.html
    assert "<b>Vans</b> & more" in parts.text


def test_a_test_says_so_and_cannot_be_shared_or_unsubscribed(alert):
    parts = renderers["alerts.test"].email(alert.pk)
    assert parts.subject == f"Test: {alert.title}"
    assert parts.text.startswith("Test: sent to you alone.")
    assert "Sent to you alone. Nothing in it is counted." in parts.html
    assert (parts.unsubscribe, "/s/" in parts.text) == (False, False)


def test_a_draft_can_be_tested_before_it_is_complete(db):
    force = make.make_force({})
    draft = actions.create_draft(team=force.team, by=force.officer)
    actions.save_draft(alert=draft, version=1, by=force.officer, title="Vans", happening="Taken.")
    parts = renderers["alerts.test"].email(draft.pk)
    assert ("What you can do" in parts.text, "None" in parts.text + parts.html) == (False, False)
    assert "What is happening" in parts.text


def test_an_update_names_the_first_unless_that_was_withdrawn(alert):
    officer = alert.author
    update = actions.follow_up(alert=alert, relation="correction", by=officer)
    assert f"This is a correction to “{alert.title}”." in renderers["alerts.alert"].email(update.pk).text
    Alert.objects.filter(pk=alert.pk).update(state="withdrawn")
    Alert.objects.filter(pk=update.pk).update(title="Correction")
    assert alert.title not in renderers["alerts.alert"].email(update.pk).text


def test_restricted_alerts_offer_no_share_link(alert):
    Alert.objects.filter(pk=alert.pk).update(restricted=True)
    parts = renderers["alerts.alert"].email(alert.pk)
    assert f"/s/{alert.ref}/" not in parts.text + parts.html


# Text and voice ----------------------------------------------------------------------------------------------------


def test_a_text_says_who_what_and_one_link(alert, settings_named):
    assert renderers["alerts.alert"].text(alert.pk) == f"Heartshire Police: {alert.title}. {BASE}/m/{TOKEN}/"


def as_sent(text):
    return text.replace(TOKEN, tokens.make(1, 2))


@pytest.mark.parametrize("title", ["Vans taken", "a" * 119, "word " * 60, "[~^]" * 30, "“Quotes” – and £5 café…"])
def test_a_text_is_two_parts_at_most(title):
    text = as_sent(short_message("Heartshire Police: ", title, f" https://now.heartshire.police.example/m/{TOKEN}/"))
    septets = sum(2 if sign in "^{}\\[~]|€" else 1 for sign in text)
    assert septets <= 306
    assert text.endswith("/")


def test_signs_outside_gsm_are_made_plain_and_other_scripts_take_shorter_parts():
    assert short_message("P: ", "“Café” – naïve… 5 o’clock", " L") == 'P: "Café" - naive... 5 o\'clock L'
    urdu = as_sent(short_message("P: ", "چوری " * 40, f" https://x.example/m/{TOKEN}/"))
    assert len(urdu.encode("utf-16-be")) // 2 <= 134
    assert "چوری" in urdu


def test_a_voice_message_names_the_force_says_it_twice_and_how_to_stop(alert, settings_named):
    said = renderers["alerts.alert"].voice(alert.pk).split("\n\n")
    assert said[0] == "This is Heartshire Police, Elm Bridge team."
    assert (
        said[1]
        == said[3]
        == (
            f"{alert.title}. Tools were taken from three vans on Monday night."
            " Take your tools indoors. Tell us what you saw."
        )
    )
    assert said[-1] == "To stop these calls, go to testserver, or call one oh one and ask."
    assert AlertRenderer(is_test=True).voice(alert.pk).startswith("This is a test.")


# Markdown ----------------------------------------------------------------------------------------------------------


def test_markdown_as_html():
    html = markdown.to_html(
        "# Big\n\nOne\ntwo **bold** <i>x</i>\n\n3. three\n4. four\n\n[us](https://p.example) https://q.example"
    )
    assert html == (
        "<h3>Big</h3>\n<p>One<br>\ntwo <strong>bold</strong> &lt;i&gt;x&lt;/i&gt;</p>\n"
        '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>\n'
        '<p><a href="https://p.example" rel="noopener noreferrer nofollow">us</a> https://q.example</p>\n'
    )


def test_markdown_as_text():
    text = markdown.to_text(
        "# Big\n\nOne **bold** [us](https://p.example) <https://q.example>\n\n- a\n- b\n  more\n\n2. c\n\n![map](x.png)"
    )
    assert text == "Big\n\nOne bold us (https://p.example) https://q.example\n\n- a\n- b\n  more\n2. c\n\nmap"


@pytest.mark.parametrize(
    "nasty", ["<svg onload=x>", "[a](data:text/html,x)", "<a href='javascript:x'>y</a>", "![x](javascript:y)"]
)
def test_nothing_dangerous_survives(nasty):
    document = lxml.html.fromstring(f"<div>{markdown.to_html(nasty)}</div>")
    assert document.cssselect("svg, img, script, [onload], a[href^=javascript], a[href^=data]") == []
