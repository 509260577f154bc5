"""Emails in light and in dark: each colour of words on the ground it stands on can be read (WCAG 2.2 AA, computed from
the email's own styles), headings go down step by step, and every block says its language."""

import re
from itertools import pairwise

import lxml.html
import pytest
from django.template.loader import render_to_string

from peelian.core.context import the_force
from peelian.core.tests.pages import CORE
from peelian.core.tests.test_colours import contrast

LAYOUT = (CORE / "templates/layouts/email.html").read_text()
COMPONENTS = [path.read_text() for path in sorted(CORE.glob("templates/components/email_*.html"))]
SHEET, PAGE = "#ffffff", "#f3f6f9"
DARK = LAYOUT.split("@media (prefers-color-scheme: dark)", 1)[1].split("</style>", 1)[0]


def dark_rules() -> dict[str, dict[str, str]]:
    """Selector → declarations, of the dark scheme."""
    found: dict[str, dict[str, str]] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", DARK.split("[data-ogsc]", 1)[0]):
        declared = dict(re.findall(r"([\w-]+): (#[0-9a-f]{6}) !important", body))
        for selector in selectors.split(","):
            found.setdefault(selector.strip(), {}).update(declared)
    return found


def test_the_dark_scheme_can_be_read():
    rules = dark_rules()
    sheet, care, button = (rules[one]["background"] for one in (".e-sheet", ".e-care", ".e-button"))
    pairs = {
        "words": (rules[".e-ink"]["color"], sheet),
        "words of a notice": (rules[".e-ink"]["color"], care),
        "small words": (rules[".e-muted"]["color"], sheet),
        "links": (rules["a"]["color"], sheet),
        "links in a notice": (rules["a"]["color"], care),
        "a button": (rules[".e-button"]["color"], button),
        "a link that is a button": (rules["a.e-button"]["color"], button),
        "a quiet button": (rules[".e-quiet"]["color"], rules[".e-quiet"]["background"]),
    }
    weak = {name: round(contrast(*pair), 2) for name, pair in pairs.items() if contrast(*pair) < 4.5}
    assert weak == {}
    assert contrast(rules[".e-care"]["border-color"], care) >= 3


def test_whoever_asks_for_dark_gets_every_colour_of_ours_changed():
    """Words with a colour of their own have a class that the dark scheme knows, or they would stay dark on dark."""
    known = set(re.findall(r"\.(e-[\w-]+)", DARK))
    for source in [LAYOUT, *COMPONENTS]:
        for tag in re.findall(r"<\w+[^>]*style=\"[^\"]*(?<![-\w])color:#[^>]*>", source):
            classes = set(re.findall(r"e-[\w-]+", re.search(r'class="([^"]*)"', tag)[1] if "class=" in tag else ""))
            assert classes & known or "<p style" in tag, tag


@pytest.mark.parametrize("source", [LAYOUT, *COMPONENTS])
def test_the_light_scheme_can_be_read(source):
    for style in re.findall(r'style="([^"]*)"', source):
        ink = re.search(r"(?<![-\w])color:(#[0-9a-f]{6})", style)
        ground = re.search(r"background(?:-color)?:(#[0-9a-f]{6})", style)
        if ink:
            assert contrast(ink[1], ground[1] if ground else SHEET) >= 4.5, style


PHRASES = {
    "rate": "کتنا مفید؟",
    "scale": "1 سے 6",
    "reply": "جواب",
    "share": "بانٹیں",
    "less": "کم",
    "danger": "999",
    "original": "اصل",
}
SAID = {
    "title": "وین ٹوٹ گئیں",
    "lang": "ur",
    "dir": "rtl",
    "note": "مشین",
    "note_in_english": "By machine",
    "words": PHRASES,
    "words_lang": "ur",
    "words_dir": "rtl",
    "english": {"original": "The original in English"},
    "page_language": "en-GB",
    "page_direction": "ltr",
    "parts": [{"heading": "کیا ہو رہا ہے", "html": "<p>وین</p><h3>x</h3>", "text": "وین"}],
    "original_title": "Vans opened",
    "original_parts": [{"heading": "What is happening", "html": "<p>Vans</p>", "text": "Vans"}],
    "rating_links": [{"rating": n, "url": f"https://a.example/{n}"} for n in range(1, 7)],
    "reply_url": "https://a.example/",
    "alert": {
        "team": {"name": "Elm Bridge team", "organisation": {"name": "Police"}},
        "topic": {"name": "Vehicle crime"},
    },
}


def email():
    return render_to_string("alerts/email/alert.html", SAID | {"force": the_force()})


def test_headings_and_languages_of_a_translated_email():
    page = lxml.html.fromstring(email())
    levels = [int(one.tag[1]) for one in page.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels)), levels
    assert (page.get("lang"), page.get("dir")) == ("ur", "rtl")
    english = [one for one in page.iter() if one.get("lang") == "en-GB"]
    assert all(one.get("dir") == "ltr" for one in english if one.tag == "div")
    held = " ".join(" ".join(one.text_content().split()) for one in english)
    for words in ("Vans opened", "By machine", "In danger? Call 999.", "You get this from the Elm Bridge team"):
        assert words in held, words


def test_an_email_loads_nothing_and_has_no_table_but_outlooks():
    page = email()
    assert re.findall(r"<(?:img|script|link|iframe)\b", page) == []
    assert re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL).count("<table") == 0
