"""Residents' own pages in the language they choose; and the catalogues know all that those pages say."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from peelian.core import languages
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
def test_a_catalogue_knows_everything_that_is_said(path):
    lacking = [f"{one.words!r} ({one.places[0]})" for one in messages.missing(path)]
    assert lacking == [], "translate these: scripts/messages.py --missing prints their entries"


@pytest.mark.parametrize("path", CATALOGUES, ids=code_of)
def test_placeholders_and_marks_survive_translation(path):
    marks = re.compile(rf"{messages.PLACEHOLDER.pattern}|</?[a-z]+[^>]*>")
    for words, said in messages.translations(path).items():
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


@pytest.mark.parametrize("path", ["/", "/alerts/", "/alerts/abc/?lang=ur", "/staff/", "/areas/E1/"])
def test_pages_that_everybody_shares_do_not_depend_on_it(path):
    given = answer(path, language="ur")
    assert given.content == b"en-gb"
    assert "Vary" not in given
    assert not given.cookies


def test_every_language_that_is_offered_has_a_name_and_a_direction():
    assert languages.own_name("ur") == "اردو"
    assert (languages.direction("ur"), languages.direction("pl"), languages.direction("pnb")) == ("rtl", "ltr", "rtl")
    assert languages.own_name("xyz", "Xyzian") == "Xyzian"
    assert not languages.needs_translation("en-GB")
    assert not languages.needs_translation("bfi")
