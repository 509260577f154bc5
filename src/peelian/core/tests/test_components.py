"""What every page is made of: components, figures, layouts."""

import pytest
from django.template.loader import render_to_string
from lxml import html

from peelian.core import figures
from peelian.core.tests.pages import CORE, NOW, render, said

# --- GOV.UK components --------------------------------------------------------------------------------------


def test_a_macro_takes_plain_strings_and_escapes_them() -> None:
    source = '{% govuk "Input" id="x" name="x" label=bad label__classes="big" errorMessage=bad %}'
    page = render(source, bad="<script>x</script>")
    assert page.xpath(".//script") == []
    (label,) = page.xpath(".//label")
    assert said(label) == "<script>x</script>"
    assert "big" in label.get("class")


# --- Figures ------------------------------------------------------------------------------------------------


def test_parts_of_a_bar_lie_end_to_end() -> None:
    parts = figures.bar_of_parts(
        [{"kind": "delivered", "number": 3}, {"kind": "failed", "number": 1, "label": "Came back"}]
    )
    assert [(part.label, part.start, part.width, part.share) for part in parts] == [
        ("Delivered", "0.000%", "75.000%", "75%"),
        ("Came back", "75.000%", "25.000%", "25%"),
    ]


def test_a_bar_says_its_figures_in_a_table() -> None:
    source = '{% bar_of_parts parts title="Most have arrived" as_of=now %}'
    page = render(source, parts=[{"kind": "delivered", "number": 1203}, {"kind": "waiting", "number": 1}], now=NOW)
    assert [" ".join(row.itertext()) for row in page.xpath(".//tbody/tr")] == [
        "Delivered 1,203 over 99%",
        "Waiting 1 under 1%",
    ]
    assert said(page.xpath(".//figcaption")[0]) == "1,204 emails in all, Wednesday 3 October 2018, 6pm"


def test_a_bar_of_nothing_says_so() -> None:
    page = render('{% bar_of_parts parts title="Nothing" %}', parts=[{"kind": "delivered", "number": 0}])
    assert page.xpath(".//svg[contains(@class,'p-bar')] | .//table") == []
    assert "No email yet." in said(page)


def test_ratings_show_mean_base_and_interval() -> None:
    page = render('{% rating_chart counts title="Useful" low=5.0 high=5.6 %}', counts=[0, 0, 0, 1, 1, 2])
    assert said(page.xpath(".//figcaption")[0]) == "5.2 of 6, from 4 ratings, most likely between 5.0 and 5.6"
    assert [" ".join(row.itertext()) for row in page.xpath(".//tbody/tr")][:2] == ["6 2 50%", "5 1 25%"]
    assert page.xpath(".//circle/@cx") == ["85.000%"]


def test_no_ratings_is_not_a_mean() -> None:
    page = render('{% rating_chart counts title="Useful" %}', counts={})
    assert said(page.xpath(".//figcaption")[0]) == "No ratings yet"
    assert page.xpath(".//circle") == []


# --- Components and layouts ---------------------------------------------------------------------------------


def test_states_are_words_as_well_as_colours() -> None:
    page = render("{% for state in states %}{% state_tag state %}{% endfor %}", states=["waiting", "SENT", "odd"])
    assert [said(tag) for tag in page] == ["Waiting for approval", "Sent", "Odd"]


def test_blocks_keep_what_is_in_them_and_escape_what_is_given() -> None:
    page = render("{% panel title=words %}<p>{{ words }}</p>{% endpanel %}", words="A & <b>")
    assert (said(page.xpath(".//h2")[0]), said(page.xpath(".//p")[0])) == ("A & <b>", "A & <b>")


def test_the_warning_names_every_way_to_get_help() -> None:
    words = said(html.fromstring(render_to_string("components/emergency.html")))
    for way in ("999", "press 55", "British Sign Language", "101", "Crimestoppers on 0800 555 111"):
        assert way in words


@pytest.mark.parametrize("name", ["404", "csrf", "410", "500", "503"])
def test_error_pages_need_nothing_from_outside(name: str) -> None:
    page = html.document_fromstring(render_to_string(f"errors/{name}.html"))
    assert page.xpath("//title/text()")[0].split(" – ")[0] == said(page.xpath("//h1")[0])
    assert len(page.xpath("//main")) == 1


def test_the_public_shell_never_asks_who_is_there() -> None:
    class Untouched:
        def __bool__(self) -> bool:
            raise AssertionError("a public page looked at the staff navigation")

    page = html.document_fromstring(
        render_to_string("errors/404.html", {"navigation": Untouched(), "person": Untouched(), "section": "home"})
    )
    menu = ["Home", "Alerts", "Events", "Areas", "Your options", "News", "Join", "Search"]
    assert [said(item) for item in page.xpath("//nav//li")] == menu


def test_the_staff_shell_says_who_is_signed_in_and_where_they_are() -> None:
    navigation = [
        {"label": "Today", "url": "/staff/", "current": False},
        {"label": "Alerts", "url": "/a", "current": True},
    ]
    person = {"name": "Priya", "role": "Officer"}
    page = html.document_fromstring(
        render_to_string("layouts/staff.html", {"navigation": navigation, "person": person, "sign_out_url": "/out/"})
    )
    assert [said(link) for link in page.xpath("//nav//a[@aria-current]")] == ["Alerts"]
    (form,) = page.xpath("//form")
    assert (form.get("method"), form.get("action")) == ("post", "/out/")
    assert "Priya" in said(page.xpath("//header")[0])


def test_an_email_loads_nothing() -> None:
    page = html.document_fromstring(render_to_string("layouts/email.html"))
    assert page.xpath("//img | //link | //script | //@background") == []


def test_the_reference_names_every_tag_filter_layout_and_component() -> None:
    reference = (CORE / "templates/README.md").read_text()
    from peelian.core.templatetags.peelian import register

    names = [*register.tags, *register.filters]
    names += [
        path.stem for path in (CORE / "templates/components").glob("*.html") if not path.stem.startswith("field_")
    ]
    inside = {"messages", "nav_item", "error_summary", "email_emergency"}  # parts of layouts and tags
    names += [f"layouts/{path.name}" for path in (CORE / "templates/layouts").glob("*.html")]
    assert [name for name in names if name not in inside and name not in reference] == []
