"""Residents' own pages in the language they choose; and the catalogues know all that those pages say."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from peelian.core import languages, wording
from peelian.core.middleware import Language
from peelian.core.testing import messages

CATALOGUES = sorted(messages.PACKAGE.glob("locale/*/LC_MESSAGES/django.po"))
TEMPLATES = [
    path.relative_to(folder).as_posix()
    for folder in messages.PACKAGE.glob("*/templates")
    for path in folder.rglob("*")
    if path.suffix in (".html", ".txt") and "translate" in path.read_text(encoding="utf-8")
]


def code_of(path: Path) -> str:
    return path.parts[-3]


@pytest.mark.parametrize("path", CATALOGUES, ids=code_of)
def test_a_catalogue_knows_everything_that_joining_and_my_account_say(path):
    lacking = [f"{one.words!r} ({one.places[0]})" for one in messages.missing(path) if one.is_demanded]
    assert lacking == [], "translate these: scripts/messages.py --missing prints their entries"


@pytest.mark.parametrize("path", CATALOGUES, ids=code_of)
def test_what_a_catalogue_lacks_is_counted_by_file(path):
    """Other pages may still be in English: they are listed, not demanded."""
    first, *files = messages.coverage(path).splitlines()
    lacking = messages.missing(path)
    said, demanded = len(messages.said()), sum(one.is_demanded for one in messages.said().values())
    assert first == f"ur: {said - len(lacking)} of {said} messages; of joining and My account {demanded} of {demanded}"
    assert sum(int(line.split()[0]) for line in files) == len(lacking)


def test_messages_with_a_plural_are_found_in_templates_and_modules():
    found = messages.said()
    assert found["%(number)s area"].words == ("%(number)s area", "%(number)s areas")  # alerts/public/page.html
    assert found["%(number)s minute"].words == ("%(number)s minute", "%(number)s minutes")  # core/wording.py
    entry = found["%(number)s minute"].entry()
    assert 'msgid_plural "%(number)s minutes"\nmsgstr[0] ""\nmsgstr[1] ""' in entry


@pytest.mark.parametrize("path", CATALOGUES, ids=code_of)
def test_placeholders_and_marks_survive_translation(path):
    marks = re.compile(rf"{messages.PLACEHOLDER.pattern}|</?[a-z]+[^>]*>")
    for words, every in messages.translations(path).items():
        for said in every.split("\n") if "\n" not in words else [every]:
            assert sorted(marks.findall(said)) == sorted(marks.findall(words)), words
            assert re.sub(r"%\(\w+\)s", "", said).count("%") == re.sub(r"%\(\w+\)s", "", words).count("%"), words


@pytest.mark.parametrize("path", CATALOGUES, ids=code_of)
def test_a_catalogue_says_whether_somebody_has_read_it(path):
    assert "not yet reviewed by a native speaker" in path.read_text(encoding="utf-8").partition("#:")[0].lower()


def test_every_catalogue_is_offered_and_has_british_dates():
    offered = {code for code, _ in settings.LANGUAGES} - {"en-gb"}
    assert {code_of(path) for path in CATALOGUES} == offered
    for code in offered:
        with translation.override(code):
            assert forms.DateField().clean("03/10/2018").isoformat() == "2018-10-03"


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_with_translations_are_sound(name):
    assert get_template(name)


def test_a_catalogue_is_compiled():
    with translation.override("ur"):
        assert translation.gettext("Join") == "شامل ہوں"
        said = engines["django"].from_string('{% load i18n %}{% translate "Go on" %}').render()
    assert said == "آگے بڑھیں", "make setup compiles catalogues"


# The language of a page -------------------------------------------------------------------------------------------


def answer(path, **more):
    request = RequestFactory().get(path, **more.pop("headers", {}))
    request.COOKIES.update(more)
    return Language(lambda _: HttpResponse(translation.get_language()))(request)


def test_a_choice_holds_and_is_kept():
    given = answer("/register/?lang=ur")
    assert given.content == b"ur"
    cookie = given.cookies["language"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("ur", "Lax", True)
    assert given["Content-Language"] == "ur"
    assert {"Cookie", "Accept-Language"} <= set(given["Vary"].split(", "))
    assert answer("/me/", language="ur").content == b"ur"
    assert answer("/me/?lang=en-gb", language="ur").content == b"en-gb"


def test_without_a_choice_the_browser_says():
    assert answer("/me/", headers={"HTTP_ACCEPT_LANGUAGE": "ur-PK,en;q=0.5"}).content == b"ur"
    assert answer("/me/", headers={"HTTP_ACCEPT_LANGUAGE": "de"}).content == b"en-gb"


@pytest.mark.parametrize("lang", ["xx", "../../etc", "<script>", "en\x00", "u" * 500])
def test_a_choice_that_is_none(lang):
    given = answer("/register/", headers={"QUERY_STRING": f"lang={lang}"})
    assert given.content == b"en-gb"
    assert "language" not in given.cookies


@pytest.mark.parametrize("path", ["/", "/alerts/", "/alerts/abc/", "/staff/", "/areas/E1/", "/staff/?lang=ur"])
def test_pages_that_everybody_shares_do_not_depend_on_it(path):
    given = answer(path, language="ur", headers={"HTTP_ACCEPT_LANGUAGE": "ur"})
    assert given.content == b"en-gb"
    assert "Vary" not in given
    assert not given.cookies


@pytest.mark.parametrize("path", ["/?lang=ur", "/alerts/?q=van&lang=ur", "/alerts/abc/?lang=ur", "/areas/E1/?lang=UR"])
def test_the_address_of_a_shared_page_says_its_language(path):
    """So that a cache may keep it for everybody: no cookie, nothing that varies."""
    given = answer(path)
    assert given.content == b"ur"
    assert given["Content-Language"] == "ur"
    assert "Vary" not in given
    assert not given.cookies
    assert translation.get_language() == "en-gb"


@pytest.mark.parametrize("path", ["/m/abc/rate/4/", "/conversations/sent/", "/areas/E1/write/", "/groups/x/"])
def test_pages_of_ones_own_are_in_the_language_chosen_before(path):
    assert answer(path, language="ur").content == b"ur"


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [
        ("ur", "ur"),
        ("ur-PK", "ur"),
        ("en", "en-gb"),
        ("en-GB", "en-gb"),
        ("pl", "en-gb"),
        ("", "en-gb"),
        ("xx", "en-gb"),
    ],
)
def test_a_reader_has_the_catalogue_of_their_language_and_the_next_one_not(asked, chosen):
    with languages.reading(asked) as code:
        assert (code, translation.get_language()) == (chosen, chosen)
    assert translation.get_language() == "en-gb"


def test_the_language_is_put_back_when_what_is_made_fails():
    with pytest.raises(ZeroDivisionError), languages.reading("ur"):
        raise ZeroDivisionError
    assert translation.get_language() == "en-gb"


def test_dates_times_and_lists_in_urdu():
    moment = datetime(2018, 10, 3, 17, 0, tzinfo=UTC)
    with translation.override("ur"):
        assert wording.uk_datetime(moment) == "بدھ 3 اکتوبر 2018، شام 6 بجے"
        assert wording.uk_range(moment.date(), moment.date() + timedelta(days=2)) == "بدھ 3 سے جمعہ 5 اکتوبر 2018"
        assert wording.ago(moment, moment + timedelta(minutes=5)) == "5 منٹ پہلے"
        assert wording.ago(moment, moment + timedelta(hours=1)) == "1 گھنٹہ پہلے"
        assert wording.listed(["a", "b", "c"]).translate({0x2068: None, 0x2069: None}) == "a، b اور c"
        assert wording.number(None) == "معلوم نہیں"
    assert wording.uk_datetime(moment) == "Wednesday 3 October 2018, 6pm"


def test_a_block_that_nobody_translated_says_that_it_is_english():
    tag = engines["django"].from_string('{% load translated %}<div{% in_english "Nobody translated this." %}>')
    known = engines["django"].from_string('{% load translated %}<div{% in_english "Join" %}>')
    with translation.override("ur"):
        assert tag.render() == '<div lang="en-GB" dir="ltr">'
        assert known.render() == "<div>"
    assert tag.render() == "<div>"


def test_every_language_that_is_offered_has_a_name_and_a_direction():
    assert languages.own_name("ur") == "اردو"
    assert (languages.direction("ur"), languages.direction("pl"), languages.direction("pnb")) == ("rtl", "ltr", "rtl")
    assert languages.own_name("xyz", "Xyzian") == "Xyzian"
    assert not languages.needs_translation("en-GB")
    assert not languages.needs_translation("bfi")
