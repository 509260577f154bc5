"""All that a resident meets besides joining and My account, in Urdu: links in messages, public pages, writing to a
team, and what comes by email and text. What teams wrote stays English and says so."""

from __future__ import annotations

import lxml.html
import pytest
from django.utils import translation

from peelian.alerts.digest.renderer import DigestRenderer
from peelian.alerts.renderer import AlertRenderer
from peelian.alerts.tests.public_factories import make_alert, make_area, make_member, make_team, make_token
from peelian.conversations import actions as conversations
from peelian.conversations import letters, queries
from peelian.conversations.notices import in_both
from peelian.conversations.renderer import AnswerRenderer, LetterRenderer
from peelian.conversations.tests.factories import make_staff, make_thread
from peelian.core import clock, languages
from peelian.core.messages import renderers
from peelian.core.testing.english import english_left
from peelian.members.actions import send_code
from peelian.members.models import Code

pytestmark = pytest.mark.django_db
# Names, addresses and what an alert is called; the names of other websites
OWN = (
    r"Elm Bridge|Vans broken into|Peelian|Your police force|Police|\.example|Atom|WhatsApp|Facebook|^X$|http|PCSO"
    r"|valerie|stan@|@example|Relay UK|WCAG|axe|EASS|^A+$|Mill Lane|B1 1AA|I saw a|zzz|xxx"
)


@pytest.fixture
def area():
    return make_area()


@pytest.fixture
def team(area):
    return make_team("Elm Bridge team", area, public_email="elm@heartshire.example")


@pytest.fixture
def alert(area, team):
    return make_alert(area, team=team)


@pytest.fixture
def member():
    return make_member(language="ur")


@pytest.fixture
def token(alert, member):
    return make_token(alert, member)


def in_urdu(client, path, **posted):
    answered = client.post(path, posted) if posted else client.get(path)
    html = answered.content.decode()
    tree = lxml.html.fromstring(html)
    assert (tree.get("lang"), tree.get("dir")) == ("ur", "rtl"), path
    assert english_left(html, OWN) == [], path
    assert translation.get_language() == "en-gb"
    return tree


def test_what_is_said_by_itself_in_a_conversation_is_in_both_languages(client, team, member):
    """And in one of them where it began on a page in Urdu but is read in English."""
    with languages.reading("ur"):
        thread = make_thread(team, member.email, language="ur", automatic=False)
        english = make_thread(team, make_member("stan@home.example").email, about="alert:other", automatic=False)
    (receipt,) = thread.messages.filter(how="notice")
    own, below = in_both(receipt.text)
    assert "پیر سے جمعہ" in own
    assert below.startswith("We have your message. The Elm Bridge team reads it: Monday to Friday, 8am to 6pm")
    assert "within three working days" in below
    assert in_both(english.messages.get(how="notice").text) == ("", below)
    tree = emailed(AnswerRenderer().email(receipt.pk))
    assert [one.get("lang") for one in tree.cssselect("div.e-ink[lang] div[lang]")] == ["ur", "en-GB"]
    assert "\u2068" not in AnswerRenderer().text(receipt.pk)


@pytest.mark.parametrize("page", ["", "rate/5/", "reply/", "less/", "less/?choice=topic", "less/?choice=all"])
def test_links_in_messages(client, token, page):
    client.get("/register/?lang=ur")
    in_urdu(client, f"/m/{token}/{page}")


def test_rating_saying_why_replying_and_stopping(client, token):
    client.get("/register/?lang=ur")
    assert in_urdu(client, f"/m/{token}/rate/2/", sent="1").cssselect("h1")[0].text == "شکریہ"
    in_urdu(client, f"/m/{token}/rate/2/why/", why="too-long", comment="x" * 501)
    in_urdu(client, f"/m/{token}/rate/2/why/", why="too-long")
    assert "پہلے اپنا پیغام لکھیں" in in_urdu(client, f"/m/{token}/reply/", text="").text_content()
    in_urdu(client, f"/m/{token}/reply/", text="I saw a van.")
    in_urdu(client, f"/m/{token}/less/", choice="limit")
    in_urdu(client, f"/unsubscribe/{token}/")
    in_urdu(client, f"/unsubscribe/{token}/", stop="1")
    in_urdu(client, f"/m/{token[:-2]}AA/")


@pytest.mark.parametrize(
    "path",
    ["/", "/?postcode=nowhere", "/alerts/", "/alerts/?q=nothing+like+it", "/areas/", "/areas/?q=zzz", "/areas/W01/",
     "/alerts/abc123/", "/privacy/", "/accessibility/", "/no-such-page/"],
)  # fmt: skip
def test_public_pages_by_their_address(client, alert, path):
    tree = in_urdu(client, f"{path}{'&' if '?' in path else '?'}lang=ur")
    here = [link.get("href") for link in tree.cssselect("nav a, main a") if (link.get("href") or "").startswith("/")]
    ours = [href for href in here if not href.startswith(("/me/", "/staff/")) and href != "/register/"]
    own = [href for href in ours if "lang=ur" not in href and href != path]
    assert own in ([], ["/alerts/"]), "links to public pages keep the language"


def test_an_alert_that_nobody_translated_says_that_it_is_english(client, alert):
    tree = in_urdu(client, "/alerts/abc123/?lang=ur")
    assert tree.cssselect("h1")[0].get("lang") == "en-GB"
    (written,) = tree.cssselect(".p-prose")
    assert (written.get("lang"), written.get("dir")) == ("en-GB", "ltr")
    assert [one.text for one in written.cssselect("h2")] == [
        "What is happening",
        "What we are doing",
        "What you can do",
    ]


def test_a_feed_says_its_own_words_in_urdu(client, alert):
    said = client.get("/alerts/feed.atom?lang=ur").content.decode()
    assert "کے پیغامات" in said
    assert 'xml:lang="ur"' in said
    assert 'xml:lang="en-gb"' in client.get("/alerts/feed.atom").content.decode()


def test_writing_to_a_team_without_an_account(client, area, team):
    client.get("/register/?lang=ur")
    assert "پیر سے جمعہ، صبح 8 بجے سے شام 6 بجے" in in_urdu(client, "/areas/W01/write/").text_content()
    in_urdu(client, "/areas/W01/write/", text="", email="no address")
    in_urdu(client, "/conversations/sent/")
    letter = letters.write(team=team, area=area, email="a@home.example", text="موٹر سائیکل", language="ur")
    html = emailed(LetterRenderer().email(letter.pk))
    link = html.cssselect("a.e-button")[0].get("href").removeprefix("http://localhost:8000")
    in_urdu(client, link[link.index("/conversations/") :])
    in_urdu(client, link[link.index("/conversations/") :], yes="1")


def emailed(parts):
    tree = lxml.html.fromstring(parts.html)
    assert (tree.get("lang"), tree.get("dir")) == ("ur", "rtl")
    assert english_left(parts.html, OWN) == []
    assert any("\u0600" <= sign <= "\u06ff" for sign in parts.subject)
    assert translation.get_language() == "en-gb"
    return tree


def test_emails_that_residents_cause_themselves(member):
    for name in ("confirm", "already", "email_changed", "mobile_changed", "landline_changed"):
        emailed(renderers[f"members.{name}"].email(member.pk))
    code = Code.objects.get(pk=send_code(address=member.email))
    emailed(renderers["members.sign_in"].email(code.pk))
    emailed(renderers["members.code"].email(code.pk))
    said = renderers["members.sign_in"].text(code.pk)
    assert "آپ کا کوڈ" in said
    assert "\u2068" not in said
    assert renderers["members.sign_in"].voice(code.pk).language == languages.ENGLISH
    assert "Your code is" in renderers["members.sign_in"].voice(code.pk)


def test_the_next_message_is_in_the_next_readers_language(member):
    other = make_member("stan@home.example", language="en")
    for _ in range(2):
        emailed(renderers["members.confirm"].email(member.pk))
        english = renderers["members.confirm"].email(other.pk)
        assert english.subject.startswith("Please confirm")
        assert 'lang="en-GB" dir="ltr"' in english.html


def test_an_address_that_people_with_different_languages_share_gets_english(member):
    make_member(member.email.value, language="en", first_name="Stan")
    code = Code.objects.get(pk=send_code(address=member.email))
    assert renderers["members.sign_in"].email(code.pk).subject.startswith("Your code")


def test_an_alert_that_nobody_translated_comes_in_english_with_our_own_words_in_urdu(alert):
    parts = AlertRenderer().email(alert.pk, "ur")
    tree = lxml.html.fromstring(parts.html)
    assert tree.get("lang") == "en-GB"
    assert "ہم اس پیغام کا ترجمہ نہیں کر سکے" in parts.html
    assert "ہم اس پیغام کا ترجمہ نہیں کر سکے" in parts.text
    foot = tree.xpath("//*[contains(text(), 'آپ کی ترتیبات')]/ancestor::div[@lang][1]")[0]
    assert (foot.get("lang"), foot.get("dir")) == ("ur", "rtl")
    assert "In danger? Call" not in parts.html
    polish = AlertRenderer().email(alert.pk, "pl")
    assert "You asked for Polish" in polish.html
    assert "In danger? Call" in polish.html
    assert "بدلیں" not in polish.html


def test_an_alert_in_english_is_as_it_was_whoever_was_first(alert):
    before = AlertRenderer().email(alert.pk, "")
    AlertRenderer().email(alert.pk, "ur")
    assert AlertRenderer().email(alert.pk, "") == before
    assert before == AlertRenderer().email(alert.pk, "en")


def test_the_text_that_says_how_many_wait():
    assert "5 اور پیغامات" in DigestRenderer.words(5, "ur")
    assert "1 more message for you" in DigestRenderer.words(1)
    assert "5 more messages for you" in DigestRenderer.words(5, "pl")


def test_an_answer_of_the_team(team, member):
    thread = make_thread(team, member.email, language="ur")
    message = conversations.answer(thread=thread, text="We will come at nine.", by=make_staff("p@h.example", team))
    tree = emailed(AnswerRenderer().email(message.pk))
    (said,) = [one for one in tree.iter() if one.text and "come at nine" in one.text]
    assert next(above for above in said.iterancestors() if above.get("lang")).get("lang") == "en-GB"
    assert queries.message(message.pk).text == "We will come at nine."
    assert "واپس لکھیں" in AnswerRenderer().text(message.pk)


def test_conversations_of_ones_own(client, team, member, area):
    client.get("/register/?lang=ur")
    member.area = area
    member.save()
    thread = make_thread(team, member.email)
    session, now = client.session, int(clock.now().timestamp())
    session["member_address"], session["member_seen"], session["member_since"] = member.email_id, now, now
    session.save()
    in_urdu(client, "/me/conversations/")
    in_urdu(client, f"/me/conversations/{thread.pk}/")
    in_urdu(client, "/me/conversations/write/")
