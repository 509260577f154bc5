"""A page of a lower app shows what upper apps bring to its spots, in order, and nothing where they have nothing."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from peelian.core import page_parts
from peelian.core.page_parts import PagePart
from peelian.core.registries import Registry

EMPTY = "components/empty.html"


def drawn(about: int) -> str:
    page = Template('{% load peelian %}<div>{% page_parts "a.spot" about %}</div>')
    return page.render(Context({"request": RequestFactory().get("/"), "about": about}))


@pytest.fixture
def brought(monkeypatch) -> Registry[PagePart]:
    registry: Registry[PagePart] = Registry("page_parts")
    monkeypatch.setattr(page_parts, "page_parts", registry)
    return registry


def test_parts_stand_in_their_order_and_only_at_their_spot(brought):
    brought.add("late", PagePart("a.spot", EMPTY, lambda request, about: {"title": f"Late of {about}"}, order=90))
    brought.add("early", PagePart("a.spot", EMPTY, lambda request, about: {"title": "Early"}, order=10))
    brought.add("other", PagePart("another.spot", EMPTY, lambda request, about: {"title": "Elsewhere"}))
    html = drawn(7)
    assert html.index("Early") < html.index("Late of 7")
    assert "Elsewhere" not in html


def test_who_has_nothing_to_say_leaves_nothing(brought):
    brought.add("silent", PagePart("a.spot", EMPTY, lambda request, about: None))
    assert drawn(7) == "<div></div>"
