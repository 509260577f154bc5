"""Forms that say what they want, and what is wrong and where."""

from datetime import date
from typing import Any

from django import forms
from lxml import html

from peelian.core import fields
from peelian.core.tests.pages import NOW, render, said


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
