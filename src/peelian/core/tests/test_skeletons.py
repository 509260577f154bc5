"""Pages made once for everybody: what is one person's is in their answer alone."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, QueryDict
from django.template import engines
from django.utils import translation

from peelian.core import skeletons

PAGE = """{% load i18n %}<h1>{% translate "Home" %} {{ kind }}</h1>
{% if email %}<p title="{{ email }}">{{ email }}</p>{% endif %}
<form action="/m/{{ email|default:"nobody" }}/">{% csrf_token %}</form><script nonce="{{ request.csp_nonce }}"></script>
{{ request.COOKIES.colour }}{{ request.session.name }}{{ request.user }}{{ request.GET.q }}{{ request.path }}
{% for message in messages %}{{ message }}{% endfor %}"""


@pytest.fixture
def page(monkeypatch):
    """PAGE for a request with the given words of its own, as text; it counts how often it was made."""
    made = []

    def make(kind="plain"):
        made.append(kind)
        return {"kind": kind}

    def render(template, context, request=None):
        return engines["django"].from_string(PAGE).render(dict(context), request)

    monkeypatch.setattr(skeletons, "render_to_string", render)
    monkeypatch.setattr(skeletons, "render", lambda request, template, context: render(template, context, request))
    skeletons._made.cache_clear()

    def ask(path="/register/", *key, email="", nonce="n1", said=(), query="", cookie="red"):
        request = HttpRequest()
        request.path, request.user, request.csp_nonce = path, AnonymousUser(), nonce
        request.COOKIES, request.GET = {"colour": cookie}, QueryDict(query)
        request.session = {"name": "Sam"}
        request._messages = [Message(constants.INFO, words) for words in said]
        response = skeletons.respond(request, "page.html", make, *key, own={"email": email})
        return response if isinstance(response, str) else response.content.decode()

    ask.made = made
    yield ask
    skeletons._made.cache_clear()


def token(html):
    return re.search(r'csrfmiddlewaretoken" value="(\w{64})"', html)[1]


def test_two_people_get_their_own_words_token_and_nonce_in_one_page(page):
    sam, kim = page(email="sam@home.example", nonce="n1"), page(email="kim@home.example", nonce="n2")
    assert page.made == ["plain"]
    assert set(re.findall(r"(\w+)@home|nonce=.(\w+)", sam)) == {("sam", ""), ("", "n1")}
    assert set(re.findall(r"(\w+)@home|nonce=.(\w+)", kim)) == {("kim", ""), ("", "n2")}
    assert token(sam) != token(kim)
    assert sam.replace("sam", "kim").replace("n1", "n2").replace(token(sam), token(kim)) == kim


def test_nothing_of_who_asked_first_is_in_the_page(page):
    for html in (page(cookie="red"), page(cookie="blue")):
        assert not re.search("red|blue|Sam", html)
    page(email="secret-words")
    assert "secret-words" not in page(email="kim@home.example")


def test_an_empty_word_leaves_its_paragraph_out_whoever_came_before(page):
    assert "<p title" in page(email="sam@home.example")
    assert "<p title" not in page(email="")
    assert "/m/nobody/" in page(email="")


def test_own_words_are_escaped_and_never_searched_for_marks(page):
    html = page(email='"><script>alert(1)</script>')
    assert "<script>alert" not in html
    assert html.count("&quot;&gt;&lt;script&gt;") == 3
    mark = skeletons._mark(skeletons.TOKEN)
    assert mark in page(email=mark)  # shown as what it is; not their form's token


def test_languages_keys_and_parts_of_the_site_have_pages_of_their_own(page):
    english = page()
    with translation.override("ur"):
        urdu = page()
    assert ["<h1>Home plain" in one for one in (english, urdu)] == [True, False]
    assert "<h1>Home other" in page("/register/", "other")
    for path in ("/register/", "/m/token-1/", "/m/token-2/"):
        html = page(path)
        assert "<h1>Home plain" in html
        assert f"Anonymous{path}" in html.replace("User", "")
    assert page.made == ["plain", "plain", "other", "plain"]


def test_the_forces_settings_are_part_of_the_page(page, settings):
    page()
    settings.PEELIAN_FORCE_NAME = "Other Police"
    page()
    assert len(page.made) == 2


def test_who_has_messages_to_read_or_a_query_gets_a_page_like_any_other(page):
    page()
    assert "Saved for Sam" in page(said=["Saved for Sam"])
    assert "what-was-asked" in page(query="q=what-was-asked")
    assert not re.search("Saved|what-was-asked", page())
