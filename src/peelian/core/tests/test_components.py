"""What every page is made of: readable colours, forms that say what is wrong, plain dates and numbers."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from lxml import html

from peelian.core import fields, figures, wording

CORE = Path(__file__).resolve().parent.parent
STYLES = (CORE / "static/core/peelian.css").read_text()
NOW = datetime(2018, 10, 3, 17, 0, tzinfo=UTC)  # 6pm in London, summer time


def render(source: str, **context: Any) -> html.HtmlElement:
    text = engines["django"].from_string("{% load peelian %}<div>" + source + "</div>").render(context)
    return html.fromstring(text)


def said(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


# --- Colours ------------------------------------------------------------------------------------------------

TEXT = [
    *((ink, ground) for ink in ("ink", "muted", "brand", "urgent", "error") for ground in ("surface", "ground")),
    *((ink, ground) for ink in ("ink", "brand", "muted") for ground in ("tint", "tint-urgent")),
    ("visited", "surface"),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("on-urgent", "urgent"),
    ("on-error", "error"),
    ("on-error", "error-deep"),
    ("error-deep", "surface"),
    ("on-focus", "focus"),
    ("surface", "brand"),
    *((f"tag-{colour}-ink", f"tag-{colour}") for colour in ("grey", "blue", "teal", "green", "amber", "red")),
]
EDGES = [
    *((edge, ground) for edge in ("edge", "accent", "urgent", "error", "good") for ground in ("surface", "ground")),
    ("part-1", "surface"),
    ("part-2", "surface"),
    ("accent", "tint"),
    ("edge", "tint"),
    ("part-5", "part-mark"),
    ("part-2", "part-mark"),
]


def tokens(scheme: str) -> dict[str, str]:
    light, dark = STYLES.split("@media screen and (prefers-color-scheme: dark)", 1)
    found = dict(re.findall(r"--p-([\w-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--p-([\w-]+): (#[0-9a-f]{6});", dark))
    return found


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (EDGES, 3.0)], ids=["text", "edges and shapes"])
def test_colours_that_meet_can_be_told_apart(scheme: str, pairs: list[tuple[str, str]], least: float) -> None:
    palette = tokens(scheme)
    weak = {
        f"{one} on {other}": round(contrast(palette[one], palette[other]), 2)
        for one, other in pairs
        if contrast(palette[one], palette[other]) < least
    }
    assert weak == {}


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_parts_of_a_bar_keep_their_order_in_grey() -> None:
    light = [luminance(tokens("light")[f"part-{n}"]) for n in (1, 2, 3)]
    dark = [luminance(tokens("dark")[f"part-{n}"]) for n in (1, 2, 3)]
    assert light == sorted(light)
    assert dark == sorted(dark, reverse=True)


def test_colours_are_named_by_tokens_alone() -> None:
    rules = re.sub(r"--p-[\w-]+: #[0-9a-f]{6};", "", STYLES)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, )])", rules) == []


def test_every_token_that_is_used_exists() -> None:
    assert set(re.findall(r"var\((--p-[\w-]+)", STYLES)) <= set(re.findall(r"(--p-[\w-]+):", STYLES))


def test_no_page_template_carries_a_style_or_a_script_of_its_own() -> None:
    pages = [path for path in (CORE / "templates").rglob("*.html") if "email" not in path.name]
    assert len(pages) > 20
    found = {
        path.name: hits
        for path in pages
        if (hits := re.findall(r"\sstyle=|<style|\son\w+=|<script(?![^>]*src=)", path.read_text()))
    }
    assert found == {}


# --- Dates, numbers, people ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "Wednesday 3 October 2018, 6pm"),
        (NOW + timedelta(minutes=30), "Wednesday 3 October 2018, 6:30pm"),
        (datetime(2018, 10, 3, 11, tzinfo=UTC), "Wednesday 3 October 2018, midday"),
        (datetime(2018, 10, 3, 23, tzinfo=UTC), "Thursday 4 October 2018, midnight"),
        (datetime(2018, 12, 3, 0, 5, tzinfo=UTC), "Monday 3 December 2018, 12:05am"),
        (datetime(2018, 10, 28, 0, 30, tzinfo=UTC), "Sunday 28 October 2018, 1:30am"),
        (datetime(2018, 10, 28, 1, 30, tzinfo=UTC), "Sunday 28 October 2018, 1:30am"),
    ],
)
def test_moments_are_said_in_london_time(moment: datetime, words: str) -> None:
    assert wording.uk_datetime(moment) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2018, 10, 3), date(2018, 10, 5), "Wednesday 3 to Friday 5 October 2018"),
        (date(2018, 9, 28), date(2018, 10, 3), "Friday 28 September to Wednesday 3 October 2018"),
        (date(2018, 12, 31), date(2019, 1, 1), "Monday 31 December 2018 to Tuesday 1 January 2019"),
        (date(2018, 10, 3), date(2018, 10, 3), "Wednesday 3 October 2018"),
        (NOW, NOW + timedelta(hours=2), "Wednesday 3 October 2018, 6pm to 8pm"),
        (NOW, NOW + timedelta(days=1), "Wednesday 3 October 2018, 6pm to Thursday 4 October 2018, 6pm"),
    ],
)
def test_ranges_repeat_nothing(start: wording.Day, end: wording.Day, words: str) -> None:
    assert wording.uk_range(start, end) == words


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(seconds=40), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "Wednesday 3 October 2018, 6pm"),
        (-timedelta(minutes=5), "in 5 minutes"),
        (-timedelta(seconds=5), "in a moment"),
    ],
)
def test_only_within_a_day_is_time_relative(gap: timedelta, words: str) -> None:
    assert wording.ago(NOW, now=NOW + gap) == words


def test_an_email_address_may_break_at_its_sign_and_nowhere_is_it_trusted() -> None:
    page = render("<p>{{ one|breakable }}</p>", one="<b>anik@heartshire.example")
    assert said(page) == "<b>anik@heartshire.example"
    assert len(page.xpath(".//wbr")) == 1
    assert not page.xpath(".//b")


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "nobody"),
        (1, "fewer than 5 people"),
        (4, "fewer than 5 people"),
        (5, "5 people"),
        (1204, "1,204 people"),
    ],
)
def test_small_groups_are_never_counted_out(count: int, words: str) -> None:
    assert wording.people(count) == words


def test_a_mean_is_said_with_its_base() -> None:
    assert wording.of_base(5.44, 334) == "5.4 of 6, from 334 ratings"
    assert wording.of_base(5.0, 1) == "5.0 of 6, from 1 rating"
    assert wording.of_base(None, 0) == "no ratings yet"


def test_counts_take_the_right_plural() -> None:
    assert [wording.plural_count(n, "reply,replies") for n in (0, 1, 1204)] == [
        "no replies",
        "1 reply",
        "1,204 replies",
    ]


def test_a_share_never_rounds_to_nothing_or_to_all() -> None:
    assert [wording.share(part, 1000) for part in (0, 1, 999, 1000, 824)] == [
        "0%",
        "under 1%",
        "over 99%",
        "100%",
        "82%",
    ]
    assert wording.share(0, 0) == "0%"


def test_a_time_carries_its_machine_form() -> None:
    page = render('{% when moment "datetime" %} {% when nothing %}', moment=NOW, nothing=None)
    (time,) = page.xpath(".//time")
    assert time.get("datetime") == "2018-10-03T17:00:00+00:00"
    assert said(page) == "Wednesday 3 October 2018, 6pm not yet"


# --- Forms --------------------------------------------------------------------------------------------------


class Everything(forms.Form):
    title = forms.CharField(max_length=10, help_text="In one line")
    email = forms.EmailField(label="Email address")
    mobile = forms.CharField(required=False)
    age = forms.IntegerField(required=False, min_value=13)
    words = forms.CharField(widget=forms.Textarea, max_length=600)
    urgency = forms.ChoiceField(choices=[("routine", "Routine"), ("urgent", "Urgent")], widget=forms.RadioSelect)
    type = forms.ChoiceField(choices=[("", "Choose"), ("crime", "Crime")], error_messages={"required": "Choose a type"})
    areas = forms.MultipleChoiceField(
        choices=[("Castle", [("a", "Elm Bridge"), ("b", "Old Town")]), ("River", [("c", "Millbrook")])],
        widget=forms.CheckboxSelectMultiple,
    )
    ends = forms.DateField(widget=forms.SelectDateWidget, required=False)
    send_at = forms.SplitDateTimeField(widget=forms.SplitDateTimeWidget, required=False)
    day = forms.DateField(required=False)
    photo = forms.FileField(required=False)
    agree = forms.BooleanField(label="I agree", help_text="You can stop")
    token = forms.CharField(widget=forms.HiddenInput, initial="t")


Everything.base_fields["urgency"].option_hints = {"urgent": "Goes out at once"}  # type: ignore[attr-defined]
WHOLE = "{% error_summary form %}{% for bound in form %}{% field bound %}{% endfor %}"


def form_page(data: dict[str, Any] | None = None) -> html.HtmlElement:
    return render(WHOLE, form=Everything(data) if data is not None else Everything())


def test_every_control_has_a_label_and_ids_are_unique() -> None:
    for page in (form_page(), form_page({})):
        ids = page.xpath(".//@id")
        assert len(ids) == len(set(ids))
        labelled = set(page.xpath(".//label/@for"))
        assert {control.get("id") for control in controls(page)} == labelled


def test_whatever_describes_a_control_is_on_the_page() -> None:
    for page in (form_page(), form_page({})):
        named = {name for value in page.xpath(".//@aria-describedby") for name in value.split()}
        assert named
        assert named <= set(page.xpath(".//@id"))


def controls(page: html.HtmlElement) -> list[html.HtmlElement]:
    return list(page.xpath(".//input[@type!='hidden'] | .//textarea | .//select"))


def control(page: html.HtmlElement, name: str) -> html.HtmlElement:
    return next(one for one in controls(page) if one.get("name") == name)


def test_browsers_are_told_what_they_may_fill_in() -> None:
    page = form_page()
    assert control(page, "email").get("autocomplete") == "email"
    assert (control(page, "mobile").get("autocomplete"), control(page, "mobile").get("type")) == (
        "tel",
        "tel",
    )
    age = control(page, "age")
    assert (age.get("type"), age.get("inputmode"), age.get("min")) == ("text", "numeric", None)


def test_a_single_tick_can_be_small_as_a_group_of_them_can() -> None:
    for name, kind in (("agree", "checkboxes"), ("areas", "checkboxes"), ("urgency", "radios")):
        sizes = [
            f"govuk-{kind}--small"
            in render(f"{{% field form.{name} {option} %}}", form=Everything())
            .xpath(f".//div[@data-module='govuk-{kind}']")[0]
            .get("class")
            for option in ("small=True", "")
        ]
        assert sizes == [True, False], name


def test_words_run_the_way_they_are_written_and_numbers_to_type_from_left_to_right() -> None:
    page = form_page()
    assert [control(page, name).get("dir") for name in ("title", "words")] == ["auto", "auto"]
    assert [control(page, name).get("dir") for name in ("mobile", "email", "age")] == ["ltr", None, None]


def test_what_may_be_left_out_says_so() -> None:
    labels = [said(label) for label in form_page().xpath(".//label | .//legend")]
    assert "Mobile (optional)" in labels
    assert "Title" in labels
    assert "I agree" in labels


def test_each_error_names_its_field_and_leads_to_it() -> None:
    data = {
        "token": "t",
        "email": "x@",
        "age": "abc",
        "ends_day": "31",
        "ends_month": "2",
        "ends_year": "2026",
        "title": "x" * 12,
    }
    page = form_page(data)
    links = {said(link): link.get("href")[1:] for link in page.xpath(".//div[contains(@class,'summary')]//a")}
    assert links == {
        "Shorten “Title” to 10 characters. It has 12": "id_title",
        "Give “Email address” in full, like name@example.com": "id_email",
        "Give “Age” as a whole number, like 12": "id_age",
        "Fill in “Words”": "id_words",
        "Choose an answer for “Urgency”": "id_urgency_0",
        "Choose a type": "id_type",
        "Choose an answer for “Areas”": "id_areas_0_0",
        "Give “Ends” as a real date, like 27 3 2027": "id_ends_day",
        "Tick “I agree”": "id_agree",
    }
    assert {one.get("id") for one in controls(page)} >= set(links.values())


def test_an_error_nobody_can_reach_is_said_without_a_link() -> None:
    summary = form_page({}).xpath(".//ul[contains(@class,'error-summary')]/li[not(a)]")
    assert [said(item) for item in summary] == ["Fill in “Token”"]


def test_a_forms_own_words_stand() -> None:
    class Own(forms.Form):
        code = forms.CharField()

        def clean_code(self) -> str:
            raise forms.ValidationError("That code has expired. Ask for a new one.", code="invalid")

    form = Own({"code": "123456"})
    assert fields.plain_errors(form["code"]) == ["That code has expired. Ask for a new one."]


def test_grouped_choices_stand_under_their_heading() -> None:
    page = form_page({"areas": ["b"]})
    assert [said(legend) for legend in page.xpath(".//fieldset//fieldset/legend")] == ["Castle", "River"]
    assert page.xpath(".//input[@checked]/@value") == ["b"]


def test_an_option_can_carry_a_hint() -> None:
    urgent = form_page().xpath(".//input[@value='urgent']")[0]
    assert said(form_page().get_element_by_id(urgent.get("aria-describedby"))) == "Goes out at once"


def test_dates_in_parts_come_back_as_they_were_written() -> None:
    page = form_page({"ends_day": "31", "ends_month": "2", "ends_year": "2026"})
    assert [control(page, f"ends_{part}").get("value") for part in ("day", "month", "year")] == [
        "31",
        "2",
        "2026",
    ]
    form = Everything({"ends_day": "27", "ends_month": "3", "ends_year": "2027"})
    form.is_valid()
    assert form.cleaned_data["ends"] == date(2027, 3, 27)


def test_a_moment_in_two_parts_is_shown_in_the_browsers_own_controls() -> None:
    form = Everything(initial={"send_at": NOW})
    page = render("{% field form.send_at %}", form=form)
    assert [(one.get("type"), one.get("value")) for one in controls(page)] == [
        ("date", "2018-10-03"),
        ("time", "18:00"),
    ]


def test_what_somebody_wrote_is_never_markup() -> None:
    page = form_page({"title": '"><script>alert(1)</script>', "words": "</textarea><b>"})
    assert page.xpath(".//script | .//b") == []
    assert control(page, "title").get("value") == '"><script>alert(1)</script>'


def test_limits_are_told_rather_than_cut() -> None:
    page = form_page()
    assert page.xpath(".//@maxlength") == []
    assert "You can use up to 600 characters" in said(page)


def test_no_errors_make_no_summary() -> None:
    assert render("{% error_summary form %}", form=Everything()).xpath(".//*") == []


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
    assert [said(item) for item in page.xpath("//nav//li")] == ["Home", "Alerts", "Areas", "Join"]


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
